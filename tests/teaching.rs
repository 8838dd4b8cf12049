//! The teacher's notes: a section a lab in each language, figures that were measured or counted, links that open.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should fail")]

mod notes;

use std::collections::BTreeSet;
use std::{env, fs};

use cnn_playground::experiment::{Choices, link};
use cnn_playground::lab::{self, Lab};
use notes::{ADDRESS, LANGUAGES, Notes, at, read};

#[test]
fn the_tables_are_those_of_the_measurements() {
    for notes in &LANGUAGES {
        let found = read(notes.file);
        let made = notes.made(&found);
        if env::var_os("UPDATE_DOCS").is_some() {
            fs::write(at(notes.file), &made).unwrap();
            continue;
        }
        assert!(
            found == made,
            "{} is out of date: UPDATE_DOCS=1 cargo test --workspace --test teaching",
            notes.file
        );
    }
}

/// The headings of this level, in order.
fn headings(text: &str, level: &str) -> Vec<String> {
    let lines = text.lines().filter_map(|line| line.strip_prefix(level));
    lines.map(str::to_owned).collect()
}

#[test]
fn every_lab_has_a_section_with_every_heading() {
    for notes in &LANGUAGES {
        let text = read(notes.file);
        let mut expected: Vec<String> = lab::all().iter().map(|lab| notes.heading(lab)).collect();
        expected.push(notes.end.to_owned());
        assert_eq!(headings(&text, "## "), expected, "{}", notes.file);
        for lab in lab::all() {
            let section = notes.section(&text, &notes.heading(lab));
            assert_eq!(headings(section, "### "), notes.headings, "{}", lab.id);
            for part in section.split("\n### ").skip(1) {
                assert!(part.trim().lines().count() > 2, "{}: {part}", lab.id);
            }
        }
    }
}

/// What stands behind the playground's address in each link.
fn links(text: &str) -> Vec<&str> {
    let begins = text.split("](").skip(1);
    let addresses = begins.map(|rest| rest.split(')').next().unwrap());
    addresses
        .filter(|address| !address.starts_with('#'))
        .map(|address| {
            address
                .strip_prefix(ADDRESS)
                .unwrap_or_else(|| panic!("{address} leads elsewhere"))
        })
        .collect()
}

/// Whether a link opens this lab, and whether it leaves anything out.
fn opens(lab: &Lab, text: &str) -> Option<bool> {
    let view = link::open(text).view;
    let it = view.get("lab").is_some_and(|id| id == lab.id);
    it.then(|| view.contains_key("hide"))
}

#[test]
fn every_link_opens_without_problems_and_in_its_own_language() {
    for notes in &LANGUAGES {
        let text = read(notes.file);
        assert!(links(&text).len() > 30, "the links are read");
        for address in links(&text) {
            let Some(experiment) = address.strip_prefix('#') else {
                let page = address.split('?').next().unwrap();
                assert!(at("www").join(page).is_file(), "no {page}");
                continue;
            };
            assert!(experiment.starts_with("v=1&"), "{experiment}");
            let opened = lab::check(link::open(experiment));
            assert_eq!(opened.problems, [], "{experiment}");
            // Whoever reads a translation has students who do.
            let said = opened.view.get("lang").map(String::as_str);
            assert_eq!(said.unwrap_or("en"), notes.tag, "{experiment}");
        }
        for lab in lab::all() {
            let section = notes.section(&text, &notes.heading(lab));
            let found: Vec<bool> = links(section)
                .into_iter()
                .filter_map(|link| opens(lab, link))
                .collect();
            assert_eq!(
                found,
                [false, true],
                "{}: the lab, and the lab for a class",
                lab.id
            );
        }
    }
}

#[test]
fn every_language_has_the_same_links() {
    let without_language = |address: &str| {
        address
            .replace("&lang=zh-CN", "")
            .replace("?lang=zh-CN", "")
    };
    let of = |notes: &Notes| -> Vec<String> {
        links(&read(notes.file))
            .into_iter()
            .map(without_language)
            .collect()
    };
    assert_eq!(of(&LANGUAGES[0]), of(&LANGUAGES[1]));
}

/// The numbers of a text that nobody knows without counting or measuring: shares, decimals, and all from 100 on.
fn figures(text: &str) -> BTreeSet<String> {
    let is_part = |letter: char| letter.is_ascii_digit() || ",.%".contains(letter);
    let words = text.split(|letter: char| !is_part(letter));
    let numbers = words.map(|word| word.trim_matches([',', '.']));
    numbers
        .filter(|word| word.starts_with(|letter: char| letter.is_ascii_digit()))
        .filter(|word| {
            word.contains(['.', '%'])
                || word
                    .replace(',', "")
                    .parse::<u64>()
                    .is_ok_and(|number| number >= 100)
        })
        .map(str::to_owned)
        .collect()
}

/// A section as its author wrote it: without tables that are made, addresses and code.
fn prose(section: &str) -> String {
    let mut prose = String::new();
    for (at, part) in section.split("<!-- ").enumerate() {
        let made = at > 0 && !part.starts_with('/');
        let behind = part.split_once("-->").map_or(part, |(_, behind)| behind);
        prose += if made { "" } else { behind };
    }
    let parts = prose.split("](").enumerate();
    let texts = parts.map(|(at, part)| {
        if at == 0 {
            part
        } else {
            part.split_once(')').unwrap().1
        }
    });
    texts.collect::<String>().split('`').step_by(2).collect()
}

#[test]
fn the_notes_say_no_figure_that_the_page_does_not() {
    for notes in &LANGUAGES {
        let text = read(notes.file);
        let words = notes.words();
        for lab in lab::all() {
            let own = format!("lab.{}.", lab.id);
            let said: String = words
                .iter()
                .filter(|(key, _)| key.starts_with(&own))
                .map(|(_, words)| format!("{words}\n"))
                .collect();
            let mut known = figures(&said);
            // What the core alone concludes is known too.
            let counted = lab
                .conclude(&Choices::new(), &[], None)
                .map(|conclusion| conclusion.tables);
            let counted = counted
                .into_iter()
                .flatten()
                .flat_map(|table| table.rows)
                .flat_map(|row| row.figures);
            known.extend(
                counted
                    .flatten()
                    .map(|figure| notes::grouped(figure.value as u64)),
            );
            let unknown: Vec<String> = figures(&prose(notes.section(&text, &notes.heading(lab))))
                .difference(&known)
                .cloned()
                .collect();
            assert!(
                unknown.is_empty(),
                "{}, {}: {unknown:?}",
                notes.file,
                lab.id
            );
        }
        assert_eq!(
            figures(&prose(notes.section(&text, notes.end))),
            BTreeSet::new()
        );
    }
    let found = figures("In 2015, 3.57% of 60,000; 3×3 of 64.");
    assert_eq!(found, ["2015", "3.57%", "60,000"].map(str::to_owned).into());
}
