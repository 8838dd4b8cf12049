//! Arrows between files or rooms.

use std::collections::{BTreeMap, BTreeSet};

/// From each node to those that it uses.
pub(crate) type Graph = BTreeMap<String, BTreeSet<String>>;

/// The nodes that can be reached from this one.
fn reached(graph: &Graph, from: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut next = vec![from.to_owned()];
    while let Some(node) = next.pop() {
        for other in graph.get(&node).into_iter().flatten() {
            if found.insert(other.clone()) {
                next.push(other.clone());
            }
        }
    }
    found
}

/// The nodes that use each other, directly or through others: one text for each cycle.
pub(crate) fn cycles(graph: &Graph) -> Vec<String> {
    let reached: BTreeMap<&String, _> = graph
        .keys()
        .map(|node| (node, reached(graph, node)))
        .collect();
    let mut cycles = BTreeSet::new();
    for (node, others) in &reached {
        if others.contains(*node) {
            let together = reached
                .iter()
                .filter(|(other, back)| others.contains(**other) && back.contains(*node));
            let names: Vec<&str> = together.map(|(other, _)| other.as_str()).collect();
            cycles.insert(names.join(", "));
        }
    }
    cycles.into_iter().collect()
}

#[test]
fn a_cycle_is_found_and_named_once() {
    let graph = |arrows: &[(&str, &str)]| {
        let mut graph = Graph::new();
        for (from, to) in arrows {
            graph
                .entry((*from).to_owned())
                .or_default()
                .insert((*to).to_owned());
        }
        graph
    };
    let arrows = [("a", "b"), ("b", "c"), ("c", "a"), ("c", "d"), ("e", "a")];
    assert_eq!(cycles(&graph(&arrows)), ["a, b, c"]);
    assert!(cycles(&graph(&arrows[3..])).is_empty());
}
