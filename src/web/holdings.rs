//! The data set of a worker: served, or from dropped files.

use wasm_bindgen::JsValue;

use super::letters::decoder;
use super::{from_js, thrown, to_js};
use crate::base::DataFacts;
use crate::base::error::{Code, Problem, Result};
use crate::data::dropped::Dropped;
use crate::data::{Dataset, Split};

type Thrown<T> = std::result::Result<T, JsValue>;

/// The exports that hand a data set over to a class with `holdings`.
macro_rules! holds_data {
    ($class:ident) => {
        #[wasm_bindgen]
        impl $class {
            /// Begins a served data set from its manifest (an object). Gives its `DataFacts`.
            #[wasm_bindgen(js_name = openData)]
            pub fn open_data(&mut self, manifest: JsValue) -> Result<JsValue, JsValue> {
                self.holdings.open(manifest)
            }

            /// The file that must come next for the first `needed` samples of a split (`"train"`,
            /// `"test"`); undefined once they are here.
            #[wasm_bindgen(js_name = nextShard)]
            pub fn next_shard(
                &self,
                split: JsValue,
                needed: usize,
            ) -> Result<Option<String>, JsValue> {
                self.holdings.next_shard(split, needed)
            }

            /// Takes the bytes of that file. Gives the number of samples of the split that are here.
            #[wasm_bindgen(js_name = addShard)]
            pub fn add_shard(&mut self, split: JsValue, bytes: &[u8]) -> Result<usize, JsValue> {
                self.holdings.add_shard(split, bytes)
            }

            /// Takes a file that a person dropped; of two labels for each image, the `coarse` ones or the fine ones.
            /// Gives the `DataFacts` once the files make a data set, which then is the one in use.
            #[wasm_bindgen(js_name = addFile)]
            pub fn add_file(
                &mut self,
                name: &str,
                bytes: &[u8],
                coarse: bool,
            ) -> Result<JsValue, JsValue> {
                self.holdings.add_file(name, bytes, coarse)
            }

            /// Which members of the last file, an archive, were left out (problems).
            #[wasm_bindgen(js_name = leftOut)]
            pub fn left_out(&self) -> Result<JsValue, JsValue> {
                self.holdings.left_out()
            }

            /// What is worth saying of the set (problems): of which files an even share is used.
            #[wasm_bindgen]
            pub fn remarks(&self) -> Result<JsValue, JsValue> {
                self.holdings.remarks()
            }

            /// Why the files so far make no data set (a problem), though there are images and labels.
            #[wasm_bindgen]
            pub fn mismatch(&self) -> Result<JsValue, JsValue> {
                self.holdings.mismatch()
            }
        }
    };
}
pub(super) use holds_data;

/// One data set at a time.
#[derive(Default)]
pub(super) struct Holdings {
    data: Option<Dataset>,
    dropped: Dropped,
}

impl Holdings {
    pub(super) fn open(&mut self, manifest: JsValue) -> Thrown<JsValue> {
        let data = from_js(manifest)
            .and_then(Dataset::served)
            .map_err(thrown)?;
        let facts = to_js(&data.facts);
        self.data = Some(data);
        facts
    }

    pub(super) fn next_shard(&self, split: JsValue, needed: usize) -> Thrown<Option<String>> {
        let split: Split = from_js(split).map_err(thrown)?;
        Ok(self
            .data
            .as_ref()
            .and_then(|data| data.next_shard(split, needed))
            .map(|shard| shard.file.clone()))
    }

    pub(super) fn add_shard(&mut self, split: JsValue, bytes: &[u8]) -> Thrown<usize> {
        let split: Split = from_js(split).map_err(thrown)?;
        let data = self
            .data
            .as_mut()
            .ok_or_else(|| thrown(Problem::new(Code::NoData)))?;
        data.add_shard(split, bytes).map_err(thrown)?;
        Ok(data.samples(split).len())
    }

    pub(super) fn add_file(&mut self, name: &str, bytes: &[u8], coarse: bool) -> Thrown<JsValue> {
        self.dropped.coarse = coarse;
        self.dropped.decoder = Some(decoder());
        match self.dropped.add(name, bytes).map_err(thrown)? {
            None => Ok(JsValue::UNDEFINED),
            Some(data) => {
                let facts = to_js(&data.facts);
                self.data = Some(data);
                facts
            }
        }
    }

    pub(super) fn left_out(&self) -> Thrown<JsValue> {
        to_js(&self.dropped.left_out())
    }

    pub(super) fn remarks(&self) -> Thrown<JsValue> {
        to_js(&self.dropped.remarks())
    }

    pub(super) fn mismatch(&self) -> Thrown<JsValue> {
        match self.dropped.mismatch() {
            None => Ok(JsValue::UNDEFINED),
            Some(problem) => to_js(&problem),
        }
    }

    /// The data set in use.
    pub(super) fn data(&self) -> Result<&Dataset> {
        self.data.as_ref().ok_or_else(|| Problem::new(Code::NoData))
    }

    /// Its facts.
    pub(super) fn facts(&self) -> Result<DataFacts> {
        Ok(self.data()?.facts.clone())
    }
}
