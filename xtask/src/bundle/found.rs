//! What search engines, catalogues of teaching material and sites that embed links read of each page: schema.org, oEmbed,
//! a list of all pages. All of it follows from the labs' table and the words of each language.
//!
//! Formats: <https://schema.org/LearningResource>, <https://oembed.com>, <https://www.sitemaps.org/protocol.html>.

use cnn_playground::lab;
use cnn_playground::lab::budget::SECONDS;
use serde_json::{Value, json};

use super::html::escaped;
use super::preview::{About, Previews};
use super::site::CARDS;
use crate::files::Files;

/// The list of all pages.
const SITEMAP: &str = "sitemap.xml";
/// Where the answers for oEmbed are.
const OEMBED: &str = "oembed/";
/// The size of a frame that shows a lab without a scroll bar of its own in most columns of text, in pixels.
const FRAME: [u32; 2] = [960, 720];
/// Seconds for which an embedding site may keep an answer: a day.
const KEPT: u32 = 86_400;
/// Under any of these terms.
const LICENCES: &str = env!("CARGO_PKG_LICENSE");

impl Previews {
    /// The lines of a page's head for whoever catalogues it, or embeds a link to it.
    pub(super) fn found(&self, about: &About) -> String {
        let text = self.learning_resource(about).to_string();
        // Nothing in it may end the element.
        let text = text.replace('<', "\\u003c");
        let mut lines = format!("  <script type=\"application/ld+json\">{text}</script>\n");
        if !self.has_place() {
            return lines;
        }
        lines += &format!(
            "  <link rel=\"canonical\" href=\"{}\">\n",
            self.address(about)
        );
        for (tag, address) in self.others(about) {
            lines += &format!("  <link rel=\"alternate\" hreflang=\"{tag}\" href=\"{address}\">\n");
        }
        let (title, answer) = (escaped(&self.title(about)), self.whole(&oembed_path(about)));
        lines
            + &format!(
                "  <link rel=\"alternate\" type=\"application/json+oembed\" href=\"{answer}\" title=\"{title}\">\n"
            )
    }

    /// The files beside the pages, which need whole addresses; none where these are not known.
    pub(super) fn lists(&self) -> Files {
        let mut files = Files::new();
        if !self.has_place() {
            return files;
        }
        let abouts: Vec<_> = self.abouts().collect();
        for about in &abouts {
            files.insert(
                oembed_path(about),
                self.oembed(about).to_string().into_bytes(),
            );
        }
        let pages = abouts.iter().map(|about| {
            let others = self.others(about).map(|(tag, address)| {
                format!("<xhtml:link rel=\"alternate\" hreflang=\"{tag}\" href=\"{address}\"/>")
            });
            let others: String = others.collect();
            format!("<url><loc>{}</loc>{others}</url>\n", self.address(about))
        });
        let sitemap = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\" \
             xmlns:xhtml=\"http://www.w3.org/1999/xhtml\">\n{}</urlset>\n",
            pages.collect::<String>()
        );
        files.insert(SITEMAP.to_owned(), sitemap.into_bytes());
        let robots = format!(
            "User-agent: *\nAllow: /\nSitemap: {}\n",
            self.whole(SITEMAP)
        );
        files.insert("robots.txt".to_owned(), robots.into_bytes());
        files
    }

    /// What the page teaches, to whom, in which time and under which terms.
    fn learning_resource(&self, about: &About) -> Value {
        let mut says = json!({
            "@context": "https://schema.org",
            "@type": "LearningResource",
            "name": self.title(about),
            "description": self.description(about),
            "inLanguage": about.tag,
            "learningResourceType": "interactive simulation",
            "interactivityType": "active",
            "educationalLevel": self.words(about, "preview.level"),
            "isAccessibleForFree": true,
            "license": LICENCES.split(" OR ").map(|one| format!("https://spdx.org/licenses/{one}")).collect::<Vec<_>>(),
        });
        if let Some(lab) = about.lab {
            says["teaches"] = self.words(about, &format!("lab.{}.title", lab.id)).into();
            says["timeRequired"] = format!("PT{}M", (SECONDS / 60.0).ceil()).into();
        }
        if self.has_place() {
            says["url"] = self.address(about).into();
            says["image"] = self.picture(about).into();
        }
        says
    }

    /// How another site embeds the page: as the frame that the Share panel gives.
    fn oembed(&self, about: &About) -> Value {
        let [width, height] = FRAME;
        let [thumbnail_width, thumbnail_height] = Self::CARD;
        let title = self.title(about);
        let source = escaped(&self.whole(&format!("{}&embed=1", about.link())));
        json!({
            "version": "1.0",
            "type": "rich",
            "title": title,
            "provider_name": self.words(about, "page.name"),
            "provider_url": self.whole(""),
            "cache_age": KEPT,
            "thumbnail_url": self.picture(about),
            "thumbnail_width": thumbnail_width,
            "thumbnail_height": thumbnail_height,
            "width": width,
            "height": height,
            "html": format!(
                "<iframe src=\"{source}\" title=\"{}\" width=\"{width}\" height=\"{height}\" style=\"border: 0\" \
                 loading=\"lazy\" allow=\"clipboard-write; fullscreen\"></iframe>",
                escaped(&title)
            ),
        })
    }

    /// The same page in each language, by its tag.
    fn others(&self, about: &About) -> impl Iterator<Item = (&str, String)> {
        let lab = about.lab;
        self.languages()
            .keys()
            .map(move |tag| (tag.as_str(), self.address(&About { tag, lab })))
    }

    /// Every page of a lab, and the playground's own, in each language.
    pub(super) fn abouts(&self) -> impl Iterator<Item = About<'_>> {
        self.languages().keys().flat_map(|tag| {
            let subjects = lab::all().iter().map(Some).chain([None]);
            subjects.map(move |lab| About { tag, lab })
        })
    }

    fn address(&self, about: &About) -> String {
        self.whole(&about.folder())
    }

    fn picture(&self, about: &About) -> String {
        self.whole(&format!("{CARDS}{}.png", about.card()))
    }
}

fn oembed_path(about: &About) -> String {
    format!("{OEMBED}{}.json", about.card())
}

#[cfg(test)]
mod tests {
    use cnn_playground::experiment::link;

    use super::*;
    use crate::project::Project;

    const PLACE: &str = "https://a.test/cnn/";

    fn previews(url: Option<&str>) -> Previews {
        Previews::new(&Project::find().unwrap(), url).unwrap()
    }

    fn between<'a>(text: &'a str, from: &str, to: &str) -> &'a str {
        let (_, rest) = text.split_once(from).unwrap();
        rest.split(to).next().unwrap()
    }

    #[test]
    fn each_page_leads_to_an_answer_whose_frame_opens_its_lab() {
        let previews = previews(Some("https://a.test/cnn"));
        let files = previews.lists();
        let mut labs = 0;
        for about in previews.abouts() {
            let head = previews.found(&about);
            let at = between(&head, "application/json+oembed\" href=\"", "\"");
            let answer = &files[at.strip_prefix(PLACE).unwrap()];
            let answer: Value = serde_json::from_slice(answer).unwrap();
            // What the specification asks of the type `rich`.
            assert_eq!(
                (&answer["version"], &answer["type"]),
                (&json!("1.0"), &json!("rich"))
            );
            assert!(answer["width"].is_u64() && answer["height"].is_u64());
            let frame = answer["html"].as_str().unwrap();
            let source = between(frame, "src=\"", "\"").replace("&amp;", "&");
            let (top, hash) = source.split_once('#').unwrap();
            assert_eq!(top, PLACE);
            let opened = lab::check(link::open(hash));
            assert_eq!(opened.problems, []);
            assert_eq!(
                opened.view.get("lab").map(String::as_str),
                about.lab.map(|lab| lab.id)
            );
            assert_eq!(opened.view["embed"], "1");
            labs += usize::from(about.lab.is_some());
        }
        assert_eq!(labs, lab::all().len() * previews.languages().len());
    }

    #[test]
    fn a_lab_says_what_it_teaches_in_its_language_and_under_which_terms() {
        let previews = previews(Some(PLACE));
        let lab = lab::all().iter().find(|lab| lab.id == "residual");
        let head = previews.found(&About { tag: "zh-CN", lab });
        let says: Value = serde_json::from_str(between(&head, "ld+json\">", "</script>")).unwrap();
        assert_eq!(says["@type"], "LearningResource");
        assert_eq!(says["inLanguage"], "zh-CN");
        assert_eq!(says["timeRequired"], "PT3M");
        assert_eq!(says["url"], "https://a.test/cnn/zh-CN/lab/residual/");
        assert_eq!(
            says["license"],
            json!([
                "https://spdx.org/licenses/MIT",
                "https://spdx.org/licenses/Apache-2.0"
            ])
        );
        for words in ["name", "description", "teaches", "educationalLevel"] {
            let text = says[words].as_str().unwrap();
            assert!(
                text.chars().any(|letter| letter > '\u{4e00}'),
                "{words}: {text}"
            );
        }
    }

    #[test]
    fn the_list_of_pages_names_each_once_and_all_its_languages() {
        let previews = previews(Some(PLACE));
        let files = previews.lists();
        let sitemap = std::str::from_utf8(&files[SITEMAP]).unwrap();
        for about in previews.abouts() {
            let line = format!("<loc>{}</loc>", previews.address(&about));
            assert_eq!(sitemap.matches(&line).count(), 1, "{line}");
        }
        let pages = sitemap.matches("<loc>").count();
        assert_eq!(
            sitemap.matches("hreflang").count(),
            pages * previews.languages().len()
        );
        let robots = std::str::from_utf8(&files["robots.txt"]).unwrap();
        assert!(
            robots.contains("Sitemap: https://a.test/cnn/sitemap.xml\n"),
            "{robots}"
        );
    }

    #[test]
    fn where_the_place_is_not_known_nothing_names_one() {
        let previews = previews(None);
        assert!(previews.lists().is_empty());
        for about in previews.abouts() {
            let head = previews.found(&about);
            let text = head
                .replace("https://schema.org", "")
                .replace("https://spdx.org", "");
            assert!(!text.contains("://") && !text.contains("<link"), "{head}");
        }
    }
}
