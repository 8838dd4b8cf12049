//! Links in a text that somebody pasted: a list of names, a mail, a report in Markdown.

use serde::Serialize;

use super::ExperimentSpec;
use super::link::{self, Opened};
use super::{received, resolve, sheet, typed};
use crate::base::error::{Code, Problem, shown};

/// How the part of a link that says the experiment may begin, in small letters; `received.rs` reads what follows. The last two
/// are a mail gateway's, which has signs of its own for `#`.
const BEGINNINGS: [&str; 11] = [
    "#v=",
    "#v:",
    "?v=",
    "#v\\=",
    "?v\\=",
    "#v%3d",
    "%23v=",
    "%23v%3d",
    "%2523v%253d",
    "-23v-3d",
    "/*v=",
];

/// Marks of a sentence, which a link does not end with.
const MARKS: [char; 6] = ['.', ',', ';', ':', '!', '?'];

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

/// Reads what a person gave as an experiment: as [`link::open`] does, and says so if there is none in it.
pub fn given(text: &str) -> Opened {
    let mut opened = link::open(text);
    let (parameters, _) = received::parameters(text, link::is_known);
    let is_too_long = |problem: &Problem| problem.code == Code::TooLong;
    let says = parameters.iter().any(|(key, _)| link::is_known(key));
    if !(says || text.trim().is_empty() || opened.problems.iter().any(is_too_long)) {
        let found = Problem::new(Code::NoExperiment).with("found", shown(text.trim()));
        opened.problems.insert(0, found);
    }
    opened
}

/// Finds the links in a text.
pub fn pasted(text: &str) -> Pasted {
    let lines = lines_of(text);
    let mut found = lines.iter().flat_map(|line| links_of(line));
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

/// The lines of a text, those of a table as a person would write them.
pub(super) fn lines_of(text: &str) -> Vec<String> {
    whole_lines(&sheet::lines(text, |cell| !links_of(cell).is_empty()))
}

/// The lines of a text, each with those in which a link goes on that was broken: by a mail, in a quotation, by a PDF.
fn whole_lines(text: &str) -> Vec<String> {
    let is_quoted_printable = text.contains("v=3D");
    let mut whole: Vec<String> = Vec::new();
    for line in text.lines() {
        let next = line.trim_start_matches(['>', ' ', '\t']).trim_end();
        match whole.last_mut().filter(|last| goes_on(last, next)) {
            Some(last) => {
                let is_soft = is_quoted_printable && last.ends_with('=');
                last.truncate(last.len() - usize::from(is_soft));
                last.push_str(next);
            }
            None => whole.push(line.trim_end().to_owned()),
        }
    }
    whole
}

/// Whether the link that a line ends with goes on in the next one, which is more of a link and neither a name nor another link.
fn goes_on(line: &str, next: &str) -> bool {
    let is_of_link = !next.is_empty() && !next.contains(ends_link);
    let is_number = |text: &str| text.starts_with(|letter: char| letter.is_ascii_digit());
    let is_more = next.contains(['=', '&']) || (next.contains(',') && is_number(next));
    let is_open = line.ends_with(['&', '=', ',', '#', '?', '%']);
    let begins = beginning(next).is_some() || next.starts_with("http");
    let is_last = || {
        let last = links_of(line).into_iter().next_back();
        last.is_some_and(|(_, link)| line.trim_end_matches(MARKS).ends_with(link) || is_open)
    };
    is_of_link && !begins && (is_more || is_open) && is_last()
}

/// The links of a line, as whole addresses where they stand there, each with what stands before it.
pub(super) fn links_of(line: &str) -> Vec<(&str, &str)> {
    let mut links = Vec::new();
    let mut rest = line;
    while let Some(at) = beginning(rest) {
        let (before, link) = rest.split_at(at);
        let end = at + end_of(link);
        let word = word_before(before);
        let address = word + before[word..].find("http").unwrap_or(0);
        let name = before[..address].trim_matches(is_around);
        // In HTML the name of a link stands behind it.
        let name = if name.ends_with("href") { "" } else { name };
        // What stands before the beginning, a gateway may have put there; else it is the host's, or a bracket.
        let begin = if before[address..].contains("http") {
            address
        } else {
            at
        };
        links.push((name, rest[begin..end].trim_end_matches(MARKS)));
        rest = &rest[end..];
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
    let layers = link.to_ascii_lowercase().find("layers");
    let mut open = 0;
    let mut is_number = false;
    for (at, letter) in link.char_indices() {
        let goes_on = is_number && typed::is_of_number(letter);
        is_number = goes_on || letter.is_ascii_digit();
        match letter {
            _ if goes_on => {}
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
    fn what_mail_gateways_made_of_links_is_read_and_its_own_words_are_not() {
        let encoded = "https%3A%2F%2Funi.example%2Fplay%2F%23v%3D1%26net%3Dmlp";
        let defended = encoded.replace('%', "-").replace("-2F", "_");
        for link in [
            format!(
                "https://eur01.safelinks.protection.outlook.example/?url={encoded}&data=05%7C02%7Ca&sdata=abc%2Bdef%3D&reserved=0"
            ),
            format!("https://www.google.com/url?q={encoded}&sa=D&source=editors&ust=17&usg=AO"),
            format!("https://urldefense.proofpoint.com/v2/url?u={defended}&d=DwMFaQ&c=x"),
            "https://urldefense.com/v3/__https://uni.example/play/*v=1&net=mlp__;Iw!!Abc!x"
                .to_owned(),
        ] {
            let found = pasted(&format!("Ann {link}\nBob #v=1")).links;
            assert_eq!(found.len(), 2, "{link}");
            assert_eq!(found[0].name, "Ann", "{link}");
            assert_eq!(link::text(&found[0].spec), "v=1&net=mlp", "{link}");
            assert_eq!(found[0].opened.problems, [], "{link}");
        }
    }

    #[test]
    fn what_an_editor_of_markdown_wrote_is_found() {
        let text = "Ann https://uni.example/play/\\#v\\=1\\&data\\=fashion\\-mnist\\&net\\=mlp\\\n\
                    Bob [https://uni.example/#v=1&net=lenet](https://uni.example/#v=1&net=lenet)";
        let found = pasted(text).links;
        let read: Vec<_> = found
            .iter()
            .map(|found| {
                (
                    &*found.name,
                    link::text(&found.spec),
                    &*found.opened.problems,
                )
            })
            .collect();
        assert_eq!(
            read[0],
            ("Ann", "v=1&data=fashion-mnist&net=mlp".to_owned(), &[][..])
        );
        assert_eq!(read[1], ("Bob", "v=1&net=lenet".to_owned(), &[][..]));
    }

    #[test]
    fn a_number_in_a_link_is_read_whole() {
        for (number, read) in [("6万", 60_000), ("1·10⁴", 10_000), ("2^6", 64)] {
            let links = pasted(&format!("Ann: #v=1&train={number}，谢谢")).links;
            assert_eq!(
                (links[0].opened.problems.len(), links[0].spec.train),
                (0, read),
                "{number}"
            );
        }
    }

    #[test]
    fn a_link_that_is_broken_over_lines_goes_on() {
        let link = format!("https://uni.example/play/#{CLAIMED}&seed=7");
        let found = |text: &str| pasted(text).links;
        let expected = found(&format!("Ann {link}"));
        for at in 30..link.len() {
            let (one, two) = link.split_at(at);
            for text in [
                format!("Ann {one}\n{two}\nBob #v=1"),
                format!("> Ann {one}\n> {two}\nBob #v=1"),
            ] {
                let links = found(&text);
                assert_eq!(links.len(), 2, "{text}");
                // What is left of a number or a word alone may be anything.
                if two.contains(['=', '&']) {
                    assert_eq!(links[0], expected[0], "{text}");
                }
            }
        }
        let quoted = format!("Ann {}", link.replace('=', "=3D"));
        let (one, two) = quoted.split_at(50);
        assert_eq!(found(&format!("{one}=\n{two}"))[0], expected[0]);
        // Names, and other links, are what they are.
        let list = "Ann #v=1&net=mlp\nBob\n#v=1&net=vgg\nSmith,\nEve";
        let links = found(list);
        assert_eq!(links.len(), 2);
        assert_eq!(link::text(&links[0].spec), "v=1&net=mlp");
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
