//! Ways out of a mistake in a network's text: changes of which it is known that they help, because each was tried.

use serde::Serialize;

use super::{Known, On};
use crate::arch::notation::pieces::{Piece, PieceKind, place, text};
use crate::base::error::Code;
use crate::experiment::ExperimentSpec;
use crate::operation::Shape;

/// A way out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct WayOut {
    /// What it does, with an entry `own.way.<name>` in the locale files.
    pub name: &'static str,
    /// The text that comes of it.
    pub layers: String,
}

/// As many as are offered.
const MOST: usize = 3;

/// The ways out of the mistake that is known: those after which the network is right, and if there is none, those after which
/// the next mistake comes later.
pub(super) fn of(spec: &ExperimentSpec, on: Option<On>, known: &Known) -> Vec<WayOut> {
    let (Some(on), Some(problem), Some(line)) = (on, &known.problem, known.wrong()) else {
        return Vec::new();
    };
    let mut right = Vec::new();
    let mut later = Vec::new();
    for (name, pieces) in tries(known, problem.code, line) {
        let layers = text(&pieces);
        let mut changed = spec.clone();
        changed.layers.clone_from(&layers);
        let Some(then) = Known::of(&changed, Some(on)) else {
            continue;
        };
        let goes_on = || then.seen.len() > known.seen.len();
        match then.problem {
            None => right.push(WayOut { name, layers }),
            Some(_) if goes_on() => later.push(WayOut { name, layers }),
            Some(_) => {}
        }
    }
    let mut found = if right.is_empty() { later } else { right };
    found.dedup_by(|one, other| one.layers == other.layers);
    found.truncate(MOST);
    found
}

/// What may help, the gentlest first.
fn tries(known: &Known, code: Code, line: usize) -> Vec<(&'static str, Vec<Piece>)> {
    let way = &known.lines[line].way;
    let mut found = Vec::new();
    let mut offer = |name, change: &dyn Fn(&mut Vec<Piece>, usize) -> Option<()>| {
        let mut pieces = known.pieces.clone();
        let done = place(&mut pieces, way).and_then(|(sequence, at)| change(sequence, at));
        if done.is_some() {
            found.push((name, pieces));
        }
    };
    let each = |sequence: &mut Vec<Piece>, at: usize, change: &dyn Fn(&mut Piece)| {
        sequence
            .get_mut(at)
            .map(|piece| piece.layers(&mut |layer| change(layer)))
    };
    match code {
        Code::ShapesDiffer | Code::SizesDiffer | Code::GateDiffers => {
            offer("same-size", &|sequence, at| {
                each(sequence, at, &|layer| {
                    layer.unset("p");
                    layer.unset("q");
                })
            });
            offer("no-stride", &|sequence, at| {
                each(sequence, at, &|layer| layer.unset("s"))
            });
            let shortcut = projection(known, line);
            offer(
                "projection",
                &|sequence, at| match &mut sequence.get_mut(at)?.kind {
                    PieceKind::Join("add", branches) => {
                        branches.truncate(1);
                        branches.push(shortcut.clone()?);
                        Some(())
                    }
                    _ => None,
                },
            );
            let channels = known.at(line).map(|seen| seen.input.channels());
            let channels = channels.or_else(|| Some(entering(known, line)?.channels()));
            offer("same-channels", &|sequence, at| {
                let PieceKind::Join(_, branches) = &mut sequence.get_mut(at)?.kind else {
                    return None;
                };
                let mut layers = branches.first_mut()?.iter_mut().rev();
                let last = layers.find(
                    |piece| matches!(&piece.kind, PieceKind::Layer(word, _) if word == "conv"),
                )?;
                last.set("", channels? as f64);
                Some(())
            });
        }
        Code::LayerNeedsVector => {
            for name in ["flatten", "gap"] {
                offer(name, &|sequence, at| {
                    sequence.insert(at, Piece::layer(name, &[]));
                    Some(())
                });
            }
        }
        Code::KernelTooLarge => {
            offer("same-size", &|sequence, at| {
                each(sequence, at, &|layer| {
                    layer.unset("p");
                    layer.unset("q");
                })
            });
            offer("small-kernel", &|sequence, at| {
                let size = match entering(known, line)? {
                    Shape::Image(image) => image.height.min(image.width),
                    Shape::Vector(_) => return None,
                };
                let piece = sequence.get_mut(at)?;
                let PieceKind::Layer(word, _) = &piece.kind else {
                    return None;
                };
                let letter = if word.starts_with("conv") { "k" } else { "" };
                piece.unset("w");
                piece.set(letter, size as f64);
                Some(())
            });
        }
        Code::GroupsDoNotDivide => {
            offer("no-groups", &|sequence, at| {
                each(sequence, at, &|layer| layer.unset("g"))
            });
        }
        Code::ChannelsDoNotDivide => {
            offer("one-group", &|sequence, at| {
                each(sequence, at, &|layer| layer.set("", 1.0))
            });
        }
        Code::OutputDiffers => {
            offer("classes", &|sequence, at| {
                each(sequence, at, &|layer| layer.unset(""))
            });
            offer("dense", &|sequence, at| {
                sequence.insert(at + 1, Piece::layer("fc", &[]));
                Some(())
            });
            offer("pooled-dense", &|sequence, at| {
                let both = ["gap", "fc"].map(|word| Piece::layer(word, &[]));
                sequence.splice(at + 1..at + 1, both);
                Some(())
            });
        }
        _ => {}
    }
    offer("remove", &|sequence, at| {
        (sequence.len() > 1).then(|| drop(sequence.remove(at)))
    });
    found
}

/// What enters a line: what enters the first layer within it, or what leaves the last one that is known before it.
fn entering(known: &Known, line: usize) -> Option<Shape> {
    let (start, end) = known.lines[line].place?;
    let within = known.seen.range((start, 0)..(end, 0)).next();
    within.map(|(_, seen)| seen.input).or_else(|| {
        let before = known.seen.range(..(start, 0)).next_back();
        before.map(|(_, seen)| seen.output)
    })
}

/// The shortcut that gives what the first branch of a join gives, as He et al. 2015, option B.
fn projection(known: &Known, line: usize) -> Option<Vec<Piece>> {
    let lines = known.lines.iter().enumerate().skip(line + 1);
    let depth = known.lines[line].depth;
    let within = lines.take_while(|(_, one)| one.depth > depth);
    let first = within
        .skip(1)
        .take_while(|(_, one)| !(one.is_branch && one.depth == depth + 1));
    let seen: Vec<_> = first.filter_map(|(at, _)| known.at(at)).collect();
    match (seen.first()?.input, seen.last()?.output) {
        (Shape::Image(from), Shape::Image(to)) if from.height >= to.height => {
            let stride = from.height.div_ceil(to.height);
            let mut conv = Piece::layer("conv", &[("", to.channels as f64), ("k", 1.0)]);
            if stride > 1 {
                conv.set("s", stride as f64);
            }
            Some(vec![conv, Piece::layer("bn", &[])])
        }
        (Shape::Vector(_), Shape::Vector(to)) => Some(vec![Piece::layer("fc", &[("", to as f64)])]),
        _ => None,
    }
}
