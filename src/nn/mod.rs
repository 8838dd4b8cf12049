//! Networks that run: a layer tree, its weights on a device, and the forward pass.

mod forward;
mod initial;
mod network;
mod objective;
mod onnx;
mod tensors;

pub use forward::{Hook, Seen};
pub use network::{Network, State};
pub(crate) use objective::Objective;
