//! The files of a bundle, and the path of each.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use cnn_playground::base::sha256;

use crate::files::Files;

/// The service worker. Its scope is the folder that it is in.
pub(super) const SERVICE_WORKER: &str = "service-worker.js";
/// Where the pictures of link previews are, in the checkout's `www` and in the bundle: `TAG/LAB.png`.
pub(super) const CARDS: &str = "cards/";
/// What describes a data set, in its folder.
pub(super) const MANIFEST: &str = "manifest.json";
/// Files that other sites point at, and that therefore keep their names. Pages do too.
const STABLE: [&str; 4] = [
    "embed.js",
    "embed.d.ts",
    "custom-elements.json",
    "manifest.webmanifest",
];
/// The icons of the page as an app, which its manifest names.
const ICONS: &str = "icons/";
/// How a module names the folder of the data, in the checkout and after joining.
const PLACE: [&str; 2] = ["'../data/'", "\"../data/\""];
/// Hexadecimal digits of a hash in a name.
const FIGURES: usize = 12;

/// The playground as it is served.
pub(super) struct Site {
    /// What lies in the folder of the release, by its path in the checkout.
    pub(super) inside: Files,
    /// What lies at the top.
    pub(super) top: Files,
    /// The folder of the release: `v/HASH/`.
    pub(super) code: String,
    /// The folder of the data sets: `data/HASH/`.
    pub(super) data: String,
    pub(super) manifests: BTreeMap<String, Vec<u8>>,
}

impl Site {
    /// Sorts files of the checkout and of the build to where they belong.
    pub(super) fn new(files: Files, data: &Path, sets: &[String]) -> Result<Self> {
        let manifests = sets.iter().map(|set| {
            let path = data.join(set).join(MANIFEST);
            let text = fs::read(&path).with_context(|| path.display().to_string())?;
            Ok((set.clone(), text))
        });
        let manifests: BTreeMap<_, _> = manifests.collect::<Result<_>>()?;
        let data = format!("data/{}/", name(manifests.iter()));
        let (top, mut inside): (Files, Files) =
            files.into_iter().partition(|(path, _)| is_stable(path));
        // Types and readme files are only for developers.
        inside.retain(|path, _| {
            ![".d.ts", ".md", "package.json"]
                .iter()
                .any(|end| path.ends_with(end))
        });
        redirect_data(&mut inside, &data)?;
        let code = format!("v/{}/", name(inside.iter()));
        Ok(Self {
            inside,
            top,
            code,
            data,
            manifests,
        })
    }

    /// Where a file of the checkout is in the bundle, seen from its top.
    pub(super) fn place(&self, path: &str) -> Option<String> {
        if self.inside.contains_key(path) {
            return Some(format!("{}{path}", self.code));
        }
        let of_data = path.strip_prefix("data/")?;
        let (set, _) = of_data.split_once('/')?;
        self.manifests
            .contains_key(set)
            .then(|| format!("{}{of_data}", self.data))
    }

    /// A text of the page in each of its languages, by tag.
    pub(super) fn words(&self, key: &str) -> Result<BTreeMap<String, String>> {
        let read = |tag: &str| -> Result<BTreeMap<String, String>> {
            let path = format!("locales/{tag}.json");
            let text = self
                .inside
                .get(&path)
                .with_context(|| format!("no {path}"))?;
            Ok(serde_json::from_slice(text)?)
        };
        let tags = read("index")?.into_keys();
        tags.map(|tag| {
            let words = read(&tag)?
                .remove(key)
                .with_context(|| format!("{tag} has no {key}"))?;
            Ok((tag, words))
        })
        .collect()
    }

    /// The modules that a module needs before it can begin, without itself, nearest first.
    pub(super) fn needed_by(&self, entry: &str) -> Vec<String> {
        let mut found = vec![entry.to_owned()];
        let mut at = 0;
        while let Some(path) = found.get(at).cloned() {
            let text = self
                .inside
                .get(&path)
                .map(|text| String::from_utf8_lossy(text))
                .unwrap_or_default();
            for other in imports(&path, &text) {
                if self.inside.contains_key(&other) && !found.contains(&other) {
                    found.push(other);
                }
            }
            at += 1;
        }
        found.split_off(1)
    }
}

fn is_stable(path: &str) -> bool {
    let page = path.ends_with(".html") && !path.contains('/');
    page || path == SERVICE_WORKER
        || STABLE.contains(&path)
        || path.starts_with(CARDS)
        || path.starts_with(ICONS)
}

/// A name for these files that changes with any of them.
fn name<'a>(files: impl Iterator<Item = (&'a String, &'a Vec<u8>)>) -> String {
    let lines: String = files
        .map(|(path, content)| format!("{path} {}\n", sha256(content)))
        .collect();
    let mut hash = sha256(lines.as_bytes());
    hash.truncate(FIGURES);
    hash
}

/// Replaces the path of the data sets, in whichever module it ended up.
fn redirect_data(inside: &mut Files, data: &str) -> Result<()> {
    let mut told = false;
    for (path, content) in inside.iter_mut() {
        let Some((folder, _)) = path.rsplit_once('/').filter(|_| path.ends_with(".js")) else {
            continue;
        };
        let text = std::str::from_utf8(content)?;
        let Some(here) = PLACE.iter().find(|here| text.contains(*here)) else {
            continue;
        };
        ensure!(
            folder == "app",
            "{path} says where data is, and is not in app/"
        );
        // From v/HASH/app/ up to the top.
        *content = text
            .replace(here, &format!("'../../../{data}'"))
            .into_bytes();
        told = true;
    }
    ensure!(told, "no module says where data is: {}", PLACE[0]);
    Ok(())
}

/// What a module imports before it runs, as paths from the top.
pub(super) fn imports(path: &str, text: &str) -> Vec<String> {
    let folder: Vec<&str> = path.split('/').collect();
    let lines = text.lines().filter(|line| {
        ["import", "export ", "} from "]
            .iter()
            .any(|word| line.starts_with(word))
    });
    let places = lines.flat_map(|line| {
        let behind = |word| line.split(word).skip(1);
        behind("from").chain(behind("import"))
    });
    let named = places.filter_map(|rest| {
        let rest = rest.trim_start();
        let quote = rest.chars().next().filter(|c| "'\"".contains(*c))?;
        rest[1..].split(quote).next()
    });
    let relative = named.filter(|name| name.starts_with('.'));
    relative
        .map(|name| resolve_path(&folder[..folder.len() - 1], name))
        .collect()
}

fn resolve_path(folder: &[&str], relative: &str) -> String {
    let mut parts = folder.to_vec();
    for part in relative.split('/') {
        match part {
            "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(files: &[(&str, &str)]) -> Site {
        let files = files
            .iter()
            .chain(&[("app/place.js", "new URL('../data/', x)")]);
        let files = files
            .map(|(path, text)| ((*path).to_owned(), (*text).into()))
            .collect();
        Site::new(files, Path::new("nowhere"), &[]).unwrap()
    }

    #[test]
    fn a_release_is_named_after_its_content_and_nothing_else() {
        let one = site(&[("app/a.js", "1"), ("index.html", "<p>")]);
        assert_eq!(
            one.code,
            site(&[("app/a.js", "1"), ("index.html", "<b>")]).code
        );
        assert_ne!(
            one.code,
            site(&[("app/a.js", "2"), ("index.html", "<p>")]).code
        );
        assert_ne!(
            one.code,
            site(&[("app/b.js", "1"), ("index.html", "<p>")]).code
        );
    }

    #[test]
    fn what_others_point_at_keeps_its_name() {
        let site = site(&[
            ("embed.js", ""),
            ("embed.d.ts", ""),
            ("builder.html", ""),
            ("cards/en/a.png", ""),
            ("app/core.d.ts", ""),
            ("README.md", ""),
            ("package.json", ""),
        ]);
        assert_eq!(
            site.top.keys().collect::<Vec<_>>(),
            ["builder.html", "cards/en/a.png", "embed.d.ts", "embed.js"]
        );
        assert_eq!(
            site.inside.keys().collect::<Vec<_>>(),
            ["app/place.js"],
            "types, and what makes a package of it, are for the checkout"
        );
        assert_eq!(
            site.place("app/place.js"),
            Some(format!("{}app/place.js", site.code))
        );
        assert_eq!(site.place("embed.js"), None);
    }

    #[test]
    fn data_is_found_from_the_folder_of_the_release() {
        let site = site(&[]);
        let place = String::from_utf8(site.inside["app/place.js"].clone()).unwrap();
        assert_eq!(place, format!("new URL('../../../{}', x)", site.data));
    }

    #[test]
    fn follows_imports_once_each_and_no_types() {
        let site = site(&[
            (
                "app/main.js",
                "import { a } from './a.js';\nimport {\n  b,\n} from './sub/b.js';\n/** @import { T } from './types.js' */\n",
            ),
            (
                "app/a.js",
                "import './main.js';\nexport * from '../vendor/c.js';\nconst lazy = () => import('./late.js');\n",
            ),
            (
                "app/sub/b.js",
                "import { a } from '../a.js';\nimport x from 'elsewhere';\n",
            ),
            ("app/late.js", ""),
            ("app/types.js", ""),
            ("vendor/c.js", ""),
            (
                "app/joined.js",
                "import{a as b}from\"./a.js\";import\"./sub/b.js\";var c=()=>import(\"./late.js\");",
            ),
        ]);
        let needed = ["app/a.js", "app/sub/b.js", "vendor/c.js"];
        assert_eq!(site.needed_by("app/main.js"), needed);
        assert!(needed.iter().all(|path| {
            site.needed_by("app/joined.js")
                .contains(&(*path).to_owned())
        }));
        assert!(
            !site
                .needed_by("app/joined.js")
                .contains(&"app/late.js".to_owned())
        );
    }
}
