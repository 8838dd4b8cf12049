//! A layer tree with its weights.

use std::collections::BTreeSet;

use burn::tensor::{Device, Tensor, TensorData};
use serde::{Deserialize, Serialize};

use super::forward::{Hook, Pass};
use super::initial;
use crate::arch::Shaped;
use crate::base::error::{Problem, Result};
use crate::data::transform::fixed_permutation;
use crate::experiment::Init;
use crate::kernels::pack;
use crate::operation::{Draw, Flow, Mode, Parameter, Shape};

/// A network on a device.
///
/// Every weight is a flat array, reshaped where it is used: so the optimizer, a checkpoint and a
/// gradient norm need to know nothing of layers.
#[derive(Debug, Clone)]
pub struct Network {
    plan: Shaped,
    /// In the order of [`Shaped::operations`], each on the device with gradients.
    weights: Vec<Tensor<1>>,
    /// Running mean and variance of each batch normalization, without gradients.
    statistics: Vec<[Tensor<1>; 2]>,
    /// Branches that count as zeros where they meet others: which join, in the order in which that happens, and which branch.
    cut: BTreeSet<(usize, usize)>,
}

/// All weights and running statistics of a network, on the host.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct State {
    /// One flat array for each weight, in the network's order.
    pub weights: Vec<Vec<f32>>,
    /// Mean and variance of each batch normalization.
    pub statistics: Vec<[Vec<f32>; 2]>,
}

impl State {
    /// Whether this is a state of a network of this plan.
    pub fn fits(&self, plan: &Shaped) -> bool {
        let (mut weights, mut statistics) = (Vec::new(), Vec::new());
        for (part, operation) in plan.operations() {
            weights.extend(operation.parameters(part.input).iter().map(Parameter::len));
            if operation.about().has_statistics() {
                statistics.push([part.input.channels(); 2]);
            }
        }
        let sizes = |pair: &[Vec<f32>; 2]| pair.each_ref().map(Vec::len);
        self.weights.iter().map(Vec::len).eq(weights)
            && self.statistics.iter().map(sizes).eq(statistics)
    }

    /// As bytes, for a file or another worker.
    ///
    /// # Errors
    /// [`crate::base::error::Code::Internal`], which would be a bug.
    pub fn bytes(&self) -> Result<Vec<u8>> {
        postcard::to_stdvec(self).map_err(Problem::internal)
    }

    /// From the bytes that [`State::bytes`] made.
    ///
    /// # Errors
    /// [`crate::base::error::Code::Internal`] if they are something else.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        postcard::from_bytes(bytes).map_err(Problem::internal)
    }

    /// The initial state of a network, drawn on the host as `init` says; 1 and 0 for batch normalization. Each array
    /// has a stream of its own, named by its path, so that two networks that share a layer start with the same
    /// values there.
    pub fn draw(plan: &Shaped, init: Init, seed: u32) -> Self {
        let mut weights = Vec::new();
        let mut statistics = Vec::new();
        for (part, operation) in plan.operations() {
            for parameter in operation.parameters(part.input) {
                weights.push(initial::array(&parameter, init, seed, &part.path));
            }
            if operation.about().has_statistics() {
                let channels = part.input.channels();
                statistics.push([vec![0.0; channels], vec![1.0; channels]]);
            }
        }
        if let (Init::Permuted, Shape::Image(image), Some(first)) =
            (init, plan.input, weights.first_mut())
        {
            let order = fixed_permutation(image.area(), seed);
            initial::permute(first, image.channels, &order);
        }
        Self {
            weights,
            statistics,
        }
    }
}

/// A flat array on a device.
fn flat(values: &[f32], device: &Device) -> Tensor<1> {
    Tensor::from_data(TensorData::new(values.to_vec(), [values.len()]), device)
}

impl Network {
    /// A network of this plan with this state, on a device that keeps gradients.
    pub fn new(plan: Shaped, state: &State, device: &Device) -> Self {
        let inner = device.clone().inner();
        let on_inner = |values: &Vec<f32>| flat(values, &inner);
        let statistics = state
            .statistics
            .iter()
            .map(|pair| pair.each_ref().map(on_inner))
            .collect();
        let mut network = Self {
            plan,
            weights: Vec::new(),
            statistics,
            cut: BTreeSet::new(),
        };
        network.set_weights(pack(&state.weights, &inner));
        network
    }

    /// The same weights in another tree, whose layers are the first ones of this network.
    pub fn with_plan(self, plan: Shaped) -> Self {
        Self { plan, ..self }
    }

    /// The tree with its shapes.
    pub fn plan(&self) -> &Shaped {
        &self.plan
    }

    /// The weights, each `[numbers]`, with gradients.
    pub fn weights(&self) -> &[Tensor<1>] {
        &self.weights
    }

    /// Replaces the weights by these values, which are without gradients; the new weights have them.
    pub fn set_weights(&mut self, values: Vec<Tensor<1>>) {
        let learning = |values| Tensor::from_inner(values).require_grad();
        self.weights = values.into_iter().map(learning).collect();
    }

    /// The running mean and variance of each batch normalization, each `[channels]`, without gradients.
    pub fn statistics(&self) -> &[[Tensor<1>; 2]] {
        &self.statistics
    }

    /// Lets these branches count as zeros where they meet others: which join, in the order in which that happens, and which
    /// branch of it.
    pub fn cut(&mut self, branches: BTreeSet<(usize, usize)>) {
        self.cut = branches;
    }

    /// Replaces the running mean and variance of a batch normalization.
    pub fn set_statistics(&mut self, at: usize, pair: [Tensor<1>; 2]) {
        if let Some(place) = self.statistics.get_mut(at) {
            *place = pair;
        }
    }

    /// The logits, `[batch, classes]`, of images `[batch, channels, height, width]`, which must be
    /// on the device with gradients when training, and on the inner one when testing.
    pub fn forward(&mut self, images: Tensor<4>, mode: Mode) -> Tensor<2> {
        self.forward_with_auxiliary(images, mode).0
    }

    /// The same, and the logits of each auxiliary classifier, `[batch, classes]`.
    pub fn forward_with_auxiliary(
        &mut self,
        images: Tensor<4>,
        mode: Mode,
    ) -> (Tensor<2>, Vec<Tensor<2>>) {
        let weights: Vec<_> = match mode {
            Mode::Training { .. } => self.weights.clone(),
            Mode::Testing => self
                .weights
                .iter()
                .map(|weight| weight.clone().inner())
                .collect(),
        };
        let mut pass = Pass::new(weights, &mut self.statistics, mode).without(&self.cut);
        let own = logits(pass.part(&self.plan, Flow::Image(images)));
        (own, pass.auxiliary)
    }

    /// The same in [`Mode::Testing`], with a hook that sees every operation. Where it returns a tensor with
    /// gradients, what follows has gradients too.
    pub fn watch<'a>(&'a mut self, images: Tensor<4>, hook: &'a mut Hook<'a>) -> Tensor<2> {
        let weights = self.weights.iter().map(|weight| weight.clone().inner());
        let pass = Pass::new(weights.collect(), &mut self.statistics, Mode::Testing);
        let mut pass = pass.without(&self.cut).watched(hook);
        logits(pass.part(&self.plan, Flow::Image(images)))
    }

    /// The same as in training, of images on the device with gradients. The running statistics stay as they are.
    pub fn watch_training<'a>(&self, images: Tensor<4>, draw: Draw, hook: &'a mut Hook<'a>) {
        let mut statistics = self.statistics.clone();
        let mode = Mode::Training { draw };
        let pass = Pass::new(self.weights.clone(), &mut statistics, mode);
        let mut pass = pass.without(&self.cut).watched(hook);
        pass.part(&self.plan, Flow::Image(images));
    }
}

fn logits(flow: Flow) -> Tensor<2> {
    match flow {
        Flow::Vector(logits) => logits,
        Flow::Image(images) => images.flatten(1, 3),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arch;
    use crate::base::ImageShape;
    use crate::experiment::link::known_spec;

    #[test]
    fn an_auxiliary_classifier_changes_nothing_but_what_is_learned() {
        let shape = ImageShape {
            channels: 1,
            height: 28,
            width: 28,
        };
        let device = Device::flex().autodiff();
        let network = |link: &str| {
            let plan = arch::build(&known_spec(link), shape, 10).unwrap();
            let state = State::draw(&plan, Init::PyTorch, 1);
            Network::new(plan, &state, &device)
        };
        let link = "v=1&net=googlenet&width=4&blocks=1";
        let mut plain = network(link);
        let mut aided = network(&format!("{link}&auxiliary=on"));
        assert!(aided.weights().len() > plain.weights().len());
        let pixels: Vec<f32> = (0..2 * 784).map(|at| (at % 29) as f32 / 29.0).collect();
        let images = || Tensor::from_data(TensorData::new(pixels.clone(), [2, 1, 28, 28]), &device);
        let numbers = |tensor: Tensor<2>| -> Vec<f32> { tensor.into_data().try_to_vec().unwrap() };
        let testing =
            |network: &mut Network| numbers(network.forward(images().inner(), Mode::Testing));
        assert_eq!(testing(&mut plain), testing(&mut aided));
        let draw = crate::operation::Draw { seed: 1, step: 0 };
        let training = Mode::Training { draw };
        let (own, auxiliary) = aided.forward_with_auxiliary(images(), training);
        let (plainly, none) = plain.forward_with_auxiliary(images(), training);
        assert_eq!(numbers(own), numbers(plainly));
        assert_eq!((auxiliary.len(), none.len()), (1, 0));
        // It learns, and by the way that it goes the first stage with it; what is behind it does not.
        let gradients = auxiliary[0].clone().sum().backward();
        let learns = |at: usize| aided.weights()[at].grad(&gradients).is_some();
        let paths: Vec<String> = {
            let operations = aided.plan().operations().into_iter();
            let arrays = operations.flat_map(|(part, operation)| {
                let count = operation.parameters(part.input).len();
                vec![part.path.clone(); count]
            });
            arrays.collect()
        };
        for (at, path) in paths.iter().enumerate() {
            let behind = path.starts_with("stage2") || path == "fc";
            assert_eq!(learns(at), !behind, "{path}");
        }
    }

    #[test]
    fn a_state_fits_its_own_plan_and_no_other() {
        let shape = ImageShape {
            channels: 1,
            height: 8,
            width: 8,
        };
        let plan = |link| arch::build(&known_spec(link), shape, 2).unwrap();
        let own = plan("v=1&net=cnn&blocks=1&width=4&batchnorm=on");
        let state = State::draw(&own, Init::PyTorch, 1);
        assert!(state.fits(&own));
        assert!(!state.fits(&plan("v=1&net=cnn&blocks=1&width=8&batchnorm=on")));

        // The same arrays in the same order, and yet a batch normalization would find none.
        let mut moved = state;
        let pair = moved.statistics.pop().unwrap();
        moved.weights.extend(pair);
        assert!(!moved.fits(&own));
    }
}
