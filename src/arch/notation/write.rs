//! From the tree to its text: the shortest that says the same.

use std::collections::BTreeSet;

use super::super::Layer;
use super::JoinWord;
use super::tree::{UNNAMED, counted, free};
use crate::operation::notation::{Around, Stem};
use crate::operation::{Identity, Operation};

/// The text of a network. `other` is the same network for another number of classes than `classes`: what differs there
/// is written so that it follows the data set; where nothing is to follow, it is the network itself.
///
/// Sequences must have parts, and names must be of letters, digits and `_`.
pub fn write(network: &Layer, other: &Layer, classes: usize) -> String {
    let writer = Writer { classes };
    match (network, other) {
        (Layer::Sequential(parts), Layer::Sequential(others)) => writer.sequence(parts, others).0,
        _ => writer.layer(network, other, false).0,
    }
}

struct Writer {
    classes: usize,
}

/// Parts with their names.
type Parts = [(String, Layer)];

impl Writer {
    /// The text, and whether it is one part that is not repeated.
    fn sequence(&self, parts: &Parts, others: &Parts) -> (String, bool) {
        let is_norm = |layer: &Layer| matches!(layer, Layer::Operation(next) if next.about().has_statistics());
        let each: Vec<_> = (0..parts.len().min(others.len()))
            .map(|at| {
                let normalized = parts.get(at + 1).is_some_and(|(_, next)| is_norm(next));
                self.layer(&parts[at].1, &others[at].1, normalized)
            })
            .collect();
        let mut taken = BTreeSet::new();
        let mut written = Vec::new();
        let mut at = 0;
        let mut is_single = true;
        while let Some((text, stem)) = each.get(at) {
            let name = &parts[at].0;
            let alike = (at + 1..each.len()).take_while(|&next| {
                each[next].0 == *text && parts[next].0 == counted(name, next - at)
            });
            let times = 1 + alike.count();
            // Names that go on from a first one without a number at its end would be other ones.
            let times = if counted(name, 0) == *name { times } else { 1 };
            let mut is_usual = true;
            for (name, _) in &parts[at..at + times] {
                is_usual &= free(*stem, &taken) == *name;
                taken.insert(name.clone());
            }
            let shorter = name
                .strip_suffix('1')
                .filter(|shorter| times > 1 && !shorter.is_empty() && counted(shorter, 0) == *name);
            let mut part = match is_usual {
                true => String::new(),
                false => format!("{}:", shorter.unwrap_or(name)),
            };
            if times > 1 {
                part += &format!("{times}x");
            }
            written.push(part + text);
            is_single = times == 1;
            at += times;
        }
        (written.join(","), is_single && written.len() == 1)
    }

    /// The text, and what the part is called that has no name.
    fn layer(&self, layer: &Layer, other: &Layer, normalized: bool) -> (String, Stem) {
        match (layer, other) {
            (Layer::Operation(operation), other) => {
                let follows = *other != Layer::Operation(*operation);
                let around = Around {
                    classes: follows.then_some(self.classes),
                    normalized,
                };
                operation.text(around)
            }
            (Layer::Sequential(parts), Layer::Sequential(others)) => {
                (format!("({})", self.sequence(parts, others).0), UNNAMED)
            }
            (
                Layer::Merge { join, branches },
                Layer::Merge {
                    branches: twins, ..
                },
            ) => {
                let word = JoinWord::of(*join);
                let stem = Stem::Counted(word.word);
                (
                    format!("{}({})", word.word, self.branches(word, branches, twins)),
                    stem,
                )
            }
            (layer, _) => self.layer(layer, layer, normalized),
        }
    }

    fn branches(&self, word: &JoinWord, branches: &Parts, twins: &Parts) -> String {
        let as_it_is = Layer::Operation(Operation::Identity(Identity));
        if let ([_, _], [_, _]) = (branches, twins)
            && branches[word.identity] == (word.alone[word.identity].to_owned(), as_it_is)
        {
            let at = 1 - word.identity;
            return self.branch(&branches[at], &twins[at].1, word.alone[at]);
        }
        let each = branches.iter().zip(twins).enumerate();
        let texts: Vec<_> = each
            .map(|(at, (branch, twin))| self.branch(branch, &twin.1, &word.name(at)))
            .collect();
        texts.join(";")
    }

    /// A branch; `usual` is what it is called if it has no name in the text.
    fn branch(&self, (name, layer): &(String, Layer), twin: &Layer, usual: &str) -> String {
        let named = |text: String| match name == usual {
            true => text,
            false => format!("{name}:{text}"),
        };
        match (layer, twin) {
            (Layer::Sequential(parts), Layer::Sequential(twins)) => {
                let (text, is_single) = self.sequence(parts, twins);
                match name == usual && !is_single {
                    true => text,
                    false => named(format!("({text})")),
                }
            }
            _ => named(self.layer(layer, twin, false).0),
        }
    }
}
