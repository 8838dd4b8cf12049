//! The one table of a spec's fields, in the order in which they depend on each other:
//! a field's limits, default and whether it applies may look at the fields above it.

use super::families::{self, depth, width};
use super::field::{Field, Group, Kind, Value};
use super::{
    Activation, Attention, Block, DataSet, ExperimentSpec, Family, Head, Inception, Joining,
    Normalize, Optimizer, Permute, Pool, Schedule, Shortcut, Stop,
};

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

fn words(words: &'static [&'static str]) -> Kind {
    Kind::Choice {
        words: words.to_vec(),
    }
}

fn default_word(word: &str) -> Value {
    Value::Word(word.to_owned())
}

fn whole_number(limits: families::Limits) -> Kind {
    let (min, max, _) = limits.unwrap_or((1, 1, 1));
    Kind::Integer { min, max }
}

fn usual(limits: families::Limits) -> Value {
    let (_, _, default) = limits.unwrap_or((1, 1, 1));
    Value::Number(f64::from(default))
}

fn per_channel(spec: &ExperimentSpec, min: f64, max: f64) -> Kind {
    Kind::Numbers {
        channels: spec.data.shape().map(|shape| shape.channels),
        min,
        max,
    }
}

impl Field {
    /// The row of this key.
    pub fn of(key: &str) -> Option<&'static Field> {
        FIELDS.iter().find(|field| field.key == key)
    }
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
            min: s.data.least(),
            max: s.data.sizes().0
        },
        |_| Value::Number(10_000.0)
    ),
    field!(
        test,
        Data,
        whole,
        |s| Kind::Integer {
            min: s.data.least(),
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
        |s| whole_number(depth(s.net)),
        |s| usual(depth(s.net)),
        |s| depth(s.net).is_some()
    ),
    field!(
        width,
        Network,
        whole,
        |s| whole_number(width(s.net)),
        |s| usual(width(s.net)),
        |s| width(s.net).is_some()
    ),
    field!(
        residual,
        Switches,
        switch,
        |_| Kind::Switch,
        |_| Value::Switch(true),
        |s| families::has_shortcuts(s.net)
    ),
    field!(
        join,
        Network,
        word(Joining),
        |_| words(Joining::WORDS),
        |s| default_word(if s.net == Family::UNet {
            "concat"
        } else {
            "add"
        }),
        |s| families::has_shortcuts(s.net) && s.residual
    ),
    field!(
        block,
        Network,
        word(Block),
        |_| words(Block::WORDS),
        |_| default_word("basic"),
        |s| s.net == Family::ResNet
    ),
    field!(
        shortcut,
        Network,
        word(Shortcut),
        |_| words(Shortcut::WORDS),
        |_| default_word("projection"),
        |s| s.net == Family::ResNet && s.residual
    ),
    field!(
        inception,
        Network,
        word(Inception),
        |_| words(Inception::WORDS),
        |_| default_word("reduced"),
        |s| s.net == Family::GoogLeNet
    ),
    field!(
        batchnorm,
        Network,
        switch,
        |_| Kind::Switch,
        |s| Value::Switch(
            !families::is_lenet(s.net)
                && !matches!(s.net, Family::Mlp | Family::Cnn | Family::Exercise1)
        ),
        |s| s.net != Family::Mlp
    ),
    field!(
        dropout,
        Network,
        number,
        |_| Kind::Number { min: 0.0, max: 0.9 },
        |s| Value::Number(if s.net == Family::AlexNet { 0.5 } else { 0.0 })
    ),
    field!(
        activation,
        Network,
        word(Activation),
        |_| words(Activation::WORDS),
        |s| default_word(if families::is_lenet(s.net) {
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
        |s| default_word(if families::is_lenet(s.net) {
            "average"
        } else {
            "max"
        }),
        |s| families::pools(s.net)
    ),
    field!(
        head,
        Network,
        word(Head),
        |_| words(Head::WORDS),
        |_| default_word("dense"),
        |s| families::flattens(s.net)
    ),
    field!(
        attention,
        Network,
        word(Attention),
        |_| words(Attention::WORDS),
        |_| default_word("none"),
        |s| s.net != Family::Mlp
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
