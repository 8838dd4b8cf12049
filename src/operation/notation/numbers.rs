//! The settings of an operation as numbers that an editor shows.

use serde::Serialize;

use super::{Slot, Written};

/// A setting of an operation, with what it may be beside those before it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Number {
    /// The letter before it; nothing for the first one.
    pub letter: &'static str,
    /// What it is, as PyTorch calls it.
    pub name: &'static str,
    /// What it is here.
    pub value: f64,
    /// The smallest that it can be.
    pub min: f64,
    /// The largest.
    pub max: f64,
    /// Whether it is a whole number.
    pub whole: bool,
    /// Whether it stands in the text.
    pub written: bool,
}

/// The settings of an operation that is written with this word.
pub(in crate::operation) fn numbers<T: Written>(operation: &T, word: &str) -> Option<Vec<Number>> {
    let words = T::words();
    let known = words.iter().find(|known| known.word == word)?;
    let mut said = known.start;
    let each = known.settings.iter().map(|setting| {
        let value = setting.get(operation);
        let (min, max) = (setting.limits)(&said);
        setting.set(&mut said, value);
        Number {
            letter: setting.letter,
            name: setting.name,
            value,
            min,
            max,
            whole: !matches!(setting.place, Slot::Number(_)),
            written: false,
        }
    });
    Some(each.collect())
}
