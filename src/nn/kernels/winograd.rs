//! 3×3 convolutions with a stride of one, in fewer multiplications.
//!
//! Two by two neighbouring outputs need 36 products for each channel; in a transformed space they
//! need 16, one for each spot of a 4×4 tile of the input: F(2×2, 3×3) of Lavin and Gray 2015,
//! <https://arxiv.org/abs/1509.09308>. The transforms only add and halve. For each spot there is then
//! a matrix product: weights of filters × channels with channels × tiles.

use std::ops::Range;

use super::axis::Axis;
use super::convolution::{Shape, interleave, pack};
use super::tile::{FILTERS, TAPS, WIDTH, correlate, gather};

/// Numbers of a transformed tile.
const SPOTS: usize = 16;
/// Side of a tile, of which two columns and rows are the next one's too.
const SIDE: usize = 4;
/// Side of a tile's outputs, and so the distance of two tiles.
const STEP: usize = 2;
/// Neighbouring tiles of a row that are transformed together.
const QUAD: usize = 4;
/// Numbers by which two spots' arrays are set apart: at a distance of a power of two, all sixteen
/// would compete for the same few lines of the cache.
const APART: usize = 16;
/// Tiles of a channel in a band, about: few enough for the caches to hold all spots of all channels.
const BAND: usize = 64;

/// Whether a convolution can go this way, and should.
pub(super) fn suits(shape: &Shape) -> bool {
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
pub(super) struct Winograd {
    /// What makes the frame whose places are tiles: as of a kernel of 4×4 with a stride of 2.
    shape: Shape,
    frame: Vec<f32>,
    /// Tiles of a row, rounded up to whole quads.
    across: usize,
    /// Rows of a band.
    band: usize,
    /// Where in the frame each channel's first tile has its numbers.
    spots: Vec<[usize; SPOTS]>,
    /// `[spots, channels, tiles of a band]`.
    tiles: Spots,
    /// `[spots, groups of filters, channels]`.
    weights: Vec<[f32; FILTERS]>,
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

impl Winograd {
    /// For these shapes, which must suit; `weight(filter, channel)` are the nine of a kernel.
    pub(super) fn new(shape: &Shape, weight: impl Fn(usize, usize) -> [f32; 9]) -> Self {
        let axis = |axis: Axis| Axis {
            kernel: SIDE,
            stride: STEP,
            ..axis
        };
        let (channels, filters) = (shape.channels, shape.filters);
        let shape = Shape::new(channels, filters, axis(shape.rows), axis(shape.columns));
        let across = shape.columns.output().next_multiple_of(QUAD);
        // Whole register tiles, so an even number of rows where a row is an odd number of quads.
        let rows = (BAND / across).min(shape.rows.output());
        let band = rows.next_multiple_of(WIDTH / QUAD);
        let kernels: Vec<_> = (0..filters * channels)
            .map(|index| transform_kernel(weight(index / channels, index % channels)))
            .collect();
        let of_spot = |spot| {
            pack(filters, channels, |filter, channel| {
                kernels[filter * channels + channel][spot]
            })
        };
        let spot = |channel, spot| shape.tap(channel, spot / SIDE, spot % SIDE);
        let count = across * band;
        Self {
            frame: vec![0.0; shape.frame() + band * shape.pitch],
            across,
            band,
            spots: (0..channels)
                .map(|channel| std::array::from_fn(|index| spot(channel, index)))
                .collect(),
            tiles: Spots::new(channels * count),
            weights: (0..SPOTS).flat_map(of_spot).collect(),
            products: Spots::new(filters.next_multiple_of(FILTERS) * count),
            results: vec![0.0; filters * STEP * across * shape.rows.output() * STEP],
            shape,
        }
    }

    /// From one row of a filter's output to the next.
    pub(super) fn pitch(&self) -> usize {
        STEP * self.across
    }

    /// Takes an image, `[channels, height, width]`.
    pub(super) fn take(&mut self, image: &[f32]) {
        self.shape.fill(image, &mut self.frame);
    }

    /// The rows of tiles of each band.
    pub(super) fn bands(&self) -> impl Iterator<Item = Range<usize>> + use<> {
        let (rows, band) = (self.shape.rows.output(), self.band);
        (0..rows)
            .step_by(band)
            .map(move |first| first..rows.min(first + band))
    }

    /// Transforms a band of the image that was taken.
    pub(super) fn transform(&mut self, rows: Range<usize>) {
        let count = self.across * self.band;
        for (channel, spots) in self.spots.iter().enumerate() {
            for (index, row) in rows.clone().enumerate() {
                for column in (0..self.across).step_by(QUAD) {
                    let place = row * self.shape.pitch + column;
                    let quad = transform_input(&self.frame, spots, place);
                    let at = channel * count + index * self.across + column;
                    for (spot, values) in quad.iter().enumerate() {
                        self.tiles.numbers[spot * self.tiles.stride + at..][..QUAD]
                            .copy_from_slice(values);
                    }
                }
            }
        }
    }

    /// The output of the image that was taken: `each(filter, results)`.
    pub(super) fn give(&mut self, mut each: impl FnMut(usize, &[f32])) {
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
                    let spots = std::array::from_fn(|spot| {
                        let values = &self.products.numbers[spot * self.products.stride + at..];
                        values.first_chunk().copied().unwrap_or_default()
                    });
                    let outputs = transform_output(&spots);
                    upper.copy_from_slice(outputs[0].as_flattened());
                    lower.copy_from_slice(outputs[1].as_flattened());
                }
            }
        }
    }
}

/// The sums for the gradient of the weights, over the images that were taken.
pub(super) struct Sums {
    /// `[spots, blocks of filters, channels]`.
    sums: Vec<[f32; WIDTH]>,
    /// `[blocks of filters, height, width]`: the gradient, pixel by pixel.
    pixels: Vec<[f32; WIDTH]>,
    /// `[spots, tiles of a band]`, for one block of filters.
    columns: Vec<[f32; WIDTH]>,
}

impl Sums {
    pub(super) fn new(winograd: &Winograd, shape: &Shape) -> Self {
        let blocks = shape.filters.div_ceil(WIDTH);
        let stride = winograd.across * winograd.band + APART / WIDTH;
        Self {
            sums: vec![[0.0; WIDTH]; SPOTS * blocks * shape.channels],
            pixels: vec![[0.0; WIDTH]; blocks * shape.area()],
            columns: vec![[0.0; WIDTH]; SPOTS * stride],
        }
    }

    /// Adds what the image that was taken and its output's gradient, `[filters, height, width]`, give.
    pub(super) fn add(&mut self, winograd: &mut Winograd, shape: &Shape, gradient: &[f32]) {
        let area = shape.area();
        for (block, pixels) in self.pixels.chunks_exact_mut(area).enumerate() {
            let filters = block * WIDTH..shape.filters.min((block + 1) * WIDTH);
            interleave(gradient, area, filters, pixels);
        }
        for rows in winograd.bands() {
            winograd.transform(rows.clone());
            for block in 0..shape.filters.div_ceil(WIDTH) {
                self.transform(winograd, shape, rows.clone(), block);
                self.correlate(winograd, shape, rows.len(), block);
            }
        }
    }

    /// Transforms a band of the gradient of a block of filters.
    fn transform(&mut self, winograd: &Winograd, shape: &Shape, rows: Range<usize>, block: usize) {
        let width = shape.columns.output();
        let stride = winograd.across * winograd.band + APART / WIDTH;
        let first = block * shape.area() + rows.start * STEP * width;
        let band = &self.pixels[first..][..rows.len() * STEP * width];
        for (row, pixels) in band.chunks_exact(STEP * width).enumerate() {
            let (upper, lower) = pixels.split_at(width);
            let (upper, lower) = (upper.as_chunks().0, lower.as_chunks().0);
            for (column, (upper, lower)) in upper.iter().zip(lower).enumerate() {
                let tile = row * winograd.across + column;
                for (spot, values) in transform_gradient(upper, lower).iter().enumerate() {
                    self.columns[spot * stride + tile] = *values;
                }
            }
        }
    }

    fn correlate(&mut self, winograd: &Winograd, shape: &Shape, rows: usize, block: usize) {
        let (count, channels) = (winograd.across * winograd.band, shape.channels);
        let stride = count + APART / WIDTH;
        let blocks = shape.filters.div_ceil(WIDTH);
        for spot in 0..SPOTS {
            let columns = &self.columns[spot * stride..][..winograd.across * rows];
            let tiles = &winograd.tiles.numbers[spot * winograd.tiles.stride..];
            let sums = &mut self.sums[(spot * blocks + block) * channels..][..channels];
            let mut groups = sums.chunks_exact_mut(TAPS);
            for (group, sums) in groups.by_ref().enumerate() {
                let row = |index: usize| &tiles[(group * TAPS + index) * count..];
                correlate::<TAPS>(std::array::from_fn(row), columns, sums);
            }
            let first = channels / TAPS * TAPS;
            for (index, sums) in groups.into_remainder().chunks_exact_mut(1).enumerate() {
                correlate([&tiles[(first + index) * count..]], columns, sums);
            }
        }
    }

    /// The gradient of the weights, `[filters, channels, 3, 3]`.
    pub(super) fn weights(&self, shape: &Shape) -> Vec<f32> {
        let blocks = shape.filters.div_ceil(WIDTH);
        let mut weights = Vec::with_capacity(shape.filters * shape.channels * 9);
        for filter in 0..shape.filters {
            for channel in 0..shape.channels {
                let spots = std::array::from_fn(|spot| {
                    let at = (spot * blocks + filter / WIDTH) * shape.channels + channel;
                    self.sums[at][filter % WIDTH]
                });
                weights.extend(transform_sums(&spots));
            }
        }
        weights
    }
}

/// `Bᵀ·d·B` of a quad of tiles; `spots` are the places of the first one's numbers in the frame.
#[inline]
fn transform_input(frame: &[f32], spots: &[usize; SPOTS], at: usize) -> [[f32; QUAD]; SPOTS] {
    let values: [[f32; QUAD]; SPOTS] = std::array::from_fn(|spot| {
        let values = frame[spots[spot] + at..].first_chunk();
        values.copied().unwrap_or_default()
    });
    let mut tile = [[0.0; QUAD]; SPOTS];
    for lane in 0..QUAD {
        let mut half = [[0.0; SIDE]; SIDE];
        for (row, half) in half.iter_mut().enumerate() {
            let [a, b, c, d] = std::array::from_fn(|column| values[SIDE * row + column][lane]);
            *half = [a - c, b + c, c - b, b - d];
        }
        for column in 0..SIDE {
            let [a, b, c, d] = half.map(|row| row[column]);
            tile[column][lane] = a - c;
            tile[SIDE + column][lane] = b + c;
            tile[2 * SIDE + column][lane] = c - b;
            tile[3 * SIDE + column][lane] = b - d;
        }
    }
    tile
}

/// `Aᵀ·m·A` of a quad of tiles: the two rows of outputs.
#[inline]
fn transform_output(spots: &[[f32; QUAD]; SPOTS]) -> [[[f32; STEP]; QUAD]; 2] {
    let [mut upper, mut lower] = [[[0.0; STEP]; QUAD]; 2];
    for lane in 0..QUAD {
        let mut half = [[0.0; STEP]; SIDE];
        for (row, half) in half.iter_mut().enumerate() {
            let [a, b, c, d] = std::array::from_fn(|column| spots[SIDE * row + column][lane]);
            *half = [a + b + c, b - c - d];
        }
        for column in 0..STEP {
            let [a, b, c, d] = half.map(|row| row[column]);
            upper[lane][column] = a + b + c;
            lower[lane][column] = b - c - d;
        }
    }
    [upper, lower]
}

/// `G·g·Gᵀ` of a kernel.
fn transform_kernel(kernel: [f32; 9]) -> [f32; SPOTS] {
    let both = |[a, b, c]: [f32; 3]| [a, (a + b + c) / 2.0, (a - b + c) / 2.0, c];
    let rows: [[f32; SIDE]; 3] =
        std::array::from_fn(|row| both(std::array::from_fn(|column| kernel[3 * row + column])));
    let mut spots = [0.0; SPOTS];
    for column in 0..SIDE {
        for (row, value) in both(rows.map(|row| row[column])).into_iter().enumerate() {
            spots[SIDE * row + column] = value;
        }
    }
    spots
}

/// `A·y·Aᵀ` of a tile's gradient, for a block of filters.
#[inline]
fn transform_gradient(
    upper: &[[f32; WIDTH]; STEP],
    lower: &[[f32; WIDTH]; STEP],
) -> [[f32; WIDTH]; SPOTS] {
    let mut spots = [[0.0; WIDTH]; SPOTS];
    for lane in 0..WIDTH {
        let both = |[a, b]: [f32; STEP]| [a, a + b, a - b, -b];
        let [upper, lower] = [upper, lower].map(|pair| both(pair.map(|values| values[lane])));
        for column in 0..SIDE {
            let values = both([upper[column], lower[column]]);
            for (row, value) in values.into_iter().enumerate() {
                spots[SIDE * row + column][lane] = value;
            }
        }
    }
    spots
}

/// `Gᵀ·s·G`: from the sums to the gradient of a kernel.
fn transform_sums(spots: &[f32; SPOTS]) -> [f32; 9] {
    let both = |[a, b, c, d]: [f32; SIDE]| [a + (b + c) / 2.0, (b - c) / 2.0, (b + c) / 2.0 + d];
    let rows: [[f32; 3]; SIDE] =
        std::array::from_fn(|row| both(std::array::from_fn(|column| spots[SIDE * row + column])));
    let mut kernel = [0.0; 9];
    for column in 0..3 {
        for (row, value) in both(rows.map(|row| row[column])).into_iter().enumerate() {
            kernel[3 * row + column] = value;
        }
    }
    kernel
}
