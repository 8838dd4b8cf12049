//! The inner loops of training on the CPU, over arrays on the host. Nothing here knows of burn.
//!
//! A crate of its own so that it can be compiled for speed (`opt-level = 3`) while everything else is compiled
//! for size. For that to hold, nothing here is generic or `#[inline]`: callers pass whole batches. Only the formulas of
//! [`activation`] are generic, which other devices compute as tensors; their loops are compiled here.

pub mod activation;
mod axis;
mod convolution;
pub mod dense;
mod depthwise;
mod frame;
mod full;
mod fused;
mod gradients;
mod input_gradient;
pub mod loss;
mod max_pool;
pub mod norm;
pub mod optimizer;
mod parts;
mod pool;
pub mod sum;
mod tile;
mod winograd;

pub use depthwise::Depthwise;
pub use fused::{Convolution, Kept, Tail};
pub use gradients::ConvolutionGradients;
pub use max_pool::MaxPool;
