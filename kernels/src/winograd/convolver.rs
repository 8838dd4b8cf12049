//! One thread's way from images to outputs.

use super::grid::{Grid, InputTransform, Products};
use crate::frame::Sizes;
use crate::tile::{FILTERS, WIDTH};

/// What one thread needs to convolve some images after others, in buffers that it keeps.
pub(super) struct Convolver<'a> {
    shape: Sizes,
    kernels: &'a [[f32; FILTERS]],
    pub(super) grid: Grid,
    inputs: InputTransform,
    /// Transformed.
    pub(super) tiles: Vec<[f32; WIDTH]>,
    products: Products,
    /// `[filters, images, plane]`.
    outputs: Vec<f32>,
}

impl<'a> Convolver<'a> {
    /// For so many images.
    pub(super) fn new(shape: &Sizes, kernels: &'a [[f32; FILTERS]], images: usize) -> Self {
        let grid = Grid::new(shape, images);
        Self {
            inputs: InputTransform::new(&grid),
            tiles: grid.transformed(shape.channels),
            products: Products::new(&grid, shape.channels, shape.filters),
            outputs: vec![0.0; shape.filters * grid.images() * grid.plane()],
            shape: *shape,
            kernels,
            grid,
        }
    }

    /// Transforms images.
    pub(super) fn transform(&mut self, images: &[f32]) {
        let count = images.len() / self.shape.input();
        if count != self.grid.images() {
            *self = Self::new(&self.shape, self.kernels, count);
        }
        self.inputs
            .transform(images, self.shape.channels, &mut self.tiles);
    }

    /// Their outputs.
    pub(super) fn convolve(&mut self, images: &[f32]) -> (&Grid, &[f32]) {
        self.transform(images);
        self.products
            .outputs(&self.tiles, self.kernels, 0, &mut self.outputs);
        (&self.grid, &self.outputs)
    }
}
