//! `notices.html`: everything that is shipped, whose it is, and under which terms.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::data;
use crate::npm;
use crate::process;
use crate::project::Project;
use crate::toolchain::TARGET;
use crate::wasm::Module;

/// Its name, in the bundle and where it is served.
pub(crate) const FILE: &str = "notices.html";
/// How files begin that hold terms or credits.
const NAMES: [&str; 6] = [
    "LICENSE",
    "LICENCE",
    "COPYING",
    "NOTICE",
    "COPYRIGHT",
    "UNLICENSE",
];

/// A package that brings no file of terms, whose they are by what stands in its manifest and its source: the rest is
/// [`MIT`]'s.
const UNWRITTEN: [(&str, &str); 6] = [
    (
        "pipwerks-scorm-api-wrapper",
        "Copyright (c) Philip Hutchison, pipwerks SCORM Wrapper for JavaScript, MIT-style license\n\
         Module by Allan Hortle, ISC license",
    ),
    ("ruff_python_ast", RUFF),
    ("ruff_python_parser", RUFF),
    ("ruff_python_trivia", RUFF),
    ("ruff_source_file", RUFF),
    ("ruff_text_size", RUFF),
];
/// Ruff's, from the license in its repository.
const RUFF: &str = "MIT License\n\nCopyright (c) 2022 Charles Marsh";
/// Where the terms begin in the text of the MIT license, behind whose they are.
const MIT: &str = "Permission is hereby granted";

/// Something of somebody else's that is shipped.
#[derive(Debug, Clone, Default, Deserialize)]
struct Package {
    name: String,
    version: String,
    license: Option<String>,
    repository: Option<String>,
    #[serde(default)]
    authors: Vec<String>,
    #[serde(default)]
    manifest_path: PathBuf,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

/// The page of notices for a bundle with these modules and data sets.
pub(crate) fn html(project: &Project, modules: &[Module], sets: &[String]) -> Result<String> {
    let own = ["LICENSE-MIT", "LICENSE-APACHE"].map(|name| project.root.join(name));
    let [mit, apache] = own.map(|path| read(&path));
    let (mit, apache) = (mit?, apache?);
    let packages = shipped(project, modules)?;
    let mut texts = BTreeMap::<String, Vec<String>>::new();
    for package in &packages {
        for text in terms(package, &packages, &mit, &apache)? {
            texts.entry(text).or_default().push(package.line());
        }
    }
    let mut page = [HEAD, BACK].concat();
    page += &section("CNN playground: MIT OR Apache-2.0", &[], &mit);
    page += "<h2>Data sets</h2>\n";
    for line in data::credits(sets) {
        page += &format!("<p>{}</p>\n", escaped(&line));
    }
    page += "<h2>Libraries</h2>\n";
    for (text, lines) in texts {
        page += &section("", &lines, &text);
    }
    page += "</body>\n</html>\n";
    Ok(page)
}

const HEAD: &str = "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<title>CNN playground: notices</title>\n</head>\n<body>\n<h1>CNN playground: notices · 许可与来源</h1>\n";

/// The way back to the playground.
pub(crate) const BACK: &str = "<p><a href=\"./\">CNN playground</a></p>\n";

/// What these lines name, and the text that holds for it.
fn section(title: &str, lines: &[String], text: &str) -> String {
    let mut part = String::new();
    if !title.is_empty() {
        part += &format!("<h2>{}</h2>\n", escaped(title));
    }
    if !lines.is_empty() {
        let items = lines
            .iter()
            .map(|line| format!("<li>{}</li>\n", escaped(line)));
        part += &format!("<ul>\n{}</ul>\n", items.collect::<String>());
    }
    part + &format!("<pre>{}</pre>\n", escaped(text))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// What is linked into these modules.
fn crates(project: &Project, modules: &[Module]) -> Result<Vec<Package>> {
    let mut linked = BTreeSet::new();
    for module in modules {
        let mut tree = cargo(project, "tree");
        tree.args(["--package", module.package(), "--no-default-features"])
            .args(module.features())
            .args(["--target", TARGET, "--edges", "normal,no-proc-macro"])
            .args(["--prefix", "none", "--format", "{p}"]);
        let tree = process::output(&mut tree)?;
        linked.extend(tree.lines().filter_map(name_and_version));
    }
    let mut metadata = cargo(project, "metadata");
    metadata.args(["--format-version", "1", "--filter-platform", TARGET]);
    let Metadata { packages } = serde_json::from_str(&process::output(&mut metadata)?)?;
    let is_linked = |package: &Package| {
        linked.contains(&(package.name.clone(), package.version.clone()))
            && !package.manifest_path.starts_with(&project.root)
    };
    Ok(packages.into_iter().filter(is_linked).collect())
}

/// All that is shipped: crates, Rust's own library, and what the page loads from npm.
fn shipped(project: &Project, modules: &[Module]) -> Result<Vec<Package>> {
    let mut shipped = crates(project, modules)?;
    shipped.push(Package {
        name: "The Rust standard library".to_owned(),
        license: Some("MIT OR Apache-2.0".to_owned()),
        repository: Some("https://github.com/rust-lang/rust".to_owned()),
        authors: vec!["The Rust Project Contributors".to_owned()],
        ..Package::default()
    });
    for name in npm::vendored() {
        let manifest = project
            .root
            .join("node_modules")
            .join(name)
            .join("package.json");
        let text: serde_json::Value = serde_json::from_str(&read(&manifest)?)?;
        let said = |key: &str| text[key].as_str().map(str::to_owned);
        shipped.push(Package {
            name: name.to_owned(),
            version: said("version").unwrap_or_default(),
            license: said("license"),
            repository: said("homepage"),
            authors: said("author").into_iter().collect(),
            manifest_path: manifest,
        });
    }
    Ok(shipped)
}

/// The texts under which a package is shipped, with whatever it says of its makers.
///
/// Of one that offers MIT beside others, the MIT text; of one without a text, that of another package of its
/// repository, else Apache's, which names nobody, else that of another one under the same terms.
fn terms(package: &Package, all: &[Package], mit: &str, apache: &str) -> Result<Vec<String>> {
    let own = texts_of(package)?;
    if !own.is_empty() {
        return Ok(own);
    }
    if let Some((_, whose)) = UNWRITTEN.iter().find(|(name, _)| *name == package.name) {
        let (_, rest) = mit.split_once(MIT).context("the MIT license has terms")?;
        return Ok(vec![format!("{whose}\n\n{MIT}{rest}")]);
    }
    let others = |same: &dyn Fn(&Package) -> bool| -> Result<Option<Vec<String>>> {
        let mut found = all.iter().filter(|other| same(other)).map(texts_of);
        found
            .find(|texts| !matches!(texts, Ok(texts) if texts.is_empty()))
            .transpose()
    };
    let home = package.home();
    let license = package.license.as_deref();
    if let Some(texts) = others(&|other| home.is_some() && other.home() == home)? {
        return Ok(texts);
    }
    if license.is_some_and(|license| license.contains("Apache-2.0")) {
        return Ok(vec![apache.to_owned()]);
    }
    others(&|other| license.is_some() && other.license.as_deref() == license)?.with_context(|| {
        format!(
            "{} says nowhere under which terms it may be shipped",
            package.line()
        )
    })
}

fn texts_of(package: &Package) -> Result<Vec<String>> {
    let Some(folder) = package.manifest_path.parent().filter(|path| path.is_dir()) else {
        return Ok(Vec::new());
    };
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default();
        let name = name.to_string_lossy().to_uppercase();
        if path.is_file() && NAMES.iter().any(|begin| name.starts_with(begin)) {
            files.push((name, path));
        }
    }
    let offers = package.license.as_deref().is_some_and(|license| {
        (license.contains(" OR ") || license.contains('/')) && !license.contains("AND")
    });
    if offers && files.iter().any(|(name, _)| name.contains("MIT")) {
        let credits = ["MIT", "NOTICE", "COPYRIGHT"];
        files.retain(|(name, _)| credits.iter().any(|word| name.contains(word)));
    }
    files.sort();
    files.into_iter().map(|(_, path)| read(&path)).collect()
}

impl Package {
    /// What it is, in one line.
    fn line(&self) -> String {
        let authors = self.authors.join(", ");
        let parts = [
            self.version.as_str(),
            self.license.as_deref().unwrap_or_default(),
            &authors,
            self.repository.as_deref().unwrap_or_default(),
        ];
        let said = parts.into_iter().filter(|part| !part.is_empty());
        format!("{} {}", self.name, said.collect::<Vec<_>>().join(" · "))
    }

    /// The repository that it lies in with others.
    fn home(&self) -> Option<&str> {
        let address = self.repository.as_deref()?;
        let whole = address.split("/tree/").next().unwrap_or(address);
        Some(whole.trim_end_matches('/').trim_end_matches(".git"))
    }
}

/// `burn 0.22.1` of a line of cargo's tree.
fn name_and_version(line: &str) -> Option<(String, String)> {
    let (name, rest) = line.split_once(" v")?;
    let version = rest.split(' ').next()?;
    Some((name.to_owned(), version.to_owned()))
}

fn read(path: &Path) -> Result<String> {
    let bytes = fs::read(path).with_context(|| path.display().to_string())?;
    let text = String::from_utf8_lossy(&bytes).replace("\r\n", "\n");
    Ok(text.trim_matches('\n').to_owned())
}

fn cargo(project: &Project, command: &str) -> Command {
    let mut cargo = Command::new("cargo");
    cargo.args([command, "--locked"]).current_dir(&project.root);
    cargo
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(folder: &Path, name: &str, license: &str, files: &[(&str, &str)]) -> Package {
        let folder = folder.join(name);
        fs::create_dir_all(&folder).unwrap();
        for (file, text) in files {
            fs::write(folder.join(file), text).unwrap();
        }
        Package {
            name: name.to_owned(),
            version: "1.0.0".to_owned(),
            license: Some(license.to_owned()),
            manifest_path: folder.join("Cargo.toml"),
            ..Package::default()
        }
    }

    #[test]
    fn a_package_brings_its_text_else_one_that_holds_for_it() {
        let folder = tempfile::tempdir().unwrap();
        let of = |name, license, files: &[_]| package(folder.path(), name, license, files);
        let both = of(
            "both",
            "MIT OR Apache-2.0",
            &[
                ("LICENSE-MIT", "mit of both"),
                ("LICENSE-APACHE", "apache"),
                ("NOTICE", "credits"),
                ("README.md", "no"),
            ],
        );
        let and = of(
            "and",
            "MIT AND BSD-3-Clause",
            &[("LICENSE-MIT", "mit"), ("LICENSE-BSD", "bsd")],
        );
        let mpl = of("mpl", "MPL-2.0", &[("license.txt", "mpl")]);
        let apache = of("apache", "MIT OR Apache-2.0", &[]);
        let bare = of("bare", "MPL-2.0", &[]);
        let mut sister = of("sister", "MIT", &[]);
        sister.repository = Some("https://a/b/".to_owned());
        let mut big = of("big", "MIT", &[("COPYING", "mit of big")]);
        big.repository = Some("https://a/b/tree/main/big".to_owned());
        let none = of("none", "MIT", &[]);
        let all = [&both, &and, &mpl, &apache, &bare, &sister, &big].map(Clone::clone);
        let found = |package: &Package| terms(package, &all, MIT, "Apache's").unwrap();
        assert_eq!(found(&both), ["mit of both", "credits"]);
        assert_eq!(found(&and), ["bsd", "mit"]);
        assert_eq!(found(&mpl), ["mpl"]);
        assert_eq!(found(&apache), ["Apache's"]);
        assert_eq!(found(&bare), ["mpl"]);
        assert_eq!(found(&sister), ["mit of big"]);
        assert!(terms(&none, std::slice::from_ref(&none), MIT, "Apache's").is_err());
    }

    #[test]
    fn what_the_core_links_is_named_and_what_only_builds_it_is_not() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let root = fs::canonicalize(root).unwrap();
        let project = Project {
            cache: root.join("nowhere"),
            target: root.join("nowhere"),
            root,
        };
        let of = |module| crates(&project, &[module]).unwrap();
        let (packages, reader) = (of(Module::Core), of(Module::Python));
        assert!(
            reader
                .iter()
                .any(|package| package.name == "ruff_python_parser")
        );
        let named = |name: &str| packages.iter().any(|package| package.name == name);
        for name in ["serde", "png", "wasm-bindgen"] {
            assert!(named(name), "{name}");
        }
        for name in [
            "burn",
            "clap",
            "cnn-playground",
            "ruff_python_parser",
            "serde_derive",
        ] {
            assert!(!named(name), "{name}");
        }
    }

    #[test]
    fn texts_cannot_become_part_of_the_page() {
        let part = section("", &["<b>&".to_owned()], "<script>");
        assert!(!part.contains("<script>") && part.contains("<li>&lt;b&gt;&amp;</li>"));
    }
}
