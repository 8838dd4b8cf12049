//! The playground as one HTML file, which opens from a disk without a server and without a network.
//!
//! A browser lets a page of `file://` load nothing beside it, no module and no worker either. So all that it needs
//! stands within it: its scripts joined, a script for each worker, from which the page makes a blob, and every other
//! part gzipped, as base64 text, which `www/single/files.js` gives to whoever fetches it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};

use super::html;
use super::press::{Effort, gzipped};
use super::site::{MANIFEST, Site};
use crate::files::{Files, read_folder};
use crate::host::Host;
use crate::notices;
use crate::npm;
use crate::process;
use crate::project::Project;
use crate::wasm::Module;

/// The modules in it: without an isolated page there are no threads, and a GPU's module would double what it weighs.
pub(super) const MODULES: [Module; 3] = [Module::Core, Module::Cpu, Module::Python];
/// Sources that only such a file has.
pub(super) const FOLDER: &str = "single/";
/// The line by which the page knows what it is, and where it says that the playground is on the web.
pub(super) const MARK: &str = "<meta name=\"one-file\" content=\"";
/// An address that no network has, which stands for the top of the checkout's `www`.
const PLACE: &str = "https://playground.invalid/";
/// The scripts of workers, by their paths in the checkout.
const WORKERS: [&str; 5] = ["desk", "look", "pictures", "python", "read"];
/// What in the page is put elsewhere, or stands for what cannot happen here: lines that contain one of these.
const ELSEWHERE: [&str; 8] = [
    "<script src=",
    "<script type=\"module\" src=",
    "<link rel=\"icon\"",
    "<link rel=\"manifest\"",
    "<link rel=\"apple-touch-icon\"",
    "data-why=\"disk\"",
    "data-why=\"type\"",
    "data-why=\"frame\"",
];
/// What the page asks a server for ahead.
const NEXT: [&str; 2] = ["  <template id=\"next\">", "</template>\n"];
/// esbuild's switches; the modules that are not in the file are never asked for.
const SWITCHES: [&str; 8] = [
    "--bundle",
    "--format=iife",
    "--minify",
    "--charset=utf8",
    "--legal-comments=none",
    "--external:../pkg/webgpu/*",
    "--external:../pkg/threads/*",
    "--log-level=warning",
];

/// What the file is made of.
pub(super) struct Parts<'a> {
    /// Sources and modules, by their paths in the checkout.
    pub(super) code: &'a Files,
    /// The same as a bundle has them: pages with their styles.
    pub(super) joined: Files,
    pub(super) sets: &'a [String],
    /// Where the playground is on the web.
    pub(super) url: Option<&'a str>,
    pub(super) effort: Effort,
}

/// The whole file.
pub(super) fn page(project: &Project, host: &Host, parts: Parts) -> Result<String> {
    let scripts = scripts(project, host, parts.code)?;
    let script = |path: &str| {
        let text = scripts.get(path).map(String::as_str);
        text.with_context(|| format!("esbuild made no {path}"))
    };
    let mut body = String::new();
    for name in WORKERS {
        let text = script(&format!("{FOLDER}{name}.js"))?;
        body += &format!(
            "<script type=\"text/plain\" data-worker=\"worker/{name}.js\">{text}</script>\n"
        );
    }
    for (path, content) in contents(project, &parts)? {
        let text = BASE64_STANDARD.encode(gzipped(&content, parts.effort)?);
        body += &format!("<script type=\"text/plain\" data-part=\"{path}\">{text}</script>\n");
    }
    let run = [script("app/not-started.js")?, script("single/main.js")?];
    for text in run {
        body += &format!("<script>{text}</script>\n");
    }
    let icon = parts.joined.get("icon.svg").context("no icon")?;
    let icon = format!(
        "  <link rel=\"icon\" href=\"data:image/svg+xml;base64,{}\">\n",
        BASE64_STANDARD.encode(icon)
    );
    let site = Site::new(parts.joined, &project.data(), &[])?;
    let page = site.top.get("index.html").context("no index.html")?;
    let page = html::in_each_language(&site, std::str::from_utf8(page)?)?;
    assemble(&page, &run, &(icon + &mark(parts.url)), &body)
}

/// How such a page says what it is, and where the playground is on the web.
fn mark(url: Option<&str>) -> String {
    let url = url.map_or_else(String::new, |url| format!("{}/", url.trim_end_matches('/')));
    format!("  {MARK}{}\">\n", html::escaped(&url))
}

/// The page with these lines in its head and at the end of its body, and a policy that lets it run these scripts alone.
fn assemble(page: &str, run: &[&str], head: &str, body: &str) -> Result<String> {
    let mut page = page.to_owned();
    if let Some((before, rest)) = page.split_once(NEXT[0])
        && let Some((_, behind)) = rest.split_once(NEXT[1])
    {
        page = format!("{before}{behind}");
    }
    let stays = |line: &&str| !ELSEWHERE.iter().any(|other| line.contains(other));
    let page: String = page.split_inclusive('\n').filter(stays).collect();
    let policy = policy(&page, run);
    let head = [html::CHARSET, &policy, head].concat();
    let ends = ["</body>", html::CHARSET];
    ensure!(
        ends.iter().all(|end| page.matches(end).count() == 1),
        "the page should have one line for its letters, and one body"
    );
    let page = page.replacen(html::CHARSET, &head, 1);
    Ok(page.replacen(ends[0], &[body, ends[0]].concat(), 1))
}

/// Nothing is loaded; what runs is named by its hash.
fn policy(page: &str, run: &[&str]) -> String {
    let hashes = |texts: &mut dyn Iterator<Item = &str>| -> String {
        let hash =
            |text: &str| format!(" 'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(text)));
        texts.map(hash).collect()
    };
    let styles = page.split("<style>").skip(1);
    let mut styles = styles.filter_map(|behind| behind.split("</style>").next());
    format!(
        "  <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src{} 'wasm-unsafe-eval'; \
         style-src{}; img-src data: blob:; worker-src blob:; base-uri 'none'\">\n",
        hashes(&mut run.iter().copied()),
        hashes(&mut styles)
    )
}

/// Each script of the page and of its workers, joined to one.
fn scripts(project: &Project, host: &Host, code: &Files) -> Result<BTreeMap<String, String>> {
    let [from, to] = ["single-parts", "single-joined"].map(|name| project.target.join(name));
    for folder in [&from, &to] {
        let _ = fs::remove_dir_all(folder);
    }
    let mut sources: BTreeMap<String, String> = BTreeMap::new();
    for (path, content) in code.iter().filter(|(path, _)| path.ends_with(".js")) {
        // Every script is in one file, and yet has an address of its own.
        let text = std::str::from_utf8(content).with_context(|| path.clone())?;
        sources.insert(
            path.clone(),
            text.replace("import.meta.url", &format!("\"{PLACE}{path}\"")),
        );
    }
    let instead = sources
        .remove("single/workers.js")
        .context("no single/workers.js")?;
    let instead = instead.replace("'./files.js'", "'../../single/files.js'");
    sources.insert("app/base/workers.js".to_owned(), instead);
    let mut entries = vec!["app/not-started.js".to_owned()];
    let mut entry = |name: &str, first: &str, then: &str| {
        let path = format!("{FOLDER}{name}.js");
        sources.insert(
            path.clone(),
            format!("import './{first}';\nimport '../{then}';\n"),
        );
        entries.push(path);
    };
    entry("main", "page.js", "app/main.js");
    for name in WORKERS {
        entry(name, "worker.js", &format!("worker/{name}.js"));
    }
    for (path, text) in &sources {
        let place = from.join(path);
        fs::create_dir_all(place.parent().context("a file has a folder")?)?;
        fs::write(place, text)?;
    }
    let mut esbuild = npm::exec(host, "esbuild")?;
    esbuild.current_dir(&project.root);
    esbuild.args(entries.iter().map(|entry| from.join(entry)));
    let out = |name: &str, folder: &Path| format!("--{name}={}", folder.display());
    esbuild.args([out("outbase", &from), out("outdir", &to)]);
    process::run(esbuild.args(SWITCHES))?;

    let mut joined = Files::new();
    read_folder(&to, "", &mut joined)?;
    let mut scripts = BTreeMap::new();
    for (path, content) in joined {
        let text = String::from_utf8(content).with_context(|| path.clone())?;
        // Either would be read as the page's markup.
        ensure!(
            !text.contains("</script") && !text.contains("<!--"),
            "{path} has text that cannot stand in a page"
        );
        scripts.insert(path, text);
    }
    Ok(scripts)
}

/// All that is fetched, by its path in the checkout.
fn contents(project: &Project, parts: &Parts) -> Result<Files> {
    let mut contents = Files::new();
    let held = |path: &str| {
        let module = MODULES.map(|module| format!("pkg/{0}/{0}_bg.wasm", module.name()));
        path.starts_with("locales/")
            || path == "pkg/modules.json"
            || module.contains(&path.to_owned())
    };
    let code = parts.code.iter().filter(|(path, _)| held(path));
    contents.extend(code.map(|(path, content)| (path.clone(), content.clone())));
    for set in parts.sets {
        read_folder(
            &project.data().join(set),
            &format!("data/{set}/"),
            &mut contents,
        )?;
        let manifest = format!("data/{set}/{MANIFEST}");
        ensure!(contents.contains_key(&manifest), "no {manifest}");
    }
    let notices = notices::html(project, &MODULES, parts.sets)?;
    // A page within a page has nowhere to lead back to.
    let notices = notices.replace(notices::BACK, "");
    contents.insert(notices::FILE.to_owned(), notices.into_bytes());
    Ok(contents)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "<head>\n<meta charset=\"utf-8\">\n  <link rel=\"icon\" href=\"icon.svg\">\n  <style>a{b:c}</style>\n  <template id=\"next\">\n    <link rel=\"preload\" href=\"x\">\n  </template>\n  <script src=\"app/not-started.js\" defer></script>\n  <script type=\"module\" src=\"app/main.js\"></script>\n</head>\n<body>\n  <p data-why=\"error\">E</p>\n  <p data-why=\"disk\">D</p>\n</body>\n";

    #[test]
    fn a_page_names_nothing_beside_it_and_runs_its_own_scripts_alone() {
        let page = assemble(PAGE, &["a{b:c}"], "HEAD\n", "BODY\n").unwrap();
        for gone in ["src=\"", "href=\"", "template", "data-why=\"disk\""] {
            assert!(!page.contains(gone), "{gone}: {page}");
        }
        let order = [
            "charset",
            "Content-Security-Policy",
            "HEAD",
            "<style>",
            "data-why=\"error\"",
            "BODY\n</body>",
        ];
        let places: Vec<_> = order.iter().map(|word| page.find(word).unwrap()).collect();
        assert!(places.is_sorted(), "{page}");
        // From `printf %s 'a{b:c}' | openssl dgst -sha256 -binary | base64`.
        let hash = "'sha256-0cRUVYRKwNwnl1hkfkPGjkht16b039TjFdJzmXfFK2o='";
        for rule in ["script-src", "style-src"] {
            assert!(page.contains(&format!("{rule} {hash}")), "{page}");
        }
        assert!(page.contains("default-src 'none'"), "{page}");
        assert!(assemble("<head></head>", &[], "", "").is_err());
    }

    #[test]
    fn where_the_playground_is_on_the_web_ends_with_a_stroke() {
        assert_eq!(mark(None), "  <meta name=\"one-file\" content=\"\">\n");
        assert_eq!(
            mark(Some("https://a.test/cnn")),
            "  <meta name=\"one-file\" content=\"https://a.test/cnn/\">\n"
        );
    }
}
