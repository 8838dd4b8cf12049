//! A release: every file of a bundle as it is served, with the pages, the headers and the service worker's list.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use cnn_playground::base::sha256;
use cnn_playground::data::manifest::Manifest;
use cnn_playground::experiment::{Choices, resolve};
use serde::Serialize;

use super::preview::Previews;
use super::site::{MANIFEST, SERVICE_WORKER, Site};
use super::{headers, html};
use crate::files::Files;
use crate::project::Project;
use crate::wasm::Module;

/// The data of the service worker.
#[derive(Serialize)]
struct Release<'a> {
    name: &'a str,
    code: &'a str,
    data: &'a str,
    isolate: bool,
    keep: BTreeSet<String>,
    digests: BTreeMap<String, String>,
}

impl Site {
    /// Every file but the shards, by its path in the bundle. `url` is where the bundle will be; with `isolate` its service
    /// worker sends the headers for threads where the host sends none.
    pub(super) fn files(
        &self,
        project: &Project,
        url: Option<&str>,
        isolate: bool,
    ) -> Result<Files> {
        let mut files = Files::new();
        for (path, content) in &self.inside {
            files.insert(format!("{}{path}", self.code), content.clone());
        }
        for (set, manifest) in &self.manifests {
            files.insert(format!("{}{set}/{MANIFEST}", self.data), manifest.clone());
        }
        let previews = Previews::new(project, url)?;
        for (path, content) in &self.top {
            let content = if path == SERVICE_WORKER {
                self.service_worker(content, isolate)?
            } else if path.ends_with(".html") {
                let (about, next) = if path == "index.html" {
                    (previews.main(), self.first_hints()?)
                } else {
                    Default::default()
                };
                html::page(self, std::str::from_utf8(content)?, &about, &next)?.into_bytes()
            } else {
                content.clone()
            };
            files.insert(path.clone(), content);
        }
        files.extend(previews.pages(self)?);
        files.insert(headers::FILE.to_owned(), headers::text(url).into_bytes());
        Ok(files)
    }

    fn service_worker(&self, source: &[u8], isolate: bool) -> Result<Vec<u8>> {
        let pages = self.top.keys().filter(|path| path.ends_with(".html"));
        let mut keep: BTreeSet<String> = pages
            .filter(|path| *path != "index.html")
            .cloned()
            .collect();
        keep.insert("./".to_owned());
        let rare = Module::ALL.into_iter().filter(|module| module.is_rare());
        let rare: Vec<_> = rare
            .map(|module| format!("pkg/{}/", module.name()))
            .collect();
        let code = self
            .inside
            .keys()
            .filter(|path| !rare.iter().any(|folder| path.starts_with(folder)));
        keep.extend(code.map(|path| format!("{}{path}", self.code)));
        keep.extend(self.first_data()?);
        let release = Release {
            name: self.code.trim_start_matches("v/").trim_end_matches('/'),
            code: &self.code,
            data: &self.data,
            isolate,
            keep,
            digests: self.digests()?,
        };
        let mut text =
            format!("self.RELEASE = {};\n", serde_json::to_string(&release)?).into_bytes();
        text.extend_from_slice(source);
        Ok(text)
    }

    /// The SHA-256 of every file that never changes under its name, so that nothing else is kept as it.
    fn digests(&self) -> Result<BTreeMap<String, String>> {
        let code = self.inside.iter();
        let mut digests: BTreeMap<_, _> = code
            .map(|(path, content)| (format!("{}{path}", self.code), sha256(content)))
            .collect();
        for (set, text) in &self.manifests {
            let of_set = |file: &str| format!("{}{set}/{file}", self.data);
            digests.insert(of_set(MANIFEST), sha256(text));
            let manifest: Manifest = serde_json::from_slice(text)?;
            let shards = manifest.train.iter().chain(&manifest.test);
            digests.extend(shards.map(|shard| (of_set(&shard.file), shard.sha256.clone())));
        }
        Ok(digests)
    }

    /// Preload hints for the first images, for a page that shows them.
    fn first_hints(&self) -> Result<String> {
        const SHOWN: usize = 2;
        let shown = self.first_data()?.into_iter().take(SHOWN);
        let line =
            |path| format!("    <link rel=\"preload\" href=\"{path}\" as=\"fetch\" crossorigin>\n");
        Ok(shown.map(line).collect())
    }

    /// The first files of the data set that the page opens with: manifest, training, test.
    fn first_data(&self) -> Result<Vec<String>> {
        let set = resolve(&Choices::new()).spec.data.word();
        let Some(text) = self.manifests.get(set) else {
            return Ok(Vec::new());
        };
        let manifest: Manifest = serde_json::from_slice(text)?;
        let shards = [&manifest.train, &manifest.test]
            .into_iter()
            .filter_map(|split| split.first());
        let files = [MANIFEST]
            .into_iter()
            .chain(shards.map(|shard| shard.file.as_str()));
        Ok(files
            .map(|file| format!("{}{set}/{file}", self.data))
            .collect())
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn the_service_worker_knows_what_each_unchanging_file_is() {
        let data = tempfile::tempdir().unwrap();
        let folder = data.path().join("mnist");
        fs::create_dir(&folder).unwrap();
        let shard =
            r#"{ "file": "train-00.png", "samples": 1, "bytes": 2, "sha256": "0123456789" }"#;
        let manifest = format!(
            r#"{{ "name": "mnist", "shape": {{ "channels": 1, "height": 1, "width": 1 }}, "classes": [], "source": "", "mean": [0], "deviation": [1], "train": [{shard}], "test": [] }}"#
        );
        fs::write(folder.join(MANIFEST), &manifest).unwrap();
        let files = [
            ("app/place.js", "'../data/'"),
            ("pkg/webgpu/webgpu.js", "abc"),
            ("pkg/core/core.js", "abcd"),
            ("pkg/python/python.js", "abcde"),
            (SERVICE_WORKER, "// the worker"),
        ];
        let files = files.map(|(path, text)| (path.to_owned(), text.into()));
        let site = Site::new(files.into(), data.path(), &["mnist".to_owned()]).unwrap();
        let digests = site.digests().unwrap();
        assert_eq!(digests.len(), 6, "{digests:?}");
        // From `printf %s abc | sha256sum`.
        let webgpu = &digests[&format!("{}pkg/webgpu/webgpu.js", site.code)];
        assert!(webgpu.starts_with("ba7816bf8f01cfea"), "{webgpu}");
        let of_data = |file: &str| &digests[&format!("{}mnist/{file}", site.data)];
        assert_eq!(of_data("train-00.png"), "0123456789");
        assert_eq!(*of_data(MANIFEST), sha256(manifest.as_bytes()));
        for isolate in [true, false] {
            let worker = site.service_worker(b"// the worker", isolate).unwrap();
            let worker = String::from_utf8(worker).unwrap();
            assert!(worker.contains(webgpu.as_str()));
            assert!(worker.contains(&format!("\"isolate\":{isolate}")));
            // What is fetched at its first use is known, and kept from then on.
            let (_, kept) = worker.split_once("\"keep\":[").unwrap();
            let (kept, _) = kept.split_once(']').unwrap();
            assert!(kept.contains("pkg/core/core.js"), "{kept}");
            assert!(!kept.contains("pkg/python/") && !kept.contains("pkg/webgpu/"));
        }
    }
}
