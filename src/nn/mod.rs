//! Networks that run: a layer tree, its weights on a device, and the forward pass.

mod forward;
mod initial;
mod network;
mod tensors;

pub use forward::{Hook, Seen};
pub use network::{Network, State};
