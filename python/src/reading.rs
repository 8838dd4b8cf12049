//! What is to be read, and what was read: the data that crosses to the page.

use cnn_playground::arch::own::Mark;
use cnn_playground::base::DataFacts;
use cnn_playground::experiment::{Choices, DataSet, resolve};
use serde::{Deserialize, Serialize};

use crate::fault::{ReadingFault, ReadingPlace};

/// The longest text of a network that a link holds.
pub const MOST_LETTERS: usize = 2_400;

/// Classes of each data set that the page serves.
const CLASSES: usize = 10;

/// What is to be read.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "python.d.ts"))]
pub struct Request {
    /// A script, or a notebook.
    pub text: String,
    /// The network that is meant, by its name in [`Reading::networks`].
    pub network: Option<String>,
    /// The data set that the network is to be for, by its word.
    pub data: String,
    /// What is known of that data set, where its word alone does not say it.
    #[cfg_attr(test, ts(type = "DataFacts | null"))]
    pub facts: Option<DataFacts>,
}

/// A data set as far as a network has to do with it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Set {
    pub(crate) name: String,
    /// Channels, height and width of an image.
    pub(crate) shape: [usize; 3],
    pub(crate) classes: usize,
}

impl Set {
    /// The set of this word and these facts; the one that the page opens with, as long as nothing is known of it.
    pub(crate) fn of(word: &str, facts: Option<&DataFacts>) -> Self {
        if let Some(facts) = facts {
            let shape = facts.shape;
            return Self {
                name: word.to_owned(),
                shape: [shape.channels, shape.height, shape.width],
                classes: facts.classes.len(),
            };
        }
        let first = || Self::served(resolve(&Choices::new()).spec.data.word());
        let set = Self::served(word).or_else(first);
        set.unwrap_or(Self {
            name: word.to_owned(),
            shape: [1, 28, 28],
            classes: CLASSES,
        })
    }

    fn served(word: &str) -> Option<Self> {
        let shape = DataSet::parse(word)?.shape()?;
        Some(Self {
            name: word.to_owned(),
            shape: [shape.channels, shape.height, shape.width],
            classes: CLASSES,
        })
    }

    /// The sets whose images have another size.
    pub(crate) fn others(set: &Self) -> impl Iterator<Item = Self> {
        let all = DataSet::WORDS.iter().filter_map(|word| Self::served(word));
        all.filter(|other| other.shape != set.shape)
    }
}

/// A network in the text.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "python.d.ts"))]
pub struct ReadingNetwork {
    /// What the text calls it.
    pub name: String,
    /// The expression that makes it; nothing of a class or a function that the text does not call.
    pub made: String,
}

/// What a layer made of its input.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "python.d.ts"))]
pub struct ReadingStep {
    /// Where it is called.
    #[serde(flatten)]
    pub place: ReadingPlace,
    /// Its kind, as in the page's locales under `layer`.
    pub kind: String,
    /// The shape that left it.
    pub shape: String,
}

/// What was read.
#[derive(Debug, Default, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "python.d.ts"))]
pub struct Reading {
    /// The Python of it: a script as it is, of a notebook its cells one after the other.
    pub text: String,
    /// The networks in the text.
    pub networks: Vec<ReadingNetwork>,
    /// The one that was taken, by its name; nothing if several could be meant.
    pub network: Option<String>,
    /// The data set that it was taken for.
    pub data: String,
    /// It, in the notation.
    pub layers: Option<String>,
    /// `classify`, or `segment` if it makes an image.
    pub task: Option<&'static str>,
    /// Its trainable numbers, with the outputs that the text gives it.
    pub weights: Option<usize>,
    /// The trainable numbers of all that the text makes, as PyTorch counts them, where every layer is known.
    pub declared: Option<usize>,
    /// What is taken as something else.
    pub remarks: Vec<ReadingFault>,
    /// Why it cannot be taken.
    pub fault: Option<ReadingFault>,
    /// What each layer made of its input, up to that place.
    pub steps: Vec<ReadingStep>,
    /// Other data sets whose images it could take.
    pub fitting: Vec<String>,
    /// What the text says of training: choices that belong together, as keys of fields and values.
    pub offers: Vec<Vec<(String, String)>>,
}

/// The place of a fault in the text, with the lines around it.
pub(crate) fn mark(text: &str, (start, end): (usize, usize)) -> Option<Mark> {
    /// Lines that are shown before it.
    const LINES: usize = 2;
    /// Characters of a line, and of the place, that are shown at most.
    const SHOWN: usize = 120;
    let (before, rest) = text.split_at_checked(start)?;
    let (whole, after) = rest.split_at_checked(end.checked_sub(start)?)?;
    let there = whole.lines().next().unwrap_or_default();
    let is_cut = there.len() < whole.len();
    let shown = |line: &str| line.chars().take(SHOWN).collect::<String>();
    let lines: Vec<&str> = before.split('\n').collect();
    let first = lines.len().saturating_sub(LINES + 1);
    let lines: Vec<String> = lines[first..].iter().map(|line| shown(line)).collect();
    let rest = if is_cut {
        ""
    } else {
        after.split('\n').next().unwrap_or_default()
    };
    // The page counts in the units of its own strings.
    let units = |text: &str| text.encode_utf16().count();
    Some(Mark {
        start: units(before),
        end: units(before) + units(whole),
        before: lines.join("\n"),
        there: shown(there),
        after: shown(rest),
    })
}
