//! The browser's way in: nothing outside this file and its folder names `wasm_bindgen`, `js_sys` or `web_sys`.
//!
//! The module without a device has the exports that the page itself calls ([`page`], [`album`], [`ink`], [`labs`], [`runs`], [`desk`]). The modules with one
//! have [`trainer`] for the worker, the one for the CPU has [`inside`] and [`weights`], and the one with threads
//! [`threads`]. Fallible exports throw a `Problem` as a plain object.

use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;

use crate::base::error::{Problem, Result};

#[cfg(not(feature = "train"))]
mod album;
#[cfg(not(feature = "train"))]
mod desk;
#[cfg(feature = "train")]
mod holdings;
#[cfg(not(feature = "train"))]
mod ink;
#[cfg(all(feature = "cpu", not(feature = "threads")))]
mod inside;
#[cfg(feature = "trial")]
mod kernels;
#[cfg(not(feature = "train"))]
mod labs;
mod letters;
#[cfg(not(feature = "train"))]
mod page;
#[cfg(not(feature = "train"))]
mod runs;
#[cfg(feature = "train")]
mod stepper;
#[cfg(feature = "threads")]
mod threads;
#[cfg(feature = "train")]
mod trainer;
#[cfg(all(feature = "cpu", not(feature = "threads")))]
mod weights;

#[wasm_bindgen(start)]
fn start() {
    console_error_panic_hook::set_once();
}

fn to_js<T: Serialize>(value: &T) -> std::result::Result<JsValue, JsValue> {
    let serializer =
        serde_wasm_bindgen::Serializer::json_compatible().serialize_bytes_as_arrays(false);
    value
        .serialize(&serializer)
        .map_err(|error| JsValue::from_str(&error.to_string()))
}

/// An object of these properties, such as typed arrays.
fn object(properties: &[(&str, JsValue)]) -> std::result::Result<JsValue, JsValue> {
    let object = js_sys::Object::new();
    for (name, value) in properties {
        js_sys::Reflect::set(&object, &(*name).into(), value)?;
    }
    Ok(object.into())
}

/// Pictures for a canvas: bytes, `[images, height, width, 4]`.
fn picture(bytes: &[u8]) -> JsValue {
    js_sys::Uint8ClampedArray::from(bytes).into()
}

/// How deep what the page hands over may be, and of how many lists and objects it may consist.
const DEEPEST: u32 = 16;
const MOST_PARTS: u32 = 1_000_000;

fn from_js<T: DeserializeOwned>(value: JsValue) -> Result<T> {
    if !is_tree(&value, DEEPEST, &mut { MOST_PARTS }) {
        return Err(Problem::internal("too deep, too large, or no plain data"));
    }
    serde_wasm_bindgen::from_value(value).map_err(Problem::internal)
}

/// Whether these are lists, objects and typed arrays that end. One that contains itself would be followed
/// until the stack is full, if only to name it in an error. A list has no holes: in the place of an object it would be read
/// as one of pairs, which a hole cannot be.
fn is_tree(value: &JsValue, depth: u32, parts: &mut u32) -> bool {
    if !value.is_object() || js_sys::ArrayBuffer::is_view(value) {
        return true;
    }
    if depth == 0 || *parts == 0 {
        return false;
    }
    *parts -= 1;
    let held = match value.dyn_ref::<js_sys::Array>() {
        Some(list)
            if list
                .iter()
                .any(|value| value.is_null() || value.is_undefined()) =>
        {
            return false;
        }
        Some(list) => list.clone(),
        None if value.is_instance_of::<js_sys::Map>() || value.is_instance_of::<js_sys::Set>() => {
            return false;
        }
        None => js_sys::Object::values(value.unchecked_ref()),
    };
    held.iter().all(|value| is_tree(&value, depth - 1, parts))
}

fn thrown(problem: Problem) -> JsValue {
    to_js(&problem).unwrap_or_else(|error| error)
}
