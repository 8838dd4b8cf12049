//! The WebAssembly modules: compiled by cargo, made importable by wasm-bindgen.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result};
use clap::ValueEnum;
use cnn_playground::base::sha256;
use wasm_bindgen_cli_support::Bindgen;

use crate::files::{Files, read_folder};
use crate::host::Host;
use crate::process;
use crate::project::Project;
use crate::toolchain::{TARGET, THREADS, Toolchain};

mod prune;
mod size;

/// One of the modules that the page loads. All but one are the same crate with other features, so that
/// no browser downloads what its machine cannot use, or nobody has asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Module {
    /// Specs, layer trees, links: what the page itself needs.
    Core,
    /// Networks that people wrote in Python for PyTorch.
    Python,
    /// Training on the CPU.
    Cpu,
    /// The same on more than one thread, where the browser isolates the page.
    Threads,
    /// Training on a GPU.
    Webgpu,
}

impl Module {
    /// Every module, the quickest to build first.
    pub(crate) const ALL: [Module; 5] = [
        Self::Core,
        Self::Python,
        Self::Cpu,
        Self::Threads,
        Self::Webgpu,
    ];
    /// Those without the one that takes longest.
    pub(crate) const QUICK: [Module; 4] = [Self::Core, Self::Python, Self::Cpu, Self::Threads];

    /// The name of its folder and its files.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Core => "core",
            Self::Python => "python",
            Self::Cpu => "cpu",
            Self::Threads => "threads",
            Self::Webgpu => "webgpu",
        }
    }

    /// The crate that it is.
    pub(crate) fn package(self) -> &'static str {
        match self {
            Self::Python => "cnn-playground-python",
            Self::Core | Self::Cpu | Self::Threads | Self::Webgpu => "cnn-playground",
        }
    }

    /// The folders that it is made from.
    fn folders(self) -> &'static [&'static str] {
        match self {
            Self::Python => &["src", "kernels", "python"],
            Self::Core | Self::Cpu | Self::Threads | Self::Webgpu => &["src", "kernels"],
        }
    }

    /// Whether browsers fetch it only when it is first used.
    pub(crate) fn is_rare(self) -> bool {
        matches!(self, Self::Python | Self::Threads | Self::Webgpu)
    }

    /// Cargo's features, besides `--no-default-features`.
    pub(crate) fn features(self) -> &'static [&'static str] {
        match self {
            Self::Core | Self::Python => &[],
            Self::Cpu => &["--features", "cpu"],
            Self::Threads => &["--features", "threads"],
            Self::Webgpu => &["--features", "webgpu"],
        }
    }

    /// Where the module is put: `pkg/NAME/NAME.js`, `NAME_bg.wasm`, `NAME.d.ts`.
    pub(crate) fn folder(self, project: &Project) -> PathBuf {
        project.site().join("pkg").join(self.name())
    }

    /// The module's code.
    pub(crate) fn code(self, project: &Project) -> PathBuf {
        self.folder(project)
            .join(format!("{}_bg.wasm", self.name()))
    }

    /// What it was made from: [`sources`], then what was asked for besides.
    fn stamp(self, project: &Project) -> PathBuf {
        self.folder(project).join(".made-from")
    }
}

/// The modules that can be built here. The page works without the one for threads, so what is missing for it is
/// only reported.
pub(crate) fn possible(host: &Host, toolchain: Toolchain, modules: &[Module]) -> Vec<Module> {
    let mut modules = modules.to_vec();
    if modules.contains(&Module::Threads)
        && let Err(error) = toolchain.add_source(host)
    {
        println!("Without the module `threads`: {error:#}");
        modules.retain(|module| *module != Module::Threads);
    }
    modules
}

/// Builds a module, or finds that it is up to date.
pub(crate) fn build(project: &Project, toolchain: Toolchain, module: Module) -> Result<()> {
    build_with(project, toolchain, module, &[])
}

/// The same with the exports for benchmarks, in the module's place.
pub(crate) fn build_for_benchmark(
    project: &Project,
    toolchain: Toolchain,
    module: Module,
) -> Result<()> {
    let more = match module {
        Module::Core | Module::Python => &[][..],
        _ => &["--features", "trial"],
    };
    build_with(project, toolchain, module, more)
}

fn build_with(
    project: &Project,
    toolchain: Toolchain,
    module: Module,
    more: &[&str],
) -> Result<()> {
    let (name, started) = (module.name(), Instant::now());
    let _alone = project.alone()?;
    let (stamp, sources) = (
        module.stamp(project),
        sources(project, toolchain, module)? + &more.concat(),
    );
    if fs::read_to_string(&stamp).is_ok_and(|found| found == sources) {
        println!("Module `{name}` is up to date");
        return Ok(());
    }
    let patience = match module {
        Module::Webgpu => " (the first time: 5 to 15 minutes; later: seconds)",
        _ => "",
    };
    println!("Building the module `{name}`{patience}");
    // Without the stamp first: a build that is cut short must not look finished.
    let _ = fs::remove_file(&stamp);
    let mut cargo = if module == Module::Threads {
        toolchain.cargo_with_threads(project, "build")
    } else {
        toolchain.cargo(project, "build")
    };
    let package = ["--lib", "--package", module.package()];
    process::run(cargo.args(package).args(module.features()).args(more))?;
    bind(project, module).with_context(|| format!("wasm-bindgen on the module `{name}`"))?;
    fs::write(stamp, sources)?;
    let seconds = started.elapsed().as_secs_f32();
    println!("Module `{name}` is ready ({seconds:.1} s)");
    Ok(())
}

/// A fingerprint of all that a module is made from. Cargo cannot tell by itself: it keeps the
/// code of one module only, and takes another set of features for a change.
fn sources(project: &Project, toolchain: Toolchain, module: Module) -> Result<String> {
    let mut files = Files::new();
    for folder in module.folders() {
        let prefix = format!("{folder}/");
        read_folder(&project.root.join(folder), &prefix, &mut files)?;
    }
    for name in ["Cargo.toml", "Cargo.lock", ".cargo/config.toml"] {
        files.insert(name.to_owned(), fs::read(project.root.join(name))?);
    }
    let mut all = toolchain.version()? + prune::RULES + &THREADS.concat();
    for (path, content) in &files {
        all += &format!("{path} {}\n", sha256(content));
    }
    Ok(sha256(all.as_bytes()))
}

/// Makes the files that the page imports.
fn bind(project: &Project, module: Module) -> Result<()> {
    let target = if module == Module::Threads {
        Toolchain::target_of_threads(project)
    } else {
        project.target.clone()
    };
    let compiled = format!("wasm/{}.wasm", module.package().replace('-', "_"));
    let compiled = target.join(TARGET).join(compiled);
    let code = fs::read(&compiled).with_context(|| compiled.display().to_string())?;
    let mut bindgen = Bindgen::new();
    bindgen
        .input_bytes(module.name(), code)
        .out_name(module.name())
        .typescript(true)
        // So that the script finds its code beside it.
        .omit_default_module_path(false)
        .web(true)?;
    let mut output = bindgen.generate_output()?;
    prune::prune(module, output.wasm_mut());
    output.emit(module.folder(project))
}

/// Prints what the code of a module weighs as it was built, by crate.
pub(crate) fn print_sizes(project: &Project, module: Module) -> Result<()> {
    const SHOWN: usize = 25;
    let sizes = size::by_crate(&fs::read(module.code(project))?)?;
    let all: usize = sizes.iter().map(|(_, size)| size).sum();
    println!("\n{:24}{:>9}", module.name(), "kB");
    for (name, size) in sizes.iter().take(SHOWN) {
        println!("{name:24}{:9.1}", *size as f64 / 1000.0);
    }
    println!("{:24}{:9.1}", "all", all as f64 / 1000.0);
    Ok(())
}

/// Tells the page which modules it can load: those that are made from the sources as they are, whichever command
/// made them, so that no command takes another one's away.
pub(crate) fn write_list(project: &Project, toolchain: Toolchain) -> Result<()> {
    list_current(project, |module| sources(project, toolchain, module))
}

fn list_current(project: &Project, sources: impl Fn(Module) -> Result<String>) -> Result<()> {
    let mut ready = Vec::new();
    for module in Module::ALL {
        if is_current(project, module, &sources(module)?) {
            ready.push(module);
        }
    }
    let folder = project.site().join("pkg");
    fs::create_dir_all(&folder)?;
    // Whole or not at all: a page may be reading it.
    let partial = folder.join("modules.json.partial");
    fs::write(&partial, list(&ready))?;
    Ok(fs::rename(partial, folder.join("modules.json"))?)
}

/// The list of modules as the page reads it.
pub(crate) fn list(ready: &[Module]) -> String {
    let entry = |module: &Module| format!("\"{}\": {}", module.name(), ready.contains(module));
    let entries: Vec<_> = Module::ALL.iter().map(entry).collect();
    format!("{{{}}}\n", entries.join(", "))
}

/// Whether a module is made from these sources, with exports for benchmarks or without.
fn is_current(project: &Project, module: Module, sources: &str) -> bool {
    let found = fs::read_to_string(module.stamp(project));
    found.is_ok_and(|found| found.starts_with(sources))
}

/// What the module `threads` exports, besides what `cpu` does.
const TYPES_OF_THREADS: &str = "\
export default function init(options?: { module_or_path: WebAssembly.Module, memory: WebAssembly.Memory }): Promise<{ memory: WebAssembly.Memory }>;
export function beginThreads(count: number): [WebAssembly.Module, WebAssembly.Memory];
export function runThread(): void;
";

/// Gives the other modules that train the types of `cpu`: they export the same, and what is left of an
/// earlier build of the one may be behind the other.
pub(crate) fn share_types(project: &Project) -> Result<()> {
    let same = "export { default } from \"../cpu/cpu.js\";\n";
    for (module, own) in [(Module::Webgpu, same), (Module::Threads, TYPES_OF_THREADS)] {
        let folder = module.folder(project);
        fs::create_dir_all(&folder)?;
        let types = folder.join(format!("{}.d.ts", module.name()));
        fs::write(types, format!("export * from \"../cpu/cpu.js\";\n{own}"))?;
    }
    Ok(())
}

/// wasm-opt's switches: the features that the compiler was told to use, and no names of functions.
const OPTIMIZER: [&str; 10] = [
    // Only what is compiled with them has any.
    "--enable-threads",
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

/// The module's code made small with wasm-opt; kept in the cache, since it takes minutes.
pub(crate) fn optimize(project: &Project, module: Module) -> Result<Vec<u8>> {
    let level = if module == Module::Webgpu {
        "-Oz"
    } else {
        "-O2"
    };
    let code = module.code(project);
    let fingerprint = sha256(&fs::read(&code)?);
    let kept = project
        .cache
        .join("optimized")
        .join(format!("{fingerprint}{level}.wasm"));
    if !kept.exists() {
        println!(
            "Making the module `{}` small with wasm-opt {level} (minutes)",
            module.name()
        );
        fs::create_dir_all(project.cache.join("optimized"))?;
        let partial = kept.with_extension("partial");
        let wasm_opt = project.root.join("node_modules/binaryen/bin/wasm-opt");
        let mut command = Command::new("node");
        command
            .arg(wasm_opt)
            .args(OPTIMIZER)
            .arg(level)
            .arg(&code)
            .arg("-o")
            .arg(&partial);
        process::run(&mut command)?;
        fs::rename(partial, &kept)?;
    }
    Ok(fs::read(kept)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_names_what_is_made_from_the_sources_whichever_command_made_it() {
        let folder = tempfile::tempdir().unwrap();
        let mut project = Project::find().unwrap();
        project.root = folder.path().to_owned();
        let made = [
            (Module::Core, "now"),
            (Module::Cpu, "now--featurestrial"),
            (Module::Threads, "before"),
        ];
        for (module, from) in made {
            fs::create_dir_all(module.folder(&project)).unwrap();
            fs::write(module.stamp(&project), from).unwrap();
        }
        list_current(&project, |_| Ok("now".to_owned())).unwrap();
        let written = fs::read_to_string(project.site().join("pkg/modules.json")).unwrap();
        let expected = list(&[Module::Core, Module::Cpu]);
        assert!(expected.contains("\"threads\": false"));
        assert_eq!(written, expected);
    }
}
