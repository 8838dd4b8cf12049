//! What can go wrong, as data: a stable code, the field it is about, and the facts.
//!
//! The words stand in `www/locales/*.json` under `problem.<code>`, so that a person reads them in
//! their own language; natively, [`Problem`] prints the English ones.

use std::collections::BTreeMap;
use std::fmt;
#[cfg(not(target_arch = "wasm32"))]
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

pub use super::code::Code;

/// The outcome of anything that can fail for a reason that a person can do something about.
pub type Result<T> = std::result::Result<T, Problem>;

/// One thing that is wrong, where, and the facts that its words need.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Problem {
    /// What kind of problem it is.
    pub code: Code,
    /// The key of the spec's field that it is about, if it is about one.
    pub field: Option<String>,
    /// The facts, by the names that the words use.
    pub params: BTreeMap<String, String>,
}

impl Problem {
    /// A problem of this kind, about no field and without facts.
    pub fn new(code: Code) -> Self {
        Self {
            code,
            field: None,
            params: BTreeMap::new(),
        }
    }

    /// The same, about a field of the spec.
    pub fn about(mut self, field: &str) -> Self {
        self.field = Some(field.to_owned());
        self
    }

    /// The same, with one more fact.
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.params.insert(name.to_owned(), value.to_string());
        self
    }

    /// A fault of the program itself.
    pub fn internal(detail: impl ToString) -> Self {
        Self::new(Code::Internal).with("detail", detail)
    }
}

/// Untrusted text, cut to what a message can show.
pub(crate) fn shown(text: &str) -> String {
    plain(text).chars().take(40).collect()
}

/// Untrusted text without what is not seen and changes how the rest is: control characters, and marks that turn the direction
/// in which what follows is written.
pub(crate) fn plain(text: &str) -> String {
    let turns = |letter| matches!(letter, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let seen = |letter: &char| !letter.is_control() && !turns(*letter);
    text.chars().filter(seen).collect()
}

#[cfg(not(target_arch = "wasm32"))]
impl fmt::Display for Problem {
    /// The English words of the locale file, with the facts filled in.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = english_words();
        let key = format!("problem.{}", self.code.text());
        let mut text = words.get(&key).cloned().unwrap_or(key);
        for (name, value) in &self.params {
            text = text.replace(&format!("{{{name}}}"), value);
        }
        if let (Some(place), true) = (words.get("problem.place"), self.params.contains_key("from"))
        {
            let mut said = place.replace("{problem}", &text);
            for (name, value) in &self.params {
                said = said.replace(&format!("{{{name}}}"), value);
            }
            text = said;
        }
        match &self.field {
            Some(field) => write!(f, "{field}: {text}"),
            None => write!(f, "{text}"),
        }
    }
}

/// The English texts of the page by their keys, for what is said in a terminal.
#[cfg(not(target_arch = "wasm32"))]
pub fn english_words() -> &'static BTreeMap<String, String> {
    static WORDS: OnceLock<BTreeMap<String, String>> = OnceLock::new();
    let read = || serde_json::from_str(include_str!("../../www/locales/en.json"));
    WORDS.get_or_init(|| read().unwrap_or_default())
}

#[cfg(target_arch = "wasm32")]
impl fmt::Display for Problem {
    /// Code and facts; the page has the words.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: {:?} {:?}",
            self.code.text(),
            self.field,
            self.params
        )
    }
}

impl std::error::Error for Problem {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_english_words() {
        let words = english_words();
        for code in Code::ALL {
            let key = format!("problem.{}", code.text());
            assert!(words.contains_key(&key), "www/locales/en.json lacks {key}");
        }
    }
}
