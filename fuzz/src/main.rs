//! The long run of one target, named by `FUZZ_TARGET`, under libFuzzer. Its seeds are written to the folder
//! `FUZZ_SEEDS` first.
#![no_main]
#![allow(unsafe_code, reason = "libFuzzer calls what has no mangled name")]

use std::sync::LazyLock;
use std::{env, fs, path::Path};

use cnn_playground_fuzz::{Target, of};
use libfuzzer_sys::fuzz_target;

static TARGET: LazyLock<&'static Target> = LazyLock::new(|| {
    let name = env::var("FUZZ_TARGET").unwrap_or_default();
    of(&name).unwrap_or_else(|| panic!("FUZZ_TARGET: there is no target `{name}`"))
});

fn write_seeds() {
    let Some(folder) = env::var_os("FUZZ_SEEDS") else {
        return;
    };
    for (at, seed) in (TARGET.seeds)().into_iter().enumerate() {
        let path = Path::new(&folder).join(format!("seed-{at:03}"));
        if let Err(error) = fs::write(&path, seed) {
            panic!("{}: {error}", path.display());
        }
    }
}

fuzz_target!(init: write_seeds(), |input: &[u8]| {
    TARGET.execute(input);
});
