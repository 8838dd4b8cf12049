//! The receptive field of a unit. Araujo, Norris and Sim 2019,
//! <https://distill.pub/2019/computing-receptive-fields>: a window of `k` pixels at place `i` of an
//! operation with stride `s` and padding `p` reaches from `i·s − p` to `i·s − p + k − 1`. Followed
//! from the unit back to the image, so that it is exact at the borders and where branches with different
//! kernels meet.

use serde::Serialize;

use crate::arch::{Form, Shaped};
use crate::operation::{Reach, Shape, part};

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
    let (top, bottom) = seen(network, row, (y, y), 0);
    let (left, right) = seen(network, row, (x, x), 1);
    let (bottom, right) = (bottom.min(image.height - 1), right.min(image.width - 1));
    ReceptiveField {
        top,
        left,
        height: bottom + 1 - top,
        width: right + 1 - left,
    }
}

/// What lies behind some lines (of axis 0: rows, or of axis 1: columns) of the output of the
/// operation that is number `row` within `part`: lines of the part's input.
fn seen(part: &Shaped, row: usize, span: Span, axis: usize) -> Span {
    let children = part.parts();
    if children.is_empty() {
        return part.reach(span, axis);
    }
    let mut before = 0;
    for (at, child) in children.iter().enumerate() {
        let count = child.operations().len();
        if row < before + count {
            let span = seen(child, row - before, span, axis);
            return match part.form {
                Form::Sequential(_) => through(&children[..at], span, axis),
                // All branches get the same input.
                Form::Merge { .. } | Form::Operation(_) => span,
            };
        }
        before += count;
    }
    span
}

/// Back through some parts, the last of them first.
fn through(parts: &[Shaped], span: Span, axis: usize) -> Span {
    parts
        .iter()
        .rev()
        .fold(span, |span, part| part.reach(span, axis))
}

impl Shaped {
    /// The lines of this part's input that these lines of its output depend on.
    fn reach(&self, span: Span, axis: usize) -> Span {
        match &self.form {
            Form::Operation(operation) => behind(operation.about().reach(), self.input, span, axis),
            Form::Sequential(parts) => through(parts, span, axis),
            // The join of branches sees what any of those sees that it joins.
            Form::Merge { join, branches } => {
                let each = join
                    .joined(branches)
                    .iter()
                    .map(|branch| branch.reach(span, axis));
                let both = |a: Span, b: Span| (a.0.min(b.0), a.1.max(b.1));
                each.reduce(both).unwrap_or(span)
            }
        }
    }
}

/// The lines of an input that these lines of an output depend on.
fn behind(reach: Reach, input: Shape, (first, last): Span, axis: usize) -> Span {
    let Shape::Image(image) = input else {
        return (0, 0);
    };
    let size = [image.height, image.width][axis];
    let seen = match reach {
        Reach::Same => (first, last),
        Reach::Windows(windows) => {
            let window = windows[axis];
            let last = (last * window.stride + window.size - 1).saturating_sub(window.padding);
            ((first * window.stride).saturating_sub(window.padding), last)
        }
        Reach::Inverse(window) => {
            // The pixels before it reach as far as their windows do.
            let most = first + window.padding + 1;
            (
                most.saturating_sub(window.size).div_ceil(window.stride),
                (last + window.padding) / window.stride,
            )
        }
        Reach::Parts(parts) => {
            let part = |at| part(size, parts[axis], at);
            (part(first).start, part(last).end - 1)
        }
        Reach::All => (0, size - 1),
    };
    // What sees nothing, between the windows of a transposed convolution, is given one pixel.
    let last = seen.1.min(size - 1);
    (seen.0.min(last), last)
}
