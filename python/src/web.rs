//! The browser's way in.

use cnn_playground::base::error::Problem;
use wasm_bindgen::prelude::*;

use crate::{Reading, ReadingFault, Request, read};

/// The network in a text, as [`read`]: a `Request` and a `Reading`, as JSON. What is no request is a fault of the page's own.
#[wasm_bindgen(js_name = readPython)]
pub fn read_python(request: &str) -> String {
    let reading = match serde_json::from_str::<Request>(request) {
        Ok(request) => read(&request),
        Err(error) => Reading {
            fault: Some(*ReadingFault::of(Problem::internal(error))),
            ..Reading::default()
        },
    };
    serde_json::to_string(&reading).unwrap_or_default()
}
