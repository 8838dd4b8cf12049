//! What a person does to a line, and the text that comes of it.

use serde::{Deserialize, Serialize};

use super::{Known, On};
use crate::arch::notation::pieces::{Piece, PieceKind, PiecePath, branch, place, text};
use crate::arch::notation::{self, MOST_LAYERS};
use crate::base::error::{Code, Problem, Result};
use crate::experiment::ExperimentSpec;
use crate::operation::Operation;

/// One change of a network's text. A line is one of [`Outline::lines`](super::Outline::lines), counted from 0.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Edit {
    /// A layer of this word, or a block of this name, comes behind a line; within a branch, first.
    Add {
        /// Which.
        line: usize,
        /// A word of the notation, or a name of [`BLOCKS`].
        word: String,
    },
    /// A line goes away, with all that is in it.
    Remove {
        /// Which.
        line: usize,
    },
    /// The same once more behind it.
    Duplicate {
        /// Which.
        line: usize,
    },
    /// It changes places with the one before it.
    Up {
        /// Which.
        line: usize,
    },
    /// It changes places with the one behind it.
    Down {
        /// Which.
        line: usize,
    },
    /// What it makes is added to what it gets. He et al. 2015, <https://arxiv.org/abs/1512.03385>.
    Residual {
        /// Which.
        line: usize,
    },
    /// The brackets around its parts go away; of a join the first branch stays.
    Unwrap {
        /// Which.
        line: usize,
    },
    /// A join gets one branch more, which hands over what it gets.
    Branch {
        /// Which.
        line: usize,
    },
    /// A setting becomes this number.
    Number {
        /// Which.
        line: usize,
        /// The letter before it; nothing for the first one.
        letter: String,
        /// The number.
        value: f64,
    },
    /// A line is repeated so often.
    Times {
        /// Which.
        line: usize,
        /// How often.
        times: usize,
    },
}

/// What comes of an edit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Edited {
    /// The network's new text.
    pub layers: String,
    /// The line that was changed, or the next one where it is gone.
    pub line: usize,
}

/// A block: its name, with an entry `own.block.<name>` in the locale files, and its text for so many channels.
pub type Block = (&'static str, fn(usize) -> String);

/// Blocks that are well known.
pub const BLOCKS: &[Block] = &[
    // He et al. 2015, https://arxiv.org/abs/1512.03385, figure 5.
    ("basic", |c| {
        format!("(:add(conv{c},bn,relu,conv{c},bn),act:relu)")
    }),
    ("bottleneck", |c| {
        let few = part(c, 4);
        format!("(:add(conv{few}k1,bn,relu,conv{few},bn,relu,conv{c}k1,bn),act:relu)")
    }),
    // Szegedy et al. 2014, https://arxiv.org/abs/1409.4842, figure 2: naive, and with reductions.
    ("inception-naive", |c| {
        let (half, eighth) = (part(c, 2), part(c, 8));
        format!("cat(conv{half}k1,relu;conv{half},relu;conv{eighth}k5,relu;max3s1p1)")
    }),
    ("inception", |c| {
        let (half, quarter, eighth) = (part(c, 2), part(c, 4), part(c, 8));
        format!(
            "cat(conv{quarter}k1,relu;conv{quarter}k1,relu,conv{half},relu;conv{eighth}k1,relu,conv{eighth}k5,relu;\
             max3s1p1,conv{eighth}k1,relu)"
        )
    }),
    // Hu et al. 2017, https://arxiv.org/abs/1709.01507.
    ("se", |c| {
        format!("mul(gap,fc{},relu,fc{c},sigmoid)", part(c, 4))
    }),
    // Woo et al. 2018, https://arxiv.org/abs/1807.06521.
    ("cbam", |c| {
        format!(
            "(mul(mlp{},sigmoid),mul(cpool,conv1k7,sigmoid))",
            part(c, 4)
        )
    }),
    // Wang et al. 2019, https://arxiv.org/abs/1910.03151.
    ("eca", |_| "mul(gap,cconv3,sigmoid)".to_owned()),
    // Huang et al. 2016, https://arxiv.org/abs/1608.06993: one layer of a dense block.
    ("dense", |c| format!("cat(bn,relu,conv{})", part(c, 2))),
    // Sandler et al. 2018, https://arxiv.org/abs/1801.04381.
    ("inverted", |c| {
        let wide = 4 * c;
        format!("add(conv{wide}k1,bn,relu,conv{wide}g{wide},bn,relu,conv{c}k1,bn)")
    }),
];

/// A part of some channels, at least one.
fn part(channels: usize, of: usize) -> usize {
    (channels / of).max(1)
}

/// Channels where nothing is known of what comes before.
const USUAL: usize = 16;
/// Channels beyond which a block would be too large to be of use.
const WIDEST: usize = 1_024;

/// The largest number that a text is given: beyond every setting's limit.
const LARGEST: f64 = 1e6;

/// Does one edit to the text of a spec.
///
/// # Errors
/// As [`notation::read`] if the text cannot be read; [`Code::UnknownLayer`] for a word that is none; [`Code::Internal`] for a
/// line that is not there or cannot be edited so; [`Code::OutOfRange`] for a number that no text can say. What fits together is no matter of this: the network may be wrong
/// afterwards, and is shown with its mistake.
pub fn edit(spec: &ExperimentSpec, on: Option<On>, edit: &Edit) -> Result<Edited> {
    notation::lines(&spec.layers)?;
    let known = Known::of(spec, on);
    let mut known = known.ok_or_else(|| Problem::internal("the text cannot be read"))?;
    let line = edit.line();
    let nowhere = || Problem::internal(format!("line {line} is not there, or cannot be edited so"));
    let way = known.lines.get(line).ok_or_else(nowhere)?.way.clone();
    let new = match edit {
        Edit::Number { value, .. } if !(0.0..=LARGEST).contains(value) => {
            let problem = Problem::new(Code::OutOfRange).with("value", value);
            return Err(problem.with("min", 0).with("max", LARGEST));
        }
        Edit::Add { word, .. } => {
            let channels = known.at(line).map_or(USUAL, |seen| seen.output.channels());
            Some(made(word, channels.min(WIDEST))?)
        }
        _ => None,
    };
    let target = applied(&mut known.pieces, &way, edit, new).ok_or_else(nowhere)?;
    let layers = text(&known.pieces);
    let (_, lines) = notation::lines(&layers)?;
    let found = lines.iter().position(|line| line.way == target);
    Ok(Edited {
        layers,
        line: found.unwrap_or_else(|| line.min(lines.len().saturating_sub(1))),
    })
}

impl Edit {
    const fn line(&self) -> usize {
        match *self {
            Self::Add { line, .. }
            | Self::Remove { line }
            | Self::Duplicate { line }
            | Self::Up { line }
            | Self::Down { line }
            | Self::Residual { line }
            | Self::Unwrap { line }
            | Self::Branch { line }
            | Self::Number { line, .. }
            | Self::Times { line, .. } => line,
        }
    }
}

/// A layer or a block that is new, for so many channels.
fn made(word: &str, channels: usize) -> Result<Vec<Piece>> {
    if let Some((_, block)) = BLOCKS.iter().find(|(name, _)| *name == word) {
        return notation::lines(&block(channels)).map(|(pieces, _)| pieces);
    }
    let words = Operation::words();
    let facts = words.iter().find(|facts| facts.word == word);
    let facts = facts.ok_or_else(|| Problem::new(Code::UnknownLayer).with("found", word))?;
    let mut piece = Piece::layer(word, &[]);
    for setting in &facts.settings {
        if setting.usual.is_some() && !setting.follows_classes {
            continue;
        }
        let (least, most) = setting.limits;
        let usual = match setting.name {
            "out_channels" => channels,
            "out_features" => 4 * USUAL,
            "hidden" => part(channels, 4),
            _ => 1,
        };
        piece.set(setting.letter, (usual as f64).clamp(least, most));
    }
    Ok(vec![piece])
}

/// Does it, and gives the way to the line that was changed.
fn applied(
    pieces: &mut Vec<Piece>,
    way: &PiecePath,
    edit: &Edit,
    new: Option<Vec<Piece>>,
) -> Option<PiecePath> {
    let (last, around) = way.split_last()?;
    let beside = |at: usize| [around, &[at]].concat();
    if let Some((branches, at)) = branch(pieces, way) {
        match edit {
            Edit::Remove { .. } if branches.len() > 1 => drop(branches.remove(at)),
            Edit::Add { .. } => {
                branches.get_mut(at)?.splice(0..0, new?);
                return Some([&way[..], &[0]].concat());
            }
            _ => return None,
        }
        return Some(around.to_vec());
    }
    let (sequence, at) = place(pieces, way)?;
    match edit {
        Edit::Add { .. } => {
            sequence.splice(at + 1..at + 1, new?);
            return Some(beside(last + 1));
        }
        Edit::Remove { .. } => {
            sequence.remove(at);
            // A sequence has parts.
            if sequence.is_empty() {
                sequence.push(Piece::layer("id", &[]));
            }
        }
        Edit::Duplicate { .. } => {
            let mut copy = sequence.get(at)?.clone();
            copy.name = None;
            sequence.insert(at + 1, copy);
            return Some(beside(last + 1));
        }
        Edit::Up { .. } => {
            sequence.swap(at, at.checked_sub(1)?);
            return Some(beside(last - 1));
        }
        Edit::Down { .. } if at + 1 < sequence.len() => {
            sequence.swap(at, at + 1);
            return Some(beside(last + 1));
        }
        Edit::Residual { .. } => {
            let piece = sequence.get_mut(at)?;
            let node = std::mem::replace(&mut piece.kind, PieceKind::Group(Vec::new()));
            let body = match node {
                PieceKind::Group(pieces) => pieces,
                node => vec![Piece::bare(node)],
            };
            piece.kind = PieceKind::Join("add", vec![body]);
        }
        Edit::Unwrap { .. } => {
            let piece = sequence.remove(at);
            let mut within = match piece.kind {
                PieceKind::Group(pieces) => pieces,
                PieceKind::Join(_, branches) => branches.into_iter().next()?,
                PieceKind::Layer(..) => return None,
            };
            if let [only] = within.as_mut_slice() {
                only.name = only.name.take().or(piece.name);
                only.times = only.times.or(piece.times);
            }
            sequence.splice(at..at, within);
        }
        Edit::Branch { .. } => match &mut sequence.get_mut(at)?.kind {
            PieceKind::Join(_, branches) => branches.push(vec![Piece::layer("id", &[])]),
            _ => return None,
        },
        Edit::Number { letter, value, .. } => {
            let piece = sequence.get_mut(at)?;
            let known = Operation::words();
            let PieceKind::Layer(word, _) = &piece.kind else {
                return None;
            };
            let facts = known.iter().find(|facts| facts.word == word)?;
            facts.settings.iter().find(|one| one.letter == letter)?;
            piece.set(letter, *value);
        }
        Edit::Times { times, .. } => {
            sequence.get_mut(at)?.times = (*times > 1).then_some(*times.min(&MOST_LAYERS));
        }
        Edit::Down { .. } => return None,
    }
    Some(way.clone())
}
