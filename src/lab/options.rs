//! The options of a lab.

use crate::experiment::{Choices, Kind, Value};

use super::Lab;

/// An option.
pub struct LabOption {
    /// Its name.
    pub key: &'static str,
    /// What it takes.
    pub takes: Takes,
}

/// What an option takes.
#[derive(Debug, Clone, Copy)]
pub enum Takes {
    /// One of these words.
    Words {
        /// In order.
        words: &'static [&'static str],
        /// The default.
        default: &'static str,
    },
    /// A whole number.
    Whole {
        /// The smallest.
        min: u32,
        /// The largest.
        max: u32,
        /// The default.
        default: u32,
    },
}

impl Takes {
    /// One of these words; the first is the default.
    pub(super) const fn words(words: &'static [&'static str]) -> Self {
        Self::Words {
            words,
            default: words[0],
        }
    }

    pub(super) fn kind(self) -> Kind {
        match self {
            Self::Words { words, .. } => Kind::Choice {
                words: words.to_vec(),
            },
            Self::Whole { min, max, .. } => Kind::Integer { min, max },
        }
    }

    fn takes(self, value: &Value) -> bool {
        match (self, value) {
            (Self::Words { words, .. }, Value::Word(word)) => words.contains(&word.as_str()),
            (Self::Whole { min, max, .. }, Value::Number(number)) => {
                number.fract() == 0.0 && (f64::from(min)..=f64::from(max)).contains(number)
            }
            _ => false,
        }
    }

    fn default(self) -> Value {
        match self {
            Self::Words { default, .. } => Value::Word(default.to_owned()),
            Self::Whole { default, .. } => Value::Number(f64::from(default)),
        }
    }
}

/// The options of a lab, each with its value.
#[derive(Debug, Clone, PartialEq)]
pub struct Options(Choices);

impl Options {
    /// The valid choices, and defaults for the rest.
    pub fn of(lab: &Lab, chosen: &Choices) -> Self {
        let value = |option: &LabOption| {
            let asked = chosen
                .get(option.key)
                .map(|value| option.takes.kind().read(value))
                .filter(|value| option.takes.takes(value));
            let value = asked.unwrap_or_else(|| option.takes.default());
            (option.key.to_owned(), value)
        };
        Self(lab.options.iter().map(value).collect())
    }

    /// Each combination of words that can be chosen, first the default; of a number only its default.
    pub(super) fn every(lab: &Lab) -> Vec<Self> {
        let mut all = vec![Choices::new()];
        for option in lab.options {
            let Takes::Words { words, .. } = option.takes else {
                continue;
            };
            let with = |chosen: &Choices| -> Vec<Choices> {
                let one = |word: &&str| {
                    let mut chosen = chosen.clone();
                    chosen.insert(option.key.to_owned(), Value::Word((*word).to_owned()));
                    chosen
                };
                words.iter().map(one).collect()
            };
            all = all.iter().flat_map(with).collect();
        }
        let usual = Self::of(lab, &Choices::new());
        let others = all.iter().map(|chosen| Self::of(lab, chosen));
        let others = others.filter(|other| *other != usual);
        std::iter::once(usual.clone()).chain(others).collect()
    }

    pub(super) fn value(&self, key: &str) -> Value {
        let known = self.0.get(key).cloned();
        known.unwrap_or_else(|| Value::Word(String::new()))
    }

    /// The word of an option that takes words.
    pub fn word(&self, key: &str) -> &str {
        match self.0.get(key) {
            Some(Value::Word(word)) => word,
            _ => "",
        }
    }

    /// The number of an option that takes numbers.
    pub fn whole(&self, key: &str) -> usize {
        match self.0.get(key) {
            Some(Value::Number(number)) => *number as usize,
            _ => 0,
        }
    }
}
