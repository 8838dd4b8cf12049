//! The questions that the page asks, and their answers.

use serde::{Deserialize, Serialize};

use super::{
    Activations, Ascended, Classified, Derivation, Explained, Gate, Inside, Judged, Map, Neuron,
    Patches, Scored, Separable, Shifted, Statistics, Tiles,
};
use crate::base::error::Result;
use crate::data::Samples;

/// A question about a network. Rows are rows of its [`Summary`](crate::arch::Summary).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Question {
    /// The picture, as it is before the network's pixels and values change: [`Tiles`].
    Picture,
    /// The kernels of the first layer with weights: [`Tiles`], or nothing if they cannot be shown as images.
    Kernels,
    /// The feature maps of these layers for the picture, at most `channels` of each: [`Map`]s.
    Maps {
        /// Which layers.
        rows: Vec<usize>,
        /// How many channels.
        channels: usize,
    },
    /// What the drawing of the network shows of the picture: [`Activations`].
    Activations {
        /// The layers whose maps are on the screen.
        rows: Vec<usize>,
        /// The joins whose branches are, as [`Joined::join`] numbers them.
        joins: Vec<usize>,
        /// How many channels of a layer.
        channels: usize,
    },
    /// How the number at a place comes about, layer by layer of those that work on it in turn: [`Derivation`].
    Arithmetic {
        /// Which layers: the first, and those attached to it.
        rows: Vec<usize>,
        /// Which channel or feature.
        channel: usize,
        /// Which line of the map.
        y: usize,
        /// Which column.
        x: usize,
        /// How many of the largest terms are written out.
        terms: usize,
    },
    /// One unit of a layer, with its receptive field: a [`Neuron`].
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
    /// The class probabilities of the picture: [`Classified`].
    Classify,
    /// Statistics of each layer's outputs over some test images: [`Statistics`], one a layer.
    Statistics {
        /// How many.
        images: usize,
    },
    /// The patches of test images with the highest activation of a channel: [`Patches`].
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
    /// Grad-CAM: which positions of the picture speak for a class, by default the predicted one:
    /// [`Explained`], or nothing if no layer is an image.
    Explain {
        /// Which class.
        class: Option<usize>,
    },
    /// The attention weights for the picture: [`Gate`]s.
    Gates,
    /// Classifies some hundred test images from this one on: [`Judged`], all up to there.
    Judge {
        /// The first of them; 0 begins anew.
        from: usize,
    },
    /// Judges some hundred test images from this one on by the score of the network's task: [`Scored`], all up to there.
    Score {
        /// The first of them; 0 begins anew.
        from: usize,
    },
    /// The picture, moved to the right by no pixel, by one, and so on to the most that is asked about: [`Tiles`].
    Moves,
    /// How well the network classifies some test images that are moved by so many pixels: [`Shifted`].
    Shift {
        /// By how many.
        by: usize,
        /// How many images.
        images: usize,
    },
    /// How well each layer separates the classes, over some test images: [`Separable`].
    Separable {
        /// How many.
        images: usize,
    },
}

/// The answer to a [`Question`], which says which one it is.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Answer {
    /// To [`Question::Picture`] and [`Question::Moves`].
    Picture(Tiles),
    /// To [`Question::Kernels`].
    Kernels(Option<Tiles>),
    /// To [`Question::Maps`].
    Maps(Vec<Map>),
    /// To [`Question::Activations`].
    Activations(Activations),
    /// To [`Question::Arithmetic`].
    Arithmetic(Vec<Derivation>),
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
    /// To [`Question::Score`].
    Scored(Scored),
    /// To [`Question::Shift`].
    Shifted(Shifted),
    /// To [`Question::Separable`].
    Separable(Separable),
}

impl Inside {
    /// Answers a question; `test` are the test samples that are here.
    ///
    /// # Errors
    /// [`Code::NoData`](crate::base::error::Code::NoData) without the picture or the test images that the question is
    /// about; [`Code::NoClasses`](crate::base::error::Code::NoClasses) for classes of a network that has none;
    /// [`Code::Internal`](crate::base::error::Code::Internal) for a layer that the network does not have.
    pub async fn ask(&mut self, question: Question, test: &Samples) -> Result<Answer> {
        Ok(match question {
            Question::Picture => Answer::Picture(self.shown(&[self.picture()?])),
            Question::Kernels => Answer::Kernels(self.kernels().await?),
            Question::Maps { rows, channels } => Answer::Maps(self.maps(&rows, channels).await?),
            Question::Activations {
                rows,
                joins,
                channels,
            } => Answer::Activations(self.activations(&rows, &joins, channels).await?),
            Question::Arithmetic {
                rows,
                channel,
                y,
                x,
                terms,
            } => Answer::Arithmetic(self.arithmetic(&rows, (channel, y, x), terms, test).await?),
            Question::Neuron { row, channel, y, x } => {
                Answer::Neuron(self.neuron(row, channel, y, x).await?)
            }
            Question::Classify => Answer::Classified(self.classify().await?),
            Question::Statistics { images } => {
                Answer::Statistics(self.statistics(test, images).await?)
            }
            Question::Patches {
                row,
                channel,
                images,
            } => Answer::Patches(self.patches(test, row, channel, images).await?),
            Question::Ascend {
                row,
                channel,
                afresh,
                steps,
            } => Answer::Ascended(self.ascend(row, channel, afresh, steps).await?),
            Question::Explain { class } => Answer::Explained(self.explain(class).await?),
            Question::Gates => Answer::Gates(self.gates().await?),
            Question::Judge { from } => Answer::Judged(self.judge(test, from).await?),
            Question::Score { from } => Answer::Scored(self.score(test, from).await?),
            Question::Moves => Answer::Picture(self.moves()?),
            Question::Shift { by, images } => Answer::Shifted(self.shift(test, by, images).await?),
            Question::Separable { images } => {
                Answer::Separable(self.separable(test, images).await?)
            }
        })
    }
}
