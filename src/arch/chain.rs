//! Networks without branches: convolutions and poolings one after the other, then the classifier.

use super::attention::attend;
use super::{Layer, conv, dense, pool, push};
use crate::base::Window;
use crate::experiment::{ExperimentSpec, Head};
use crate::operation::{Conv2d, Dropout, Flatten, GlobalAveragePool};

/// The parts of a network so far, each kind numbered from 1, with the spec's switches applied.
pub(super) struct Chain<'a> {
    spec: &'a ExperimentSpec,
    parts: Vec<(String, Layer)>,
    convs: usize,
    activations: usize,
    pools: usize,
    channels: usize,
}

impl<'a> Chain<'a> {
    pub(super) fn new(spec: &'a ExperimentSpec) -> Self {
        Self {
            spec,
            parts: Vec::new(),
            convs: 0,
            activations: 0,
            pools: 0,
            channels: 0,
        }
    }

    /// A convolution, its normalization, its nonlinearity and its gates.
    pub(super) fn conv(&mut self, filters: Conv2d) {
        self.convs += 1;
        self.channels = filters.out_channels;
        conv(&mut self.parts, self.convs, filters, self.spec.batchnorm);
        self.activation();
        let name = format!("attention{}", self.convs);
        attend(&mut self.parts, &name, self.spec.attention, self.channels);
    }

    /// A pooling, or the strided convolution in its place.
    pub(super) fn pool(&mut self, window: Window) {
        self.pools += 1;
        let pool = pool(self.spec.pool, window, self.channels);
        push(&mut self.parts, format!("pool{}", self.pools), pool);
    }

    /// Any other part, with its output channels.
    pub(super) fn part(&mut self, name: String, layer: Layer, channels: usize) {
        self.channels = channels;
        push(&mut self.parts, name, layer);
    }

    /// The parts.
    pub(super) fn parts(self) -> Vec<(String, Layer)> {
        self.parts
    }

    /// The classifier: dense layers with these hidden units, or a 1×1 convolution and the mean of
    /// each map. Lin, Chen and Yan 2013, <https://arxiv.org/abs/1312.4400>.
    pub(super) fn classify(mut self, hidden: &[usize], classes: usize) -> Layer {
        if self.spec.head == Head::Conv {
            self.drop_out();
            let filters = Conv2d::new(classes, 1);
            push(&mut self.parts, "classifier", filters);
            push(&mut self.parts, "mean", GlobalAveragePool);
        } else {
            push(&mut self.parts, "flatten", Flatten);
            self.dense(hidden, classes);
        }
        Layer::Sequential(self.parts)
    }

    /// Dense layers with these hidden units, from the vector so far.
    fn dense(&mut self, hidden: &[usize], classes: usize) {
        for (index, &features) in hidden.iter().enumerate() {
            dense(&mut self.parts, index + 1, features);
            self.activation();
            self.drop_out();
        }
        dense(&mut self.parts, hidden.len() + 1, classes);
    }

    fn activation(&mut self) {
        self.activations += 1;
        let activation = self.spec.activation;
        push(
            &mut self.parts,
            format!("act{}", self.activations),
            activation,
        );
    }

    fn drop_out(&mut self) {
        if self.spec.dropout > 0.0 {
            let rate = self.spec.dropout;
            let name = format!("drop{}", self.activations);
            push(&mut self.parts, name, Dropout { rate });
        }
    }
}
