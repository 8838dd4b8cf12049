//! The windows that slide over images.

/// A square window that slides over an image. Padding never wins a maximum, and counts as zeros in a mean, as in
/// PyTorch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// Edge of the window, in pixels.
    pub size: usize,
    /// Pixels from one place to the next.
    pub stride: usize,
    /// Rows and columns by which it may reach beyond each edge.
    pub padding: usize,
}

impl Window {
    /// Windows of this edge, side by side.
    pub const fn tiles(size: usize) -> Self {
        Self {
            size,
            stride: size,
            padding: 0,
        }
    }
}
