//! The grammar of links as `docs/links.md` has it: its tables are made from the code, and every link
//! that was ever shared still says what it said.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should fail")]

mod drawn;
mod tables;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::{env, fs};

use cnn_playground::experiment::field::Group;
use cnn_playground::experiment::page::{Part, VIEW_KEYS, ViewKind};
use cnn_playground::experiment::{
    Choices, ExperimentSpec, FIELDS, Field, Kind, Value, link, resolve,
};
use cnn_playground::lab;
use proptest::prelude::*;
use serde_json::Value as Json;

/// The fields on which limits, defaults and effects of others depend.
const CONTROLS: [&str; 9] = [
    "data",
    "permute",
    "normalize",
    "net",
    "task",
    "residual",
    "optimizer",
    "momentum",
    "stop",
];

/// What those fields are in a spec, in order.
type Setting = Vec<String>;

fn at(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn words() -> BTreeMap<String, String> {
    serde_json::from_str(&fs::read_to_string(at("www/locales/en.json")).unwrap()).unwrap()
}

fn setting(spec: &ExperimentSpec) -> Setting {
    let value = |key: &&str| (Field::of(key).unwrap().get)(spec).to_string();
    CONTROLS.iter().map(value).collect()
}

/// A spec for every setting that there can be.
fn settings() -> BTreeMap<Setting, ExperimentSpec> {
    let mut all = vec![Choices::new()];
    for key in CONTROLS {
        let field = Field::of(key).unwrap();
        let word = |word: &&str| Value::Word((*word).into());
        let values: Vec<Value> = match (field.kind)(&everything()) {
            Kind::Switch => vec![Value::Switch(true), Value::Switch(false)],
            Kind::Choice { words } => words.iter().map(word).collect(),
            Kind::Number { min, max } => {
                let usual = (field.default)(&everything());
                vec![Value::Number(min), usual, Value::Number(max)]
            }
            kind => panic!("{key} is {kind:?}"),
        };
        let longer = |choices: &Choices| -> Vec<Choices> {
            let with = |value: &Value| {
                let mut choices = choices.clone();
                choices.insert(key.to_owned(), value.clone());
                choices
            };
            // Where it has no effect, every value comes to the same.
            let applies = (field.applies)(&resolve(choices).spec);
            let count = if applies { values.len() } else { 1 };
            values.iter().take(count).map(with).collect()
        };
        all = all.iter().flat_map(longer).collect();
    }
    let specs = all.iter().map(|choices| resolve(choices).spec);
    specs.map(|spec| (setting(&spec), spec)).collect()
}

/// A spec in which every word of the controlling fields is offered.
fn everything() -> ExperimentSpec {
    resolve(&link::open("data=cifar10&net=resnet").choices).spec
}

/// Which of the controlling fields make a difference to this.
fn matter<T: PartialEq>(found: &BTreeMap<Setting, T>) -> Vec<usize> {
    let differs = |&control: &usize| {
        // Settings that differ in nothing else are all together.
        let mut alike: BTreeMap<Setting, Vec<&T>> = BTreeMap::new();
        for (setting, value) in found {
            let mut rest = setting.clone();
            rest.remove(control);
            alike.entry(rest).or_default().push(value);
        }
        let mut together = alike.values();
        together.any(|values| values.windows(2).any(|pair| pair[0] != pair[1]))
    };
    (0..CONTROLS.len()).filter(differs).collect()
}

/// `net` is `resnet`, `unet`, or is not `mlp`, whichever is shorter.
fn condition(control: usize, allowed: &BTreeSet<String>, all: &BTreeSet<String>) -> String {
    let others: Vec<_> = all.difference(allowed).cloned().collect();
    let name = CONTROLS[control];
    if others.len() < allowed.len() {
        format!("`{name}` is not {}", tables::code(others))
    } else {
        format!("`{name}` is {}", tables::code(allowed.iter().cloned()))
    }
}

/// Where a field has an effect, in words.
fn applies(field: &Field, specs: &BTreeMap<Setting, ExperimentSpec>) -> String {
    let found: BTreeMap<_, _> = specs
        .iter()
        .map(|(setting, spec)| (setting.clone(), (field.applies)(spec)))
        .collect();
    let controls: Vec<_> = matter(&found)
        .into_iter()
        .map(|control| {
            let of = |yes: bool| -> BTreeSet<String> {
                let those = found.iter().filter(|(_, applies)| **applies || !yes);
                those.map(|(setting, _)| setting[control].clone()).collect()
            };
            (control, of(true), of(false))
        })
        .collect();
    for (setting, applies) in &found {
        let said = controls
            .iter()
            .all(|(control, allowed, _)| allowed.contains(&setting[*control]));
        assert_eq!(said, *applies, "{} in {setting:?}", field.key);
    }
    let said: Vec<_> = controls
        .iter()
        .map(|(control, allowed, all)| condition(*control, allowed, all))
        .collect();
    match said.as_slice() {
        [] => "always".into(),
        said => said.join(" and "),
    }
}

/// What a field has, where it has an effect, and in which cases it has something else.
fn cases(
    field: &Field,
    specs: &BTreeMap<Setting, ExperimentSpec>,
    of: impl Fn(&ExperimentSpec) -> String,
) -> String {
    let with_effect = specs.iter().filter(|(_, spec)| (field.applies)(spec));
    let found: BTreeMap<_, _> = with_effect
        .map(|(setting, spec)| (setting.clone(), of(spec)))
        .collect();
    let controls = matter(&found);
    let Some(&control) = controls.first() else {
        return found.into_values().next().unwrap();
    };
    assert_eq!(controls.len(), 1, "{} depends on {controls:?}", field.key);
    let mut by_value: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (setting, value) in found {
        let words = by_value.entry(value).or_default();
        words.insert(setting[control].clone());
    }
    let usual = of(&ExperimentSpec::default());
    let usual = if by_value.contains_key(&usual) {
        usual
    } else {
        let largest = by_value.iter().max_by_key(|(_, words)| words.len());
        largest.unwrap().0.clone()
    };
    by_value.remove(&usual);
    let cases = by_value.iter().map(|(value, words)| {
        let words = tables::code(words.iter().cloned());
        format!("; {value} where `{}` is {words}", CONTROLS[control])
    });
    usual + &cases.collect::<String>()
}

fn values(field: &Field, specs: &BTreeMap<Setting, ExperimentSpec>) -> String {
    let english = words();
    let explained = |word: &&str| {
        let key = format!("choice.{}.{word}", field.key);
        format!("`{word}` ({})", english[&key])
    };
    match (field.kind)(&everything()) {
        Kind::Switch => "`on`, `off`".into(),
        Kind::Choice { .. } => {
            let offered = specs.values().map(|spec| match (field.kind)(spec) {
                Kind::Choice { words } => words,
                kind => panic!("{kind:?}"),
            });
            let all = offered.clone().max_by_key(Vec::len).unwrap();
            let only = match offered.map(|words| words.len()).min() {
                Some(least) if least < all.len() => "; which are offered depends on other fields",
                _ => "",
            };
            all.iter().map(explained).collect::<Vec<_>>().join(", ") + only
        }
        Kind::Integer { .. } => cases(field, specs, |spec| match (field.kind)(spec) {
            Kind::Integer { min, max } => format!("{min} to {max}, whole"),
            kind => panic!("{kind:?}"),
        }),
        Kind::Number { .. } => cases(field, specs, |spec| match (field.kind)(spec) {
            Kind::Number { min, max } => format!("{min} to {max}"),
            kind => panic!("{kind:?}"),
        }),
        Kind::Layers { longest } => {
            format!("a network as [text](#a-network-of-ones-own), at most {longest} characters")
        }
        Kind::Digest => "the set’s fingerprint, 16 hexadecimal digits".into(),
        Kind::Numbers { min, max, .. } => {
            format!("{min} to {max}, one or one for each channel, with commas between")
        }
    }
}

fn fields_table() -> String {
    let (english, specs) = (words(), settings());
    let row = |field: &Field| {
        let default = cases(field, &specs, |spec| format!("`{}`", (field.default)(spec)));
        format!(
            "| `{}` | {} | {} | {default} | {} |\n",
            field.key,
            english[&format!("field.{}", field.key)],
            values(field, &specs),
            applies(field, &specs)
        )
    };
    let rows: String = FIELDS.iter().map(row).collect();
    format!(
        "| parameter | meaning | values | default | has an effect |\n|---|---|---|---|---|\n{rows}"
    )
}

fn page_table() -> String {
    let english = words();
    let list = |of: &str| format!("{of}, with commas between; see below");
    let row = |(key, takes): &(&str, ViewKind)| {
        let (values, default) = match takes {
            ViewKind::Words(words) => (
                tables::code(words.iter().map(|&word| word.to_owned())),
                format!("`{}`", words[0]),
            ),
            ViewKind::Text => ("see below".into(), "none".into()),
            ViewKind::Names => (list("names"), "none".into()),
            ViewKind::Goals => (list("goals"), "none".into()),
        };
        let meaning = &english[&format!("field.{key}")];
        format!("| `{key}` | {meaning} | {values} | {default} |\n")
    };
    let rows: String = VIEW_KEYS.iter().map(row).collect();
    format!("| parameter | meaning | values | default |\n|---|---|---|---|\n{rows}")
}

fn names_table() -> String {
    let english = words();
    let part = |word: &&str| format!("| `{word}` | {} |\n", english[&format!("part.{word}")]);
    let group = |word: &&str| {
        let keys = FIELDS
            .iter()
            .filter(|field| Some(field.group) == Group::parse(word));
        let keys = tables::code(keys.map(|field| field.key.to_owned()));
        format!("| `group.{word}` | {keys} |\n")
    };
    let parts: String = Part::WORDS.iter().map(part).collect();
    let groups: String = Group::WORDS.iter().map(group).collect();
    format!("| name | what it stands for |\n|---|---|\n{parts}{groups}")
}

#[test]
fn the_document_says_what_the_code_does() {
    let path = at("docs/links.md");
    let found = fs::read_to_string(&path).unwrap();
    let mut made = found.clone();
    for (name, table) in [
        ("fields", fields_table()),
        ("page", page_table()),
        ("names", names_table()),
        ("labs", tables::labs()),
        ("layers", tables::layers(&words())),
        ("joins", tables::joins()),
    ] {
        let (from, to) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->\n"));
        let (before, rest) = made.split_once(&from).unwrap();
        let (_, after) = rest.split_once(&to).unwrap();
        made = format!("{before}{from}{table}{to}{after}");
    }
    if env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, &made).unwrap();
        return;
    }
    assert!(
        found == made,
        "docs/links.md is out of date: UPDATE_DOCS=1 cargo test --workspace --test grammar"
    );
}

fn choices() -> impl Strategy<Value = Choices> {
    let spec = ExperimentSpec::default();
    let each: Vec<_> = FIELDS
        .iter()
        .map(|field| {
            let chosen = drawn::value(field, &spec).prop_map(|value| (field.key.to_owned(), value));
            proptest::option::of(chosen)
        })
        .collect();
    each.prop_map(|chosen| chosen.into_iter().flatten().collect())
}

proptest! {
    #[test]
    fn no_other_field_decides_what_a_field_takes(choices in choices()) {
        let spec = resolve(&choices).spec;
        let controls = |(key, _): &(&String, &Value)| CONTROLS.contains(&key.as_str());
        let only: Choices = choices
            .iter()
            .filter(controls)
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect();
        let bare = resolve(&only).spec;
        for field in FIELDS {
            prop_assert_eq!((field.applies)(&spec), (field.applies)(&bare), "{}", field.key);
            prop_assert_eq!((field.default)(&spec), (field.default)(&bare), "{}", field.key);
            prop_assert_eq!((field.kind)(&spec), (field.kind)(&bare), "{}", field.key);
        }
    }
}

/// The links of one version, as they were shared, and what each came to on the day it was added.
fn golden() -> Vec<Json> {
    let mut files: Vec<_> = fs::read_dir(at("tests/fixtures/links"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    let read = |path: PathBuf| -> Vec<Json> {
        serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
    };
    files.into_iter().flat_map(read).collect()
}

/// What a link comes to now. A later version may say more of a spec, but nothing else.
fn opened(link: &str) -> Json {
    let opened = lab::check(link::open(link));
    let spec = resolve(&opened.choices).spec;
    let problems: Vec<_> = opened.problems.iter().map(|p| p.code.text()).collect();
    serde_json::json!({
        "choices": opened.choices,
        "view": opened.view,
        "claim": opened.claim,
        "predicted": opened.predicted,
        "problems": problems,
        "spec": spec,
    })
}

#[test]
fn every_link_that_was_shared_opens_for_ever() {
    let all = golden();
    assert!(all.len() >= 25, "{} links", all.len());
    for golden in &all {
        let link = golden["link"].as_str().unwrap();
        let now = opened(link);
        for part in ["choices", "view", "claim", "predicted", "problems"] {
            assert_eq!(now[part], golden[part], "{part} of {link}");
        }
        for (key, value) in golden["spec"].as_object().unwrap() {
            assert_eq!(&now["spec"][key], value, "{key} of {link}");
        }
    }
}

#[test]
fn the_links_that_were_shared_say_everything_that_a_link_can() {
    let all = golden();
    let chosen: BTreeSet<&str> = all
        .iter()
        .flat_map(|golden| ["choices", "view"].map(|part| golden[part].as_object().unwrap()))
        .flat_map(|said| said.keys().map(String::as_str))
        .collect();
    let fields = FIELDS.iter().map(|field| field.key);
    let page = VIEW_KEYS.iter().map(|(key, _)| *key);
    let missing: Vec<_> = fields
        .chain(page)
        .filter(|key| !chosen.contains(key))
        .collect();
    assert!(missing.is_empty(), "no link says {missing:?}");
    for part in ["claim", "predicted"] {
        assert!(all.iter().any(|golden| !golden[part].is_null()), "{part}");
    }
    for lab in lab::all() {
        let opens = all.iter().any(|golden| golden["view"]["lab"] == lab.id);
        assert!(opens, "no link opens {}", lab.id);
    }
}
