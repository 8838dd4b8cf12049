//! Tables in `docs/links.md`: the notation of networks, and the labs.

use std::collections::BTreeMap;

use cnn_playground::arch::notation;
use cnn_playground::lab;
use cnn_playground::operation::Operation;
use cnn_playground::operation::notation::{SettingFacts, Stem, WordFacts};

/// The words of the notation of networks, as the operations' own files say them.
pub(crate) fn layers(english: &BTreeMap<String, String>) -> String {
    let setting = |known: &WordFacts, setting: &SettingFacts| {
        let (min, max) = setting.limits;
        // As many as there are outputs.
        let first = known.settings.first().and_then(|first| first.usual);
        let max = match first == Some(max) {
            true => "the first".to_owned(),
            false => max.to_string(),
        };
        let usual = match (setting.follows_classes, setting.usual) {
            (true, _) => "; the classes of the data set".into(),
            (false, Some(usual)) => format!("; {usual}"),
            (false, None) => "; must be said".into(),
        };
        let letter = Some(setting.letter).filter(|letter| !letter.is_empty());
        let letter = letter.map_or("first".into(), |letter| format!("`{letter}`"));
        format!("{letter} {} ({min} to {max}{usual})", setting.name)
    };
    let row = |known: &WordFacts| {
        let settings = known.settings.iter();
        let settings: Vec<_> = settings.map(|one| setting(known, one)).collect();
        let name = match known.stem {
            Stem::Counted(stem) => format!("`{stem}1`"),
            Stem::Alone(stem) => format!("`{stem}`"),
        };
        let kind = &english[&format!("layer.{}", known.kind)];
        format!(
            "| `{}` | {kind} | {} | {name} |\n",
            known.word,
            settings.join("<br>")
        )
    };
    let rows: String = Operation::words().iter().map(row).collect();
    format!("| word | layer | settings | called |\n|---|---|---|---|\n{rows}")
}

/// How branches are joined, and what they are called.
pub(crate) fn joins() -> String {
    let row = |(word, names, alone): &(&str, [&str; 2], [&str; 2])| {
        format!(
            "| `{word}` | `{}` | `{}` |\n",
            names.join("`, `"),
            alone.join("`, `")
        )
    };
    let rows: String = notation::joins().iter().map(row).collect();
    format!("| word | its branches are called | with one branch alone |\n|---|---|---|\n{rows}")
}

/// The labs, as they are named in links.
pub(crate) fn labs() -> String {
    let all = lab::all().iter().map(|lab| lab.id.to_owned());
    format!("{}\n", code(all))
}

/// Words as code, with commas between.
pub(crate) fn code(words: impl IntoIterator<Item = String>) -> String {
    let quoted: Vec<_> = words.into_iter().map(|word| format!("`{word}`")).collect();
    quoted.join(", ")
}
