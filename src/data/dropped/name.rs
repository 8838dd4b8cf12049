//! What the name of a file says of its content.

/// What a name says of the format, not of the set.
const FORMAT_WORDS: &[&str] = &[
    "images", "image", "imgs", "img", "labels", "label", "lbls", "lbl", "idx", "idx1", "idx2",
    "idx3", "idx4", "ubyte", "int", "gz", "bin", "copy", "npy", "npz", "csv", "txt", "arr", "x",
    "y", "data", "batch", "target", "targets", "full", "numpy", "bitmap",
];
const TRAIN_WORDS: &[&str] = &["train", "training"];
const TEST_WORDS: &[&str] = &["t10k", "test", "testing", "val", "valid", "validation"];

/// What a name says that a file is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Train,
    Test,
}

/// What a name says. Where the file's own says nothing, the folder or the archive that it lies in does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Name {
    /// The words that tell one set from another: `train` of `train-images-idx3-ubyte (1).gz`.
    pub(super) words: Vec<String>,
    pub(super) role: Option<Role>,
}

impl Name {
    pub(super) fn of(path: &str) -> Self {
        let steps = || path.rsplit(['/', '\\']).map(words);
        Self {
            words: steps().find(|words| !words.is_empty()).unwrap_or_default(),
            role: steps().find_map(|words| role(&words)),
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

fn role(words: &[String]) -> Option<Role> {
    let says = |role: &[&str]| words.iter().any(|word| role.contains(&word.as_str()));
    match (says(TRAIN_WORDS), says(TEST_WORDS)) {
        (true, false) => Some(Role::Train),
        (false, true) => Some(Role::Test),
        _ => None,
    }
}
