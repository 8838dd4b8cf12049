//! The gradient of a convolution's weights: for each weight, the sum over all output pixels of the output's
//! gradient times the input that this weight multiplied.
//!
//! Each thread computes one channel and a few filters for its share of the output pixels, several neighbours of
//! a row at a time, and keeps the sums of all taps (weights of a kernel) in registers. A second kernel
//! ([`super::sum`]) adds the partial sums of all threads. As in [`super::gather`], no shared memory is used, and
//! layers that differ only in their sizes share a compiled kernel.

use burn_cubecl::tensor::CubeTensor;
use cubecl::prelude::*;

use super::{buffer, empty, evenly, sum, units};

/// Threads of a cube.
const UNITS: usize = 64;
/// Enough threads to keep a GPU busy.
const THREADS: usize = 8192;
/// The most partial sums for one weight.
const SHARES: usize = 512;
/// The most neighbouring output pixels that a thread computes at a time.
const PIXELS: usize = 8;
/// The most sums, and the most filters, of a thread.
const SUMS: usize = 36;
const FILTERS: usize = 8;
/// The most columns of a convolution's kernel, whose taps are unrolled.
pub(in super::super::super) const WIDEST: usize = 11;

/// The sizes of a convolution whose weight gradient is computed, without the batch size.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in super::super) struct Correlation {
    pub(in super::super) channels: usize,
    pub(in super::super) filters: usize,
    /// `[rows, columns]`, as the two below.
    pub(in super::super) kernel: [usize; 2],
    pub(in super::super) input: [usize; 2],
    pub(in super::super) output: [usize; 2],
    pub(in super::super) stride: usize,
    pub(in super::super) padding: usize,
}

/// What the kernel is compiled for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Tile {
    kernel: [usize; 2],
    stride: usize,
    padding: usize,
    /// Rows of the convolution's kernel, filters and output pixels that each thread computes.
    rows: usize,
    filters: usize,
    pixels: usize,
    /// Whether `filters` divides the number of filters, and `pixels` the output's width.
    all_filters: bool,
    all_columns: bool,
    /// The range of the columns in a thread's window that are inside the input for every thread.
    inside: [usize; 2],
}

impl Correlation {
    fn tile(&self) -> Tile {
        let [rows, columns] = self.kernel;
        let rows = if rows <= 3 { rows } else { 1 };
        let most = (SUMS / (rows * columns)).clamp(1, FILTERS);
        let filters = evenly(self.filters, most);
        let pixels = evenly(self.output[1], PIXELS);
        let last = (self.output[1].div_ceil(pixels) - 1) * pixels * self.stride;
        Tile {
            kernel: self.kernel,
            stride: self.stride,
            padding: self.padding,
            rows,
            filters,
            pixels,
            all_filters: self.filters.is_multiple_of(filters),
            all_columns: self.output[1].is_multiple_of(pixels),
            inside: [
                self.padding,
                (self.input[1] + self.padding).saturating_sub(last),
            ],
        }
    }

    /// Whether there is a kernel for it.
    pub(in super::super) fn fits(self) -> bool {
        self.kernel[1] <= WIDEST
    }

    /// The gradients of the weights, `[filters, channels, rows, columns]`, and of the bias,
    /// `[filters]`, from the images and the gradient of the output.
    pub(in super::super) fn run(
        self,
        images: &CubeTensor,
        gradient: &CubeTensor,
    ) -> [CubeTensor; 2] {
        let tile = self.tile();
        let [rows, columns] = self.kernel;
        let [batch, ..] = images.meta.shape().dims::<4>();
        let strips = self.output[1].div_ceil(tile.pixels);
        let count = batch * self.output[0] * strips;
        let threads = self.channels * self.filters.div_ceil(tile.filters) * tile.lines();
        let shares = (THREADS / threads).clamp(1, SHARES).min(count);
        let line = self.channels * rows * columns + 1;
        let found = empty(images, [shares, self.filters, line]);
        // SAFETY: Filters, shares and output pixels beyond the last are not written, and reads of them are
        // clamped to a valid index; `found` has a row for each share and filter.
        unsafe {
            correlate::launch_unchecked(
                &images.client,
                CubeCount::Static((threads * shares).div_ceil(UNITS) as u32, 1, 1),
                units(UNITS),
                buffer(images),
                buffer(gradient),
                buffer(&found),
                SizesLaunch::new(
                    self.channels,
                    self.filters,
                    self.input[0],
                    self.input[1],
                    self.output[0],
                    self.output[1],
                    strips,
                    count,
                    shares,
                ),
                tile,
            );
        }
        sum::filters(&found, shares, [self.filters, self.channels, rows, columns])
    }
}

impl Tile {
    /// Threads that share the rows of a kernel.
    fn lines(&self) -> usize {
        self.kernel[0] / self.rows
    }

    /// Taps that a thread sums.
    fn taps(&self) -> usize {
        self.rows * self.kernel[1]
    }

    /// Columns of a row that a thread reads.
    fn window(&self) -> usize {
        (self.pixels - 1) * self.stride + self.kernel[1]
    }

    /// Whether this column of a thread's window is inside the input for every thread.
    fn surely(&self, column: usize) -> bool {
        self.inside[0] <= column && column < self.inside[1]
    }
}

/// Sizes that are passed at launch.
#[derive(CubeType, CubeLaunch, Clone, Copy)]
struct Sizes {
    channels: usize,
    filters: usize,
    /// Rows and columns of the images, and of the gradient.
    height: usize,
    width: usize,
    out_height: usize,
    out_width: usize,
    /// Strips of `tile.pixels` pixels in a row of the gradient; strips of the whole batch; threads that share them.
    strips: usize,
    count: usize,
    shares: usize,
}

#[cube(launch_unchecked)]
fn correlate(
    images: &[f32],
    gradient: &[f32],
    found: &mut [f32],
    sizes: &Sizes,
    #[comptime] tile: Tile,
) {
    let unit = CUBE_POS_X as usize * UNITS + UNIT_POS as usize;
    let rest = unit / sizes.channels;
    let channel = unit - rest * sizes.channels;
    let line = rest % comptime!(tile.lines());
    let rest = rest / comptime!(tile.lines());
    let groups = sizes.filters.div_ceil(tile.filters);
    let share = rest / groups;
    let filter = (rest - share * groups) * tile.filters;
    let mut sums = Array::<f32>::new(comptime!(tile.taps() * tile.filters));
    let mut biases = Array::<f32>::new(tile.filters);
    let end = select(share < sizes.shares, sizes.count, 0);
    for strip in range_stepped(share, end, sizes.shares) {
        let at = strip / sizes.strips;
        let column = (strip - at * sizes.strips) * tile.pixels;
        let image = at / sizes.out_height;
        let row = at - image * sizes.out_height;
        let mut slopes = Sequence::<f32>::new();
        #[unroll]
        for each in 0..tile.filters {
            let of = if comptime!(tile.all_filters) {
                filter + each
            } else {
                min(filter + each, sizes.filters - 1)
            };
            let from =
                ((image * sizes.filters + of) * sizes.out_height + row) * sizes.out_width + column;
            #[unroll]
            for pixel in 0..tile.pixels {
                if comptime!(tile.all_columns) {
                    slopes.push(gradient[from + pixel]);
                } else {
                    let there = column + pixel < sizes.out_width;
                    let slope = gradient[select(there, from + pixel, 0)];
                    slopes.push(select(there, slope, 0.0));
                }
            }
        }
        #[unroll]
        for each in 0..tile.filters {
            let mut totals = Sequence::<f32>::new();
            #[unroll]
            for pixel in 0..tile.pixels {
                let slope = *slopes.index(comptime!(each * tile.pixels + pixel));
                if comptime!(pixel == 0) {
                    totals.push(slope);
                } else {
                    let before = *totals.index(comptime!(pixel - 1));
                    totals.push(before + slope);
                }
            }
            biases[each] += *totals.index(comptime!(tile.pixels - 1));
        }
        let plane = (image * sizes.channels + channel) * sizes.height;
        let first = row * tile.stride + line * tile.rows - tile.padding;
        #[unroll]
        for down in 0..tile.rows {
            let values = read_row(
                images,
                plane,
                first + down,
                column * tile.stride - tile.padding,
                sizes,
                tile,
            );
            #[unroll]
            for tap in 0..comptime!(tile.kernel[1]) {
                #[unroll]
                for each in 0..tile.filters {
                    // Sum over the pixels first: some devices keep `sums` in memory, not in registers.
                    let mut products = Sequence::<f32>::new();
                    #[unroll]
                    for pixel in 0..tile.pixels {
                        let product = *slopes.index(comptime!(each * tile.pixels + pixel))
                            * *values.index(comptime!(pixel * tile.stride + tap));
                        if comptime!(pixel == 0) {
                            products.push(product);
                        } else {
                            let before = *products.index(comptime!(pixel - 1));
                            products.push(before + product);
                        }
                    }
                    sums[comptime!((down * tile.kernel[1] + tap) * tile.filters + each)] +=
                        *products.index(comptime!(tile.pixels - 1));
                }
            }
        }
    }

    if share < sizes.shares {
        let taps = comptime!(tile.kernel[0] * tile.kernel[1]);
        let length = sizes.channels * taps + 1;
        #[unroll]
        for each in 0..tile.filters {
            if comptime!(tile.all_filters) || filter + each < sizes.filters {
                let target = (share * sizes.filters + filter + each) * length;
                let weight = target + channel * taps + line * comptime!(tile.taps());
                #[unroll]
                for tap in 0..comptime!(tile.taps()) {
                    found[weight + tap] = sums[comptime!(tap * tile.filters + each)];
                }
                if channel == 0 && line == 0 {
                    found[target + length - 1] = biases[each];
                }
            }
        }
    }
}

/// The window of a thread in one row of the images, with zeros outside of the image. Indices before the first row or
/// column wrap around, so that they exceed every size.
#[cube]
fn read_row(
    images: &[f32],
    plane: usize,
    row: usize,
    column: usize,
    sizes: &Sizes,
    #[comptime] tile: Tile,
) -> Sequence<f32> {
    let row_there = row < sizes.height;
    let mut begin = (plane + row) * sizes.width;
    if comptime!(tile.padding > 0) {
        begin = select(row_there, begin, 0);
    }
    let mut values = Sequence::<f32>::new();
    #[unroll]
    for index in 0..comptime!(tile.window()) {
        let column = column + index;
        if comptime!(tile.surely(index)) {
            let value = images[begin + column];
            if comptime!(tile.padding > 0) {
                values.push(select(row_there, value, 0.0));
            } else {
                values.push(value);
            }
        } else {
            let there = row_there & (column < sizes.width);
            let value = images[select(there, begin + column, 0)];
            values.push(select(there, value, 0.0));
        }
    }
    values
}
