//! What a field of a spec is: its value, its limits, where it stands.

use serde::{Deserialize, Serialize};

use super::ExperimentSpec;
use super::choice::choice;

/// What a field can hold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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
