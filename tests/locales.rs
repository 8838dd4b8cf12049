//! Every language says the same things: the same keys, the same facts in each, and its own plurals.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should fail")]

mod languages;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use languages::{Words, file, folder, plurals, tags, thousands, words as read, written};

/// Keys that come in plural forms, without the form.
fn counted(words: &Words) -> BTreeSet<&str> {
    let forms = words.keys().filter_map(|key| key.strip_suffix(".other"));
    forms.collect()
}

/// Keys without plural forms, and the stems of those with them.
fn stems(words: &Words) -> BTreeSet<String> {
    let counted = counted(words);
    let stem = |key: &String| match key.rsplit_once('.') {
        Some((stem, _)) if counted.contains(stem) => stem.to_owned(),
        _ => key.clone(),
    };
    words.keys().map(stem).collect()
}

/// The names in braces.
fn facts(text: &str) -> BTreeSet<&str> {
    let opened = text.split('{').skip(1);
    opened
        .filter_map(|part| part.split_once('}'))
        .map(|(name, _)| name)
        .collect()
}

#[test]
fn every_language_is_listed_and_has_every_key() {
    let files = fs::read_dir(folder()).unwrap();
    let files = files.map(|file| file.unwrap().path());
    let files = files.filter_map(|file| Some(file.file_stem()?.to_str()?.to_owned()));
    let files: BTreeSet<_> = files.filter(|name| name != "index").collect();
    assert_eq!(
        files,
        tags().into_iter().collect(),
        "files, and those listed"
    );
    let english = stems(&read("en"));
    for tag in tags() {
        let own = stems(&read(&tag));
        let lacks: Vec<_> = english.difference(&own).collect();
        let beyond: Vec<_> = own.difference(&english).collect();
        assert!(
            lacks.is_empty() && beyond.is_empty(),
            "{tag} lacks {lacks:?}, and alone has {beyond:?}"
        );
    }
}

#[test]
fn the_documents_name_every_language() {
    let read =
        |path: &str| fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap();
    let (links, widget) = (
        read("docs/links.md"),
        read("python-widget/src/cnn_playground/widget.js"),
    );
    let said = links.lines().find(|line| line.starts_with("`lang` is"));
    for tag in tags() {
        assert!(said.unwrap().contains(&format!("`{tag}`")), "{tag}");
        let language = tag.split('-').next().unwrap();
        assert!(widget.contains(&format!("\n  {language}: (src)")), "{tag}");
    }
}

#[test]
fn no_key_stands_there_twice() {
    for tag in tags() {
        let text = file(&tag);
        let mut seen = BTreeSet::new();
        for line in text.lines() {
            if let Some((key, _)) = line.trim().split_once("\": \"") {
                assert!(seen.insert(key), "{tag}: {key}");
            }
        }
        assert_eq!(seen.len(), read(&tag).len(), "{tag}: one key a line");
    }
}

#[test]
fn every_language_has_its_own_plural_forms() {
    for tag in tags() {
        let words = read(&tag);
        for stem in counted(&words) {
            let own: BTreeSet<_> = words
                .keys()
                .filter_map(|key| key.strip_prefix(stem)?.strip_prefix('.'))
                .collect();
            assert_eq!(own, plurals(&tag), "{tag}: {stem}");
        }
    }
}

#[test]
fn every_language_names_the_same_facts() {
    let english = read("en");
    for tag in tags() {
        for (key, text) in read(&tag) {
            // A form that English lacks says what its most general one says.
            let same = english.get(&key).or_else(|| {
                let (stem, _) = key.rsplit_once('.')?;
                english.get(&format!("{stem}.other"))
            });
            let of = facts(same.unwrap());
            assert_eq!(facts(&text), of, "{tag}: {key}");
            assert!(!text.trim().is_empty(), "{tag}: {key}");
        }
    }
}

/// The numbers of a text that a slip of the pen changes unseen: those from 100 on, and decimals.
fn figures(text: &str) -> Vec<&str> {
    let part = |one: char| one.is_ascii_digit() || ".,".contains(one);
    let numbers = text.split(|one| !part(one));
    let numbers = numbers.map(|number| number.trim_matches(['.', ',']));
    let digits = |number: &str| number.chars().filter(char::is_ascii_digit).count();
    numbers
        .filter(|number| digits(number) >= 3 || number.contains('.'))
        .collect()
}

#[test]
fn every_language_says_the_same_numbers() {
    assert_eq!(figures("7 of 1,024, 0.5, 2015."), ["1,024", "0.5", "2015"]);
    let english = read("en");
    let mut lacks = Vec::new();
    // Chinese counts large numbers by ten thousands.
    for tag in tags().into_iter().filter(|tag| tag != "zh-CN") {
        for (key, text) in read(&tag) {
            for figure in english.get(&key).into_iter().flat_map(|text| figures(text)) {
                // A year has no separator, and code is code.
                let own = written(&tag, figure);
                if !text.contains(&own) && !text.contains(figure) {
                    lacks.push(format!("{tag}: {key} lacks {own}"));
                }
            }
        }
    }
    assert!(lacks.is_empty(), "{lacks:#?}");
}

/// A word that a reader should not meet.
struct Avoided {
    language: &'static str,
    term: &'static str,
    /// What to write in its place, or why it is wrong.
    instead: &'static str,
    /// Longer words that hold it and are right.
    within: &'static [&'static str],
    /// Beginnings of keys that may say it.
    keys: &'static [&'static str],
}

const fn avoided(language: &'static str, term: &'static str, instead: &'static str) -> Avoided {
    Avoided {
        language,
        term,
        instead,
        within: &[],
        keys: &[],
    }
}

/// Wordings that were odd, that clash with a term of the field, or that are a second name for one thing.
const AVOIDED: &[Avoided] = &[
    Avoided {
        within: &["tandard deviation"],
        ..avoided(
            "en",
            "eviation",
            "“standard deviation”: a deviation alone is any difference",
        )
    },
    Avoided {
        keys: &["lab.verdict."],
        ..avoided(
            "en",
            "textbook",
            "the paper with its year, or the course: a textbook is nobody",
        )
    },
    avoided("en", "body", "“main path”, the way beside a shortcut"),
    avoided("en", "channels that come in", "“input channels”"),
    avoided(
        "en",
        "edge of the",
        "“size”, or “height and width”: an edge is what a filter finds",
    ),
    avoided("en", "Fold up", "“Collapse”"),
    avoided("en", "gone on with", "“continued”"),
    avoided("en", "is to be had", "“is available”"),
    avoided("en", "natively", "“outside the browser”"),
    avoided("en", "side by side", "“in parallel”"),
    avoided("en", "speak for", "“support”"),
    avoided("en", "stands there", "“appears”"),
    avoided("en", "surprised", "the probability of the right class"),
    avoided("es", "corrida", "«ejecución»"),
    avoided("es", "desviación típica", "«desviación estándar»"),
    avoided("es", "epoch", "«época»"),
    avoided("es", "fichero", "«archivo»"),
    avoided("es", "incrustad", "«insertado»"),
    avoided("es", "laboratorio", "«práctica»"),
    Avoided {
        keys: &["glossary.kernel."],
        ..avoided("es", "núcleo", "«kernel»")
    },
    avoided(
        "es",
        "precisión",
        "«exactitud» (accuracy): la precisión es otra medida",
    ),
    avoided("es", "ratio de aprendizaje", "«tasa de aprendizaje»"),
    avoided("es", "red plana", "«red simple»"),
    avoided("es", "usted", "«tú»"),
    avoided("fr", "surajustement", "“surapprentissage”"),
    avoided("fr", "classificateur", "“classifieur”"),
    avoided("fr", "batches", "“batchs”"),
    avoided("ar", "فلتر", "“مرشّح”"),
    avoided("ar", "باراميتر", "“معاملات”"),
    avoided("ar", "دالة التفعيل", "“دالة التنشيط”"),
    avoided("zh-CN", "T恤", "“T 恤”"),
    avoided("zh-CN", "个 epoch", "“轮”或“轮（epoch）”"),
    avoided("zh-CN", "主体", "“主分支”"),
    Avoided {
        within: &["批归一化", "层归一化", "组归一化"],
        keys: &["tip.normalize"],
        ..avoided("zh-CN", "归一化", "“标准化”")
    },
    Avoided {
        within: &["随机失活"],
        ..avoided("zh-CN", "失活", "“死亡通道”：失活已指 Dropout")
    },
    Avoided {
        keys: &["lab.verdict."],
        ..avoided("zh-CN", "教科书", "论文及其年份，或“课程”")
    },
    avoided("zh-CN", "您", "“你”"),
    avoided("zh-CN", "掩膜", "“掩码”"),
    avoided("zh-CN", "滤波器", "“卷积核”"),
    avoided("zh-CN", "演示", "“实验场”"),
    avoided("zh-CN", "激发", "“激活”"),
    avoided("zh-CN", "看看内部", "“查看内部”"),
    avoided("zh-CN", "移除", "“删除”"),
    avoided("zh-CN", "轮次", "“轮”，如“一轮”“轮数”"),
    avoided("zh-CN", "逐图", "“每张不同”"),
    avoided("zh-CN", "原始网络", "“原版网络”"),
];

/// A text's characters, its facts as one of them each.
fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let fact = rest
            .strip_prefix('{')
            .and_then(|after| after.split_once('}'));
        if let Some((name, after)) = fact {
            found.push(Piece::Fact(name));
            rest = after;
        } else {
            found.push(Piece::Character(first));
            rest = &rest[first.len_utf8()..];
        }
    }
    found
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Piece<'a> {
    Character(char),
    Fact(&'a str),
}

/// Facts that are Chinese words or sentences where the text is Chinese, as the texts of tips are; and a time, which only
/// ends in one.
const CHINESE_FACTS: &[&str] = &["score", "what", "why"];
const ENDS_CHINESE: &str = "time";

impl Piece<'_> {
    fn is_chinese(self) -> bool {
        matches!(self, Self::Character('\u{4e00}'..='\u{9fff}'))
    }

    /// A letter, a digit, a percentage, or a fact that is none of the Chinese ones.
    fn is_foreign(self) -> bool {
        match self {
            Self::Character(one) => !self.is_chinese() && (one.is_alphanumeric() || one == '%'),
            Self::Fact(name) => !CHINESE_FACTS.contains(&name) && !name.starts_with("tip."),
        }
    }
}

/// The text without its facts, whose names no reader sees.
fn said(text: &str) -> String {
    let word = |piece| match piece {
        Piece::Character(one) => one,
        Piece::Fact(_) => '\u{fffc}',
    };
    pieces(text).into_iter().map(word).collect()
}

#[test]
fn no_word_is_one_that_was_given_up() {
    let mut found = Vec::new();
    for tag in tags() {
        for (key, text) in read(&tag) {
            for rule in AVOIDED.iter().filter(|rule| rule.language == tag) {
                let allowed = rule.keys.iter().any(|start| key.starts_with(start));
                let right = |text: String, word: &&str| text.replace(word, "");
                let text = rule.within.iter().fold(said(&text), right);
                if text.contains(rule.term) && !allowed {
                    found.push(format!("{tag}: {key} says {}: {}", rule.term, rule.instead));
                }
            }
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn chinese_has_a_space_before_and_after_what_is_not_chinese() {
    let mut found = Vec::new();
    for (key, text) in read("zh-CN") {
        for pair in pieces(&text).windows(2) {
            let (left, right) = (pair[0], pair[1]);
            let before = left.is_chinese() && right.is_foreign();
            let after = left.is_foreign() && right.is_chinese();
            if before || (after && left != Piece::Fact(ENDS_CHINESE)) {
                found.push(format!("{key}: {left:?}{right:?} in {text}"));
            }
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn a_formula_has_commas_of_its_own() {
    for (key, text) in read("zh-CN") {
        if !key.contains("formula") {
            continue;
        }
        // Chinese words around a formula have Chinese commas; between symbols they are the formula's.
        for part in pieces(&text).windows(3) {
            let comma = part[1] == Piece::Character('，');
            let words = part[0].is_chinese() || part[2].is_chinese();
            let bracket = part[0] == Piece::Character('）');
            assert!(!comma || words || bracket, "{key}: {text}");
        }
    }
}

#[test]
fn a_shape_has_no_separators_between_thousands() {
    // Those that the page writes have one function.
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("www/app/base/i18n.js");
    let script = fs::read_to_string(script).unwrap();
    let mut written = script
        .lines()
        .filter(|line| line.contains("const shapeText"));
    assert!(!written.next().unwrap().contains("number("));
    for tag in tags() {
        let separator = thousands(&tag);
        let number = |one: char| one.is_ascii_digit() || separator.contains(one);
        for (key, text) in read(&tag) {
            for (at, _) in text.match_indices('×') {
                let before = text[..at].rsplit(|one| !number(one)).next();
                let after = text[at + '×'.len_utf8()..].split(|one| !number(one)).next();
                for size in [before, after].into_iter().flatten() {
                    // A mark at its end is the sentence's.
                    assert!(
                        !size
                            .trim_matches(|one| separator.contains(one))
                            .contains(separator),
                        "{tag}: {key}: {text}"
                    );
                }
            }
        }
    }
}
