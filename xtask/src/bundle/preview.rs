//! Link previews: a page for each lab and language with title, description and picture.
//!
//! The part of a link after `#` never reaches a server, so a lab with a preview needs an address of its
//! own. Its page shows the lab's question, and redirects to the playground.

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context, Result};
use cnn_playground::lab::Lab;

use super::html::{escaped, policy};
use super::site::{CARDS, Site};
use crate::files::Files;
use crate::project::Project;

/// The picture of the playground itself.
const MAIN_CARD: &str = "playground";
/// The language of pages that name none.
const DEFAULT: &str = "en";
/// The module that takes a reader from a lab's page to the playground.
const ONWARD: &str = "app/onward.js";
/// The style sheets of a preview page: colours and text.
pub(super) const STYLES: [&str; 2] = ["style/tokens.css", "style/layout.css"];

/// A language's words, by key.
pub(super) type Words = BTreeMap<String, String>;

/// The pages for previews.
pub(crate) struct Previews {
    /// By the tag of the language.
    languages: BTreeMap<String, Words>,
    /// Where the bundle will be, with a `/` at its end; empty if that is not known.
    url: String,
}

/// What a page is about.
pub(super) struct About<'a> {
    pub(super) tag: &'a str,
    pub(super) lab: Option<&'a Lab>,
}

impl Previews {
    /// The size of a picture, in pixels.
    pub(crate) const CARD: [u32; 2] = [1200, 630];

    /// Reads the words of every language.
    pub(crate) fn new(project: &Project, url: Option<&str>) -> Result<Self> {
        let read = |name: &str| -> Result<Words> {
            let path = project.www().join(format!("locales/{name}.json"));
            let text = fs::read(&path).with_context(|| path.display().to_string())?;
            serde_json::from_slice(&text).with_context(|| path.display().to_string())
        };
        let languages = read("index")?
            .into_keys()
            .map(|tag| Ok((tag.clone(), read(&tag)?)));
        let url = url.map(|url| format!("{}/", url.trim_end_matches('/')));
        Ok(Self {
            languages: languages.collect::<Result<_>>()?,
            url: url.unwrap_or_default(),
        })
    }

    /// The words of each language, by its tag.
    pub(super) fn languages(&self) -> &BTreeMap<String, Words> {
        &self.languages
    }

    /// The lines for the head of the playground's own page.
    pub(super) fn main(&self) -> String {
        self.head(
            &About {
                tag: DEFAULT,
                lab: None,
            },
            "",
        )
    }

    /// Every page besides, by its path.
    pub(super) fn pages(&self, site: &Site) -> Result<Files> {
        let mut files = self.lists();
        for about in self.abouts() {
            let path = about.folder();
            // This is the path of the playground's own page.
            if !path.is_empty() {
                files.insert(
                    format!("{path}index.html"),
                    self.page(site, &about)?.into_bytes(),
                );
            }
        }
        Ok(files)
    }

    /// What each picture says, by its path without ending: its title, the line above it, and whose it is.
    pub(crate) fn cards(&self) -> BTreeMap<String, [String; 3]> {
        let says = |about: About| {
            let name = self.words(&about, "page.name");
            let (title, above) = match about.lab {
                Some(lab) => (
                    self.title(&about),
                    self.words(&about, &format!("lab.{}.title", lab.id)),
                ),
                None => (self.words(&about, "page.tagline"), String::new()),
            };
            (about.card(), [title, above, name])
        };
        self.abouts().map(says).collect()
    }

    fn page(&self, site: &Site, about: &About) -> Result<String> {
        let up = "../".repeat(about.folder().matches('/').count());
        let place = |path: &str| {
            let place = site.place(path).with_context(|| format!("no {path}"))?;
            anyhow::Ok(format!("{up}{place}"))
        };
        let (title, description) = (
            escaped(&self.title(about)),
            escaped(&self.description(about)),
        );
        let name = escaped(&self.words(about, "page.name"));
        let open = escaped(&self.words(about, "preview.open"));
        Ok(format!(
            "<!doctype html>\n<html lang=\"{tag}\">\n<head>\n  <meta charset=\"utf-8\">\n{policy}  \
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n  \
             <title>{title} · {name}</title>\n{head}  \
             <link rel=\"icon\" href=\"{icon}\" type=\"image/svg+xml\">\n  \
             <link rel=\"stylesheet\" href=\"{tokens}\">\n  <link rel=\"stylesheet\" href=\"{layout}\">\n  \
             <script type=\"module\" src=\"{onward}\"></script>\n</head>\n<body>\n  <main class=\"fatal\">\n    \
             <h1>{title}</h1>\n    <p>{description}</p>\n    <p><a id=\"onward\" href=\"{up}{link}\">{open}</a></p>\n  \
             </main>\n</body>\n</html>\n",
            tag = about.tag,
            policy = policy(""),
            head = self.head(about, &up),
            icon = place("icon.svg")?,
            tokens = place(STYLES[0])?,
            layout = place(STYLES[1])?,
            onward = place(ONWARD)?,
            link = escaped(&about.link()),
        ))
    }

    /// The lines of a head that say what the page is about; `up` leads from it to the top.
    fn head(&self, about: &About, up: &str) -> String {
        let from = if self.url.is_empty() { up } else { &self.url };
        let image = format!("{from}{CARDS}{}.png", about.card());
        let (title, description) = (self.title(about), self.description(about));
        let [width, height] = Self::CARD.map(|pixels| pixels.to_string());
        let mut lines = vec![("name", "description", description.as_str())];
        let address = format!("{}{}", self.url, about.folder());
        if !self.url.is_empty() {
            lines.push(("property", "og:url", &address));
        }
        let name = self.words(about, "page.name");
        lines.extend([
            ("property", "og:type", "website"),
            ("property", "og:site_name", &name),
            ("property", "og:title", &title),
            ("property", "og:description", &description),
            ("property", "og:image", &image),
            ("property", "og:image:width", &width),
            ("property", "og:image:height", &height),
            ("property", "og:image:alt", &title),
            ("name", "twitter:card", "summary_large_image"),
        ]);
        let line = |(kind, name, content): (&str, &str, &str)| {
            format!(
                "  <meta {kind}=\"{name}\" content=\"{}\">\n",
                escaped(content)
            )
        };
        lines.into_iter().map(line).collect::<String>() + &self.found(about)
    }

    /// Whether it is known where the bundle will be.
    pub(super) fn has_place(&self) -> bool {
        !self.url.is_empty()
    }

    /// The whole address of a path, where that is known.
    pub(super) fn whole(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    pub(super) fn title(&self, about: &About) -> String {
        match about.lab {
            Some(lab) => self.words(about, &format!("lab.{}.question", lab.id)),
            None => self.words(about, "page.name"),
        }
    }

    pub(super) fn description(&self, about: &About) -> String {
        match about.lab {
            Some(lab) => self.words(about, &format!("lab.{}.predict", lab.id)),
            None => self.words(about, "page.description"),
        }
    }

    /// A test sees to it that every language has every word.
    pub(super) fn words(&self, about: &About, key: &str) -> String {
        let known = self
            .languages
            .get(about.tag)
            .and_then(|words| words.get(key));
        known.cloned().unwrap_or_else(|| key.to_owned())
    }
}

impl About<'_> {
    /// Where its page is: nothing or a path with `/` at its end.
    pub(super) fn folder(&self) -> String {
        let language = if self.tag == DEFAULT {
            String::new()
        } else {
            format!("{}/", self.tag)
        };
        let lab = self
            .lab
            .map(|lab| format!("lab/{}/", lab.id))
            .unwrap_or_default();
        language + &lab
    }

    /// Its card, without ending.
    pub(super) fn card(&self) -> String {
        format!("{}/{}", self.tag, self.lab.map_or(MAIN_CARD, |lab| lab.id))
    }

    /// Where its page leads, from the top.
    pub(super) fn link(&self) -> String {
        let lab = self.lab.map(|lab| format!("lab={}", lab.id));
        // The default language's pages leave it to the reader's browser.
        let language = (self.tag != DEFAULT).then(|| format!("lang={}", self.tag));
        let keys: Vec<_> = [Some("v=1".to_owned()), lab, language]
            .into_iter()
            .flatten()
            .collect();
        format!("#{}", keys.join("&"))
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use cnn_playground::experiment::link;
    use cnn_playground::lab;

    use super::*;

    fn project() -> Project {
        Project::find().unwrap()
    }

    fn site() -> Site {
        let files =
            ["icon.svg", STYLES[0], STYLES[1], ONWARD].map(|path| (path.to_owned(), Vec::new()));
        let place = [("app/place.js".to_owned(), b"'../data/'".to_vec())];
        Site::new(
            files.into_iter().chain(place).collect(),
            Path::new("nowhere"),
            &[],
        )
        .unwrap()
    }

    #[test]
    fn each_lab_has_a_page_in_each_language_that_opens_it() {
        let previews = Previews::new(&project(), Some("https://a.test/cnn")).unwrap();
        let pages = previews.pages(&site()).unwrap();
        let pages: Vec<_> = pages
            .iter()
            .filter(|(path, _)| path.ends_with(".html"))
            .collect();
        assert_eq!(
            pages.len(),
            previews.languages.len() * (lab::all().len() + 1) - 1
        );
        for (path, page) in pages {
            let page = std::str::from_utf8(page).unwrap();
            let at = page
                .split_once("id=\"onward\" href=\"")
                .unwrap()
                .1
                .split('"')
                .next()
                .unwrap();
            let (up, hash) = at.split_once('#').unwrap();
            assert_eq!(
                up.matches("../").count(),
                path.matches('/').count(),
                "{path}"
            );
            let opened = lab::check(link::open(&hash.replace("&amp;", "&")));
            assert_eq!(opened.problems, [], "{path}");
            assert_eq!(
                opened.view.contains_key("lab"),
                path.contains("lab/"),
                "{path}"
            );
            assert!(
                !page.contains("\"lab.") && !page.contains(">lab."),
                "{path} lacks words"
            );
            assert!(
                page.contains("content=\"https://a.test/cnn/cards/"),
                "{path}"
            );
        }
    }

    #[test]
    fn addresses_are_relative_where_the_place_is_not_known() {
        let pages = Previews::new(&project(), None)
            .unwrap()
            .pages(&site())
            .unwrap();
        let page = String::from_utf8(pages["zh-CN/lab/residual/index.html"].clone()).unwrap();
        assert!(
            page.contains("content=\"../../../cards/zh-CN/residual.png\""),
            "{page}"
        );
        assert!(!page.contains("href=\"https://"), "{page}");
    }
}
