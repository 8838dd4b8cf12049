//! The exports of the modules that have a device, for the worker.

use wasm_bindgen::prelude::*;

use super::holdings::{Holdings, holds_data};
use super::{from_js, object, picture, thrown, to_js};
use crate::arch::touch::Touch;
use crate::base::error::{Code, Problem};
use crate::data::Split;
use crate::desk::{Wish, Worker};
use crate::event::Event;
use crate::experiment::ExperimentSpec;
use crate::nn::State;
use crate::train::{Device, GivenWeights, Session};

type Thrown<T> = Result<T, JsValue>;

/// One device, one data set and one run at a time. Its methods must not overlap: an asynchronous
/// one keeps the object until it is done.
#[wasm_bindgen]
pub struct Trainer {
    device: Device,
    holdings: Holdings,
    session: Option<Session>,
    desk: Worker,
}

holds_data!(Trainer);

#[wasm_bindgen]
impl Trainer {
    /// Opens a device: `"cpu"` or `"webgpu"`, as far as this module has it. Throws a `Problem`.
    pub async fn open(device: String) -> Thrown<Trainer> {
        let device = Device::open(&device).await.map_err(thrown)?;
        Ok(Self {
            device,
            holdings: Holdings::default(),
            session: None,
            desk: Worker::default(),
        })
    }

    /// What to do now, as a `Step`, so that the page gets its `Wish`. `now` in milliseconds, from any start.
    pub fn next(&mut self, wish: JsValue, now: f64) -> Thrown<JsValue> {
        let wish: Wish = from_js(wish).map_err(thrown)?;
        to_js(&self.desk.next(&wish, now))
    }

    /// The `Phase` of a job, for reports of it.
    pub fn phase(&self, job: u32) -> Thrown<JsValue> {
        to_js(&self.desk.phase(job))
    }

    /// Takes in that the data of a `bring` is here.
    pub fn arrived(&mut self) {
        self.desk.arrived();
    }

    /// Takes in what a `measure` came to. Gives images a second, once they are known well enough.
    pub fn measured(&mut self, wish: JsValue, images: u32, seconds: f64) -> Thrown<Option<f64>> {
        let wish: Wish = from_js(wish).map_err(thrown)?;
        Ok(self.desk.measured(&wish, images, seconds))
    }

    /// Takes in that the job cannot go on.
    pub fn fail(&mut self) {
        self.desk.fail();
    }

    /// Why the device went away, if it did.
    #[wasm_bindgen(getter)]
    pub fn lost(&self) -> Option<String> {
        self.device.lost()
    }

    /// The bytes of the first training images, for the page's `Samples.fromPixels`.
    #[wasm_bindgen(js_name = firstPixels)]
    pub fn first_pixels(&self, count: usize) -> Vec<u8> {
        let Ok(data) = self.holdings.data() else {
            return Vec::new();
        };
        let samples = data.samples(Split::Train);
        samples.pixels[..count.min(samples.len()) * data.facts.shape.len()].to_vec()
    }

    /// Their labels.
    #[wasm_bindgen(js_name = firstLabels)]
    pub fn first_labels(&self, count: usize) -> Vec<u8> {
        let Ok(data) = self.holdings.data() else {
            return Vec::new();
        };
        let samples = data.samples(Split::Train);
        samples.labels[..count.min(samples.len())].to_vec()
    }

    /// Begins a run of this spec. Gives its first `Event`s; throws a `Problem`.
    pub fn begin(&mut self, spec: JsValue) -> Thrown<JsValue> {
        // Whatever goes wrong from here on, nobody goes on with the run before.
        self.session = None;
        let spec: ExperimentSpec = from_js(spec).map_err(thrown)?;
        let facts = self.holdings.facts().map_err(thrown)?;
        let (session, event) = Session::begin(spec, &facts, &self.device).map_err(thrown)?;
        self.start(session, event)
    }

    /// Begins a run from these weights, the bytes of a `State`, which are called so, or from the first ones, with these changes,
    /// `Touch[]`.
    #[wasm_bindgen(js_name = beginTouched)]
    pub fn begin_touched(
        &mut self,
        spec: JsValue,
        weights: Option<Vec<u8>>,
        name: String,
        touches: JsValue,
    ) -> Thrown<JsValue> {
        self.session = None;
        let spec: ExperimentSpec = from_js(spec).map_err(thrown)?;
        let touches: Vec<Touch> = from_js(touches).map_err(thrown)?;
        let state = weights.map(|bytes| State::from_bytes(&bytes)).transpose();
        let given = state
            .map_err(thrown)?
            .map(|state| GivenWeights { name, state });
        let facts = self.holdings.facts().map_err(thrown)?;
        let begun = Session::begin_touched(spec, &facts, &self.device, given, &touches);
        let (session, event) = begun.map_err(thrown)?;
        self.start(session, event)
    }

    /// Goes on with the run for at most `batches` batches, training or testing. Gives the `Event`s.
    pub async fn advance(&mut self, batches: u32) -> Thrown<JsValue> {
        let data = self.holdings.data().map_err(thrown)?;
        let Some(session) = &mut self.session else {
            return Err(thrown(Problem::new(Code::NoData)));
        };
        let events = match session.advance(data, batches).await {
            Ok(events) => events,
            Err(problem) => {
                self.device.hear(&problem);
                vec![Event::Failed { problem }]
            }
        };
        self.desk.happened(&events);
        to_js(&events)
    }

    /// The first `count` test images `before` and `after` the transform, the true `mask` of each, the `predicted` one, and their
    /// `overlaps`, as intersection over union; undefined where the task has no masks.
    #[wasm_bindgen(js_name = predictMasks)]
    pub async fn predict_masks(&mut self, count: usize) -> Thrown<JsValue> {
        let data = self.holdings.data().map_err(thrown)?;
        let Some(session) = &mut self.session else {
            return Ok(JsValue::UNDEFINED);
        };
        let masks = session.predict_masks(data, count).await.map_err(thrown)?;
        masks.map_or(Ok(JsValue::UNDEFINED), |masks| {
            object(&[
                ("before", picture(&masks.before)),
                ("after", picture(&masks.after)),
                ("mask", picture(&masks.mask)),
                ("predicted", picture(&masks.predicted)),
                (
                    "overlaps",
                    js_sys::Float32Array::from(&masks.overlaps[..]).into(),
                ),
            ])
        })
    }

    /// The run as it is, for [`Trainer::resume`]. Undefined as long as there is nothing to keep. Bytes, to be
    /// handed over as they are.
    pub async fn checkpoint(&self) -> Thrown<Option<Vec<u8>>> {
        let Some(session) = &self.session else {
            return Ok(None);
        };
        session.checkpoint().await.map_err(thrown)
    }

    /// The network's numbers as they are now, copied from the device: a `State` as bytes, to be handed
    /// over as it is. Undefined before a run.
    pub async fn weights(&self) -> Thrown<Option<Vec<u8>>> {
        let Some(session) = &self.session else {
            return Ok(None);
        };
        let state = session.state().await.map_err(thrown)?;
        Ok(Some(state.bytes().map_err(thrown)?))
    }

    /// Goes on with a run from a checkpoint, on this device, with these changes, `Touch[]`. Gives its first `Event`s.
    pub fn resume(&mut self, checkpoint: &[u8], touches: JsValue) -> Thrown<JsValue> {
        self.session = None;
        let touches: Vec<Touch> = from_js(touches).map_err(thrown)?;
        let facts = self.holdings.facts().map_err(thrown)?;
        let resumed = Session::resume_touched(checkpoint, &facts, &self.device, &touches);
        let (session, event) = resumed.map_err(thrown)?;
        self.start(session, event)
    }
}

impl Trainer {
    fn start(&mut self, session: Session, started: Event) -> Thrown<JsValue> {
        self.session = Some(session);
        let events = [started];
        self.desk.happened(&events);
        to_js(&events)
    }
}
