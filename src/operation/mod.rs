//! The operations that networks are made of: one file for each kind, with all that is known of it. That is its settings, its
//! output shape, its weights, what the layer table and the drawing show, its PyTorch source (all in its [`Describe`]), and
//! its forward pass (its `Compute`). A new kind is such a file, its `mod` and its line in the table below.

mod activation;
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
mod identity;
mod linear;
mod max_pool;
#[cfg(feature = "train")]
mod mode;
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
pub use describe::{Describe, Learned, Reach, Slide, Snippet};
#[cfg(feature = "train")]
pub use mode::{Draw, Mode};
pub use shape::{Parameter, Shape};

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

            /// What it computes.
            #[cfg(feature = "train")]
            pub(crate) fn compute(&self, x: Flow, inputs: &mut Inputs<'_, '_>) -> Flow {
                match self { $(Self::$kind(operation) => operation.compute(x, inputs)),* }
            }
        }
    };
}

impl Operation {
    /// The output shape for this input shape; `path` is where it is.
    ///
    /// # Errors
    /// As [`Describe::output`].
    pub(crate) fn output(&self, path: &str, input: Shape) -> Result<Shape> {
        let output = self.about().output(input);
        output.map_err(|problem| problem.with("layer", path).with("shape", input))
    }

    /// Its arrays of trainable numbers, in the order in which they are drawn.
    pub fn parameters(&self, input: Shape) -> Vec<Parameter> {
        self.about().learned(input).parameters
    }
}

operations! {
    activation: Activation,
    average_pool: AveragePool2d,
    batch_norm: BatchNorm2d,
    channel_conv: ChannelConv,
    channel_pool: ChannelPool,
    conv2d: Conv2d,
    conv_transpose: ConvTranspose2d,
    dropout: Dropout,
    flatten: Flatten,
    global_average_pool: GlobalAveragePool,
    identity: Identity,
    linear: Linear,
    max_pool: MaxPool2d,
    pooled_mlp: PooledMlp,
    upsample: Upsample,
    zero_pad: ZeroPad,
}
