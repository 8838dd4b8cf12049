//! Networks that run: a layer tree, its weights on a device, and the forward pass.

mod forward;
mod functions;
mod kernels;
mod mode;
mod network;
mod numbers;

pub use forward::{Flow, Hook, Seen};
#[cfg(feature = "trial")]
pub use kernels::trial;
pub(crate) use kernels::{
    Activation, AdamStep, DeviceSamples, SgdStep, activate, adam, classify, pack, sgd,
};
pub use mode::{Draw, Mode};
pub use network::{Network, State};
pub(crate) use numbers::numbers;
