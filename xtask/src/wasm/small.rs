//! Modules as a bundle has them: as small as they get, and slower to build.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use anyhow::Result;
use cnn_playground::data::shard::sha256;

use super::{Module, STAMP, bind, build, prune, sources};
use crate::process;
use crate::project::Project;
use crate::toolchain::{Profile, TARGET, Toolchain};

/// A module's files.
pub(crate) struct Files {
    /// What the page imports.
    pub(crate) script: Vec<u8>,
    /// What the script loads.
    pub(crate) code: Vec<u8>,
}

/// What makes a module smaller, besides the sources: part of what it is made from.
const RULES: &str = include_str!("prune.rs");

/// wasm-opt's switches: the features that the compiler was told to use, and no names of functions.
const OPTIMIZER: [&str; 9] = [
    "--enable-simd",
    "--enable-bulk-memory",
    "--enable-sign-ext",
    "--enable-nontrapping-float-to-int",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
    "--strip-debug",
    "--strip-producers",
];

/// A module as the everyday build made it.
pub(crate) fn unchanged(project: &Project, module: Module) -> Result<Files> {
    read(&module.folder(project), module)
}

/// A module made small. That for GPUs takes so long to compile that it is the everyday one.
pub(crate) fn files(project: &Project, toolchain: Toolchain, module: Module) -> Result<Files> {
    let folder = if module == Module::Webgpu {
        build(project, toolchain, module)?;
        module.folder(project)
    } else {
        let folder = project.target.join("small").join(module.name());
        compile(project, toolchain, module, &folder)?;
        folder
    };
    let Files { script, code } = read(&folder, module)?;
    let code = optimize(project, module, &code)?;
    Ok(Files { script, code })
}

fn read(folder: &Path, module: Module) -> Result<Files> {
    let file = |ending: &str| fs::read(folder.join(format!("{}{ending}", module.name())));
    Ok(Files {
        script: file(".js")?,
        code: file("_bg.wasm")?,
    })
}

/// Compiles a module as one piece, without what it never reaches.
fn compile(project: &Project, toolchain: Toolchain, module: Module, folder: &Path) -> Result<()> {
    let (name, started) = (module.name(), Instant::now());
    let made_from = sources(project, toolchain)? + &sha256(RULES.as_bytes());
    let stamp = folder.join(STAMP);
    if fs::read_to_string(&stamp).is_ok_and(|found| found == made_from) {
        return Ok(());
    }
    println!("Building the module `{name}` for the bundle");
    let _ = fs::remove_file(&stamp);
    let mut cargo = toolchain.cargo(project, "build", Profile::Bundle);
    // Names that say for which types a function was made.
    let mangling = format!("target.{TARGET}.rustflags=['-Csymbol-mangling-version=v0']");
    cargo.args(["--config", &mangling]);
    process::run(cargo.arg("--lib").args(module.features()))?;
    let mut output = bind(project, module, Profile::Bundle)?;
    let left_out = prune::prune(output.wasm_mut());
    output.emit(folder)?;
    fs::write(stamp, made_from)?;
    let seconds = started.elapsed().as_secs_f32();
    println!("Module `{name}` is ready ({seconds:.1} s), without {left_out} functions");
    Ok(())
}

/// A module's code made small with wasm-opt; kept in the cache, since it takes minutes.
fn optimize(project: &Project, module: Module, code: &[u8]) -> Result<Vec<u8>> {
    let level = if module == Module::Webgpu {
        "-Oz"
    } else {
        "-O2"
    };
    let folder = project.cache.join("optimized");
    let kept = folder.join(format!("{}{level}.wasm", sha256(code)));
    if !kept.exists() {
        println!(
            "Making the module `{}` small with wasm-opt {level} (minutes)",
            module.name()
        );
        fs::create_dir_all(&folder)?;
        let (before, partial) = (
            kept.with_extension("before"),
            kept.with_extension("partial"),
        );
        fs::write(&before, code)?;
        let wasm_opt = project.root.join("node_modules/binaryen/bin/wasm-opt");
        let mut command = Command::new("node");
        command.arg(wasm_opt).args(OPTIMIZER).arg(level);
        process::run(command.arg(&before).arg("-o").arg(&partial))?;
        fs::remove_file(before)?;
        fs::rename(partial, &kept)?;
    }
    Ok(fs::read(kept)?)
}
