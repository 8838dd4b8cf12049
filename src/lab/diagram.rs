//! What stands drawn beside an explanation: data, computed by the engine that trains. The page draws
//! it, and its words stand in the locale files under `lab.<id>.diagram.*`.

use std::collections::BTreeMap;

use serde::Serialize;

use super::conclusion::{Figure, Param};
use crate::arch::summary::{Node, Row};
use crate::arch::{Join, Summary, examples};
use crate::base::{DataFacts, ImageShape};
use crate::data::{Split, Transform, order};
use crate::experiment::{ExperimentSpec, Normalize, Permute};

/// From which the diagrams' random orders follow.
const SEED: u32 = 1;
/// Edge of the image whose pixels are shuffled.
const EDGE: usize = 8;
/// Edge of the kernel over it, and its first line and column.
const KERNEL: usize = 3;
const CORNER: usize = 2;

/// A drawing with the sentence that says what it shows.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Diagram {
    /// Which sentence: its words are `lab.<id>.diagram.<key>`.
    pub key: &'static str,
    /// The facts that the sentence names.
    pub params: BTreeMap<&'static str, Param>,
    /// What is drawn.
    pub drawing: Drawing,
}

/// What is drawn.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Drawing {
    /// The pixels under one kernel, before and after a shuffle.
    Shuffled {
        /// Edge of the image.
        edge: usize,
        /// Edge of the kernel.
        kernel: usize,
        /// Where these pixels are in the image, line by line.
        before: Vec<usize>,
        /// Where each of them is in shuffled images.
        after: Vec<Vec<usize>>,
    },
    /// A convolution: what one of its filters sees, and where that goes.
    Convolution {
        /// The layer.
        row: Row,
    },
    /// Small networks side by side.
    Networks {
        /// Each with a name: its words are `lab.<id>.run.<label>`.
        parts: Vec<NamedNetwork>,
    },
    /// The images of each epoch, in the order in which they are seen.
    Batches {
        /// Images in a batch.
        batch: usize,
        /// Indices of images.
        epochs: Vec<Vec<u32>>,
    },
    /// The levels of a U-Net, the outermost first.
    Levels {
        /// How what goes across meets what comes from below.
        join: Join,
        /// The levels.
        levels: Vec<Level>,
    },
}

/// One of several networks.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct NamedNetwork {
    /// What it is called.
    pub label: &'static str,
    /// The network.
    pub network: Summary,
}

/// One level of a U-Net.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Level {
    /// What goes down and across: `[channels, height, width]`.
    pub encoder: Vec<usize>,
    /// What the skip makes of it and of what comes from below; none at the lowest level.
    pub joined: Option<Vec<usize>>,
}

impl Diagram {
    /// A drawing with its sentence, and no facts yet.
    pub(super) fn new(key: &'static str, drawing: Drawing) -> Self {
        Self {
            key,
            params: BTreeMap::new(),
            drawing,
        }
    }

    /// The same, with one more number that its sentence names.
    pub(super) fn with(mut self, name: &'static str, count: usize) -> Self {
        let figure = Figure::count(count as u64);
        self.params.insert(name, Param::Figure(figure));
        self
    }

    /// A convolution, with its numbers as facts.
    pub(super) fn convolution(key: &'static str, row: Row) -> Self {
        let (channels, filters) = (row.input[0], row.output[0]);
        let (kernel, weights) = (row.kernel.map_or(1, |[rows, _]| rows), row.weights);
        Self::new(key, Drawing::Convolution { row })
            .with("channels", channels)
            .with("filters", filters)
            .with("kernel", kernel)
            .with("weights", weights)
    }

    /// Examples side by side: the name that each has here, and its own.
    pub(super) fn examples(
        key: &'static str,
        named: &[(&'static str, &'static str)],
    ) -> Option<Self> {
        let part = |(label, name): &(&'static str, &'static str)| {
            let network = examples::summary(name).ok()?;
            Some(NamedNetwork { label, network })
        };
        let parts = named.iter().map(part).collect::<Option<_>>()?;
        Some(Self::new(key, Drawing::Networks { parts }))
    }
}

impl Drawing {
    /// Nine neighbouring pixels before and after the engine's shuffle, in this number of images.
    pub(super) fn shuffled(permute: Permute, images: usize) -> Option<Self> {
        let shape = ImageShape {
            channels: 1,
            height: EDGE,
            width: EDGE,
        };
        let spec = ExperimentSpec {
            permute,
            normalize: Normalize::Unit,
            seed: SEED,
            ..ExperimentSpec::default()
        };
        let facts = DataFacts {
            shape,
            classes: Vec::new(),
            train: 0,
            test: 0,
            mean: Vec::new(),
            deviation: Vec::new(),
            untrained: vec![],
            untested: vec![],
            fingerprint: String::new(),
            coarse: None,
            cautions: vec![],
        };
        let transform = Transform::new(&spec, &facts).ok()?;
        let place = |at: usize| (CORNER + at / KERNEL) * EDGE + CORNER + at % KERNEL;
        let before: Vec<usize> = (0..KERNEL * KERNEL).map(place).collect();
        // Each pixel is as bright as its place, so that it says where it came from.
        let image: Vec<u8> = (0..shape.area() as u8).collect();
        let after = (0..images).map(|index| {
            let mut shuffled = vec![0; image.len()];
            transform.place(&image, Split::Train, index, &mut shuffled);
            let moved = |&from: &usize| {
                shuffled
                    .iter()
                    .position(|&pixel| usize::from(pixel) == from)
            };
            before.iter().filter_map(moved).collect()
        });
        Some(Self::Shuffled {
            edge: EDGE,
            kernel: KERNEL,
            after: after.collect(),
            before,
        })
    }

    /// The order of so few images in the first epochs.
    pub(super) fn batches(images: usize, batch: usize, epochs: u32) -> Self {
        let epochs = (0..epochs).map(|epoch| order(SEED, images, epoch));
        Self::Batches {
            batch,
            epochs: epochs.collect(),
        }
    }

    /// The levels of a U-Net with skips; nothing for another network.
    pub(super) fn levels(network: &Summary) -> Option<Self> {
        let mut levels = Vec::new();
        let join = descend(&network.tree, &network.rows, &mut levels)?;
        Some(Self::Levels { join, levels })
    }
}

/// Takes down this level and those below it. Gives how the skips are joined, if there are any.
fn descend(tree: &Node, rows: &[Row], levels: &mut Vec<Level>) -> Option<Join> {
    let Node::Sequential { parts, .. } = tree else {
        return None;
    };
    let encoder = output(parts.first()?, rows)?;
    let at = levels.len();
    levels.push(Level {
        encoder,
        joined: None,
    });
    let skip = parts.iter().find_map(|part| match part {
        Node::Merge {
            join,
            branches,
            output,
        } => Some((*join, branches, output.clone())),
        _ => None,
    });
    let (join, branches, joined) = skip?;
    levels[at].joined = Some(joined);
    let body = branches.iter().find(|branch| branch.name == "body")?;
    if let Node::Sequential { parts, .. } = &body.part {
        // Down, everything below, up.
        let below = Node::Sequential {
            name: String::new(),
            parts: parts[1..parts.len() - 1].to_vec(),
        };
        descend(&below, rows, levels);
    }
    Some(join)
}

/// The shape that leaves a part.
fn output(part: &Node, rows: &[Row]) -> Option<Vec<usize>> {
    match part {
        Node::Operation { row } => Some(rows[*row].output.clone()),
        Node::Sequential { parts, .. } => output(parts.last()?, rows),
        Node::Merge { output, .. } => Some(output.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arch;
    use crate::experiment::link;

    #[test]
    fn shuffled_pixels_are_where_the_engine_puts_them() {
        let Some(Drawing::Shuffled { before, after, .. }) = Drawing::shuffled(Permute::Fixed, 2)
        else {
            panic!()
        };
        assert_eq!(before, [18, 19, 20, 26, 27, 28, 34, 35, 36]);
        assert_eq!(after[0], after[1]);
        assert_ne!(after[0], before);
        let mut places = after[0].clone();
        places.sort_unstable();
        places.dedup();
        assert_eq!(places.len(), 9);
        let Some(Drawing::Shuffled { after, .. }) = Drawing::shuffled(Permute::PerImage, 2) else {
            panic!()
        };
        assert_ne!(after[0], after[1]);
    }

    #[test]
    fn every_epoch_has_every_image() {
        let Drawing::Batches { epochs, .. } = Drawing::batches(20, 6, 2) else {
            panic!()
        };
        assert_ne!(epochs[0], epochs[1]);
        for mut epoch in epochs {
            epoch.sort_unstable();
            assert!(epoch.into_iter().eq(0..20));
        }
    }

    #[test]
    fn a_u_net_has_its_levels() {
        let levels = |text: &str| {
            let spec = link::known_spec(text);
            let network = arch::build(&spec, spec.data.shape().unwrap(), 10).unwrap();
            Drawing::levels(&Summary::of(&network))
        };
        let Some(Drawing::Levels { join, levels: all }) = levels("net=unet&width=8&blocks=2")
        else {
            panic!()
        };
        assert_eq!(join, Join::Concat);
        let shapes: Vec<_> = all.into_iter().map(|l| (l.encoder, l.joined)).collect();
        assert_eq!(
            shapes,
            [
                (vec![8, 28, 28], Some(vec![16, 28, 28])),
                (vec![16, 14, 14], Some(vec![32, 14, 14])),
                (vec![32, 7, 7], None),
            ]
        );
        assert_eq!(levels("net=unet&residual=off"), None);
        assert_eq!(levels("net=mlp"), None);
    }
}
