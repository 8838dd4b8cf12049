//! The loops that a small network spends its time in, over arrays on the host.
//!
//! A crate of its own, which knows nothing of burn, because these are the only ones that have to be fast:
//! in the browser this is compiled for speed, and most else for size. So nothing here is generic or inlined
//! outside; whoever calls it hands over whole batches.

pub mod activation;
mod axis;
mod convolution;
pub mod dense;
mod frame;
mod fused;
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

pub use convolution::Gradients;
pub use fused::{Convolution, Kept, Tail};
pub use max_pool::MaxPool;
