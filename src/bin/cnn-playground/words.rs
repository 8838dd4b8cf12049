//! The page's words, in a terminal.

use std::collections::BTreeMap;

use cnn_playground::base::error::english_words;
use cnn_playground::experiment::Task;

/// Texts by their key.
pub(crate) type Words = BTreeMap<String, String>;

/// The English ones.
pub(crate) fn english() -> &'static Words {
    english_words()
}

/// A text with its parameters in their places; the key itself where there is none.
pub(crate) fn filled(words: &Words, key: &str, params: &[(&str, String)]) -> String {
    let text = words.get(key).cloned().unwrap_or_else(|| key.to_owned());
    params.iter().fold(text, |text, (name, value)| {
        text.replace(&format!("{{{name}}}"), value)
    })
}

/// What an accuracy is called.
pub(crate) fn score(words: &Words, task: Task) -> String {
    let key = match task {
        Task::Classify => "score.classify",
        Task::Segment => "score.segment",
    };
    filled(words, key, &[])
}
