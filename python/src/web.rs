//! The browser's way in.

use wasm_bindgen::prelude::*;

use crate::{Request, read};

/// The network in a text, as [`read`]; request and answer are JSON.
#[wasm_bindgen(js_name = readPython)]
pub fn read_python(request: &str) -> Result<String, JsValue> {
    let fault = |error: serde_json::Error| JsValue::from_str(&error.to_string());
    let request: Request = serde_json::from_str(request).map_err(fault)?;
    serde_json::to_string(&read(&request)).map_err(fault)
}
