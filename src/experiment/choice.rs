//! The closed sets of words that a spec is written in.

macro_rules! choice {
    ($(#[$doc:meta])* $name:ident { $($(#[$item:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
        pub enum $name {
            $($(#[$item])* #[serde(rename = $text)] $variant,)*
        }

        impl $name {
            /// The words, in the order in which a person is offered them.
            pub const WORDS: &'static [&'static str] = &[$($text),*];

            /// The word of this choice.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $text),* }
            }

            /// The choice of this word, if it is one.
            pub fn parse(word: &str) -> Option<Self> {
                match word { $($text => Some(Self::$variant),)* _ => None }
            }
        }
    };
}
pub(crate) use choice;

choice! {
    /// Where the images come from.
    DataSet {
        /// Handwritten digits, 28×28, grey. LeCun, Cortes, Burges.
        Mnist = "mnist",
        /// Zalando's articles of clothing, 28×28, grey.
        FashionMnist = "fashion-mnist",
        /// Small photographs of ten kinds of things, 32×32, colour. Krizhevsky 2009.
        Cifar10 = "cifar10",
        /// A file of the person's own.
        File = "file",
    }
}

choice! {
    /// In which order a pass over the training samples sees them.
    Order {
        /// In a new random order in each epoch: `DataLoader(shuffle=True)`.
        Shuffled = "shuffled",
        /// As the data set has them: `DataLoader(shuffle=False)`.
        Stored = "stored",
        /// Class after class, those of a class as the data set has them.
        Sorted = "sorted",
    }
}

choice! {
    /// How each training image is changed at random whenever it is seen.
    Augment {
        /// Not at all.
        None = "none",
        /// Left and right change places in half of the cases: `RandomHorizontalFlip()`.
        Flip = "flip",
        /// A window of the image's size within four more pixels of black on each side, then the flip:
        /// `RandomCrop(size, padding=4)` and `RandomHorizontalFlip()`. He et al. 2015,
        /// <https://arxiv.org/abs/1512.03385>, section 4.2.
        FlipCrop = "flip-crop",
    }
}

choice! {
    /// How the pixels of an image change places.
    Permute {
        /// They stay where they are.
        Off = "off",
        /// One permutation, drawn once, for all images.
        Fixed = "fixed",
        /// Another permutation for each image.
        PerImage = "per-image",
    }
}

choice! {
    /// How pixel values 0 to 255 become the network's input.
    Normalize {
        /// As they are, 0 to 255.
        Raw = "raw",
        /// Divided by 255: 0 to 1, like `ToTensor()`.
        Unit = "unit",
        /// `Normalize(0.5, 0.5)`: -1 to 1.
        Half = "half",
        /// `Normalize` with the training split's own mean and deviation.
        Own = "own",
        /// The widely copied CIFAR-10 numbers, whose deviations are not the set's.
        Copied = "copied",
        /// A common mistake: statistics of 0 to 255 applied to values of 0 to 1.
        Wrong = "wrong",
        /// The person's own numbers.
        Custom = "custom",
    }
}

choice! {
    /// A family of networks.
    Family {
        /// Dense layers only.
        Mlp = "mlp",
        /// LeNet-1, 1989.
        LeNet1 = "lenet1",
        /// LeNet-5, 1998.
        LeNet = "lenet",
        /// Two 3×3 convolutions and two dense layers.
        Cnn = "cnn",
        /// Five convolutions and three dense layers, 2012.
        AlexNet = "alexnet",
        /// Many 3×3 convolutions, 2014.
        Vgg = "vgg",
        /// Inception modules, 2014.
        GoogLeNet = "googlenet",
        /// A residual network of three stages, 2015.
        ResNet = "resnet",
        /// Layers that read the maps of all layers before them, 2016.
        DenseNet = "densenet",
        /// Depthwise separable convolutions, 2017.
        MobileNet = "mobilenet",
        /// An image in, a mask of its pixels out, 2015.
        UNet = "unet",
        /// The dense network of the course's first exercise.
        Exercise1Dense = "exercise1-dense",
        /// Its CNN.
        Exercise1 = "exercise1",
        /// The simplified VGG of its third.
        Exercise3 = "exercise3",
        /// A person's own, as text.
        Own = "own",
    }
}

choice! {
    /// What a shortcut does with what it brings.
    Joining {
        /// It is added.
        Add = "add",
        /// Its channels are put beside the others.
        Concat = "concat",
    }
}

choice! {
    /// The branches of an Inception module.
    Inception {
        /// 1×1, 3×3, 5×5 and pooling side by side.
        Naive = "naive",
        /// The larger kernels see fewer channels, behind a 1×1 convolution: GoogLeNet's.
        Reduced = "reduced",
        /// Reduced, and two 3×3 in place of the 5×5.
        Factorised = "factorised",
    }
}

choice! {
    /// How images become one number for each class.
    Head {
        /// Flattened into dense layers.
        Dense = "dense",
        /// A 1×1 convolution with one filter for each class, and the mean of each map.
        Conv = "conv",
    }
}

choice! {
    /// Which gates weigh the channels or the places of an image.
    Attention {
        /// None.
        None = "none",
        /// Squeeze and excitation: a gate for each channel from a small dense network.
        Se = "se",
        /// Channels from means and maxima, then places.
        Cbam = "cbam",
        /// A gate for each channel from its neighbours.
        Eca = "eca",
    }
}

choice! {
    /// What a network says of an image.
    Task {
        /// Which class it belongs to.
        Classify = "classify",
        /// Which of its pixels belong to the object.
        Segment = "segment",
    }
}

choice! {
    /// The body of a residual block.
    Block {
        /// Two 3×3 convolutions.
        Basic = "basic",
        /// 1×1 down, 3×3, 1×1 up.
        Bottleneck = "bottleneck",
    }
}

choice! {
    /// What the shortcut does where the stride or the channels change.
    Shortcut {
        /// A 1×1 convolution with the same stride.
        Projection = "projection",
        /// The input subsampled, with channels of zeros added.
        ZeroPad = "zero-pad",
        /// The input as it is, which fits only where nothing changes.
        Identity = "identity",
    }
}

macro_rules! activation {
    (
        networks { $($(#[$doc:meta])* $name:ident $word:literal $module:literal:
            |$x:ident| $value:expr, derivative of $from:ident |$at:ident| $derivative:expr;)* }
        losses { $($loss:tt)* }
    ) => {
        choice! {
            /// The nonlinearity between layers.
            Activation { $($(#[$doc])* $name = $word,)* }
        }

        impl Activation {
            /// The name of PyTorch's module.
            pub const fn module(self) -> &'static str {
                match self { $(Self::$name => $module),* }
            }

            /// What it computes.
            pub const fn function(self) -> cnn_playground_kernels::activation::Activation {
                match self { $(Self::$name => cnn_playground_kernels::activation::Activation::$name),* }
            }
        }
    };
}
// Its rows are in `kernels/src/activation.rs`.
cnn_playground_kernels::activations!(activation);

choice! {
    /// How a window of pixels becomes one.
    Pool {
        /// The largest of them.
        Max = "max",
        /// Their mean.
        Average = "average",
        /// A convolution with that stride.
        Conv = "conv",
    }
}

choice! {
    /// How the first weights of convolutions and dense layers are drawn.
    Init {
        /// As PyTorch's layers do: uniform within ±1/√fan_in, biases too.
        PyTorch = "pytorch",
        /// Normal with variance 2/fan_in, biases 0: `kaiming_normal_`. He et al. 2015,
        /// <https://arxiv.org/abs/1502.01852>.
        He = "he",
        /// As PyTorch's layers do, and then the weights of the first layer, a dense one, change places as the pixels
        /// do: each pixel meets the weights that it would have met unpermuted.
        Permuted = "permuted",
    }
}

choice! {
    /// How gradients become steps.
    Optimizer {
        /// Stochastic gradient descent with momentum.
        Sgd = "sgd",
        /// Kingma and Ba 2015.
        Adam = "adam",
        /// Adam with decoupled weight decay, Loshchilov and Hutter 2019.
        AdamW = "adamw",
    }
}

choice! {
    /// How the learning rate changes over the run.
    Schedule {
        /// Not at all.
        Constant = "constant",
        /// Half a cosine from the full rate to zero.
        Cosine = "cosine",
        /// A tenth after one half, a hundredth after three quarters of the steps.
        Step = "step",
        /// Up to the full rate in the first three tenths of the steps, then down to next to nothing.
        /// Smith and Topin 2017, <https://arxiv.org/abs/1708.07120>.
        OneCycle = "one-cycle",
    }
}

choice! {
    /// What ends a run.
    Stop {
        /// A number of passes over the training samples.
        Epochs = "epochs",
        /// A number of batches.
        Steps = "steps",
        /// The test score after an epoch, or a number of epochs if it is not reached.
        Accuracy = "accuracy",
    }
}
