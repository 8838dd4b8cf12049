//! From the steps of a traced network to its text in the notation: branches where paths part and meet again.

use std::collections::{BTreeMap, BTreeSet};

use cnn_playground::operation::notation::Around;
use cnn_playground::operation::{Conv2d, GlobalAveragePool, Operation};

use crate::fault::{Outcome, ReadingCause, ReadingFault};
use crate::tensor::{Graph, Step};

/// The most parts of a text: what is shared by branches could be written very often.
const MOST_PARTS: usize = 4_000;

/// Writes a graph.
pub(crate) struct Writer<'g> {
    graph: &'g Graph,
    /// The nearest step that every path to a step goes through.
    dominators: Vec<usize>,
    /// Auxiliary classifiers, by the step they begin at.
    asides: BTreeMap<usize, Vec<usize>>,
    written: BTreeSet<usize>,
    parts: usize,
    /// The last layer, if it is to follow the classes of the data.
    last: Option<usize>,
    classes: usize,
}

/// A part of the text.
#[derive(Debug, Clone, PartialEq)]
struct Part {
    text: String,
    /// Whether it normalizes, which the operation before it must know.
    normalizes: bool,
    operation: Option<Operation>,
    node: usize,
}

/// The text of a network that ends at `outputs`, of which the first is the network's own.
///
/// # Errors
/// [`ReadingCause::Crossing`], [`ReadingCause::Shared`], [`ReadingCause::TooMuch`]
pub(crate) fn text(
    graph: &Graph,
    outputs: &[usize],
    classes: usize,
    follows: bool,
) -> Outcome<String> {
    let count = graph.nodes.len();
    let mut reached = BTreeSet::new();
    let mut left: Vec<_> = outputs.to_vec();
    while let Some(at) = left.pop() {
        if reached.insert(at) {
            left.extend(&graph.nodes[at].inputs);
        }
    }
    let mut dominators = vec![0; count];
    let mut depths = vec![0_usize; count];
    for (at, node) in graph.nodes.iter().enumerate().skip(1) {
        let mut inputs = node.inputs.iter().copied();
        let mut nearest = inputs.next().unwrap_or_default();
        for mut other in inputs {
            while nearest != other {
                if depths[nearest] >= depths[other] {
                    nearest = dominators[nearest];
                } else {
                    other = dominators[other];
                }
            }
        }
        dominators[at] = nearest;
        depths[at] = depths[nearest] + 1;
    }
    shared(graph, &reached)?;
    let (own, others) = outputs
        .split_first()
        .ok_or_else(|| ReadingFault::new(ReadingCause::Result))?;
    let mut writer = Writer {
        graph,
        dominators,
        asides: BTreeMap::new(),
        written: BTreeSet::new(),
        parts: 0,
        last: None,
        classes,
    };
    for &other in others {
        let mut at = other;
        let mut ahead = BTreeSet::new();
        let mut on = *own;
        while on != 0 {
            ahead.insert(on);
            on = writer.dominators[on];
        }
        while at != 0 && !ahead.contains(&at) {
            at = writer.dominators[at];
        }
        writer.asides.entry(at).or_default().push(other);
    }
    writer.last = Some(graph.last_layer(*own)).filter(|_| follows);
    let parts = writer.chain(0, *own)?;
    Ok(writer.joined(parts))
}

/// Whether no weights are used twice: the playground's layers are each there once.
fn shared(graph: &Graph, reached: &BTreeSet<usize>) -> Outcome<()> {
    let mut seen = BTreeSet::new();
    for &at in reached {
        let node = &graph.nodes[at];
        let Step::Operation(operation) = &node.step else {
            continue;
        };
        let input = graph.nodes[node.inputs[0]].shape;
        let learns = !operation.parameters(input).is_empty();
        if let Some(object) = node.object.filter(|_| learns)
            && !seen.insert(object)
        {
            let fault =
                ReadingFault::new(ReadingCause::Shared).with("name", operation.about().kind());
            return Err(fault.placed(node.place.0, node.place.1));
        }
    }
    Ok(())
}

impl Writer<'_> {
    /// The parts from one step, which is not among them, to another one.
    fn chain(&mut self, from: usize, to: usize) -> Outcome<Vec<Part>> {
        let mut parts = Vec::new();
        let mut at = to;
        while at != from {
            self.parts += 1;
            if self.parts > MOST_PARTS || at == 0 {
                return Err(ReadingFault::new(ReadingCause::TooMuch));
            }
            let node = self.graph.nodes[at].clone();
            let crossing = |name: &str| {
                ReadingFault::new(ReadingCause::Crossing)
                    .with("name", name)
                    .placed(node.place.0, node.place.1)
            };
            if let Some(asides) = self.asides.get(&at).cloned() {
                for aside in asides {
                    let classifier = self.chain(at, aside)?;
                    parts.push(Part {
                        text: format!("aux({})", self.joined(classifier)),
                        normalizes: false,
                        operation: None,
                        node: aside,
                    });
                }
            }
            let (part, next) = match &node.step {
                Step::Input => return Err(ReadingFault::new(ReadingCause::Result)),
                Step::Operation(operation) => {
                    let input = node.inputs[0];
                    let learns = !operation
                        .parameters(self.graph.nodes[input].shape)
                        .is_empty();
                    if learns && !self.written.insert(at) {
                        return Err(crossing(operation.about().kind()));
                    }
                    let normalizes = operation.about().has_statistics();
                    (
                        Part {
                            text: String::new(),
                            normalizes,
                            operation: Some(*operation),
                            node: at,
                        },
                        input,
                    )
                }
                Step::Add | Step::Concat | Step::Multiply => {
                    let word = match node.step {
                        Step::Add => "add",
                        Step::Concat => "cat",
                        _ => "mul",
                    };
                    let from = self.dominators[at];
                    let mut branches = Vec::new();
                    for &input in &node.inputs {
                        let branch = self.chain(from, input)?;
                        branches.push(self.joined(branch));
                    }
                    // One branch that is the input as it is need not be written, where the notation puts it there by itself.
                    let alone = match (word, &branches[..]) {
                        ("add", [body, same]) if same.is_empty() && !body.is_empty() => {
                            Some(body.clone())
                        }
                        ("add", [same, body]) if same.is_empty() && !body.is_empty() => {
                            Some(body.clone())
                        }
                        ("cat" | "mul", [same, body]) if same.is_empty() && !body.is_empty() => {
                            Some(body.clone())
                        }
                        _ => None,
                    };
                    let each = branches
                        .iter()
                        .map(|branch| if branch.is_empty() { "id" } else { branch });
                    let inner = alone.unwrap_or_else(|| each.collect::<Vec<_>>().join(";"));
                    (
                        Part {
                            text: format!("{word}({inner})"),
                            normalizes: false,
                            operation: None,
                            node: at,
                        },
                        from,
                    )
                }
                Step::ChannelMean | Step::ChannelMax | Step::RowMean | Step::Border(_) => {
                    let what = match node.step {
                        Step::ChannelMean => "mean(dim=1)",
                        Step::ChannelMax => "max(dim=1)",
                        Step::RowMean => "mean(dim=3)",
                        _ => "F.pad(x, …)",
                    };
                    let fault = ReadingFault::new(ReadingCause::Operation).with("what", what);
                    return Err(fault.placed(node.place.0, node.place.1));
                }
                Step::Last(name) => {
                    let fault = ReadingFault::new(ReadingCause::Operation).with("what", name);
                    return Err(fault.placed(node.place.0, node.place.1));
                }
            };
            parts.push(part);
            at = next;
        }
        parts.reverse();
        Ok(self.shorter(parts))
    }

    /// Average pooling to one pixel and flattening it is global average pooling.
    fn shorter(&self, parts: Vec<Part>) -> Vec<Part> {
        let mut kept: Vec<Part> = Vec::new();
        for part in parts {
            let before = kept.last().and_then(|before| before.operation);
            match (before, part.operation) {
                (Some(Operation::AdaptiveAveragePool2d(pool)), Some(Operation::Flatten(_)))
                    if pool.size == [1, 1] =>
                {
                    kept.pop();
                    kept.push(Part {
                        operation: Some(GlobalAveragePool.into()),
                        ..part
                    });
                }
                _ => kept.push(part),
            }
        }
        kept
    }

    /// The text of parts one after the other; what is there several times is written once.
    fn joined(&self, parts: Vec<Part>) -> String {
        let pieces = (0..parts.len()).map(|at| {
            let part = &parts[at];
            let normalized = parts.get(at + 1).is_some_and(|next| next.normalizes);
            let classes = (self.last == Some(part.node)).then_some(self.classes);
            let text = |normalized| match (part.operation, classes) {
                (None, _) => part.text.clone(),
                // Whatever number it has, it is to have one for each class.
                (Some(Operation::Linear(_)), Some(_)) => "fc".to_owned(),
                (Some(Operation::Conv2d(conv)), Some(out_channels)) => {
                    let conv = Operation::from(Conv2d {
                        out_channels,
                        ..conv
                    });
                    conv.text(Around {
                        classes,
                        normalized,
                    })
                    .0
                }
                (Some(operation), _) => {
                    operation
                        .text(Around {
                            classes: None,
                            normalized,
                        })
                        .0
                }
            };
            Piece {
                text: text(normalized),
                alone: text(false),
                is_group: false,
            }
        });
        written(&repeated(pieces.collect()))
    }
}

/// A part, or several, as text.
#[derive(Debug, Clone)]
struct Piece {
    text: String,
    /// The same where what follows is not seen: at the end of a group, or before one.
    alone: String,
    is_group: bool,
}

fn written(pieces: &[Piece]) -> String {
    let each = pieces.iter().enumerate().map(|(at, piece)| {
        let is_seen = pieces.get(at + 1).is_some_and(|next| !next.is_group);
        if is_seen {
            &piece.text[..]
        } else {
            &piece.alone[..]
        }
    });
    each.collect::<Vec<_>>().join(",")
}

/// Parts with neighbours that say the same as one part, which is repeated; the longest saving first.
fn repeated(mut pieces: Vec<Piece>) -> Vec<Piece> {
    /// As long as a group of parts may be.
    const LONGEST: usize = 24;
    let same = |a: &[Piece], b: &[Piece]| {
        a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.alone == b.alone)
    };
    loop {
        let mut best: Option<(usize, usize, usize, usize)> = None;
        for period in 1..=LONGEST.min(pieces.len() / 2) {
            let mut at = 0;
            while at + 2 * period <= pieces.len() {
                let one = &pieces[at..at + period];
                let next =
                    |times: usize| pieces.get(at + times * period..at + (times + 1) * period);
                let times = 1
                    + (1..)
                        .take_while(|times| next(*times).is_some_and(|next| same(one, next)))
                        .count();
                if times > 1 {
                    let length: usize = one.iter().map(|piece| piece.alone.len() + 1).sum();
                    let cost = if period > 1 { 5 } else { 2 };
                    let saved = ((times - 1) * length).saturating_sub(cost);
                    if saved > 0 && best.is_none_or(|(known, ..)| saved > known) {
                        best = Some((saved, at, period, times));
                    }
                    at += times * period;
                } else {
                    at += 1;
                }
            }
        }
        let Some((_, at, period, times)) = best else {
            return pieces;
        };
        let group = &pieces[at..at + period];
        let is_plain = period == 1 && !group[0].is_group;
        let text = match is_plain {
            true => format!("{times}x{}", group[0].alone),
            false => format!("{times}x({})", written(group)),
        };
        pieces.splice(
            at..at + period * times,
            [Piece {
                alone: text.clone(),
                text,
                is_group: !is_plain,
            }],
        );
    }
}
