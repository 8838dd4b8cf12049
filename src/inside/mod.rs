//! Looking inside a network: kernels, feature maps, receptive fields, gradient ascent, Grad-CAM, statistics.
//!
//! Everything is computed from a network's [`State`](crate::nn::State), its weights on the host, so
//! that the same views work for a run in progress and for one that was kept. The page asks a
//! [`Question`] and gets an [`Answer`]; pictures come as bytes that a canvas takes.

mod activations;
mod answer;
mod arithmetic;
mod ascent;
mod batch_pass;
mod cam;
mod drawn;
mod entering;
mod gates;
mod how;
mod judge;
mod kernels;
mod maps;
mod meeting;
mod network;
mod palette;
mod passed;
mod patches;
mod pooled;
mod receptive;
mod resume;
mod score;
mod separable;
mod shift;
mod statistics;
mod terms;
mod tiles;
mod windows;

pub use activations::{Activations, Carried, Joined, Probability};
pub use answer::{Answer, Question};
pub use ascent::Ascended;
pub use cam::Explained;
pub use drawn::{drawn, photo};
pub use gates::Gate;
pub use judge::Judged;
pub use maps::{Classified, Map, Neuron};
pub use network::{Inside, LayerOutput, Picture};
pub use patches::{Patch, Patches};
pub use receptive::{ReceptiveField, Span, window};
pub use resume::{Mistake, Scored};
pub use separable::Separable;
pub use shift::Shifted;
pub use statistics::Statistics;
pub use terms::{
    BatchPass, ChannelTerm, Derivation, Exponential, How, JoinedTerm, Others, Over, PooledUnit,
    PooledWay, Position, Term,
};
pub use tiles::{Bytes, Tiles};
