//! What comes from npm: the libraries that the page loads and the tools in `package.json`.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use cnn_playground::base::sha256;

use crate::host::Host;
use crate::process;
use crate::project::Project;

/// A command for npm, which is installed where that is possible.
pub(crate) fn npm(host: &Host) -> Result<Command> {
    // npm is a script for node, so both must be there.
    host.provide(&["node"], &["nodejs", "npm"])
        .context("Node.js 20 or later is needed")?;
    Ok(Command::new(host.provide(&["npm"], &["npm"])?))
}

/// A command for a program that a package of `package-lock.json` brings.
pub(crate) fn exec(host: &Host, program: &str) -> Result<Command> {
    let mut npm = npm(host)?;
    npm.args(["exec", "--offline", "--", program]);
    Ok(npm)
}

/// Installs what a folder's `package-lock.json` names, unless that is what is installed.
pub(crate) fn packages(folder: &Path, host: &Host) -> Result<()> {
    let modules = folder.join("node_modules");
    let lock = fs::read(folder.join("package-lock.json"))
        .with_context(|| format!("{} has no package-lock.json", folder.display()))?;
    let (stamp, fingerprint) = (modules.join(".installed-from"), sha256(&lock));
    if fs::read_to_string(&stamp).is_ok_and(|found| found == fingerprint) {
        return Ok(());
    }
    println!(
        "Installing the npm packages of {}",
        folder.join("package-lock.json").display()
    );
    let mut npm = npm(host)?;
    process::run(npm.current_dir(folder).args([
        "ci",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
    ]))
    .context("the npm packages are not here yet, and fetching them needs the network")?;
    fs::write(stamp, fingerprint)?;
    Ok(())
}

/// What the page loads from npm: file of a package, and its name among the vendored ones.
const VENDORED: [(&str, &str); 7] = [
    ("uplot/dist/uPlot.esm.js", "uplot.js"),
    ("uplot/dist/uPlot.d.ts", "uplot.d.ts"),
    ("uplot/dist/uPlot.min.css", "uplot.css"),
    ("uqr/dist/index.mjs", "uqr.js"),
    ("uqr/dist/index.d.mts", "uqr.d.ts"),
    ("fflate/esm/browser.js", "fflate.js"),
    ("fflate/esm/browser.d.ts", "fflate.d.ts"),
];

/// The scripts of packages for course systems, `vendor/player-NAME.js` each: one classic script, since a package should
/// hold few files and a sandboxed page loads no modules. And the library in each.
const PLAYERS: [(&str, &str); 2] = [
    ("scorm", "pipwerks-scorm-api-wrapper"),
    ("cmi5", "@xapi/cmi5"),
];

/// esbuild's switches for them.
const PLAYER_SWITCHES: [&str; 6] = [
    "--bundle",
    "--format=iife",
    "--minify",
    "--charset=utf8",
    "--legal-comments=none",
    "--log-level=warning",
];

/// The packages that the page loads something of, or a package for a course system holds.
pub(crate) fn vendored() -> BTreeSet<&'static str> {
    let packages = VENDORED
        .iter()
        .filter_map(|(file, _)| file.split('/').next());
    packages
        .chain(PLAYERS.map(|(_, library)| library))
        .collect()
}

/// Installs the project's packages, and puts the vendored libraries where the page loads them from.
pub(crate) fn install(project: &Project, host: &Host) -> Result<()> {
    packages(&project.root, host)?;
    let modules = project.root.join("node_modules");
    let to = project.site().join("vendor");
    fs::create_dir_all(&to)?;
    for (source, name) in VENDORED {
        fs::copy(modules.join(source), to.join(name))
            .with_context(|| format!("npm has no {source}"))?;
    }
    for (name, _) in PLAYERS {
        let mut esbuild = exec(host, "esbuild")?;
        let script = project.www().join(format!("app/player/{name}.js"));
        let out = to.join(format!("player-{name}.js"));
        esbuild.current_dir(&project.root).arg(script);
        esbuild.arg(format!("--outfile={}", out.display()));
        process::run(esbuild.args(PLAYER_SWITCHES))?;
    }
    Ok(())
}
