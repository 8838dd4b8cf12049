//! `teaching.html`: the teacher's notes of `docs` in each language, within the page of `www`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use pulldown_cmark::{Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd, html};

use crate::project::Project;

/// Its name, in the bundle and where it is served.
pub(crate) const FILE: &str = "teaching.html";
/// Where the page of `www` has the notes.
const PLACE: &str = "<!-- notes -->\n";
/// What stands in all documents for the address of a playground.
const ADDRESS: &str = "https://your.host/playground/";
/// The language whose file has no tag in its name.
const FIRST: &str = "en";

/// The page with the notes of every language that has some.
pub(crate) fn page(project: &Project) -> Result<String> {
    let page = read(&project.www().join(FILE))?;
    let (before, behind) = page
        .split_once(PLACE)
        .with_context(|| format!("{FILE} has no {}", PLACE.trim_end()))?;
    let index = read(&project.www().join("locales/index.json"))?;
    let languages: BTreeMap<String, String> = serde_json::from_str(&index)?;
    let files = languages.keys().map(|tag| (tag, file(project, tag)));
    let notes = files.filter(|(_, path)| path.exists());
    let notes: Vec<String> = notes
        .map(|(tag, path)| Ok(article(tag, &read(&path)?)))
        .collect::<Result<_>>()?;
    Ok([before, &notes.concat(), behind].concat())
}

/// The notes of a language.
fn file(project: &Project, tag: &str) -> PathBuf {
    let name = match tag {
        FIRST => "teaching.md".to_owned(),
        tag => format!("teaching.{tag}.md"),
    };
    project.root.join("docs").join(name)
}

fn read(path: &Path) -> Result<String> {
    fs::read_to_string(path).with_context(|| path.display().to_string())
}

/// Notes as a part of the page: their contents, then a section for each heading of the second level. The page has
/// their title itself, and none of the document's own HTML.
fn article(tag: &str, text: &str) -> String {
    let mut title = String::new();
    let mut contents = Vec::new();
    let mut body = Vec::new();
    let mut events = Parser::new_ext(text, Options::ENABLE_TABLES);
    while let Some(event) = events.next() {
        match event {
            Event::Start(Tag::Heading { level, .. }) if level <= HeadingLevel::H2 => {
                let words: Vec<Event> = events
                    .by_ref()
                    .take_while(|event| !matches!(event, Event::End(TagEnd::Heading(_))))
                    .collect();
                let name = plain(&words);
                if level == HeadingLevel::H1 {
                    title = name;
                    continue;
                }
                let id = format!("{tag}.{}", slug(&name));
                if !contents.is_empty() {
                    body.push(Event::Html("</section>\n".into()));
                }
                body.push(Event::Html("<section>\n".into()));
                body.push(Event::Start(Tag::Heading {
                    level,
                    id: Some(id.clone().into()),
                    classes: Vec::new(),
                    attrs: Vec::new(),
                }));
                body.extend(words);
                body.push(Event::End(TagEnd::Heading(level)));
                contents.push((id, name));
            }
            Event::Start(Tag::Link {
                link_type,
                dest_url,
                title,
                id,
            }) => body.push(Event::Start(Tag::Link {
                link_type,
                dest_url: moved(tag, &dest_url).into(),
                title,
                id,
            })),
            Event::Html(_)
            | Event::InlineHtml(_)
            | Event::Start(Tag::HtmlBlock)
            | Event::End(TagEnd::HtmlBlock) => {}
            event => body.push(event),
        }
    }
    if !contents.is_empty() {
        body.push(Event::Html("</section>\n".into()));
    }
    let mut page = format!("<article lang=\"{tag}\">\n<nav aria-label=\"");
    html::push_html(&mut page, [Event::Text(title.into())].into_iter());
    page += "\">\n";
    html::push_html(&mut page, list(contents).into_iter());
    page += "</nav>\n<div class=\"notes\">\n";
    html::push_html(&mut page, body.into_iter());
    page + "</div>\n</article>\n"
}

/// A list of links to these places within the page.
fn list(contents: Vec<(String, String)>) -> Vec<Event<'static>> {
    let item = |(id, name): (String, String)| {
        [
            Event::Start(Tag::Item),
            Event::Start(Tag::Link {
                link_type: LinkType::Inline,
                dest_url: format!("#{id}").into(),
                title: "".into(),
                id: "".into(),
            }),
            Event::Text(name.into()),
            Event::End(TagEnd::Link),
            Event::End(TagEnd::Item),
        ]
    };
    let mut all = vec![Event::Start(Tag::List(None))];
    all.extend(contents.into_iter().flat_map(item));
    all.push(Event::End(TagEnd::List(false)));
    all
}

/// Where a link of the notes leads on the page: beside it, or to a heading of the same language.
fn moved(tag: &str, address: &str) -> String {
    if let Some(place) = address.strip_prefix(ADDRESS) {
        format!("./{place}")
    } else if let Some(heading) = address.strip_prefix('#') {
        format!("#{tag}.{heading}")
    } else {
        address.to_owned()
    }
}

/// The words of a heading.
fn plain(words: &[Event]) -> String {
    let texts = words.iter().filter_map(|event| match event {
        Event::Text(text) | Event::Code(text) => Some(&**text),
        _ => None,
    });
    texts.collect()
}

/// A heading as an anchor, as GitHub makes it.
fn slug(heading: &str) -> String {
    let kept = heading.to_lowercase();
    let kept = kept.chars().filter_map(|letter| match letter {
        ' ' => Some('-'),
        letter if letter.is_alphanumeric() || letter == '-' => Some(letter),
        _ => None,
    });
    kept.collect()
}

#[cfg(test)]
mod tests {
    use percent_encoding::percent_decode_str;

    use super::*;

    const NOTES: &str = "# The “notes”\n\nBefore.\n\n## 1. Low & high `layers`\n\n<!-- numbers -->\n| a | b |\n|---|---|\n| 1 | 2 |\n\n### Goal\n\n[Lab](https://your.host/playground/#v=1&lab=features), [up](#2-u-net), <script>x</script>\n\n## 2. U-Net\n";

    #[test]
    fn every_heading_has_a_section_and_a_line_in_the_contents() {
        let page = article("en", NOTES);
        for part in [
            "<article lang=\"en\">\n<nav aria-label=\"The “notes”\">",
            "<li><a href=\"#en.1-low--high-layers\">1. Low &amp; high layers</a></li>",
            "<section>\n<h2 id=\"en.1-low--high-layers\">1. Low &amp; high <code>layers</code></h2>",
            "<td>1</td>",
            "<h3>Goal</h3>",
            "</section>\n<section>\n<h2 id=\"en.2-u-net\">2. U-Net</h2>\n</section>\n</div>",
        ] {
            assert!(page.contains(part), "{part}\n{page}");
        }
        assert!(!page.contains("<h1"), "{page}");
    }

    #[test]
    fn links_lead_beside_the_page_and_to_their_own_language() {
        let page = article("zh-CN", NOTES);
        assert!(page.contains("href=\"./#v=1&amp;lab=features\""), "{page}");
        assert!(page.contains("href=\"#zh-CN.2-u-net\""), "{page}");
    }

    #[test]
    fn no_html_of_the_notes_becomes_part_of_the_page() {
        let page = article("en", NOTES);
        assert!(
            !page.contains("<!--") && !page.contains("<script"),
            "{page}"
        );
    }

    #[test]
    fn the_page_has_the_notes_of_each_language() {
        let root = fs::canonicalize(Path::new(env!("CARGO_MANIFEST_DIR")).join("..")).unwrap();
        let project = Project {
            cache: root.join("nowhere"),
            target: root.join("nowhere"),
            root,
        };
        let page = page(&project).unwrap();
        for part in ["<main", "<article lang=\"en\">", "<article lang=\"zh-CN\">"] {
            assert_eq!(page.matches(part).count(), 1, "{part}");
        }
        let ids: Vec<&str> = page
            .split(" id=\"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            .collect();
        for id in page.split("href=\"#").skip(1) {
            let id = id.split('"').next().unwrap();
            let id = percent_decode_str(id).decode_utf8().unwrap();
            assert_eq!(ids.iter().filter(|one| ***one == *id).count(), 1, "{id}");
        }
    }
}
