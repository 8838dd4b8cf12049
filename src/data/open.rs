//! Recognizes a dropped file by its content.

use std::io::{Cursor, Read};

use flate2::read::MultiGzDecoder;
use serde::Serialize;

use super::album::Album;
use super::samples::Samples;
use super::{cifar, idx, picture};
use crate::base::error::{Code, Problem, Result};

/// A dropped file, recognized and read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OpenedFile {
    /// Images of the IDX format; their labels are in another file.
    Images(idx::Images),
    /// Labels of the IDX format, one a sample.
    Labels(Vec<u8>),
    /// A person's pictures, as the page keeps them.
    Album(Album),
    /// The official archive of CIFAR-10.
    Cifar {
        /// The training split.
        train: Samples,
        /// The test split.
        test: Samples,
    },
}

/// What a file is by its beginning, before it is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
#[serde(rename_all = "kebab-case")]
pub enum FileKind {
    /// Images, labels, or an archive of both.
    Data,
    /// Runs that the page saved.
    Runs,
    /// A picture that browsers decode.
    Picture,
}

/// So much of a file is enough to tell what it is.
pub const JUDGED: usize = 16_384;

/// The largest file of data that is read, in bytes: the archive of CIFAR-10 has 170 million.
pub const MAX_BYTES: u64 = 200_000_000;

/// Tells what a file of `bytes` bytes is by its first [`JUDGED`] ones.
///
/// # Errors
/// A problem that names the file and says what it is instead; [`Code::DataTooLarge`].
pub fn judge(name: &str, bytes: u64, beginning: &[u8]) -> Result<FileKind> {
    let kind = kind_of(name, beginning)?;
    let megabytes = |bytes: u64| bytes.div_ceil(1_000_000);
    match kind == FileKind::Data && bytes > MAX_BYTES {
        true => Err(Problem::new(Code::DataTooLarge)
            .with("file", name)
            .with("found", megabytes(bytes))
            .with("limit", megabytes(MAX_BYTES))),
        false => Ok(kind),
    }
}

fn kind_of(name: &str, beginning: &[u8]) -> Result<FileKind> {
    let mut head = Vec::new();
    if beginning.starts_with(&GZIP) {
        // It ends in the middle, which is no fault here.
        let _ = MultiGzDecoder::new(beginning)
            .take(HEAD as u64)
            .read_to_end(&mut head);
    } else {
        head.extend_from_slice(beginning);
    }
    let magic = head.first_chunk().map(|bytes| u32::from_be_bytes(*bytes));
    if matches!(magic, Some(idx::IMAGES_MAGIC | idx::LABELS_MAGIC))
        || head.get(..HEAD).is_some_and(is_tar)
        || Album::is_one(&head)
    {
        return Ok(FileKind::Data);
    }
    if picture::is_picture(&head) {
        return Ok(FileKind::Picture);
    }
    let first = head.iter().find(|byte| !byte.is_ascii_whitespace());
    if first == Some(&b'{') && contains(&head, b"\"format\"") && contains(&head, b"\"runs\"") {
        return Ok(FileKind::Runs);
    }
    Err(stranger(name, &head))
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// What a file is that cannot be used, as far as its beginning tells.
fn stranger(name: &str, head: &[u8]) -> Problem {
    let starts = |with: &[u8]| head.starts_with(with);
    let lower: Vec<u8> = head.iter().take(HEAD).map(u8::to_ascii_lowercase).collect();
    let is_text = !head.is_empty()
        && std::str::from_utf8(head)
            .map_or_else(|error| error.valid_up_to() + 4 > head.len(), |_| true)
        && !head.iter().any(|&byte| byte < 9);
    let code = if contains(&lower, b"<!doctype html") || contains(&lower, b"<html") {
        Code::SavedPage
    } else if starts(b"PK\x03\x04") || starts(b"7z\xbc\xaf") || starts(b"Rar!") {
        Code::Packed
    } else if picture::is_picture(head) {
        Code::Picture
    } else if is_text {
        Code::PlainText
    } else {
        Code::UnknownFormat
    };
    let found: Vec<_> = head
        .iter()
        .take(4)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    Problem::new(code)
        .with("file", name)
        .with("found", found.join(" "))
}

/// The length of a tar header, which is all that is needed to tell the formats apart.
const HEAD: usize = 512;
/// The first two bytes of everything that gzip has made.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// Reads a file of any known format, compressed with gzip or not; `name` is for the error only.
///
/// # Errors
/// If its format is none of the known ones, or it is damaged.
pub fn open(name: &str, bytes: &[u8]) -> Result<OpenedFile> {
    if Album::is_one(bytes) {
        Album::read(name, bytes).map(OpenedFile::Album)
    } else if bytes.starts_with(&GZIP) {
        read(name, MultiGzDecoder::new(bytes))
    } else {
        read(name, bytes)
    }
}

fn read(name: &str, mut file: impl Read) -> Result<OpenedFile> {
    let head = idx::read_up_to(name, &mut file, HEAD)?;
    let magic = head.first_chunk().map(|bytes| u32::from_be_bytes(*bytes));
    let looks_like_tar = is_tar(&head);
    let problem = stranger(name, &head);
    let whole = Cursor::new(head).chain(file);
    match magic {
        Some(idx::IMAGES_MAGIC) => idx::read_images(name, whole).map(OpenedFile::Images),
        Some(idx::LABELS_MAGIC) => idx::read_labels(name, whole).map(OpenedFile::Labels),
        _ if looks_like_tar => {
            cifar::read(name, whole).map(|(train, test)| OpenedFile::Cifar { train, test })
        }
        _ => Err(problem),
    }
}

/// Whether this is a tar header: its checksum says so, in every dialect.
fn is_tar(head: &[u8]) -> bool {
    const FIELD: std::ops::Range<usize> = 148..156;
    if head.len() < HEAD {
        return false;
    }
    let octal = String::from_utf8_lossy(&head[FIELD]);
    let stated = u32::from_str_radix(octal.trim_matches(['\0', ' ']), 8);
    let counted = head
        .iter()
        .enumerate()
        .map(|(at, &byte)| if FIELD.contains(&at) { b' ' } else { byte });
    stated.is_ok_and(|stated| stated == counted.map(u32::from).sum::<u32>())
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;
    use crate::data::cifar::tests::{archive, six_files};

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn labels_file(count: u32) -> Vec<u8> {
        let header = [idx::LABELS_MAGIC, count]
            .into_iter()
            .flat_map(u32::to_be_bytes);
        header.chain((0..600).map(|i| i as u8 % 10)).collect()
    }

    #[test]
    fn recognises_each_format_plain_and_compressed() {
        let labels = labels_file(600);
        let images = [
            &[0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 4, 0, 0, 0, 4][..],
            &[7; 16],
        ]
        .concat();
        let cifar = archive(&six_files());
        for pack in [gzip as fn(&[u8]) -> Vec<u8>, <[u8]>::to_vec] {
            assert!(
                matches!(open("l", &pack(&labels)), Ok(OpenedFile::Labels(labels)) if labels.len() == 600)
            );
            assert!(
                matches!(open("i", &pack(&images)), Ok(OpenedFile::Images(images)) if images.len() == 1)
            );
            assert!(
                matches!(open("c", &pack(&cifar)), Ok(OpenedFile::Cifar { train, .. }) if train.len() == 5)
            );
        }
    }

    #[test]
    fn says_what_an_unknown_file_begins_with() {
        let problem = open("weights", &[0x80, 4, 0x95, 0, 0, 0]).unwrap_err();
        assert_eq!(
            (
                problem.code,
                &*problem.params["file"],
                &*problem.params["found"]
            ),
            (Code::UnknownFormat, "weights", "80 04 95 00")
        );
        let strangers: [(&[u8], Code); 7] = [
            (&[], Code::UnknownFormat),
            (&[0xff, 0xd8, 0xff, 0xe0, 0, 0], Code::Picture),
            (b"\0\0\0\x18ftypheic", Code::Picture),
            (b"PK\x03\x04\0\0", Code::Packed),
            (b"\r\n<!DOCTYPE html><html>", Code::SavedPage),
            (b"label,pixel0\n5,0\n", Code::PlainText),
            ("这是说明".as_bytes(), Code::PlainText),
        ];
        for (bytes, code) in strangers {
            assert_eq!(open("file", bytes).unwrap_err().code, code, "{bytes:?}");
            let judged = judge("file", 9, bytes).map_err(|problem| problem.code);
            let expected = match code {
                Code::Picture => Ok(FileKind::Picture),
                other => Err(other),
            };
            assert_eq!(judged, expected, "{bytes:?}");
        }
    }

    #[test]
    fn the_beginning_of_a_file_tells_what_it_is() {
        let labels = labels_file(600);
        let cifar = archive(&six_files());
        for whole in [&labels, &gzip(&labels), &cifar, &gzip(&cifar)] {
            let beginning = &whole[..whole.len().min(JUDGED) - 9];
            assert_eq!(judge("file", MAX_BYTES, beginning), Ok(FileKind::Data));
            let problem = judge("file", MAX_BYTES + 1, beginning).unwrap_err();
            assert_eq!(problem.code, Code::DataTooLarge);
            assert_eq!(
                (&*problem.params["found"], &*problem.params["limit"]),
                ("201", "200")
            );
        }
        let runs = br#"{"format":1,"runs":[]}"#;
        assert_eq!(judge("runs.json.txt", 22, runs), Ok(FileKind::Runs));
    }

    #[test]
    fn refuses_damaged_archives() {
        let good = gzip(&labels_file(600));
        assert!(open("cut", &good[..good.len() - 9]).is_err());
        let mut wrong_checksum = good.clone();
        let at = good.len() - 6;
        wrong_checksum[at] ^= 1;
        assert_eq!(
            open("crc", &wrong_checksum).unwrap_err().code,
            Code::BadContent
        );
    }

    #[test]
    fn a_gzip_bomb_is_read_only_as_far_as_it_may_be() {
        let bomb = gzip(&[&labels_file(600)[..], &vec![0; 50_000_000]].concat());
        assert_eq!(open("bomb", &bomb).unwrap_err().code, Code::BadContent);
    }

    #[cfg(not(target_arch = "wasm32"))]
    mod properties {
        use proptest::prelude::*;

        use super::*;

        proptest! {
            #![proptest_config(ProptestConfig::with_cases(2_000))]

            #[test]
            fn random_bytes_never_panic(bytes: Vec<u8>) {
                let _ = open("random", &bytes);
            }

            #[test]
            fn random_damage_never_panics(at in 0_usize..2_048, value: u8, cut in 0_usize..40_000) {
                let mut tar = archive(&six_files());
                tar[at] = value;
                tar.truncate(cut);
                let _ = open("tar", &tar);
                let _ = open("tar.gz", &gzip(&tar));
                let mut idx = labels_file(600);
                idx[at % 12] = value;
                let _ = open("idx", &idx);
            }
        }
    }
}
