//! A network as text, as `conv16,relu,max,flatten,fc` is one: short enough for a link, and the whole tree.
//!
//! Parts stand one after the other with commas between. A part may have a name and be repeated, as in `block1:3x(…)`; it is an
//! operation, a sequence in brackets, or branches that are joined, as in `add(conv16,relu,conv16;id)`. The words of operations
//! are theirs ([`crate::operation::notation`]); `docs/links.md` has the whole grammar. [`read`] and [`write`] are inverse to
//! each other: the same text gives the same tree, names included, and so the same first weights.

mod parse;
pub mod pieces;
mod rows;
mod tree;
mod write;

use std::collections::BTreeMap;

use super::{Join, Layer};
use crate::base::error::{Code, Problem, Result};
use crate::operation::Operation;

pub use rows::{TextLine, lines};
pub use write::write;

/// The most layers of a network, repetitions counted.
pub const MOST_LAYERS: usize = 1_000;

/// How deep brackets may lie in one another.
pub const DEEPEST: usize = 16;

/// A part of the text: where it begins and where it ends, in bytes.
pub type Stretch = (usize, usize);

/// A network that was read, and where each operation and each join stands in the text, by its path.
#[derive(Debug, Clone, PartialEq)]
pub struct Read {
    /// The tree.
    pub layer: Layer,
    /// Where its parts stand.
    pub places: BTreeMap<String, Stretch>,
}

/// Reads a network whose last layer has an output for each of so many classes, if the text does not say how many.
///
/// # Errors
/// What is wrong with the text, and where: as [`parse`](self), [`Code::UnknownLayer`], [`Code::SameName`],
/// [`Code::TooManyLayers`], and those of settings.
pub fn read(text: &str, classes: usize) -> Result<Read> {
    let parts = parse::network(text).map_err(|fault| fault.problem(text))?;
    tree::grow(&parts, classes).map_err(|fault| fault.problem(text))
}

/// How branches are joined, in the notation.
#[derive(Debug)]
struct JoinWord {
    word: &'static str,
    join: Join,
    /// What the first branches are called that have no name; further ones are `branch3` and so on.
    names: [&'static str; 2],
    /// With one branch alone, the other is the input as it is: which of the two that is, and what both are called.
    identity: usize,
    alone: [&'static str; 2],
}

/// All of them.
const JOINS: [JoinWord; 4] = [
    JoinWord {
        word: "add",
        join: Join::Add,
        names: ["body", "shortcut"],
        identity: 1,
        alone: ["body", "shortcut"],
    },
    JoinWord {
        word: "cat",
        join: Join::Concat,
        names: ["branch1", "branch2"],
        identity: 0,
        alone: ["shortcut", "body"],
    },
    JoinWord {
        word: "mul",
        join: Join::Multiply,
        names: ["input", "gate"],
        identity: 0,
        alone: ["input", "gate"],
    },
    JoinWord {
        word: "aux",
        join: Join::Auxiliary,
        names: ["on", "classifier"],
        identity: 0,
        alone: ["on", "classifier"],
    },
];

impl JoinWord {
    fn of(join: Join) -> &'static Self {
        match join {
            Join::Add => &JOINS[0],
            Join::Concat => &JOINS[1],
            Join::Multiply => &JOINS[2],
            Join::Auxiliary => &JOINS[3],
        }
    }

    /// What the branch at this place is called that has no name.
    fn name(&self, at: usize) -> String {
        let usual = self.names.get(at);
        usual.map_or_else(|| format!("branch{}", at + 1), |name| (*name).to_owned())
    }
}

/// The words of the joins: each with the names of its branches, and what one branch alone is joined with.
pub fn joins() -> Vec<(&'static str, [&'static str; 2], [&'static str; 2])> {
    let each = JOINS.iter();
    each.map(|known| (known.word, known.names, known.alone))
        .collect()
}

/// All words that can stand where a layer is expected.
fn words() -> Vec<&'static str> {
    let operations = Operation::words().into_iter().map(|known| known.word);
    operations
        .chain(JOINS.iter().map(|known| known.word))
        .collect()
}

/// What is wrong, and where.
#[derive(Debug, Clone, PartialEq)]
struct Fault {
    problem: Problem,
    place: Stretch,
}

impl Fault {
    fn new(code: Code, place: Stretch) -> Self {
        Self {
            problem: Problem::new(code),
            place,
        }
    }

    fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.problem = self.problem.with(name, value);
        self
    }

    fn problem(self, text: &str) -> Problem {
        at(self.problem, text, self.place)
    }
}

/// The problem, with the place that it is about: `from` and `to`, the first and the last character, counted from 1, and
/// the `text` there.
pub fn at(problem: Problem, text: &str, (start, end): Stretch) -> Problem {
    /// As much as a message shows.
    const SHOWN: usize = 30;
    let part = text.get(start..end).unwrap_or_default();
    let shown = match part.char_indices().nth(SHOWN) {
        Some((cut, _)) => format!("{}…", &part[..cut]),
        None => part.to_owned(),
    };
    let problem = problem.about("layers").with("text", shown);
    problem
        .with("from", start + 1)
        .with("to", end.max(start + 1))
}
