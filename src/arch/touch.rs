//! What a person changes about a network's numbers by hand: a weight, a kernel, a channel or a layer that is switched off, a
//! branch that carries nothing, a layer that is not trained further.
//!
//! Edits are of the moment: training goes on from the changed numbers. What is switched off stays off and what is frozen
//! stays as it is for as long as the run goes on ([`Holds`]).

mod places;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use self::places::{Place, attached, joins, lacks, places};
use super::{Form, Join, Shaped};
use crate::base::error::{Code, Problem, Result};
use crate::operation::Operation;

/// Touches of one network at most.
pub const MOST_TOUCHES: usize = 100;

/// The largest size of a number that is typed in: beyond it nothing but overflow is to be seen.
pub const LARGEST: f32 = 1000.0;

/// Rows and columns of a [`Pattern`].
const EDGE: usize = 3;

/// Well-known kernels of three rows and columns. In each, the positive numbers add up to one, so that what it finds has about
/// the size of what it looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
#[serde(rename_all = "kebab-case")]
pub enum Pattern {
    /// Sobel's derivative along a line: upright edges.
    SobelX,
    /// The same from line to line: level edges.
    SobelY,
    /// The difference to the four neighbours: edges of every direction.
    Laplace,
    /// The mean of nine.
    Blur,
    /// Nothing.
    Zero,
}

impl Pattern {
    /// Every one.
    pub const ALL: [Self; 5] = [
        Self::SobelX,
        Self::SobelY,
        Self::Laplace,
        Self::Blur,
        Self::Zero,
    ];

    /// Its numbers, line by line.
    pub const fn numbers(self) -> [f32; EDGE * EDGE] {
        match self {
            Self::SobelX => [-0.25, 0.0, 0.25, -0.5, 0.0, 0.5, -0.25, 0.0, 0.25],
            Self::SobelY => [-0.25, -0.5, -0.25, 0.0, 0.0, 0.0, 0.25, 0.5, 0.25],
            Self::Laplace => [0.0, -0.25, 0.0, -0.25, 1.0, -0.25, 0.0, -0.25, 0.0],
            Self::Blur => [1.0 / 9.0; EDGE * EDGE],
            Self::Zero => [0.0; EDGE * EDGE],
        }
    }
}

/// One thing that a person changes. A row is that of an operation, in the order of [`Shaped::operations`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Touch {
    /// A weight of a convolution or of a dense layer becomes this number.
    Weight {
        /// Which layer.
        row: usize,
        /// Which of its filters, or outputs.
        channel: usize,
        /// Of which channel that enters, or of which input.
        input: usize,
        /// Which number of the kernel, line by line; 0 in a dense layer.
        at: usize,
        /// The number.
        value: f32,
    },
    /// A bias of a convolution or of a dense layer becomes this number.
    Bias {
        /// Which layer.
        row: usize,
        /// Of which filter, or output.
        channel: usize,
        /// The number.
        value: f32,
    },
    /// The kernel of a filter becomes a pattern, in the middle of zeros if it is larger; of several channels that enter, it
    /// sees the mean. The bias stays.
    Kernel {
        /// Which layer.
        row: usize,
        /// Which filter.
        channel: usize,
        /// What it becomes.
        pattern: Pattern,
    },
    /// A channel is switched off: its filter and its bias are zeros, and what a normalization attached to the layer
    /// multiplies it by and adds to it.
    Channel {
        /// Which layer.
        row: usize,
        /// Which channel, or output.
        channel: usize,
    },
    /// A whole layer is switched off in the same way.
    Layer {
        /// Which layer.
        row: usize,
    },
    /// What a branch carries counts as zeros where branches meet.
    Branch {
        /// Which place where branches meet, in the order in which that happens.
        join: usize,
        /// Which branch; of a residual block the shortcut is the last.
        branch: usize,
    },
    /// A layer is not trained further, nor what is attached to it: weights, moments and running statistics stay. While training,
    /// an attached batch normalization still uses the mean and variance of the batch.
    Freeze {
        /// Which layer.
        row: usize,
    },
}

/// A touch, where and when it was.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Touched {
    /// After how many steps of the run.
    pub step: u32,
    /// The path of the layer, or of the place where branches meet.
    pub layer: String,
    /// What was done.
    pub touch: Touch,
}

/// What can be touched at a layer.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Touchable {
    /// Which layer.
    pub row: usize,
    /// The patterns that its kernels can become.
    pub patterns: Vec<Pattern>,
    /// Whether a channel can be switched off.
    pub channel: bool,
    /// Whether it has weights: it can be switched off, and frozen.
    pub learned: bool,
    /// The residual block that it is in, as [`Touch::Branch`] counts, if it is in one.
    pub block: Option<usize>,
}

/// What stays as it is while training goes on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Holds {
    /// Arrays of weights, in the network's order.
    pub arrays: BTreeMap<usize, Held>,
    /// Running statistics, in the network's order.
    pub statistics: BTreeSet<usize>,
    /// Branches that carry nothing: which join, and which branch of it.
    pub cut: BTreeSet<(usize, usize)>,
}

/// What of an array stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Held {
    /// Whether all of it does, and its moments too.
    pub whole: bool,
    /// Whether all of its numbers are and stay zero.
    pub off: bool,
    /// Those that are and stay zero.
    pub zeros: BTreeSet<usize>,
}

/// Changes a network's weights as a person does, and says what stays as it is from then on.
///
/// What is switched off is off, whatever else was done to it.
///
/// # Errors
/// [`Code::NoSuchNumber`] for a layer, channel, weight or branch that the network does not have; [`Code::NoWeights`] and
/// [`Code::NoKernel`] for a layer without what the touch is about; [`Code::OutOfRange`] for a number that is not finite or
/// larger than [`LARGEST`]; [`Code::TooManyTouches`]. Nothing has changed then.
pub fn touch(plan: &Shaped, touches: &[Touch], weights: &mut [Vec<f32>]) -> Result<Holds> {
    let holds = holds(plan, touches)?;
    let places = places(plan);
    for touch in touches {
        match *touch {
            Touch::Weight {
                row,
                channel,
                input,
                at,
                value,
            } => {
                let at = places[row].weight(channel, input, at)?;
                weights[places[row].arrays.start][at] = value;
            }
            Touch::Bias {
                row,
                channel,
                value,
            } => weights[places[row].arrays.start + 1][channel] = value,
            Touch::Kernel {
                row,
                channel,
                pattern,
            } => {
                let (from, numbers) = places[row].pattern(channel, pattern)?;
                weights[places[row].arrays.start][from..from + numbers.len()]
                    .copy_from_slice(&numbers);
            }
            _ => {}
        }
    }
    for (&array, held) in &holds.arrays {
        if held.off {
            weights[array].fill(0.0);
        }
        for &at in &held.zeros {
            weights[array][at] = 0.0;
        }
    }
    Ok(holds)
}

/// What stays as it is after these touches.
///
/// # Errors
/// As [`touch`].
pub fn holds(plan: &Shaped, touches: &[Touch]) -> Result<Holds> {
    if touches.len() > MOST_TOUCHES {
        return Err(Problem::new(Code::TooManyTouches).with("limit", MOST_TOUCHES));
    }
    let places = places(plan);
    let mut holds = Holds::default();
    for touch in touches {
        check(plan, &places, touch)?;
        match *touch {
            Touch::Channel { row, channel } => {
                for place in attached(&places, row)? {
                    for (array, numbers) in place.arrays.clone().zip(place.channel(channel)?) {
                        holds.arrays.entry(array).or_default().zeros.extend(numbers);
                    }
                }
            }
            Touch::Layer { row } => {
                for place in attached(&places, row)? {
                    for array in place.arrays.clone() {
                        holds.arrays.entry(array).or_default().off = true;
                    }
                }
            }
            Touch::Branch { join, branch } => _ = holds.cut.insert((join, branch)),
            Touch::Freeze { row } => {
                for place in attached(&places, row)? {
                    for array in place.arrays.clone() {
                        holds.arrays.entry(array).or_default().whole = true;
                    }
                    holds.statistics.extend(place.statistics);
                }
            }
            Touch::Weight { .. } | Touch::Bias { .. } | Touch::Kernel { .. } => {}
        }
    }
    Ok(holds)
}

/// Whether a touch can be done.
fn check(plan: &Shaped, places: &[Place<'_>], touch: &Touch) -> Result<()> {
    let row = |row: usize| attached(places, row).map(|all| all[0]);
    let number = |value: f32| match value.abs() <= LARGEST {
        true => Ok(()),
        false => Err(Problem::new(Code::OutOfRange)
            .with("value", value)
            .with("min", -LARGEST)
            .with("max", LARGEST)),
    };
    match *touch {
        Touch::Weight {
            row: of,
            channel,
            input,
            at,
            value,
        } => {
            row(of)?.weight(channel, input, at)?;
            number(value)
        }
        Touch::Bias {
            row: of,
            channel,
            value,
        } => {
            let place = row(of)?;
            let biases = match place.operation {
                Operation::Conv2d(_) | Operation::Linear(_) => place.lengths.get(1),
                _ => None,
            };
            let count = *biases.ok_or_else(|| place.of_kind(Code::NoWeights))?;
            if channel >= count {
                return Err(place.lacks(&[channel]));
            }
            number(value)
        }
        Touch::Kernel {
            row: of,
            channel,
            pattern,
        } => row(of)?.pattern(channel, pattern).map(drop),
        Touch::Channel { row: of, channel } => {
            let place = row(of)?;
            match has_channels(place.operation) {
                true => place.channel(channel).map(drop),
                false => Err(place.of_kind(Code::NoWeights)),
            }
        }
        Touch::Layer { row: of } | Touch::Freeze { row: of } => row(of).map(drop),
        Touch::Branch { join, branch } => {
            let joins = joins(plan);
            let (part, _) = joins.get(join).ok_or_else(|| lacks("–", &[join, branch]))?;
            match &part.form {
                Form::Merge { join, branches } if branch < join.joined(branches).len() => Ok(()),
                _ => Err(lacks(&part.path, &[join, branch])),
            }
        }
    }
}

/// Whether each channel of a layer has weights of its own.
const fn has_channels(operation: Operation) -> bool {
    matches!(
        operation,
        Operation::Conv2d(_) | Operation::ConvTranspose2d(_) | Operation::Linear(_)
    )
}

/// Touches with the places that they are about, after so many steps.
///
/// # Errors
/// As [`touch`].
pub fn told(plan: &Shaped, touches: &[Touch], step: u32) -> Result<Vec<Touched>> {
    holds(plan, touches)?;
    let (operations, joins) = (plan.operations(), joins(plan));
    let path = |touch: &Touch| match *touch {
        Touch::Branch { join, .. } => joins[join].0.path.clone(),
        Touch::Weight { row, .. }
        | Touch::Bias { row, .. }
        | Touch::Kernel { row, .. }
        | Touch::Channel { row, .. }
        | Touch::Layer { row }
        | Touch::Freeze { row } => operations[row].0.path.clone(),
    };
    let each = touches.iter().map(|touch| Touched {
        step,
        layer: path(touch),
        touch: *touch,
    });
    Ok(each.collect())
}

/// What can be touched at a row; none if there is nothing.
pub fn touchable(plan: &Shaped, row: usize) -> Option<Touchable> {
    let places = places(plan);
    let place = places.get(row)?;
    let adds = |part: &Shaped| matches!(&part.form, Form::Merge { join: Join::Add, branches } if branches.len() == 2);
    let mut joins = joins(plan).into_iter().enumerate();
    let block = joins.find(|(_, (part, rows))| rows.contains(&row) && adds(part));
    let patterns = Pattern::ALL;
    let can = |pattern: &Pattern| place.pattern(0, *pattern).is_ok();
    let learned = !place.lengths.is_empty();
    let found = Touchable {
        row,
        patterns: patterns.into_iter().filter(can).collect(),
        channel: has_channels(place.operation),
        learned,
        block: block.map(|(join, _)| join),
    };
    (learned || found.block.is_some()).then_some(found)
}
