//! Recognizes a dropped file by its content.

use std::io::{Cursor, Read};

use flate2::read::MultiGzDecoder;

use super::samples::Samples;
use super::{cifar, idx};
use crate::base::error::{Code, Problem, Result};

/// A dropped file, recognized and read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OpenedFile {
    /// Images of the IDX format; their labels are in another file.
    Images(idx::Images),
    /// Labels of the IDX format, one a sample.
    Labels(Vec<u8>),
    /// The official archive of CIFAR-10.
    Cifar {
        /// The training split.
        train: Samples,
        /// The test split.
        test: Samples,
    },
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
    if bytes.starts_with(&GZIP) {
        read(name, MultiGzDecoder::new(bytes))
    } else {
        read(name, bytes)
    }
}

fn read(name: &str, mut file: impl Read) -> Result<OpenedFile> {
    let head = idx::read_up_to(name, &mut file, HEAD)?;
    let magic = head.first_chunk().map(|bytes| u32::from_be_bytes(*bytes));
    let looks_like_tar = is_tar(&head);
    let found = head
        .iter()
        .take(4)
        .map(|byte| format!("{byte:02x}"))
        .collect::<Vec<_>>()
        .join(" ");
    let whole = Cursor::new(head).chain(file);
    match magic {
        Some(idx::IMAGES_MAGIC) => idx::read_images(name, whole).map(OpenedFile::Images),
        Some(idx::LABELS_MAGIC) => idx::read_labels(name, whole).map(OpenedFile::Labels),
        _ if looks_like_tar => {
            cifar::read(name, whole).map(|(train, test)| OpenedFile::Cifar { train, test })
        }
        _ => Err(Problem::new(Code::UnknownFormat)
            .with("file", name)
            .with("found", found)),
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
        let problem = open("photo.jpg", &[0xff, 0xd8, 0xff, 0xe0, 0, 0]).unwrap_err();
        assert_eq!(
            (problem.code, &*problem.params["found"]),
            (Code::UnknownFormat, "ff d8 ff e0")
        );
        assert_eq!(open("empty", &[]).unwrap_err().code, Code::UnknownFormat);
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
