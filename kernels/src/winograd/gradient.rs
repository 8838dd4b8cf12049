//! The gradient of the weights, summed in the transformed space.

use std::array;

use super::TAPS;
use super::grid::Grid;
use super::transform::{SIDE, SPOTS, STEP, apart, both_ways, four, of_gradient, of_sums, put};
use crate::frame::Sizes;
use crate::parts;
use crate::tile::{self, WIDTH, add_products};

/// Numbers of a register.
const LANES: usize = 4;
/// Padding between the arrays of two spots: at a distance of a power of two, all would map to the same few cache lines.
const APART: usize = 2;

/// How many sums over images the gradient of the weights is computed from: `[blocks of filters, spots, channels, filters of a
/// block]`.
pub(super) fn sums(shape: &Sizes) -> usize {
    shape.filters.div_ceil(WIDTH) * SPOTS * apart(shape.channels) * WIDTH
}

/// Adds what some images and the gradients of their outputs contribute to the sums.
pub(super) struct Correlation {
    /// `[images, rows, columns]`: the gradient of a block of filters, pixel by pixel, in whole tiles.
    pixels: Vec<[f32; WIDTH]>,
    /// `[spots, tiles]`: transformed.
    columns: Vec<[f32; WIDTH]>,
}

impl Correlation {
    /// For so many images, or fewer.
    pub(super) fn new(shape: &Sizes, images: usize) -> Self {
        let grid = Grid::new(shape, images);
        Self {
            pixels: vec![[0.0; WIDTH]; grid.images() * grid.plane()],
            columns: vec![[0.0; WIDTH]; SPOTS * (grid.count() + APART)],
        }
    }

    /// For images of which these are the transformed tiles, and their outputs' gradients, `[images, filters, height, width]`,
    /// whose filters from `first` on have these sums.
    pub(super) fn add(
        &mut self,
        (shape, grid): (&Sizes, &Grid),
        tiles: &[[f32; WIDTH]],
        gradient: &[f32],
        first: usize,
        sums: &mut [f32],
    ) {
        let all = sums.as_chunks_mut::<WIDTH>().0;
        for (block, sums) in all
            .chunks_exact_mut(SPOTS * apart(shape.channels))
            .enumerate()
        {
            let first = first + block * WIDTH;
            self.interleave(shape, grid, gradient, first);
            self.transform(grid);
            self.correlate(grid, tiles, shape.channels, sums);
        }
    }

    /// The gradients of a block of filters, pixel by pixel.
    fn interleave(&mut self, shape: &Sizes, grid: &Grid, gradient: &[f32], first: usize) {
        let (area, width) = (shape.area(), shape.columns.output());
        let filters = (shape.filters - first).min(WIDTH);
        let images = gradient.chunks_exact(shape.filters * area);
        for (image, pixels) in images.zip(self.pixels.chunks_exact_mut(grid.plane())) {
            let planes = &image[first * area..][..filters * area];
            for (row, pixels) in pixels.chunks_exact_mut(grid.pitch()).enumerate() {
                if row * width < area {
                    let pixels = &mut pixels[..width];
                    tile::interleave(&planes[row * width..], area, 0..filters, pixels);
                }
            }
        }
    }

    /// A·y·Aᵀ of all tiles.
    fn transform(&mut self, grid: &Grid) {
        let pitch = grid.count() + APART;
        // What fills the last register adds nothing.
        for columns in self.columns.chunks_exact_mut(pitch) {
            columns[grid.tiles()..grid.count()].fill([0.0; WIDTH]);
        }
        for (tile, place) in grid.places().into_iter().enumerate() {
            // A register of filters, then the next.
            for lanes in 0..WIDTH / LANES {
                let pixel = |row: usize, column: usize| {
                    four(&self.pixels[place + row * grid.pitch() + column][lanes * LANES..])
                };
                let square: [[_; STEP]; STEP] =
                    array::from_fn(|row| array::from_fn(|column| pixel(row, column)));
                let values = both_ways(&square, of_gradient);
                for (spot, value) in values.as_flattened().iter().enumerate() {
                    put(
                        &mut self.columns[spot * pitch + tile][lanes * LANES..],
                        *value,
                    );
                }
            }
        }
    }

    fn correlate(
        &self,
        grid: &Grid,
        tiles: &[[f32; WIDTH]],
        channels: usize,
        sums: &mut [[f32; WIDTH]],
    ) {
        let (pitch, step) = (grid.count() + APART, apart(channels));
        for (spot, sums) in sums.chunks_exact_mut(step).enumerate() {
            let columns = self.columns[spot * pitch..][..grid.count()].as_chunks().0;
            let mut groups = sums[..channels].chunks_exact_mut(tile::TAPS);
            let mut first = spot * step;
            for sums in groups.by_ref() {
                add_products::<{ tile::TAPS }>(&tiles[first..], SPOTS * step, columns, sums);
                first += tile::TAPS;
            }
            for (index, sums) in groups.into_remainder().chunks_exact_mut(1).enumerate() {
                add_products::<1>(&tiles[first + index..], SPOTS * step, columns, sums);
            }
        }
    }
}

/// The gradient of the weights, `[filters, channels, 3, 3]`, from these sums.
pub(super) fn weights(sums: &[f32], shape: &Sizes) -> Vec<f32> {
    let channels = shape.channels;
    let mut weights = vec![0.0; shape.filters * channels * TAPS];
    let of_block = SPOTS * apart(channels) * WIDTH;
    let blocks = weights
        .chunks_mut(WIDTH * channels * TAPS)
        .zip(sums.chunks_exact(of_block));
    parts::each(
        blocks,
        sums.len(),
        || (),
        |(), (weights, sums)| {
            for (lanes, weights) in weights.chunks_mut(LANES * channels * TAPS).enumerate() {
                for channel in 0..channels {
                    let sum = |spot: usize| {
                        four(&sums[(spot * apart(channels) + channel) * WIDTH + lanes * LANES..])
                    };
                    let square =
                        array::from_fn(|row| array::from_fn(|column| sum(SIDE * row + column)));
                    let kernels = both_ways(&square, of_sums);
                    for (tap, value) in kernels.as_flattened().iter().enumerate() {
                        let filters = weights[channel * TAPS + tap..]
                            .iter_mut()
                            .step_by(channels * TAPS);
                        for (weight, value) in filters.zip(value.to_array()) {
                            *weight = value;
                        }
                    }
                }
            }
        },
    );
    weights
}
