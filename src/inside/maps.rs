//! Feature maps of the picture, single units, and the class probabilities.

use serde::Serialize;

use super::network::{LayerOutput, area, softmax};
use super::palette;
use super::receptive::{ReceptiveField, window};
use super::{Inside, Tiles};
use crate::base::error::{Problem, Result};
use crate::operation::Shape;

/// The feature maps of a layer for the picture.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Map {
    /// Which layer.
    pub row: usize,
    /// A picture for each channel, all on one scale; a vector is one picture of a single line.
    pub tiles: Tiles,
    /// How many channels there are, shown or not.
    pub channels: usize,
    /// The smallest value.
    pub lowest: f32,
    /// The largest value.
    pub highest: f32,
    /// Their mean.
    pub mean: f32,
}

/// One unit of a layer.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Neuron {
    /// Its activation for the picture.
    pub value: f32,
    /// Its receptive field.
    pub window: ReceptiveField,
    /// Whether that is the whole image.
    pub whole: bool,
}

/// The class probabilities of the picture.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Classified {
    /// The probability of each class; they sum to 1.
    pub probabilities: Vec<f32>,
    /// The picture as the data set has it, and with its pixels where this network gets them.
    pub seen: Tiles,
}

impl Tiles {
    /// At most `channels` channels of a layer's output for one picture, a tile each; a vector is one tile of a single line.
    /// `largest` is the value that the strongest colour stands for.
    pub(super) fn of_output(output: &LayerOutput, channels: usize, largest: f32) -> Self {
        let (width, height, there) = match output.shape {
            Shape::Image(image) => (image.width, image.height, image.channels),
            Shape::Vector(features) => (features, 1, 1),
        };
        let count = there.min(channels);
        let shown = &output.values[..count * width * height];
        Self {
            width,
            height,
            count,
            pixels: palette::signed(shown, largest).into(),
            largest,
        }
    }
}

impl Map {
    /// At most `channels` channels of an output for one picture. Its strongest colour stands for `largest`, by default for
    /// the largest value that it has.
    pub(super) fn of(
        row: usize,
        output: &LayerOutput,
        channels: usize,
        largest: Option<f32>,
    ) -> Self {
        let values = &output.values;
        let largest = largest.unwrap_or_else(|| palette::largest(values));
        let (lowest, highest) = palette::ends(values);
        Self {
            row,
            tiles: Tiles::of_output(output, channels, largest),
            channels: output.shape.channels(),
            lowest,
            highest,
            mean: values.iter().sum::<f32>() / values.len() as f32,
        }
    }
}

impl Inside {
    /// At most `channels` channels of each of these rows.
    pub(super) async fn maps(&mut self, rows: &[usize], channels: usize) -> Result<Vec<Map>> {
        let all = self.look_through().await?;
        let mut maps = Vec::with_capacity(rows.len());
        for &row in rows {
            let activation = all
                .get(row)
                .ok_or_else(|| Problem::internal(format!("the network has no row {row}")))?;
            maps.push(Map::of(row, activation, channels, None));
        }
        Ok(maps)
    }

    /// The number at this place.
    pub(super) async fn neuron(
        &mut self,
        row: usize,
        channel: usize,
        y: usize,
        x: usize,
    ) -> Result<Neuron> {
        let shape = self.shape(row)?;
        let all = self.look_through().await?;
        let at = match shape {
            Shape::Image(image) if y < image.height && x < image.width => {
                channel * area(shape) + y * image.width + x
            }
            Shape::Image(_) => {
                return Err(Problem::internal(format!("row {row} has no ({y}, {x})")));
            }
            Shape::Vector(_) => channel,
        };
        let found = all
            .get(row)
            .and_then(|activation| activation.values.get(at));
        let value =
            *found.ok_or_else(|| Problem::internal(format!("row {row} has no unit {at}")))?;
        let window = window(self.plan(), row, y, x);
        let whole = window.height * window.width == self.facts.shape.area();
        Ok(Neuron {
            value,
            window,
            whole,
        })
    }

    /// The class probabilities of the picture.
    pub(super) async fn classify(&mut self) -> Result<Classified> {
        self.classes()?;
        let seen = self.pictures()?;
        let all = self.look_through().await?;
        let logits = all.last().map(|last| last.values.as_slice());
        Ok(Classified {
            probabilities: softmax(logits.unwrap_or_default()),
            seen,
        })
    }

    /// The picture before and after the permutation of its pixels.
    fn pictures(&self) -> Result<Tiles> {
        let picture = self.picture()?;
        let shape = self.facts.shape;
        let mut moved = vec![0; picture.pixels.len()];
        self.transform
            .place(&picture.pixels, picture.split, picture.index, &mut moved);
        let both = [picture.pixels.as_slice(), &moved].concat();
        Ok(Tiles::of_pixels(&both, shape))
    }
}
