//! A spec as the text of a link, `v=1&net=resnet&residual=off`, and back.
//!
//! A link holds the version and, by field key, what differs from the defaults. Beside them it may
//! hold how the page shows itself ([`VIEW_KEYS`]), which is no part of the experiment.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

use super::page::{Frame, Takes, VIEW_KEYS, known_names};
use super::{Choices, ExperimentSpec, FIELDS, Field, Kind, Resolved, VERSION, Value, resolve};
use crate::error::{Code, Problem, Result};

/// The longest link that is read, in bytes; a link with every field set is shorter than 1,000.
const LONGEST: usize = 8_192;

/// What a link said.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Opened {
    /// What can stand of what it chose.
    pub choices: Choices,
    /// What it said about the page beside the defaults, as a link writes it.
    pub view: BTreeMap<String, String>,
    /// How the page is to stand within another one: what of `view` says so.
    pub frame: Frame,
    /// One for each thing in it that was dropped.
    pub problems: Vec<Problem>,
}

/// Reads a link, with or without its `#`. Whatever cannot stand is dropped, with a problem.
pub fn open(text: &str) -> Opened {
    let text = text.strip_prefix('#').unwrap_or(text);
    let mut opened = Opened {
        choices: Choices::new(),
        view: BTreeMap::new(),
        frame: Frame::of(&BTreeMap::new()),
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
    let mut seen = std::collections::BTreeSet::new();
    for (key, value) in form_urlencoded::parse(text.as_bytes()) {
        if !seen.insert(key.to_string()) {
            opened
                .problems
                .push(Problem::new(Code::RepeatedParameter).with("key", shown(&key)));
        } else if let Err(problem) = opened.take(&key, &value) {
            opened.problems.push(problem);
        }
    }
    let Resolved { spec, problems } = resolve(&opened.choices);
    opened.choices = spec.choices();
    opened.frame = Frame::of(&opened.view);
    opened.problems.extend(problems);
    opened
}

impl Opened {
    fn take(&mut self, key: &str, value: &str) -> Result<()> {
        if key == "v" {
            return match value.parse::<u32>() {
                Ok(version) if version <= VERSION => Ok(()),
                Ok(version) => Err(Problem::new(Code::LaterVersion)
                    .with("version", version)
                    .with("known", VERSION)),
                Err(_) => Err(Problem::new(Code::NotANumber)
                    .about("v")
                    .with("value", shown(value))),
            };
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

    /// Takes what is said about the page. A default says nothing.
    fn show(&mut self, key: &str, value: &str, takes: Takes) -> Result<()> {
        let text = match takes {
            Takes::Words(words) if !words.contains(&value) => {
                let problem = Problem::new(Code::UnknownChoice).about(key);
                return Err(problem
                    .with("value", shown(value))
                    .with("choices", words.join(", ")));
            }
            Takes::Words(words) if words.first() == Some(&value) => String::new(),
            Takes::Words(_) | Takes::Text => shown(value),
            Takes::Names => {
                let (known, problems) = known_names(key, value);
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

/// Writes what differs from the defaults.
pub fn text(spec: &ExperimentSpec) -> String {
    let choices = spec.choices();
    let chosen = FIELDS
        .iter()
        .filter_map(|field| choices.get(field.key).map(|value| (field.key, value)));
    chosen.fold(format!("v={VERSION}"), |link, (key, value)| {
        format!("{link}&{key}={value}")
    })
}

impl Field {
    fn parse(&self, text: &str) -> Result<Value> {
        let problem = |code| {
            Problem::new(code)
                .about(self.key)
                .with("value", shown(text))
        };
        let number = |text: &str| {
            text.trim()
                .parse::<f64>()
                .map_err(|_| problem(Code::NotANumber))
        };
        // Only the kind of value matters here, and that is the same for every spec.
        match (self.kind)(&ExperimentSpec::default()) {
            Kind::Switch => match text {
                "on" => Ok(Value::Switch(true)),
                "off" => Ok(Value::Switch(false)),
                _ => Err(problem(Code::UnknownChoice).with("choices", "on, off")),
            },
            Kind::Choice { .. } => Ok(Value::Word(shown(text))),
            Kind::Integer { .. } | Kind::Number { .. } => Ok(Value::Number(number(text)?)),
            Kind::Numbers { .. } => Ok(Value::Numbers(
                text.split(',').map(number).collect::<Result<_>>()?,
            )),
        }
    }
}

/// A stranger's text, cut to what a message can show.
pub(super) fn shown(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(40).collect()
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Switch(on) => f.write_str(if *on { "on" } else { "off" }),
            Self::Number(number) => write!(f, "{number}"),
            Self::Numbers(numbers) => {
                let parts: Vec<_> = numbers.iter().map(f64::to_string).collect();
                f.write_str(&parts.join(","))
            }
            Self::Word(word) => f.write_str(word),
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
    fn a_very_long_link_is_refused() {
        let opened = open(&format!("net={}", "a".repeat(LONGEST)));
        assert_eq!(opened.problems[0].code, Code::TooLong);
    }
}
