//! `cargo xtask bundle`: the playground as static files.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use clap::Args;
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::data;
use crate::host::Host;
use crate::project::Project;
use crate::site;
use crate::toolchain::Toolchain;
use crate::wasm::{self, Module};

#[derive(Args)]
pub(crate) struct Options {
    /// The folder to write; what a bundle wrote there before is replaced
    #[arg(long, default_value = "dist")]
    out: PathBuf,
    /// Leave out the module for GPUs
    #[arg(long)]
    no_webgpu: bool,
    /// Leave out the data sets (171 MB)
    #[arg(long)]
    no_data: bool,
}

/// The file that marks a folder as a bundle's, which may be replaced.
const MARK: &str = "pkg/modules.json";

pub(crate) fn run(project: &Project, host: &Host, options: &Options) -> Result<()> {
    let out = std::path::absolute(&options.out)?;
    let replaceable = !out.exists() || out.join(MARK).exists() || out.read_dir()?.next().is_none();
    ensure!(
        replaceable,
        "{} holds something else; empty it or name another folder with --out",
        out.display()
    );

    let toolchain = Toolchain::find(host)?;
    let modules: Vec<_> = Module::ALL
        .into_iter()
        .filter(|module| !options.no_webgpu || *module != Module::Webgpu)
        .collect();
    for module in &modules {
        wasm::build(project, toolchain, *module)?;
    }
    site::prepare(project, host, &modules)?;
    if !options.no_data {
        data::prepare(project, host, &[])?;
    }

    println!("Writing {}", out.display());
    let _ = fs::remove_dir_all(&out);
    copy_folder(&project.www(), &out)?;
    copy_folder(&project.site().join("vendor"), &out.join("vendor"))?;
    if !options.no_data {
        for set in data::ids() {
            copy_folder(&project.data().join(set), &out.join("data").join(set))?;
        }
    }
    let mut sizes = Vec::new();
    for module in modules {
        let name = module.name();
        let folder = out.join("pkg").join(name);
        fs::create_dir_all(&folder)?;
        let script = fs::read(module.folder(project).join(format!("{name}.js")))?;
        let code = wasm::optimize(project, module)?;
        fs::write(folder.join(format!("{name}.js")), &script)?;
        fs::write(folder.join(format!("{name}_bg.wasm")), &code)?;
        sizes.push((
            name,
            script.len() + code.len(),
            gzipped(&script)? + gzipped(&code)?,
        ));
    }
    fs::copy(project.site().join(MARK), out.join(MARK))?;

    println!("\n{:8} {:>12} {:>12}", "module", "bytes", "gzipped");
    for (name, raw, gzipped) in sizes {
        println!("{name:8} {raw:12} {gzipped:12}");
    }
    println!(
        "\nThe playground is in {}: put it on any web host.",
        out.display()
    );
    Ok(())
}

fn gzipped(bytes: &[u8]) -> Result<usize> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?.len())
}

/// Copies a folder with everything in it, except what types are for.
fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from).with_context(|| from.display().to_string())? {
        let entry = entry?;
        let (name, target) = (entry.file_name(), to.join(entry.file_name()));
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else if !name.to_string_lossy().ends_with(".d.ts") {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
