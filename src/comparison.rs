//! Two networks side by side: which layer of one corresponds to which layer of the other.

use serde::{Deserialize, Serialize};

use crate::arch::summary::Row;
use crate::arch::{self, Summary, calculator, examples};
use crate::base::DataFacts;
use crate::base::error::Problem;
use crate::experiment::{Choices, Family};
use crate::view::View;

/// Where a network comes from.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
#[serde(tag = "from", rename_all = "kebab-case")]
pub enum Source {
    /// One of the course's examples.
    Example {
        /// Which.
        name: String,
    },
    /// A family's network as it was published.
    Original {
        /// Of which family.
        net: Family,
    },
    /// An experiment.
    Choices {
        /// What was chosen.
        choices: Box<Choices>,
        /// Its data set's, where they are known.
        facts: Option<DataFacts>,
    },
}

/// A network, or why it is impossible; neither if the size of its images is not known yet.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Side {
    /// Its table.
    pub network: Option<Summary>,
    /// Why it is impossible.
    pub refusal: Option<Problem>,
}

/// Two networks, and their layers in pairs.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Comparison {
    /// The one.
    pub a: Side,
    /// The other.
    pub b: Side,
    /// Every layer of both, in order.
    pub pairs: Vec<Pair>,
}

/// Layers that correspond; a layer that only one network has stands alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Pair {
    /// A row of the one.
    pub a: Option<usize>,
    /// A row of the other.
    pub b: Option<usize>,
    /// Whether both do the same to inputs of the same shape.
    pub same: bool,
}

/// What the calculator offers by name.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Presets {
    /// Layers: what differs from the defaults.
    pub layers: Vec<(&'static str, Choices)>,
    /// Families of which there is the published network.
    pub originals: Vec<Family>,
    /// Examples of networks.
    pub examples: Vec<&'static str>,
    /// Two examples that answer a question together.
    pub pairs: Vec<(&'static str, &'static str, &'static str)>,
}

impl Presets {
    /// All of them.
    pub fn all() -> Self {
        Self {
            layers: calculator::presets(),
            originals: Family::WORDS
                .iter()
                .filter_map(|word| Family::parse(word))
                .filter(|family| arch::original(*family).is_some())
                .collect(),
            examples: examples::names(),
            pairs: examples::PAIRS.to_vec(),
        }
    }
}

impl Comparison {
    /// Compares these two.
    pub fn of(a: &Source, b: &Source) -> Self {
        let (a, b) = (Side::of(a), Side::of(b));
        let rows = |side: &Side| side.network.as_ref().map_or(Vec::new(), |n| n.rows.clone());
        let pairs = align(&rows(&a), &rows(&b));
        Self { a, b, pairs }
    }
}

impl Side {
    /// The network of this source.
    pub fn of(source: &Source) -> Self {
        match source {
            Source::Example { name } => match examples::summary(name) {
                Ok(network) => Self {
                    network: Some(network),
                    refusal: None,
                },
                Err(problem) => Self {
                    network: None,
                    refusal: Some(problem),
                },
            },
            Source::Original { net } => Self {
                network: arch::original(*net),
                refusal: None,
            },
            Source::Choices { choices, facts } => {
                let absurd = facts.as_ref().and_then(|facts| facts.check("facts").err());
                if let Some(problem) = absurd {
                    return Self {
                        network: None,
                        refusal: Some(problem),
                    };
                }
                let view = View::of(choices, facts.as_ref());
                Self {
                    network: view.network,
                    refusal: view.refusal,
                }
            }
        }
    }
}

/// The similarity of two layers: 0 for none.
fn likeness(a: &Row, b: &Row) -> usize {
    match () {
        () if same(a, b) => 3,
        () if a.kind == b.kind && a.kernel == b.kernel => 2,
        () if a.kind == b.kind => 1,
        () => 0,
    }
}

fn same(a: &Row, b: &Row) -> bool {
    let path = a.path.clone();
    a == &Row { path, ..b.clone() }
}

/// The alignment with the highest total similarity: Needleman and Wunsch 1970,
/// <https://doi.org/10.1016/0022-2836(70)90057-4>, with gaps that cost nothing.
fn align(a: &[Row], b: &[Row]) -> Vec<Pair> {
    // best[i][j]: the highest similarity of the rows from i and from j on.
    let mut best = vec![vec![0; b.len() + 1]; a.len() + 1];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            let likeness = likeness(&a[i], &b[j]);
            let paired = if likeness > 0 {
                likeness + best[i + 1][j + 1]
            } else {
                0
            };
            best[i][j] = paired.max(best[i + 1][j]).max(best[i][j + 1]);
        }
    }
    let mut pairs = Vec::with_capacity(a.len().max(b.len()));
    let (mut i, mut j) = (0, 0);
    while i < a.len() || j < b.len() {
        let pair = i < a.len() && j < b.len() && {
            let likeness = likeness(&a[i], &b[j]);
            likeness > 0 && best[i][j] == likeness + best[i + 1][j + 1]
        };
        let first = pair || (i < a.len() && (j == b.len() || best[i + 1][j] >= best[i][j + 1]));
        let second = pair || !first;
        pairs.push(Pair {
            a: first.then_some(i),
            b: second.then_some(j),
            same: pair && same(&a[i], &b[j]),
        });
        i += usize::from(first);
        j += usize::from(second);
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::link;

    fn experiment(link: &str) -> Source {
        Source::Choices {
            choices: link::open(link).choices.into(),
            facts: None,
        }
    }

    fn example(name: &str) -> Source {
        Source::Example {
            name: name.to_owned(),
        }
    }

    #[test]
    fn a_network_equals_itself_row_by_row() {
        let resnet = experiment("net=resnet&blocks=2");
        let found = Comparison::of(&resnet, &resnet);
        assert!(found.pairs.len() > 20);
        for (at, pair) in found.pairs.iter().enumerate() {
            assert_eq!(
                *pair,
                Pair {
                    a: Some(at),
                    b: Some(at),
                    same: true
                }
            );
        }
    }

    #[test]
    fn every_row_stands_there_once_and_in_order() {
        let (plain, residual) = (
            experiment("net=resnet&residual=off"),
            experiment("net=resnet&blocks=2"),
        );
        let found = Comparison::of(&plain, &residual);
        let rows = |side: &Side| side.network.as_ref().unwrap().rows.len();
        let order = |of: fn(&Pair) -> Option<usize>| -> Vec<_> {
            found.pairs.iter().filter_map(of).collect()
        };
        assert_eq!(
            order(|pair| pair.a),
            (0..rows(&found.a)).collect::<Vec<_>>()
        );
        assert_eq!(
            order(|pair| pair.b),
            (0..rows(&found.b)).collect::<Vec<_>>()
        );
    }

    #[test]
    fn a_reduction_is_the_row_that_only_one_side_has() {
        let found = Comparison::of(&example("inception-direct"), &example("inception-reduced"));
        let marks: Vec<_> = found.pairs.iter().map(|p| (p.a, p.b, p.same)).collect();
        assert_eq!(marks, [(None, Some(0), false), (Some(0), Some(1), false)]);
    }

    #[test]
    fn the_published_vgg_has_its_published_weights() {
        let net = Family::Vgg;
        let side = Side::of(&Source::Original { net });
        assert_eq!(side.network.unwrap().parameters, 138_357_544);
        assert!(Presets::all().originals.contains(&net));
    }

    #[test]
    fn a_network_that_cannot_work_says_why() {
        let found = Comparison::of(
            &experiment("net=resnet&shortcut=identity"),
            &example("nothing"),
        );
        assert_eq!(found.a.refusal.unwrap().code.text(), "shapes-differ");
        assert_eq!(found.b.refusal.unwrap().code.text(), "unknown-choice");
        assert_eq!(found.pairs, []);
    }
}
