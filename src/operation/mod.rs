//! The operations that networks are made of: one file for each kind, with all that is known of it. That is its settings, its
//! output shape, its weights, what the layer table and the drawing show, its PyTorch source (all in its [`Describe`]), its
//! forward pass (its `Compute`), and the same as a graph of ONNX (its `Exported`). A new kind is such a file, its `mod` and its
//! line in the table below.

mod activation;
mod adaptive_average_pool;
mod average_pool;
mod batch_norm;
mod channel_conv;
mod channel_pool;
#[cfg(feature = "train")]
mod compute;
mod conv2d;
mod conv_transpose;
mod describe;
mod dropout;
mod flatten;
mod global_average_pool;
#[cfg(feature = "train")]
pub(crate) mod graph;
mod group_norm;
mod identity;
mod layer_norm;
mod learned_scale;
mod linear;
mod max_pool;
#[cfg(feature = "train")]
mod mode;
pub mod notation;
mod pooled_mlp;
mod shape;
mod upsample;
mod zero_pad;

#[cfg(feature = "train")]
pub(crate) use batch_norm::EPSILON;
#[cfg(feature = "train")]
pub use compute::Flow;
#[cfg(feature = "train")]
pub(crate) use compute::{Compute, Inputs, Weights};
pub use describe::{Describe, Learned, Reach, Slide, Snippet, Stored, part};
#[cfg(feature = "train")]
pub use mode::{Draw, Mode};
pub(crate) use shape::bounded;
pub use shape::{Initial, Parameter, Shape};

use notation::{Around, Call, Fault, Given, Number, Stem, WordFacts, Written};

use crate::base::error::Result;

/// The kinds, each with its file.
macro_rules! operations {
    ($($file:ident: $kind:ident,)*) => {
        $(pub use $file::$kind;)*

        /// An operation: a layer without parts.
        #[derive(Debug, Clone, Copy, PartialEq)]
        pub enum Operation {
            $(#[doc = concat!("A [`", stringify!($kind), "`].")] $kind($kind),)*
        }

        $(impl From<$kind> for Operation {
            fn from(operation: $kind) -> Self {
                Self::$kind(operation)
            }
        })*

        impl Operation {
            /// What is known of it.
            pub fn about(&self) -> &dyn Describe {
                match self { $(Self::$kind(operation) => operation),* }
            }

            /// The operation of a word of the notation; nothing if there is no such word.
            ///
            /// # Errors
            /// What is wrong with its settings.
            pub fn read(
                word: &str,
                given: &[Given<'_>],
                around: Around,
            ) -> Option<std::result::Result<Self, Fault>> {
                None$(.or_else(|| notation::read::<$kind>(word, given, around)))*
            }

            /// As it is written there, and what a part of it is called that has no name.
            pub fn text(&self, around: Around) -> (String, Stem) {
                match self { $(Self::$kind(operation) => notation::text(operation, around)),* }
            }

            /// Its settings, if it is written with this word.
            pub fn numbers(&self, word: &str) -> Vec<Number> {
                let numbers = match self { $(Self::$kind(operation) => notation::numbers(operation, word)),* };
                numbers.unwrap_or_default()
            }

            /// Every word of the notation, in the order of this table.
            pub fn words() -> Vec<WordFacts> {
                [$(notation::facts::<$kind>()),*].concat()
            }

            /// Every constructor of PyTorch's that makes one of these.
            pub fn calls() -> Vec<Call> {
                [$(<$kind as Written>::calls()),*].concat()
            }

            /// What it computes.
            #[cfg(feature = "train")]
            pub(crate) fn compute(&self, x: Flow, inputs: &mut Inputs<'_, '_>) -> Flow {
                match self { $(Self::$kind(operation) => operation.compute(x, inputs)),* }
            }

            /// Adds it to a graph of ONNX.
            #[cfg(feature = "train")]
            pub(crate) fn export(&self, x: graph::Value, input: Shape, graph: &mut graph::Graph) -> graph::Value {
                use graph::Exported;
                match self { $(Self::$kind(operation) => operation.export(x, input, graph)),* }
            }
        }
    };
}

impl Operation {
    /// The output shape for this input shape; `path` is where it is.
    ///
    /// # Errors
    /// As [`Describe::output`].
    pub fn output(&self, path: &str, input: Shape) -> Result<Shape> {
        let output = self.about().output(input);
        let output = output.and_then(|output| self.bounded(input, output));
        output.map_err(|problem| problem.with("layer", path).with("shape", input))
    }

    /// The output, if it and all weights are within what a count of 32 bits holds.
    fn bounded(&self, input: Shape, output: Shape) -> Result<Shape> {
        bounded(&output.sizes())?;
        let mut arrays = self.parameters(input).into_iter();
        arrays.try_for_each(|array| bounded(&array.shape))?;
        Ok(output)
    }

    /// Its arrays of trainable numbers, in the order in which they are drawn.
    pub fn parameters(&self, input: Shape) -> Vec<Parameter> {
        self.about().learned(input).parameters
    }
}

operations! {
    activation: Activation,
    adaptive_average_pool: AdaptiveAveragePool2d,
    average_pool: AveragePool2d,
    batch_norm: BatchNorm,
    channel_conv: ChannelConv,
    channel_pool: ChannelPool,
    conv2d: Conv2d,
    conv_transpose: ConvTranspose2d,
    dropout: Dropout,
    flatten: Flatten,
    global_average_pool: GlobalAveragePool,
    group_norm: GroupNorm,
    identity: Identity,
    layer_norm: LayerNorm,
    learned_scale: LearnedScale,
    linear: Linear,
    max_pool: MaxPool2d,
    pooled_mlp: PooledMlp,
    upsample: Upsample,
    zero_pad: ZeroPad,
}
