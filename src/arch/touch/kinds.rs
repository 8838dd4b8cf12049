//! The changes that a person can make.

use serde::{Deserialize, Serialize};

/// Rows and columns of a [`Pattern`].
pub(super) const EDGE: usize = 3;

/// Well-known kernels of three rows and columns. In each, the positive numbers add up to one, so that what it finds has about
/// the size of what it looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
#[serde(rename_all = "kebab-case")]
pub enum Pattern {
    /// Sobel's derivative along a line: upright edges.
    SobelX,
    /// The same from line to line: level edges.
    SobelY,
    /// The difference to the four neighbours: edges of every direction.
    Laplace,
    /// The mean of nine.
    Blur,
    /// Nothing.
    Zero,
}

impl Pattern {
    /// Every one.
    pub const ALL: [Self; 5] = [
        Self::SobelX,
        Self::SobelY,
        Self::Laplace,
        Self::Blur,
        Self::Zero,
    ];

    /// Its numbers, line by line.
    pub const fn numbers(self) -> [f32; EDGE * EDGE] {
        match self {
            Self::SobelX => [-0.25, 0.0, 0.25, -0.5, 0.0, 0.5, -0.25, 0.0, 0.25],
            Self::SobelY => [-0.25, -0.5, -0.25, 0.0, 0.0, 0.0, 0.25, 0.5, 0.25],
            Self::Laplace => [0.0, -0.25, 0.0, -0.25, 1.0, -0.25, 0.0, -0.25, 0.0],
            Self::Blur => [1.0 / 9.0; EDGE * EDGE],
            Self::Zero => [0.0; EDGE * EDGE],
        }
    }
}

/// One thing that a person changes. A row is that of an operation, in the order of [`Shaped::operations`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Touch {
    /// A weight of a convolution or of a dense layer becomes this number.
    Weight {
        /// Which layer.
        row: usize,
        /// Which of its filters, or outputs.
        channel: usize,
        /// Of which channel that enters, or of which input.
        input: usize,
        /// Which number of the kernel, line by line; 0 in a dense layer.
        at: usize,
        /// The number.
        value: f32,
    },
    /// A bias of a convolution or of a dense layer becomes this number.
    Bias {
        /// Which layer.
        row: usize,
        /// Of which filter, or output.
        channel: usize,
        /// The number.
        value: f32,
    },
    /// The kernel of a filter becomes a pattern, in the middle of zeros if it is larger; of several channels that enter, it
    /// sees the mean. The bias stays.
    Kernel {
        /// Which layer.
        row: usize,
        /// Which filter.
        channel: usize,
        /// What it becomes.
        pattern: Pattern,
    },
    /// A channel is switched off: its filter and its bias are zeros, and what a normalization attached to the layer
    /// multiplies it by and adds to it.
    Channel {
        /// Which layer.
        row: usize,
        /// Which channel, or output.
        channel: usize,
    },
    /// A whole layer is switched off in the same way.
    Layer {
        /// Which layer.
        row: usize,
    },
    /// What a branch carries counts as zeros where branches meet.
    Branch {
        /// Which place where branches meet, in the order in which that happens.
        join: usize,
        /// Which branch; of a residual block the shortcut is the last.
        branch: usize,
    },
    /// A layer is not trained further, nor what is attached to it: weights, moments and running statistics stay. While training,
    /// an attached batch normalization still uses the mean and variance of the batch.
    Freeze {
        /// Which layer.
        row: usize,
    },
    /// A channel that a run has gone on without is on again. Its numbers were zeros meanwhile, from which nothing is learned:
    /// it begins anew with its first weights. What all others have learned meanwhile stays.
    ChannelOn {
        /// Which layer.
        row: usize,
        /// Which channel, or output.
        channel: usize,
    },
    /// A whole layer is on again, in the same way.
    LayerOn {
        /// Which layer.
        row: usize,
    },
    /// A branch carries again what its layers make.
    BranchOn {
        /// Which place where branches meet.
        join: usize,
        /// Which branch.
        branch: usize,
    },
    /// A layer that was frozen is trained further.
    Thaw {
        /// Which layer.
        row: usize,
    },
    /// The run began from weights that it was given, in the place of its seed's: of a file, or of another run.
    Given,
}

/// A touch, where and when it was.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Touched {
    /// After how many steps of the run.
    pub step: u32,
    /// The path of the layer, or of the place where branches meet; of [`Touch::Given`] what the weights are called.
    pub layer: String,
    /// What was done.
    pub touch: Touch,
}
