//! Convolutions as a gather: each output pixel is a sum over the taps (weights) of a kernel, and a thread keeps
//! the sums of a few filters at neighbouring pixels of a row in registers.
//!
//! The gradient of a convolution's input is a convolution too: of the output's gradient, with the kernel flipped.
//! With a stride `s`, pixels whose coordinates have the same remainders modulo `s` (a phase) depend on the same
//! taps, so each cube computes pixels of one phase and skips the other taps.
//!
//! No shared memory is used: all threads of a cube read the same weights, which the GPU's cache broadcasts, and
//! kernels without shared memory start much faster on software adapters. Layers that differ only in their sizes
//! share a compiled kernel.

mod program;

use burn_cubecl::tensor::CubeTensor;
use cubecl::prelude::*;

use super::{buffer, empty, evenly, units};
use program::{SizesLaunch, convolve};

/// Threads of a cube.
const UNITS: usize = 64;
/// The most neighbouring pixels of a thread, and the same where there are too few cubes to keep a GPU busy.
const PIXELS: usize = 8;
const FEW: usize = 4;
/// The most filters of a thread.
const FILTERS: usize = 8;
/// Enough cubes to keep a GPU busy.
const CUBES: usize = 64;
/// The most columns of a convolution's kernel whose taps are unrolled.
const COLUMNS: usize = 7;

/// The sizes of a convolution, without the batch size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in super::super) struct Gather {
    /// Channels of the input.
    pub(in super::super) channels: usize,
    /// Channels of the output.
    pub(in super::super) filters: usize,
    /// `[rows, columns]`, as the two below.
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

    /// `[rows, columns]` of the output pixels of one phase.
    fn lattice(&self) -> [usize; 2] {
        self.output.map(|size| size.div_ceil(self.phases()))
    }

    /// How the output pixels of one phase are divided among threads; `rows` are those of the whole batch.
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
        // From the first column that no thread reads left of the input, to the last that none reads right of it.
        let [before, after] = [tile.origin(1), tile.first(1)];
        let last = (width.div_ceil(pixels) - 1) * pixels * tile.walk() + after;
        tile.inside = [
            before.saturating_sub(after),
            (self.input[1] + before).saturating_sub(last),
        ];
        tile
    }

    /// The output, `[batch, filters, height, width]`, of images `[batch, channels, height, width]`; `bias` is read only
    /// if [`Gather::bias`] is set.
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
        // SAFETY: Only positions below `positions` and filters below `sizes.filters` are written, for which
        // `output` has room; reads outside of an image or beyond the last filter are clamped to a valid
        // index.
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

/// What the kernel is compiled for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Tile {
    kernel: [usize; 2],
    stride: usize,
    padding: usize,
    backward: bool,
    bias: bool,
    relu: bool,
    /// Neighbouring output pixels, and filters, of a thread.
    pixels: usize,
    filters: usize,
    /// Whether `filters` divides the number of filters, and `pixels` the output's width.
    all_filters: bool,
    all_columns: bool,
    /// The range of the columns in a thread's window that are inside the input for every thread.
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

    /// Input pixels from one output pixel of a phase to the next.
    fn walk(&self) -> usize {
        if self.backward { 1 } else { self.stride }
    }

    /// How far before output pixel 0 its first input pixel is, along an axis; never negative.
    fn origin(&self, axis: usize) -> usize {
        if self.backward {
            (self.kernel[axis] - 1).div_ceil(self.stride)
        } else {
            self.padding
        }
    }

    /// The offset of a tap from there, without the phase's own; in the backward pass as a multiple of 1 / stride. Never
    /// negative.
    fn reach(&self, axis: usize, tap: usize) -> usize {
        if self.backward {
            self.padding + self.origin(axis) * self.stride - tap
        } else {
            tap
        }
    }

    /// The smallest of these offsets.
    fn first(&self, axis: usize) -> usize {
        self.reach(axis, 0)
            .min(self.reach(axis, self.kernel[axis] - 1))
    }

    /// Whether the taps of a row are unrolled.
    fn written(&self) -> bool {
        self.phases() == 1 && self.kernel[1] <= COLUMNS
    }

    /// Columns of a row that a thread then reads.
    fn window(&self) -> usize {
        (self.pixels - 1) * self.walk() + self.kernel[1]
    }

    /// Whether a row can be outside of the input.
    fn rows_bounded(&self) -> bool {
        self.padding > 0 || self.backward && (self.stride > 1 || self.kernel[0] > 1)
    }

    /// Whether this column of a thread's window is inside the input for every thread.
    fn surely(&self, column: usize) -> bool {
        self.inside[0] <= column && column < self.inside[1]
    }
}
