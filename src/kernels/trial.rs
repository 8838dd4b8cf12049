//! The project's operations beside their references, on any device: for the tests, which compare results,
//! and for the benchmark, which compares times.

mod album;
mod shapes;

use burn::tensor::{Device, Int, Tensor, TensorData};

use super::numbers;
use super::{AdamStep, Normalizer, SgdStep, Walk, reference};
use crate::base::error::Result;
use crate::base::rng::Stream;
use album::Album;
pub use cnn_playground_kernels::Tail;
pub use shapes::{all, layers};

/// One of the project's operations, with the shapes of its inputs.
#[derive(Debug, Clone, Copy)]
pub enum Trial {
    /// A convolution of `[batch, channels, height, width]` and what follows it.
    Convolution {
        /// The images.
        images: [usize; 4],
        /// How many filters, and the rows and columns of their kernels.
        filters: [usize; 3],
        /// Stride and padding.
        walk: [usize; 2],
        /// Whether each filter has a bias.
        bias: bool,
        /// What follows.
        tail: Tail,
    },
    /// A dense layer.
    Dense {
        /// Samples, inputs and outputs.
        size: [usize; 3],
        /// Whether a ReLU follows.
        relu: bool,
    },
    /// Batch normalization of `[batch, channels, height, width]`.
    Norm {
        /// The images.
        images: [usize; 4],
        /// Whether a ReLU follows.
        relu: bool,
    },
    /// The end of a residual block, of `[batch, channels, height, width]`.
    AddRelu([usize; 4]),
    /// Cross-entropy: samples and classes.
    Loss([usize; 2]),
    /// A step of Adam: the number of weights of each array.
    Adam(&'static [usize]),
    /// A step of SGD: the number of weights of each array, and whether its momentum is Nesterov's.
    Sgd(&'static [usize], bool),
    /// Gathers a batch of this size from 50 images `[channels, height, width]` on the device. GPUs only.
    Gather(usize, [usize; 3]),
}

/// Which implementation is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// The one that networks run.
    Ours,
    /// The same in burn's operations.
    Reference,
}

/// A trial with its inputs on a device.
pub struct Bench {
    trial: Trial,
    inputs: Vec<Tensor<1>>,
    labels: Tensor<2, Int>,
    album: Option<Album>,
    /// The weight of each result in the sum whose gradient is taken.
    factors: Tensor<1>,
}

impl Trial {
    /// The length of each input.
    fn sizes(&self) -> Vec<usize> {
        match *self {
            Self::Convolution {
                images,
                filters: [filters, rows, columns],
                bias,
                ..
            } => {
                let weights = filters * images[1] * rows * columns;
                let mut sizes = vec![images.iter().product(), weights];
                sizes.extend(bias.then_some(filters));
                sizes
            }
            Self::Dense {
                size: [batch, inputs, outputs],
                ..
            } => vec![batch * inputs, inputs * outputs, outputs],
            Self::Norm { images, .. } => vec![images.iter().product(), images[1], images[1]],
            Self::AddRelu(images) => vec![images.iter().product(); 2],
            Self::Loss([batch, classes]) => vec![batch * classes],
            Self::Adam(sizes) | Self::Sgd(sizes, _) => sizes.to_vec(),
            Self::Gather(..) => Vec::new(),
        }
    }

    /// An upper bound for the number of its results.
    fn most(&self) -> usize {
        match *self {
            Self::Convolution {
                images: [batch, _, height, width],
                filters: [filters, ..],
                walk: [_, padding],
                ..
            } => batch * filters * (height + 2 * padding) * (width + 2 * padding),
            Self::Dense {
                size: [batch, _, outputs],
                ..
            } => batch * outputs,
            Self::Norm { images, .. } => images.iter().product::<usize>() + 2 * images[1],
            Self::AddRelu(images) => images.iter().product(),
            Self::Loss(_) => 2,
            Self::Adam(_) | Self::Sgd(..) | Self::Gather(..) => 1,
        }
    }

    /// Puts its inputs on a device.
    pub fn on(self, device: &Device) -> Bench {
        let arrays: Vec<Vec<f32>> = self.sizes().iter().enumerate().map(draw).collect();
        let inputs = super::pack(&arrays, device).into_iter();
        let learning = |input| Tensor::from_inner(input).require_grad();
        let (batch, classes) = match self {
            Self::Loss([batch, classes]) => (batch, classes),
            _ => (1, 1),
        };
        let album = match self {
            Self::Gather(_, sizes) => Some(Album::on(sizes, device)),
            _ => None,
        };
        let most = self.most();
        let labels: Vec<i32> = (0..batch).map(|sample| (sample % classes) as i32).collect();
        Bench {
            trial: self,
            album,
            inputs: inputs.map(learning).collect(),
            labels: Tensor::from_data(TensorData::new(labels, [batch, 1]), device),
            factors: Tensor::<1>::from_data(&draw((99, &most))[..], device).autodiff(),
        }
    }
}

/// Numbers between -1 and 1, others for each input.
fn draw((index, count): (usize, &usize)) -> Vec<f32> {
    let mut stream = Stream::new(1, &format!("trial/{index}"));
    (0..*count).map(|_| stream.symmetric()).collect()
}

impl Bench {
    /// Runs the operation once. Returns its results, and the gradient of each input of a weighted sum of the results,
    /// if it has gradients; all stay on the device.
    fn run(&self, way: Way) -> Vec<Tensor<1>> {
        if let (Trial::Gather(batch, _), Some(album)) = (self.trial, &self.album) {
            let places: Vec<u32> = (0..batch as u32).map(|index| index * 13 % 50).collect();
            return match way {
                Way::Ours => album.gather_on_device(&places),
                Way::Reference => album.gather(&places, &self.factors.device()),
            };
        }
        let weights = || {
            self.inputs
                .iter()
                .map(|input| input.clone().inner())
                .collect()
        };
        if let Trial::Adam(_) | Trial::Sgd(..) = self.trial {
            return self.optimize(way, weights());
        }
        let output = self.forward(way);
        let inner = output.clone().inner();
        let factors = self.factors.clone().narrow(0, 0, inner.dims()[0]);
        let gradients = (output * factors).sum().backward();
        let mut all = vec![inner];
        all.extend(
            self.inputs
                .iter()
                .filter_map(|input| input.grad(&gradients)),
        );
        all
    }

    fn forward(&self, way: Way) -> Tensor<1> {
        let input = |index: usize| self.inputs[index].clone();
        match self.trial {
            Trial::Convolution {
                images,
                filters: [filters, rows, columns],
                walk: [stride, padding],
                bias,
                tail,
            } => {
                let walk = Walk {
                    stride,
                    padding,
                    dilation: 1,
                    groups: 1,
                };
                let x = input(0).reshape(images);
                let w = input(1).reshape([filters, images[1], rows, columns]);
                let b = bias.then(|| input(2));
                match way {
                    Way::Ours => super::convolve(x, w, b, walk, tail),
                    Way::Reference => reference::convolve(x, w, b, walk, tail),
                }
                .flatten(0, 3)
            }
            Trial::Dense {
                size: [batch, inputs, outputs],
                relu,
            } => {
                let x = input(0).reshape([batch, inputs]);
                let w = input(1).reshape([inputs, outputs]);
                match way {
                    Way::Ours => super::connect(x, w, Some(input(2)), relu),
                    Way::Reference => reference::connect(x, w, input(2), relu),
                }
                .flatten(0, 1)
            }
            Trial::Norm { images, relu } => {
                // Off center, where a sum of squares would lose digits.
                let x = input(0).reshape(images) + 3.0;
                let how = Normalizer {
                    epsilon: 1e-5,
                    momentum: 0.1,
                    relu,
                };
                match way {
                    Way::Ours => {
                        let running = [input(1).inner(), input(2).inner()];
                        let result = super::normalize(x, [input(1), input(2)], &running, how);
                        let remembered = result.running.map(Tensor::autodiff);
                        let mut all = vec![result.output.flatten(0, 3)];
                        all.extend(remembered);
                        Tensor::cat(all, 0)
                    }
                    Way::Reference => {
                        let count = images[0] * images[2] * images[3];
                        let unbiased = count as f64 / (count as f64 - 1.0).max(1.0);
                        let result = reference::normalize(x, input(1), input(2), how.epsilon, relu);
                        let mean = result.mean * how.momentum;
                        let variance = result.variance * (how.momentum * unbiased);
                        let kept = |index| input(index).inner() * (1.0 - how.momentum);
                        Tensor::cat(
                            vec![
                                result.output.flatten(0, 3),
                                (kept(1) + mean).autodiff(),
                                (kept(2) + variance).autodiff(),
                            ],
                            0,
                        )
                    }
                }
            }
            Trial::AddRelu(images) => {
                let (left, right) = (input(0).reshape(images), input(1).reshape(images));
                match way {
                    Way::Ours => super::add_relu(left, right),
                    Way::Reference => reference::add_relu(left, right),
                }
                .flatten(0, 3)
            }
            Trial::Loss([batch, classes]) => {
                let logits = input(0).reshape([batch, classes]);
                match way {
                    Way::Ours => super::classify(logits, &self.labels),
                    Way::Reference => reference::classify(logits, &self.labels),
                }
            }
            Trial::Adam(_) | Trial::Sgd(..) | Trial::Gather(..) => {
                unreachable!("these have no gradients")
            }
        }
    }

    /// Two steps, the second with the memory of the first; the gradients are the weights themselves.
    fn optimize(&self, way: Way, mut weights: Vec<Tensor<1>>) -> Vec<Tensor<1>> {
        let zeros = || {
            let arrays: Vec<_> = weights
                .iter()
                .map(|each| vec![0.0; each.dims()[0]])
                .collect();
            super::pack(&arrays, &weights[0].device())
        };
        let [mut first, mut second] = [zeros(), zeros()];
        let adam = AdamStep {
            betas: [0.9, 0.999],
            rate: 0.01,
            epsilon: 1e-4,
            penalty: 0.1,
            shrink: 0.9,
        };
        let sgd = SgdStep {
            rate: 0.1,
            momentum: 0.9,
            decay: 0.01,
            nesterov: matches!(self.trial, Trial::Sgd(_, true)),
        };
        for _ in 0..2 {
            let gradients: Vec<_> = weights.iter().map(|each| each.clone() * 1.0).collect();
            match (self.trial, way) {
                (Trial::Adam(_), Way::Ours) => {
                    (weights, [first, second]) =
                        super::adam(weights, gradients, [first, second], adam);
                }
                (_, Way::Ours) => {
                    (weights, [first]) = super::sgd(weights, gradients, first, sgd);
                }
                (trial, Way::Reference) => {
                    for (index, gradient) in gradients.into_iter().enumerate() {
                        let (weight, one) = (weights[index].clone(), first[index].clone());
                        if let Trial::Adam(_) = trial {
                            let moments = [one, second[index].clone()];
                            (weights[index], [first[index], second[index]]) =
                                reference::adam(weight, gradient, moments, adam);
                        } else {
                            (weights[index], first[index]) =
                                reference::sgd(weight, gradient, one, sgd);
                        }
                    }
                }
            }
        }
        weights.extend(first);
        weights.extend(second);
        weights
    }

    /// The results and the gradients of one implementation.
    ///
    /// # Errors
    /// [`crate::base::error::Code::Internal`] if the device does not answer.
    pub async fn results(&self, way: Way) -> Result<Vec<Vec<f32>>> {
        let mut results = Vec::new();
        for tensor in self.run(way) {
            results.push(numbers(tensor).await?);
        }
        Ok(results)
    }

    /// Runs it `times` times, and waits for the last.
    ///
    /// # Errors
    /// As [`Bench::results`].
    pub async fn repeat(&self, way: Way, times: usize) -> Result<()> {
        let mut last = Vec::new();
        for _ in 0..times {
            last = self.run(way);
        }
        if let Some(tensor) = last.pop() {
            numbers(tensor).await?;
        }
        Ok(())
    }
}

/// The distance between the project's operation on one device and the reference on another: for each result and
/// gradient the largest difference, relative to its largest value.
///
/// # Errors
/// As [`Bench::results`].
pub async fn apart(trial: Trial, ours: &Device, reference: &Device) -> Result<Vec<f32>> {
    let ours = trial.on(ours).results(Way::Ours).await?;
    let theirs = trial.on(reference).results(Way::Reference).await?;
    let pairs = ours.iter().zip(&theirs);
    let mut apart: Vec<f32> = pairs
        .map(|(ours, theirs)| difference(ours, theirs))
        .collect();
    if ours.len() != theirs.len() {
        apart.push(f32::INFINITY);
    }
    Ok(apart)
}

fn difference(ours: &[f32], theirs: &[f32]) -> f32 {
    if ours.len() != theirs.len() {
        return f32::INFINITY;
    }
    let largest = theirs
        .iter()
        .fold(1e-6_f32, |most, value| most.max(value.abs()));
    let pairs = ours.iter().zip(theirs);
    // NaN must not be lost.
    let most = |most: f32, (a, b): (&f32, &f32)| {
        let apart = (a - b).abs();
        if apart <= most { most } else { apart }
    };
    pairs.fold(0.0_f32, most) / largest
}
