//! What the project is made of: under which terms, from where, and what is known against it.
//!
//! `deny.toml` says what is allowed, and cargo-deny holds the crates to it.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use crate::process;
use crate::project::Project;
use crate::tools;

const DENY: &str = "0.20.2";
/// What npm's packages are, exactly.
const LOCKS: [&str; 2] = ["package-lock.json", "tests/embeds/package-lock.json"];

/// Something could not be looked at, and so neither passed nor failed.
#[derive(Debug)]
pub(crate) struct NotChecked(pub(crate) &'static str);

impl fmt::Display for NotChecked {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0)
    }
}

impl std::error::Error for NotChecked {}

/// Whether every package comes from where it should, under terms that are allowed.
pub(crate) fn licences(project: &Project) -> Result<()> {
    let rules = read(project, "deny.toml")?;
    let allowed = allowed(&rules);
    for lock in LOCKS {
        let wrong = wrong_packages(&read(project, lock)?, &allowed)?;
        ensure!(
            wrong.is_empty(),
            "not allowed in deny.toml: {}",
            wrong.join(", ")
        );
    }
    process::run(deny(project)?.args(["check", "licenses", "sources", "bans"]))
}

/// Whether anything is known against a crate. The list of what is known has to be fetched.
pub(crate) fn advisories(project: &Project) -> Result<()> {
    if process::run(deny(project)?.args(["fetch", "db"])).is_err() {
        let why = NotChecked("the list of known advisories could not be fetched from github.com");
        return Err(why.into());
    }
    process::run(deny(project)?.args(["check", "--disable-fetch", "advisories"]))
}

fn read(project: &Project, name: &str) -> Result<String> {
    fs::read_to_string(project.root.join(name)).with_context(|| name.to_owned())
}

/// cargo-deny in the checkout, compiled beside it if it is not here yet.
fn deny(project: &Project) -> Result<Command> {
    let program = tools::find(project, "cargo-deny", DENY, "cargo-deny")?;
    let mut deny = Command::new(program);
    // Without this, of the root package alone.
    deny.arg("--workspace").current_dir(&project.root);
    Ok(deny)
}

/// The terms that `deny.toml` allows: what stands in quotes in its list.
fn allowed(text: &str) -> Vec<&str> {
    let list = text.split("\nallow = [").nth(1).unwrap_or_default();
    let list = list.split(']').next().unwrap_or_default();
    list.split('"').skip(1).step_by(2).collect()
}

#[derive(Deserialize)]
struct Lock {
    packages: BTreeMap<String, Locked>,
}

#[derive(Deserialize)]
struct Locked {
    license: Option<String>,
    resolved: Option<String>,
    /// Whether it is a folder of this project.
    #[serde(default)]
    link: bool,
}

/// The npm packages of other terms than these, or from elsewhere than a registry.
fn wrong_packages(lock: &str, allowed: &[&str]) -> Result<Vec<String>> {
    let Lock { packages } = serde_json::from_str(lock)?;
    let others = packages.into_iter().filter(|(_, package)| !package.link);
    let wrong = others.filter_map(|(name, package)| {
        let terms = package.license.unwrap_or_default();
        let elsewhere = package
            .resolved
            .is_some_and(|address| !address.starts_with("https://") || !address.ends_with(".tgz"));
        (elsewhere || !is_allowed(&terms, allowed)).then(|| format!("{name} ({terms})"))
    });
    Ok(wrong.collect())
}

/// Whether an expression of licences offers something that is allowed.
fn is_allowed(terms: &str, allowed: &[&str]) -> bool {
    let terms = terms.trim_matches(['(', ')']);
    terms.split(" OR ").any(|choice| {
        let mut all = choice.split(" AND ");
        all.all(|one| allowed.contains(&one.trim_matches(['(', ')'])))
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn only_allowed_terms_and_registries_pass() {
        let allowed = ["MIT", "Apache-2.0"];
        for (terms, right) in [
            ("MIT", true),
            ("GPL-3.0 OR MIT", true),
            ("(MIT AND Apache-2.0)", true),
            ("MIT AND GPL-3.0", false),
            ("GPL-3.0", false),
            ("", false),
        ] {
            assert_eq!(is_allowed(terms, &allowed), right, "{terms}");
        }
        let lock = r#"{ "packages": {
            "": { "license": "MIT" },
            "node_modules/a": { "license": "MIT", "resolved": "https://r/a.tgz" },
            "node_modules/b": { "license": "MIT", "resolved": "git+ssh://git@r/b.git" },
            "node_modules/c": { "license": "GPL-3.0", "resolved": "https://r/c.tgz" },
            "node_modules/d": {},
            "node_modules/e": { "resolved": "../e", "link": true }
        } }"#;
        let wrong = wrong_packages(lock, &allowed).unwrap();
        let names = ["node_modules/b", "node_modules/c", "node_modules/d"];
        assert_eq!(wrong.len(), names.len(), "{wrong:?}");
        assert!(
            wrong
                .iter()
                .zip(names)
                .all(|(line, name)| line.starts_with(name))
        );
    }

    #[test]
    fn the_list_is_that_of_cargo_deny() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../deny.toml");
        let text = fs::read_to_string(path).unwrap();
        let allowed = allowed(&text);
        assert!(allowed.contains(&"MIT") && allowed.contains(&"Zlib"));
        assert!(!allowed.contains(&"deny"), "{allowed:?}");
    }
}
