//! The labs' exports, for the page.

use serde::Deserialize;
use wasm_bindgen::prelude::*;

use super::{from_js, thrown, to_js};
use crate::base::error::Result;
use crate::experiment::goal::{GoalProgress, Reached};
use crate::experiment::{Choices, Value};
use crate::lab::kept::KeptWork;
use crate::lab::package::PackageAsk;
use crate::lab::{self, Ask, Lab, Made, budget};

type Thrown = std::result::Result<JsValue, JsValue>;

/// Calls with a lab and its options. Throws a `Problem` if there is no such lab.
fn with_lab<T: serde::Serialize>(
    id: &str,
    options: JsValue,
    call: impl FnOnce(&'static Lab, &Choices) -> Result<T>,
) -> Thrown {
    let result = from_js(options).and_then(|options| call(Lab::of(id)?, &options));
    to_js(&result.map_err(thrown)?)
}

/// Every lab with its default options: `LabView[]`.
#[wasm_bindgen]
pub fn labs() -> Thrown {
    let views: Vec<_> = lab::all()
        .iter()
        .map(|lab| lab.view(&Choices::new()))
        .collect();
    to_js(&views)
}

/// The families from the first to the last: `Milestone[]`.
#[wasm_bindgen]
pub fn timeline() -> Thrown {
    to_js(&lab::timeline())
}

/// What the page's words rest on: `Sourced[]`.
#[wasm_bindgen]
pub fn sources() -> Thrown {
    to_js(&lab::sources())
}

/// The course's code exercises: `Exercise[]`.
#[wasm_bindgen]
pub fn exercises() -> Thrown {
    to_js(&lab::exercises())
}

/// What to begin with: `FirstStep[]`.
#[wasm_bindgen(js_name = firstSteps)]
pub fn first_steps() -> Thrown {
    to_js(&lab::first_steps())
}

/// The text of the link that says a prediction in a lab. Throws a `Problem` if there is no such lab.
#[wasm_bindgen(js_name = labPredicted)]
pub fn lab_predicted(id: &str, prediction: JsValue) -> std::result::Result<String, JsValue> {
    let prediction: Value = from_js(prediction).map_err(thrown)?;
    let lab = Lab::of(id).map_err(thrown)?;
    Ok(lab.predicted(&prediction))
}

/// A lab with these options: a `LabView`.
#[wasm_bindgen(js_name = labView)]
pub fn lab_view(id: &str, options: JsValue) -> Thrown {
    with_lab(id, options, |lab, options| Ok(lab.view(options)))
}

/// What has to be measured before the lab can be planned: `Probe[]`.
#[wasm_bindgen(js_name = labProbes)]
pub fn lab_probes(id: &str, options: JsValue) -> Thrown {
    with_lab(id, options, budget::probes)
}

/// The lab's runs, with sizes for an `Ask`: a `Plan`.
#[wasm_bindgen(js_name = labPlan)]
pub fn lab_plan(id: &str, options: JsValue, ask: JsValue) -> Thrown {
    let ask: Ask = from_js(ask).map_err(thrown)?;
    with_lab(id, options, |lab, options| budget::plan(lab, options, &ask))
}

/// The seeds that a lab's runs are made with next, if they were made with these.
#[wasm_bindgen(js_name = labSeeds)]
pub fn lab_seeds(made: &[u32]) -> Vec<u32> {
    budget::next_seeds(made)
}

/// What happened in these runs: a `Conclusion`, or null before all are there. `made` are `Made[]`,
/// `predicted` a value or null.
#[wasm_bindgen(js_name = labConclude)]
pub fn lab_conclude(id: &str, options: JsValue, made: JsValue, predicted: JsValue) -> Thrown {
    #[derive(Deserialize)]
    struct Predicted(Option<Value>);
    let made: Vec<Made> = from_js(made).map_err(thrown)?;
    let Predicted(predicted) = from_js(predicted).map_err(thrown)?;
    with_lab(id, options, |lab, options| {
        Ok(lab.conclude(options, &made, predicted.as_ref()))
    })
}

/// How far somebody came with a link's goals who has done all of this, `Reached[]`: a `GoalProgress`.
#[wasm_bindgen(js_name = goalProgress)]
pub fn goal_progress(goal: &str, reached: JsValue) -> Thrown {
    let reached: Vec<Reached> = from_js(reached).map_err(thrown)?;
    let all = reached.into_iter().fold(Reached::default(), Reached::with);
    to_js(&GoalProgress::of(goal, all))
}

/// `KeptWork` as a text of at most `most` letters: `Packed`.
#[wasm_bindgen(js_name = packKept)]
pub fn pack_kept(kept: JsValue, most: usize) -> Thrown {
    let kept: KeptWork = from_js(kept).map_err(thrown)?;
    to_js(&kept.pack(most))
}

/// What such a text holds: `Unpacked`.
#[wasm_bindgen(js_name = unpackKept)]
pub fn unpack_kept(text: &str) -> Thrown {
    to_js(&KeptWork::unpack(text))
}

/// The files of a package for a course system but its script, by their path, as a `PackageAsk` says.
#[wasm_bindgen(js_name = packageFiles)]
pub fn package_files(ask: JsValue) -> Thrown {
    let ask: PackageAsk = from_js(ask).map_err(thrown)?;
    to_js(&ask.files())
}
