//! How the outputs of images are divided into tiles, and the way from images to transformed tiles and back.

use std::array;
use std::ops::Range;

use wide::f32x4;

use super::transform::{SIDE, SPOTS, STEP, apart, of_input, of_products, put};
use crate::frame::Sizes;
use crate::tile::{FILTERS, WIDTH, multiply};

/// Neighbouring tiles that are transformed together, one in each lane of a register.
const QUAD: usize = 4;
/// Numbers of a spot's products, about, so that the caches hold them for all spots.
const PRODUCTS: usize = 1 << 12;

/// The tiles of some images of one shape.
#[derive(Debug, Clone)]
pub(super) struct Grid {
    /// Rows of tiles of an image.
    rows: usize,
    /// Tiles of a row.
    columns: usize,
    /// Of an input.
    height: usize,
    width: usize,
    /// Zeros above an input and to its left.
    above: usize,
    left: usize,
    images: usize,
}

impl Grid {
    /// Of so many images.
    pub(super) fn new(shape: &Sizes, images: usize) -> Self {
        Self {
            rows: shape.rows.output().div_ceil(STEP),
            columns: shape.columns.output().div_ceil(STEP),
            height: shape.rows.input,
            width: shape.columns.input,
            above: shape.rows.padding,
            left: shape.columns.padding,
            images,
        }
    }

    /// Tiles of an image.
    pub(super) fn each(shape: &Sizes) -> usize {
        shape.rows.output().div_ceil(STEP) * shape.columns.output().div_ceil(STEP)
    }

    pub(super) fn images(&self) -> usize {
        self.images
    }

    pub(super) fn tiles(&self) -> usize {
        self.images * self.rows * self.columns
    }

    /// Tiles, rounded up to whole registers.
    pub(super) fn count(&self) -> usize {
        self.tiles().next_multiple_of(WIDTH)
    }

    /// Tiles of whole registers, transformed, of so many channels.
    pub(super) fn transformed(&self, channels: usize) -> Vec<[f32; WIDTH]> {
        vec![[0.0; WIDTH]; self.count() / WIDTH * SPOTS * apart(channels)]
    }

    /// From one row of an output to the next.
    pub(super) fn pitch(&self) -> usize {
        STEP * self.columns
    }

    /// Numbers of an output of one image: whole tiles.
    pub(super) fn plane(&self) -> usize {
        STEP * self.rows * self.pitch()
    }

    /// From one row of an input between its zeros to the next.
    fn line(&self) -> usize {
        self.pitch() + QUAD
    }

    /// Where each tile begins in an output.
    pub(super) fn places(&self) -> Vec<usize> {
        self.places_in(STEP * self.pitch())
    }

    /// Where each tile begins where rows of tiles are `row` numbers apart.
    fn places_in(&self, row: usize) -> Vec<usize> {
        let rows = 0..self.images * self.rows;
        rows.flat_map(|index| (0..self.columns).map(move |column| index * row + column * STEP))
            .collect()
    }
}

/// Transforms images into tiles.
pub(super) struct InputTransform {
    grid: Grid,
    /// `[rows of tiles, SIDE, line]`: transformed downwards, between the zeros on either side.
    lines: Vec<f32>,
    places: Vec<usize>,
}

impl InputTransform {
    pub(super) fn new(grid: &Grid) -> Self {
        let line = grid.line();
        let mut places = grid.places_in(SIDE * line);
        // What fills the last register is computed too, and not used.
        places.resize(grid.count(), 0);
        Self {
            lines: vec![0.0; grid.images * grid.rows * SIDE * line],
            places,
            grid: grid.clone(),
        }
    }

    /// Writes the tiles, `[registers, spots, channels]`, of images `[images, channels, height, width]`.
    pub(super) fn transform(
        &mut self,
        images: &[f32],
        channels: usize,
        tiles: &mut [[f32; WIDTH]],
    ) {
        let grid = &self.grid;
        let line = grid.line();
        let input = grid.height * grid.width;
        for channel in 0..channels {
            let of_image = self.lines.chunks_exact_mut(grid.rows * SIDE * line);
            for (image, lines) in images.chunks_exact(channels * input).zip(of_image) {
                let input = &image[channel * input..][..input];
                for (row, lines) in lines.chunks_exact_mut(SIDE * line).enumerate() {
                    let first = row * STEP;
                    downwards(
                        input,
                        grid.width,
                        (first, grid.above),
                        &mut lines[grid.left..],
                        line,
                    );
                }
            }
            let registers = tiles.chunks_exact_mut(SPOTS * apart(channels));
            for (tiles, places) in registers.zip(self.places.as_chunks::<WIDTH>().0) {
                for (half, places) in places.as_chunks::<QUAD>().0.iter().enumerate() {
                    across(
                        &self.lines,
                        line,
                        *places,
                        &mut tiles[channel..],
                        (apart(channels), half),
                    );
                }
            }
        }
    }
}

/// Bᵀ·d of a row of tiles, the first of whose lines is this one of the input with `above` zeros before it.
#[inline(never)]
fn downwards(
    input: &[f32],
    width: usize,
    (first, above): (usize, usize),
    results: &mut [f32],
    line: usize,
) {
    let mut rows: [&[f32]; SIDE] = [&[]; SIDE];
    for (row, values) in rows.iter_mut().enumerate() {
        if let Some(row) = (first + row).checked_sub(above)
            && let Some(found) = input.get(row * width..(row + 1) * width)
        {
            *values = found;
        }
    }
    for at in (0..width).step_by(QUAD) {
        let column = array::from_fn(|row| four_at(rows[row], at));
        for (row, value) in of_input(column).into_iter().enumerate() {
            put(&mut results[row * line + at..], value);
        }
    }
}

/// The four numbers at a place; zeros beyond the end.
#[inline(always)]
fn four_at(values: &[f32], at: usize) -> f32x4 {
    let Some(values) = values.get(at..) else {
        return f32x4::ZERO;
    };
    if let Some(values) = values.first_chunk() {
        return f32x4::from(*values);
    }
    let mut some = [0.0; QUAD];
    for (some, value) in some.iter_mut().zip(values) {
        *some = *value;
    }
    f32x4::from(some)
}

/// d·B of four tiles that begin at these places, for one half of each register; a spot is `step` behind the one before.
#[inline(never)]
fn across(
    lines: &[f32],
    line: usize,
    [a, b, c, d]: [usize; QUAD],
    tiles: &mut [[f32; WIDTH]],
    (step, half): (usize, usize),
) {
    let mut spots = tiles.iter_mut().step_by(step);
    for row in 0..SIDE {
        let [first, rest] = halves(lines, a + row * line);
        let [second, second_rest] = halves(lines, b + row * line);
        let [third, third_rest] = halves(lines, c + row * line);
        let [last, last_rest] = halves(lines, d + row * line);
        let [a, b, c, d] = f32x4::transpose([first, second, third, last]);
        let [e, f, ..] = f32x4::transpose([rest, second_rest, third_rest, last_rest]);
        for (value, spot) in of_input([a, b, c, d, e, f]).into_iter().zip(&mut spots) {
            put(&mut spot[half * QUAD..], value);
        }
    }
}

/// The eight numbers at a place.
#[inline(always)]
fn halves(values: &[f32], at: usize) -> [f32x4; 2] {
    let Some([a, b, c, d, e, f, g, h]) = values[at..].first_chunk() else {
        unreachable!("lines end with room for a tile")
    };
    [[*a, *b, *c, *d].into(), [*e, *f, *g, *h].into()]
}

/// Multiplies transformed tiles with transformed kernels, and transforms the products back.
pub(super) struct Products {
    grid: Grid,
    channels: usize,
    /// `[filters, quads of tiles]` of some filters.
    products: Vec<[[f32; QUAD]; SPOTS]>,
    /// Filters of `products`, whole groups.
    filters: usize,
    places: Vec<usize>,
}

impl Products {
    pub(super) fn new(grid: &Grid, channels: usize, filters: usize) -> Self {
        let some = (PRODUCTS / grid.count()).clamp(FILTERS, filters.next_multiple_of(FILTERS));
        let some = some / FILTERS * FILTERS;
        Self {
            channels,
            products: vec![[[0.0; QUAD]; SPOTS]; some * grid.count() / QUAD],
            filters: some,
            places: grid.places(),
            grid: grid.clone(),
        }
    }

    /// Writes the outputs, `[filters, images, plane]`, of some filters, of which the first is that of a whole group.
    pub(super) fn outputs(
        &mut self,
        tiles: &[[f32; WIDTH]],
        kernels: &[[f32; FILTERS]],
        first: usize,
        outputs: &mut [f32],
    ) {
        let of_filter = self.grid.images * self.grid.plane();
        for (index, outputs) in outputs.chunks_mut(self.filters * of_filter).enumerate() {
            let filters = outputs.len() / of_filter;
            let first = first + index * self.filters;
            let groups = first / FILTERS..(first + filters).div_ceil(FILTERS);
            self.multiply(tiles, kernels, groups);
            let products = self.products.chunks_exact(self.grid.count() / QUAD);
            for (products, output) in products.zip(outputs.chunks_exact_mut(of_filter)) {
                for (products, places) in products.iter().zip(self.places.chunks(QUAD)) {
                    back(products, places, output, self.grid.pitch());
                }
            }
        }
    }

    /// Kernels times tiles, spot by spot.
    fn multiply(
        &mut self,
        tiles: &[[f32; WIDTH]],
        kernels: &[[f32; FILTERS]],
        groups: Range<usize>,
    ) {
        let (quads, channels) = (self.grid.count() / QUAD, self.channels);
        let apart = apart(channels);
        for spot in 0..SPOTS {
            let products = self.products.chunks_exact_mut(FILTERS * quads);
            for (group, products) in groups.clone().zip(products) {
                let kernels = &kernels[(group * SPOTS + spot) * apart..][..channels];
                for (register, tiles) in tiles.chunks_exact(SPOTS * apart).enumerate() {
                    let results = multiply(&tiles[spot * apart..][..channels], kernels);
                    let products = products[register * (WIDTH / QUAD)..].chunks_mut(quads);
                    for (products, results) in products.zip(results) {
                        for (products, result) in products.iter_mut().zip(results) {
                            products[spot] = result.to_array();
                        }
                    }
                }
            }
        }
    }
}

/// Aᵀ·m·A of up to four tiles, whose outputs begin at these places.
#[inline(never)]
fn back(products: &[[f32; QUAD]; SPOTS], places: &[usize], output: &mut [f32], pitch: usize) {
    let mut columns = [[f32x4::ZERO; SIDE]; STEP];
    for column in 0..SIDE {
        let of_row = |row: usize| f32x4::from(products[row * SIDE + column]);
        let values = of_products(array::from_fn(of_row));
        for (columns, value) in columns.iter_mut().zip(values) {
            columns[column] = value;
        }
    }
    for (row, values) in columns.into_iter().enumerate() {
        let tiles = f32x4::transpose(of_products(values));
        for (place, values) in places.iter().zip(tiles) {
            put(&mut output[place + row * pitch..], values);
        }
    }
}
