//! The exports that the page itself calls: small and synchronous. Fallible exports throw a `Problem`.

use std::collections::BTreeMap;

use wasm_bindgen::prelude::*;

use super::{from_js, object, picture, thrown, to_js};
use crate::arch::editor::{self, Edit};
use crate::arch::{self, calculator, own, pytorch};
use crate::base::DataFacts;
use crate::base::error::{Code, Problem};
use crate::comparison::{Comparison, Presets, Source};
use crate::data::preview::Preview;
use crate::data::{Dataset, Manifest, Split, Transform, open};
use crate::experiment::claim::Claim;
use crate::experiment::link::{self, Length};
use crate::experiment::page::{Frame, PageTable};
use crate::experiment::{self, Choices, ExperimentSpec, Family, Value, typed};
use crate::lab;
use crate::runs::{self, ClassResults};
use crate::script::{self, ScriptWords};
use crate::view::{self, View};

type Thrown<T> = Result<T, JsValue>;

/// Makes a `View` of a person's choices; `facts` are those of the data set, as soon as they are
/// known (own files have no shapes before).
#[wasm_bindgen]
pub fn view(choices: JsValue, facts: JsValue) -> Thrown<JsValue> {
    let choices: Choices = from_js(choices).map_err(thrown)?;
    to_js(&View::of(&choices, known(facts)?.as_ref()))
}

/// What a person chose with this value of a field: `Choices`, of more than one field where they pasted a line that says more.
#[wasm_bindgen]
pub fn meant(key: &str, value: JsValue) -> Thrown<JsValue> {
    let value: Value = from_js(value).map_err(thrown)?;
    to_js(&typed::meant(key, &value))
}

/// A data set's facts, if any are given, such as can be.
fn known(facts: JsValue) -> Thrown<Option<DataFacts>> {
    let facts: Option<DataFacts> = from_js(facts).map_err(thrown)?;
    if let Some(facts) = &facts {
        facts.check("facts").map_err(thrown)?;
    }
    Ok(facts)
}

/// Reads a link's text, with or without `#`: an `Opened`, without a lab that does not exist.
#[wasm_bindgen(js_name = openLink)]
pub fn open_link(text: &str) -> Thrown<JsValue> {
    to_js(&lab::check(link::open(text)))
}

/// Reads what a person gave as an experiment: an `Opened`, with a problem if there is none in it.
#[wasm_bindgen(js_name = openGiven)]
pub fn open_given(text: &str) -> Thrown<JsValue> {
    to_js(&lab::check(experiment::pasted::given(text)))
}

/// The accuracy that runs should reach as a person writes it, in percent. Throws a `Problem` if that is none.
#[wasm_bindgen(js_name = readGoal)]
pub fn read_goal(text: &str) -> Thrown<f64> {
    runs::read_goal(text).map_err(thrown)
}

/// Finds the links in a text that somebody pasted: a `Pasted`.
#[wasm_bindgen]
pub fn pasted(text: &str) -> Thrown<JsValue> {
    to_js(&lab::predicted::pasted_work(text))
}

/// What those links say of predictions, beside the results as [`class_of`] gives them: `LabPredictions[]`.
#[wasm_bindgen]
pub fn predictions(text: &str, outcomes: JsValue) -> Thrown<JsValue> {
    let outcomes: Vec<String> = from_js(outcomes).map_err(thrown)?;
    let pasted = lab::predicted::pasted_work(text);
    let class = ClassResults::of(&pasted, &outcomes);
    to_js(&lab::predicted::predictions(&pasted, &class))
}

/// The text of a file that was handed in, each link with whose it is; `file` is the file's name without its ending.
#[wasm_bindgen(js_name = handedIn)]
pub fn handed_in(file: &str, text: &str) -> String {
    experiment::handed_in::handed_in(file, text)
}

/// The results of the links in such a text side by side: a `ClassResults`.
#[wasm_bindgen(js_name = classOf)]
pub fn class_of(text: &str, outcomes: JsValue) -> Thrown<JsValue> {
    let outcomes: Vec<String> = from_js(outcomes).map_err(thrown)?;
    to_js(&ClassResults::of(
        &experiment::pasted::pasted(text),
        &outcomes,
    ))
}

/// A line for each of those links, as CSV; `outcomes` are words for what came of checking each, `page` is the page's address.
#[wasm_bindgen(js_name = classCsv)]
pub fn class_csv(text: &str, outcomes: JsValue, page: &str) -> Thrown<String> {
    let outcomes: Vec<String> = from_js(outcomes).map_err(thrown)?;
    let pasted = lab::predicted::pasted_work(text);
    Ok(runs::class_csv(&pasted, &outcomes, page))
}

/// A link's text for each of these people, one a line, with a seed of its own: `[name, text][]`.
#[wasm_bindgen]
pub fn seeded(link: &str, names: &str) -> Thrown<JsValue> {
    to_js(&runs::seeded(link, names))
}

/// What is said about the page, as a link says it: a `Frame`.
#[wasm_bindgen]
pub fn frame(view: JsValue) -> Thrown<JsValue> {
    let view: BTreeMap<String, String> = from_js(view).map_err(thrown)?;
    to_js(&Frame::of(&view))
}

/// Writes the text of a link, without `#`: an experiment, what is said about the page, and a `Claim` or
/// nothing; `full` says also what is as usual.
#[wasm_bindgen(js_name = linkText)]
pub fn link_text(choices: JsValue, view: JsValue, claim: JsValue, full: bool) -> Thrown<String> {
    let choices: Choices = from_js(choices).map_err(thrown)?;
    let view: BTreeMap<String, String> = from_js(view).map_err(thrown)?;
    let claim: Option<Claim> = from_js(claim).map_err(thrown)?;
    let form = if full { Length::Full } else { Length::Short };
    let spec = experiment::resolve(&choices).spec;
    Ok(link::whole(&spec, &view, claim.as_ref(), form))
}

/// What may be said about the page: a `PageTable`.
#[wasm_bindgen(js_name = pageTable)]
pub fn page_table() -> Thrown<JsValue> {
    to_js(&PageTable::all())
}

/// The published network of this family, as a `Summary`; null where there is none.
#[wasm_bindgen]
pub fn original(family: &str) -> Thrown<JsValue> {
    to_js(&Family::parse(family).and_then(arch::original))
}

/// Whether two experiments have the same network with the same first weights, and give it the same images.
#[wasm_bindgen(js_name = beginsAs)]
pub fn begins_as(a: JsValue, b: JsValue) -> Thrown<bool> {
    let (a, b): (ExperimentSpec, ExperimentSpec) =
        (from_js(a).map_err(thrown)?, from_js(b).map_err(thrown)?);
    Ok(a.begins_as(&b))
}

/// The PyTorch source of the network of these choices, with comments in these words; `facts` as in [`view`].
#[wasm_bindgen]
pub fn pytorch(choices: JsValue, facts: JsValue, words: JsValue) -> Thrown<String> {
    let choices: Choices = from_js(choices).map_err(thrown)?;
    let words: pytorch::SourceWords = from_js(words).map_err(thrown)?;
    let spec = experiment::resolve(&choices).spec;
    pytorch::of(&spec, known(facts)?.as_ref(), &words).map_err(thrown)
}

/// The experiment of these choices as a script for PyTorch and torchvision, or as a notebook, with comments in these words;
/// `facts` are the data set's.
#[wasm_bindgen]
pub fn script(choices: JsValue, facts: JsValue, words: JsValue, notebook: bool) -> Thrown<String> {
    let choices: Choices = from_js(choices).map_err(thrown)?;
    let missing = || thrown(Problem::new(Code::NoData));
    let facts = known(facts)?.ok_or_else(missing)?;
    let words: ScriptWords = from_js(words).map_err(thrown)?;
    let spec = View::of(&choices, Some(&facts)).spec;
    let made = if notebook {
        script::notebook
    } else {
        script::script
    };
    made(&spec, &facts, &words).map_err(thrown)
}

/// What is to be chosen so that the network is a text of one's own: `Choices`; `facts` as in [`view`].
#[wasm_bindgen(js_name = openedAsOwn)]
pub fn opened_as_own(choices: JsValue, facts: JsValue) -> Thrown<JsValue> {
    let choices: Choices = from_js(choices).map_err(thrown)?;
    to_js(&view::opened_as_own(&choices, known(facts)?.as_ref()))
}

/// Networks to start from: names and texts.
#[wasm_bindgen(js_name = ownTemplates)]
pub fn own_templates() -> Thrown<JsValue> {
    to_js(&own::TEMPLATES)
}

/// The text of a network of one's own as a list of lines: an `Outline`; `facts` as in [`view`].
#[wasm_bindgen(js_name = ownOutline)]
pub fn own_outline(choices: JsValue, facts: JsValue) -> Thrown<JsValue> {
    let choices: Choices = from_js(choices).map_err(thrown)?;
    to_js(&view::outline(&choices, known(facts)?.as_ref()))
}

/// Does an `Edit` to that list: an `Edited`; `facts` as in [`view`].
#[wasm_bindgen(js_name = ownEdit)]
pub fn own_edit(choices: JsValue, facts: JsValue, edit: JsValue) -> Thrown<JsValue> {
    let choices: Choices = from_js(choices).map_err(thrown)?;
    let edit: Edit = from_js(edit).map_err(thrown)?;
    to_js(&view::edit(&choices, known(facts)?.as_ref(), &edit).map_err(thrown)?)
}

/// What can be added to a network of one's own: words with their kinds of layers, and names of blocks.
#[wasm_bindgen(js_name = ownParts)]
pub fn own_parts() -> Thrown<JsValue> {
    to_js(&editor::parts())
}

/// Calculates a layer from what was typed, by field: a `LayerAnswer`.
#[wasm_bindgen]
pub fn layer(typed: JsValue) -> Thrown<JsValue> {
    let typed: Choices = from_js(typed).map_err(thrown)?;
    to_js(&calculator::layer(&typed))
}

/// Compares the networks of two `Source`s: a `Comparison`.
#[wasm_bindgen]
pub fn compare(a: JsValue, b: JsValue) -> Thrown<JsValue> {
    let (a, b): (Source, Source) = (from_js(a).map_err(thrown)?, from_js(b).map_err(thrown)?);
    to_js(&Comparison::of(&a, &b))
}

/// The calculator's `Presets`.
#[wasm_bindgen]
pub fn presets() -> Thrown<JsValue> {
    to_js(&Presets::all())
}

/// How many bytes of a file's beginning [`file_kind`] wants.
#[wasm_bindgen(js_name = judgedBytes)]
pub fn judged_bytes() -> usize {
    open::JUDGED
}

/// What a file of `bytes` bytes is by its beginning (a `FileKind`). Throws a `Problem`.
#[wasm_bindgen(js_name = fileKind)]
pub fn file_kind(name: &str, bytes: f64, beginning: &[u8]) -> Thrown<JsValue> {
    to_js(&open::judge(name, bytes as u64, beginning).map_err(thrown)?)
}

/// Whether a text that somebody pastes is likely PyTorch.
#[wasm_bindgen(js_name = isPytorch)]
pub fn is_pytorch(text: &str) -> bool {
    open::is_pytorch(text)
}

/// A data set of which the page needs the first images only.
#[wasm_bindgen]
pub struct Samples {
    facts: DataFacts,
    pixels: Vec<u8>,
    labels: Vec<u8>,
}

#[wasm_bindgen]
impl Samples {
    /// From a served data set's manifest (an object) and the bytes of its first training shard.
    #[wasm_bindgen(js_name = fromShard)]
    pub fn from_shard(manifest: JsValue, bytes: &[u8]) -> Thrown<Samples> {
        let manifest: Manifest = from_js(manifest).map_err(thrown)?;
        let mut data = Dataset::served(manifest).map_err(thrown)?;
        data.add_shard(Split::Train, bytes).map_err(thrown)?;
        let samples = data.samples(Split::Train);
        Ok(Self {
            pixels: samples.pixels.clone(),
            labels: samples.labels.clone(),
            facts: data.facts,
        })
    }

    /// From a data set's facts, some of its images' bytes, `[images, channels, height, width]`, and
    /// their labels.
    #[wasm_bindgen(js_name = fromPixels)]
    pub fn from_pixels(facts: JsValue, pixels: Vec<u8>, labels: Vec<u8>) -> Thrown<Samples> {
        let facts: DataFacts = from_js(facts).map_err(thrown)?;
        facts.check("facts").map_err(thrown)?;
        Ok(Self {
            facts,
            pixels,
            labels,
        })
    }

    /// The labels of the images, as indices into the facts' classes.
    #[wasm_bindgen(getter)]
    pub fn labels(&self) -> Vec<u8> {
        self.labels.clone()
    }

    /// The `DataFacts`.
    #[wasm_bindgen(getter)]
    pub fn facts(&self) -> Thrown<JsValue> {
        to_js(&self.facts)
    }

    /// The bytes of one of the images as the first epoch of this spec begins with it, `[channels, height, width]`; none where
    /// there is no such image.
    pub fn image(&self, spec: JsValue, index: usize) -> Thrown<Option<Vec<u8>>> {
        let spec: ExperimentSpec = from_js(spec).map_err(thrown)?;
        let transform = Transform::new(&spec, &self.facts).map_err(thrown)?;
        let image = self.pixels.chunks_exact(self.facts.shape.len()).nth(index);
        Ok(image.map(|image| transform.augmented(image, 0, index).into_owned()))
    }

    /// The first `shown` images `before` and `after` this spec's transform, with the `mask` of each, empty where the task has
    /// none; and the `histogram` of the values of the first `counted` images.
    pub fn preview(&self, spec: JsValue, shown: usize, counted: usize) -> Thrown<JsValue> {
        let spec: ExperimentSpec = from_js(spec).map_err(thrown)?;
        spec.validate().map_err(thrown)?;
        let wanted = counted.max(shown).saturating_mul(self.facts.shape.len());
        let end = self.pixels.len().min(wanted);
        let made = Preview::of(&spec, &self.facts, &self.pixels[..end], shown).map_err(thrown)?;
        object(&[
            ("before", picture(&made.before)),
            ("after", picture(&made.after)),
            ("mask", picture(&made.mask)),
            ("histogram", to_js(&made.histogram)?),
        ])
    }
}
