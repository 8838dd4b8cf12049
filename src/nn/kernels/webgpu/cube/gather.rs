//! Convolutions as a gather: each output is a sum over the taps of a kernel, and every thread holds
//! the sums of some filters at neighbouring pixels of a row in registers.
//!
//! The gradient of a convolution's input is one, too: of the output's gradient, with the kernel
//! turned around. With a stride `s`, pixels whose coordinates leave the same remainders by `s` see the
//! same taps, so each cube takes pixels of one such phase, and skips the other taps as a whole.
//!
//! Nothing is kept in shared memory: all threads of a cube read the same weights, which a GPU's cache
//! gives to all at once, and a program without it starts many times sooner where a CPU runs it. Layers
//! that differ only in their sizes share a program.

mod program;

use burn_cubecl::tensor::CubeTensor;
use cubecl::prelude::*;

use super::{buffer, empty, evenly, units};
use program::{SizesLaunch, convolve};

/// Threads of a cube.
const UNITS: usize = 64;
/// Neighbouring pixels that a thread sums at most, and where there is little to do for all cubes.
const PIXELS: usize = 8;
const FEW: usize = 4;
/// Filters that a thread sums at most.
const FILTERS: usize = 8;
/// Cubes that keep a GPU busy.
const CUBES: usize = 64;
/// Columns of a kernel whose taps are written out, at most.
const COLUMNS: usize = 7;

/// A convolution, but for the size of the batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in super::super) struct Gather {
    /// Of what is read.
    pub(in super::super) channels: usize,
    /// Channels of what is written.
    pub(in super::super) filters: usize,
    /// Rows and columns, as are the following.
    pub(in super::super) kernel: [usize; 2],
    pub(in super::super) input: [usize; 2],
    pub(in super::super) output: [usize; 2],
    pub(in super::super) stride: usize,
    pub(in super::super) padding: usize,
    /// Whether this is the gradient of a convolution's input: then `channels` are that
    /// convolution's filters, and `filters` its channels.
    pub(in super::super) backward: bool,
    pub(in super::super) bias: bool,
    pub(in super::super) relu: bool,
}

impl Gather {
    /// Phases along an axis.
    fn phases(&self) -> usize {
        if self.backward { self.stride } else { 1 }
    }

    /// Rows and columns of outputs of one phase.
    fn lattice(&self) -> [usize; 2] {
        self.output.map(|size| size.div_ceil(self.phases()))
    }

    /// How the outputs of one phase are divided among threads.
    fn tile(&self, rows: usize) -> Tile {
        let [_, width] = self.lattice();
        let filters = evenly(self.filters, FILTERS);
        let cubes = |pixels: usize| {
            let positions = rows * width.div_ceil(pixels);
            positions.div_ceil(UNITS) * self.filters.div_ceil(filters) * self.phases().pow(2)
        };
        let most = if cubes(PIXELS) < CUBES { FEW } else { PIXELS };
        let pixels = evenly(width, most);
        let mut tile = Tile {
            kernel: self.kernel,
            stride: self.stride,
            padding: self.padding,
            backward: self.backward,
            bias: self.bias,
            relu: self.relu,
            pixels,
            filters,
            all_filters: self.filters.is_multiple_of(filters),
            all_columns: self.output[1].is_multiple_of(pixels) && self.phases() == 1,
            inside: [0; 2],
        };
        if !tile.written() {
            return tile;
        }
        // From the first column that is never left of the input, to the last that is never right of it.
        let [before, after] = [tile.origin(1), tile.first(1)];
        let last = (width.div_ceil(pixels) - 1) * pixels * tile.walk() + after;
        tile.inside = [
            before.saturating_sub(after),
            (self.input[1] + before).saturating_sub(last),
        ];
        tile
    }

    /// `[batch, filters, height, width]` of images and weights; the bias is only read if there is one.
    pub(in super::super) fn run(
        self,
        images: &CubeTensor,
        weights: &CubeTensor,
        bias: &CubeTensor,
    ) -> CubeTensor {
        let batch = images.meta.shape()[0];
        let [height, width] = self.output;
        let output = empty(images, [batch, self.filters, height, width]);
        let [rows, columns] = self.lattice();
        let tile = self.tile(batch * rows);
        let strips = columns.div_ceil(tile.pixels);
        let positions = batch * rows * strips;
        // SAFETY: Only places below `positions` and filters below `sizes.filters` are written,
        // which `output` has; what is read outside of an image or behind the last filter is
        // replaced by a place inside.
        unsafe {
            convolve::launch_unchecked(
                &images.client,
                CubeCount::Static(
                    positions.div_ceil(UNITS) as u32,
                    self.filters.div_ceil(tile.filters) as u32,
                    self.phases().pow(2) as u32,
                ),
                units(UNITS),
                buffer(images),
                buffer(weights),
                buffer(bias),
                buffer(&output),
                SizesLaunch::new(
                    self.channels,
                    self.filters,
                    self.input[0],
                    self.input[1],
                    height,
                    width,
                    rows,
                    strips,
                    positions,
                ),
                tile,
            );
        }
        output
    }
}

/// What a program depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Tile {
    kernel: [usize; 2],
    stride: usize,
    padding: usize,
    backward: bool,
    bias: bool,
    relu: bool,
    /// Neighbouring outputs and filters of a thread.
    pixels: usize,
    filters: usize,
    /// Whether all threads have the same number of filters and of outputs.
    all_filters: bool,
    all_columns: bool,
    /// The range of a thread's columns that always lie within the input.
    inside: [usize; 2],
}

impl Tile {
    fn taps(&self) -> usize {
        self.kernel[0] * self.kernel[1]
    }

    /// Phases along an axis.
    fn phases(&self) -> usize {
        if self.backward { self.stride } else { 1 }
    }

    /// From one output to the next in what is read.
    fn walk(&self) -> usize {
        if self.backward { 1 } else { self.stride }
    }

    /// Where the first row or column is read from, in numbers that are never negative.
    fn origin(&self, axis: usize) -> usize {
        if self.backward {
            (self.kernel[axis] - 1).div_ceil(self.stride)
        } else {
            self.padding
        }
    }

    /// What a tap adds to an output's place in the input, times the number of phases and but for the
    /// phase; again never negative.
    fn reach(&self, axis: usize, tap: usize) -> usize {
        if self.backward {
            self.padding + self.origin(axis) * self.stride - tap
        } else {
            tap
        }
    }

    /// The least of those.
    fn first(&self, axis: usize) -> usize {
        self.reach(axis, 0)
            .min(self.reach(axis, self.kernel[axis] - 1))
    }

    /// Whether the taps of a row are written out.
    fn written(&self) -> bool {
        self.phases() == 1 && self.kernel[1] <= COLUMNS
    }

    /// Columns that a thread then reads of a row.
    fn window(&self) -> usize {
        (self.pixels - 1) * self.walk() + self.kernel[1]
    }

    /// Whether a row can be outside of the input.
    fn rows_bounded(&self) -> bool {
        self.padding > 0 || self.backward && (self.stride > 1 || self.kernel[0] > 1)
    }

    fn surely(&self, column: usize) -> bool {
        self.inside[0] <= column && column < self.inside[1]
    }
}
