//! Training: devices, one step, and a run from its first step to its end.

mod checkpoint;
mod device;
mod feed;
mod gradients;
mod learner;
mod optimizer;
mod schedule;
mod session;
mod stepper;
mod tally;

pub use device::Device;

pub use session::{GivenWeights, Session};
pub use stepper::Stepper;
