//! Labelled images as they come: bytes, before any transform.

use crate::base::ImageShape;

/// Images and their labels, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Samples {
    /// The size of each image.
    pub shape: ImageShape,
    /// `[samples, channels, height, width]`, 0 to 255.
    pub pixels: Vec<u8>,
    /// `[samples]`, each below the number of classes.
    pub labels: Vec<u8>,
}

impl Samples {
    /// No samples yet, of images of this size.
    pub fn empty(shape: ImageShape) -> Self {
        Self {
            shape,
            pixels: Vec::new(),
            labels: Vec::new(),
        }
    }

    /// How many samples there are.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether it is empty.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// The bytes of one image, `[channels, height, width]`.
    ///
    /// # Panics
    /// If there is no such sample.
    pub fn image(&self, index: usize) -> &[u8] {
        let size = self.shape.len();
        &self.pixels[index * size..(index + 1) * size]
    }

    /// Appends these samples. The shapes must agree.
    pub fn append(&mut self, mut other: Samples) {
        debug_assert_eq!(self.shape, other.shape);
        self.pixels.append(&mut other.pixels);
        self.labels.append(&mut other.labels);
    }
}
