//! The letters that the browser reads.

use js_sys::{Array, Object, Reflect, Uint8Array};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;

use crate::data::formats::{Decoder, Encoding};

#[wasm_bindgen]
extern "C" {
    type TextDecoder;

    #[wasm_bindgen(constructor, catch)]
    fn new(label: &str, options: &Object) -> Result<TextDecoder, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn decode(this: &TextDecoder, bytes: &Uint8Array) -> Result<String, JsValue>;
}

/// The browser, and the encoding of the first of its languages that had one before Unicode.
pub(super) fn decoder() -> Decoder {
    let navigator = Reflect::get(&js_sys::global(), &"navigator".into());
    let languages = navigator.and_then(|navigator| Reflect::get(&navigator, &"languages".into()));
    let tags: Vec<String> = languages
        .ok()
        .and_then(|tags| tags.dyn_into::<Array>().ok())
        .map(|tags| tags.iter().filter_map(|tag| tag.as_string()).collect())
        .unwrap_or_default();
    let own = tags.iter().find_map(|tag| Encoding::of_language(tag));
    Decoder { decode, own }
}

/// Letters in an encoding; none if these are no such letters.
fn decode(encoding: Encoding, raw: &[u8]) -> Option<String> {
    let options = Object::new();
    Reflect::set(&options, &"fatal".into(), &true.into()).ok()?;
    let decoder = TextDecoder::new(encoding.label(), &options).ok()?;
    // A copy: a decoder reads no memory that threads share.
    decoder.decode(&Uint8Array::from(raw)).ok()
}
