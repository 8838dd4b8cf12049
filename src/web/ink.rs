//! The exports for what one draws.

use wasm_bindgen::prelude::*;

use super::picture;
use crate::data::ink;

/// A black sheet with white ink on it.
#[wasm_bindgen]
#[derive(Default)]
pub struct Ink {
    ink: ink::Ink,
}

#[wasm_bindgen]
impl Ink {
    /// A clean sheet, or one that was drawn on before: its shades.
    #[wasm_bindgen(constructor)]
    pub fn new(shades: Option<Vec<u8>>) -> Self {
        let ink = shades.map(|shades| ink::Ink::of(&shades));
        Self {
            ink: ink.unwrap_or_default(),
        }
    }

    /// Its height and width, in pixels.
    #[wasm_bindgen(getter)]
    pub fn size(&self) -> usize {
        ink::Ink::SIZE
    }

    /// Whether nothing is drawn.
    #[wasm_bindgen(getter, js_name = isEmpty)]
    pub fn is_empty(&self) -> bool {
        self.ink.is_empty()
    }

    /// How bright each pixel is, `[size, size]`.
    #[wasm_bindgen(getter)]
    pub fn shades(&self) -> Vec<u8> {
        self.ink.shades().to_vec()
    }

    /// Draws a line; places are in pixels.
    pub fn line(&mut self, from_x: f32, from_y: f32, to_x: f32, to_y: f32) {
        self.ink.line((from_x, from_y), (to_x, to_y));
    }

    /// The sheet for a canvas, `[size, size, 4]`.
    pub fn seen(&self) -> JsValue {
        picture(&self.ink.rgba())
    }

    /// The sheet as the file of a picture.
    pub fn picture(&self) -> Vec<u8> {
        self.ink.picture()
    }
}
