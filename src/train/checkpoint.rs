//! A run between two steps, as bytes.

use std::{fmt, result};

use postcard::Deserializer as Bytes;
use serde::de::value::SeqAccessDeserializer;
use serde::de::{DeserializeSeed, Deserializer, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};

use super::learner::Snapshot;
use super::tally::Tally;
use crate::arch::touch::{MOST_TOUCHES, Touched};
use crate::base::error::{Code, Problem, Result};
use crate::experiment::{ExperimentSpec, FIELDS};

/// What is added to the number of the spec's members, for the first byte. What an earlier version wrote begins with its data
/// set's number instead, which is smaller.
const COUNTED: u8 = 0x80;

/// Members of a spec before checkpoints said how many there are.
const UNSAID: usize = 31;

/// A run between two steps.
pub(super) struct Checkpoint {
    pub(super) spec: ExperimentSpec,
    pub(super) progress: Progress,
    /// What a person changed about the network by hand.
    pub(super) touches: Vec<Touched>,
}

/// How far it is.
#[derive(Serialize, Deserialize)]
pub(super) struct Progress {
    /// Steps made.
    pub(super) step: u32,
    /// Of the epoch at hand.
    pub(super) epoch: Tally,
    /// Whether the test samples are judged before the next step.
    pub(super) testing: bool,
    /// Network and optimizer.
    pub(super) snapshot: Snapshot,
}

impl Checkpoint {
    /// As bytes.
    ///
    /// # Errors
    /// [`crate::base::error::Code::Internal`], which would be a bug.
    pub(super) fn bytes(&self) -> Result<Vec<u8>> {
        let first = vec![COUNTED + FIELDS.len() as u8];
        let spec = postcard::to_extend(&self.spec, first).map_err(Problem::internal)?;
        let bytes = postcard::to_extend(&self.progress, spec).map_err(Problem::internal)?;
        if self.touches.is_empty() {
            return Ok(bytes);
        }
        let touches = serde_json::to_string(&self.touches).map_err(Problem::internal)?;
        postcard::to_extend(&touches, bytes).map_err(Problem::internal)
    }

    /// From the bytes that this or an earlier version made.
    ///
    /// # Errors
    /// [`crate::base::error::Code::Internal`] if they are something else.
    pub(super) fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let (members, bytes) = match bytes.split_first() {
            Some((&first, rest)) if first >= COUNTED => (usize::from(first - COUNTED), rest),
            _ => (UNSAID, bytes),
        };
        if members > FIELDS.len() {
            return Err(Problem::internal("the checkpoint is a later version's"));
        }
        let mut bytes = Bytes::from_bytes(bytes);
        let spec = Members(members).deserialize(&mut bytes);
        let progress = spec.and_then(|spec| Ok((spec, Progress::deserialize(&mut bytes)?)));
        let (spec, progress) = progress.map_err(Problem::internal)?;
        let rest = bytes.finalize().map_err(Problem::internal)?;
        Ok(Self {
            spec,
            progress,
            touches: touches(rest)?,
        })
    }
}

/// What follows the progress, as text; an earlier version wrote nothing there.
fn touches(rest: &[u8]) -> Result<Vec<Touched>> {
    if rest.is_empty() {
        return Ok(Vec::new());
    }
    let text: &str = postcard::from_bytes(rest).map_err(Problem::internal)?;
    let touches: Vec<Touched> = serde_json::from_str(text).map_err(Problem::internal)?;
    match touches.len() <= MOST_TOUCHES {
        true => Ok(touches),
        false => Err(Problem::new(Code::TooManyTouches).with("limit", MOST_TOUCHES)),
    }
}

/// Reads a spec of which only this many members were written; the others have what they meant before they were there.
struct Members(usize);

impl<'de> DeserializeSeed<'de> for Members {
    type Value = ExperimentSpec;

    fn deserialize<D: Deserializer<'de>>(
        self,
        from: D,
    ) -> result::Result<ExperimentSpec, D::Error> {
        from.deserialize_tuple(self.0, self)
    }
}

impl<'de> Visitor<'de> for Members {
    type Value = ExperimentSpec;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the members of a spec")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, members: A) -> result::Result<ExperimentSpec, A::Error> {
        ExperimentSpec::deserialize(SeqAccessDeserializer::new(members))
    }
}
