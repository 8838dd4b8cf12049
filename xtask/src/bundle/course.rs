//! A package for a course system that holds the whole playground, for systems that have no way out.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use cnn_playground::experiment::goal;
use cnn_playground::experiment::link::{self, Length, Opened};
use cnn_playground::experiment::resolve;
use cnn_playground::lab;
use cnn_playground::lab::package::{PLAYER, PackageAsk, PackageKind};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::preview::Previews;
use super::site::CARDS;
use crate::files::{Files, read_folder};
use crate::project::Project;

/// Where the playground lies in the package.
const INSIDE: &str = "playground/";
/// Keys of the words that the package's page says.
const WORDS: &str = "player.";
/// What a bundle holds for web hosts alone.
const FOR_HOSTS: [&str; 3] = [".gz", ".br", "_headers"];

/// Characters that SCORM leaves a title.
const TITLE: usize = 200;

/// What a link says, if a package can be made of it under this title. A package whose goal nobody can reach is none.
pub(super) fn check(link: &str, title: Option<&str>) -> Result<Opened> {
    let text = link.split_once('#').map_or(link, |(_, text)| text);
    let mut opened = lab::check(link::open(text));
    if let (None, Some(goals)) = (&opened.claim, opened.view.get("goal")) {
        opened.problems.extend(goal::without_result(goals));
    }
    let problems: Vec<_> = opened.problems.iter().map(ToString::to_string).collect();
    ensure!(problems.is_empty(), "{link}: {}", problems.join("; "));
    let length = title.map_or(1, |title| title.trim().chars().count());
    ensure!(
        (1..=TITLE).contains(&length),
        "--title has {length} characters; a course system takes 1 to {TITLE}"
    );
    Ok(opened)
}

/// Zips the bundle in this folder as a package of this kind that opens this link, beside the folder: its path. The script that
/// talks to the system is one of those in `scripts`.
pub(super) fn pack(
    project: &Project,
    kind: PackageKind,
    link: &str,
    title: Option<&str>,
    bundle: &Path,
    scripts: &Path,
) -> Result<PathBuf> {
    let mut files = Files::new();
    read_folder(bundle, INSIDE, &mut files)?;
    files.retain(|path, _| !FOR_HOSTS.iter().any(|end| path.ends_with(end)));
    let (ask, pictures) = ask(project, kind, link, title, files.keys().cloned().collect())?;
    let made = ask.files().into_iter();
    files.extend(made.map(|(path, text)| (path, text.into_bytes())));
    files.extend(pictures);
    let player = if kind == PackageKind::Cmi5 {
        "cmi5"
    } else {
        "scorm"
    };
    let player = scripts.join(format!("player-{player}.js"));
    files.insert(PLAYER.to_owned(), fs::read(player)?);

    let name = bundle.file_name().context("the bundle has a name")?;
    let name = format!("{}-{}.zip", name.to_string_lossy(), kind.word());
    let path = bundle.with_file_name(name);
    let mut zip = ZipWriter::new(BufWriter::new(File::create(&path)?));
    for (path, content) in &files {
        zip.start_file(path.as_str(), SimpleFileOptions::default())?;
        zip.write_all(content)?;
    }
    zip.finish()?;
    Ok(path)
}

/// What the package is to be of, and its pictures by their path in it.
fn ask(
    project: &Project,
    kind: PackageKind,
    link: &str,
    title: Option<&str>,
    files: Vec<String>,
) -> Result<(PackageAsk, Files)> {
    let own = title.map(str::trim);
    let opened = check(link, title)?;
    let mut view = opened.view;
    let words = Previews::new(project, None)?;
    let (title, about) = match view.get("lab") {
        Some(id) => (format!("lab.{id}.question"), format!("lab.{id}.predict")),
        None => ("page.name".to_owned(), "page.description".to_owned()),
    };
    let mut pictures = BTreeMap::new();
    let mut drawn = Files::new();
    for (tag, card) in words.cards_of(view.get("lab").map(String::as_str)) {
        let path = format!("thumbnail.{tag}.png");
        let card = project.www().join(format!("{CARDS}{card}.png"));
        let card = fs::read(&card).with_context(|| card.display().to_string())?;
        drawn.insert(path.clone(), card);
        pictures.insert(tag, path);
    }
    view.insert("embed".to_owned(), "1".to_owned());
    let spec = resolve(&opened.choices).spec;
    let text = link::whole(&spec, &view, opened.claim.as_ref(), Length::Short);
    let ask = PackageAsk {
        kind,
        address: format!("{INSIDE}index.html#{text}"),
        title: own.map_or_else(|| words.each(&title), |own| words.same(own)),
        about: words.each(&about),
        words: words.beginning(WORDS),
        pictures,
        files,
    };
    Ok((ask, drawn))
}

impl Previews {
    /// The picture of a lab, or of the playground, in each language, by its path without ending.
    fn cards_of(&self, lab: Option<&str>) -> Vec<(String, String)> {
        let of = self
            .abouts()
            .filter(|about| about.lab.map(|lab| lab.id) == lab);
        of.map(|about| (about.tag.to_owned(), about.card()))
            .collect()
    }

    /// One text for every language.
    fn same(&self, text: &str) -> BTreeMap<String, String> {
        let tags = self.languages().keys();
        tags.map(|tag| (tag.clone(), text.to_owned())).collect()
    }

    /// A text in each language, by its tag.
    fn each(&self, key: &str) -> BTreeMap<String, String> {
        let each = self.languages().iter();
        each.filter_map(|(tag, words)| Some((tag.clone(), words.get(key)?.clone())))
            .collect()
    }

    /// The texts whose keys begin so in each language, without that beginning.
    fn beginning(&self, start: &str) -> BTreeMap<String, BTreeMap<String, String>> {
        let of = |words: &BTreeMap<String, String>| {
            let rest = words.iter();
            rest.filter_map(|(key, text)| Some((key.strip_prefix(start)?.to_owned(), text.clone())))
                .collect()
        };
        let each = self.languages().iter();
        each.map(|(tag, words)| (tag.clone(), of(words))).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn a_package_holds_the_bundle_and_names_each_file() {
        let folder = tempfile::tempdir().unwrap();
        let at = |path: &str| folder.path().join(path);
        let project = Project::find().unwrap();
        for path in [
            "dist/index.html",
            "dist/v/1/app/main.js",
            "dist/v/1/app/main.js.br",
            "dist/_headers",
        ] {
            fs::create_dir_all(at(path).parent().unwrap()).unwrap();
            fs::write(at(path), "content").unwrap();
        }
        let scripts = folder.path();
        fs::write(at("player-scorm.js"), "player").unwrap();
        let link = "https://a.test/#v=1&lab=residual&goal=predict,run";
        let kind = PackageKind::Scorm12;
        let path = pack(&project, kind, link, None, &at("dist"), scripts).unwrap();
        assert_eq!(path, at("dist-scorm-1.2.zip"));
        let mut zip = zip::ZipArchive::new(File::open(&path).unwrap()).unwrap();
        let mut names: Vec<_> = zip
            .file_names()
            .map(|name| name.unwrap().into_owned())
            .collect();
        names.sort();
        let expected = [
            "imsmanifest.xml",
            "index.html",
            "player.js",
            "playground/index.html",
            "playground/v/1/app/main.js",
            "thumbnail.ar.png",
            "thumbnail.en.png",
            "thumbnail.es.png",
            "thumbnail.fr.png",
            "thumbnail.zh-CN.png",
        ];
        assert_eq!(names, expected);
        let mut read = |name: &str| {
            let mut text = String::new();
            zip.by_name(name)
                .unwrap()
                .read_to_string(&mut text)
                .unwrap();
            text
        };
        let manifest = read("imsmanifest.xml");
        for name in names.iter().filter(|name| *name != "imsmanifest.xml") {
            assert!(
                manifest.contains(&format!("<file href=\"{name}\"/>")),
                "{name}: {manifest}"
            );
        }
        let page = read("index.html");
        let address = "data-address=\"playground/index.html#v=1&amp;lab=residual&amp;embed=1&amp;goal=predict,run\"";
        assert!(page.contains(address), "{page}");
        assert!(page.contains("data-says=\"alone\""), "{page}");
        let mut picture = Vec::new();
        zip.by_name("thumbnail.zh-CN.png")
            .unwrap()
            .read_to_end(&mut picture)
            .unwrap();
        let card = project.www();
        assert_eq!(
            picture,
            fs::read(card.join("cards/zh-CN/residual.png")).unwrap()
        );
        let title = Some(" Week 3: <depth> ");
        pack(&project, kind, link, title, &at("dist"), scripts).unwrap();
        let mut zip = zip::ZipArchive::new(File::open(&path).unwrap()).unwrap();
        let mut manifest = String::new();
        let mut file = zip.by_name("imsmanifest.xml").unwrap();
        file.read_to_string(&mut manifest).unwrap();
        assert!(manifest.contains("<title>Week 3: &lt;depth&gt;</title>"));
        assert!(manifest.contains("xml:lang=\"fr\">Week 3: &lt;depth&gt;<"));
    }

    #[test]
    fn what_no_student_can_do_makes_no_package_and_is_named() {
        const RESULT: &str =
            "train=640&test=100&batch=16&epochs=1&result=0.5,0.5,40,0123456789abcdef,0.1.0,cpu";
        for (link, title, said) in [
            ("#v=1&lab=none-such", None, "none-such"),
            ("v=1&goal=run:500", None, "run:500"),
            ("v=1&goal=accuracy:95", None, "accuracy:95"),
            ("v=1&goal=reproduce", None, "no result"),
            ("v=1", Some("  "), "--title"),
            ("v=1", Some(&*"x".repeat(201)), "--title"),
        ] {
            let problem = check(link, title).unwrap_err().to_string();
            assert!(problem.contains(said), "{link}: {problem}");
        }
        let opened = check(&format!("v=1&{RESULT}&goal=reproduce"), Some("Again")).unwrap();
        assert!(opened.claim.is_some() && opened.view["goal"] == "reproduce");
    }
}
