//! The windows that slide over images.

/// A square convolution over zero padding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Conv2d {
    /// Filters.
    pub out_channels: usize,
    /// Edge of the kernel, in pixels.
    pub kernel: usize,
    /// Pixels from one place to the next.
    pub stride: usize,
    /// Rows and columns of zeros on each side.
    pub padding: usize,
    /// Pixels from one weight of the kernel to the next.
    pub dilation: usize,
    /// Parts into which the channels are cut; each filter sees one of them.
    pub groups: usize,
    /// Whether a number is added to each output channel.
    pub bias: bool,
}

impl Conv2d {
    /// So many filters with a bias, pixel by pixel, without padding.
    pub const fn new(out_channels: usize, kernel: usize) -> Self {
        Self {
            out_channels,
            kernel,
            stride: 1,
            padding: 0,
            dilation: 1,
            groups: 1,
            bias: true,
        }
    }

    /// The same with as much padding as keeps the size at stride 1 (odd kernels).
    pub const fn same(out_channels: usize, kernel: usize) -> Self {
        Self {
            padding: kernel / 2,
            ..Self::new(out_channels, kernel)
        }
    }

    /// Edge of the part of the input that one output sees.
    pub const fn span(self) -> usize {
        self.dilation * (self.kernel - 1) + 1
    }
}

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
