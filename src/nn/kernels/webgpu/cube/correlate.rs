//! The gradient of a convolution's weights: for each weight, the sum of all products of an input and
//! the gradient of the output that it went to.
//!
//! A cube takes a tile of channels and filters and goes over its share of the outputs, block by block:
//! the inputs and gradients of a block are held in shared memory, each once, and every thread holds
//! the sums of one channel's taps for a few filters in registers. What each thread found is written
//! beside the others' and summed up by a second program ([`super::sum`]).

use burn_cubecl::tensor::CubeTensor;
use cubecl::prelude::*;

use super::{Four, buffer, empty, sum, units};

/// Most threads of a cube, and as many as are wanted.
const UNITS: usize = 256;
const ENOUGH: usize = 64;
/// Channels and filters of a cube's tile.
const TILE: usize = 16;
/// Outputs of a block, at most.
const BLOCK: usize = 128;
/// Columns of a block, at most.
const COLUMNS: usize = 32;
/// Outputs of a row that a thread takes at once: their windows overlap.
const BESIDE: usize = 2;
/// Bytes of inputs and gradients that a cube holds at most: what every WebGPU device has.
const SHARED: usize = 16 << 10;
/// Cubes that keep a GPU busy.
const CUBES: usize = 256;

/// A convolution whose weights' gradient is wanted, but for the size of the batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in super::super) struct Correlation {
    pub(in super::super) channels: usize,
    pub(in super::super) filters: usize,
    /// Rows and columns, as are the following.
    pub(in super::super) kernel: [usize; 2],
    pub(in super::super) input: [usize; 2],
    pub(in super::super) output: [usize; 2],
    pub(in super::super) stride: usize,
    pub(in super::super) padding: usize,
}

/// How the work is shared out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Tile {
    of: Correlation,
    /// Of the kernel, for each thread.
    rows: usize,
    channels: usize,
    filters: usize,
    /// Filters of a thread, in fours.
    fours: usize,
    /// Rows and columns of outputs of a block.
    block: [usize; 2],
    /// Threads that share a block's outputs.
    parts: usize,
}

impl Correlation {
    fn tile(self) -> Option<Tile> {
        let small = self.kernel[0] <= 3;
        let filters = self.filters.next_multiple_of(4).min(TILE);
        let fours = if self.kernel == [1, 1] {
            filters / 4
        } else {
            1
        };
        let rows = if small { self.kernel[0] } else { 1 };
        let lines = self.kernel[0] / rows;
        let most = UNITS / (lines * filters / (4 * fours)).max(1);
        let mut tile = Tile {
            of: self,
            rows,
            channels: self.channels.min(TILE).min(most.max(1)),
            filters,
            fours,
            block: [1, self.output[1].next_multiple_of(BESIDE).min(COLUMNS)],
            parts: 1,
        };
        while tile.bytes() > SHARED && tile.channels > 1 {
            tile.channels /= 2;
        }
        while tile.block[0] < self.output[0] {
            let wider = Tile {
                block: [tile.block[0] + 1, tile.block[1]],
                ..tile
            };
            if wider.bytes() > SHARED || wider.outputs() > BLOCK {
                break;
            }
            tile = wider;
        }
        tile.parts = (ENOUGH / tile.threads()).clamp(1, tile.outputs() / BESIDE);
        (tile.bytes() <= SHARED && tile.threads() <= UNITS).then_some(tile)
    }

    /// Whether this can be computed here.
    pub(in super::super) fn fits(self) -> bool {
        self.tile().is_some()
    }

    /// The gradients of the weights, `[filters, channels, rows, columns]`, and of the bias,
    /// `[filters]`, from inputs and the gradient of the output; none if this does not fit.
    pub(in super::super) fn run(
        self,
        images: &CubeTensor,
        gradient: &CubeTensor,
    ) -> Option<[CubeTensor; 2]> {
        let tile = self.tile()?;
        let batch = images.meta.shape()[0];
        let blocks = batch * tile.blocks()[0] * tile.blocks()[1];
        let tiles = self.channels.div_ceil(tile.channels) * self.filters.div_ceil(tile.filters);
        let shares = (CUBES / tiles).clamp(1, blocks);
        let parts = shares * tile.parts;
        let [rows, columns] = self.kernel;
        let found = empty(images, [parts, self.filters, tile.line()]);
        unsafe {
            correlate::launch_unchecked(
                &images.client,
                CubeCount::Static(
                    self.channels.div_ceil(tile.channels) as u32,
                    self.filters.div_ceil(tile.filters) as u32,
                    shares as u32,
                ),
                units(tile.threads()),
                buffer(images),
                buffer(gradient),
                buffer(&found),
                blocks,
                shares,
                tile,
            );
        }
        Some(sum::filters(
            &found,
            parts,
            [self.filters, self.channels, rows, columns],
        ))
    }

    fn taps(&self) -> usize {
        self.kernel[0] * self.kernel[1]
    }
}

impl Tile {
    /// Sums of one filter: its weights, and its bias.
    fn line(&self) -> usize {
        self.of.channels * self.of.taps() + 1
    }

    fn lines(&self) -> usize {
        self.of.kernel[0] / self.rows
    }

    fn groups(&self) -> usize {
        self.filters / (4 * self.fours)
    }

    fn threads(&self) -> usize {
        self.channels * self.lines() * self.groups() * self.parts
    }

    fn outputs(&self) -> usize {
        self.block[0] * self.block[1]
    }

    /// Along each axis.
    fn blocks(&self) -> [usize; 2] {
        [0, 1].map(|axis| self.of.output[axis].div_ceil(self.block[axis]))
    }

    /// Rows and columns of inputs that a block sees.
    fn seen(&self) -> [usize; 2] {
        [0, 1].map(|axis| (self.block[axis] - 1) * self.of.stride + self.of.kernel[axis])
    }

    /// From one pixel to the next in shared memory: odd, so that neighbours are in different banks
    /// whichever way they lie.
    fn pitch(&self) -> usize {
        self.channels | 1
    }

    fn held(&self) -> usize {
        self.seen()[0] * self.seen()[1] * self.pitch()
    }

    fn bytes(&self) -> usize {
        (self.held() + self.outputs() * self.filters) * size_of::<f32>()
    }
}

#[cube(launch_unchecked)]
fn correlate(
    images: &[f32],
    gradient: &[f32],
    found: &mut [f32],
    blocks: usize,
    shares: usize,
    #[comptime] tile: Tile,
) {
    let of = comptime!(tile.of);
    let [seen_rows, seen_columns] = comptime!(tile.seen());
    let mut pixels = Shared::<[f32]>::new_slice(comptime!(tile.held()));
    let mut slopes = Shared::<[Four]>::new_slice(comptime!(tile.outputs() * tile.filters / 4));

    let unit = UNIT_POS as usize;
    let channel = unit % tile.channels;
    let rest = unit / tile.channels;
    let line = rest % comptime!(tile.lines());
    let group = rest / comptime!(tile.lines()) % comptime!(tile.groups());
    let part = rest / comptime!(tile.lines() * tile.groups());

    let mut sums = Array::<Four>::new(comptime!(tile.rows * of.kernel[1] * tile.fours));
    let mut biases = Array::<Four>::new(tile.fours);
    for block in range_stepped(CUBE_POS_Z as usize, blocks, shares) {
        let blocks_across = comptime!(tile.blocks()[1]);
        let blocks_down = comptime!(tile.blocks()[0]);
        let image = block / comptime!(blocks_down * blocks_across);
        let first_row = block / blocks_across % blocks_down * comptime!(tile.block[0]);
        let first_column = block % blocks_across * comptime!(tile.block[1]);
        sync_cube();
        for index in range_stepped(
            unit,
            comptime!(seen_rows * seen_columns * tile.channels),
            comptime!(tile.threads()),
        ) {
            let at = index % comptime!(seen_rows * seen_columns);
            let of_channel = index / comptime!(seen_rows * seen_columns);
            let channel = CUBE_POS_X as usize * tile.channels + of_channel;
            // Before the first row or column these wrap to numbers that are larger than any size.
            let row = first_row * of.stride + at / seen_columns - of.padding;
            let column = first_column * of.stride + at % seen_columns - of.padding;
            let there = (row < comptime!(of.input[0]))
                & (column < comptime!(of.input[1]))
                & (channel < comptime!(of.channels));
            let from = ((image * comptime!(of.channels) + channel) * comptime!(of.input[0]) + row)
                * comptime!(of.input[1])
                + column;
            pixels[at * comptime!(tile.pitch()) + of_channel] =
                select(there, images[select(there, from, 0)], 0.0);
        }
        for index in range_stepped(
            unit,
            comptime!(tile.outputs() * tile.filters / 4),
            comptime!(tile.threads()),
        ) {
            let at = index % comptime!(tile.outputs());
            let four = index / comptime!(tile.outputs());
            let row = first_row + at / comptime!(tile.block[1]);
            let column = first_column + at % comptime!(tile.block[1]);
            let filter = CUBE_POS_Y as usize * tile.filters + four * 4;
            let mut slope = Four::new(0.0);
            #[unroll]
            for lane in 0..4 {
                let there = (row < comptime!(of.output[0]))
                    & (column < comptime!(of.output[1]))
                    & (filter + lane < comptime!(of.filters));
                let from = ((image * comptime!(of.filters) + filter + lane)
                    * comptime!(of.output[0])
                    + row)
                    * comptime!(of.output[1])
                    + column;
                slope.insert(lane, select(there, gradient[select(there, from, 0)], 0.0));
            }
            slopes[at * comptime!(tile.filters / 4) + four] = slope;
        }
        sync_cube();
        for few in range_stepped(part, comptime!(tile.outputs() / BESIDE), tile.parts) {
            let row = few / comptime!(tile.block[1] / BESIDE);
            let column = few % comptime!(tile.block[1] / BESIDE) * BESIDE;
            let mut factors = Sequence::<Four>::new();
            #[unroll]
            for index in 0..comptime!(BESIDE * tile.fours) {
                let output = few * BESIDE + comptime!(index / tile.fours);
                let four = output * comptime!(tile.filters / 4)
                    + group * tile.fours
                    + comptime!(index % tile.fours);
                factors.push(slopes[four]);
            }
            #[unroll]
            for index in 0..comptime!(BESIDE * tile.fours) {
                biases[comptime!(index % tile.fours)] += *factors.index(index);
            }
            let corner = (row * of.stride + line * tile.rows) * seen_columns + column * of.stride;
            #[unroll]
            for down in 0..comptime!(tile.rows) {
                let mut values = Sequence::<f32>::new();
                #[unroll]
                for across in 0..comptime!((BESIDE - 1) * of.stride + of.kernel[1]) {
                    let at = corner + comptime!(down * seen_columns + across);
                    values.push(pixels[at * comptime!(tile.pitch()) + channel]);
                }
                #[unroll]
                for across in 0..comptime!(of.kernel[1]) {
                    #[unroll]
                    for index in 0..comptime!(BESIDE * tile.fours) {
                        let value =
                            *values.index(comptime!(index / tile.fours * of.stride + across));
                        sums[comptime!(
                            (down * of.kernel[1] + across) * tile.fours + index % tile.fours
                        )] += *factors.index(index) * Four::new(value);
                    }
                }
            }
        }
    }

    let channel = CUBE_POS_X as usize * tile.channels + channel;
    let filter = CUBE_POS_Y as usize * tile.filters + group * comptime!(4 * tile.fours);
    let share = CUBE_POS_Z as usize * tile.parts + part;
    if channel < comptime!(of.channels) {
        #[unroll]
        for lane in 0..comptime!(4 * tile.fours) {
            if filter + lane < comptime!(of.filters) {
                let target =
                    (share * comptime!(of.filters) + filter + lane) * comptime!(tile.line());
                let weight = target
                    + channel * comptime!(of.taps())
                    + line * comptime!(tile.rows * of.kernel[1]);
                #[unroll]
                for tap in 0..comptime!(tile.rows * of.kernel[1]) {
                    found[weight + tap] =
                        sums[comptime!(tap * tile.fours + lane / 4)].extract(comptime!(lane % 4));
                }
                if channel == 0 && line == 0 {
                    found[target + comptime!(tile.line() - 1)] =
                        biases[comptime!(lane / 4)].extract(comptime!(lane % 4));
                }
            }
        }
    }
}
