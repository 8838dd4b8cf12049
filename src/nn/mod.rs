//! Networks that run: a layer tree, its weights on a device, and what goes through them.

mod forward;
mod kernels;
mod network;

pub(crate) use kernels::{AdamStep, adam};
pub(crate) use network::flat;
pub use network::{Mode, Network, State};
