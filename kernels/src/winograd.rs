//! 3×3 convolutions with a stride of one, in fewer multiplications.
//!
//! A 2×2 block of outputs needs 36 products for each channel; in a transformed space it needs 16, one for
//! each element (“spot”) of a 4×4 tile of the input: F(2×2, 3×3) of Lavin and Gray 2015,
//! <https://arxiv.org/abs/1509.09308>. The transforms only add and halve. For each spot there is then
//! a matrix product: weights of filters × channels with channels × tiles.

use std::array;
use std::ops::Range;

use wide::f32x4;

use crate::axis::Axis;
use crate::frame::Sizes;
use crate::tile::{FILTERS, TAPS, WIDTH, correlate, gather, interleave, pack};

/// Numbers of a transformed tile.
const SPOTS: usize = 16;
/// Side of a tile; neighbouring tiles overlap by two rows or columns.
const SIDE: usize = 4;
/// Side of a tile's outputs, which is the distance between tiles.
const STEP: usize = 2;
/// Neighbouring tiles of a row that are transformed together.
const QUAD: usize = 4;
/// Padding between the arrays of two spots: at a distance of a power of two, all sixteen would map to the
/// same few cache lines.
const APART: usize = 16;
/// Tiles of a channel in a band, about: few enough for the caches to hold all spots of all channels.
const BAND: usize = 64;

/// Whether this algorithm can compute a convolution, and is faster.
pub(crate) fn suits(shape: &Sizes) -> bool {
    let axis = |axis: Axis| {
        axis.kernel == 3
            && axis.stride == 1
            && axis.padding <= 2
            && axis.output().is_multiple_of(STEP)
    };
    // With few channels the transforms cost more than the products they save.
    axis(shape.rows) && axis(shape.columns) && shape.channels >= 8 && shape.filters >= 8
}

/// A convolution of one image after another, a band of tile rows at a time.
pub(crate) struct Winograd<'a> {
    /// What makes the frame whose places are tiles: as of a kernel of 4×4 with a stride of 2.
    shape: Sizes,
    frame: Vec<f32>,
    /// Tiles of a row, rounded up to whole quads.
    across: usize,
    /// Rows of a band.
    band: usize,
    /// Where in the frame each channel's first tile has its numbers.
    spots: Vec<[usize; SPOTS]>,
    /// `[spots, channels, tiles of a band]`.
    tiles: Spots,
    /// As [`transformed`] gives them.
    weights: &'a [[f32; FILTERS]],
    /// `[spots, filters, tiles of a band]`, the filters rounded up to whole groups.
    products: Spots,
    /// `[filters, rows, columns]`; see [`Winograd::pitch`].
    results: Vec<f32>,
}

/// An array for each spot.
struct Spots {
    numbers: Vec<f32>,
    /// From one to the next.
    stride: usize,
}

impl Spots {
    fn new(each: usize) -> Self {
        let stride = each + APART;
        Self {
            numbers: vec![0.0; SPOTS * stride],
            stride,
        }
    }
}

/// The weights of all spots, `[spots, groups of filters, channels]`; `weight(filter, channel)` are the
/// nine of a kernel.
pub(crate) fn transformed(
    shape: &Sizes,
    weight: impl Fn(usize, usize) -> [f32; 9],
) -> Vec<[f32; FILTERS]> {
    let (channels, filters) = (shape.channels, shape.filters);
    let kernels: Vec<[[f32; SIDE]; SIDE]> = (0..filters * channels)
        .map(|index| transform_kernel(weight(index / channels, index % channels)))
        .collect();
    let of_spot = |spot: usize| {
        pack(filters, channels, |filter, channel| {
            kernels[filter * channels + channel][spot / SIDE][spot % SIDE]
        })
    };
    (0..SPOTS).flat_map(of_spot).collect()
}

impl<'a> Winograd<'a> {
    /// For these shapes, which must suit.
    pub(crate) fn new(shape: &Sizes, weights: &'a [[f32; FILTERS]]) -> Self {
        let axis = |axis: Axis| Axis {
            kernel: SIDE,
            stride: STEP,
            ..axis
        };
        let (channels, filters) = (shape.channels, shape.filters);
        let shape = Sizes::new(channels, filters, axis(shape.rows), axis(shape.columns));
        let across = shape.columns.output().next_multiple_of(QUAD);
        // Whole register tiles: an even number of rows where a row has an odd number of quads.
        let rows = (BAND / across).min(shape.rows.output());
        let band = rows.next_multiple_of(WIDTH / QUAD);
        let spot = |channel, spot| shape.tap(channel, spot / SIDE, spot % SIDE);
        let count = across * band;
        Self {
            frame: vec![0.0; shape.frame() + band * shape.pitch],
            across,
            band,
            spots: (0..channels)
                .map(|channel| array::from_fn(|index| spot(channel, index)))
                .collect(),
            tiles: Spots::new(channels * count),
            weights,
            products: Spots::new(filters.next_multiple_of(FILTERS) * count),
            results: vec![0.0; filters * STEP * across * shape.rows.output() * STEP],
            shape,
        }
    }

    /// From one row of a filter's output to the next.
    pub(crate) fn pitch(&self) -> usize {
        STEP * self.across
    }

    /// Takes an image, `[channels, height, width]`.
    pub(crate) fn take(&mut self, image: &[f32]) {
        self.shape.fill(image, &mut self.frame);
    }

    /// The rows of tiles of each band.
    pub(crate) fn bands(&self) -> impl Iterator<Item = Range<usize>> + use<> {
        let (rows, band) = (self.shape.rows.output(), self.band);
        (0..rows)
            .step_by(band)
            .map(move |first| first..rows.min(first + band))
    }

    /// Transforms a band of the image that was taken.
    pub(crate) fn transform(&mut self, rows: Range<usize>) {
        let count = self.across * self.band;
        for (channel, spots) in self.spots.iter().enumerate() {
            for (index, row) in rows.clone().enumerate() {
                for column in (0..self.across).step_by(QUAD) {
                    let place = row * self.shape.pitch + column;
                    let quad = transform_input(&self.frame, spots, place);
                    let at = channel * count + index * self.across + column;
                    let tiles = self.tiles.numbers.chunks_exact_mut(self.tiles.stride);
                    for (tiles, values) in tiles.zip(quad.as_flattened()) {
                        tiles[at..][..QUAD].copy_from_slice(&values.to_array());
                    }
                }
            }
        }
    }

    /// The output of the image that was taken: `each(filter, results)`.
    pub(crate) fn give(&mut self, mut each: impl FnMut(usize, &[f32])) {
        for rows in self.bands() {
            self.transform(rows.clone());
            self.multiply();
            self.back(rows);
        }
        let area = self.results.len() / self.shape.filters;
        for (filter, results) in self.results.chunks_exact(area).enumerate() {
            each(filter, results);
        }
    }

    /// Weights times tiles, spot by spot.
    fn multiply(&mut self) {
        let (count, channels) = (self.across * self.band, self.shape.channels);
        let offsets: Vec<_> = (0..channels).map(|channel| channel * count).collect();
        let groups = self.shape.filters.div_ceil(FILTERS);
        for spot in 0..SPOTS {
            let tiles = &self.tiles.numbers[spot * self.tiles.stride..][..channels * count];
            for group in 0..groups {
                let weights = &self.weights[(spot * groups + group) * channels..][..channels];
                let first = spot * self.products.stride + group * FILTERS * count;
                let products = &mut self.products.numbers[first..][..FILTERS * count];
                gather(tiles, &offsets, weights, products);
            }
        }
    }

    /// Transforms the products of a band of tiles back.
    fn back(&mut self, rows: Range<usize>) {
        let (count, pitch) = (self.across * self.band, self.pitch());
        let area = self.results.len() / self.shape.filters;
        for (filter, results) in self.results.chunks_exact_mut(area).enumerate() {
            let band = &mut results[rows.start * STEP * pitch..rows.end * STEP * pitch];
            for (row, lines) in band.chunks_exact_mut(STEP * pitch).enumerate() {
                let (upper, lower) = lines.split_at_mut(pitch);
                let quads = upper
                    .chunks_exact_mut(STEP * QUAD)
                    .zip(lower.chunks_exact_mut(STEP * QUAD));
                for (column, (upper, lower)) in quads.enumerate() {
                    let at = filter * count + row * self.across + column * QUAD;
                    let mut square = [[f32x4::ZERO; SIDE]; SIDE];
                    let products = self.products.numbers.chunks_exact(self.products.stride);
                    for (value, products) in square.as_flattened_mut().iter_mut().zip(products) {
                        if let Some(values) = products[at..].first_chunk::<QUAD>() {
                            *value = f32x4::from(*values);
                        }
                    }
                    for (line, [even, odd]) in
                        [upper, lower].into_iter().zip(transform_output(square))
                    {
                        let pairs = even.to_array().into_iter().zip(odd.to_array());
                        for (outputs, (even, odd)) in line.as_chunks_mut().0.iter_mut().zip(pairs) {
                            *outputs = [even, odd];
                        }
                    }
                }
            }
        }
    }
}

/// How many sums over images the gradient of the weights is computed from: `[spots, blocks of filters,
/// channels, filters of a block]`.
pub(crate) fn sums(shape: &Sizes) -> usize {
    SPOTS * shape.filters.div_ceil(WIDTH) * shape.channels * WIDTH
}

/// Adds the contribution of one image and its output's gradient to the sums.
pub(crate) struct Correlation {
    /// `[blocks of filters, height, width]`: the gradient, pixel by pixel.
    pixels: Vec<[f32; WIDTH]>,
    /// `[spots, tiles of a band]`, for one block of filters.
    columns: Vec<[f32; WIDTH]>,
}

impl Correlation {
    pub(crate) fn new(winograd: &Winograd, shape: &Sizes) -> Self {
        let blocks = shape.filters.div_ceil(WIDTH);
        let stride = winograd.across * winograd.band + APART / WIDTH;
        Self {
            pixels: vec![[0.0; WIDTH]; blocks * shape.area()],
            columns: vec![[0.0; WIDTH]; SPOTS * stride],
        }
    }

    /// For the image that was taken and its output's gradient, `[filters, height, width]`.
    pub(crate) fn add(
        &mut self,
        winograd: &mut Winograd,
        shape: &Sizes,
        gradient: &[f32],
        sums: &mut [f32],
    ) {
        let area = shape.area();
        for (block, pixels) in self.pixels.chunks_exact_mut(area).enumerate() {
            let filters = block * WIDTH..shape.filters.min((block + 1) * WIDTH);
            interleave(gradient, area, filters, pixels);
        }
        for rows in winograd.bands() {
            winograd.transform(rows.clone());
            for block in 0..shape.filters.div_ceil(WIDTH) {
                self.transform(winograd, shape, rows.clone(), block);
                self.correlate(winograd, shape, rows.len(), block, sums);
            }
        }
    }

    /// Transforms a band of the gradient of a block of filters.
    fn transform(&mut self, winograd: &Winograd, shape: &Sizes, rows: Range<usize>, block: usize) {
        let width = shape.columns.output();
        let stride = winograd.across * winograd.band + APART / WIDTH;
        let first = block * shape.area() + rows.start * STEP * width;
        let band = &self.pixels[first..][..rows.len() * STEP * width];
        for (row, pixels) in band.chunks_exact(STEP * width).enumerate() {
            let (upper, lower) = pixels.split_at(width);
            let pairs = upper.as_chunks().0.iter().zip(lower.as_chunks().0);
            for (column, (upper, lower)) in pairs.enumerate() {
                let tile = row * winograd.across + column;
                let square: [&[[f32; WIDTH]; STEP]; STEP] = [upper, lower];
                // A register of filters, then the next.
                for first in (0..WIDTH).step_by(4) {
                    let four = |values: &[f32; WIDTH]| {
                        f32x4::from(*values[first..].first_chunk().unwrap_or(&[0.0; 4]))
                    };
                    let square = square.map(|pair| pair.each_ref().map(four));
                    for (spot, values) in
                        transform_gradient(square).as_flattened().iter().enumerate()
                    {
                        self.columns[spot * stride + tile][first..first + 4]
                            .copy_from_slice(&values.to_array());
                    }
                }
            }
        }
    }

    fn correlate(
        &self,
        winograd: &Winograd,
        shape: &Sizes,
        rows: usize,
        block: usize,
        sums: &mut [f32],
    ) {
        let all = sums.as_chunks_mut().0;
        let (count, channels) = (winograd.across * winograd.band, shape.channels);
        let stride = count + APART / WIDTH;
        let blocks = shape.filters.div_ceil(WIDTH);
        for spot in 0..SPOTS {
            let columns = &self.columns[spot * stride..][..winograd.across * rows];
            let tiles = &winograd.tiles.numbers[spot * winograd.tiles.stride..];
            let sums = &mut all[(spot * blocks + block) * channels..][..channels];
            let mut groups = sums.chunks_exact_mut(TAPS);
            for (group, sums) in groups.by_ref().enumerate() {
                let row = |index: usize| &tiles[(group * TAPS + index) * count..];
                correlate::<TAPS>(array::from_fn(row), columns, sums);
            }
            let first = channels / TAPS * TAPS;
            for (index, sums) in groups.into_remainder().chunks_exact_mut(1).enumerate() {
                correlate([&tiles[(first + index) * count..]], columns, sums);
            }
        }
    }
}

/// The gradient of the weights, `[filters, channels, 3, 3]`, from these sums.
pub(crate) fn weights(sums: &[f32], shape: &Sizes) -> Vec<f32> {
    let sums: &[[f32; WIDTH]] = sums.as_chunks().0;
    let blocks = shape.filters.div_ceil(WIDTH);
    let mut weights = Vec::with_capacity(shape.filters * shape.channels * 9);
    for filter in 0..shape.filters {
        for channel in 0..shape.channels {
            let sum = |spot: usize| {
                let at = (spot * blocks + filter / WIDTH) * shape.channels + channel;
                sums[at][filter % WIDTH]
            };
            let square = array::from_fn(|row| array::from_fn(|column| sum(SIDE * row + column)));
            weights.extend_from_slice(transform_sums(square).as_flattened());
        }
    }
    weights
}

/// Transforms each row of a square, then each column of the result.
#[inline(always)]
fn both_ways<T: Copy, const N: usize, const M: usize>(
    square: [[T; N]; N],
    transform: impl Fn([T; N]) -> [T; M],
) -> [[T; M]; M] {
    let rows = square.map(&transform);
    let columns: [[T; M]; M] = array::from_fn(|column| transform(rows.map(|row| row[column])));
    array::from_fn(|row| columns.map(|column| column[row]))
}

/// `Bᵀ·d·B` of a quad of tiles; `spots` are the places of the first one's numbers in the frame.
#[inline]
fn transform_input(frame: &[f32], spots: &[usize; SPOTS], at: usize) -> [[f32x4; SIDE]; SIDE] {
    let mut square = [[f32x4::ZERO; SIDE]; SIDE];
    for (value, spot) in square.as_flattened_mut().iter_mut().zip(spots) {
        if let Some(values) = frame[spot + at..].first_chunk::<QUAD>() {
            *value = f32x4::from(*values);
        }
    }
    both_ways(square, |[a, b, c, d]| [a - c, b + c, c - b, b - d])
}

/// `Aᵀ·m·A` of a quad of tiles.
#[inline]
fn transform_output(square: [[f32x4; SIDE]; SIDE]) -> [[f32x4; STEP]; STEP] {
    both_ways(square, |[a, b, c, d]| [a + b + c, b - c - d])
}

/// `A·y·Aᵀ` of a tile's gradient, for four filters.
#[inline]
fn transform_gradient(square: [[f32x4; STEP]; STEP]) -> [[f32x4; SIDE]; SIDE] {
    both_ways(square, |[a, b]| [a, a + b, a - b, -b])
}

/// `G·g·Gᵀ` of a kernel.
fn transform_kernel(kernel: [f32; 9]) -> [[f32; SIDE]; SIDE] {
    let square = array::from_fn(|row| array::from_fn(|column| kernel[3 * row + column]));
    both_ways(square, |[a, b, c]: [f32; 3]| {
        [a, (a + b + c) / 2.0, (a - b + c) / 2.0, c]
    })
}

/// `Gᵀ·s·G`: from the sums to the gradient of a kernel.
fn transform_sums(square: [[f32; SIDE]; SIDE]) -> [[f32; 3]; 3] {
    both_ways(square, |[a, b, c, d]: [f32; SIDE]| {
        [a + (b + c) / 2.0, (b - c) / 2.0, (b + c) / 2.0 + d]
    })
}
