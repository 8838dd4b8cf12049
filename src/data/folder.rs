//! A served data set, read from the folder that it would be served from.

use std::path::{Path, PathBuf};
use std::{env, fs};

use super::{Dataset, Manifest, Split};
use crate::base::error::{Code, Problem, Result};

/// Where `cargo xtask data` keeps the data sets, a folder each: `$CNN_PLAYGROUND_CACHE/data`, or the
/// same in the user's own cache folder.
pub fn cache() -> Option<PathBuf> {
    let cache = match env::var_os("CNN_PLAYGROUND_CACHE") {
        Some(folder) => PathBuf::from(folder),
        None => dirs::cache_dir()?.join("cnn-playground"),
    };
    Some(cache.join("data"))
}

/// Reads a data set: the first `train` and `test` samples of its splits, or some more.
///
/// # Errors
/// [`Code::NoData`] if a file cannot be read; otherwise as [`Dataset::add_shard`].
pub fn load(folder: &Path, train: usize, test: usize) -> Result<Dataset> {
    let read = |name: &str| {
        let path = folder.join(name);
        let missing =
            |error| Problem::new(Code::NoData).with("data", format!("{}: {error}", path.display()));
        fs::read(&path).map_err(missing)
    };
    let manifest: Manifest =
        serde_json::from_slice(&read("manifest.json")?).map_err(Problem::internal)?;
    let mut data = Dataset::served(manifest)?;
    for (split, needed) in [(Split::Train, train), (Split::Test, test)] {
        while let Some(file) = data
            .next_shard(split, needed)
            .map(|shard| shard.file.clone())
        {
            data.add_shard(split, &read(&file)?)?;
        }
    }
    Ok(data)
}
