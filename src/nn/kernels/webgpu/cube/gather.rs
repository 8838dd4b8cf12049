//! Convolutions as a gather: each output is a sum over the taps of a kernel, and every thread holds
//! the sums of a tile of filters and pixels in registers.
//!
//! The gradient of a convolution's input is one, too: of the output's gradient, with the kernel
//! turned around. With a stride `s`, pixels whose coordinates leave the same remainders by `s` see the
//! same taps, so each cube takes pixels of one such phase, and skips the other taps as a whole.

mod program;

use burn_cubecl::tensor::CubeTensor;
use cubecl::prelude::*;

use super::{Four, buffer, empty, units};
use program::convolve;

/// Threads of a cube.
const UNITS: usize = 64;
/// Pixels that a thread sums, `UNITS` apart.
const PIXELS: usize = 4;
/// Filters that a thread sums, four at once, where there is enough to do for all cubes, and elsewhere.
const FILTERS: usize = 16;
const FEW: usize = 8;
/// Cubes that keep a GPU busy.
const CUBES: usize = 128;
/// Bytes of weights that a cube holds at most.
const SHARED: usize = 8 << 10;

/// A convolution, as far as its program depends on it: all but the size of the batch.
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
    fn taps(&self) -> usize {
        self.kernel[0] * self.kernel[1]
    }

    /// How so many outputs of each filter are shared out.
    fn tile(self, positions: usize) -> Tile {
        let cubes = positions.div_ceil(UNITS * PIXELS) * self.filters.div_ceil(FILTERS);
        let most = if cubes < CUBES { FEW } else { FILTERS };
        let tile = Tile {
            of: self,
            fours: self.filters.min(most).div_ceil(4),
        };
        if tile.depth() > 0 {
            tile
        } else {
            Tile { fours: 1, ..tile }
        }
    }

    /// Whether this can be computed here.
    pub(in super::super) fn fits(self) -> bool {
        self.tile(0).depth() > 0
    }

    /// From one output to the next in what is read.
    fn walk(&self) -> usize {
        if self.backward { 1 } else { self.stride }
    }

    /// Phases along an axis.
    fn phases(&self) -> usize {
        if self.backward { self.stride } else { 1 }
    }

    /// Rows and columns of outputs of one phase.
    fn lattice(&self) -> [usize; 2] {
        self.output.map(|size| size.div_ceil(self.phases()))
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

    /// Whether a tap can miss the input.
    fn bounded(&self) -> bool {
        self.backward && (self.stride > 1 || self.taps() > 1) || self.padding > 0
    }

    fn area(&self) -> usize {
        self.input[0] * self.input[1]
    }

    fn output_area(&self) -> usize {
        self.output[0] * self.output[1]
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
        let positions = batch * rows * columns;
        let tile = self.tile(positions);
        unsafe {
            convolve::launch_unchecked(
                &images.client,
                CubeCount::Static(
                    positions.div_ceil(UNITS * PIXELS) as u32,
                    self.filters.div_ceil(4 * tile.fours) as u32,
                    (self.phases() * self.phases()) as u32,
                ),
                units(UNITS),
                buffer(images),
                buffer(weights),
                buffer(bias),
                buffer(&output),
                positions,
                tile,
            );
        }
        output
    }
}

/// A convolution, and how many filters each thread sums.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Tile {
    of: Gather,
    /// In fours.
    fours: usize,
}

impl Tile {
    /// Channels whose weights a cube holds at once; none if those of one are too many.
    fn depth(&self) -> usize {
        let bytes = self.taps() * self.fours * size_of::<[f32; 4]>();
        (SHARED / bytes).min(self.channels)
    }
}

impl std::ops::Deref for Tile {
    type Target = Gather;

    fn deref(&self) -> &Gather {
        &self.of
    }
}
