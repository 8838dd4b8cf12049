//! The page's side of the desk.

use wasm_bindgen::prelude::*;

use super::{from_js, thrown, to_js};
use crate::desk::{Moment, Pace, Page, Phase, Work, doubt, speed_between};

type Thrown<T> = Result<T, JsValue>;

/// What the page wants of its training worker, and what it knows of how far that is.
#[wasm_bindgen]
#[derive(Default)]
pub struct Desk(Page);

#[wasm_bindgen]
impl Desk {
    /// Wants nothing yet.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// Wants another job, `Work` on a data set, until `until` steps are made. Gives its number.
    pub fn begin(&mut self, work: JsValue, data: String, until: Option<u32>) -> Thrown<u32> {
        let work: Work = from_js(work).map_err(thrown)?;
        Ok(self.0.begin(work, data, until))
    }

    /// Wants training to go on until `steps` steps have been made; 0 is a pause, undefined all.
    pub fn until(&mut self, steps: Option<u32>) {
        self.0.until(steps);
    }

    /// Asks for the weights as they are.
    #[wasm_bindgen(js_name = askWeights)]
    pub fn ask_weights(&mut self) {
        self.0.ask_weights();
    }

    /// Asks for a checkpoint.
    #[wasm_bindgen(js_name = askCheckpoint)]
    pub fn ask_checkpoint(&mut self) {
        self.0.ask_checkpoint();
    }

    /// Wants nothing any more.
    #[wasm_bindgen(js_name = giveUp)]
    pub fn give_up(&mut self) {
        self.0.give_up();
    }

    /// Takes in that the worker is gone.
    pub fn fail(&mut self) {
        self.0.fail();
    }

    /// The `Wish` for the worker; undefined if nothing is wanted.
    #[wasm_bindgen(getter)]
    pub fn wish(&self) -> Thrown<JsValue> {
        self.0.wish().map_or(Ok(JsValue::UNDEFINED), to_js)
    }

    /// Takes in where a report says that a job is. False if the report no longer counts.
    pub fn hear(&mut self, job: u32, at: JsValue) -> Thrown<bool> {
        let at: Phase = from_js(at).map_err(thrown)?;
        Ok(self.0.hear(job, at))
    }

    /// The `Problem` of a GPU that came to the loss `found` on a run's first batch, where the CPU came to `expected`;
    /// undefined where they agree.
    pub fn doubt(&self, found: f64, expected: f64) -> Thrown<JsValue> {
        doubt(found, expected).map_or(Ok(JsValue::UNDEFINED), |problem| to_js(&problem))
    }

    /// Images a second that a run trained from one `Moment` to another; undefined where these are too close.
    #[wasm_bindgen(js_name = speedBetween)]
    pub fn speed_between(&self, from: JsValue, to: JsValue) -> Thrown<Option<f64>> {
        let [from, to]: [Moment; 2] =
            [from_js(from).map_err(thrown)?, from_js(to).map_err(thrown)?];
        Ok(speed_between(from, to))
    }

    /// The `Pace` of two devices that train a network of so many multiply-adds at so many images a second.
    pub fn pace(&self, gpu: f64, cpu: f64, multiply_adds: f64) -> Thrown<JsValue> {
        to_js(&Pace::new(gpu, cpu, multiply_adds))
    }

    /// Whether what was kept is a `Pace` that also says which device is faster for a network of so many multiply-adds.
    pub fn covers(&self, kept: JsValue, multiply_adds: f64) -> bool {
        from_js(kept).is_ok_and(|pace: Pace| pace.covers(multiply_adds))
    }

    /// Where the job is, as a person should see it: a `Phase`.
    #[wasm_bindgen(getter)]
    pub fn phase(&self) -> Thrown<JsValue> {
        to_js(&self.0.phase())
    }

    /// Whether the worker has something to do.
    #[wasm_bindgen(getter)]
    pub fn busy(&self) -> bool {
        self.0.phase().is_busy()
    }
}
