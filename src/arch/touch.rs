//! What a person changes about a network's numbers by hand: a weight, a kernel, a channel or a layer that is switched off, a
//! branch that carries nothing, a layer that is not trained further.
//!
//! Edits are of the moment: training goes on from the changed numbers. What is switched off stays off and what is frozen
//! stays as it is ([`Holds`]) until a person takes it back.

mod kinds;
mod places;
mod standing;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use self::kinds::EDGE;
pub use self::kinds::{Pattern, Touch, Touched};
use self::places::{Place, attached, joins, lacks, places};
use self::standing::{About, covered};
pub use self::standing::{offers, standing};
use super::{Form, Join, Shaped};
use crate::base::error::{Code, Problem, Result};
use crate::operation::Operation;

/// Touches of one network at most.
pub const MOST_TOUCHES: usize = 100;

/// The largest size of a number that is typed in: beyond it nothing but overflow is to be seen.
pub const LARGEST: f32 = 1000.0;

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

/// Changes a network's weights as a person does, and says what stays as it is from then on. `past` are the changes that its run
/// has gone on with before: what they switched off and froze holds as long as it is not taken back. `first` are the weights
/// that training began with.
///
/// What is switched off is off, whatever else was done to it.
///
/// # Errors
/// [`Code::NoSuchNumber`] for a layer, channel, weight or branch that the network does not have; [`Code::NoWeights`] and
/// [`Code::NoKernel`] for a layer without what the touch is about; [`Code::OutOfRange`] for a number that is not finite or
/// larger than [`LARGEST`]; [`Code::TooManyTouches`]. Nothing has changed then.
pub fn touch(
    plan: &Shaped,
    (past, touches): (&[Touch], &[Touch]),
    weights: &mut [Vec<f32>],
    first: impl Fn() -> Vec<Vec<f32>>,
) -> Result<Holds> {
    let holds = holds(plan, &[past, touches].concat())?;
    let places = places(plan);
    for touch in standing(touches, |touch| *touch) {
        match touch {
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
            Touch::ChannelOn { row, channel } => {
                let first = first();
                for place in attached(&places, row)? {
                    for (array, numbers) in place.arrays.clone().zip(place.channel(channel)?) {
                        for at in numbers {
                            weights[array][at] = first[array][at];
                        }
                    }
                }
            }
            Touch::LayerOn { row } => {
                let first = first();
                for place in attached(&places, row)? {
                    for array in place.arrays.clone() {
                        weights[array].clone_from(&first[array]);
                    }
                }
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
    for touch in touches {
        check(plan, &places, touch)?;
    }
    let mut holds = Holds::default();
    for touch in standing(touches, |touch| *touch) {
        match touch {
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
            _ => {}
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
        Touch::Channel { row: of, channel } | Touch::ChannelOn { row: of, channel } => {
            let place = row(of)?;
            match has_channels(place.operation) {
                true => place.channel(channel).map(drop),
                false => Err(place.of_kind(Code::NoWeights)),
            }
        }
        Touch::Layer { row: of }
        | Touch::LayerOn { row: of }
        | Touch::Freeze { row: of }
        | Touch::Thaw { row: of } => row(of).map(drop),
        Touch::Given => Ok(()),
        Touch::Branch { join, branch } | Touch::BranchOn { join, branch } => {
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

/// What stands of these touches, after so many steps, with the places that it is about; `past` as in [`touch`]. What was taken
/// back or replaced, or is of something that is off, is not told.
///
/// # Errors
/// As [`touch`].
pub fn told(plan: &Shaped, past: &[Touch], touches: &[Touch], step: u32) -> Result<Vec<Touched>> {
    let all = [past, touches].concat();
    holds(plan, &all)?;
    let (operations, joins) = (plan.operations(), joins(plan));
    let path = |touch: Touch| match touch.about() {
        About::Row(row) => operations[row].0.path.clone(),
        About::Join(join) => joins[join].0.path.clone(),
        About::Network => String::new(),
    };
    let off = standing(&all, |touch| *touch);
    let mut standing = standing(touches, |touch| *touch);
    standing.retain(|touch| !covered(*touch, &off));
    let each = standing.into_iter().map(|touch| Touched {
        step,
        layer: path(touch),
        touch,
    });
    Ok(each.collect())
}

/// What freezes every layer but the last one, as one does to train a network's last layer for another task. That may be more than
/// a network takes.
pub fn body(plan: &Shaped) -> Vec<Touch> {
    let places = places(plan);
    let Some(head) = head(plan) else {
        return Vec::new();
    };
    let (mut frozen, mut row) = (Vec::new(), 0);
    while row < head {
        match attached(&places, row) {
            Ok(all) if !places[row].lengths.is_empty() => {
                frozen.push(Touch::Freeze { row });
                row += all.len();
            }
            _ => row += 1,
        }
    }
    frozen
}

/// The row of the last layer with weights, which what is behind it is attached to.
pub fn head(plan: &Shaped) -> Option<usize> {
    let places = places(plan);
    let is_layer =
        |place: &Place<'_>| !place.lengths.is_empty() && !place.operation.about().is_attached();
    places.iter().rposition(is_layer)
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
