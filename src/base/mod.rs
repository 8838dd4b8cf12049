//! The ground floor: what every other room may use, and what uses none of them.

mod code;
pub mod digest;
pub mod error;
mod facts;
pub mod rng;
mod shape;
mod window;

pub use digest::sha256;
pub use facts::{DataFacts, MAX_CLASSES, MAX_SAMPLES, SIDES};
pub use shape::ImageShape;
pub use window::Window;
