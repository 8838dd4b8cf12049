//! What the pages of `www` have in common stands in each of them, since it is there before any program is.

use std::collections::{BTreeMap, BTreeSet};

use super::{files, read};

#[test]
fn every_page_says_the_same_where_its_programs_do_not_start() {
    let pages: Vec<String> = files("www", &[".html"])
        .iter()
        .map(|path| read(path))
        .collect();
    let parts: Vec<&str> = pages
        .iter()
        .filter_map(|page| page.split_once("<div class=\"not-started\""))
        .map(|(_, rest)| rest.split("</div>").next().unwrap())
        .collect();
    let programs = pages
        .iter()
        .filter(|page| page.contains("<script type=\"module\""));
    assert_eq!(parts.len(), programs.count());
    assert!(parts.len() > 1, "the pages are read");
    assert_eq!(parts.iter().collect::<BTreeSet<_>>().len(), 1);
}

#[test]
fn what_stands_in_a_page_itself_stands_there_in_every_language() {
    let index: BTreeMap<String, String> =
        serde_json::from_str(&read("www/locales/index.json")).unwrap();
    for path in files("www", &[".html"]) {
        let page = read(&path);
        let texts = |tag: &str| page.matches(&format!("<span lang=\"{tag}\">")).count();
        for tag in index.keys() {
            assert_eq!(texts(tag), texts("en"), "{path}: {tag}");
        }
        assert!(texts("en") > 0, "{path}: the texts are read");
    }
}
