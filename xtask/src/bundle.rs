//! `cargo xtask bundle`: the playground as static files.
//!
//! Everything that may change with a release lies in one folder named after its content,
//! `v/HASH/…`, in the same tree as in the checkout. So the addresses of workers and of modules hold as
//! they are written, whichever scripts are joined; a host may let browsers keep that folder for ever;
//! and no page ever mixes two releases. Data sets
//! lie beside it under a hash of their own, since they outlive releases. What others point at has
//! stable names at the top: pages, previews and their pictures, `embed.js`, the service worker.

mod course;
mod found;
mod headers;
mod html;
mod join;
mod press;
mod preview;
mod release;
mod single;
mod site;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use cnn_playground::experiment::{Choices, resolve};
use cnn_playground::lab::package::PackageKind;

use crate::data;
use crate::files::{Files, read_folder};
use crate::host::Host;
use crate::notices;
use crate::project::Project;
use crate::teaching;
use crate::toolchain::Toolchain;
use crate::wasm::{self, Module};
use press::Effort;
pub(crate) use preview::Previews;
use site::Site;

#[derive(Args)]
pub(crate) struct Options {
    /// The folder to write; what a bundle wrote there before is replaced
    #[arg(long, default_value = "dist")]
    out: PathBuf,
    /// Where the playground will be, as https://…/: link previews need it for their pictures
    #[arg(long)]
    url: Option<String>,
    /// Leave out the module for GPUs
    #[arg(long)]
    no_webgpu: bool,
    /// Leave out the data sets (171 MB)
    #[arg(long)]
    no_data: bool,
    /// Only these data sets
    #[arg(long, value_delimiter = ',', conflicts_with = "no_data", value_parser = PossibleValuesParser::new(data::ids()))]
    data: Vec<String>,
    /// Write one HTML file instead, which opens from a disk without a server: the CPU's module, and the first data set
    /// unless others are named. Its name is the folder's, with .html
    #[arg(long, conflicts_with_all = ["course", "no_data"])]
    single: bool,
    /// Let pages be as the host sends them: its service worker adds no headers for threads
    #[arg(long)]
    no_isolation: bool,
    /// Seconds instead of minutes: code as the compiler made it, and less compressed
    #[arg(long)]
    fast: bool,
    /// Also write a package for a course system that holds all of it, beside the folder
    #[arg(long, value_parser = PossibleValuesParser::new(PackageKind::WORDS).try_map(|word| PackageKind::parse(&word).ok_or("no such kind")))]
    course: Option<PackageKind>,
    /// What the package opens: a link as the Share panel or the builder writes it
    #[arg(long, default_value = "v=1", requires = "course")]
    link: String,
    /// What the package is called in the course, in place of the lab's question
    #[arg(long, requires = "course")]
    title: Option<String>,
}

impl Options {
    /// What tests and benchmarks take: the first data set and all modules but the one for GPUs, in this folder.
    pub(crate) fn small(out: PathBuf, fast: bool) -> Self {
        Self {
            out,
            url: None,
            no_webgpu: true,
            no_data: false,
            data: vec!["mnist".to_owned()],
            single: false,
            no_isolation: false,
            fast,
            course: None,
            link: String::new(),
            title: None,
        }
    }

    /// The same as one file, beside that folder.
    pub(crate) fn one_file(self) -> Self {
        Self {
            single: true,
            ..self
        }
    }

    /// The same for this place on the web.
    pub(crate) fn at(self, url: Option<String>) -> Self {
        Self { url, ..self }
    }

    /// The modules that it has, of those that can be built here.
    fn modules(&self, host: &Host, toolchain: Toolchain) -> Vec<Module> {
        if self.single {
            return single::MODULES.to_vec();
        }
        let mut modules = wasm::possible(host, toolchain, &Module::ALL);
        modules.retain(|module| !self.no_webgpu || *module != Module::Webgpu);
        modules
    }

    /// The data sets that it has.
    fn sets(&self) -> Vec<String> {
        match (self.no_data, self.data.is_empty()) {
            (true, _) => Vec::new(),
            (false, true) if self.single => {
                vec![resolve(&Choices::new()).spec.data.word().to_owned()]
            }
            (false, true) => data::ids().map(str::to_owned).to_vec(),
            (false, false) => self.data.clone(),
        }
    }

    fn effort(&self) -> Effort {
        if self.fast {
            Effort::Quick
        } else {
            Effort::Full
        }
    }
}

/// The file that marks a folder as a bundle's, which may be replaced.
const MARK: &str = site::SERVICE_WORKER;

pub(crate) fn run(project: &Project, host: &Host, options: &Options) -> Result<()> {
    let out = std::path::absolute(&options.out)?;
    let out = if options.single {
        out.with_extension("html")
    } else {
        out
    };
    ensure!(
        is_replaceable(&out)?,
        "{} holds something else; empty it or name another place with --out",
        out.display()
    );
    if options.course.is_some() {
        // Before anything that takes minutes.
        course::check(&options.link, options.title.as_deref())?;
    }
    let toolchain = Toolchain::find(host)?;
    let modules = options.modules(host, toolchain);
    for module in &modules {
        wasm::build(project, toolchain, *module)?;
    }
    crate::site::prepare(project, host, &modules)?;
    let sets = options.sets();
    if !sets.is_empty() {
        data::prepare(project, host, &sets)?;
    }
    let code = code(project, &modules, options.fast)?;
    println!("Writing {}", out.display());
    if options.single {
        return write_single(project, host, options, code, &sets, &out);
    }
    write_folder(project, host, options, code, &modules, &sets, &out)?;
    println!(
        "\nThe playground is in {}: put it on any web host (docs/hosting.md).",
        out.display()
    );
    Ok(())
}

/// Whether there is nothing at this place but what a bundle wrote.
fn is_replaceable(out: &Path) -> Result<bool> {
    if out.is_file() {
        return Ok(String::from_utf8_lossy(&fs::read(out)?).contains(single::MARK));
    }
    Ok(!out.exists() || out.join(MARK).exists() || out.read_dir()?.next().is_none())
}

/// All that is written by hand or comes from the compiler and from npm, by its path in the checkout.
fn code(project: &Project, modules: &[Module], fast: bool) -> Result<Files> {
    let mut code = Files::new();
    read_folder(&project.www(), "", &mut code)?;
    code.insert(
        teaching::FILE.to_owned(),
        teaching::page(project)?.into_bytes(),
    );
    read_folder(&project.site().join("vendor"), "vendor/", &mut code)?;
    for module in modules {
        add_module(project, *module, fast, &mut code)?;
    }
    code.insert(
        "pkg/modules.json".to_owned(),
        wasm::list(modules).into_bytes(),
    );
    Ok(code)
}

fn write_single(
    project: &Project,
    host: &Host,
    options: &Options,
    code: Files,
    sets: &[String],
    out: &Path,
) -> Result<()> {
    let parts = single::Parts {
        joined: join::join(project, host, without_single(code.clone()))?,
        code: &code,
        sets,
        url: options.url.as_deref(),
        effort: options.effort(),
    };
    let page = single::page(project, host, parts)?;
    if let Some(folder) = out.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(out, &page).with_context(|| out.display().to_string())?;
    let (bytes, names) = (page.len(), sets.join(", "));
    println!(
        "\nThe playground is one file, {} ({bytes} bytes), with {names}: it opens from any disk.",
        out.display()
    );
    if options.url.is_none() {
        println!("Without --url, its links are texts that go behind the address of any copy.");
    }
    Ok(())
}

/// What a bundle has of the sources.
fn without_single(mut code: Files) -> Files {
    code.retain(|path, _| !path.starts_with(single::FOLDER));
    code
}

fn write_folder(
    project: &Project,
    host: &Host,
    options: &Options,
    code: Files,
    modules: &[Module],
    sets: &[String],
    out: &Path,
) -> Result<()> {
    let code = join::join(project, host, without_single(code))?;
    let site = Site::new(code, &project.data(), sets)?;
    let mut files = site.files(project, options.url.as_deref(), !options.no_isolation)?;
    let notices = notices::html(project, modules, sets)?;
    files.insert(notices::FILE.to_owned(), notices.into_bytes());
    let _ = fs::remove_dir_all(out);
    let sizes = press::write(&files, out, options.effort())?;
    for set in sets {
        copy_shards(&project.data().join(set), &out.join(&site.data).join(set))?;
    }
    print_sizes(&site, modules, &sizes);
    if let Some(kind) = options.course {
        let path = course::pack(
            project,
            kind,
            &options.link,
            options.title.as_deref(),
            out,
            &project.site().join("vendor"),
        )?;
        let bytes = fs::metadata(&path)?.len();
        println!(
            "The package for a course system is {} ({bytes} bytes).",
            path.display()
        );
    }
    if options.url.is_none() {
        println!("Without --url, link previews show their words but no picture on most sites.");
    }
    Ok(())
}

/// Adds a module's script and its code.
fn add_module(project: &Project, module: Module, fast: bool, code: &mut Files) -> Result<()> {
    let name = module.name();
    let script = fs::read(module.folder(project).join(format!("{name}.js")))?;
    let compiled = if fast {
        fs::read(module.code(project))?
    } else {
        wasm::optimize(project, module)?
    };
    code.insert(format!("pkg/{name}/{name}.js"), script);
    code.insert(format!("pkg/{name}/{name}_bg.wasm"), compiled);
    Ok(())
}

/// Copies the shards of a data set; its manifest is one of the pressed files.
fn copy_shards(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from).with_context(|| from.display().to_string())? {
        let entry = entry?;
        if entry.file_name() != site::MANIFEST {
            fs::copy(entry.path(), to.join(entry.file_name()))?;
        }
    }
    Ok(())
}

/// What each part weighs, as it is and pressed.
fn print_sizes(site: &Site, modules: &[Module], sizes: &press::Sizes) {
    let whole = |part: &str| {
        let of = sizes.iter().filter(|(path, _)| path.starts_with(part));
        of.fold([0; 3], |sum, (_, size)| {
            std::array::from_fn(|at| sum[at] + size[at])
        })
    };
    println!(
        "\n{:20} {:>12} {:>12} {:>12}",
        "", "bytes", "gzip", "brotli"
    );
    let parts = modules
        .iter()
        .map(|module| format!("pkg/{}/", module.name()));
    let parts = ["app/", "style/", "locales/", "vendor/"]
        .map(str::to_owned)
        .into_iter()
        .chain(parts);
    for part in parts {
        let [raw, gzip, brotli] = whole(&format!("{}{part}", site.code));
        println!("{part:20} {raw:12} {gzip:12} {brotli:12}");
    }
}
