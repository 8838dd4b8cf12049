//! The one table of a spec's fields, in the order in which they depend on each other:
//! a field's limits, default and whether it applies may look at the fields above it.

use super::families::{self, depth, width};
use super::field::{Field, Group, Kind, Value};
use super::row::{
    default_word, field, number, numbers, per_channel, switch, text, usual, whole, whole_number,
    word, words, words_of,
};
use super::{
    Activation, Attention, Augment, Block, DataSet, ExperimentSpec, Family, Head, Inception, Init,
    Joining, Normalize, Optimizer, Order, Permute, Pool, Schedule, Shortcut, Stop, Task,
};

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
        set,
        Data,
        text,
        |_| Kind::Digest,
        |_| default_word(""),
        |s| s.data == DataSet::File
    ),
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
    field!(order, Data, word(Order), |_| words(Order::WORDS), |_| {
        default_word("shuffled")
    }),
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
        task,
        Network,
        word(Task),
        |_| words(Task::WORDS),
        |_| default_word("classify"),
        |s| s.net == Family::Own
    ),
    // A scene's mask would have to move along.
    field!(
        augment,
        Data,
        word(Augment),
        |_| words(Augment::WORDS),
        |_| default_word("none"),
        |s| s.task() == Task::Classify
    ),
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
        stages,
        Network,
        whole,
        |_| Kind::Integer { min: 1, max: 4 },
        |_| Value::Number(3.0),
        |s| s.net == Family::ResNet
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
        auxiliary,
        Network,
        switch,
        |_| Kind::Switch,
        |_| Value::Switch(false),
        |s| s.net == Family::GoogLeNet
    ),
    field!(
        batchnorm,
        Network,
        switch,
        |_| Kind::Switch,
        |s| Value::Switch(
            !families::is_lenet(s.net)
                && families::convolves(s.net)
                && !matches!(s.net, Family::Cnn | Family::Exercise1)
        ),
        |s| families::convolves(s.net)
    ),
    field!(
        dropout,
        Network,
        number,
        |_| Kind::Number { min: 0.0, max: 0.9 },
        |s| Value::Number(if s.net == Family::AlexNet { 0.5 } else { 0.0 }),
        |s| families::is_made(s.net)
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
        }),
        |s| families::is_made(s.net)
    ),
    field!(
        pool,
        Network,
        word(Pool),
        |_| words(Pool::WORDS),
        |s| default_word(if families::averages(s.net) {
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
        |s| families::convolves(s.net)
    ),
    field!(init, Network, word(Init), init_words, |_| {
        default_word("pytorch")
    }),
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
        nesterov,
        Optimizer,
        switch,
        |_| Kind::Switch,
        |_| Value::Switch(false),
        |s| s.optimizer == Optimizer::Sgd && s.momentum > 0.0
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
    // A pixel's target is one of two values, and its loss another one.
    field!(
        smoothing,
        Optimizer,
        number,
        |_| Kind::Number { min: 0.0, max: 0.5 },
        |_| Value::Number(0.0),
        |s| s.task() == Task::Classify
    ),
    field!(
        batch,
        Budget,
        whole,
        // Twice as many would make arrays for which a GPU starts no kernel: a test of `src/arch/memory.rs`.
        |_| Kind::Integer { min: 1, max: 2048 },
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
        |s| s.stop != Stop::Steps
    ),
    field!(
        until,
        Budget,
        number,
        |_| Kind::Number {
            min: 0.01,
            max: 1.0
        },
        |_| Value::Number(UNTIL),
        |s| s.stop == Stop::Accuracy
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
    field!(
        layers,
        Network,
        text,
        |_| Kind::Layers {
            longest: LONGEST_LAYERS
        },
        |_| default_word(FIRST_LAYERS),
        |s| s.net == Family::Own
    ),
];

/// The longest text of a network, in characters: a link with it can still be encoded once more.
const LONGEST_LAYERS: usize = 2_400;
/// What is enough of a test, unless a person says otherwise.
pub(super) const UNTIL: f64 = 0.98;

/// The network of one's own that a person starts from: the small CNN.
pub(super) const FIRST_LAYERS: &str = "conv16,relu,max,conv32,relu,max,flatten,fc64,relu,fc";

/// Weights follow the pixels only where one permutation is all there is, and the first layer has a weight for each pixel.
fn init_words(spec: &ExperimentSpec) -> Kind {
    let follow = spec.permute == Permute::Fixed && !families::convolves(spec.net);
    let offered = |word: &&str| follow || *word != Init::Permuted.word();
    Kind::Choice {
        words: Init::WORDS.iter().copied().filter(offered).collect(),
    }
}

/// The widely copied numbers are CIFAR-10's, so other sets do not offer them.
fn normalize_words(spec: &ExperimentSpec) -> Kind {
    let offered = |word: &&str| spec.data == DataSet::Cifar10 || *word != Normalize::Copied.word();
    Kind::Choice {
        words: Normalize::WORDS.iter().copied().filter(offered).collect(),
    }
}
