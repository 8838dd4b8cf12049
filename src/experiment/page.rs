//! What a link says about the page, and not about the experiment.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::choice::choice;
use super::field::Group;
use super::goal::{self, GoalOffer};
use super::received;
use super::{FIELDS, Field};
use crate::base::error::{Code, Problem, shown};

choice! {
    /// What begins training.
    Start {
        /// A press on Run.
        Click = "click",
        /// Once the page is on the screen.
        Visible = "visible",
        /// As soon as the page stands.
        Now = "now",
    }
}

choice! {
    /// A part of the page.
    Part {
        /// The bar at the top: name, tools, settings of the page.
        Header = "header",
        /// The three switches.
        Switches = "switches",
        /// The fields below them.
        Controls = "controls",
        /// What the network sees.
        Images = "images",
        /// The curves.
        Charts = "charts",
        /// The network's drawing and its table.
        Network = "network",
        /// The runs' table.
        Runs = "runs",
        /// The views into a network.
        Inside = "inside",
        /// The list of labs, and what opens it.
        Labs = "labs",
        /// The calculator, and what opens it.
        Calculator = "calculator",
        /// What opens the share dialog.
        Share = "share",
        /// Notes to the person.
        Messages = "messages",
    }
}

/// What a parameter about the page takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
#[serde(tag = "type", content = "words", rename_all = "kebab-case")]
pub enum ViewKind {
    /// One of these words; the first is the default.
    Words(&'static [&'static str]),
    /// A text that another part of the program knows.
    Text,
    /// Names of [`Named`], with commas between.
    Names,
    /// [`super::goal::Goal`]s, with commas between.
    Goals,
}

/// Every parameter about the page: device, theme, language, the lab that is open and how long it may
/// take, and how the page stands within another one.
pub const VIEW_KEYS: &[(&str, ViewKind)] = &[
    ("device", ViewKind::Words(&["auto", "cpu", "webgpu"])),
    ("theme", ViewKind::Words(&["auto", "light", "dark"])),
    ("lang", ViewKind::Text),
    ("lab", ViewKind::Text),
    ("budget", ViewKind::Words(&["auto", "quick", "full"])),
    ("embed", ViewKind::Words(&["0", "1"])),
    ("start", ViewKind::Words(Start::WORDS)),
    ("hide", ViewKind::Names),
    ("lock", ViewKind::Names),
    (goal::KEY, ViewKind::Goals),
];

/// What a link may say about the page, for controls that offer it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct PageTable {
    /// Every parameter, and what it takes.
    pub keys: &'static [(&'static str, ViewKind)],
    /// Every name that a list may hold: parts, then groups, then fields.
    pub names: Vec<Name>,
    /// What may be asked for.
    pub goals: Vec<GoalOffer>,
}

choice! {
    /// What a name stands for.
    NameKind {
        /// A part of the page.
        Part = "part",
        /// A group of fields.
        Group = "group",
        /// A field.
        Field = "field",
    }
}

/// A name that a list may hold.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Name {
    /// How a list writes it.
    pub name: String,
    /// What it stands for.
    pub kind: NameKind,
    /// Its word: a person reads the words `<kind>.<word>`.
    pub word: &'static str,
    /// The fields that it holds.
    pub fields: Vec<&'static str>,
}

impl PageTable {
    /// All of it.
    pub fn all() -> Self {
        let named = |kind: NameKind, word: &'static str| Name {
            name: written(kind, word),
            kind,
            word,
            fields: held(kind, word),
        };
        let parts = Part::WORDS.iter().map(|word| named(NameKind::Part, word));
        let groups = Group::WORDS.iter().map(|word| named(NameKind::Group, word));
        let fields = FIELDS.iter().map(|field| named(NameKind::Field, field.key));
        Self {
            keys: VIEW_KEYS,
            names: parts.chain(groups).chain(fields).collect(),
            goals: goal::offers(),
        }
    }
}

/// How the page is to stand within another one.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Frame {
    /// Whether it is the compact page for a frame.
    pub embed: bool,
    /// What begins training.
    pub start: Start,
    /// What is not shown.
    pub hide: Named,
    /// What is shown and cannot be changed.
    pub lock: Named,
}

/// Parts of the page and fields of the experiment that a list names.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Named {
    /// The parts of the page.
    pub parts: Vec<Part>,
    /// The fields, also the ones of a named group or part.
    pub fields: Vec<&'static str>,
}

impl Frame {
    /// The values of a link's texts about the page. Invalid texts count as missing.
    pub fn of(view: &BTreeMap<String, String>) -> Self {
        let text = |key: &str| view.get(key).map_or("", String::as_str);
        Self {
            embed: text("embed") == "1",
            start: Start::parse(text("start")).unwrap_or(Start::Click),
            hide: Named::read(text("hide")),
            lock: Named::read(text("lock")),
        }
    }
}

impl Named {
    fn read(text: &str) -> Self {
        let mut named = Self::default();
        for (kind, word) in text.split(',').filter_map(meaning) {
            if kind == NameKind::Part {
                named.parts.extend(Part::parse(word));
            }
            named.fields.extend(held(kind, word));
        }
        let mut seen = BTreeSet::new();
        named.fields.retain(|field| seen.insert(*field));
        named
    }
}

/// What a name stands for: a part of the page, else a group of fields, else a field. Behind `group.`
/// and `field.` it is that and nothing else.
fn meaning(name: &str) -> Option<(NameKind, &'static str)> {
    let part = |name| Part::parse(name).map(|part| (NameKind::Part, part.word()));
    let group = |name| Group::parse(name).map(|group| (NameKind::Group, group.word()));
    let field = |name| Field::of(name).map(|field| (NameKind::Field, field.key));
    match name.split_once('.') {
        Some(("group", rest)) => group(rest),
        Some(("field", rest)) => field(rest),
        Some(_) => None,
        None => part(name).or_else(|| group(name)).or_else(|| field(name)),
    }
}

/// The shortest name that stands for this.
fn written(kind: NameKind, word: &'static str) -> String {
    if meaning(word) == Some((kind, word)) {
        word.to_owned()
    } else {
        format!("{}.{word}", kind.word())
    }
}

/// The fields that this holds.
fn held(kind: NameKind, word: &str) -> Vec<&'static str> {
    let within = |field: &&Field| match kind {
        NameKind::Part if word == Part::Switches.word() => field.group == Group::Switches,
        NameKind::Part if word == Part::Controls.word() => field.group != Group::Switches,
        NameKind::Part => false,
        NameKind::Group => field.group.word() == word,
        NameKind::Field => field.key == word,
    };
    let held = FIELDS.iter().filter(within);
    held.map(|field| field.key).collect()
}

/// The names of a list that stand for something, once each and as short as they can be, and a problem
/// for each other one.
pub(super) fn known_names(key: &str, text: &str) -> (String, Vec<Problem>) {
    let (mut known, mut problems) = (Vec::new(), Vec::new());
    let said = text.split(',').map(str::trim);
    for name in said.filter(|name| !name.is_empty()) {
        let bare = || meaning(&received::bare(name).to_ascii_lowercase());
        match meaning(name).or_else(bare) {
            Some(meant) if known.contains(&meant) => {}
            Some(meant) => known.push(meant),
            None => {
                let problem = Problem::new(Code::UnknownName).about(key);
                problems.push(problem.with("value", shown(name)));
            }
        }
    }
    let known: Vec<_> = known
        .into_iter()
        .map(|(kind, word)| written(kind, word))
        .collect();
    (known.join(","), problems)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_a_part_else_a_group_else_a_field() {
        let named = Named::read("network,optimizer,seed");
        assert_eq!(named.parts, [Part::Network]);
        let rates = [
            "optimizer",
            "lr",
            "momentum",
            "nesterov",
            "decay",
            "schedule",
            "smoothing",
        ];
        assert_eq!(named.fields, [&rates[..], &["seed"]].concat());
    }

    #[test]
    fn a_prefix_says_which_of_two_is_meant() {
        assert_eq!(Named::read("field.data").fields, ["data"]);
        let named = Named::read("group.network");
        assert!(named.parts.is_empty() && named.fields.contains(&"blocks"));
        for none in ["field.network", "group.seed", "part.header", "group."] {
            assert_eq!(meaning(none), None, "{none}");
        }
    }

    #[test]
    fn the_two_parts_that_hold_fields_name_every_field() {
        let named = Named::read("switches,controls");
        assert_eq!(named.parts, [Part::Switches, Part::Controls]);
        assert_eq!(named.fields.len(), FIELDS.len());
    }

    #[test]
    fn every_name_stands_for_itself_alone() {
        for name in PageTable::all().names {
            let named = Named::read(&name.name);
            assert_eq!(named.fields, name.fields);
            let parts = usize::from(name.kind == NameKind::Part);
            assert_eq!(named.parts.len(), parts, "{}", name.name);
            if name.kind == NameKind::Field {
                assert_eq!(name.fields, [name.word]);
            }
        }
    }

    #[test]
    fn unknown_names_are_dropped_with_a_problem_each() {
        let (known, problems) = known_names("hide", "field.lr, colour,,lr,header,<b>");
        assert_eq!(known, "lr,header");
        let found: Vec<_> = problems
            .iter()
            .map(|problem| (problem.code, problem.params["value"].as_str()))
            .collect();
        assert_eq!(
            found,
            [(Code::UnknownName, "colour"), (Code::UnknownName, "<b>")]
        );
    }
}
