//! The terms of a number: what the layers of a network say of one place of their output, as data.

use serde::Serialize;

use crate::arch::Join;
use crate::arch::touch::{Touch, Touchable};

/// One number of a layer's output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Position {
    /// Which layer.
    pub row: usize,
    /// Which channel or feature.
    pub channel: usize,
    /// Which line of the map; 0 in a vector.
    pub y: usize,
    /// Which column.
    pub x: usize,
}

/// What one layer does at a place.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Derivation {
    /// Where.
    pub place: Position,
    /// The number that comes of it.
    pub value: f32,
    /// How.
    pub how: How,
    /// What a person may change there.
    pub touchable: Option<Touchable>,
    /// What one press changes of it: what is off or frozen is taken back.
    pub offers: Vec<Touch>,
}

/// How a number comes about.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum How {
    /// A convolution: the sum of the channels' sums, and the bias.
    Convolution {
        /// Numbers in a line of the kernel.
        edge: usize,
        /// The channels with the largest sums first.
        channels: Vec<ChannelTerm>,
        /// All others.
        others: Others,
        /// All of them together, without the bias.
        sum: f32,
        /// What is added.
        bias: Option<f32>,
    },
    /// A dense layer: the sum of the terms, and the bias.
    Dense {
        /// The largest ones first.
        terms: Vec<Term>,
        /// All others.
        others: Others,
        /// All of them together, without the bias.
        sum: f32,
        /// What is added.
        bias: f32,
    },
    /// Two dense layers for what is pooled of each channel, with a ReLU between them: once for the means, once for the largest
    /// values, and both are added.
    Pooled {
        /// For the means, then for the largest values.
        ways: [PooledWay; 2],
        /// What each of the two adds.
        bias: f32,
    },
    /// Max pooling: the largest number of a window.
    Maximum {
        /// Numbers in a line of the window.
        edge: usize,
        /// Line by line; none beyond the map.
        values: Vec<Option<f32>>,
        /// Which of them wins: the first of the largest.
        winner: usize,
        /// Where that is.
        from: Option<Position>,
    },
    /// The mean of a window, where padding counts as zeros.
    Average {
        /// Numbers in a line of the window.
        edge: usize,
        /// Line by line; none beyond the map. Empty if there are too many to be written out.
        values: Vec<Option<f32>>,
        /// How many.
        count: usize,
        /// The middle of the window.
        from: Option<Position>,
    },
    /// A normalization, as in a test.
    Normalization {
        /// Whose mean and variance.
        over: Over,
        /// What enters.
        input: f32,
        /// Their mean.
        mean: f32,
        /// Their variance.
        variance: f32,
        /// What is added to that.
        epsilon: f32,
        /// What the normalized number is multiplied by.
        scale: f32,
        /// And what is added.
        shift: f32,
        /// For batch normalization: the same while training.
        batch: Option<BatchPass>,
    },
    /// A nonlinearity.
    Nonlinearity {
        /// Its kind, as in the layer table.
        name: &'static str,
        /// What enters.
        input: f32,
    },
    /// The softmax behind the last layer.
    Softmax {
        /// The most probable classes, and the one that was asked for.
        classes: Vec<Exponential>,
        /// The sum of the exponentials of all classes.
        sum: f32,
    },
    /// A learned factor.
    Scaled {
        /// What enters.
        input: f32,
        /// What it is multiplied by.
        factor: f32,
    },
    /// A number of the layer before goes on as it is.
    Same {
        /// Which.
        from: Option<Position>,
    },
    /// Branches meet: their numbers at the place are added or multiplied.
    Joined {
        /// Which of the two.
        join: Join,
        /// A term for each branch.
        terms: Vec<JoinedTerm>,
        /// Which of them is that of the place.
        own: usize,
    },
    /// Branches meet, and their channels lie behind each other.
    Concatenated {
        /// Which channel that of the place is now.
        channel: usize,
        /// Of how many.
        channels: usize,
    },
    /// The number is a gate: all numbers of a channel, or of a place, are multiplied by it.
    Gate {
        /// How many those are.
        numbers: usize,
    },
    /// Zero, in a channel that is put behind those that enter.
    Zero {
        /// How many enter.
        channels: usize,
    },
}

/// Of which numbers a normalization takes the mean and the variance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Over {
    /// Batch normalization: a running mean of those of the batches in training.
    Running,
    /// Numbers of this image alone.
    Own {
        /// How many.
        numbers: usize,
    },
}

/// What batch normalization makes of a number while training: as a part of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct BatchPass {
    /// The images of the batch: the picture, and test images.
    pub images: usize,
    /// What enters: it differs where batch normalization comes before.
    pub input: f32,
    /// The mean of the channel over the batch.
    pub mean: f32,
    /// Its variance.
    pub variance: f32,
    /// The number that comes of it.
    pub value: f32,
}

/// What a branch brings to a place where branches meet.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct JoinedTerm {
    /// Its number; 0 if the branch is switched off.
    pub value: f32,
    /// Where it comes from, as far as that is one layer.
    pub from: Option<Position>,
}

/// What a channel brings to a convolution.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct ChannelTerm {
    /// Which channel of the input.
    pub channel: usize,
    /// The numbers below the kernel, line by line; none beyond the map, where zeros stand.
    pub values: Vec<Option<f32>>,
    /// The kernel.
    pub weights: Vec<f32>,
    /// The product of each pair.
    pub products: Vec<f32>,
    /// Their sum.
    pub sum: f32,
    /// The middle of the patch in the layer before; none in the image and where branches are joined.
    pub from: Option<Position>,
}

impl ChannelTerm {
    /// That of these numbers below these weights.
    pub(super) fn of(
        channel: usize,
        values: Vec<Option<f32>>,
        weights: Vec<f32>,
        from: Option<Position>,
    ) -> Self {
        let pairs = values.iter().zip(&weights);
        let products: Vec<f32> = pairs.map(|(v, w)| v.unwrap_or(0.0) * w).collect();
        Self {
            channel,
            sum: products.iter().sum(),
            values,
            weights,
            products,
            from,
        }
    }
}

/// What an input brings to a dense layer.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Term {
    /// Which input.
    pub input: usize,
    /// What it is.
    pub value: f32,
    /// What it is multiplied by.
    pub weight: f32,
    /// Their product.
    pub product: f32,
    /// Where the input comes from, as far as that is one number of a layer.
    pub from: Option<Position>,
}

impl Term {
    /// That of this input, with its weight.
    pub(super) const fn of(input: usize, value: f32, weight: f32, from: Option<Position>) -> Self {
        Self {
            input,
            value,
            weight,
            product: value * weight,
            from,
        }
    }
}

/// What the two dense layers make of the channels' means, or of their largest values.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct PooledWay {
    /// The units between the two layers, the largest products first.
    pub terms: Vec<Term>,
    /// All others.
    pub others: Others,
    /// All of them together, without the bias.
    pub sum: f32,
    /// How the first of these units comes about.
    pub unit: PooledUnit,
}

/// A unit between the two layers.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct PooledUnit {
    /// A term for each channel, the largest products first.
    pub terms: Vec<Term>,
    /// All others.
    pub others: Others,
    /// All of them together, without the bias. Below zero with it, the ReLU makes it zero.
    pub sum: f32,
    /// What is added.
    pub bias: f32,
}

/// Terms that are not written out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Others {
    /// How many.
    pub count: usize,
    /// Their sum.
    pub sum: f32,
}

/// A class in a softmax.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Exponential {
    /// Which class.
    pub class: usize,
    /// What the last layer says of it.
    pub logit: f32,
    /// The exponential of that.
    pub power: f32,
    /// Its share of the sum of all.
    pub share: f32,
}
