//! The page's runs. The page holds an id for each, and asks for what it shows; curves stay here.

use js_sys::{Array, Date, Float32Array, Float64Array, Object, Reflect, Uint32Array};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::{from_js, object, thrown, to_js};
use crate::base::error::{Code, Problem, Result};
use crate::event::Event;
use crate::experiment::claim::Claim;
use crate::experiment::goal::Reached;
use crate::experiment::{Choices, ExperimentSpec, link};
use crate::lab::{self, results::RunFacts};
use crate::runs::{
    self, About, Axis, Change, Chart, Figures, GOAL, Gradient, LONGEST_NAME, LayerStatistics,
    Looks, MOST_RUNS, Measure, Place, PlannedRun, Run, RunView, Runs, Steps, Values, file, ticks,
};

type Thrown<T> = std::result::Result<T, JsValue>;

/// About as many steps from one end of an axis to the other are labelled.
const TICKS: usize = 5;

/// The runs of a page, by id.
#[wasm_bindgen]
#[derive(Default)]
pub struct RunBook(Runs);

/// What began, and what gave way to it.
#[derive(Serialize)]
struct Begun {
    id: u64,
    gone: Vec<u64>,
}

#[wasm_bindgen]
impl RunBook {
    /// Without any runs.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// How many runs that are not pinned are kept.
    #[wasm_bindgen(getter)]
    pub fn most(&self) -> usize {
        MOST_RUNS
    }

    /// The accuracy that runs should reach until a person says otherwise, in percent.
    #[wasm_bindgen(getter)]
    pub fn goal(&self) -> f64 {
        GOAL
    }

    /// The longest name of a run, in characters.
    #[wasm_bindgen(getter, js_name = longestName)]
    pub fn longest_name(&self) -> usize {
        LONGEST_NAME
    }

    /// Every run, oldest first: `RunView[]`.
    pub fn views(&self) -> Thrown<JsValue> {
        to_js(&self.0.all().iter().map(RunView::of).collect::<Vec<_>>())
    }

    /// One of them: a `RunView`, or null.
    pub fn view(&self, id: f64) -> Thrown<JsValue> {
        to_js(&self.0.get(id as u64).map(RunView::of))
    }

    /// Begins a run: `{ id, gone }`, with the ids of runs that gave way to it.
    pub fn begin(
        &mut self,
        now: f64,
        spec: JsValue,
        choices: JsValue,
        device: &str,
        about: JsValue,
    ) -> Thrown<JsValue> {
        let spec: ExperimentSpec = from_js(spec).map_err(thrown)?;
        let choices: Choices = from_js(choices).map_err(thrown)?;
        let about: About = from_js(about).map_err(thrown)?;
        let (id, gone) = self.0.begin(now as u64, spec, choices, device, about);
        to_js(&Begun { id, gone })
    }

    /// Takes down `Event[]`, after `seconds` of work since the run began, `training` of them without testing.
    pub fn apply(&mut self, id: f64, events: JsValue, seconds: f64, training: f64) -> Thrown<()> {
        let events: Vec<Event> = from_js(events).map_err(thrown)?;
        if let Some(run) = self.0.get_mut(id as u64) {
            run.apply(&events, seconds, training);
        }
        Ok(())
    }

    /// Takes down `Statistics[]` of its activations after `step` steps. Whether that is news.
    pub fn observe(&mut self, id: f64, step: u32, layers: JsValue) -> Thrown<bool> {
        let layers: Vec<LayerStatistics> = from_js(layers).map_err(thrown)?;
        let run = self.0.get_mut(id as u64);
        Ok(run.is_some_and(|run| run.observe(step, layers)))
    }

    /// What was seen inside a run while it went on: `Looks`, or null.
    pub fn looks(&self, id: f64) -> Thrown<JsValue> {
        to_js(&self.0.get(id as u64).map(Looks::of))
    }

    /// The newest gradients of a run: `Gradient[]`.
    pub fn gradients(&self, id: f64) -> Thrown<JsValue> {
        to_js(
            &self
                .0
                .get(id as u64)
                .map_or_else(Vec::new, Gradient::newest),
        )
    }

    /// Changes something about these runs, as a `Change` says.
    pub fn change(&mut self, ids: &[f64], change: JsValue) -> Thrown<()> {
        let change: Change = from_js(change).map_err(thrown)?;
        self.0.change(&whole(ids), &change);
        Ok(())
    }

    /// Forgets a run.
    pub fn remove(&mut self, id: f64) {
        self.0.remove(id as u64);
    }

    /// A run as it is kept, or undefined: an object that can be cloned, for [`RunBook::open`].
    pub fn record(&self, id: f64) -> Thrown<JsValue> {
        let Some(run) = self.0.get(id as u64) else {
            return Ok(JsValue::UNDEFINED);
        };
        recorded(run)
    }

    /// Takes back runs that were kept, by this version or an earlier one; those of these ids are `elsewhere`, on in another
    /// tab, and all others are over. Gives those that cannot be read, by their place
    /// in the array, each with its `Problem`: `[number, Problem][]`.
    pub fn open(&mut self, records: &Array, elsewhere: &[f64]) -> Thrown<JsValue> {
        let elsewhere = whole(elsewhere);
        let (mut read, mut unread) = (Vec::new(), Vec::new());
        for (at, record) in records.iter().enumerate() {
            match opened(&record) {
                Ok(run) if elsewhere.contains(&run.place.id) => read.push(run),
                Ok(run) => read.push(run.stopped()),
                Err(problem) => unread.push((at, problem)),
            }
        }
        self.0.restore(read);
        to_js(&unread)
    }

    /// The text of a file with these runs; `page` is the page's address.
    pub fn save(&self, ids: &[f64], page: &str) -> Thrown<String> {
        let saved = |run: &Run| file::Saved {
            begun: Date::new(&JsValue::from_f64(run.place.id as f64))
                .to_iso_string()
                .into(),
            link: format!("{page}#{}", link::text(&run.spec)),
            run: run.clone(),
        };
        let all: Vec<_> = self.some(ids).into_iter().map(saved).collect();
        file::write(&all).map_err(thrown)
    }

    /// Whether a file of this many bytes is read. Throws a `Problem` where it is not.
    #[wasm_bindgen(js_name = checkFile)]
    pub fn check_file(&self, bytes: f64) -> Thrown<()> {
        file::check_size(bytes as u64).map_err(thrown)
    }

    /// Takes in the runs of a file, as [`read_runs`] gives them: `Adopted`. Throws a `Problem`; nothing has changed then.
    pub fn adopt(&mut self, records: &Array) -> Thrown<JsValue> {
        let found = records.iter().map(|record| {
            let run = opened(&record).map_err(thrown)?;
            Ok((run.place.id, run.stopped()))
        });
        let found = found.collect::<Thrown<Vec<_>>>()?;
        to_js(&self.0.adopt(found))
    }

    /// What is drawn of bundles of runs, `number[][]`: a chart with its curves as typed arrays. `next` is the
    /// `ExperimentSpec` that is run next, `classes` how many its data set has, if that is known.
    pub fn chart(
        &self,
        bundles: JsValue,
        measure: JsValue,
        axis: JsValue,
        next: JsValue,
        classes: Option<usize>,
    ) -> Thrown<JsValue> {
        let bundles: Vec<Vec<u64>> = from_js(bundles).map_err(thrown)?;
        let measure: Measure = from_js(measure).map_err(thrown)?;
        let axis: Axis = from_js(axis).map_err(thrown)?;
        let next: ExperimentSpec = from_js(next).map_err(thrown)?;
        let runs: Vec<_> = bundles.iter().map(|ids| self.0.some(ids)).collect();
        drawn(&Chart::of(&runs, measure, axis, &next, classes))
    }

    /// The lowest or highest values of a run's curves and the last ones: `Values`, or null.
    pub fn values(&self, id: f64) -> Thrown<JsValue> {
        to_js(&self.0.get(id as u64).map(Values::of))
    }

    /// `Figures` of runs that repeat each other; `goal` is an accuracy from 0 to 1.
    pub fn figures(&self, ids: &[f64], goal: f64) -> Thrown<JsValue> {
        to_js(&Figures::of(&self.some(ids), goal))
    }

    /// For each bundle, `number[][]`, the settings in which not all agree: `[key, value][][]`.
    pub fn facts(&self, bundles: JsValue) -> Thrown<JsValue> {
        let bundles: Vec<Vec<u64>> = from_js(bundles).map_err(thrown)?;
        to_js(&self.0.facts(&bundles))
    }

    /// What can be said of the runs that are done: a `Finding`, or null.
    pub fn finding(&self) -> Thrown<JsValue> {
        to_js(&self.0.finding())
    }

    /// The ids of the runs that it leaves out, since their networks were changed by hand.
    #[wasm_bindgen(js_name = leftOut)]
    pub fn left_out(&self) -> Thrown<JsValue> {
        to_js(&self.0.left_out())
    }

    /// How much of planned work, `PlannedRun[]`, is done: `Progress`.
    pub fn progress(&self, work: JsValue) -> Thrown<JsValue> {
        let work: Vec<PlannedRun> = from_js(work).map_err(thrown)?;
        to_js(&self.0.progress(&work))
    }

    /// The experiments that repeat these runs with other seeds, so that there are `count` in all: `Choices[]`.
    pub fn repeats(&self, ids: &[f64], count: usize) -> Thrown<JsValue> {
        to_js(&self.0.repeats(&whole(ids), count))
    }

    /// What a lab keeps of a run: `RunFacts`, or null, as for a run whose network was changed by hand.
    #[wasm_bindgen(js_name = labFacts)]
    pub fn lab_facts(&self, id: f64) -> Thrown<JsValue> {
        let run = self.0.get(id as u64).filter(|run| !run.is_touched());
        to_js(&run.map(RunFacts::of))
    }

    /// The challenges, with the best run at each: `ChallengeView[]`.
    pub fn challenges(&self) -> Thrown<JsValue> {
        to_js(&lab::challenges(self.0.all()))
    }

    /// The `Claim` that may be made of a run; null if it was never tested.
    pub fn claim(&self, id: f64) -> Thrown<JsValue> {
        to_js(&self.0.get(id as u64).and_then(Claim::of))
    }

    /// How a run compares with a `Claim`: a `Reproduction`, or null.
    pub fn reproduction(&self, id: f64, claimed: JsValue) -> Thrown<JsValue> {
        let claimed: Claim = from_js(claimed).map_err(thrown)?;
        let found = self.0.get(id as u64).and_then(|run| {
            let tested = run.tests.last()?.count;
            Some(claimed.compare(&Claim::of(run)?, tested))
        });
        to_js(&found)
    }

    /// What the runs came to, but for those that were there `before`, where this `ExperimentSpec` is said to come to a
    /// `Claim` or null: `Reached`.
    pub fn reached(&self, before: &[f64], spec: JsValue, claim: JsValue) -> Thrown<JsValue> {
        let spec: ExperimentSpec = from_js(spec).map_err(thrown)?;
        let claim: Option<Claim> = from_js(claim).map_err(thrown)?;
        to_js(&Reached::by(
            self.0.all(),
            &whole(before),
            &spec,
            claim.as_ref(),
        ))
    }

    /// Every step and every test of these runs, as CSV.
    #[wasm_bindgen(js_name = curvesCsv)]
    pub fn curves_csv(&self, ids: &[f64]) -> String {
        runs::curves_csv(&self.some(ids))
    }

    /// A line for each of these runs, as CSV. `names` are what the page calls them, `page` is its address.
    #[wasm_bindgen(js_name = tableCsv)]
    pub fn table_csv(&self, ids: &[f64], names: Vec<String>, page: &str, goal: f64) -> String {
        runs::table_csv(&self.some(ids), &names, page, goal)
    }

    fn some(&self, ids: &[f64]) -> Vec<&Run> {
        self.0.some(&whole(ids))
    }
}

/// The page's numbers as ids.
fn whole(ids: &[f64]) -> Vec<u64> {
    ids.iter().map(|id| *id as u64).collect()
}

fn drawn(chart: &Chart) -> Thrown<JsValue> {
    let line = |values: &[f64]| JsValue::from(Float64Array::from(values));
    let curves = Array::new();
    for curve in &chart.curves {
        curves.push(&object(&[
            ("x", line(&curve.x)),
            ("least", line(&curve.least)),
            ("most", line(&curve.most)),
            ("mean", line(&curve.mean)),
            ("low", line(&curve.low)),
            ("high", line(&curve.high)),
            ("testX", line(&curve.test_x)),
            ("test", line(&curve.test)),
            ("testSpread", line(&curve.test_spread)),
        ])?);
    }
    object(&[
        ("curves", curves.into()),
        ("end", chart.end.into()),
        ("top", chart.top.into()),
        ("across", line(&ticks(chart.end, TICKS))),
        ("up", line(&ticks(chart.top, TICKS))),
        (
            "chance",
            chart.chance.map_or(JsValue::UNDEFINED, Into::into),
        ),
    ])
}

/// The runs of a file's text, as the records that [`RunBook::adopt`] takes. Throws a `Problem`. For a worker: a large file takes
/// seconds.
#[wasm_bindgen(js_name = readRuns)]
pub fn read_runs(text: &str) -> Thrown<Array> {
    let when = |begun: &str| match Date::parse(begun) {
        time if time > 0.0 => time as u64,
        _ => Date::now() as u64,
    };
    let saved = file::read(text).map_err(thrown)?;
    saved
        .into_iter()
        .map(|file::Saved { begun, mut run, .. }| {
            run.place.id = when(&begun);
            recorded(&run)
        })
        .collect()
}

/// A run as an object that can be cloned, its curves as typed arrays.
fn recorded(run: &Run) -> Thrown<JsValue> {
    let record: Object = to_js(run)?.unchecked_into();
    Object::assign(&record, &to_js(&run.place)?.unchecked_into());
    let steps = &run.steps;
    let more = object(&[
        ("spec", to_js(&run.spec)?),
        ("losses", Float32Array::from(&steps.losses[..]).into()),
        (
            "accuracies",
            Float32Array::from(&steps.accuracies[..]).into(),
        ),
        ("samples", Uint32Array::from(&steps.samples[..]).into()),
        ("seconds", Float64Array::from(&steps.seconds[..]).into()),
    ])?;
    Ok(Object::assign(&record, more.unchecked_ref()).into())
}

/// A run from its record, whose arrays may be typed ones or, as earlier versions kept them, plain ones.
fn opened(record: &JsValue) -> Result<Run> {
    let bad = |error: Problem| {
        let detail = error.params.get("detail").cloned().unwrap_or_default();
        Problem::new(Code::BadRun).with("detail", detail)
    };
    let get = |name: &str| Reflect::get(record, &name.into()).unwrap_or(JsValue::UNDEFINED);
    macro_rules! array {
        ($name:literal, $typed:ty) => {
            match get($name).dyn_into::<$typed>() {
                Ok(array) => array.to_vec(),
                Err(other) => {
                    from_js(other).map_err(|_| Problem::new(Code::BadRun).with("detail", $name))?
                }
            }
        };
    }
    let steps = Steps {
        losses: array!("losses", Float32Array),
        accuracies: array!("accuracies", Float32Array),
        samples: array!("samples", Uint32Array),
        seconds: array!("seconds", Float64Array),
    };
    let place: Place = from_js(record.clone()).map_err(bad)?;
    let run: Run = from_js(record.clone()).map_err(bad)?;
    let spec = from_js(get("spec")).map_err(bad)?;
    run.from_parts(place, steps, Some(&spec))
}
