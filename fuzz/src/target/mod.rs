//! The targets, a file each.

mod albums;
mod archives;
mod arrays;
mod dropped;
mod idx;
mod kept;
mod layers;
mod links;
mod manifests;
mod pickles;
mod plans;
mod python;
mod runs;
mod shards;
mod specs;
mod tables;
mod zips;

#[cfg(feature = "train")]
mod checkpoints;
#[cfg(feature = "train")]
mod tensors;
#[cfg(feature = "train")]
mod weights;

use crate::Target;

/// Every target.
pub const ALL: &[Target] = &[
    links::TARGET,
    kept::TARGET,
    layers::TARGET,
    python::TARGET,
    specs::TARGET,
    runs::TARGET,
    idx::TARGET,
    archives::TARGET,
    arrays::TARGET,
    pickles::TARGET,
    tables::TARGET,
    zips::TARGET,
    dropped::TARGET,
    albums::TARGET,
    manifests::TARGET,
    shards::TARGET,
    #[cfg(feature = "train")]
    tensors::TARGET,
    #[cfg(feature = "train")]
    weights::TARGET,
    #[cfg(feature = "train")]
    checkpoints::TARGET,
];

/// The target of this name.
pub fn of(name: &str) -> Option<&'static Target> {
    ALL.iter().find(|target| target.name == name)
}

/// Bytes in a megabyte.
const MB: usize = 1_000_000;
