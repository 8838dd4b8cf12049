//! Files that a class hands in: whose the links of each are.

use std::collections::BTreeSet;

use super::link;
use super::pasted::{lines_of, links_of};

/// A file's text, as it is read among others: each link with the name of whose it is. What one person wrote, as a report of
/// a lab, is called after the file; a list of people is left as it is.
///
/// `file` is the file's name without its ending.
pub fn handed_in(file: &str, text: &str) -> String {
    let lines = lines_of(text);
    let mut links: Vec<_> = lines.iter().flat_map(|line| links_of(line)).collect();
    let begins = text.trim_start_matches(['\u{feff}', ' ', '\n', '\r']);
    if begins.starts_with('<') {
        // A page says a link twice: where it leads, and to be read.
        let mut said = BTreeSet::new();
        links.retain(|(_, link)| said.insert(*link));
    }
    if links.is_empty() || !is_of_one(begins, &links) {
        return text.to_owned();
    }
    let line = |(_, link): &(&str, &str)| format!("{file}: {link}\n");
    links.iter().map(line).collect()
}

/// Whether a text is one person's: it predicts once in each lab, and names nobody beside a link, but for a report, which names
/// its runs. That begins as a page or with a title, and has a prediction.
fn is_of_one(text: &str, links: &[(&str, &str)]) -> bool {
    let opened = links.iter().map(|(_, link)| link::open(link));
    let predicted = opened.filter(|opened| opened.predicted.is_some());
    let mut labs = BTreeSet::new();
    if !predicted
        .map(|opened| opened.view.get("lab").cloned())
        .all(|lab| labs.insert(lab))
    {
        return false;
    }
    let is_report = text.starts_with(['<', '#']) && !labs.is_empty();
    is_report || links.iter().all(|(name, _)| name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    const RUN: &str = "https://a.test/#v=1&net=mlp&result=0.97,0.08,314,0123456789abcdef,0.1.0,cpu";
    const SAID: &str = "https://a.test/#v=1&lab=residual&predicted=plain";

    #[test]
    fn a_report_is_called_after_its_file_and_a_list_is_left_as_it_is() {
        let expected = format!("Ann: {RUN}\nAnn: {SAID}\n");
        let markdown =
            format!("# Lab 6\n\n- [Plain, seed 1]({RUN})\n- [What I predicted]({SAID})\n");
        assert_eq!(handed_in("Ann", &markdown), expected);
        let html = |link: &str| {
            let link = link.replace('&', "&amp;");
            format!("<li><a href=\"{link}\">Plain</a><br>{link}</li>\n")
        };
        let page = format!("<!doctype html>\n{}{}", html(RUN), html(SAID));
        let found = handed_in("Ann", &page).replace("&amp;", "&");
        assert_eq!(found, expected);
        // Without a prediction a page is of one person all the same, if it names nobody.
        assert_eq!(
            handed_in("Ann", &html(RUN)).replace("&amp;", "&"),
            format!("Ann: {RUN}\n")
        );
        for list in [
            format!("{SAID}\n{SAID}\n"),
            format!("Bob: {RUN}\nEve: {SAID}\n"),
            format!("# Class 3\n\nBob: {SAID}\nEve: {SAID}\n"),
            format!("# Class 3\n\nBob: {RUN}\n"),
            "no link at all".to_owned(),
        ] {
            assert_eq!(handed_in("list", &list), list);
        }
    }
}
