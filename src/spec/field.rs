//! The one table of a spec's fields, in the order in which they depend on each other:
//! a field's limits, default and whether it applies may look at the fields above it.

use serde::{Deserialize, Serialize};

use super::{
    Activation, Block, DataSet, ExperimentSpec, Family, Normalize, Optimizer, Permute, Pool,
    Schedule, Shortcut, Stop,
};

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

/// Where on the page a field stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
#[serde(rename_all = "kebab-case")]
pub enum Group {
    /// One of the three switches, or what belongs to it.
    Switches,
    /// The data set and how much of it.
    Data,
    /// The network.
    Network,
    /// The optimizer and its rates.
    Optimizer,
    /// Batches, budget and seed.
    Budget,
}

/// A row of the table.
pub struct Field {
    /// Its name in links, in the page's state and in locale files.
    pub key: &'static str,
    /// Where it stands.
    pub group: Group,
    /// What it takes.
    pub kind: fn(&ExperimentSpec) -> Kind,
    /// What it is when nobody says.
    pub default: fn(&ExperimentSpec) -> Value,
    /// Whether it has any effect.
    pub applies: fn(&ExperimentSpec) -> bool,
    /// Reads it.
    pub get: fn(&ExperimentSpec) -> Value,
    /// Writes a value that is within the limits; anything else leaves the spec as it is.
    pub set: fn(&mut ExperimentSpec, &Value),
}

/// A row: its key and group, its accessor, kind, default, and where it applies (everywhere if unsaid).
macro_rules! field {
    ($name:ident, $group:ident, $access:ident $(($of:ty))?, $kind:expr, $default:expr) => {
        field!($name, $group, $access $(($of))?, $kind, $default, |_| true)
    };
    ($name:ident, $group:ident, $access:ident $(($of:ty))?, $kind:expr, $default:expr, $applies:expr) => {
        Field {
            key: stringify!($name),
            group: Group::$group,
            kind: $kind,
            default: $default,
            applies: $applies,
            get: |spec| $access!(get spec.$name $(, $of)?),
            set: |spec, value| $access!(set spec.$name, value $(, $of)?),
        }
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

fn words(words: &'static [&'static str]) -> Kind {
    Kind::Choice {
        words: words.to_vec(),
    }
}

fn default_word(word: &str) -> Value {
    Value::Word(word.to_owned())
}

fn per_channel(spec: &ExperimentSpec, min: f64, max: f64) -> Kind {
    Kind::Numbers {
        channels: spec.data.shape().map(|shape| shape.channels),
        min,
        max,
    }
}

fn is_resnet(spec: &ExperimentSpec) -> bool {
    spec.net == Family::ResNet
}

/// Every field of a spec.
pub static FIELDS: &[Field] = &[
    field!(data, Data, word(DataSet), |_| words(DataSet::WORDS), |_| {
        default_word("mnist")
    }),
    field!(
        train,
        Data,
        whole,
        |s| Kind::Integer {
            min: 10,
            max: s.data.sizes().0
        },
        |_| Value::Number(10_000.0)
    ),
    field!(
        test,
        Data,
        whole,
        |s| Kind::Integer {
            min: 10,
            max: s.data.sizes().1
        },
        |_| Value::Number(2_000.0)
    ),
    field!(
        permute,
        Switches,
        word(Permute),
        |_| words(Permute::WORDS),
        |_| default_word("off")
    ),
    field!(
        normalize,
        Switches,
        word(Normalize),
        normalize_words,
        |_| default_word("own")
    ),
    field!(
        mean,
        Switches,
        numbers,
        |s| per_channel(s, -1e4, 1e4),
        |_| Value::Numbers(vec![0.5]),
        |s| s.normalize == Normalize::Custom
    ),
    field!(
        std,
        Switches,
        numbers,
        |s| per_channel(s, 1e-4, 1e4),
        |_| Value::Numbers(vec![0.5]),
        |s| s.normalize == Normalize::Custom
    ),
    field!(net, Network, word(Family), |_| words(Family::WORDS), |_| {
        default_word("cnn")
    }),
    field!(
        blocks,
        Network,
        whole,
        |_| Kind::Integer { min: 1, max: 9 },
        |_| Value::Number(1.0),
        is_resnet
    ),
    field!(
        width,
        Network,
        whole,
        |_| Kind::Integer { min: 4, max: 64 },
        |_| Value::Number(16.0),
        |s| matches!(s.net, Family::Cnn | Family::ResNet)
    ),
    field!(
        residual,
        Switches,
        switch,
        |_| Kind::Switch,
        |_| Value::Switch(true),
        is_resnet
    ),
    field!(
        block,
        Network,
        word(Block),
        |_| words(Block::WORDS),
        |_| default_word("basic"),
        is_resnet
    ),
    field!(
        shortcut,
        Network,
        word(Shortcut),
        |_| words(Shortcut::WORDS),
        |_| default_word("projection"),
        |s| is_resnet(s) && s.residual
    ),
    field!(
        batchnorm,
        Network,
        switch,
        |_| Kind::Switch,
        |s| Value::Switch(is_resnet(s)),
        |s| matches!(s.net, Family::Cnn | Family::LeNet | Family::ResNet)
    ),
    field!(
        activation,
        Network,
        word(Activation),
        |_| words(Activation::WORDS),
        |s| default_word(if s.net == Family::LeNet {
            "tanh"
        } else {
            "relu"
        })
    ),
    field!(
        pool,
        Network,
        word(Pool),
        |_| words(Pool::WORDS),
        |s| default_word(if s.net == Family::LeNet {
            "average"
        } else {
            "max"
        }),
        |s| matches!(s.net, Family::Cnn | Family::LeNet)
    ),
    field!(
        optimizer,
        Optimizer,
        word(Optimizer),
        |_| words(Optimizer::WORDS),
        |_| default_word("adam")
    ),
    field!(
        lr,
        Optimizer,
        number,
        |_| Kind::Number {
            min: 1e-6,
            max: 10.0
        },
        |s| Value::Number(if s.optimizer == Optimizer::Sgd {
            0.05
        } else {
            0.001
        })
    ),
    field!(
        momentum,
        Optimizer,
        number,
        |_| Kind::Number {
            min: 0.0,
            max: 0.999
        },
        |_| Value::Number(0.9),
        |s| s.optimizer == Optimizer::Sgd
    ),
    field!(
        decay,
        Optimizer,
        number,
        |_| Kind::Number { min: 0.0, max: 1.0 },
        |s| Value::Number(if s.optimizer == Optimizer::AdamW {
            0.01
        } else {
            0.0
        })
    ),
    field!(
        schedule,
        Optimizer,
        word(Schedule),
        |_| words(Schedule::WORDS),
        |_| default_word("constant")
    ),
    field!(
        batch,
        Budget,
        whole,
        |_| Kind::Integer { min: 1, max: 512 },
        |_| Value::Number(64.0)
    ),
    field!(stop, Budget, word(Stop), |_| words(Stop::WORDS), |_| {
        default_word("epochs")
    }),
    field!(
        epochs,
        Budget,
        whole,
        |_| Kind::Integer { min: 1, max: 100 },
        |_| Value::Number(2.0),
        |s| s.stop == Stop::Epochs
    ),
    field!(
        steps,
        Budget,
        whole,
        |_| Kind::Integer {
            min: 1,
            max: 100_000
        },
        |_| Value::Number(200.0),
        |s| s.stop == Stop::Steps
    ),
    field!(
        seed,
        Budget,
        whole,
        |_| Kind::Integer {
            min: 0,
            max: u32::MAX
        },
        |_| Value::Number(1.0)
    ),
];

/// The widely copied numbers are CIFAR-10's, so other sets do not offer them.
fn normalize_words(spec: &ExperimentSpec) -> Kind {
    let offered = |word: &&str| spec.data == DataSet::Cifar10 || *word != Normalize::Copied.word();
    Kind::Choice {
        words: Normalize::WORDS.iter().copied().filter(offered).collect(),
    }
}

impl Field {
    /// The row of this key.
    pub fn of(key: &str) -> Option<&'static Field> {
        FIELDS.iter().find(|field| field.key == key)
    }
}
