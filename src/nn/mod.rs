//! Networks that run: a layer tree, its weights on a device, and what goes through them.

mod forward;
mod kernels;
mod network;

pub use forward::{Flow, Hook};
pub(crate) use kernels::{AdamStep, adam};
pub use network::{Draw, Mode, Network, State};
pub(crate) use network::{flat, numbers};
