//! Writes files, each with its compressed forms beside it, which a host may send instead.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::sync::Mutex;
use std::thread;

use anyhow::{Context, Result};
use brotli::CompressorWriter;
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::files::Files;

/// How much time compressing may take.
#[derive(Debug, Clone, Copy)]
pub(super) enum Effort {
    /// For tests.
    Quick,
    /// As small as it gets.
    Full,
}

/// What each file weighs: as it is, gzipped, with Brotli. What is compressed already weighs the same.
pub(super) type Sizes = BTreeMap<String, [usize; 3]>;

/// Endings of names of what can be compressed.
const TEXT: [&str; 8] = [
    ".html", ".js", ".css", ".json", ".svg", ".wasm", ".d.ts", ".xml",
];

/// Writes all files to a folder.
pub(super) fn write(files: &Files, out: &Path, effort: Effort) -> Result<Sizes> {
    let sizes = Mutex::new(Sizes::new());
    // The largest first, so that no thread ends up with it alone.
    let mut waiting: Vec<_> = files.iter().collect();
    waiting.sort_by_key(|(_, content)| content.len());
    let waiting = Mutex::new(waiting);
    let work = || -> Result<()> {
        while let Some((path, content)) = pop(&waiting) {
            let size = write_one(&out.join(path), content, effort).with_context(|| path.clone())?;
            if let Ok(mut sizes) = sizes.lock() {
                sizes.insert(path.clone(), size);
            }
        }
        Ok(())
    };
    let threads = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        workers.into_iter().try_for_each(|worker| {
            worker
                .join()
                .unwrap_or_else(|_| anyhow::bail!("compressing failed"))
        })
    })?;
    Ok(sizes.into_inner().unwrap_or_default())
}

fn pop<T>(waiting: &Mutex<Vec<T>>) -> Option<T> {
    waiting.lock().ok()?.pop()
}

fn write_one(path: &Path, content: &[u8], effort: Effort) -> Result<[usize; 3]> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, content)?;
    let name = path.to_string_lossy().into_owned();
    if !TEXT.iter().any(|ending| name.ends_with(ending)) {
        return Ok([content.len(); 3]);
    }
    let (gzip, brotli) = (gzipped(content, effort)?, with_brotli(content, effort)?);
    fs::write(format!("{name}.gz"), &gzip)?;
    fs::write(format!("{name}.br"), &brotli)?;
    Ok([content.len(), gzip.len(), brotli.len()])
}

/// The bytes as gzip has them.
pub(super) fn gzipped(content: &[u8], effort: Effort) -> Result<Vec<u8>> {
    let level = match effort {
        Effort::Quick => Compression::fast(),
        Effort::Full => Compression::best(),
    };
    let mut encoder = GzEncoder::new(Vec::new(), level);
    encoder.write_all(content)?;
    Ok(encoder.finish()?)
}

fn with_brotli(content: &[u8], effort: Effort) -> Result<Vec<u8>> {
    /// Bytes handed over at once.
    const BUFFER: usize = 1 << 16;
    /// Of the window, in bits: the most that every browser takes.
    const WINDOW: u32 = 22;
    let quality = match effort {
        Effort::Quick => 2,
        Effort::Full => 11,
    };
    let mut encoder = CompressorWriter::new(Vec::new(), BUFFER, quality, WINDOW);
    encoder.write_all(content)?;
    Ok(encoder.into_inner())
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn text_lies_there_three_times_and_pictures_once() {
        let folder = tempfile::tempdir().unwrap();
        let text = "words ".repeat(1000).into_bytes();
        let files = Files::from([
            ("a/b.js".to_owned(), text.clone()),
            ("c.png".to_owned(), text.clone()),
        ]);
        for effort in [Effort::Quick, Effort::Full] {
            let sizes = write(&files, folder.path(), effort).unwrap();
            let read = |name: &str| fs::read(folder.path().join(name)).unwrap();
            let mut gzip = Vec::new();
            flate2::read::GzDecoder::new(&read("a/b.js.gz")[..])
                .read_to_end(&mut gzip)
                .unwrap();
            let mut brotli = Vec::new();
            brotli::Decompressor::new(&read("a/b.js.br")[..], 4096)
                .read_to_end(&mut brotli)
                .unwrap();
            assert_eq!(
                (read("a/b.js"), gzip, brotli),
                (text.clone(), text.clone(), text.clone())
            );
            assert_eq!(
                sizes["a/b.js"],
                ["a/b.js", "a/b.js.gz", "a/b.js.br"].map(|name| read(name).len())
            );
            assert!(!folder.path().join("c.png.gz").exists());
        }
    }
}
