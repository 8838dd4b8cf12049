//! Where everything is: the checkout, the cache, the build folder.

use std::env;
use std::path::PathBuf;

use anyhow::{Context, Result};

/// The folders that the commands work in.
#[derive(Debug, Clone)]
pub(crate) struct Project {
    /// The top of the checkout.
    pub(crate) root: PathBuf,
    /// What outlives a checkout: downloads, converted data, tools. `CNN_PLAYGROUND_CACHE`, or a
    /// folder in the user's own cache.
    pub(crate) cache: PathBuf,
    /// Cargo's build folder: `CARGO_TARGET_DIR`, or one in the cache, because the long builds should
    /// outlive the checkout too.
    pub(crate) target: PathBuf,
}

impl Project {
    /// The project that this program was started from.
    pub(crate) fn find() -> Result<Self> {
        // Cargo sets the variable at run time; the compiled-in value may be that of another checkout.
        let own = env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
        let root = own
            .parent()
            .context("the xtask crate has no parent folder")?
            .to_owned();
        let cache = match env::var_os("CNN_PLAYGROUND_CACHE") {
            Some(folder) => std::path::absolute(folder)?,
            None => dirs::cache_dir()
                .context("this user has no cache folder; name one: CNN_PLAYGROUND_CACHE=FOLDER cargo xtask …")?
                .join("cnn-playground"),
        };
        let target = match env::var_os("CARGO_TARGET_DIR") {
            Some(folder) => std::path::absolute(folder)?,
            None => cache.join("target"),
        };
        Ok(Self {
            root,
            cache,
            target,
        })
    }

    /// The page as it is in the checkout.
    pub(crate) fn www(&self) -> PathBuf {
        self.root.join("www")
    }

    /// What the build adds to the page: `pkg` and `vendor`. Inside the checkout, so that
    /// `tsconfig.json` can name it.
    pub(crate) fn site(&self) -> PathBuf {
        self.root.join("target/site")
    }

    /// The converted data sets, a folder each.
    pub(crate) fn data(&self) -> PathBuf {
        self.cache.join("data")
    }

    /// The version of a crate in `Cargo.lock`.
    pub(crate) fn locked_version(&self, name: &str) -> Result<String> {
        let lock = std::fs::read_to_string(self.root.join("Cargo.lock"))
            .context("Cargo.lock cannot be read")?;
        let after = lock.split_once(&format!("name = \"{name}\"\nversion = \""));
        let version = after.and_then(|(_, rest)| rest.split('"').next());
        Ok(version
            .with_context(|| format!("Cargo.lock has no {name}"))?
            .to_owned())
    }
}
