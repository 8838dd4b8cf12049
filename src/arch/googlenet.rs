//! GoogLeNet. Szegedy et al. 2014, "Going Deeper with Convolutions",
//! <https://arxiv.org/abs/1409.4842>, and the factorised module of Szegedy et al. 2015,
//! "Rethinking the Inception Architecture", <https://arxiv.org/abs/1512.00567>.

use super::attention::attend;
use super::chain::Chain;
use super::{Join, Layer, conv, dense, mean_and_dense, merge, pool, push};
use crate::base::Window;
use crate::experiment::{Activation, Attention, ExperimentSpec, Inception, Pool};
use crate::operation::{AveragePool2d, Conv2d, Dropout, Flatten, Identity};

/// Filters of the branches of an Inception module.
#[derive(Debug, Clone, Copy)]
pub struct Filters {
    /// Of the 1×1.
    pub one: usize,
    /// Of the 3×3, and of the 1×1 before it.
    pub three: [usize; 2],
    /// Of the 5×5, and of the 1×1 before it.
    pub five: [usize; 2],
    /// Of the 1×1 after pooling.
    pub pooled: usize,
}

/// A stem of two convolutions, two stages of `blocks` Inception modules, the mean of each map and
/// one dense layer: no large dense layers, as in the paper.
///
/// Scaled down: the stem has 3×3 kernels in place of a 7×7 at stride 2; two stages in place of three,
/// with modules of `4w` and `8w` filters in the proportions of the paper's first one; at most one auxiliary
/// classifier; and batch normalization, which came with the next version.
pub(super) fn googlenet(spec: &ExperimentSpec, classes: usize) -> Layer {
    let width = spec.width as usize;
    let style = ModuleStyle::of(spec);
    let mut chain = Chain::new(spec);
    chain.conv(Conv2d::same(width, 3));
    chain.pool(Window::tiles(2));
    chain.conv(Conv2d::same(2 * width, 3));
    let mut channels = 2 * width;
    for stage in 1..=2 {
        if stage > 1 {
            chain.pool(Window::tiles(2));
        }
        let modules = vec![Filters::of(4 * stage * width); spec.blocks as usize];
        channels = style.stage(&mut chain, stage, &modules, channels);
        if stage == 1 && spec.auxiliary {
            let classifier = auxiliary(spec, channels, classes);
            let branches = [("on", Identity.into()), ("classifier", classifier)];
            let aside = merge(Join::Auxiliary, branches);
            chain.part("auxiliary".to_owned(), aside, channels);
        }
    }
    let mut parts = chain.parts();
    mean_and_dense(&mut parts, spec.dropout, classes);
    Layer::Sequential(parts)
}

/// The paper's auxiliary classifier (section 5) for an image of `channels` channels: average pooling over 5×5 at
/// stride 3, a 1×1 convolution, a hidden dense layer. 28×28 and 32×32 pixels leave 4×4 of them, as in the paper.
///
/// Scaled down: a quarter of the channels behind the convolution, as 128 of 512 there, and eight times as many hidden
/// units, as 1,024 there; batch normalization as in the rest of the network; dropout as the spec has it, where the
/// paper has 70 %.
fn auxiliary(spec: &ExperimentSpec, channels: usize, classes: usize) -> Layer {
    let filters = channels / 4;
    let window = Window {
        size: 5,
        stride: 3,
        padding: 0,
    };
    let mut parts = Vec::new();
    push(&mut parts, "pool", AveragePool2d::new(window));
    conv(&mut parts, 1, Conv2d::same(filters, 1), spec.batchnorm);
    push(&mut parts, "act1", spec.activation);
    push(&mut parts, "flatten", Flatten);
    dense(&mut parts, 1, 8 * filters);
    push(&mut parts, "act2", spec.activation);
    if spec.dropout > 0.0 {
        let rate = spec.dropout;
        push(&mut parts, "drop", Dropout { rate });
    }
    dense(&mut parts, 2, classes);
    Layer::Sequential(parts)
}

impl Filters {
    /// So many altogether, in the proportions of the paper's first module: 64, 96 → 128, 16 → 32, 32.
    fn of(all: usize) -> Self {
        Self {
            one: all / 4,
            three: [all * 3 / 8, all / 2],
            five: [all / 16, all / 8],
            pooled: all / 8,
        }
    }
}

/// What all modules of a network have in common.
#[derive(Debug, Clone, Copy)]
pub struct ModuleStyle {
    /// The branches.
    pub inception: Inception,
    /// The pooling branch, where a strided convolution has no place: it is a maximum then.
    pub pool: Pool,
    /// Whether convolutions are normalized.
    pub batchnorm: bool,
    /// The nonlinearity.
    pub activation: Activation,
    /// The gates after a module.
    pub attention: Attention,
}

impl ModuleStyle {
    /// The spec's.
    pub(super) fn of(spec: &ExperimentSpec) -> Self {
        Self {
            inception: spec.inception,
            pool: spec.pool,
            batchnorm: spec.batchnorm,
            activation: spec.activation,
            attention: spec.attention,
        }
    }

    /// A sequence of modules, the first with `channels` input channels, and the last one's output channels.
    pub(super) fn stage(
        self,
        chain: &mut Chain<'_>,
        number: usize,
        modules: &[Filters],
        mut channels: usize,
    ) -> usize {
        let mut parts = Vec::new();
        for (block, &filters) in (1..).zip(modules) {
            push(
                &mut parts,
                format!("block{block}"),
                self.module(filters, channels),
            );
            channels = self.out_channels(filters, channels);
        }
        chain.part(format!("stage{number}"), Layer::Sequential(parts), channels);
        channels
    }

    /// Output channels of a module with `in_channels`: naive pooling keeps its channels.
    fn out_channels(self, filters: Filters, in_channels: usize) -> usize {
        let pooled = match self.inception {
            Inception::Naive => in_channels,
            Inception::Reduced | Inception::Factorised => filters.pooled,
        };
        filters.one + filters.three[1] + filters.five[1] + pooled
    }

    /// A module with `in_channels` input channels.
    pub fn module(self, filters: Filters, in_channels: usize) -> Layer {
        let convs = |convs: &[(usize, usize)]| self.convs(Vec::new(), convs);
        let window = Window {
            size: 3,
            stride: 1,
            padding: 1,
        };
        let kind = match self.pool {
            Pool::Average => Pool::Average,
            Pool::Max | Pool::Conv => Pool::Max,
        };
        let pooled = vec![("pool".to_owned(), pool(kind, window, in_channels).into())];
        let Filters {
            one, three, five, ..
        } = filters;
        let branches = match self.inception {
            Inception::Naive => [
                ("one", convs(&[(one, 1)])),
                ("three", convs(&[(three[1], 3)])),
                ("five", convs(&[(five[1], 5)])),
                ("pooled", Layer::Sequential(pooled)),
            ],
            Inception::Reduced | Inception::Factorised => [
                ("one", convs(&[(one, 1)])),
                ("three", convs(&[(three[0], 1), (three[1], 3)])),
                (
                    "five",
                    if self.inception == Inception::Reduced {
                        convs(&[(five[0], 1), (five[1], 5)])
                    } else {
                        convs(&[(five[0], 1), (five[1], 3), (five[1], 3)])
                    },
                ),
                ("pooled", self.convs(pooled, &[(filters.pooled, 1)])),
            ],
        };
        let mut parts = Vec::new();
        push(&mut parts, "", merge(Join::Concat, branches));
        let channels = self.out_channels(filters, in_channels);
        attend(&mut parts, "attention", self.attention, channels);
        Layer::Sequential(parts)
    }

    /// These parts, followed by convolutions with these filters and kernels.
    fn convs(self, mut parts: Vec<(String, Layer)>, convs: &[(usize, usize)]) -> Layer {
        for (index, &(filters, kernel)) in convs.iter().enumerate() {
            let number = index + 1;
            conv(
                &mut parts,
                number,
                Conv2d::same(filters, kernel),
                self.batchnorm,
            );
            let activation = self.activation;
            push(&mut parts, format!("act{number}"), activation);
        }
        Layer::Sequential(parts)
    }
}
