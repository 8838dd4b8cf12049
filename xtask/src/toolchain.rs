//! A Rust toolchain that can build for the browser.

use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::host::Host;
use crate::process;
use crate::project::Project;

/// The target of everything that runs in the browser.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

/// The Debian packages that build it: a compiler with its library's source, the linker, and Clippy.
const DEBIAN: [&str; 5] = [
    "rustc-web",
    "cargo-web",
    "rust-web-src",
    "rust-web-clippy",
    "lld-22",
];

/// Debian's compiler.
const DEBIAN_RUSTC: &str = "/usr/bin/rustc";

/// What threads need: their instructions, one memory for all, and a place in it for each. It stands in
/// for the flags of `.cargo/config.toml`, so the instructions are told here again.
pub(crate) const THREADS: [&str; 9] = [
    "-Ctarget-feature=+simd128,+atomics,+bulk-memory,+mutable-globals",
    "-Clink-arg=--shared-memory",
    "-Clink-arg=--import-memory",
    // As much as without threads: what a run may need is the same.
    "-Clink-arg=--max-memory=4294967296",
    "-Clink-arg=--export=__heap_base",
    "-Clink-arg=--export=__wasm_init_tls",
    "-Clink-arg=--export=__tls_size",
    "-Clink-arg=--export=__tls_align",
    "-Clink-arg=--export=__tls_base",
];

/// What cargo and rustup set for this program, and what would lead another toolchain astray.
const OTHERS: [&str; 7] = [
    "RUSTUP_TOOLCHAIN",
    "RUSTC",
    "RUSTDOC",
    "RUSTC_WRAPPER",
    "RUSTC_WORKSPACE_WRAPPER",
    "CARGO",
    "LD_LIBRARY_PATH",
];

/// Has cargo compile the standard library.
const BUILD_STD: &str = "-Zbuild-std=std,panic_abort";

/// A way to build for [`TARGET`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Toolchain {
    /// The usual one, which has the target's standard library.
    Installed,
    /// Debian's, which compiles the standard library from its source.
    Debian,
}

impl fmt::Display for Toolchain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Installed => write!(f, "the installed Rust toolchain"),
            Self::Debian => write!(
                f,
                "Debian's Rust, with the standard library compiled from source"
            ),
        }
    }
}

impl Toolchain {
    /// Finds one, or provides one: what is there comes first, then rustup, then Debian's packages.
    pub(crate) fn find(host: &Host) -> Result<Self> {
        if has_library(host) {
            return Ok(Self::Installed);
        }
        if host.has_packages(&DEBIAN) {
            return Ok(Self::Debian);
        }
        let refusal = match add_with_rustup(host) {
            Ok(()) => return Ok(Self::Installed),
            Err(error) => format!("{error:#}"),
        };
        println!("No WebAssembly library from rustup: {refusal}");
        match host.install(&DEBIAN) {
            Ok(()) => Ok(Self::Debian),
            Err(error) => bail!(
                "Rust's standard library for {TARGET} is missing.\n  \
                 With rustup, type: rustup target add {TARGET}\n  ({refusal})\n  Without: {error:#}"
            ),
        }
    }

    /// Makes sure that the standard library's source is there: with threads, it is another library.
    pub(crate) fn add_source(self, host: &Host) -> Result<()> {
        // Debian's comes from its source in any case.
        if self == Self::Debian || has_source(host) {
            return Ok(());
        }
        add_source_with_rustup(host).context(
            "the source of Rust's standard library is missing; with rustup, type: rustup component add rust-src",
        )
    }

    /// Where cargo puts what is made for threads: apart, or it would take turns with all the rest.
    pub(crate) fn target_of_threads(project: &Project) -> PathBuf {
        project.target.join("threads")
    }

    /// [`Toolchain::cargo`], for threads.
    pub(crate) fn cargo_with_threads(self, project: &Project, subcommand: &str) -> Command {
        let mut command = self.cargo(project, subcommand);
        if self == Self::Installed {
            command.env("RUSTC_BOOTSTRAP", "1").arg(BUILD_STD);
        }
        command
            .env("CARGO_ENCODED_RUSTFLAGS", THREADS.join("\u{1f}"))
            .env("CARGO_TARGET_DIR", Self::target_of_threads(project));
        command
    }

    /// What its compiler says that it is.
    pub(crate) fn version(self) -> Result<String> {
        let compiler = match self {
            Self::Installed => "rustc",
            Self::Debian => DEBIAN_RUSTC,
        };
        process::output(Command::new(compiler).arg("--version"))
    }

    /// `cargo SUBCOMMAND --target wasm32-unknown-unknown --profile wasm --no-default-features`.
    pub(crate) fn cargo(self, project: &Project, subcommand: &str) -> Command {
        let mut command = match self {
            Self::Installed => {
                let mut command = Command::new("cargo");
                command.arg(subcommand);
                command
            }
            Self::Debian => debian(subcommand),
        };
        command
            .current_dir(&project.root)
            .env("CARGO_TARGET_DIR", &project.target);
        command.args([
            "--target",
            TARGET,
            "--profile",
            "wasm",
            "--no-default-features",
        ]);
        command
    }
}

fn debian(subcommand: &str) -> Command {
    const CARGO: &str = "/usr/bin/cargo";
    // Cargo would look for `cargo-clippy` in its own bin folder first, and find rustup's.
    let program = if subcommand == "clippy" {
        "/usr/bin/cargo-clippy"
    } else {
        CARGO
    };
    let mut command = Command::new(program);
    for name in OTHERS {
        command.env_remove(name);
    }
    command
        .env("CARGO", CARGO)
        .env("RUSTC", DEBIAN_RUSTC)
        .env("RUSTC_BOOTSTRAP", "1")
        // Debian's compiler looks for a `rust-lld` that no package brings.
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", "wasm-ld-22");
    command.args([subcommand, BUILD_STD]);
    command
}

/// Whether the compiler has a standard library for the browser.
fn has_library(host: &Host) -> bool {
    let Some(mut rustc) = host.command("rustc") else {
        return false;
    };
    let folder = process::output(rustc.args(["--print", "target-libdir", "--target", TARGET]));
    let entries = folder
        .ok()
        .and_then(|folder| Path::new(folder.trim()).read_dir().ok());
    entries
        .into_iter()
        .flatten()
        .flatten()
        .any(|entry| entry.file_name().to_string_lossy().starts_with("libstd-"))
}

/// Whether the compiler has its library's source.
fn has_source(host: &Host) -> bool {
    let Some(mut rustc) = host.command("rustc") else {
        return false;
    };
    let folder = process::output(rustc.args(["--print", "sysroot"]));
    folder.is_ok_and(|folder| {
        let library = Path::new(folder.trim()).join("lib/rustlib/src/rust/library");
        library.join("std/Cargo.toml").exists()
    })
}

fn add_source_with_rustup(host: &Host) -> Result<()> {
    let Some(mut rustup) = host.command("rustup") else {
        bail!("there is no rustup")
    };
    println!("Asking rustup for the source of Rust's standard library");
    process::run_within(rustup.args(["component", "add", "rust-src"]), host.patience)?;
    if !has_source(host) {
        bail!("rustup reports success, but the source is not there");
    }
    Ok(())
}

fn add_with_rustup(host: &Host) -> Result<()> {
    let Some(mut rustup) = host.command("rustup") else {
        bail!("there is no rustup")
    };
    println!("Asking rustup for Rust's standard library for {TARGET}");
    process::run_within(rustup.args(["target", "add", TARGET]), host.patience)?;
    if !has_library(host) {
        bail!("rustup reports success, but the library is not there");
    }
    Ok(())
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;
    use std::sync::{Mutex, MutexGuard, PoisonError};
    use std::time::Duration;

    use tempfile::TempDir;

    use super::*;

    /// One test at a time: a program that another thread forks while a script is being written
    /// holds that script open, and the system then refuses to start it ("text file busy").
    fn alone() -> MutexGuard<'static, ()> {
        static ALONE: Mutex<()> = Mutex::new(());
        ALONE.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A machine with these programs, shell scripts, and no others. `$HERE` is their folder.
    fn machine(programs: &[(&str, &str)]) -> (TempDir, Host) {
        let folder = tempfile::tempdir().unwrap();
        for (name, script) in programs {
            let path = folder.path().join(name);
            let here = folder.path().display();
            fs::write(&path, format!("#!/bin/sh\nHERE={here}\n{script}\n")).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        }
        let host = Host {
            path: folder.path().into(),
            patience: Duration::from_millis(500),
        };
        (folder, host)
    }

    const RUSTC: (&str, &str) = ("rustc", "echo $HERE/lib");
    const RUSTUP_FAILS: (&str, &str) = ("rustup", "echo 'no network' >&2; exit 1");
    const RUSTUP_HANGS: (&str, &str) = ("rustup", "exec /bin/sleep 60");
    const RUSTUP_WORKS: (&str, &str) = (
        "rustup",
        "/bin/mkdir $HERE/lib && : > $HERE/lib/libstd-1.rlib",
    );
    const DPKG_EMPTY: (&str, &str) = ("dpkg-query", "exit 1");
    const APT: (&str, &str) = ("apt-get", "echo $@ >> $HERE/apt.log");
    const ROOT: (&str, &str) = ("id", "echo 0");
    const USER: (&str, &str) = ("id", "echo 1000");

    #[test]
    fn an_installed_library_is_used_without_asking_anyone() {
        let _alone = alone();
        let (folder, host) = machine(&[RUSTC, RUSTUP_FAILS]);
        fs::create_dir(folder.path().join("lib")).unwrap();
        assert!(!has_library(&host), "an empty folder is no library");
        fs::write(folder.path().join("lib/libstd-1.rlib"), "").unwrap();
        assert_eq!(Toolchain::find(&host).unwrap(), Toolchain::Installed);
    }

    #[test]
    fn rustup_comes_before_debian() {
        let _alone = alone();
        let (folder, host) = machine(&[RUSTC, RUSTUP_WORKS, DPKG_EMPTY, APT, ROOT]);
        assert_eq!(Toolchain::find(&host).unwrap(), Toolchain::Installed);
        assert!(!folder.path().join("apt.log").exists());
    }

    #[test]
    fn debian_steps_in_when_rustup_fails_or_does_not_answer() {
        let _alone = alone();
        for rustup in [RUSTUP_FAILS, RUSTUP_HANGS] {
            let (folder, host) = machine(&[RUSTC, rustup, DPKG_EMPTY, APT, ROOT]);
            assert_eq!(Toolchain::find(&host).unwrap(), Toolchain::Debian);
            let log = fs::read_to_string(folder.path().join("apt.log")).unwrap();
            assert!(
                log.starts_with("update") && log.contains("rust-web-src"),
                "{log}"
            );
        }
    }

    #[test]
    fn installed_debian_packages_spare_the_wait_for_rustup() {
        let _alone = alone();
        let installed = ("dpkg-query", "for p in 1 2 3 4 5; do echo installed; done");
        let (_folder, host) = machine(&[RUSTC, RUSTUP_HANGS, installed]);
        assert_eq!(Toolchain::find(&host).unwrap(), Toolchain::Debian);
    }

    #[test]
    fn says_what_to_type_when_nothing_helps() {
        let _alone = alone();
        let (_folder, host) = machine(&[RUSTC, RUSTUP_FAILS]);
        let error = format!("{:#}", Toolchain::find(&host).unwrap_err());
        assert!(
            error.contains("rustup target add wasm32-unknown-unknown"),
            "{error}"
        );

        let (_folder, host) = machine(&[RUSTC, DPKG_EMPTY, APT, USER]);
        let error = format!("{:#}", Toolchain::find(&host).unwrap_err());
        assert!(error.contains("sudo apt-get install rustc-web"), "{error}");
    }

    #[test]
    fn debian_is_shielded_from_the_running_toolchain() {
        let project = Project {
            root: ".".into(),
            cache: ".".into(),
            target: "t".into(),
        };
        let command = Toolchain::Debian.cargo(&project, "build");
        let removed = |name: &str| {
            command
                .get_envs()
                .any(|(key, value)| key == name && value.is_none())
        };
        assert!(removed("RUSTUP_TOOLCHAIN") && removed("LD_LIBRARY_PATH"));
        let set = |name: &str| {
            command
                .get_envs()
                .any(|(key, value)| key == name && value.is_some())
        };
        assert!(set("RUSTC") && set("RUSTC_BOOTSTRAP") && set("CARGO_TARGET_DIR"));
    }

    #[test]
    fn the_source_for_threads_is_found_asked_for_or_named() {
        let _alone = alone();
        let source = "$HERE/lib/rustlib/src/rust/library/std";
        let adds = format!("/bin/mkdir -p {source} && : > {source}/Cargo.toml");
        let rustc = ("rustc", "echo $HERE");
        let (_folder, host) = machine(&[rustc, ("rustup", &adds)]);
        assert!(!has_source(&host));
        Toolchain::Installed.add_source(&host).unwrap();
        assert!(has_source(&host));

        let (_folder, host) = machine(&[rustc, RUSTUP_FAILS]);
        let error = format!("{:#}", Toolchain::Installed.add_source(&host).unwrap_err());
        assert!(error.contains("rustup component add rust-src"), "{error}");
        Toolchain::Debian.add_source(&host).unwrap();
    }
}
