//! What enters a layer, and where in it a place is.

use super::network::{LayerOutput, softmax};
use super::terms::{Derivation, Exponential, How, Others, Position};
use crate::base::ImageShape;
use crate::base::error::{Problem, Result};
use crate::operation::Shape;

/// What enters a layer, and whose output that is.
pub(super) struct Entering<'a> {
    pub(super) output: &'a LayerOutput,
    pub(super) row: Option<usize>,
}

impl Entering<'_> {
    pub(super) const fn image(&self) -> Option<ImageShape> {
        match self.output.shape {
            Shape::Image(image) => Some(image),
            Shape::Vector(_) => None,
        }
    }

    /// A number of an image; none beyond it.
    pub(super) fn at(&self, channel: usize, y: isize, x: isize) -> Option<f32> {
        let image = self.image()?;
        let (y, x) = (usize::try_from(y).ok()?, usize::try_from(x).ok()?);
        if y >= image.height || x >= image.width {
            return None;
        }
        let at = channel * image.area() + y * image.width + x;
        self.output.values.get(at).copied()
    }

    /// The place nearest to this one, if one layer made it.
    pub(super) fn place(&self, channel: usize, y: isize, x: isize) -> Option<Position> {
        let image = self.image()?;
        let within = |at: isize, size: usize| at.clamp(0, size as isize - 1) as usize;
        Some(Position {
            row: self.row?,
            channel,
            y: within(y, image.height),
            x: within(x, image.width),
        })
    }

    /// Where a number of the flattened image was, if one layer made that.
    pub(super) fn unflattened(&self, at: usize) -> Option<Position> {
        Some(unflattened(self.row?, self.image()?, at))
    }

    /// The numbers of a window, line by line.
    pub(super) fn window(
        &self,
        channel: usize,
        top: isize,
        left: isize,
        step: Steps,
    ) -> Vec<Option<f32>> {
        let line = |at: usize| (at * step.apart) as isize;
        let [rows, columns] = step.edges;
        let lines =
            (0..rows).flat_map(|y| (0..columns).map(move |x| (top + line(y), left + line(x))));
        lines.map(|(y, x)| self.at(channel, y, x)).collect()
    }
}

/// Rows and columns of a window, and how far they are apart.
#[derive(Clone, Copy)]
pub(super) struct Steps {
    pub(super) edges: [usize; 2],
    pub(super) apart: usize,
}

/// Where a number of a flattened image is in it.
pub(super) fn unflattened(row: usize, image: ImageShape, at: usize) -> Position {
    let (channel, rest) = (at / image.area(), at % image.area());
    Position {
        row,
        channel,
        y: rest / image.width,
        x: rest % image.width,
    }
}

/// The index of a place in an output.
pub(super) fn index(shape: Shape, place: Position) -> Result<usize> {
    let Position { row, channel, y, x } = place;
    match shape {
        Shape::Image(image) if channel < image.channels && y < image.height && x < image.width => {
            Ok(channel * image.area() + y * image.width + x)
        }
        Shape::Vector(features) if channel < features => Ok(channel),
        _ => Err(Problem::internal(format!(
            "row {row} has no ({channel}, {y}, {x})"
        ))),
    }
}

/// The terms with the largest sizes first, and what the others come to.
pub(super) fn largest<T>(mut all: Vec<T>, most: usize, of: impl Fn(&T) -> f32) -> (Vec<T>, Others) {
    all.sort_by(|a, b| of(b).abs().total_cmp(&of(a).abs()));
    let rest = all.split_off(most.min(all.len()));
    let others = Others {
        count: rest.len(),
        sum: rest.iter().map(&of).sum(),
    };
    (all, others)
}

/// The softmax of these logits: the most probable classes, and that of this place.
pub(super) fn exponentials(place: Position, logits: &[f32], most: usize) -> Derivation {
    let shares = softmax(logits);
    let mut order: Vec<usize> = (0..logits.len()).collect();
    order.sort_by(|&a, &b| logits[b].total_cmp(&logits[a]));
    let shown = order.iter().enumerate();
    let shown = shown.filter(|&(at, &class)| at < most || class == place.channel);
    let classes = shown.map(|(_, &class)| Exponential {
        class,
        logit: logits[class],
        power: logits[class].exp(),
        share: shares[class],
    });
    Derivation {
        place,
        value: shares[place.channel],
        how: How::Softmax {
            classes: classes.collect(),
            sum: logits.iter().map(|logit| logit.exp()).sum(),
        },
        touchable: None,
        offers: Vec::new(),
    }
}
