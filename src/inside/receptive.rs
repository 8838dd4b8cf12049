//! The receptive field of a unit. Araujo, Norris and Sim 2019,
//! <https://distill.pub/2019/computing-receptive-fields>: a window of `k` pixels at place `i` of an
//! operation with stride `s` and padding `p` reaches from `i·s − p` to `i·s − p + k − 1`. Followed
//! from the unit back to the image, so that it is exact at the borders and where branches with different
//! kernels meet.

use serde::Serialize;

use crate::arch::{Form, Shaped};
use crate::base::ImageShape;
use crate::operation::{Reach, Shape};

/// A receptive field, as a part of an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct ReceptiveField {
    /// Its first row.
    pub top: usize,
    /// Its first column.
    pub left: usize,
    /// Rows.
    pub height: usize,
    /// Columns.
    pub width: usize,
}

/// The first and the last of some lines or columns.
pub type Span = (usize, usize);

/// The part of the image that the number at line `y` and column `x` of row `row` depends on.
pub fn window(network: &Shaped, row: usize, y: usize, x: usize) -> ReceptiveField {
    let Shape::Image(image) = network.input else {
        return ReceptiveField {
            top: 0,
            left: 0,
            height: 0,
            width: 0,
        };
    };
    let (top, bottom) = seen(network, row, (y, y), |image| image.height);
    let (left, right) = seen(network, row, (x, x), |image| image.width);
    let (bottom, right) = (bottom.min(image.height - 1), right.min(image.width - 1));
    ReceptiveField {
        top,
        left,
        height: bottom + 1 - top,
        width: right + 1 - left,
    }
}

/// What lies behind some lines (or columns: `size` tells how many an image has) of the output of
/// the operation that is number `row` within `part`: lines of the part's input.
fn seen(part: &Shaped, row: usize, span: Span, size: fn(ImageShape) -> usize) -> Span {
    let children = part.parts();
    if children.is_empty() {
        return part.reach(span, size);
    }
    let mut before = 0;
    for (at, child) in children.iter().enumerate() {
        let count = child.operations().len();
        if row < before + count {
            let span = seen(child, row - before, span, size);
            return match part.form {
                Form::Sequential(_) => through(&children[..at], span, size),
                // All branches get the same input.
                Form::Merge { .. } | Form::Operation(_) => span,
            };
        }
        before += count;
    }
    span
}

/// Back through some parts, the last of them first.
fn through(parts: &[Shaped], span: Span, size: fn(ImageShape) -> usize) -> Span {
    parts
        .iter()
        .rev()
        .fold(span, |span, part| part.reach(span, size))
}

impl Shaped {
    /// The lines of this part's input that these lines of its output depend on.
    fn reach(&self, span: Span, size: fn(ImageShape) -> usize) -> Span {
        match &self.form {
            Form::Operation(operation) => behind(operation.about().reach(), self.input, span, size),
            Form::Sequential(parts) => through(parts, span, size),
            // The join of branches sees what any of those sees that it joins.
            Form::Merge { join, branches } => {
                let each = join
                    .joined(branches)
                    .iter()
                    .map(|branch| branch.reach(span, size));
                let both = |a: Span, b: Span| (a.0.min(b.0), a.1.max(b.1));
                each.reduce(both).unwrap_or(span)
            }
        }
    }
}

/// The lines of an input that these lines of an output depend on.
fn behind(reach: Reach, input: Shape, (first, last): Span, size: fn(ImageShape) -> usize) -> Span {
    let all = match input {
        Shape::Image(image) => (0, size(image) - 1),
        Shape::Vector(_) => (0, 0),
    };
    match reach {
        Reach::Same => (first, last),
        Reach::Window(window) => {
            let last = (last * window.stride + window.size - 1).saturating_sub(window.padding);
            let first = (first * window.stride).saturating_sub(window.padding);
            (first, last.min(all.1))
        }
        Reach::Square(scale) => (first / scale, last / scale),
        Reach::All => all,
    }
}
