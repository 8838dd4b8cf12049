//! The shapes of a convolution, and the frame that an image is copied into for it.
//!
//! In a frame the channels follow one another, each row is preceded by the zeros of the padding, and with a
//! stride larger than one the rows and columns are split into phases ([`Axis`]). In this layout, everything
//! that one tap of the kernel reads for all outputs of a channel is one contiguous run.

use crate::axis::Axis;
use crate::tile::WIDTH;

/// The shapes of a convolution, without the size of the batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sizes {
    pub(crate) channels: usize,
    pub(crate) filters: usize,
    pub(crate) rows: Axis,
    pub(crate) columns: Axis,
    /// From one row of a frame to the next.
    pub(crate) pitch: usize,
    /// Numbers of one phase of one channel in a frame.
    pub(crate) plane: usize,
}

impl Sizes {
    pub(crate) fn new(channels: usize, filters: usize, rows: Axis, columns: Axis) -> Self {
        let pitch = columns.pitch();
        Self {
            channels,
            filters,
            rows,
            columns,
            pitch,
            plane: rows.places() * pitch + columns.beyond(),
        }
    }

    /// Numbers of an input image.
    pub(crate) fn input(&self) -> usize {
        self.channels * self.rows.input * self.columns.input
    }

    /// Numbers of one filter's output.
    pub(crate) fn area(&self) -> usize {
        self.rows.output() * self.columns.output()
    }

    /// Weights of one filter.
    pub(crate) fn taps(&self) -> usize {
        self.channels * self.rows.kernel * self.columns.kernel
    }

    /// Multiplications of one image.
    pub(crate) fn products(&self) -> usize {
        self.filters * self.taps() * self.area()
    }

    /// Numbers of one filter's output where its rows are a frame's pitch apart, rounded up to tiles.
    pub(crate) fn run(&self) -> usize {
        (self.rows.output() * self.pitch).next_multiple_of(WIDTH)
    }

    /// Numbers of an input's frame. Behind it there is room for what a tile reads too much.
    pub(crate) fn frame(&self) -> usize {
        let phases = self.rows.phases() * self.columns.phases();
        phases * self.channels * self.plane + self.slack()
    }

    pub(crate) fn slack(&self) -> usize {
        self.pitch + 2 * WIDTH
    }

    /// Where in an input's frame a tap finds the first output's value.
    pub(crate) fn tap(&self, channel: usize, row: usize, column: usize) -> usize {
        let (rows, columns) = (self.rows.stride, self.columns.stride);
        let phase = (row % rows) * self.columns.phases() + column % columns;
        (phase * self.channels + channel) * self.plane + row / rows * self.pitch + column / columns
    }

    /// All taps of a filter, in the order of its weights.
    pub(crate) fn offsets(&self) -> Vec<usize> {
        let mut offsets = Vec::with_capacity(self.taps());
        for channel in 0..self.channels {
            for row in 0..self.rows.kernel {
                for column in 0..self.columns.kernel {
                    offsets.push(self.tap(channel, row, column));
                }
            }
        }
        offsets
    }

    /// Copies an image, `[channels, height, width]`, into a frame whose zeros are there already.
    pub(crate) fn fill(&self, image: &[f32], frame: &mut [f32]) {
        let (width, pitch) = (self.columns.input, self.pitch);
        for vertical in 0..self.rows.phases() {
            for horizontal in 0..self.columns.phases() {
                let phase = vertical * self.columns.phases() + horizontal;
                let (first, end) = (
                    self.columns.first(horizontal),
                    self.columns.end(horizontal).min(pitch),
                );
                let places =
                    self.rows.first(vertical)..self.rows.end(vertical).min(self.rows.places());
                for channel in 0..self.channels {
                    let plane = (phase * self.channels + channel) * self.plane;
                    for place in places.clone() {
                        let source = self.rows.source(vertical, place);
                        let line = &image[(channel * self.rows.input + source) * width..][..width];
                        let target = &mut frame[plane + place * pitch..][first..end.max(first)];
                        if !target.is_empty() {
                            let line = &line[self.columns.source(horizontal, first)..];
                            take_every(self.columns.stride, line, target);
                        }
                    }
                }
            }
        }
    }

    /// Numbers of one filter in the frame of the output's gradient.
    pub(crate) fn gradient_plane(&self) -> usize {
        (self.rows.before() + self.rows.output() + self.rows.behind()) * self.pitch
    }

    /// Where in its plane the output's gradient begins.
    pub(crate) fn gradient_start(&self) -> usize {
        self.rows.before() * self.pitch + self.columns.before()
    }
}

/// Copies the first value of each `stride` of them.
fn take_every(stride: usize, values: &[f32], target: &mut [f32]) {
    match stride {
        1 => target.copy_from_slice(values),
        // A function of its own, so that the compiler keeps the values in registers.
        2 => {
            let (pairs, last) = values.as_chunks::<2>();
            for (target, [value, _]) in target.iter_mut().zip(pairs) {
                *target = *value;
            }
            if let ([last], Some(target)) = (last, target.get_mut(pairs.len())) {
                *target = *last;
            }
        }
        _ => {
            for (target, value) in target.iter_mut().zip(values.iter().step_by(stride)) {
                *target = *value;
            }
        }
    }
}
