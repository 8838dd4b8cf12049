//! Looking inside, in a worker of its own: on the CPU, whatever device trains.

use std::collections::BTreeMap;

use burn::tensor::Device;
use wasm_bindgen::prelude::*;

use super::holdings::{Holdings, holds_data};
use super::{from_js, thrown, to_js};
use crate::arch::touch::{Touch, Touched};
use crate::base::DataFacts;
use crate::base::error::{Code, Problem};
use crate::data::{Samples, Split};
use crate::experiment::ExperimentSpec;
use crate::inside::{self, Inside, Picture, Question};
use crate::nn::State;

type Thrown<T> = Result<T, JsValue>;

/// One data set for good, and the networks of some runs on it. Its methods must not overlap: an
/// asynchronous one keeps the object until it is done.
#[wasm_bindgen]
#[derive(Default)]
pub struct Insides {
    holdings: Holdings,
    runs: BTreeMap<String, Inside>,
}

holds_data!(Insides);

#[wasm_bindgen]
impl Insides {
    /// Without data and without a run.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes a run's spec and its weights, the bytes of a `State`; or newer weights of a run that is here
    /// already. Throws a `Problem`.
    pub fn open(&mut self, run: String, spec: JsValue, weights: &[u8]) -> Thrown<()> {
        let state = State::from_bytes(weights).map_err(thrown)?;
        if let Some(inside) = self.runs.get_mut(&run) {
            return inside.learn(&state).map_err(thrown);
        }
        let spec: ExperimentSpec = from_js(spec).map_err(thrown)?;
        let facts = self.holdings.facts().map_err(thrown)?;
        let inside = Inside::new(spec, &facts, &state, &Device::flex()).map_err(thrown)?;
        self.runs.insert(run, inside);
        Ok(())
    }

    /// The same with the network's first weights, before there is a run; `facts` are those of its data set, of which
    /// nothing else has to be here.
    #[wasm_bindgen(js_name = openFirst)]
    pub fn open_first(&mut self, run: String, spec: JsValue, facts: JsValue) -> Thrown<()> {
        let spec: ExperimentSpec = from_js(spec).map_err(thrown)?;
        let facts: DataFacts = from_js(facts).map_err(thrown)?;
        facts.check("facts").map_err(thrown)?;
        let inside = Inside::first(spec, &facts, &Device::flex()).map_err(thrown)?;
        self.runs.insert(run, inside);
        Ok(())
    }

    /// Shows a run's network with these changes, `Touch[]`, in place of those before; `past` are the `Touched[]` that the run
    /// has gone on from. Gives the changes as `Touched[]`.
    pub fn touch(&mut self, run: &str, past: JsValue, touches: JsValue) -> Thrown<JsValue> {
        let past: Vec<Touched> = from_js(past).map_err(thrown)?;
        let touches: Vec<Touch> = from_js(touches).map_err(thrown)?;
        let past = past.into_iter().map(|touched| touched.touch).collect();
        to_js(&self.run(run)?.touch(past, touches).map_err(thrown)?)
    }

    /// A run's network as it is shown, as a file of ONNX.
    pub fn onnx(&mut self, run: &str) -> Thrown<Vec<u8>> {
        self.run(run)?.onnx().map_err(thrown)
    }

    /// Forgets a run.
    pub fn close(&mut self, run: &str) {
        self.runs.remove(run);
    }

    /// Sets the picture of a run, `[channels, height, width]`.
    pub fn look(&mut self, run: &str, pixels: Vec<u8>) -> Thrown<()> {
        self.look_at(run, pixels, Split::Test, 0)
    }

    /// Sets a training image as the picture of a run: its pixels, and its place among the training images.
    #[wasm_bindgen(js_name = lookAtTraining)]
    pub fn look_at_training(&mut self, run: &str, pixels: Vec<u8>, index: usize) -> Thrown<()> {
        self.look_at(run, pixels, Split::Train, index)
    }

    /// Sets a test image as the picture of a run.
    #[wasm_bindgen(js_name = lookAtTest)]
    pub fn look_at_test(&mut self, run: &str, index: usize) -> Thrown<()> {
        let test = self.holdings.data().map_err(thrown)?.samples(Split::Test);
        if index >= test.len() {
            return Err(thrown(Problem::new(Code::NoData)));
        }
        let pixels = test.image(index).to_vec();
        self.look_at(run, pixels, Split::Test, index)
    }

    /// Some test images from this one on, as a run has them before it changes them: their `Tiles` and
    /// labels.
    #[wasm_bindgen(js_name = testImages)]
    pub fn test_images(&self, run: &str, from: usize, count: usize) -> Thrown<JsValue> {
        let test = self.holdings.data().map_err(thrown)?.samples(Split::Test);
        let indices: Vec<usize> = (from..test.len().min(from + count)).collect();
        let labels: Vec<u8> = indices.iter().map(|&index| test.labels[index]).collect();
        let inside = self.runs.get(run).ok_or_else(not_open)?;
        to_js(&(inside.tiles(test, &indices), labels))
    }

    /// A drawing, `[height, width]` of ink, as an image of the data set: its pixels, for
    /// [`Insides::look`].
    pub fn drawn(&self, ink: &[u8], width: usize) -> Thrown<Vec<u8>> {
        let shape = self.holdings.data().map_err(thrown)?.facts.shape;
        Ok(inside::drawn(ink, width, shape))
    }

    /// The same of a picture of the data set's size, `[height, width, 4]`.
    pub fn photo(&self, rgba: &[u8]) -> Thrown<Vec<u8>> {
        let facts = &self.holdings.data().map_err(thrown)?.facts;
        Ok(inside::photo(rgba, facts))
    }

    /// Answers a `Question` about a run. Throws a `Problem`.
    pub async fn ask(&mut self, run: String, question: JsValue) -> Thrown<JsValue> {
        let question: Question = from_js(question).map_err(thrown)?;
        let inside = self.runs.get_mut(&run).ok_or_else(not_open)?;
        let answer = match self.holdings.data() {
            Ok(data) => inside.ask(question, data.samples(Split::Test)).await,
            // Only of a picture then.
            Err(_) => {
                let none = Samples::empty(inside.image_shape());
                inside.ask(question, &none).await
            }
        };
        to_js(&answer.map_err(thrown)?)
    }
}

impl Insides {
    fn look_at(&mut self, run: &str, pixels: Vec<u8>, split: Split, index: usize) -> Thrown<()> {
        let picture = Picture {
            pixels,
            split,
            index,
        };
        self.run(run)?.look(picture).map_err(thrown)
    }

    fn run(&mut self, run: &str) -> Thrown<&mut Inside> {
        self.runs.get_mut(run).ok_or_else(not_open)
    }
}

fn not_open() -> JsValue {
    thrown(Problem::internal("the run is not open"))
}
