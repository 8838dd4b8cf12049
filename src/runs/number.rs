//! Numbers that need not be finite, as JSON: it has no word for those, so they are the texts `"NaN"`, `"inf"` and
//! `"-inf"`. Files of earlier versions have `null` in their place, which is read as not a number.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, Visitor};
use serde::ser::{Serialize, SerializeSeq, Serializer};

/// A number as it stands in a file.
struct Plain(f64);

/// What a number is written as and read from.
pub(super) trait Number: Copy {
    fn of(value: f64) -> Self;
    fn value(self) -> f64;
    fn write<S: Serializer>(self, serializer: S) -> Result<S::Ok, S::Error>;
}

impl Number for f32 {
    fn of(value: f64) -> Self {
        value as f32
    }
    fn value(self) -> f64 {
        f64::from(self)
    }
    fn write<S: Serializer>(self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f32(self)
    }
}

impl Number for f64 {
    fn of(value: f64) -> Self {
        value
    }
    fn value(self) -> f64 {
        self
    }
    fn write<S: Serializer>(self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self)
    }
}

struct Written<T>(T);

impl<T: Number> Serialize for Written<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let value = self.0.value();
        // What is not JSON keeps the number itself.
        if value.is_finite() || !serializer.is_human_readable() {
            return self.0.write(serializer);
        }
        serializer.serialize_str(if value.is_nan() {
            "NaN"
        } else if value > 0.0 {
            "inf"
        } else {
            "-inf"
        })
    }
}

impl<'de> Deserialize<'de> for Plain {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Any)
    }
}

struct Any;

impl Visitor<'_> for Any {
    type Value = Plain;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number, \"NaN\", \"inf\" or \"-inf\"")
    }
    fn visit_f64<E: Error>(self, value: f64) -> Result<Plain, E> {
        Ok(Plain(value))
    }
    fn visit_i64<E: Error>(self, value: i64) -> Result<Plain, E> {
        Ok(Plain(value as f64))
    }
    fn visit_u64<E: Error>(self, value: u64) -> Result<Plain, E> {
        Ok(Plain(value as f64))
    }
    fn visit_unit<E: Error>(self) -> Result<Plain, E> {
        Ok(Plain(f64::NAN))
    }
    fn visit_str<E: Error>(self, text: &str) -> Result<Plain, E> {
        match text {
            "NaN" => Ok(Plain(f64::NAN)),
            "inf" => Ok(Plain(f64::INFINITY)),
            "-inf" => Ok(Plain(f64::NEG_INFINITY)),
            _ => Err(E::invalid_value(serde::de::Unexpected::Str(text), &self)),
        }
    }
}

/// For one number: `#[serde(with = "number::one")]`.
pub(super) mod one {
    use super::{Deserialize, Deserializer, Number, Plain, Serialize, Serializer, Written};

    pub(in crate::runs) fn serialize<T: Number, S: Serializer>(
        value: &T,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        Written(*value).serialize(serializer)
    }

    pub(in crate::runs) fn deserialize<'de, T: Number, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<T, D::Error> {
        Ok(T::of(Plain::deserialize(deserializer)?.0))
    }
}

/// For several: `#[serde(with = "number::many")]`.
pub(super) mod many {
    use super::{Deserialize, Deserializer, Number, Plain, SerializeSeq, Serializer, Written};

    pub(in crate::runs) fn serialize<T: Number, S: Serializer>(
        values: &[T],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let mut seq = serializer.serialize_seq(Some(values.len()))?;
        for value in values {
            seq.serialize_element(&Written(*value))?;
        }
        seq.end()
    }

    pub(in crate::runs) fn deserialize<'de, T: Number, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<T>, D::Error> {
        let all = Vec::<Plain>::deserialize(deserializer)?;
        Ok(all.into_iter().map(|Plain(value)| T::of(value)).collect())
    }
}
