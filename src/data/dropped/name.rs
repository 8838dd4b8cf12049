//! What the name of a file says of its content.

use crate::data::Split;
use crate::data::role::Role;

/// What a name says of the format, not of the set.
const FORMAT_WORDS: &[&str] = &[
    "images", "image", "imgs", "img", "labels", "label", "lbls", "lbl", "idx", "idx1", "idx2",
    "idx3", "idx4", "ubyte", "int", "gz", "bin", "copy", "npy", "npz", "csv", "txt", "arr", "x",
    "y", "data", "batch", "target", "targets", "full", "numpy", "bitmap",
];

/// What a name says. Where the file's own says nothing, the folder or the archive that it lies in does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Name {
    /// The words that tell one set from another: `train` of `train-images-idx3-ubyte (1).gz`.
    pub(super) words: Vec<String>,
    /// The part that it is for.
    pub(super) role: Option<Split>,
    /// Whether that is validation.
    pub(super) is_validation: bool,
}

impl Name {
    pub(super) fn of(path: &str) -> Self {
        let steps = || path.rsplit(['/', '\\']).map(words);
        Self {
            words: steps().find(|words| !words.is_empty()).unwrap_or_default(),
            role: steps().find_map(|words| role(&words)),
            is_validation: steps()
                .find(|words| role(words).is_some())
                .is_some_and(|words| {
                    words
                        .iter()
                        .any(|word| Role::of(word) == Some(Role::Validation))
                }),
        }
    }
}

fn words(step: &str) -> Vec<String> {
    let step = step.to_lowercase().replace("%20", " ");
    let words = step.split(|char: char| !char.is_alphanumeric());
    let tells = |word: &&str| {
        !FORMAT_WORDS.contains(word) && word.chars().any(|char| !char.is_ascii_digit())
    };
    words.filter(tells).map(str::to_owned).collect()
}

/// What these words say that the file is for; nothing if they say both.
fn role(words: &[String]) -> Option<Split> {
    let mut said = words.iter().filter_map(|word| Role::of(word));
    let role = said.next()?.split();
    said.all(|other| other.split() == role).then_some(role)
}
