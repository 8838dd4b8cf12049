//! Links in a text that somebody pasted: a list of names, a mail, a report in Markdown.

use serde::Serialize;

use super::ExperimentSpec;
use super::link::{self, Opened};
use super::resolve;
use crate::base::error::shown;

/// How the part of a link that says the experiment may begin, in small letters; `received.rs` reads what follows.
const BEGINNINGS: [&str; 5] = ["#v=", "?v=", "#v%3d", "%23v=", "%23v%3d"];

/// The most links that are read in one text.
const MOST: usize = 500;

/// The links of a text.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Pasted {
    /// In their order, at most 500.
    pub links: Vec<PastedLink>,
    /// How many more there were.
    pub more: usize,
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct PastedLink {
    /// What stands before it on its line, without marks at its ends: whose it is, as a rule.
    pub name: String,
    /// What it says.
    pub opened: Opened,
    /// Its experiment.
    pub spec: ExperimentSpec,
    /// Index of the first sound link that claims the same result of the same experiment, if that is an earlier one.
    pub same_as: Option<usize>,
}

/// Finds the links in a text.
pub fn pasted(text: &str) -> Pasted {
    let mut found = text.lines().flat_map(links_of);
    let mut links: Vec<PastedLink> = Vec::new();
    for (name, link) in found.by_ref().take(MOST) {
        let opened = link::open(link);
        let spec = resolve(&opened.choices).spec;
        let same_as = links.iter().position(|other| {
            let is_sound = other.opened.problems.is_empty() && opened.claim.is_some();
            is_sound && other.opened.claim == opened.claim && other.spec == spec
        });
        links.push(PastedLink {
            name: shown(name),
            opened,
            spec,
            same_as,
        });
    }
    Pasted {
        links,
        more: found.count(),
    }
}

/// The links of a line, from their `#` on, each with what stands before it.
fn links_of(line: &str) -> Vec<(&str, &str)> {
    let mut links = Vec::new();
    let mut rest = line;
    while let Some(at) = beginning(rest) {
        let (before, link) = rest.split_at(at);
        let end = end_of(link);
        let address = before.rfind("http").unwrap_or_else(|| word_before(before));
        let name = before[..address].trim_matches(is_around);
        // In HTML the name of a link stands behind it.
        let name = if name.ends_with("href") { "" } else { name };
        links.push((
            name,
            link[..end].trim_end_matches(['.', ',', ';', ':', '!', '?']),
        ));
        rest = &link[end..];
    }
    links
}

/// Whether a character stands around a name and is not of it: a space, a stop, a bracket, a bullet, an arrow. Accents and vowel
/// signs that stand behind their letter are of the name, and so are emoji and what joins them.
fn is_around(letter: char) -> bool {
    letter.is_whitespace()
        || letter.is_control()
        || letter.is_ascii_punctuation()
        // Unicode's blocks: Latin-1 signs, general punctuation without the joiners, arrows, Chinese and full-width signs.
        || matches!(letter,
            '\u{a0}'..='\u{a9}' | '\u{ab}'..='\u{b4}' | '\u{b6}'..='\u{b8}' | '\u{bb}'..='\u{bf}'
            | '\u{2000}'..='\u{200b}' | '\u{200e}'..='\u{2069}' | '\u{2190}'..='\u{21ff}' | '\u{25a0}'..='\u{25ff}'
            | '\u{3000}'..='\u{3004}' | '\u{3008}'..='\u{3020}' | '\u{feff}' | '\u{ff01}'..='\u{ff0f}'
            | '\u{ff1a}'..='\u{ff20}' | '\u{ff3b}'..='\u{ff40}' | '\u{ff5b}'..='\u{ff65}')
}

/// Where a link ends that begins a text. The text of a network has brackets, which are closed within it.
fn end_of(link: &str) -> usize {
    let layers = link.to_ascii_lowercase().find("layers=");
    let mut open = 0;
    for (at, letter) in link.char_indices() {
        match letter {
            '(' if layers.is_some_and(|start| start < at) => open += 1,
            ')' if open > 0 => open -= 1,
            letter if ends_link(letter) => return at,
            _ => {}
        }
    }
    link.len()
}

/// Where the first link of a text begins to say its experiment.
fn beginning(text: &str) -> Option<usize> {
    let small = text.to_ascii_lowercase();
    let found = BEGINNINGS.iter().filter_map(|begin| small.find(begin));
    found.min()
}

/// Where the last word of a text begins.
fn word_before(text: &str) -> usize {
    text.rfind(char::is_whitespace).map_or(0, |at| at + 1)
}

/// Whether a character cannot be in a link, which is plain letters, digits and a few marks.
fn ends_link(letter: char) -> bool {
    letter.is_whitespace() || !letter.is_ascii() || "()<>[]\"'`|".contains(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLAIMED: &str = "v=1&net=mlp&result=0.9745,0.0832,314,0123456789abcdef,0.1.0,cpu";

    #[test]
    fn the_brackets_of_a_network_are_part_of_its_link() {
        let link =
            "#v=1&net=own&layers=conv8,:add(conv8,relu),mul(gap,fc2,relu,fc8,sigmoid),gap,add(fc)";
        for text in [
            format!("Anna: {link}."),
            format!("[Anna](https://play.example.org/{link}), and others"),
            format!("(Anna: {link})"),
            format!("<{link}> (Anna)"),
        ] {
            let links = pasted(&text).links;
            let layers: Vec<_> = links.iter().map(|found| &*found.spec.layers).collect();
            assert_eq!(layers, [&link[20..]], "{text}");
        }
    }

    #[test]
    fn a_name_keeps_its_accents_its_vowel_signs_and_its_emoji() {
        for (name, around) in [
            ("Rene\u{301}", "- Rene\u{301}: "),
            ("नन्दिनी", "• नन्दिनी → "),
            ("สมศรี์", "สมศรี์ – "),
            ("Mia 🎉", "Mia 🎉: "),
            ("👩‍🔬", "👩‍🔬 "),
            ("王芳", "「王芳」： "),
        ] {
            let links = pasted(&format!("{around}#v=1&net=mlp")).links;
            assert_eq!(links[0].name, name);
        }
    }

    fn names(text: &str) -> Vec<(String, String)> {
        let links = pasted(text).links;
        links
            .iter()
            .map(|link| (link.name.clone(), link::text(&link.spec)))
            .collect()
    }

    #[test]
    fn links_are_found_whatever_stands_around_them() {
        let text = format!(
            "Our results:\n\
             1. Li Ming: https://example.org/play/#{CLAIMED}\n\
             - [Ann, run 2](https://example.org/#v=1&net=unet)\n\
             <a href=\"https://example.org/#v=1&amp;net=vgg&amp;seed=2\">王芳</a>\n\
             王芳：https://example.org/#v=1&net=lenet。\n\
             no link here\n\
             #v=1&net=resnet, and index.html#v=1&net=cnn&seed=3.\n\
             Bob https://example.org/?V=1&net=mlp\n\
             Eve: https://example.org/%23v%3D1%26net%3Dmlp"
        );
        let found: Vec<_> = names(&text);
        let found: Vec<_> = found
            .iter()
            .map(|(name, link)| (name.as_str(), link.as_str()))
            .collect();
        assert_eq!(
            found,
            [
                ("1. Li Ming", "v=1&net=mlp"),
                ("Ann, run 2", "v=1&net=unet"),
                ("", "v=1&net=vgg&seed=2"),
                ("王芳", "v=1&net=lenet"),
                ("", "v=1&net=resnet"),
                ("and", "v=1&seed=3"),
                ("Bob", "v=1&net=mlp"),
                ("Eve", "v=1&net=mlp"),
            ]
        );
    }

    #[test]
    fn the_same_result_of_the_same_experiment_is_recognized() {
        let text = format!(
            "x #{CLAIMED}&colour=red\na #{CLAIMED}\nb #v=1&net=mlp\nc #{CLAIMED}&lang=en\nd #{CLAIMED}"
        );
        let same: Vec<_> = pasted(&text)
            .links
            .iter()
            .map(|link| link.same_as)
            .collect();
        assert_eq!(same, [None, None, None, Some(1), Some(1)]);
    }

    #[test]
    fn what_is_wrong_with_a_link_is_told_with_it() {
        let links = pasted("x #v=1&net=cnn&lr=fast&result=1,2").links;
        assert_eq!(links[0].opened.problems.len(), 2, "{:?}", links[0].opened);
        assert_eq!(links[0].opened.claim, None);
    }

    #[test]
    fn no_more_are_read_than_anybody_checks() {
        let text = "#v=1&net=mlp ".repeat(MOST + 3);
        let found = pasted(&text);
        assert_eq!((found.links.len(), found.more), (MOST, 3));
    }
}
