//! What the pages of `www` have in common stands in each of them, since it is there before any program is.

use std::collections::BTreeSet;

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
        .filter(|page| page.contains("app/not-started.js"));
    assert_eq!(parts.len(), programs.count());
    assert!(parts.len() > 1, "the pages are read");
    assert_eq!(parts.iter().collect::<BTreeSet<_>>().len(), 1);
}
