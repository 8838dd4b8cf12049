//! The letters that the browser reads.

use js_sys::{Object, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    type TextDecoder;

    #[wasm_bindgen(constructor, catch)]
    fn new(label: &str, options: &Object) -> Result<TextDecoder, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn decode(this: &TextDecoder, bytes: &Uint8Array) -> Result<String, JsValue>;
}

/// Letters as Chinese systems write them (GBK); none if these are no such letters.
pub(super) fn chinese(raw: &[u8]) -> Option<String> {
    let options = Object::new();
    Reflect::set(&options, &"fatal".into(), &true.into()).ok()?;
    let decoder = TextDecoder::new("gbk", &options).ok()?;
    // A copy: a decoder reads no memory that threads share.
    decoder.decode(&Uint8Array::from(raw)).ok()
}
