//! The exports for the worker that decodes a person's pictures, and for the page that asks about them.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::prelude::*;

use super::letters::decoder;
use super::{from_js, object, picture as shown, thrown, to_js};
use crate::base::DataFacts;
use crate::base::error::Problem;
use crate::data::album::{self, ImageForm, ImageForms};
use crate::data::ink::Ink;
use crate::data::{Split, formats, picture, sorted};

type Thrown<T> = Result<T, JsValue>;

/// The `ImageForms` that a person's pictures can be given.
#[wasm_bindgen(js_name = pictureForms)]
pub fn picture_forms() -> Thrown<JsValue> {
    to_js(&ImageForms::all())
}

/// What the paths of pictures say of each (a list of `Sorted`).
#[wasm_bindgen(js_name = sortPictures)]
pub fn sort_pictures(paths: JsValue) -> Thrown<JsValue> {
    let paths: Vec<String> = from_js(paths).map_err(thrown)?;
    to_js(&sorted::sorted(&paths))
}

/// How many bytes of a picture's beginning [`check_picture`] wants.
#[wasm_bindgen(js_name = pictureHead)]
pub fn picture_head() -> usize {
    picture::HEAD
}

/// Throws a `Problem` if a picture of `bytes` bytes must not be decoded, by its beginning.
#[wasm_bindgen(js_name = checkPicture)]
pub fn check_picture(name: &str, bytes: f64, head: &[u8]) -> Thrown<()> {
    picture::size(name, bytes as u64, head)
        .map(|_| ())
        .map_err(thrown)
}

/// Where a picture of this size is drawn, to become an image of a set with these `DataFacts`: a `Placement`.
#[wasm_bindgen(js_name = placePicture)]
pub fn place_picture(facts: JsValue, width: f64, height: f64) -> Thrown<JsValue> {
    let facts: DataFacts = from_js(facts).map_err(thrown)?;
    facts.check("facts").map_err(thrown)?;
    let shape = facts.shape;
    let fit = picture::Framing::usual(shape);
    to_js(&fit.place((width, height), (shape.width, shape.height)))
}

/// Hands the pictures of an archive to `take`, each with its path and its bytes. Gives which other files were left out, and why
/// (problems). Throws a `Problem` if there are none, or more than is read.
#[wasm_bindgen(js_name = unpackPictures)]
pub fn unpack_pictures(name: &str, bytes: &[u8], take: js_sys::Function) -> Thrown<JsValue> {
    let failed = Rc::new(RefCell::new(None));
    let failure = Rc::clone(&failed);
    let take = move |path: &str, picture: &[u8]| {
        let picture = js_sys::Uint8Array::from(picture);
        if let Err(error) = take.call2(&JsValue::NULL, &path.into(), &picture) {
            failure.replace(Some(error));
        }
    };
    let left_out = formats::pictures(name, bytes, Some(decoder()), take).map_err(thrown)?;
    match failed.take() {
        Some(error) => Err(error),
        None => to_js(&left_out),
    }
}

/// What stands before, between and behind files (a list of name and size each), so that all together are one file: a list of
/// `Uint8Array`, one more than there are files.
#[wasm_bindgen(js_name = aroundFiles)]
pub fn around_files(files: JsValue) -> Thrown<js_sys::Array> {
    let files: Vec<(String, u64)> = from_js(files).map_err(thrown)?;
    let pieces = formats::around(&files);
    Ok(pieces
        .iter()
        .map(|piece| js_sys::Uint8Array::from(&piece[..]))
        .collect())
}

/// Throws a `Problem` if there cannot be a set of so many classes.
#[wasm_bindgen(js_name = checkClasses)]
pub fn check_classes(found: usize) -> Thrown<()> {
    album::check_classes(found).map_err(thrown)
}

/// A person's pictures in one `ImageForm`. Fallible methods throw a `Problem`.
#[wasm_bindgen]
pub struct Album {
    album: album::Album,
}

#[wasm_bindgen]
impl Album {
    /// Without pictures.
    #[wasm_bindgen(constructor)]
    pub fn new(form: JsValue) -> Thrown<Album> {
        let form: ImageForm = from_js(form).map_err(thrown)?;
        let album = album::Album::new(form).map_err(thrown)?;
        Ok(Self { album })
    }

    /// With the pictures of a file that was written before, to which others can be added.
    pub fn open(name: &str, bytes: &[u8]) -> Thrown<Album> {
        let album = album::Album::read(name, bytes).map_err(thrown)?;
        Ok(Self { album })
    }

    /// What it is: a `Contents`.
    pub fn contents(&self) -> Thrown<JsValue> {
        to_js(&self.album.contents())
    }

    /// Where a picture of this size is drawn on a canvas of the form's edge: a `Placement`.
    pub fn place(&self, width: f64, height: f64) -> Thrown<JsValue> {
        let ImageForm { edge, fit, .. } = self.album.form;
        to_js(&fit.place((width, height), (edge, edge)))
    }

    /// A picture of this content in the form's size, `[edge, edge, 4]`, if it was drawn on the page: no canvas is needed for it.
    pub fn drawn(&self, file: &[u8]) -> Option<Vec<u8>> {
        Ink::read(file).map(|ink| ink.scaled(self.album.form.edge))
    }

    /// Adds a picture that was drawn there, `[edge, edge, 4]`; `part` is a `Split` or nothing.
    pub fn add(&mut self, class: &str, part: JsValue, rgba: &[u8]) -> Thrown<()> {
        let part: Option<Split> = from_js(part).map_err(thrown)?;
        self.album.add(class, part, rgba).map_err(thrown)
    }

    /// The file of all that was added. There is nothing in it afterwards.
    pub fn write(&mut self) -> Thrown<Vec<u8>> {
        let empty = album::Album::new(self.album.form).map_err(thrown)?;
        std::mem::replace(&mut self.album, empty)
            .write()
            .map_err(thrown)
    }

    /// A picture as the data set has it: its `pixels`, for a canvas.
    pub fn seen(&self, rgba: &[u8]) -> Thrown<JsValue> {
        let ImageForm { edge, .. } = self.album.form;
        if rgba.len() != edge * edge * 4 {
            return Err(thrown(Problem::internal(format!("{} bytes", rgba.len()))));
        }
        object(&[("pixels", shown(&self.album.form.seen(rgba)))])
    }
}
