//! Where everything is: the checkout, the cache, the build folder.

use std::env;
use std::fs::{self, File, TryLockError};
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

    /// Waits until no other of these commands writes to [`Project::site`]: until the answer is dropped, none does.
    pub(crate) fn alone(&self) -> Result<File> {
        let place = self.site().join(".lock");
        fs::create_dir_all(self.site())?;
        let lock = File::create(&place).with_context(|| place.display().to_string())?;
        match lock.try_lock() {
            Ok(()) => return Ok(lock),
            Err(TryLockError::WouldBlock) => {
                println!("Waiting for another `cargo xtask`, which is building the page.");
            }
            Err(TryLockError::Error(error)) => return Err(error.into()),
        }
        lock.lock()?;
        Ok(lock)
    }

    /// The converted data sets, a folder each.
    pub(crate) fn data(&self) -> PathBuf {
        self.cache.join("data")
    }

    /// The version of a crate in `Cargo.lock`.
    pub(crate) fn locked_version(&self, name: &str) -> Result<String> {
        let lock = fs::read_to_string(self.root.join("Cargo.lock"))
            .context("Cargo.lock cannot be read")?;
        let after = lock.split_once(&format!("name = \"{name}\"\nversion = \""));
        let version = after.and_then(|(_, rest)| rest.split('"').next());
        Ok(version
            .with_context(|| format!("Cargo.lock has no {name}"))?
            .to_owned())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::thread;

    use super::*;

    #[test]
    fn one_command_at_a_time_writes_to_the_page() {
        let folder = tempfile::tempdir().unwrap();
        let mut project = Project::find().unwrap();
        project.root = folder.path().to_owned();
        let first = project.alone().unwrap();
        let (sender, order) = mpsc::channel();
        let (later, other) = (sender.clone(), project.clone());
        let second = thread::spawn(move || {
            later.send("waits").unwrap();
            let alone = other.alone();
            later.send("second").unwrap();
            alone.is_ok()
        });
        assert_eq!(order.recv().unwrap(), "waits");
        // Whoever did not wait would answer here.
        let early = order.recv_timeout(std::time::Duration::from_millis(200));
        assert!(early.is_err(), "{early:?}");
        sender.send("first is done").unwrap();
        drop(first);
        assert!(second.join().unwrap());
        assert_eq!(
            order.iter().take(2).collect::<Vec<_>>(),
            ["first is done", "second"]
        );
    }
}
