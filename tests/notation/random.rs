//! Layer trees at random.

use cnn_playground::arch::{Join, Layer, notation};
use cnn_playground::operation::{Dropout, Identity, Operation};
use proptest::prelude::*;
use proptest::sample::select;

/// Any operation that can be written.
fn operation() -> impl Strategy<Value = Layer> {
    let known = Operation::words();
    let each = (
        0..known.len(),
        prop::collection::vec(0.0..1.0_f64, 8),
        any::<bool>(),
    );
    each.prop_map(move |(at, shares, normalized)| {
        let word = &known[at];
        let settings = word.settings.iter().zip(shares);
        let text = settings.fold(word.word.to_owned(), |text, (setting, share)| {
            let (min, max) = setting.limits;
            // Limits may depend on settings before.
            let value = if setting.name == "p" {
                (100.0 * share).round() / 128.0
            } else {
                (min + share * (max.min(6.0) - min)).floor()
            };
            format!("{text}{}{value}", setting.letter)
        });
        let bare = if normalized {
            format!("{text},bn")
        } else {
            text
        };
        match notation::read(&bare, 7) {
            Ok(read) => match read.layer {
                Layer::Sequential(parts) => parts.into_iter().next().unwrap().1,
                layer => layer,
            },
            // Padding or groups beyond what the others allow.
            Err(_) => Identity.into(),
        }
    })
}

/// Any tree with names.
pub(crate) fn tree() -> impl Strategy<Value = Layer> {
    let leaf = operation();
    let inner = leaf.prop_recursive(4, 40, 5, |inner| {
        let name = "[a-c]{0,1}_?[0-9]{0,2}";
        let parts = prop::collection::vec((name, inner.clone(), 1_usize..4), 1..5);
        let join = select(vec![
            Join::Add,
            Join::Concat,
            Join::Multiply,
            Join::Auxiliary,
        ]);
        prop_oneof![
            parts
                .clone()
                .prop_map(|parts| Layer::Sequential(spread(parts))),
            (join, parts, any::<bool>()).prop_map(|(join, parts, around)| {
                let mut branches: Vec<_> = spread(parts)
                    .into_iter()
                    .enumerate()
                    .map(|(at, (name, layer))| (usual(join, at, name), layer))
                    .collect();
                if around {
                    let at = usize::from(join == Join::Add);
                    let name = usual(join, at, String::new());
                    branches.truncate(1);
                    branches[0].0 = usual(join, 1 - at, String::new());
                    branches.insert(at, (name, Identity.into()));
                }
                branches.dedup_by(|a, b| a.0 == b.0);
                if branches.len() == 1 {
                    branches.push(("other".to_owned(), Dropout { rate: 0.5 }.into()));
                }
                Layer::Merge { join, branches }
            }),
        ]
    });
    prop::collection::vec(("[a-z]?[0-9]?", inner, 1_usize..4), 1..6)
        .prop_map(|parts| Layer::Sequential(spread(parts)))
}

/// A name for a branch: some of them are those that need not be written.
fn usual(join: Join, at: usize, name: String) -> String {
    let names = match join {
        Join::Add => ["body", "shortcut"],
        Join::Concat => ["shortcut", "body"],
        Join::Multiply => ["input", "gate"],
        Join::Auxiliary => ["on", "classifier"],
    };
    match names.get(at) {
        Some(usual) if name.len() < 2 => (*usual).to_owned(),
        _ => format!("{name}x{at}"),
    }
}

/// Each part as often as it says, under names that no other has.
fn spread(parts: Vec<(String, Layer, usize)>) -> Vec<(String, Layer)> {
    let mut all: Vec<(String, Layer)> = Vec::new();
    for (name, layer, times) in parts {
        for time in 0..times {
            let mut name = if time == 0 {
                name.clone()
            } else {
                format!("{name}{time}")
            };
            while all.iter().any(|(other, _)| *other == name) {
                name.push('z');
            }
            all.push((name, layer.clone()));
        }
    }
    all
}
