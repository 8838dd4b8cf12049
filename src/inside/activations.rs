//! What the drawing of a network shows of one picture: the maps of the layers that are on the screen, what each branch of a
//! join carries, and the answer. One forward pass, of which only what is shown leaves the device.

use serde::Serialize;

use super::network::{LayerOutput, softmax};
use super::passed::{Calls, Passed};
use super::{Inside, Map, Tiles, gates, palette};
use crate::base::ImageShape;
use crate::base::error::{Problem, Result};
use crate::experiment::Task;

/// Classes that an answer has at most.
const CLASSES: usize = 10;

/// What the drawing shows of the picture.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Activations {
    /// The picture as it is before the network's pixels and values change: one tile.
    pub picture: Tiles,
    /// What the network gets of it, a tile a channel.
    pub input: Tiles,
    /// The layers that were asked for.
    pub maps: Vec<Map>,
    /// The joins that were asked for.
    pub joins: Vec<Joined>,
    /// The classes in their order, or the ten most probable of more; none where the network marks pixels.
    pub answer: Vec<Probability>,
    /// Where the network marks pixels: the true mask and the one that it marks, from black, 0, to white, 1.
    pub masks: Option<Tiles>,
}

/// What comes together in one place.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Joined {
    /// Which join: they are numbered as they are done, so that a join within another comes first.
    pub join: usize,
    /// What each branch carries, all on one scale.
    pub branches: Vec<Carried>,
}

/// What one branch carries to a join.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Carried {
    /// A tile a channel.
    pub tiles: Tiles,
    /// The root of the mean of the squares of all its numbers.
    pub size: f32,
    /// The smallest of all its numbers: what is behind a nonlinearity may have none below zero.
    pub lowest: f32,
    /// The largest of all its numbers.
    pub highest: f32,
}

/// How probable a class is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Probability {
    /// The class.
    pub class: usize,
    /// Its softmax, 0 to 1.
    pub share: f32,
    /// Whether no other is larger.
    pub first: bool,
}

impl Inside {
    /// At most `channels` channels of these rows and of the branches of these joins, and the answer.
    pub(super) async fn activations(
        &mut self,
        rows: &[usize],
        joins: &[usize],
        channels: usize,
    ) -> Result<Activations> {
        let picture = self.shown(&[self.picture()?]);
        let input = self.input()?;
        let calls = Calls::of(self.plan());
        let sigmoids: Vec<usize> = gates::gates(self.plan(), 0)
            .iter()
            .map(|rows| rows.end - 1)
            .collect();
        let mut pass = Passed::through(&mut self.network, input);
        let mut maps = Vec::with_capacity(rows.len());
        for &row in rows {
            let call = calls.rows.get(row);
            let call =
                call.ok_or_else(|| Problem::internal(format!("the network has no row {row}")))?;
            // A gate's values are shares of what it lets through.
            let largest = sigmoids.contains(&row).then_some(1.0);
            maps.push(Map::of(row, pass.output(*call).await?, channels, largest));
        }
        let mut joined = Vec::with_capacity(joins.len());
        for &join in joins {
            let found = calls.joins.get(join);
            let found = found
                .ok_or_else(|| Problem::internal(format!("the network has no join {join}")))?;
            let mut most = 0.0_f32;
            for branch in &found.branches {
                most = most.max(palette::largest(&pass.output(branch.end).await?.values));
            }
            let mut branches = Vec::with_capacity(found.branches.len());
            for (branch, carrier) in found.branches.iter().enumerate() {
                let mut output = pass.output(carrier.end).await?.clone();
                if self.cut.contains(&(join, branch)) {
                    output.values.fill(0.0);
                }
                branches.push(Carried::of(&output, channels, most));
            }
            joined.push(Joined { join, branches });
        }
        let input = pass.output(0).await?.clone();
        let last = pass.output(calls.last()).await?;
        Ok(Activations {
            picture,
            input: Tiles::of_output(&input, channels, palette::largest(&input.values)),
            maps,
            joins: joined,
            answer: self
                .classes()
                .map_or_else(|_| Vec::new(), |_| answer(&last.values)),
            masks: self.masks(&last.values)?,
        })
    }

    /// Where the network marks pixels, the true mask of the picture and the one that these logits mark.
    fn masks(&self, logits: &[f32]) -> Result<Option<Tiles>> {
        if self.transform.task() != Task::Segment {
            return Ok(None);
        }
        let picture = self.picture()?;
        let ImageShape { height, width, .. } = self.facts.shape;
        let mut both = vec![0.0; height * width];
        self.transform
            .mask(&picture.pixels, picture.split, picture.index, &mut both);
        both.extend(logits.iter().map(|logit| 1.0 / (1.0 + (-logit).exp())));
        Ok(Some(Tiles {
            width,
            height,
            count: 2,
            pixels: palette::opaque(&both, 1, height * width).into(),
            largest: 1.0,
        }))
    }
}

impl Carried {
    fn of(output: &LayerOutput, channels: usize, largest: f32) -> Self {
        let squares = output.values.iter().map(|value| value * value).sum::<f32>();
        let (lowest, highest) = palette::ends(&output.values);
        Self {
            tiles: Tiles::of_output(output, channels, largest),
            size: (squares / output.values.len() as f32).sqrt(),
            lowest,
            highest,
        }
    }
}

/// All classes, or the most probable ones of many.
fn answer(logits: &[f32]) -> Vec<Probability> {
    let shares = softmax(logits);
    let mut order: Vec<usize> = (0..shares.len()).collect();
    order.sort_by(|&a, &b| shares[b].total_cmp(&shares[a]));
    let first = order.first().copied();
    order.truncate(CLASSES);
    if shares.len() <= CLASSES {
        order.sort_unstable();
    }
    let each = order.into_iter().map(|class| Probability {
        class,
        share: shares[class],
        first: first == Some(class),
    });
    each.collect()
}
