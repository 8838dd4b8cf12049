//! The network that is looked into, and its forward pass.

use std::collections::BTreeSet;

use burn::tensor::{Device, Tensor, TensorData};

use super::Tiles;
use super::resume::{Ascent, JudgedSoFar, Scored};
use crate::arch::touch::{Touch, Touchable, Touched, offers, told, touch};
use crate::arch::{self, Shaped};
use crate::base::error::{Code, Problem, Result};
use crate::base::{DataFacts, ImageShape};
use crate::data::{Samples, Split, Transform};
use crate::experiment::ExperimentSpec;
use crate::kernels::numbers;
use crate::nn::{Network, Seen, State};
use crate::operation::Flow;
use crate::operation::Shape;

/// Images of one forward pass.
pub(super) const BATCH: usize = 100;

/// One image, as the data set has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// `[channels, height, width]`.
    pub pixels: Vec<u8>,
    /// The split that it is of; [`Split::Test`] for a picture of neither.
    pub split: Split,
    /// Its place there, on which a permutation for each image and a scene depend; 0 for others.
    pub index: usize,
}

/// The output of one operation for some images, on the host.
#[derive(Debug, Clone, PartialEq)]
pub struct LayerOutput {
    /// The shape for one image.
    pub shape: Shape,
    /// `[images, …shape]`.
    pub values: Vec<f32>,
}

/// A trained network, or one that is being trained, and the picture that it looks at.
pub struct Inside {
    pub(super) spec: ExperimentSpec,
    pub(super) facts: DataFacts,
    pub(super) transform: Transform,
    pub(super) network: Network,
    pub(super) device: Device,
    pub(super) picture: Option<Picture>,
    /// The network's numbers as they were trained.
    trained: State,
    /// What a person had changed about them before the run went on to there.
    past: Vec<Touch>,
    /// What a person changed about them since.
    touches: Vec<Touch>,
    /// Branches that count as zeros because of that.
    pub(super) cut: BTreeSet<(usize, usize)>,
    /// The output of each operation for the picture, once asked for.
    pub(super) seen: Option<Vec<LayerOutput>>,
    pub(super) ascent: Option<Ascent>,
    pub(super) judged: JudgedSoFar,
    pub(super) scored: Scored,
}

impl Inside {
    /// The network of this spec with these weights, on a device without gradients.
    ///
    /// # Errors
    /// As [`arch::build`] and [`Transform::new`]; [`Code::Internal`] if the weights are another
    /// network's.
    pub fn new(
        spec: ExperimentSpec,
        facts: &DataFacts,
        state: &State,
        device: &Device,
    ) -> Result<Self> {
        let plan = arch::build(&spec, facts.shape, facts.classes.len())?;
        let transform = Transform::new(&spec, facts)?;
        Self::with(plan, spec, facts, transform, state, device)
    }

    /// The network of this spec with its first weights, those that a run of it starts from.
    ///
    /// # Errors
    /// As [`arch::build`] and [`Transform::new`].
    pub fn first(spec: ExperimentSpec, facts: &DataFacts, device: &Device) -> Result<Self> {
        let plan = arch::build(&spec, facts.shape, facts.classes.len())?;
        let transform = Transform::new(&spec, facts)?;
        let state = State::draw(&plan, spec.init, spec.seed);
        Self::with(plan, spec, facts, transform, &state, device)
    }

    pub(super) fn with(
        plan: Shaped,
        spec: ExperimentSpec,
        facts: &DataFacts,
        transform: Transform,
        state: &State,
        device: &Device,
    ) -> Result<Self> {
        if !state.fits(&plan) {
            return Err(Problem::internal("the weights belong to another network"));
        }
        Ok(Self {
            network: Network::new(plan, state, &device.clone().autodiff()),
            trained: state.clone(),
            past: Vec::new(),
            touches: Vec::new(),
            cut: BTreeSet::new(),
            device: device.clone(),
            facts: facts.clone(),
            spec,
            transform,
            picture: None,
            seen: None,
            ascent: None,
            judged: JudgedSoFar::default(),
            scored: Scored::default(),
        })
    }

    /// Replaces the weights by newer ones of the same run.
    ///
    /// # Errors
    /// [`Code::Internal`] if they are another network's.
    pub fn learn(&mut self, state: &State) -> Result<()> {
        let plan = self.network.plan().clone();
        if !state.fits(&plan) {
            return Err(Problem::internal("the weights belong to another network"));
        }
        self.trained = state.clone();
        self.renew(&self.past.clone(), &self.touches.clone())
    }

    /// Shows the network with these changes in place of those before. `past` are those that its run has gone on from: of them
    /// only what stays off is not in the weights. Gives what stands of the changes, with the layers that it is of.
    ///
    /// # Errors
    /// As [`touch`]. It is as before then.
    pub fn touch(&mut self, past: Vec<Touch>, touches: Vec<Touch>) -> Result<Vec<Touched>> {
        let told = told(self.plan(), &past, &touches, 0)?;
        self.renew(&past, &touches)?;
        (self.past, self.touches) = (past, touches);
        Ok(told)
    }

    fn renew(&mut self, past: &[Touch], touches: &[Touch]) -> Result<()> {
        let plan = self.network.plan().clone();
        let (state, cut) = self.changed(past, touches)?;
        self.cut = cut;
        self.network = Network::new(plan, &state, &self.device.clone().autodiff());
        self.network.cut(self.cut.clone());
        self.seen = None;
        self.scored = Scored::default();
        Ok(())
    }

    /// The network's numbers with these changes, and the branches that count as zeros then.
    fn changed(
        &self,
        past: &[Touch],
        touches: &[Touch],
    ) -> Result<(State, BTreeSet<(usize, usize)>)> {
        let (plan, mut state) = (self.plan(), self.trained.clone());
        let first = || State::draw(plan, self.spec.init, self.spec.seed).weights;
        let holds = touch(plan, (past, touches), &mut state.weights, first)?;
        Ok((state, holds.cut))
    }

    /// The network as it is shown, as a file of ONNX.
    ///
    /// # Errors
    /// As [`State::onnx`].
    pub fn onnx(&self) -> Result<Vec<u8>> {
        let (state, cut) = self.changed(&self.past, &self.touches)?;
        state.onnx(&self.spec, &self.facts, &cut)
    }

    /// What a press can change at a channel of a row.
    pub(super) fn offers(&self, touchable: &Touchable, channel: usize) -> Vec<Touch> {
        let all = [self.past.as_slice(), &self.touches].concat();
        offers(touchable, channel, &all)
    }

    /// Sets the picture that later questions are about.
    ///
    /// # Errors
    /// [`Code::WrongCount`] if it has another size than the network's images.
    pub fn look(&mut self, picture: Picture) -> Result<()> {
        let (found, expected) = (picture.pixels.len(), self.facts.shape.len());
        if found != expected {
            let problem = Problem::new(Code::WrongCount);
            return Err(problem.with("found", found).with("expected", expected));
        }
        self.picture = Some(picture);
        self.seen = None;
        Ok(())
    }

    /// Some test images as they are before the network's pixels and values change: the data set's
    /// own, or scenes where the task is to find an object.
    pub fn tiles(&self, test: &Samples, indices: &[usize]) -> Tiles {
        let pictures: Vec<_> = indices
            .iter()
            .map(|&index| Picture {
                pixels: test.image(index).to_vec(),
                split: Split::Test,
                index,
            })
            .collect();
        self.shown(&pictures.iter().collect::<Vec<_>>())
    }

    /// The same of these pictures.
    pub(super) fn shown(&self, pictures: &[&Picture]) -> Tiles {
        let pixels: Vec<u8> = pictures
            .iter()
            .flat_map(|picture| {
                let scene = self
                    .transform
                    .scene(&picture.pixels, picture.split, picture.index);
                scene.into_owned()
            })
            .collect();
        Tiles::of_pixels(&pixels, self.facts.shape)
    }

    /// The tree with its shapes.
    pub(super) fn plan(&self) -> &Shaped {
        self.network.plan()
    }

    /// The size of its images.
    pub const fn image_shape(&self) -> ImageShape {
        self.facts.shape
    }

    /// The output shape of a row, for one image.
    pub(super) fn shape(&self, row: usize) -> Result<Shape> {
        let operations = self.plan().operations();
        let found = operations.get(row).map(|(part, _)| part.output);
        found.ok_or_else(|| Problem::internal(format!("the network has no row {row}")))
    }

    /// The number of classes.
    ///
    /// # Errors
    /// [`Code::NoClasses`] if it predicts masks.
    pub(super) fn classes(&self) -> Result<usize> {
        match self.plan().output {
            Shape::Vector(classes) if classes == self.facts.classes.len() => Ok(classes),
            _ => Err(Problem::new(Code::NoClasses)),
        }
    }

    pub(super) fn picture(&self) -> Result<&Picture> {
        self.picture
            .as_ref()
            .ok_or_else(|| Problem::new(Code::NoData))
    }

    /// The transformed picture, `[1, channels, height, width]`.
    pub(super) fn input(&self) -> Result<Tensor<4>> {
        let picture = self.picture()?;
        let mut values = vec![0.0; self.facts.shape.len()];
        self.transform
            .apply(&picture.pixels, picture.split, picture.index, &mut values);
        Ok(self.upload(values))
    }

    /// Images, `[images, channels, height, width]`, on the device without gradients.
    pub(super) fn upload(&self, values: Vec<f32>) -> Tensor<4> {
        let shape = self.facts.shape;
        let sizes = [
            values.len() / shape.len(),
            shape.channels,
            shape.height,
            shape.width,
        ];
        Tensor::from_data(TensorData::new(values, sizes), &self.device)
    }

    /// Some transformed test images, `[images, channels, height, width]`.
    pub(super) fn batch(&self, test: &Samples, range: std::ops::Range<usize>) -> Tensor<4> {
        let size = self.facts.shape.len();
        let mut values = vec![0.0; range.len() * size];
        for (out, index) in values.chunks_exact_mut(size).zip(range) {
            self.transform
                .apply(test.image(index), Split::Test, index, out);
        }
        self.upload(values)
    }

    /// The first `images` test images, or all if there are fewer, in ranges of at most [`BATCH`].
    ///
    /// # Errors
    /// [`Code::NoData`] if there is none.
    pub(super) fn ranges(
        test: &Samples,
        images: usize,
    ) -> Result<impl Iterator<Item = std::ops::Range<usize>> + use<>> {
        let count = images.min(test.len());
        if count == 0 {
            return Err(Problem::new(Code::NoData));
        }
        let starts = (0..count).step_by(BATCH);
        Ok(starts.map(move |from| from..(from + BATCH).min(count)))
    }

    /// The output of each operation for images `[images, channels, height, width]`, in the order of the rows. As candle's
    /// `Sequential::forward_all`.
    pub(super) async fn forward_all(&mut self, images: Tensor<4>) -> Result<Vec<LayerOutput>> {
        let shapes: Vec<_> = self
            .plan()
            .operations()
            .iter()
            .map(|(p, _)| p.output)
            .collect();
        let mut flows = Vec::with_capacity(shapes.len());
        self.network.watch(images, &mut |at, flow| {
            if let Seen::Operation(_) = at {
                flows.push(flow.clone());
            }
            flow
        });
        let mut all = Vec::with_capacity(shapes.len());
        for (flow, shape) in flows.into_iter().zip(shapes) {
            let values = match flow {
                Flow::Image(tensor) => numbers(tensor).await?,
                Flow::Vector(tensor) => numbers(tensor).await?,
            };
            all.push(LayerOutput { shape, values });
        }
        Ok(all)
    }

    /// The output of one operation for images `[images, channels, height, width]`.
    pub(super) async fn forward_to(
        &mut self,
        images: Tensor<4>,
        row: usize,
    ) -> Result<LayerOutput> {
        let shape = self.shape(row)?;
        let mut found = None;
        self.network.watch(images, &mut |at, flow| {
            if at == Seen::Operation(row) {
                found = Some(flow.clone());
            }
            flow
        });
        let values = match found {
            Some(Flow::Image(tensor)) => numbers(tensor).await?,
            Some(Flow::Vector(tensor)) => numbers(tensor).await?,
            None => return Err(Problem::internal(format!("row {row} was not reached"))),
        };
        Ok(LayerOutput { shape, values })
    }

    /// The output of each operation for the picture, each `[1, …shape]`.
    pub(super) async fn look_through(&mut self) -> Result<&[LayerOutput]> {
        if self.seen.is_none() {
            let input = self.input()?;
            self.seen = Some(self.forward_all(input).await?);
        }
        Ok(self.seen.as_deref().unwrap_or_default())
    }
}

/// The softmax of logits `[classes]`.
pub(super) fn softmax(logits: &[f32]) -> Vec<f32> {
    let most = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let powers: Vec<f32> = logits.iter().map(|logit| (logit - most).exp()).collect();
    let sum: f32 = powers.iter().sum();
    powers.into_iter().map(|power| power / sum).collect()
}

/// The index of the largest value; 0 if there is none.
pub(super) fn most(values: &[f32]) -> usize {
    let ranked = values.iter().enumerate();
    ranked
        .max_by(|a, b| a.1.total_cmp(b.1).then(b.0.cmp(&a.0)))
        .map_or(0, |(at, _)| at)
}

/// Values in one channel of an output: the area of an image, 1 for a vector.
pub(super) fn area(shape: Shape) -> usize {
    match shape {
        Shape::Image(image) => image.area(),
        Shape::Vector(_) => 1,
    }
}
