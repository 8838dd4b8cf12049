//! A network that somebody wrote in Python for PyTorch, as a text of the playground's notation.
//!
//! The text is parsed; what makes the layers (`__init__`) runs in an interpreter of as much Python as such code uses, with bounds
//! on steps, depth and memory; `forward` is followed with shapes in the place of tensors. Nothing else is executed. What cannot be
//! taken is named with its line. [`read`] is all of it; the page calls it as `readPython`, in a module of its own.

mod attributes;
mod builtins;
mod call;
mod candidates;
mod channels;
mod choose;
mod compare;
#[cfg(test)]
mod contract;
mod define;
mod eval;
mod fault;
mod functions;
mod imported;
mod items;
mod kept;
mod layers;
mod machine;
mod matched;
mod mathematics;
mod methods;
mod modules;
mod near;
mod operators;
mod plain;
mod pooled;
mod reading;
mod recipe;
mod reduce;
mod refused;
mod settings;
mod source;
mod syntax;
mod tensor;
mod torch;
mod tree;
mod value;
#[cfg(target_arch = "wasm32")]
#[allow(
    unreachable_pub,
    reason = "this leaves the crate through wasm-bindgen, which wants it public"
)]
mod web;
mod windows;

pub use choose::read;
pub use fault::{ReadingCause, ReadingFault, ReadingPlace};
pub use reading::{MOST_LETTERS, Reading, ReadingNetwork, ReadingStep, Request};
