//! What stands in a network's text, line by line as an editor shows it.

use super::parse::{Item, Part};
use super::pieces::{Piece, PiecePath};
use super::{Stretch, parse};
use crate::base::error::Result;
use crate::operation::Operation;

/// A line of an editor: a layer, a sequence in brackets, a join, or one of its branches, which comes before its parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextLine {
    /// The way to it.
    pub way: PiecePath,
    /// In how many brackets it stands.
    pub depth: usize,
    /// Whether it is a branch: the join of which it is one is the last line before it with less depth.
    pub is_branch: bool,
    /// Where its layer stands in the text, without name and repetition; nothing for a branch.
    pub place: Option<Stretch>,
}

/// The pieces of a text, and its lines.
///
/// # Errors
/// What is wrong with how it is written, and where.
pub fn lines(text: &str) -> Result<(Vec<Piece>, Vec<TextLine>)> {
    let parts = parse::network(text).map_err(|fault| fault.problem(text))?;
    let lexicon = Operation::words();
    let pieces = parts.iter().map(|part| Piece::of(part, &lexicon)).collect();
    let mut lines = Vec::new();
    walk(&parts, &[], 0, &mut lines);
    Ok((pieces, lines))
}

fn walk(parts: &[Part<'_>], way: &[usize], depth: usize, lines: &mut Vec<TextLine>) {
    for (at, part) in parts.iter().enumerate() {
        let way = [way, &[at]].concat();
        lines.push(TextLine {
            way: way.clone(),
            depth,
            is_branch: false,
            place: Some(part.place),
        });
        match &part.item {
            Item::Operation { .. } => {}
            Item::Group(parts) => walk(parts, &way, depth + 1, lines),
            Item::Merge { branches, .. } => {
                for (at, parts) in branches.iter().enumerate() {
                    let way = [&way[..], &[at]].concat();
                    lines.push(TextLine {
                        way: way.clone(),
                        depth: depth + 1,
                        is_branch: true,
                        place: None,
                    });
                    walk(parts, &way, depth + 2, lines);
                }
            }
        }
    }
}
