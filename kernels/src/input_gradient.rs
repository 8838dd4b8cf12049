//! The gradient of a convolution's input.

use crate::axis::Axis;
use crate::frame::Sizes;
use crate::tile::{FILTERS, Room, WIDTH, filter, pack};

/// The input's gradient: for each phase of the input, a convolution of the output's gradient with
/// the taps of that phase.
pub(crate) struct InputGradient {
    phases: Vec<Phase>,
    /// Numbers of one filter's results.
    run: usize,
}

struct Phase {
    vertical: usize,
    horizontal: usize,
    offsets: Vec<usize>,
    weights: Vec<[f32; FILTERS]>,
}

impl InputGradient {
    pub(crate) fn new(shape: &Sizes, weights: &[f32]) -> Self {
        let mut phases = Vec::new();
        for vertical in 0..shape.rows.phases() {
            for horizontal in 0..shape.columns.phases() {
                phases.push(Phase::new(shape, weights, vertical, horizontal));
            }
        }
        let most = |axis: Axis| {
            let places = |phase| axis.end(phase) - axis.first(phase).min(axis.end(phase));
            (0..axis.phases()).map(places).max().unwrap_or(0)
        };
        let run = (most(shape.rows) * shape.pitch).next_multiple_of(WIDTH);
        Self { phases, run }
    }

    /// The room that it needs.
    pub(crate) fn room(&self, shape: &Sizes) -> Room {
        let taps = self.phases.iter().map(|phase| phase.offsets.len()).max();
        Room::new(taps.unwrap_or(0), shape.channels, self.run)
    }

    /// Puts an image's gradient in its place; `gradient` is that of the output.
    pub(crate) fn put(&self, shape: &Sizes, gradient: &[f32], room: &mut Room, image: &mut [f32]) {
        let (width, pitch) = (shape.columns.input, shape.pitch);
        for phase in &self.phases {
            let (top, left) = (
                shape.rows.first(phase.vertical),
                shape.columns.first(phase.horizontal),
            );
            let height = shape.rows.end(phase.vertical).saturating_sub(top);
            let across = shape.columns.end(phase.horizontal).saturating_sub(left);
            if height == 0 || across == 0 {
                continue;
            }
            let run = (height * pitch).next_multiple_of(WIDTH);
            filter(
                gradient,
                &phase.offsets,
                &phase.weights,
                room,
                [shape.channels, run],
                |channel, results| {
                    for (row, values) in results.chunks(pitch).take(height).enumerate() {
                        let source = shape.rows.source(phase.vertical, top + row);
                        let line = &mut image[(channel * shape.rows.input + source) * width..];
                        let line = &mut line[..width];
                        if shape.columns.stride == 1 {
                            line.copy_from_slice(&values[..width]);
                        } else {
                            let first = shape.columns.source(phase.horizontal, left);
                            let targets = line[first..].iter_mut().step_by(shape.columns.stride);
                            for (target, value) in targets.zip(values) {
                                *target = *value;
                            }
                        }
                    }
                },
            );
        }
    }
}

impl Phase {
    fn new(shape: &Sizes, weights: &[f32], vertical: usize, horizontal: usize) -> Self {
        let taps = |axis: Axis, phase: usize| (phase..axis.kernel).step_by(axis.stride);
        let (before, left) = (shape.rows.before(), shape.columns.before());
        let (mut offsets, mut places) = (Vec::new(), Vec::new());
        for filter in 0..shape.filters {
            for row in taps(shape.rows, vertical) {
                for column in taps(shape.columns, horizontal) {
                    let down = before + shape.rows.first(vertical) - row / shape.rows.stride;
                    let right =
                        left + shape.columns.first(horizontal) - column / shape.columns.stride;
                    offsets.push(filter * shape.gradient_plane() + down * shape.pitch + right);
                    places.push((filter, row * shape.columns.kernel + column));
                }
            }
        }
        let area = shape.rows.kernel * shape.columns.kernel;
        let weights = pack(shape.channels, offsets.len(), |channel, tap| {
            let (filter, place) = places[tap];
            weights[(filter * shape.channels + channel) * area + place]
        });
        Self {
            vertical,
            horizontal,
            offsets,
            weights,
        }
    }
}
