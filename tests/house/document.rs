//! What ARCHITECTURE.md says of tests, files and dependencies.

use std::collections::BTreeSet;

use super::{expect_none, read, root};

const DOCUMENT: &str = "ARCHITECTURE.md";

/// What stands between the marks `<!-- name -->` and `<!-- end -->`.
pub(crate) fn between(name: &str) -> String {
    let text = read(DOCUMENT);
    let begin = format!("<!-- {name} -->");
    let behind = text
        .split_once(&begin)
        .unwrap_or_else(|| panic!("no {begin}"))
        .1;
    behind.split_once("<!-- end -->").unwrap().0.to_owned()
}

/// What stands in backticks, in order.
fn quoted(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

fn is_test_file(name: &str) -> bool {
    name.contains('/') && [".rs", ".mjs"].iter().any(|end| name.ends_with(end))
}

/// Whether a file has a test of this name.
fn has_test(path: &str, name: &str) -> bool {
    let text = read(path);
    if path.ends_with(".rs") {
        text.contains(&format!("#[test]\nfn {name}("))
            || text.contains(&format!("fn {name}(")) && text.contains("test]")
    } else {
        text.contains(&format!("test('{name}'")) || text.contains(&format!("function {name}("))
    }
}

#[test]
fn every_invariant_names_a_test_that_exists() {
    let text = between("invariants");
    let invariants: Vec<&str> = text.split("\n- **").skip(1).collect();
    assert!(invariants.len() > 10, "the list is read");
    let mut faults = Vec::new();
    for invariant in invariants {
        let title = invariant.split("**").next().unwrap_or_default();
        let Some((_, held)) = invariant.split_once("Held by ") else {
            faults.push(format!("“{title}” names no test"));
            continue;
        };
        let mut file = None;
        let mut tests = 0;
        for name in quoted(held) {
            if is_test_file(name) {
                file = Some(name);
                if !root().join(name).is_file() {
                    faults.push(format!("“{title}”: no file {name}"));
                    file = None;
                }
            } else if let Some(file) = file {
                tests += 1;
                if !has_test(file, name) {
                    faults.push(format!("“{title}”: {file} has no test `{name}`"));
                }
            }
        }
        if tests == 0 {
            faults.push(format!("“{title}” names no test"));
        }
    }
    expect_none(&faults);
}

#[test]
fn every_path_that_the_architecture_names_exists() {
    let text = read(DOCUMENT);
    let roots = [
        "src/", "www/", "tests/", "kernels/", "python/", "xtask/", "bench/", "docs/", "fuzz/",
    ];
    let named: Vec<&str> = quoted(&text)
        .into_iter()
        .filter(|name| roots.iter().any(|root| name.starts_with(root)))
        .filter(|name| !name.contains(['*', ' ', '…']))
        .collect();
    assert!(named.len() > 30, "the document is read");
    let missing = named.iter().filter(|name| !root().join(name).exists());
    expect_none(&missing.map(|name| format!("no {name}")).collect::<Vec<_>>());
}

/// The dependencies that a manifest names, without the crates of this workspace.
fn dependencies(manifest: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let text = read(manifest);
    if manifest.ends_with(".json") {
        let json: serde_json::Value = serde_json::from_str(&text).unwrap();
        let parts = ["dependencies", "devDependencies"].map(|part| json[part].as_object());
        found.extend(
            parts
                .into_iter()
                .flatten()
                .flat_map(|part| part.keys().cloned()),
        );
        return found;
    }
    let mut within = false;
    for line in text.lines() {
        if let Some(section) = line.strip_prefix('[') {
            within = section.ends_with("dependencies]");
        } else if let Some((name, rest)) = line.split_once('=').filter(|_| within) {
            let name = name.trim().split('.').next().unwrap_or_default();
            let ours = rest.contains("path =") || name.starts_with('#');
            found.extend((!ours).then(|| name.to_owned()));
        }
    }
    found
}

#[test]
fn every_dependency_has_its_reason_and_every_reason_a_dependency() {
    let manifests = [
        "Cargo.toml",
        "kernels/Cargo.toml",
        "python/Cargo.toml",
        "xtask/Cargo.toml",
        "fuzz/Cargo.toml",
        "package.json",
        "tests/embeds/package.json",
    ];
    let there = manifests.iter().filter(|path| root().join(path).is_file());
    let used: BTreeSet<String> = there.flat_map(|path| dependencies(path)).collect();
    assert!(used.len() > 30, "the manifests are read");
    let table = between("dependencies");
    let rows = table
        .lines()
        .filter_map(|line| line.trim_start_matches('|').split('|').next());
    let explained: BTreeSet<String> = rows.flat_map(quoted).map(str::to_owned).collect();
    let mut faults: Vec<String> = used
        .difference(&explained)
        .map(|name| format!("{name} is used, and the table does not say why"))
        .collect();
    faults.extend(
        explained
            .difference(&used)
            .map(|name| format!("{name} has a row, and no manifest names it")),
    );
    expect_none(&faults);
}
