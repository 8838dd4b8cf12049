//! The text of a network in pieces that can be changed one by one, and written again.

use std::fmt;

use super::JoinWord;
use super::parse::{Item, Part};
use super::tree::apart;
use crate::operation::notation::WordFacts;

/// A part of a network's text.
#[derive(Debug, Clone, PartialEq)]
pub struct Piece {
    /// Its name: nothing where none is written.
    pub name: Option<String>,
    /// How often it is repeated, if that is written.
    pub times: Option<usize>,
    /// What it is.
    pub kind: PieceKind,
}

/// What a piece is.
#[derive(Debug, Clone, PartialEq)]
pub enum PieceKind {
    /// A word, and settings behind it: letters and numbers.
    Layer(String, Vec<(String, f64)>),
    /// Pieces in brackets.
    Group(Vec<Piece>),
    /// A join's word, and branches.
    Join(&'static str, Vec<Vec<Piece>>),
}

/// The way to a piece from the outermost sequence: its number there; within a group, its number in the group; within a join, the
/// number of the branch and that in the branch. The way to a branch ends with the number of the branch.
pub type PiecePath = Vec<usize>;

impl Piece {
    /// A part as it was read.
    pub(super) fn of(part: &Part<'_>, lexicon: &[WordFacts]) -> Self {
        let all = |parts: &[Part<'_>]| parts.iter().map(|part| Self::of(part, lexicon)).collect();
        let kind = match &part.item {
            Item::Operation { word, settings } => {
                let each = settings.iter();
                let mut settings: Vec<(String, f64)> =
                    each.map(|one| (one.letter.to_owned(), one.value)).collect();
                let mut word = *word;
                let is_known = lexicon.iter().any(|known| known.word == word);
                if let (false, Some((known, letter)), Some(first)) =
                    (is_known, apart(lexicon, word), settings.first_mut())
                {
                    word = known;
                    first.0 = letter.to_owned();
                }
                PieceKind::Layer(word.to_owned(), settings)
            }
            Item::Group(parts) => PieceKind::Group(all(parts)),
            Item::Merge { join, branches } => {
                let JoinWord { word, .. } = join;
                PieceKind::Join(word, branches.iter().map(|parts| all(parts)).collect())
            }
        };
        Self {
            name: part.name.map(|(name, _)| name.to_owned()),
            times: part.times.map(|(times, _)| times),
            kind,
        }
    }

    /// A layer by itself.
    pub fn layer(word: &str, settings: &[(&str, f64)]) -> Self {
        let settings = settings.iter();
        let settings = settings.map(|(letter, value)| ((*letter).to_owned(), *value));
        Self::bare(PieceKind::Layer(word.to_owned(), settings.collect()))
    }

    /// One without a name.
    pub const fn bare(kind: PieceKind) -> Self {
        Self {
            name: None,
            times: None,
            kind,
        }
    }

    /// Gives a setting this number.
    pub fn set(&mut self, letter: &str, value: f64) {
        let PieceKind::Layer(_, settings) = &mut self.kind else {
            return;
        };
        match settings.iter_mut().find(|(known, _)| known == letter) {
            Some((_, number)) => *number = value,
            // The first one has no letter before it.
            None if letter.is_empty() => settings.insert(0, (String::new(), value)),
            None => settings.push((letter.to_owned(), value)),
        }
    }

    /// Takes back what is written of a setting.
    pub fn unset(&mut self, letter: &str) {
        if let PieceKind::Layer(_, settings) = &mut self.kind {
            settings.retain(|(known, _)| known != letter);
        }
    }

    /// Every layer in it.
    pub fn layers(&mut self, each: &mut dyn FnMut(&mut Self)) {
        match &mut self.kind {
            PieceKind::Layer(..) => each(self),
            PieceKind::Group(pieces) => pieces.iter_mut().for_each(|piece| piece.layers(each)),
            PieceKind::Join(_, branches) => {
                let pieces = branches.iter_mut().flatten();
                pieces.for_each(|piece| piece.layers(each));
            }
        }
    }
}

impl fmt::Display for Piece {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(name) = &self.name {
            write!(out, "{name}:")?;
        }
        if let Some(times) = self.times {
            write!(out, "{times}x")?;
        }
        match &self.kind {
            PieceKind::Layer(word, settings) => {
                out.write_str(word)?;
                let mut each = settings.iter();
                each.try_for_each(|(letter, value)| write!(out, "{letter}{value}"))
            }
            PieceKind::Group(pieces) => write!(out, "({})", text(pieces)),
            PieceKind::Join(word, branches) => {
                let branches: Vec<_> = branches.iter().map(|pieces| text(pieces)).collect();
                write!(out, "{word}({})", branches.join(";"))
            }
        }
    }
}

/// A sequence as it is written.
pub fn text(pieces: &[Piece]) -> String {
    let each: Vec<_> = pieces.iter().map(Piece::to_string).collect();
    each.join(",")
}

/// The sequence in which the piece at the end of a way stands, and its number there; nothing for a branch.
pub fn place<'a>(pieces: &'a mut Vec<Piece>, way: &[usize]) -> Option<(&'a mut Vec<Piece>, usize)> {
    let (&at, rest) = way.split_first()?;
    if rest.is_empty() {
        return (at < pieces.len()).then_some((pieces, at));
    }
    match (&mut pieces.get_mut(at)?.kind, rest) {
        (PieceKind::Group(inner), rest) => place(inner, rest),
        (PieceKind::Join(_, branches), [branch, rest @ ..]) => {
            place(branches.get_mut(*branch)?, rest)
        }
        _ => None,
    }
}

/// The branches of the join of which a way leads to one, and which.
pub fn branch<'a>(
    pieces: &'a mut Vec<Piece>,
    way: &[usize],
) -> Option<(&'a mut Vec<Vec<Piece>>, usize)> {
    let (&at, join) = way.split_last()?;
    let (pieces, join) = place(pieces, join)?;
    match &mut pieces.get_mut(join)?.kind {
        PieceKind::Join(_, branches) if at < branches.len() => Some((branches, at)),
        _ => None,
    }
}
