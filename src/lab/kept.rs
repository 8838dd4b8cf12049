//! What a student leaves with, as a text that a course system keeps and gives back on another machine.
//!
//! `cnn1|DIGEST{…}|DIGEST{…}|…`: parts as JSON, each behind the first digits of its own SHA-256, the most important ones
//! first; how many there are stands before them. A text that was cut or damaged on its way loses the parts that it hit, and
//! no other one; and of the person's own words as much as can be read is read.

use serde::{Deserialize, Serialize};

use super::Lab;
use super::results::RunFacts;
use crate::base::digest;
use crate::base::error::{Code, Problem};
use crate::experiment::goal::Reached;
use crate::experiment::{Choices, Value};

/// How a text begins, of whatever version.
const NAME: &str = "cnn";
/// How a text begins that this version writes.
const BEGINNING: &str = "cnn1";
const VERSION: u32 = 1;
/// Between two parts; within one it is written as `\u007c`.
const BETWEEN: char = '|';
/// Signs in which one is written within JSON, as `\ud83c\udf93`, and those that end a part.
const LONGEST_SIGN: usize = 16;
/// The longest text that is read, in bytes: SCORM 2004 keeps 64,000 characters, of at most four bytes.
const LONGEST: usize = 256_000;

/// What a student leaves with.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
#[serde(deny_unknown_fields)]
pub struct KeptWork {
    /// What was done.
    pub reached: Reached,
    /// The experiment, as the text of a link.
    pub link: String,
    /// The lab that was open.
    pub lab: Option<KeptLab>,
    /// The person's own explanation there.
    pub words: Option<String>,
    /// What its runs came to.
    pub runs: Option<Vec<KeptRun>>,
}

/// What a person did in a lab.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
#[serde(deny_unknown_fields)]
pub struct KeptLab {
    /// Which one.
    pub id: String,
    /// What was chosen about it.
    pub options: Choices,
    /// The prediction, once it is made.
    pub prediction: Option<Value>,
    /// The size of its runs.
    pub level: Option<usize>,
    /// The seeds that each run was made with.
    pub seeds: Vec<u32>,
    /// Which of its questions were answered right.
    pub answered: Vec<usize>,
    /// Whether its runs were too short to say anything.
    pub rehearsed: bool,
}

/// What one of its runs came to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
#[serde(deny_unknown_fields)]
pub struct KeptRun {
    /// Which of the lab's runs.
    pub label: String,
    /// What it came to.
    pub facts: RunFacts,
}

/// A text to keep.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Packed {
    /// The text.
    pub text: String,
    /// What of it there was no room for: a [`Code::NoRoomFor`] each.
    pub problems: Vec<Problem>,
}

/// What a text held.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Unpacked {
    /// What could be read.
    pub kept: KeptWork,
    /// What is wrong with the text, where anything is.
    pub problems: Vec<Problem>,
}

/// A part of the text.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Part {
    /// How many follow; texts of before have none.
    Parts(usize),
    Reached(Reached),
    Link(String),
    Lab(KeptLab),
    Words(String),
    Runs(Vec<KeptRun>),
}

impl Part {
    /// As it stands in the text.
    fn text(&self) -> String {
        // A part has no map whose keys are not texts, and no number that is not finite.
        let json = serde_json::to_string(self).unwrap_or_default();
        let json = json.replace(BETWEEN, "\\u007c");
        format!("{}{json}", digest::short([json.as_bytes()]))
    }

    fn read(text: &str) -> Option<Self> {
        let (found, json) = text.split_at_checked(digest::DIGITS)?;
        let sound = found == digest::short([json.as_bytes()]);
        sound.then(|| serde_json::from_str(json).ok()).flatten()
    }

    /// What can be read of the words in such a part that was cut or changed.
    fn words_of(text: &str) -> Option<String> {
        let (_, json) = text.split_at_checked(digest::DIGITS)?;
        let said = json.strip_prefix("{\"words\":\"")?;
        // The part may end within a sign that is written in several.
        let ends = said.char_indices().map(|(at, _)| at).chain([said.len()]);
        let read = |end: usize| serde_json::from_str(&format!("\"{}\"", &said[..end])).ok();
        ends.rev().take(LONGEST_SIGN).find_map(read)
    }
}

/// Characters as course systems count them: UTF-16 units, the most that any of them takes one for.
fn letters(text: &str) -> usize {
    text.encode_utf16().count()
}

/// A text that grows up to a limit.
struct Packing {
    packed: Packed,
    most: usize,
    parts: usize,
}

impl Packing {
    fn has_room_for(&self, part: &Part) -> bool {
        let count = 1 + letters(&Part::Parts(self.parts).text());
        letters(&self.packed.text) + count + 1 + letters(&part.text()) <= self.most
    }

    fn add(&mut self, part: &Part) {
        self.packed.text.push(BETWEEN);
        self.packed.text += &part.text();
        self.parts += 1;
    }

    /// The text, with the number of its parts before them: there are few, so that it has one digit.
    fn finish(mut self) -> Packed {
        let count = format!("{BETWEEN}{}", Part::Parts(self.parts).text());
        if letters(&self.packed.text) + letters(&count) <= self.most {
            self.packed.text.insert_str(BEGINNING.len(), &count);
        }
        self.packed
    }

    /// Adds a part, or says that there is no room for it.
    fn try_to_add(&mut self, what: &str, part: &Part) -> bool {
        let fits = self.has_room_for(part);
        if fits {
            self.add(part);
        } else {
            let problem = Problem::new(Code::NoRoomFor).with("what", what);
            self.packed.problems.push(problem.with("limit", self.most));
        }
        fits
    }

    /// Adds as much of a text as there is room for.
    fn add_words(&mut self, words: &str) {
        if self.try_to_add("words", &Part::Words(words.to_owned())) {
            return;
        }
        let ends: Vec<_> = words.char_indices().map(|(at, _)| at).collect();
        let beginning = |end: usize| Part::Words(words[..end].to_owned());
        // The first end is that of nothing.
        let fitting = ends.partition_point(|end| self.has_room_for(&beginning(*end)));
        if let Some(end) = fitting.checked_sub(1).and_then(|at| ends.get(at)) {
            self.add(&beginning(*end));
        }
    }
}

impl KeptWork {
    /// As a text of at most `most` UTF-16 units: what there is no room for is left out and named, the runs first, then the
    /// end of the person's own words.
    pub fn pack(&self, most: usize) -> Packed {
        let packed = Packed {
            text: BEGINNING.to_owned(),
            problems: Vec::new(),
        };
        let mut packing = Packing {
            packed,
            most,
            parts: 0,
        };
        packing.try_to_add("reached", &Part::Reached(self.reached));
        packing.try_to_add("link", &Part::Link(self.link.clone()));
        if let Some(lab) = &self.lab {
            packing.try_to_add("lab", &Part::Lab(lab.clone()));
        }
        if let Some(words) = &self.words {
            packing.add_words(words);
        }
        if let Some(runs) = &self.runs {
            packing.try_to_add("runs", &Part::Runs(runs.clone()));
        }
        packing.finish()
    }

    /// Reads such a text; an empty one is of a first visit.
    pub fn unpack(text: &str) -> Unpacked {
        let mut kept = Self::default();
        let mut problems = Vec::new();
        let mut parts = text.trim().split(BETWEEN);
        let first = parts.next().unwrap_or_default();
        if (first != BEGINNING || text.len() > LONGEST) && !text.trim().is_empty() {
            let version = first.strip_prefix(NAME).and_then(|text| text.parse().ok());
            problems.push(match version.filter(|version: &u32| *version > VERSION) {
                Some(later) => Problem::new(Code::LaterVersion)
                    .with("version", later)
                    .with("known", VERSION),
                None => Problem::new(Code::NotKept),
            });
            return Unpacked { kept, problems };
        }
        let (mut damaged, mut found, mut count) = (0, 0, 0);
        for part in parts {
            let read = Part::read(part);
            found += usize::from(!matches!(read, Some(Part::Parts(_))));
            match read {
                Some(Part::Parts(said)) => count = said,
                Some(Part::Reached(reached)) => kept.reached = reached,
                Some(Part::Link(link)) => kept.link = link,
                Some(Part::Lab(lab)) if Lab::of(&lab.id).is_ok() => kept.lab = Some(lab),
                Some(Part::Words(words)) => kept.words = Some(words),
                Some(Part::Runs(runs)) => kept.runs = Some(runs),
                Some(Part::Lab(_)) | None => {
                    damaged += 1;
                    kept.words = kept.words.or_else(|| Part::words_of(part));
                }
            }
        }
        damaged += count.saturating_sub(found).min(LONGEST);
        if damaged > 0 {
            problems.push(Problem::new(Code::KeptDamaged).with("count", damaged));
        }
        Unpacked { kept, problems }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As much as SCORM 1.2 keeps.
    const SMALL: usize = 4_096;

    fn kept(words: &str) -> KeptWork {
        let facts = RunFacts {
            choices: Choices::new(),
            seed: 3,
            parameters: 1_234,
            test: None,
            train_loss: Some(0.25),
            steps: 7,
            samples: 448,
            training: 1.5,
            gradient: None,
            separable: None,
        };
        KeptWork {
            reached: Reached {
                predicted: true,
                runs: 2,
                accuracy: f64::from(0.95_f32),
                ..Reached::default()
            },
            link: "v=1&permute=fixed".to_owned(),
            lab: Some(KeptLab {
                id: super::super::all()[0].id.to_owned(),
                options: Choices::new(),
                prediction: Some(Value::Word("worse".to_owned())),
                level: Some(1),
                seeds: vec![0, 1],
                answered: vec![0],
                rehearsed: false,
            }),
            words: Some(words.to_owned()),
            runs: Some(vec![KeptRun {
                label: "plain".to_owned(),
                facts,
            }]),
        }
    }

    #[test]
    fn what_is_packed_is_unpacked() {
        for words in ["a | b \" \\ \n c", "打乱像素 🎓", ""] {
            let Packed { text, problems } = kept(words).pack(SMALL);
            assert_eq!(problems, []);
            let read = KeptWork::unpack(&format!(" {text}\r\n"));
            assert_eq!((read.kept, read.problems), (kept(words), vec![]));
        }
        assert_eq!(KeptWork::unpack("").problems, [], "a first visit");
    }

    #[test]
    fn what_has_no_room_is_left_out_and_named_the_runs_before_the_words() {
        for words in ["想".repeat(4_000), "🎓|".repeat(2_000)] {
            let Packed { text, problems } = kept(&words).pack(SMALL);
            // A sign of two units may leave the last one empty, one that is written in six leaves five.
            assert!(
                (SMALL - 8..=SMALL).contains(&letters(&text)),
                "{}",
                letters(&text)
            );
            let named: Vec<_> = problems
                .iter()
                .map(|problem| problem.params["what"].as_str())
                .collect();
            assert_eq!(named, ["words", "runs"]);
            let Unpacked {
                kept: read,
                problems,
            } = KeptWork::unpack(&text);
            assert_eq!(problems, []);
            assert_eq!((read.reached, &read.lab), (kept("").reached, &kept("").lab));
            assert!(words.starts_with(read.words.as_deref().unwrap()));
        }
    }

    #[test]
    fn words_are_read_from_a_part_that_was_cut_or_changed() {
        let whole = kept("Ganz 🎓 \"Anders\"\n!").pack(SMALL).text;
        let Unpacked { kept, problems } = KeptWork::unpack(&whole.to_lowercase());
        assert_eq!(kept.words.as_deref(), Some("ganz 🎓 \"anders\"\n!"));
        assert_ne!(problems, []);
        let (at, _) = whole.match_indices("ders").next().unwrap();
        let cut = KeptWork::unpack(&whole[..at]);
        assert_eq!(cut.kept.words.as_deref(), Some("Ganz 🎓 \"An"));
        // What was written before there was a number of parts is whole.
        let (count, _) = whole.match_indices(BETWEEN).nth(1).unwrap();
        let old = format!("{BEGINNING}{}", &whole[count..]);
        assert_eq!(KeptWork::unpack(&old).problems, []);
    }

    #[test]
    fn a_cut_or_damaged_text_loses_what_was_hit_and_nothing_else_and_says_so() {
        let whole = kept("my own words").pack(SMALL).text;
        let ends: Vec<_> = whole.match_indices(BETWEEN).map(|(at, _)| at).collect();
        for cut in 0..whole.len() {
            let unpacked = KeptWork::unpack(&whole[..cut]);
            let (read, problems) = (unpacked.kept, unpacked.problems);
            // Of the words what can be read is read.
            let words = read.words.as_deref();
            assert!(words.is_none_or(|words| "my own words".starts_with(words)));
            let parts = [
                read.reached == kept("").reached,
                read.link == kept("").link,
                read.lab.is_some(),
                words == Some("my own words"),
                read.runs.is_some(),
            ];
            // The first part says how many there are. The words are whole before the marks at their part's end.
            let after = ends[2..]
                .iter()
                .map(|end| cut >= *end - 2 * usize::from(*end == ends[5]));
            let after: Vec<_> = after.chain([false]).collect();
            assert_eq!(parts[..], after[..], "cut at {cut}");
            // Between the first two parts only the version is left, as of one who has done nothing yet.
            let says = !problems.is_empty();
            assert_eq!(says, cut > 0 && cut != ends[0], "cut at {cut}");
        }
        for at in ends[0] + 1..whole.len() {
            let mut bytes = whole.clone().into_bytes();
            bytes[at] = if bytes[at] == b'x' { b'y' } else { b'x' };
            let read = KeptWork::unpack(std::str::from_utf8(&bytes).unwrap());
            assert_ne!(read.problems, [], "{at}");
        }
        let later = KeptWork::unpack("cnn2|0123456789abcdef{}").problems;
        assert_eq!(later[0].code, Code::LaterVersion);
        for other in ["cnn0|", "cnn|", "cnn2x|", "resume=3", "\0", "{}"] {
            let found = KeptWork::unpack(other).problems[0].code;
            assert_eq!(found, Code::NotKept, "{other}");
        }
    }
}
