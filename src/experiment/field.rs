//! What a field of a spec is: its value, its limits, where it stands.

use std::fmt;

use serde::Serialize;
use serde::de::{Deserialize, Deserializer, Error, SeqAccess, Visitor};

use super::ExperimentSpec;
use super::choice::choice;

/// What a field can hold.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
#[serde(untagged)]
pub enum Value {
    /// On or off.
    Switch(bool),
    /// A number; whole where the field is.
    Number(f64),
    /// Numbers, one a channel.
    Numbers(Vec<f64>),
    /// One of the field's words.
    Word(String),
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

/// By hand: what serde derives for an untagged enum first copies whatever stands there, however deep it is.
impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyValue)
    }
}

struct AnyValue;

impl<'de> Visitor<'de> for AnyValue {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a switch, a number, numbers, or a word")
    }

    fn visit_bool<E: Error>(self, on: bool) -> Result<Value, E> {
        Ok(Value::Switch(on))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Value, E> {
        Ok(Value::Number(number as f64))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Value, E> {
        Ok(Value::Number(number as f64))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Value, E> {
        Ok(Value::Number(number))
    }

    fn visit_str<E: Error>(self, word: &str) -> Result<Value, E> {
        Ok(Value::Word(word.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut all: A) -> Result<Value, A::Error> {
        let mut numbers = Vec::new();
        while let Some(number) = all.next_element()? {
            numbers.push(number);
        }
        Ok(Value::Numbers(numbers))
    }
}

/// What kind of value a field takes, and its limits, which are inclusive.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum Kind {
    /// On or off.
    Switch,
    /// One of these words.
    Choice {
        /// The words, in order.
        words: Vec<&'static str>,
    },
    /// A whole number.
    Integer {
        /// The smallest.
        min: u32,
        /// The largest.
        max: u32,
    },
    /// A number.
    Number {
        /// The smallest.
        min: f64,
        /// The largest.
        max: f64,
    },
    /// One number, or one for each channel.
    Numbers {
        /// How many channels, where that is known.
        channels: Option<usize>,
        /// The smallest.
        min: f64,
        /// The largest.
        max: f64,
    },
    /// The fingerprint of a data set, or nothing.
    Digest,
    /// A network as text, which may be wrong: what it means, `arch` says.
    Layers {
        /// The most characters.
        longest: usize,
    },
}

choice! {
    /// Where on the page a field stands.
    Group {
        /// One of the three switches, or what belongs to it.
        Switches = "switches",
        /// The data set and how much of it.
        Data = "data",
        /// The network.
        Network = "network",
        /// The optimizer and its rates.
        Optimizer = "optimizer",
        /// Batches, budget and seed.
        Budget = "budget",
    }
}

/// A row of the table.
pub struct Field {
    /// Its name in links, in the page's state and in locale files.
    pub key: &'static str,
    /// Where it stands.
    pub group: Group,
    /// The words of a choice, including those that the current data set does not offer.
    pub known: &'static [&'static str],
    /// The values that it takes.
    pub kind: fn(&ExperimentSpec) -> Kind,
    /// Its default.
    pub default: fn(&ExperimentSpec) -> Value,
    /// Whether it has any effect.
    pub applies: fn(&ExperimentSpec) -> bool,
    /// Reads it.
    pub get: fn(&ExperimentSpec) -> Value,
    /// Writes a value that is within the limits; anything else leaves the spec as it is.
    pub set: fn(&mut ExperimentSpec, &Value),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Option<Value> {
        serde_json::from_str(json).ok()
    }

    #[test]
    fn a_value_is_read_as_it_is_written() {
        for value in [
            Value::Switch(true),
            Value::Number(-0.5),
            Value::Number(3.0),
            Value::Numbers(vec![0.5, 2.0]),
            Value::Word("resnet".to_owned()),
        ] {
            let json = serde_json::to_string(&value).unwrap();
            assert_eq!(read(&json), Some(value), "{json}");
        }
        assert_eq!(read("[1, 2]"), Some(Value::Numbers(vec![1.0, 2.0])));
    }

    #[test]
    fn what_is_no_value_is_refused_where_it_begins() {
        for json in ["null", "{}", "[[1]]", "[\"1\"]", "[true]"] {
            assert_eq!(read(json), None, "{json}");
        }
        // Only the first of these lists is ever entered.
        let deep = "[".repeat(100_000);
        let error = serde_json::from_str::<Value>(&deep)
            .unwrap_err()
            .to_string();
        assert!(
            error.starts_with("invalid type: sequence, expected f64"),
            "{error}"
        );
    }
}
