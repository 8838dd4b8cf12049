//! What the rows of the table are written with: a macro for a row, one for each kind of member, and their usual kinds and
//! defaults.

use super::ExperimentSpec;
use super::families;
use super::field::{Kind, Value};

/// A row: its key and group, its accessor, kind, default, and where it applies (everywhere if unsaid).
macro_rules! field {
    ($name:ident, $group:ident, $access:ident $(($of:ty))?, $kind:expr, $default:expr) => {
        field!($name, $group, $access $(($of))?, $kind, $default, |_| true)
    };
    ($name:ident, $group:ident, $access:ident $(($of:ty))?, $kind:expr, $default:expr, $applies:expr) => {
        Field {
            key: stringify!($name),
            group: Group::$group,
            known: words_of!($($of)?),
            kind: $kind,
            default: $default,
            applies: $applies,
            get: |spec| $access!(get spec.$name $(, $of)?),
            set: |spec, value| $access!(set spec.$name, value $(, $of)?),
        }
    };
}

macro_rules! words_of {
    ($of:ty) => {
        <$of>::WORDS
    };
    () => {
        &[]
    };
}

macro_rules! word {
    (get $place:expr, $of:ty) => {
        Value::Word($place.word().to_owned())
    };
    (set $place:expr, $value:ident, $of:ty) => {
        if let Value::Word(word) = $value
            && let Some(choice) = <$of>::parse(word)
        {
            $place = choice
        }
    };
}
macro_rules! whole {
    (get $place:expr) => {
        Value::Number(f64::from($place))
    };
    (set $place:expr, $value:ident) => {
        if let Value::Number(number) = $value {
            $place = *number as u32
        }
    };
}
macro_rules! number {
    (get $place:expr) => {
        Value::Number($place)
    };
    (set $place:expr, $value:ident) => {
        if let Value::Number(number) = $value {
            $place = *number
        }
    };
}
macro_rules! numbers {
    (get $place:expr) => {
        Value::Numbers($place.clone())
    };
    (set $place:expr, $value:ident) => {
        if let Value::Numbers(numbers) = $value {
            $place.clone_from(numbers)
        }
    };
}
macro_rules! switch {
    (get $place:expr) => {
        Value::Switch($place)
    };
    (set $place:expr, $value:ident) => {
        if let Value::Switch(on) = $value {
            $place = *on
        }
    };
}

macro_rules! text {
    (get $place:expr) => {
        Value::Word($place.clone())
    };
    (set $place:expr, $value:ident) => {
        if let Value::Word(text) = $value {
            $place.clone_from(text)
        }
    };
}

pub(super) use {field, number, numbers, switch, text, whole, word, words_of};

pub(super) fn words(words: &'static [&'static str]) -> Kind {
    Kind::Choice {
        words: words.to_vec(),
    }
}

pub(super) fn default_word(word: &str) -> Value {
    Value::Word(word.to_owned())
}

pub(super) fn whole_number(limits: families::Limits) -> Kind {
    let (min, max, _) = limits.unwrap_or((1, 1, 1));
    Kind::Integer { min, max }
}

pub(super) fn usual(limits: families::Limits) -> Value {
    let (_, _, default) = limits.unwrap_or((1, 1, 1));
    Value::Number(f64::from(default))
}

pub(super) fn per_channel(spec: &ExperimentSpec, min: f64, max: f64) -> Kind {
    Kind::Numbers {
        channels: spec.data.shape().map(|shape| shape.channels),
        min,
        max,
    }
}
