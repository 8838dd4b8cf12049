//! The page's types of what is read are generated from the Rust ones, and this test is what keeps them so.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should fail")]

use std::path::Path;
use std::{env, fs};

use ts_rs::{Config, TS};

use crate::{Reading, Request};

#[test]
fn the_types_of_the_page_are_these() {
    /// What the core says.
    const CORE: &str = "import type { DataFacts, Mark, Problem } from './core.d.ts';\n\n";
    let folder = env::temp_dir().join(format!("cnn-playground-reading-{}", std::process::id()));
    let config = Config::default()
        .with_out_dir(&folder)
        .with_large_int("number");
    Request::export_all(&config).unwrap();
    Reading::export_all(&config).unwrap();
    let generated = CORE.to_owned() + &fs::read_to_string(folder.join("python.d.ts")).unwrap();
    fs::remove_dir_all(&folder).unwrap();

    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../www/app/python.d.ts");
    if env::var_os("UPDATE_TYPES").is_some() {
        fs::write(&path, &generated).unwrap();
    }
    let found = fs::read_to_string(path).unwrap_or_default();
    assert!(
        found == generated,
        "www/app/python.d.ts is out of date: UPDATE_TYPES=1 cargo test --workspace contract"
    );
}
