//! The official archive of CIFAR-10: `cifar-10-binary.tar.gz`.
//!
//! Inside are `data_batch_1.bin` to `data_batch_5.bin` and `test_batch.bin`. A record is the label and
//! then the red, the green and the blue plane of the image.

use std::io::Read;

use super::idx::{bad, read_up_to, truncated};
use super::samples::Samples;
use crate::base::ImageShape;
use crate::base::error::{Code, Problem, Result};

/// The size of a CIFAR-10 image.
pub const SHAPE: ImageShape = ImageShape {
    channels: 3,
    height: 32,
    width: 32,
};
/// What the labels mean.
pub const CLASSES: [&str; 10] = [
    "airplane",
    "automobile",
    "bird",
    "cat",
    "deer",
    "dog",
    "frog",
    "horse",
    "ship",
    "truck",
];

/// The training files, in the order of the samples.
const TRAIN: [&str; 5] = [
    "data_batch_1.bin",
    "data_batch_2.bin",
    "data_batch_3.bin",
    "data_batch_4.bin",
    "data_batch_5.bin",
];
const TEST: &str = "test_batch.bin";
/// The names of the same files in the archive for Python.
const PYTHON: [&str; 2] = ["data_batch_1", "batches.meta"];
/// The bytes of one label and its image.
const RECORD: usize = 1 + 3 * 32 * 32;
/// The most records of a file, which is what the official files have.
const MAX_RECORDS: usize = 10_000;
/// More than the official archive unpacks to; where a hostile one is cut off.
const MAX_UNPACKED: u64 = 200_000_000;

/// Reads the archive (unpacked, that is, the tar) and returns the training and the test split.
///
/// # Errors
/// If one of the six files is missing, ends within a record, is too long or has a label above 9.
pub fn read(name: &str, archive: impl Read) -> Result<(Samples, Samples)> {
    let mut batches: [Option<Samples>; 6] = Default::default();
    let unreadable = |error: std::io::Error| bad(name, "tar", error);
    let mut archive = tar::Archive::new(archive.take(MAX_UNPACKED));
    // Raw: what stands before a member to give it a longer name would be read as a whole, however long.
    for entry in archive.entries().map_err(unreadable)?.raw(true) {
        let mut entry = entry.map_err(unreadable)?;
        if !entry.header().entry_type().is_file() {
            continue;
        }
        let path = entry.path_bytes().into_owned();
        let file =
            String::from_utf8_lossy(path.rsplit(|&byte| byte == b'/').next().unwrap_or_default())
                .into_owned();
        if PYTHON.contains(&file.as_str()) {
            return Err(Problem::new(Code::PythonArchive).with("file", name));
        }
        if let Some(at) = TRAIN.iter().chain([&TEST]).position(|known| *known == file) {
            let declared = entry.size();
            batches[at] = Some(read_batch(&file, &mut entry, declared)?);
        }
    }
    let mut train = Samples::empty(SHAPE);
    let mut batches = TRAIN.iter().chain([&TEST]).zip(batches);
    for (file, batch) in batches.by_ref().take(TRAIN.len()) {
        train.append(batch.ok_or_else(|| bad(name, file, "–"))?);
    }
    let test = batches
        .next()
        .and_then(|(_, batch)| batch)
        .ok_or_else(|| bad(name, TEST, "–"))?;
    Ok((train, test))
}

/// One file of records, which should be `declared` bytes long.
fn read_batch(file: &str, entry: &mut impl Read, declared: u64) -> Result<Samples> {
    if declared > (RECORD * MAX_RECORDS) as u64 {
        return Err(bad(file, RECORD * MAX_RECORDS, declared));
    }
    let declared = declared as usize;
    let bytes = read_up_to(file, entry, declared)?;
    if bytes.len() < declared {
        return Err(truncated(file, declared, bytes.len()));
    }
    if bytes.is_empty() || !bytes.len().is_multiple_of(RECORD) {
        return Err(truncated(
            file,
            (bytes.len() / RECORD + 1) * RECORD,
            bytes.len(),
        ));
    }
    let mut samples = Samples::empty(SHAPE);
    for record in bytes.chunks_exact(RECORD) {
        if usize::from(record[0]) >= CLASSES.len() {
            return Err(bad(file, format!("labels < {}", CLASSES.len()), record[0]));
        }
        samples.labels.push(record[0]);
        samples.pixels.extend_from_slice(&record[1..]);
    }
    Ok(samples)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A tar of these files under the folder that the official archive has.
    pub(crate) fn archive(files: &[(&str, Vec<u8>)]) -> Vec<u8> {
        let mut builder = tar::Builder::new(Vec::new());
        for (file, content) in files {
            let mut header = tar::Header::new_gnu();
            header.set_size(content.len() as u64);
            header.set_mode(0o644);
            builder
                .append_data(
                    &mut header,
                    format!("cifar-10-batches-bin/{file}"),
                    &content[..],
                )
                .unwrap();
        }
        builder.into_inner().unwrap()
    }

    /// A record whose pixels all have this value.
    pub(crate) fn record(label: u8, value: u8) -> Vec<u8> {
        let mut record = vec![value; RECORD];
        record[0] = label;
        record
    }

    /// The six files, one record each, in an order that is not the samples'.
    pub(crate) fn six_files() -> Vec<(&'static str, Vec<u8>)> {
        let mut files: Vec<_> = TRAIN
            .iter()
            .zip(1..)
            .map(|(file, i)| (*file, record(i, i * 10)))
            .collect();
        files.push((TEST, record(9, 90)));
        files.reverse();
        files
    }

    fn problem(files: &[(&str, Vec<u8>)]) -> crate::base::error::Problem {
        read("cifar", &archive(files)[..]).unwrap_err()
    }

    #[test]
    fn reads_both_splits_in_order() {
        let (train, test) = read("cifar", &archive(&six_files())[..]).unwrap();
        assert_eq!(train.labels, [1, 2, 3, 4, 5]);
        assert!(train.image(2).iter().all(|&pixel| pixel == 30));
        assert_eq!((test.labels, test.pixels), (vec![9], vec![90; 3072]));
    }

    #[test]
    fn what_is_no_file_is_passed_by_unread() {
        let mut builder = tar::Builder::new(Vec::new());
        for (kind, size) in [
            (tar::EntryType::GNULongName, 5_000_000),
            (tar::EntryType::Symlink, 0),
        ] {
            let mut header = tar::Header::new_gnu();
            header.set_path(TRAIN[0]).unwrap();
            header.set_entry_type(kind);
            header.set_size(size);
            header.set_cksum();
            builder
                .append(&header, std::io::repeat(b'x').take(size))
                .unwrap();
        }
        let before = builder.into_inner().unwrap();
        // Two blocks of zeros end an archive.
        let whole = [&before[..before.len() - 1_024], &archive(&six_files())].concat();
        let (train, _) = read("cifar", &whole[..]).unwrap();
        assert_eq!(train.labels, [1, 2, 3, 4, 5]);
    }

    #[test]
    fn names_what_is_wrong() {
        let mut missing = six_files();
        missing.remove(0);
        let missing = problem(&missing);
        assert_eq!(
            (missing.code, &*missing.params["expected"]),
            (Code::BadContent, TEST)
        );

        let mut python = six_files();
        python.push(("data_batch_1", vec![0x80]));
        assert_eq!(problem(&python).code, Code::PythonArchive);

        let mut short = six_files();
        short[5].1.truncate(3000);
        let short = problem(&short);
        assert_eq!(short.code, Code::Truncated);
        assert_eq!(
            (&*short.params["file"], &*short.params["expected"]),
            (TRAIN[0], "3073")
        );

        let mut label = six_files();
        label[1].1[0] = 10;
        assert_eq!(problem(&label).params["found"], "10");

        let mut long = six_files();
        long[2].1 = vec![0; RECORD * (MAX_RECORDS + 1)];
        assert_eq!(problem(&long).code, Code::BadContent);

        let cut = archive(&six_files());
        assert!(read("cifar", &cut[..cut.len() / 2]).is_err());
    }
}
