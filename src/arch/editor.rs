//! A network of one's own as a list that is edited line by line: what stands where, which shapes come of it as far as it fits,
//! what can be done with a line, and ways out of a mistake. Every edit gives a new text.

mod edit;
mod ways_out;

use std::collections::BTreeMap;

use serde::Serialize;

pub use edit::{BLOCKS, Block, Edit, Edited, edit};
pub use ways_out::WayOut;

use super::notation::pieces::{Piece, PieceKind, branch, place};
use super::notation::{self, Stretch, TextLine};
use super::{Form, Shaped};
use crate::base::ImageShape;
use crate::base::error::Problem;
use crate::experiment::ExperimentSpec;
use crate::operation::notation::{Around, Given, Number};
use crate::operation::{Identity, Operation, Shape};

/// What a network gets: images of this size, of so many classes.
pub type On = (ImageShape, usize);

/// The list.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Outline {
    /// Its lines; none if the text cannot be read.
    pub lines: Vec<Line>,
    /// Ways out of the mistake that it has.
    pub ways_out: Vec<WayOut>,
}

/// What stands in a line.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Line {
    /// In how many brackets it stands.
    pub depth: usize,
    /// What it is.
    pub kind: LineKind,
    /// Of a layer its kind, as in the layer table; of a join its word; else nothing.
    pub word: String,
    /// Its own name, if it has one.
    pub name: Option<String>,
    /// How often it is repeated.
    pub times: usize,
    /// Its settings.
    pub numbers: Vec<Number>,
    /// The shape that leaves it, as far as the network fits up to there.
    pub output: Option<Vec<usize>>,
    /// Its trainable numbers, repetitions counted.
    pub parameters: usize,
    /// Whether the mistake is here.
    pub wrong: bool,
    /// What can be done with it.
    pub actions: Vec<Action>,
}

/// What a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
#[serde(rename_all = "kebab-case")]
pub enum LineKind {
    /// A layer.
    Layer,
    /// Parts in brackets, which follow.
    Group,
    /// Branches, which follow, and how they are joined.
    Join,
    /// A branch; its parts follow.
    Branch,
}

/// What can be done with a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// It goes up by one.
    Up,
    /// It goes down by one.
    Down,
    /// The same once more behind it.
    Duplicate,
    /// It becomes a residual block: what it makes is added to what it gets.
    Residual,
    /// The brackets around its parts go away, and with a join its other branches.
    Unwrap,
    /// It gets one branch more.
    Branch,
    /// It goes away.
    Remove,
}

/// What can be added to a network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Parts {
    /// The words of layers, each with its kind.
    pub layers: Vec<(&'static str, &'static str)>,
    /// The names of blocks.
    pub blocks: Vec<&'static str>,
}

/// All of it.
pub fn parts() -> Parts {
    let words = Operation::words().into_iter();
    Parts {
        layers: words.map(|facts| (facts.word, facts.kind)).collect(),
        blocks: BLOCKS.iter().map(|(name, _)| *name).collect(),
    }
}

/// What is known of the layers at a place of the text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seen {
    pub(super) input: Shape,
    pub(super) output: Shape,
    parameters: usize,
}

/// Everything that is known of a text.
pub(super) struct Known {
    pub(super) pieces: Vec<Piece>,
    pub(super) lines: Vec<TextLine>,
    pub(super) seen: BTreeMap<Stretch, Seen>,
    pub(super) problem: Option<Problem>,
}

impl Known {
    /// Of the text of a spec, on such images; nothing if it cannot be read.
    pub(super) fn of(spec: &ExperimentSpec, on: Option<On>) -> Option<Self> {
        let (pieces, lines) = notation::lines(&spec.layers).ok()?;
        let mut known = Self {
            pieces,
            lines,
            seen: BTreeMap::new(),
            problem: None,
        };
        let Some((shape, classes)) = on else {
            return Some(known);
        };
        known.problem = super::build(spec, shape, classes).err();
        if let Ok(read) = notation::read(&spec.layers, classes) {
            let mut see = |part: &Shaped| {
                let Some(&at) = read.places.get(&part.path) else {
                    return;
                };
                // The way past the one branch of a join is not written.
                let is_identity = part.form == Form::Operation(Identity.into());
                if is_identity && spec.layers.get(at.0..at.1) != Some("id") {
                    return;
                }
                let parameters = match part.form {
                    Form::Operation(operation) => operation.parameters(part.input),
                    _ => Vec::new(),
                };
                let new = Seen {
                    input: part.input,
                    output: part.output,
                    parameters: parameters.iter().map(|one| one.len()).sum(),
                };
                let seen = known.seen.entry(at).or_insert(Seen {
                    parameters: 0,
                    ..new
                });
                // Of repetitions the last one's shape, and all weights.
                seen.output = new.output;
                seen.parameters = seen.parameters.saturating_add(new.parameters);
            };
            // The problem is known already.
            drop(Shaped::watched(&read.layer, shape.into(), &mut see));
        }
        Some(known)
    }

    /// The line in which the mistake is: the innermost.
    pub(super) fn wrong(&self) -> Option<usize> {
        let from: usize = self.problem.as_ref()?.params.get("from")?.parse().ok()?;
        let within = |line: &TextLine| {
            let place = line.place;
            place.is_some_and(|(start, end)| (start..end).contains(&(from - 1)))
        };
        self.lines.iter().rposition(within)
    }

    /// What is known of the layer in a line.
    pub(super) fn at(&self, line: usize) -> Option<Seen> {
        self.seen.get(&self.lines.get(line)?.place?).copied()
    }
}

/// The text of a spec as a list; with shapes, where it is known what it gets.
pub fn outline(spec: &ExperimentSpec, on: Option<On>) -> Outline {
    let Some(known) = Known::of(spec, on) else {
        return Outline {
            lines: Vec::new(),
            ways_out: Vec::new(),
        };
    };
    let wrong = known.wrong();
    let classes = on.map(|(_, classes)| classes);
    let mut pieces = known.pieces.clone();
    let each = known.lines.iter().enumerate();
    let lines = each.filter_map(|(at, line)| {
        let seen = known.at(at);
        let mut shown = described(&mut pieces, line, classes)?;
        shown.output = seen.map(|seen| seen.output.sizes());
        shown.parameters = seen.map_or(0, |seen| seen.parameters);
        shown.wrong = wrong == Some(at);
        Some(shown)
    });
    let lines = lines.collect();
    let ways_out = ways_out::of(spec, on, &known);
    Outline { lines, ways_out }
}

/// What a line says by itself.
fn described(pieces: &mut Vec<Piece>, line: &TextLine, classes: Option<usize>) -> Option<Line> {
    let mut shown = Line {
        depth: line.depth,
        kind: LineKind::Branch,
        word: String::new(),
        name: None,
        times: 1,
        numbers: Vec::new(),
        output: None,
        parameters: 0,
        wrong: false,
        actions: Vec::new(),
    };
    if line.is_branch {
        let (branches, _) = branch(pieces, &line.way)?;
        if branches.len() > 1 {
            shown.actions.push(Action::Remove);
        }
        return Some(shown);
    }
    let (sequence, at) = place(pieces, &line.way)?;
    let normalized = sequence.get(at + 1).is_some_and(normalizes);
    let (first, last) = (at == 0, at + 1 == sequence.len());
    let piece = sequence.get(at)?;
    shown.name = piece.name.clone().filter(|name| !name.is_empty());
    shown.times = piece.times.unwrap_or(1);
    let around = Around {
        classes,
        normalized,
    };
    match &piece.kind {
        PieceKind::Layer(word, settings) => {
            shown.kind = LineKind::Layer;
            let words = Operation::words();
            let facts = words.iter().find(|facts| facts.word == word);
            shown.word = facts.map_or_else(|| word.clone(), |facts| facts.kind.to_owned());
            shown.numbers = numbers(word, settings, around);
        }
        PieceKind::Group(_) => shown.kind = LineKind::Group,
        PieceKind::Join(word, _) => {
            shown.kind = LineKind::Join;
            (*word).clone_into(&mut shown.word);
        }
    }
    let can = |action, it: bool| it.then_some(action);
    let is_layer = shown.kind == LineKind::Layer;
    shown.actions = [
        can(Action::Up, !first),
        can(Action::Down, !last),
        can(Action::Duplicate, true),
        can(Action::Residual, true),
        can(Action::Branch, shown.kind == LineKind::Join),
        can(Action::Unwrap, !is_layer),
        can(Action::Remove, true),
    ]
    .into_iter()
    .flatten()
    .collect();
    Some(shown)
}

fn normalizes(piece: &Piece) -> bool {
    let PieceKind::Layer(word, _) = &piece.kind else {
        return false;
    };
    let words = Operation::words();
    words
        .iter()
        .any(|facts| facts.word == word && facts.normalizes)
}

/// The settings of a layer: as they are, or, where they make none, as they are written.
fn numbers(word: &str, settings: &[(String, f64)], around: Around) -> Vec<Number> {
    let given = settings.iter().map(|(letter, value)| Given {
        letter,
        value: *value,
        place: (0, 0),
    });
    let given: Vec<_> = given.collect();
    let read = Operation::read(word, &given, around).and_then(Result::ok);
    let mut numbers = read
        .map(|operation| operation.numbers(word))
        .unwrap_or_default();
    if numbers.is_empty() {
        let words = Operation::words();
        let facts = words.into_iter().find(|facts| facts.word == word);
        numbers = facts.map_or_else(Vec::new, |facts| {
            let each = facts.settings.into_iter().map(|setting| Number {
                letter: setting.letter,
                name: setting.name,
                value: setting.usual.unwrap_or(setting.limits.0),
                min: setting.limits.0,
                max: setting.limits.1,
                whole: true,
                written: false,
            });
            each.collect()
        });
    }
    for number in &mut numbers {
        let written = settings.iter().find(|(letter, _)| letter == number.letter);
        number.written = written.is_some();
        if let Some((_, value)) = written {
            number.value = *value;
        }
    }
    numbers
}
