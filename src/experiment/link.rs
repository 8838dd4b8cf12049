//! A spec as the text of a link, `v=1&net=resnet&residual=off`, and back.
//!
//! A link holds the version and, by field key, what differs from the defaults. Beside them it may
//! hold how the page shows itself ([`VIEW_KEYS`]) and a run's result ([`Claim`]), which are not
//! part of the experiment. `docs/links.md` is the grammar for people.

use std::collections::BTreeMap;

use serde::Serialize;

use super::claim::Claim;
use super::goal::known_goals;
use super::history::bring_up;
use super::page::{Frame, VIEW_KEYS, ViewKind, known_names};
use super::received;
use super::typed;
use super::{Choices, ExperimentSpec, FIELDS, Field, Kind, Resolved, VERSION, Value, resolve};
use crate::base::error::{Code, Problem, Result, shown};

/// The parameter that holds a [`Claim`].
pub const RESULT: &str = "result";
/// The parameter that holds what a person predicted in the link's lab.
pub const PREDICTED: &str = "predicted";

/// The longest link that is read, in bytes; a link with every field set is shorter than 1,000.
const LONGEST: usize = 8_192;

/// The most problems that are told one by one.
const MOST_PROBLEMS: usize = 20;

/// What a link said.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Opened {
    /// The valid choices.
    pub choices: Choices,
    /// What it said about the page beside the defaults, as a link writes it.
    pub view: BTreeMap<String, String>,
    /// How the page is to stand within another one: what of `view` says so.
    pub frame: Frame,
    /// The claimed result of a run, if the link has one.
    pub claim: Option<Claim>,
    /// What a person predicted in the lab that `view` names.
    pub predicted: Option<Value>,
    /// One for each thing in it that was dropped.
    pub problems: Vec<Problem>,
}

/// How much of an experiment a link says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Length {
    /// What differs from the defaults.
    Short,
    /// Everything that has any effect.
    Full,
}

/// Reads a link: what is behind its `#`, or the whole address, as it arrived. Whatever is invalid is dropped, with
/// a problem.
pub fn open(text: &str) -> Opened {
    let mut opened = Opened {
        choices: Choices::new(),
        view: BTreeMap::new(),
        frame: Frame::of(&BTreeMap::new()),
        claim: None,
        predicted: None,
        problems: Vec::new(),
    };
    if text.len() > LONGEST {
        opened.problems.push(
            Problem::new(Code::TooLong)
                .with("found", text.len())
                .with("limit", LONGEST),
        );
        return opened;
    }
    let (parameters, repeated) = received::parameters(text, is_known);
    let (parameters, version) = bring_up(parameters);
    opened.problems.extend(version.into_iter().chain(repeated));
    for (key, value) in parameters {
        if let Err(problem) = opened.take(&key, &value) {
            opened.problems.push(problem);
        }
    }
    let Resolved { spec, problems } = resolve(&opened.choices);
    opened.problems.extend(problems);
    if let Some(Err(problem)) = opened.claim.as_ref().map(|claim| claim.check(&spec)) {
        opened.claim = None;
        opened.problems.push(problem);
    }
    opened.choices = spec.choices();
    opened.frame = Frame::of(&opened.view);
    opened.tell_less();
    opened
}

/// Whether the grammar has this key.
pub(super) fn is_known(key: &str) -> bool {
    let is_of_page = VIEW_KEYS.iter().any(|(name, _)| *name == key);
    ["v", RESULT, PREDICTED].contains(&key) || is_of_page || Field::of(key).is_some()
}

/// The choices of a link that is part of this program, which must be without fault: the tests go through
/// all of them.
///
/// # Panics
/// In tests, if it has a problem.
pub fn known(text: &str) -> Choices {
    let opened = open(text);
    debug_assert!(opened.problems.is_empty(), "{text}: {:?}", opened.problems);
    opened.choices
}

/// The experiment of such a link.
///
/// # Panics
/// As [`known`].
pub fn known_spec(text: &str) -> ExperimentSpec {
    resolve(&known(text)).spec
}

impl Opened {
    fn take(&mut self, key: &str, value: &str) -> Result<()> {
        if key == RESULT {
            let read = Claim::parse(value);
            self.claim = Some(
                read.or_else(|problem| Claim::parse(received::bare(value)).map_err(|_| problem))?,
            );
            return Ok(());
        }
        if key == PREDICTED {
            self.predicted = Some(prediction(received::bare(&shown(value))));
            return Ok(());
        }
        if let Some((_, takes)) = VIEW_KEYS.iter().find(|(name, _)| *name == key) {
            return self.show(key, value, *takes);
        }
        let Some(field) = Field::of(key) else {
            return Err(Problem::new(Code::UnknownParameter)
                .with("key", shown(key))
                .with("value", shown(value)));
        };
        self.choices.insert(key.to_owned(), field.parse(value)?);
        Ok(())
    }

    /// Tells how many there are in place of more than anybody reads.
    fn tell_less(&mut self) {
        let more = self.problems.len().saturating_sub(MOST_PROBLEMS);
        if more > 0 {
            self.problems.truncate(MOST_PROBLEMS);
            self.problems
                .push(Problem::new(Code::MoreProblems).with("count", more));
        }
    }

    /// Takes what is said about the page. A default says nothing.
    fn show(&mut self, key: &str, value: &str, takes: ViewKind) -> Result<()> {
        let text = match takes {
            ViewKind::Words(words) => match received::word(key, words, value) {
                Some(word) if words.first() == Some(&word) => String::new(),
                Some(word) => word.to_owned(),
                None => {
                    let problem = Problem::new(Code::UnknownChoice).about(key);
                    return Err(problem
                        .with("value", shown(value))
                        .with("choices", words.join(", ")));
                }
            },
            ViewKind::Text => received::bare(&shown(value)).to_owned(),
            ViewKind::Names => {
                let (known, problems) = known_names(key, value);
                self.problems.extend(problems);
                known
            }
            ViewKind::Goals => {
                let (known, problems) = known_goals(key, value);
                self.problems.extend(problems);
                known
            }
        };
        if !text.is_empty() {
            self.view.insert(key.to_owned(), text);
        }
        Ok(())
    }
}

/// A prediction, of whatever lab.
fn prediction(text: &str) -> Value {
    let number = text.parse().ok().filter(|number: &f64| number.is_finite());
    number.map_or_else(|| Value::Word(text.to_owned()), Value::Number)
}

/// Writes what differs from the defaults.
pub fn text(spec: &ExperimentSpec) -> String {
    written(spec, Length::Short)
}

/// Writes a whole link: the experiment, what is said about the page, and a run's result.
pub fn whole(
    spec: &ExperimentSpec,
    view: &BTreeMap<String, String>,
    claim: Option<&Claim>,
    form: Length,
) -> String {
    let mut link = written(spec, form);
    let said = VIEW_KEYS.iter().filter_map(|(key, takes)| {
        let value = view.get(*key)?;
        let default =
            matches!(takes, ViewKind::Words(words) if words.first() == Some(&value.as_str()));
        (!default && !value.is_empty()).then_some((*key, value.clone()))
    });
    let claimed = claim.map(|claim| (RESULT, claim.to_string()));
    for (key, value) in said.chain(claimed) {
        let encoded: String = form_urlencoded::byte_serialize(value.as_bytes()).collect();
        // A comma and a colon stand for themselves in what follows a `#`.
        link = format!(
            "{link}&{key}={}",
            encoded.replace("%2C", ",").replace("%3A", ":")
        );
    }
    link
}

fn written(spec: &ExperimentSpec, form: Length) -> String {
    let said = FIELDS.iter().filter(|field| {
        let differs = || (field.get)(spec) != (field.default)(spec);
        let says = || (field.get)(spec) != Value::Word(String::new());
        (field.applies)(spec) && (differs() || (form == Length::Full && says()))
    });
    said.fold(format!("v={VERSION}"), |link, field| {
        format!("{link}&{}={}", field.key, (field.get)(spec))
    })
}

impl Field {
    fn parse(&self, text: &str) -> Result<Value> {
        let problem = |code| {
            Problem::new(code)
                .about(self.key)
                .with("value", shown(text))
        };
        // Only the kind of value matters here, and that is the same for every spec.
        match (self.kind)(&ExperimentSpec::default()) {
            Kind::Switch => received::switch(text)
                .map(Value::Switch)
                .ok_or_else(|| problem(Code::UnknownChoice).with("choices", "on, off")),
            Kind::Choice { .. } => {
                let word = received::word(self.key, self.known, text);
                Ok(Value::Word(word.map_or_else(|| shown(text), str::to_owned)))
            }
            Kind::Digest => Ok(Value::Word(
                shown(received::bare(text)).to_ascii_lowercase(),
            )),
            Kind::Layers { .. } => Ok(Value::Word(received::layers(text))),
            kind => {
                let read = |text: &str| match kind.read(&Value::Word(text.to_owned())) {
                    Value::Word(_) => None,
                    value => Some(value),
                };
                let bare = || received::bare_number(text).and_then(|text| read(&text));
                // A number that no field takes is refused where the limits are known, and as it was written.
                let other = || typed::numbers(text).map(|_| Value::Word(shown(text)));
                read(text)
                    .or_else(bare)
                    .or_else(other)
                    .ok_or_else(|| problem(Code::NotANumber))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::page::{Part, Start};
    use super::*;

    #[test]
    fn a_link_says_only_what_differs() {
        assert_eq!(text(&ExperimentSpec::default()), "v=1");
        let link = "v=1&data=cifar10&normalize=custom&mean=0.5,0.25,0.125&net=resnet&blocks=3&residual=off";
        let opened = open(link);
        assert_eq!(opened.problems, []);
        assert_eq!(text(&resolve(&opened.choices).spec), link);
    }

    #[test]
    fn a_damaged_link_gives_the_rest_and_a_problem_for_each_thing() {
        let opened = open(
            "#v=7&net=resnet&blocks=3&blocks=4&lr=fast&residual=maybe&%F0%9F=1&theme=pink&seed=-1&device=cpu",
        );
        let codes: Vec<_> = opened.problems.iter().map(|problem| problem.code).collect();
        assert_eq!(
            codes,
            [
                Code::LaterVersion,
                Code::RepeatedParameter,
                Code::NotANumber,
                Code::UnknownChoice,
                Code::UnknownParameter,
                Code::UnknownChoice,
                Code::OutOfRange,
            ]
        );
        let spec = resolve(&opened.choices).spec;
        assert_eq!((spec.net, spec.blocks), (super::super::Family::ResNet, 3));
        assert_eq!(opened.view["device"], "cpu");
    }

    #[test]
    fn a_link_to_a_small_set_of_ones_own_opens() {
        let opened = open("v=1&data=file&train=52&test=8");
        assert_eq!(opened.problems, []);
        let spec = resolve(&opened.choices).spec;
        assert_eq!((spec.train, spec.test), (52, 8));
        assert_eq!(open("v=1&train=8").problems[0].code, Code::OutOfRange);
    }

    #[test]
    fn numbers_are_read_as_a_field_reads_them() {
        let opened = open(
            "v=1&data=cifar10&train=50%E2%80%AF000&normalize=custom&mean=(0.5,%200.25,0.5)&lr=0,05",
        );
        assert_eq!(opened.problems, []);
        let spec = resolve(&opened.choices).spec;
        assert_eq!((spec.train, spec.lr), (50_000, 0.05));
        assert_eq!(spec.mean, [0.5, 0.25, 0.5]);
    }

    #[test]
    fn what_is_hidden_and_locked_comes_as_lists() {
        let opened =
            open("v=1&embed=1&start=visible&hide=header,optimizer,nonsense&lock=lr&theme=auto");
        assert_eq!(opened.problems.len(), 1);
        assert_eq!(opened.view["hide"], "header,optimizer");
        assert!(!opened.view.contains_key("theme"));
        let frame = opened.frame;
        assert!(frame.embed && frame.hide.fields.contains(&"momentum"));
        assert_eq!(
            (frame.start, frame.hide.parts),
            (Start::Visible, vec![Part::Header])
        );
        assert_eq!(frame.lock.fields, ["lr"]);
    }

    #[test]
    fn a_full_link_says_everything_that_has_an_effect() {
        let spec = resolve(&open("net=resnet&blocks=2").choices).spec;
        let full = whole(&spec, &BTreeMap::new(), None, Length::Full);
        assert!(full.starts_with("v=1&data=mnist&train=10000&"), "{full}");
        assert!(full.contains("&residual=on&") && !full.contains("momentum"));
        let opened = open(&full);
        assert_eq!(
            (opened.problems, resolve(&opened.choices).spec),
            (vec![], spec)
        );
    }

    #[test]
    fn a_whole_link_comes_back_as_it_was() {
        let link = "v=1&stop=steps&steps=3&theme=dark&lang=zh-CN&embed=1&hide=header,lr\
                    &result=0.5,0.25,3,0123456789abcdef,0.1.0,cpu";
        let opened = open(link);
        assert_eq!(opened.problems, []);
        let spec = resolve(&opened.choices).spec;
        let again = whole(&spec, &opened.view, opened.claim.as_ref(), Length::Short);
        assert_eq!(again, link);
    }

    #[test]
    fn a_result_of_other_steps_is_dropped() {
        let opened = open("v=1&result=0.5,0.25,3,0123456789abcdef,0.1.0,cpu");
        assert_eq!(opened.claim, None);
        assert_eq!(opened.problems[0].code, Code::ResultDiffers);
    }

    #[test]
    fn a_flood_of_problems_is_counted() {
        let text: String = (0..500).map(|at| format!("x{at}=1&")).collect();
        let problems = open(&text).problems;
        assert_eq!(problems.len(), MOST_PROBLEMS + 1);
        assert_eq!(problems[MOST_PROBLEMS].params["count"], "480");
    }

    #[test]
    #[should_panic(expected = "UnknownChoice")]
    fn a_misspelt_link_of_this_program_is_found() {
        known("net=resnext");
    }

    #[test]
    fn a_very_long_link_is_refused() {
        let opened = open(&format!("net={}", "a".repeat(LONGEST)));
        assert_eq!(opened.problems[0].code, Code::TooLong);
    }
}
