//! Fewer and smaller files: a page's scripts joined by esbuild, its style sheets joined within the page, which
//! can be painted as soon as it is there.
//!
//! Relative addresses stay valid, since every joined module lies in `app/`, like the modules that contain
//! addresses. Code that is loaded on demand stays in separate files. Workers are
//! left alone: they are small, and load the modules that `wasm-bindgen` makes.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

use super::preview;
use super::site::imports;
use crate::files::{Files, read_folder};
use crate::host::Host;
use crate::npm;
use crate::process;
use crate::project::Project;

/// Scripts that pages begin with.
const ENTRIES: [&str; 3] = ["app/main.js", "app/builder/main.js", "app/check/main.js"];
/// Scripts that stay as they are: before the others, and where no module is loaded. Those that workers use stay too.
const ALONE: [&str; 6] = [
    "app/painted.js",
    "app/not-started.js",
    "app/onward.js",
    "app/lost.js",
    "vendor/player-scorm.js",
    "vendor/player-cmi5.js",
];
const SHEET: &str = "  <link rel=\"stylesheet\" href=\"";
/// esbuild's switches: code loaded on demand is split off, and wasm-bindgen's modules are left external.
const SWITCHES: [&str; 10] = [
    "--bundle",
    "--splitting",
    "--format=esm",
    "--minify",
    "--charset=utf8",
    "--legal-comments=none",
    "--external:../pkg/*",
    "--external:./painted.js",
    "--chunk-names=app/part-[hash]",
    "--log-level=warning",
];

/// The modules that workers load, directly or through others, by their paths from the top.
fn used_by_workers(files: &Files) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    let is_worker = |path: &&String| path.starts_with("worker/");
    let mut left: Vec<String> = files.keys().filter(is_worker).cloned().collect();
    while let Some(path) = left.pop() {
        let Some(content) = files.get(&path) else {
            continue;
        };
        let found = imports(&path, &String::from_utf8_lossy(content));
        left.extend(found.into_iter().filter(|other| used.insert(other.clone())));
    }
    used
}

/// Joins the scripts and style sheets of pages.
pub(super) fn join(project: &Project, host: &Host, mut files: Files) -> Result<Files> {
    let sheets = join_sheets(&mut files)?;
    let (from, to) = (
        project.target.join("bundle-parts"),
        project.target.join("bundle-joined"),
    );
    for folder in [&from, &to] {
        let _ = fs::remove_dir_all(folder);
    }
    let is_part = |path: &str| {
        let kind = Path::new(path).extension().and_then(|kind| kind.to_str());
        let of_page = ["app/", "vendor/", "style/"]
            .iter()
            .any(|folder| path.starts_with(folder));
        of_page && matches!(kind, Some("js" | "css"))
    };
    for (path, content) in files.iter().filter(|(path, _)| is_part(path)) {
        let place = from.join(path);
        fs::create_dir_all(place.parent().context("a file has a folder")?)?;
        fs::write(place, content)?;
    }
    let mut esbuild = npm::exec(host, "esbuild")?;
    esbuild.current_dir(&project.root);
    for entry in ENTRIES
        .iter()
        .copied()
        .chain(sheets.iter().map(String::as_str))
    {
        esbuild.arg(from.join(entry));
    }
    let out = |name: &str, folder: &Path| format!("--{name}={}", folder.display());
    esbuild.args([out("outbase", &from), out("outdir", &to)]);
    process::run(esbuild.args(SWITCHES))?;

    let of_workers = used_by_workers(&files);
    let stays = |path: &str| {
        ALONE.contains(&path) || preview::STYLES.contains(&path) || of_workers.contains(path)
    };
    files.retain(|path, _| !is_part(path) || stays(path));
    let mut joined = Files::new();
    read_folder(&to, "", &mut joined)?;
    for entry in ENTRIES {
        let text = joined
            .get(entry)
            .with_context(|| format!("esbuild made no {entry}"))?;
        let deep = entry.matches('/').count() > 1;
        let says_place = String::from_utf8_lossy(text).contains("import.meta");
        ensure!(
            !(deep && says_place),
            "{entry} says an address that holds in app/ only"
        );
    }
    for sheet in sheets {
        let rules = joined
            .remove(&sheet)
            .with_context(|| format!("esbuild made no {sheet}"))?;
        put_within(&mut files, &sheet, std::str::from_utf8(&rules)?)?;
    }
    files.extend(joined);
    Ok(files)
}

/// Gives each page one style sheet, which holds all that it names in their order: their paths.
fn join_sheets(files: &mut Files) -> Result<Vec<String>> {
    let pages: Vec<String> = files
        .keys()
        .filter(|path| path.ends_with(".html") && !path.contains('/'))
        .cloned()
        .collect();
    let mut made = Vec::new();
    for page in pages {
        let text = std::str::from_utf8(&files[&page])?;
        let Some(first) = text.find(SHEET) else {
            continue;
        };
        let mut sheet = Vec::new();
        let mut rest = String::from(&text[..first]);
        for line in text[first..].lines() {
            let Some(path) = line
                .strip_prefix(SHEET)
                .and_then(|rest| rest.split('"').next())
            else {
                rest += line;
                rest.push('\n');
                continue;
            };
            if sheet.is_empty() {
                rest += &format!("{SHEET}style/{}\">\n", page.replace(".html", ".css"));
            }
            sheet.extend(
                files
                    .get(path)
                    .with_context(|| format!("{page} names {path}"))?,
            );
            sheet.push(b'\n');
        }
        let path = format!("style/{}", page.replace(".html", ".css"));
        files.insert(path.clone(), sheet);
        files.insert(page, rest.into_bytes());
        made.push(path);
    }
    Ok(made)
}

/// Puts a page's style sheet where the page names it.
fn put_within(files: &mut Files, sheet: &str, rules: &str) -> Result<()> {
    // An address in it would be meant from its own folder.
    ensure!(
        !rules.contains("</") && !rules.contains("url("),
        "{sheet} has rules that cannot stand in a page"
    );
    let named = format!("{SHEET}{sheet}\">");
    let style = format!("  <style>{}</style>", rules.trim_end());
    for page in files.values_mut() {
        if let Ok(text) = std::str::from_utf8(page)
            && text.contains(&named)
        {
            *page = text.replace(&named, &style).into_bytes();
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_style_sheet_comes_to_stand_in_its_page() {
        let page = "<head>\n  <link rel=\"stylesheet\" href=\"style/index.css\">\n</head>\n";
        let mut files: Files = [("index.html".to_owned(), page.into())].into();
        put_within(&mut files, "style/index.css", "a{b:c}\n").unwrap();
        assert_eq!(
            files["index.html"],
            b"<head>\n  <style>a{b:c}</style>\n</head>\n"
        );
        assert!(put_within(&mut files, "style/index.css", "a{b:url(c)}").is_err());
    }

    #[test]
    fn what_a_worker_uses_of_the_page_stays_and_nothing_else() {
        let files: Files = [
            ("worker/a.js", "import { b } from '../app/base/b.js';\n"),
            ("app/base/b.js", "import { c } from '../c.js';\n"),
            ("app/c.js", "import { b } from './base/b.js';\n"),
            ("app/d.js", "import { b } from './base/b.js';\n"),
        ]
        .map(|(path, text)| (path.to_owned(), text.into()))
        .into();
        let used = used_by_workers(&files);
        assert_eq!(
            used,
            ["app/base/b.js", "app/c.js"].map(str::to_owned).into()
        );
    }

    #[test]
    fn a_page_has_one_style_sheet_with_all_of_its_rules_in_order() {
        let page = "<head>\n  <link rel=\"stylesheet\" href=\"style/b.css\">\n  <link rel=\"stylesheet\" href=\"style/a.css\">\n  <script>\n</head>\n";
        let mut files: Files = [
            ("index.html", page),
            ("style/a.css", "a"),
            ("style/b.css", "b"),
        ]
        .map(|(path, text)| (path.to_owned(), text.into()))
        .into();
        assert_eq!(join_sheets(&mut files).unwrap(), ["style/index.css"]);
        assert_eq!(files["style/index.css"], b"b\na\n");
        let text = String::from_utf8(files["index.html"].clone()).unwrap();
        assert_eq!(
            text,
            "<head>\n  <link rel=\"stylesheet\" href=\"style/index.css\">\n  <script>\n</head>\n"
        );
    }
}
