//! Pictures as the page gets them.

use std::ops::Deref;

use serde::{Serialize, Serializer};

/// Small pictures of one size, one after the other.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Tiles {
    /// Columns of each.
    pub width: usize,
    /// Lines of each.
    pub height: usize,
    /// How many.
    pub count: usize,
    /// `[count, height, width, 4]`: red, green, blue, opacity.
    #[cfg_attr(test, ts(type = "Uint8Array<ArrayBuffer>"))]
    pub pixels: Bytes,
    /// The value that the strongest colour stands for.
    pub largest: f32,
}

/// Bytes, which cross as a typed array and not number by number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bytes(Vec<u8>);

impl From<Vec<u8>> for Bytes {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

impl Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(self)
    }
}
