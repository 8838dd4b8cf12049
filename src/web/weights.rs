//! A network's weights as a file, and a file as weights: in a worker of its own, since they may be large.

use wasm_bindgen::prelude::*;

use super::{from_js, object, thrown, to_js};
use crate::arch::{self, Shaped, touch};
use crate::base::DataFacts;
use crate::base::error::{Code, Problem, Result};
use crate::experiment::ExperimentSpec;
use crate::nn::State;

type Thrown<T> = std::result::Result<T, JsValue>;

/// Classes of the data sets that are served.
const CLASSES: usize = 10;

/// The network of this experiment, and the experiment; `facts` are those of its data set, which a served one does not need.
fn network(spec: JsValue, facts: JsValue) -> Result<(ExperimentSpec, Shaped)> {
    let spec: ExperimentSpec = from_js(spec)?;
    let facts: Option<DataFacts> = from_js(facts)?;
    if let Some(facts) = &facts {
        facts.check("facts")?;
    }
    spec.validate()?;
    let shape = facts.as_ref().map(|facts| facts.shape);
    let missing = || Problem::new(Code::NoData).with("data", spec.data.word());
    let shape = shape.or(spec.data.shape()).ok_or_else(missing)?;
    let classes = facts.map_or(CLASSES, |facts| facts.classes.len());
    let plan = arch::build(&spec, shape, classes)?;
    Ok((spec, plan))
}

/// These weights, the bytes of a `State`, as safetensors that `load_state_dict` takes in the class that the page writes of this
/// experiment's network. Throws a `Problem`.
#[wasm_bindgen(js_name = writeTensors)]
pub fn write_tensors(spec: JsValue, facts: JsValue, weights: &[u8]) -> Thrown<Vec<u8>> {
    let write = || {
        let (_, plan) = network(spec, facts)?;
        State::from_bytes(weights)?.safetensors(&plan)
    };
    write().map_err(thrown)
}

/// The `weights` of a file for this experiment's network, as the bytes of a `State`, and what `freezes` all but its last layer,
/// `Touch[]`. Where all fits but the last layer, that one begins anew, and `misfit` is the `Problem` with it; else null. Throws a
/// `Problem`.
#[wasm_bindgen(js_name = readTensors)]
pub fn read_tensors(spec: JsValue, facts: JsValue, file: &[u8]) -> Thrown<JsValue> {
    let read = || -> Result<_> {
        let (spec, plan) = network(spec, facts)?;
        let (state, misfit) = match State::from_tensors(&plan, file) {
            Ok(state) => (state, None),
            Err(misfit) => {
                let first = State::draw(&plan, spec.init, spec.seed);
                let body = State::from_body(&plan, file, &first);
                (body.map_err(|_| misfit.clone())?, Some(misfit))
            }
        };
        Ok((state.bytes()?, misfit, touch::body(&plan)))
    };
    let (weights, misfit, freezes) = read().map_err(thrown)?;
    object(&[
        ("weights", js_sys::Uint8Array::from(&weights[..]).into()),
        ("misfit", to_js(&misfit)?),
        ("freezes", to_js(&freezes)?),
    ])
}
