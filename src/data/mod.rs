//! Data sets: from files to batches.
//!
//! `manifest` and `shard` are what the page is served; `formats` are the files that a person may drop: they give
//! [`part`]s, of which `dropped` makes a set. All become [`Samples`]; [`transform`] and [`batcher`] make of those what
//! a network sees.

pub mod album;
mod array;
pub mod augment;
pub mod batcher;
mod dataset;
pub mod dropped;
mod fault;
#[cfg(feature = "cli")]
pub mod folder;
pub mod formats;
pub mod ink;
pub mod limits;
pub mod manifest;
pub mod open;
pub mod part;
pub mod picture;
pub mod preview;
mod role;
pub mod samples;
pub mod scene;
pub mod shard;
pub mod sorted;
pub mod statistics;
pub mod transform;

pub use augment::Augmentation;
pub use batcher::{Batch, Targets, epoch_order, order};
pub use dataset::{Dataset, Split};
pub use manifest::Manifest;
pub use samples::Samples;
pub use scene::Scenes;
pub use transform::Transform;
