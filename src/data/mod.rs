//! Data sets: from files to batches.
//!
//! `manifest` and `shard` are what the page is served; `idx` and `cifar` are the original files
//! that a person may drop, and `album` is what their pictures become. All become [`Samples`]; [`transform`] and [`batcher`] make of those what
//! a network sees.

pub mod album;
pub mod augment;
pub mod batcher;
pub mod cifar;
mod dataset;
pub mod dropped;
#[cfg(feature = "cli")]
pub mod folder;
pub mod idx;
pub mod manifest;
pub mod open;
pub mod picture;
pub mod preview;
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
