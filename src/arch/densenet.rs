//! DenseNet. Huang, Liu, van der Maaten and Weinberger 2016, "Densely Connected Convolutional Networks",
//! <https://arxiv.org/abs/1608.06993>.

use super::attention::attend;
use super::{Join, Layer, mean_and_dense, merge, pool, push, sequential};
use crate::base::Window;
use crate::experiment::ExperimentSpec;
use crate::operation::{BatchNorm, Conv2d, Identity};

/// The paper's plain network for small images (section 3, without the bottlenecks and the compression of DenseNet-BC):
/// three dense blocks of `blocks` layers, each of which adds `w` channels, the growth rate. That makes
/// `3·blocks + 4` layers; 12 layers a block and a growth rate of 12 are the paper's smallest, with 40 layers.
///
/// Scaled down: fewer layers; and the first convolution has `w` filters too, where the paper has 16.
pub(super) fn densenet(spec: &ExperimentSpec, classes: usize) -> Layer {
    let growth = spec.width as usize;
    let style = Style {
        spec,
        growth,
        is_bc: false,
    };
    let mut parts = Vec::new();
    let bias = !spec.batchnorm;
    let stem = Conv2d::same(growth, 3);
    push(&mut parts, "conv1", Conv2d { bias, ..stem });
    style.finish(parts, growth, &[spec.blocks as usize; 3], classes)
}

/// What all layers of a network share.
pub(super) struct Style<'a> {
    pub(super) spec: &'a ExperimentSpec,
    /// The channels that each layer adds.
    pub(super) growth: usize,
    /// Whether a 1×1 convolution reduces what a layer reads, and transitions halve the channels: DenseNet-BC.
    pub(super) is_bc: bool,
}

impl Style<'_> {
    /// These parts, which end with so many channels, then dense blocks of so many layers with transitions between them,
    /// and the classifier.
    pub(super) fn finish(
        &self,
        mut parts: Vec<(String, Layer)>,
        mut channels: usize,
        blocks: &[usize],
        classes: usize,
    ) -> Layer {
        for (number, &layers) in (1..).zip(blocks) {
            if number > 1 {
                let kept = channels / if self.is_bc { 2 } else { 1 };
                let transition = self.transition(kept);
                push(&mut parts, format!("transition{}", number - 1), transition);
                channels = kept;
            }
            let block = (1..=layers).map(|layer| (format!("layer{layer}"), self.layer()));
            let block = Layer::Sequential(block.collect());
            push(&mut parts, format!("stage{number}"), block);
            channels += self.growth * layers;
        }
        self.activate(&mut parts, "");
        mean_and_dense(&mut parts, self.spec.dropout, classes);
        Layer::Sequential(parts)
    }

    /// A layer: its input, and behind it the channels that it computes from all of them.
    fn layer(&self) -> Layer {
        let mut new = Vec::new();
        if self.is_bc {
            self.conv(&mut new, 1, Conv2d::new(4 * self.growth, 1));
        }
        let number = if self.is_bc { 2 } else { 1 };
        self.conv(&mut new, number, Conv2d::same(self.growth, 3));
        attend(&mut new, "attention", self.spec.attention, self.growth);
        let branches = [
            ("shortcut", Identity.into()),
            ("new", Layer::Sequential(new)),
        ];
        sequential([("", merge(Join::Concat, branches))])
    }

    /// What halves the image between two blocks.
    fn transition(&self, channels: usize) -> Layer {
        let mut parts = Vec::new();
        self.conv(&mut parts, 1, Conv2d::new(channels, 1));
        let halving = pool(self.spec.pool, Window::tiles(2), channels);
        push(&mut parts, "pool", halving);
        Layer::Sequential(parts)
    }

    /// A convolution, with its normalization and its nonlinearity before it.
    fn conv(&self, parts: &mut Vec<(String, Layer)>, number: usize, filters: Conv2d) {
        self.activate(parts, &number.to_string());
        let bias = !self.spec.batchnorm;
        push(parts, format!("conv{number}"), Conv2d { bias, ..filters });
    }

    fn activate(&self, parts: &mut Vec<(String, Layer)>, number: &str) {
        if self.spec.batchnorm {
            push(parts, format!("bn{number}"), BatchNorm);
        }
        push(parts, format!("act{number}"), self.spec.activation);
    }
}
