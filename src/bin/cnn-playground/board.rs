//! Event files as TensorBoard reads them: messages of `Event`, each in a record with its length and checksums. The messages are in
//! <https://github.com/tensorflow/tensorboard/blob/master/tensorboard/compat/proto/event.proto>, the records in
//! <https://www.tensorflow.org/tutorials/load_data/tfrecord>.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use cnn_playground::base::error::Result;
use prost::Message;

use crate::weights::unwritten;

/// An event.
#[derive(Clone, PartialEq, Message)]
struct Event {
    /// In seconds since 1970.
    #[prost(double, tag = "1")]
    time: f64,
    #[prost(int64, tag = "2")]
    step: i64,
    /// Of the first event alone.
    #[prost(string, optional, tag = "3")]
    version: Option<String>,
    #[prost(message, optional, tag = "5")]
    summary: Option<Summary>,
}

#[derive(Clone, PartialEq, Message)]
struct Summary {
    #[prost(message, repeated, tag = "1")]
    values: Vec<Value>,
}

#[derive(Clone, PartialEq, Message)]
struct Value {
    #[prost(string, tag = "1")]
    tag: String,
    #[prost(float, optional, tag = "2")]
    number: Option<f32>,
}

/// A file of events that is being written.
pub(crate) struct Board {
    path: PathBuf,
    file: BufWriter<File>,
}

/// Seconds since 1970.
fn now() -> f64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0.0, |since| since.as_secs_f64())
}

/// The checksum of a record's parts: CRC-32C, turned and moved so that a checksum of checksums is none by chance.
fn checksum(bytes: &[u8]) -> u32 {
    crc32c::crc32c(bytes)
        .rotate_right(15)
        .wrapping_add(0xa282_ead8)
}

/// A record: its length, what it holds, and a checksum of each.
fn record(content: &[u8]) -> Vec<u8> {
    let length = (content.len() as u64).to_le_bytes();
    [
        &length[..],
        &checksum(&length).to_le_bytes(),
        content,
        &checksum(content).to_le_bytes(),
    ]
    .concat()
}

impl Board {
    /// A new file in this folder, which is made if it is not there.
    ///
    /// # Errors
    /// [`NotWritten`](cnn_playground::base::error::Code::NotWritten)
    pub(crate) fn begin(folder: &Path) -> Result<Self> {
        let name = format!(
            "events.out.tfevents.{:.0}.cnn-playground.{}",
            now(),
            std::process::id()
        );
        let path = folder.join(name);
        let made = fs::create_dir_all(folder).and_then(|()| File::create_new(&path));
        let file = made.map_err(|error| unwritten(&path, &error))?;
        let file = BufWriter::new(file);
        let mut board = Self { path, file };
        board.put(&Event {
            time: now(),
            version: Some("brain.Event:2".to_owned()),
            ..Event::default()
        })?;
        Ok(board)
    }

    /// A number after this step.
    ///
    /// # Errors
    /// [`NotWritten`](cnn_playground::base::error::Code::NotWritten)
    pub(crate) fn add(&mut self, step: u32, tag: &str, number: f32) -> Result<()> {
        let value = Value {
            tag: tag.to_owned(),
            number: Some(number),
        };
        self.put(&Event {
            time: now(),
            step: step.into(),
            version: None,
            summary: Some(Summary {
                values: vec![value],
            }),
        })
    }

    /// Lets whoever reads along see all until now.
    ///
    /// # Errors
    /// [`NotWritten`](cnn_playground::base::error::Code::NotWritten)
    pub(crate) fn flush(&mut self) -> Result<()> {
        let done = self.file.flush();
        done.map_err(|error| unwritten(&self.path, &error))
    }

    fn put(&mut self, event: &Event) -> Result<()> {
        let done = self.file.write_all(&record(&event.encode_to_vec()));
        done.map_err(|error| unwritten(&self.path, &error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_its_length_and_content_with_their_checksums() {
        // What the writer in TensorBoard's package writes.
        let expected = "0300000000000000b099490e6162636e57f121";
        let found = record(b"abc");
        let found: String = found.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(found, expected);
    }
}
