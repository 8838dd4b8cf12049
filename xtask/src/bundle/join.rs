//! Fewer and smaller files: a page's scripts joined by esbuild, its style sheets joined within the page, which
//! can be painted as soon as it is there.
//!
//! Relative addresses stay valid, since every joined module lies in `app/`, like the modules that contain
//! addresses. Code that is loaded on demand stays in separate files. Workers are
//! left alone: they are small, and load the modules that `wasm-bindgen` makes.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

use super::preview;
use crate::files::{Files, read_folder};
use crate::host::Host;
use crate::npm;
use crate::process;
use crate::project::Project;

/// Scripts that pages begin with.
const ENTRIES: [&str; 3] = ["app/main.js", "app/builder/main.js", "app/check/main.js"];
/// Scripts that stay as they are: for workers too, before the others, and where no module is loaded.
const ALONE: [&str; 8] = [
    "app/base/is-problem.js",
    "app/painted.js",
    "app/place.js",
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

    let stays = |path: &str| ALONE.contains(&path) || preview::STYLES.contains(&path);
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
