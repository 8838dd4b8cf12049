//! What the page asks, and in what form it gets the answers.

use std::ops::Deref;

use serde::{Deserialize, Serialize, Serializer};

use super::{
    Ascended, Classified, Explained, Gate, Judged, Map, Neuron, Patches, Separable, Statistics,
};

/// A question about a network. Rows are those of its [`Summary`](crate::arch::Summary).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Question {
    /// The picture, as it is before the network's pixels and values change: [`Tiles`].
    Picture,
    /// The kernels of the first layer with weights: [`Tiles`], or nothing if they are no images.
    Kernels,
    /// What these layers make of the picture, at most so many channels of each: [`Map`]s.
    Maps {
        /// Which layers.
        rows: Vec<usize>,
        /// How many channels.
        channels: usize,
    },
    /// One number of a layer, and what it sees: a [`Neuron`].
    Neuron {
        /// Which layer.
        row: usize,
        /// Which channel or feature.
        channel: usize,
        /// Which line of the map.
        y: usize,
        /// Which column.
        x: usize,
    },
    /// How certain the network is of each class for the picture: [`Classified`].
    Classify,
    /// What each layer's outputs are like over so many test images: [`Statistics`], one a layer.
    Statistics {
        /// How many.
        images: usize,
    },
    /// The parts of so many test images that excite a channel most: [`Patches`].
    Patches {
        /// Which layer.
        row: usize,
        /// Which channel.
        channel: usize,
        /// How many test images.
        images: usize,
    },
    /// Some more steps of gradient ascent on an image for a channel: [`Ascended`].
    Ascend {
        /// Which layer.
        row: usize,
        /// Which channel.
        channel: usize,
        /// Whether from the beginning.
        afresh: bool,
        /// How many steps.
        steps: u32,
    },
    /// Which places of the picture speak for a class, the predicted one if none is named:
    /// [`Explained`], or nothing if no layer has places.
    Explain {
        /// Which class.
        class: Option<usize>,
    },
    /// How far open the network's gates are for the picture: [`Gate`]s.
    Gates,
    /// Judges the test images from this one on, some hundred at once: [`Judged`], all up to there.
    Judge {
        /// The first of them; 0 begins anew.
        from: usize,
    },
    /// How well the classes are apart in each layer, over so many test images: [`Separable`].
    Separable {
        /// How many.
        images: usize,
    },
}

/// The answer to a [`Question`], which says which one it is.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Answer {
    /// To [`Question::Picture`].
    Picture(Tiles),
    /// To [`Question::Kernels`].
    Kernels(Option<Tiles>),
    /// To [`Question::Maps`].
    Maps(Vec<Map>),
    /// To [`Question::Neuron`].
    Neuron(Neuron),
    /// To [`Question::Classify`].
    Classified(Classified),
    /// To [`Question::Statistics`].
    Statistics(Vec<Statistics>),
    /// To [`Question::Patches`].
    Patches(Patches),
    /// To [`Question::Ascend`].
    Ascended(Ascended),
    /// To [`Question::Explain`].
    Explained(Option<Explained>),
    /// To [`Question::Gates`].
    Gates(Vec<Gate>),
    /// To [`Question::Judge`].
    Judged(Judged),
    /// To [`Question::Separable`].
    Separable(Separable),
}

/// Small pictures of one size, one after the other.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Tiles {
    /// Columns of each.
    pub width: usize,
    /// Lines of each.
    pub height: usize,
    /// How many.
    pub count: usize,
    /// `[count, height, width, 4]`: red, green, blue, opacity.
    #[cfg_attr(test, ts(type = "Uint8Array<ArrayBuffer>"))]
    pub pixels: Bytes,
    /// The value that the strongest colour stands for.
    pub largest: f32,
}

/// Bytes, which cross as a typed array and not number by number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bytes(Vec<u8>);

impl From<Vec<u8>> for Bytes {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

impl Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(self)
    }
}
