//! The size of an image, which data sets and networks share.

use serde::{Deserialize, Serialize};

/// The size of one image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct ImageShape {
    /// Colour channels: 1 for grey, 3 for red, green and blue.
    pub channels: usize,
    /// Rows.
    pub height: usize,
    /// Columns.
    pub width: usize,
}

impl ImageShape {
    /// Pixels in one channel: height × width.
    pub fn area(self) -> usize {
        self.height * self.width
    }

    /// Values in one image: channels × height × width.
    pub fn len(self) -> usize {
        self.channels * self.area()
    }

    /// Whether there is nothing in an image of this size.
    pub fn is_empty(self) -> bool {
        self.len() == 0
    }
}
