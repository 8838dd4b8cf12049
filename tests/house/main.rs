//! The rules that the documents state, checked against the source itself: which room may use which, how long a
//! file may be, that one name means one thing, and that ARCHITECTURE.md names tests, files and dependencies
//! that exist. What JavaScript may not contain is checked by `page.mjs` in this folder.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should fail")]

mod document;
mod embedding;
mod graph;
mod imports;
mod names;
mod pages;
mod rust;
mod size;

use std::fs;
use std::path::Path;

/// A file of the checkout.
fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The files below a folder of the checkout whose names end so, as paths from its root, in order.
fn files(folder: &str, endings: &[&str]) -> Vec<String> {
    /// What is installed or built.
    const OTHERS: [&str; 5] = ["node_modules", "target", "vendor", "pkg", "site"];
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(root().join(&folder)).unwrap() {
            let entry = entry.unwrap();
            let name = entry.file_name().into_string().unwrap();
            let path = format!("{folder}/{name}");
            if entry.file_type().unwrap().is_dir() {
                folders.extend((!OTHERS.contains(&name.as_str())).then_some(path));
            } else if endings.iter().any(|ending| name.ends_with(ending)) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// Fails with every fault on a line of its own.
fn expect_none(faults: &[String]) {
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}
