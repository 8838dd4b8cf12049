//! A package for a course system: what says what it is, and the page that frames the playground and talks to the system.
//!
//! SCORM 1.2 and 2004 (4th edition) by ADL's content packaging, cmi5 by its course structure (Quartz). The page's script,
//! `player.js`, is added by whoever zips it.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde::{Deserialize, Serialize};

use crate::base::digest;
use crate::experiment::choice::choice;

choice! {
    /// How the package and the course system talk.
    PackageKind {
        /// SCORM 1.2.
        Scorm12 = "scorm-1.2",
        /// SCORM 2004, 4th edition.
        Scorm2004 = "scorm-2004",
        /// cmi5, over xAPI.
        Cmi5 = "cmi5",
    }
}

/// A text in each language, by its tag.
type Texts = BTreeMap<String, String>;

/// What a package is to be of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
#[serde(deny_unknown_fields)]
pub struct PackageAsk {
    /// For which kind of system.
    pub kind: PackageKind,
    /// The playground's address with the link's text behind `#`: absolute, or within the package.
    pub address: String,
    /// What it is called, in each language.
    pub title: BTreeMap<String, String>,
    /// What it is about, in each language.
    pub about: BTreeMap<String, String>,
    /// What the page may have to say, in each language, by its key.
    pub words: BTreeMap<String, BTreeMap<String, String>>,
    /// A picture in each language, by its path in the package.
    pub pictures: BTreeMap<String, String>,
    /// Further files that the package holds.
    pub files: Vec<String>,
}

/// The script of the page, which every package holds.
pub const PLAYER: &str = "player.js";
const PAGE: &str = "index.html";
/// Which relation of a learning object to another one is that to its picture: LOM has no word for it, and the Dutch profile of
/// LOM has this one, <https://wiki.surfnet.nl/display/nllom/7+Relation>.
const PICTURE: [&str; 2] = [
    "http://purl.edustandaard.nl/relation_kind_nllom_20131211",
    "thumbnail",
];

/// Text as part of markup, within quotes or not.
fn escaped(text: &str) -> String {
    // A control character may stand nowhere in XML.
    let text: String = text.chars().filter(|letter| !letter.is_control()).collect();
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// The words of each language as elements of this form, `{tag}` and `{text}`.
fn each(texts: &Texts, form: &str) -> String {
    let one = |(tag, text): (&String, &String)| {
        form.replace("{tag}", &escaped(tag))
            .replace("{text}", &escaped(text))
    };
    texts.iter().map(one).collect()
}

impl PackageAsk {
    /// The package's files but the script, by their path.
    pub fn files(&self) -> BTreeMap<String, String> {
        let (name, manifest) = match self.kind {
            PackageKind::Scorm12 => ("imsmanifest.xml", self.scorm_1_2()),
            PackageKind::Scorm2004 => ("imsmanifest.xml", self.scorm_2004()),
            PackageKind::Cmi5 => ("cmi5.xml", self.cmi5()),
        };
        let files = [(name, manifest), (PAGE, self.page())];
        files.map(|(path, text)| (path.to_owned(), text)).into()
    }

    /// The package's own name: the same for the same address.
    fn id(&self) -> String {
        format!(
            "cnn-playground-{}",
            digest::short([self.address.as_bytes()])
        )
    }

    /// What is shown where only one language can be: English, else the first.
    fn name(&self) -> String {
        let name = self.title.get("en").or_else(|| self.title.values().next());
        escaped(name.map_or("", String::as_str))
    }

    fn file_lines(&self) -> String {
        let files = [PAGE, PLAYER].into_iter();
        let files = files.chain(self.pictures.values().map(String::as_str));
        let files = files.chain(self.files.iter().map(String::as_str));
        files.fold(String::new(), |mut lines, file| {
            let _ = writeln!(lines, "      <file href=\"{}\"/>", escaped(file));
            lines
        })
    }

    /// Each picture as the relation that leads to it, in this form: `{source}`, `{kind}`, `{path}`, `{tag}` and `{title}`.
    fn picture_lines(&self, form: &str) -> String {
        let one = |(tag, path): (&String, &String)| {
            let title = self.title.get(tag).map_or("", String::as_str);
            let [source, kind] = PICTURE;
            let form = form.replace("{source}", source).replace("{kind}", kind);
            let form = form.replace("{path}", &escaped(path));
            form.replace("{tag}", &escaped(tag))
                .replace("{title}", &escaped(title))
        };
        self.pictures.iter().map(one).collect()
    }

    fn scorm_1_2(&self) -> String {
        const TEXT: &str = "<langstring xml:lang=\"{tag}\">{text}</langstring>";
        const PICTURE: &str = r#"
      <relation><kind><source><langstring xml:lang="x-none">{source}</langstring></source><value><langstring xml:lang="x-none">{kind}</langstring></value></kind><resource><description><langstring xml:lang="{tag}">{title}</langstring></description><catalogentry><catalog>URI</catalog><entry><langstring xml:lang="x-none">{path}</langstring></entry></catalogentry></resource></relation>"#;
        let (id, name, files) = (self.id(), self.name(), self.file_lines());
        let (title, about) = (each(&self.title, TEXT), each(&self.about, TEXT));
        let pictures = self.picture_lines(PICTURE);
        format!(
            r#"<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="{id}" version="1.0" xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2" xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://www.imsproject.org/xsd/imscp_rootv1p1p2 imscp_rootv1p1p2.xsd http://www.adlnet.org/xsd/adlcp_rootv1p2 adlcp_rootv1p2.xsd">
  <metadata>
    <schema>ADL SCORM</schema>
    <schemaversion>1.2</schemaversion>
    <lom xmlns="http://www.imsglobal.org/xsd/imsmd_rootv1p2p1"><general><title>{title}</title><description>{about}</description></general>{pictures}</lom>
  </metadata>
  <organizations default="organization">
    <organization identifier="organization">
      <title>{name}</title>
      <item identifier="item" identifierref="resource" isvisible="true"><title>{name}</title></item>
    </organization>
  </organizations>
  <resources>
    <resource identifier="resource" type="webcontent" adlcp:scormtype="sco" href="{PAGE}">
{files}    </resource>
  </resources>
</manifest>
"#
        )
    }

    fn scorm_2004(&self) -> String {
        const TEXT: &str = "<string language=\"{tag}\">{text}</string>";
        const PICTURE: &str = r#"
      <relation><kind><source>{source}</source><value>{kind}</value></kind><resource><identifier><catalog>URI</catalog><entry>{path}</entry></identifier><description><string language="{tag}">{title}</string></description></resource></relation>"#;
        let (id, name, files) = (self.id(), self.name(), self.file_lines());
        let (title, about) = (each(&self.title, TEXT), each(&self.about, TEXT));
        let pictures = self.picture_lines(PICTURE);
        format!(
            r#"<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="{id}" version="1.0" xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_v1p3" xmlns:imsss="http://www.imsglobal.org/xsd/imsss" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://www.imsglobal.org/xsd/imscp_v1p1 imscp_v1p1.xsd http://www.adlnet.org/xsd/adlcp_v1p3 adlcp_v1p3.xsd http://www.imsglobal.org/xsd/imsss imsss_v1p0.xsd">
  <metadata>
    <schema>ADL SCORM</schema>
    <schemaversion>2004 4th Edition</schemaversion>
    <lom xmlns="http://ltsc.ieee.org/xsd/LOM"><general><title>{title}</title><description>{about}</description></general>{pictures}</lom>
  </metadata>
  <organizations default="organization">
    <organization identifier="organization">
      <title>{name}</title>
      <item identifier="item" identifierref="resource">
        <title>{name}</title>
        <imsss:sequencing><imsss:deliveryControls completionSetByContent="true" objectiveSetByContent="true"/></imsss:sequencing>
      </item>
    </organization>
  </organizations>
  <resources>
    <resource identifier="resource" type="webcontent" adlcp:scormType="sco" href="{PAGE}">
{files}    </resource>
  </resources>
</manifest>
"#
        )
    }

    fn cmi5(&self) -> String {
        const TEXT: &str = "<langstring lang=\"{tag}\">{text}</langstring>";
        let id = self.id();
        let (title, about) = (each(&self.title, TEXT), each(&self.about, TEXT));
        format!(
            r#"<?xml version="1.0" encoding="UTF-8"?>
<courseStructure xmlns="https://w3id.org/xapi/profiles/cmi5/v1/CourseStructure.xsd">
  <course id="urn:{id}">
    <title>{title}</title>
    <description>{about}</description>
  </course>
  <au id="urn:{id}:unit" moveOn="CompletedOrPassed" launchMethod="AnyWindow">
    <title>{title}</title>
    <description>{about}</description>
    <url>{PAGE}</url>
  </au>
</courseStructure>
"#
        )
    }

    /// The page: a line that says what the course system was told, and the playground below it. Its words stand there in
    /// every language, and the script leaves the reader's.
    fn page(&self) -> String {
        let (name, address, kind) = (self.name(), escaped(&self.address), self.kind.word());
        let mut says = String::new();
        let keys: Vec<_> = self
            .words
            .values()
            .next()
            .into_iter()
            .flat_map(BTreeMap::keys)
            .collect();
        for key in keys {
            let texts = self
                .words
                .iter()
                .filter_map(|(tag, words)| Some((tag.clone(), words.get(key)?.clone())));
            let texts = each(&texts.collect(), "<span lang=\"{tag}\">{text}</span>");
            let _ = writeln!(
                says,
                "    <p data-says=\"{}\" dir=\"auto\" hidden>{texts}</p>",
                escaped(key)
            );
        }
        format!(
            r#"<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <title>{name}</title>
  <style>
    html, body {{ height: 100%; margin: 0; }}
    body {{ display: flex; flex-direction: column; font: 14px/1.4 system-ui, sans-serif; }}
    iframe {{ flex: 1; min-height: 480px; width: 100%; border: 0; }}
    #says p {{ margin: 0; padding: 6px 12px; border-bottom: 1px solid color-mix(in srgb, CanvasText 16%, Canvas); }}
    #says p[hidden] {{ display: none; }}
  </style>
</head>
<body data-kind="{kind}" data-address="{address}">
  <div id="says" role="status" aria-live="polite">
{says}  </div>
  <script src="{PLAYER}"></script>
</body>
</html>
"#
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(kind: PackageKind) -> PackageAsk {
        let each = |one: &str, other: &str| {
            Texts::from([("en".into(), one.into()), ("zh-CN".into(), other.into())])
        };
        PackageAsk {
            kind,
            address: "https://a.test/#v=1&lab=residual&embed=1".to_owned(),
            title: each("Depth & \"<b>\u{1}", "深度"),
            about: each("Why?", "为什么？"),
            words: [("en", "Saved"), ("zh-CN", "已保存")]
                .map(|(tag, text)| {
                    (
                        tag.to_owned(),
                        Texts::from([("saved".to_owned(), text.to_owned())]),
                    )
                })
                .into(),
            pictures: Texts::from([
                ("en".into(), "thumbnail.en.png".into()),
                ("zh-CN".into(), "<b>.png".into()),
            ]),
            files: vec!["playground/a&b.js".to_owned()],
        }
    }

    #[test]
    fn a_package_says_what_it_is_in_every_language_and_no_text_becomes_markup() {
        for (kind, name, version) in [
            (
                PackageKind::Scorm12,
                "imsmanifest.xml",
                "<schemaversion>1.2<",
            ),
            (
                PackageKind::Scorm2004,
                "imsmanifest.xml",
                "<schemaversion>2004 4th Edition<",
            ),
            (PackageKind::Cmi5, "cmi5.xml", "CourseStructure.xsd"),
        ] {
            let files = ask(kind).files();
            assert_eq!(files.len(), 2, "{kind:?}");
            let manifest = &files[name];
            for part in [
                version,
                "Depth &amp; &quot;&lt;b&gt;<",
                "深度",
                "Why?",
                "为什么？",
                "index.html",
            ] {
                assert!(manifest.contains(part), "{kind:?} lacks {part}: {manifest}");
            }
            if kind != PackageKind::Cmi5 {
                // LOM's relation to each picture, called in its language.
                assert_eq!(manifest.matches("<relation>").count(), 2, "{manifest}");
                for part in [
                    "relation_kind_nllom_20131211",
                    ">thumbnail<",
                    ">thumbnail.en.png<",
                    ">&lt;b&gt;.png<",
                ] {
                    assert!(manifest.contains(part), "{kind:?} lacks {part}: {manifest}");
                }
                for file in [
                    "index.html",
                    PLAYER,
                    "thumbnail.en.png",
                    "&lt;b&gt;.png",
                    "playground/a&amp;b.js",
                ] {
                    assert!(
                        manifest.contains(&format!("<file href=\"{file}\"/>")),
                        "{manifest}"
                    );
                }
            }
            let page = &files[PAGE];
            for part in [
                "lab=residual&amp;embed=1\"",
                kind.word(),
                "<span lang=\"zh-CN\">已保存</span>",
            ] {
                assert!(page.contains(part), "{kind:?} lacks {part}: {page}");
            }
        }
    }
}
