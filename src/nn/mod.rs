//! Networks that run: a layer tree, its weights on a device, and what goes through them.

mod forward;
mod kernels;
mod network;

pub use forward::{Flow, Hook};
#[cfg(feature = "trial")]
pub use kernels::trial;
pub(crate) use kernels::{AdamStep, DeviceSamples, SgdStep, adam, classify, pack, sgd};
pub(crate) use network::numbers;
pub use network::{Draw, Mode, Network, State};
