//! IDX, the format of the original MNIST files: a big-endian header, then bytes.

use std::io::{ErrorKind, Read};

use super::samples::Samples;
use crate::base::error::{Code, Problem, Result};
use crate::base::{ImageShape, MAX_CLASSES, MAX_SAMPLES, SIDES};

/// The first four bytes of a file of images: unsigned bytes, three dimensions.
pub const IMAGES_MAGIC: u32 = 0x803;
/// The first four bytes of a file of labels: unsigned bytes, one dimension.
pub const LABELS_MAGIC: u32 = 0x801;
/// The most bytes of images that are read from one file, packed or not: all of MNIST's, and a third more.
pub const MAX_BYTES: usize = 64 << 20;

/// The images of one IDX file, whose labels stand in another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Images {
    /// The size of each image; one channel.
    pub shape: ImageShape,
    /// `[samples, height, width]`, 0 to 255.
    pub pixels: Vec<u8>,
}

impl Images {
    /// How many images there are.
    pub fn len(&self) -> usize {
        self.pixels.len() / self.shape.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.pixels.is_empty()
    }

    /// The images together with their labels.
    ///
    /// # Errors
    /// If there are not as many labels as images.
    pub fn with_labels(self, labels: Vec<u8>) -> Result<Samples> {
        if labels.len() != self.len() {
            return Err(Problem::new(Code::CountsDiffer)
                .with("images", self.len())
                .with("labels", labels.len()));
        }
        Ok(Samples {
            shape: self.shape,
            pixels: self.pixels,
            labels,
        })
    }
}

/// Reads an (uncompressed) IDX file of images; `name` is for the error.
///
/// # Errors
/// If it is not such a file, is cut off, has bytes left over, or its images are too many, too small or too large.
pub fn read_images(name: &str, mut file: impl Read) -> Result<Images> {
    let [count, height, width] = read_header(name, &mut file, IMAGES_MAGIC)?;
    if !SIDES.contains(&height) || !SIDES.contains(&width) {
        let (least, most) = (SIDES.start(), SIDES.end());
        return Err(bad(
            name,
            format!("{least}×{least} – {most}×{most}"),
            format!("{height}×{width}"),
        ));
    }
    let shape = ImageShape {
        channels: 1,
        height,
        width,
    };
    let size = count * shape.len();
    if size > MAX_BYTES {
        return Err(bad(name, format!("≤ {MAX_BYTES}"), size));
    }
    let pixels = read_exactly(name, file, size)?;
    Ok(Images { shape, pixels })
}

/// Reads an (uncompressed) IDX file of labels; `name` is for the error.
///
/// # Errors
/// If it is not such a file, is cut off, has bytes left over, or its labels are too many or too large.
pub fn read_labels(name: &str, mut file: impl Read) -> Result<Vec<u8>> {
    let [count] = read_header(name, &mut file, LABELS_MAGIC)?;
    let labels = read_exactly(name, file, count)?;
    match labels
        .iter()
        .find(|&&label| usize::from(label) >= MAX_CLASSES)
    {
        Some(label) => Err(bad(name, format!("labels < {MAX_CLASSES}"), label)),
        None => Ok(labels),
    }
}

/// The dimensions in the header; the first one is the number of samples, within the limit.
fn read_header<const N: usize>(name: &str, file: &mut impl Read, magic: u32) -> Result<[usize; N]> {
    let bytes = read_up_to(name, file, 4 + 4 * N)?;
    if bytes.len() < 4 + 4 * N {
        return Err(truncated(name, 4 + 4 * N, bytes.len()));
    }
    let mut words = bytes
        .chunks_exact(4)
        .map(|word| word.iter().fold(0, |sum, &byte| sum << 8 | u32::from(byte)));
    let found = words.next().unwrap_or_default();
    if found != magic {
        return Err(bad(
            name,
            format!("0x{magic:08x}"),
            format!("0x{found:08x}"),
        ));
    }
    let mut dimensions = [0; N];
    for (dimension, word) in dimensions.iter_mut().zip(words) {
        *dimension = word as usize;
    }
    if !(1..=MAX_SAMPLES).contains(&dimensions[0]) {
        return Err(bad(name, format!("1 – {MAX_SAMPLES}"), dimensions[0]));
    }
    Ok(dimensions)
}

/// The rest of the file, which must be just as long as its header says.
fn read_exactly(name: &str, mut file: impl Read, expected: usize) -> Result<Vec<u8>> {
    // One byte more shows that the file goes on, and lets a gzip reader check its checksum.
    let bytes = read_up_to(name, &mut file, expected + 1)?;
    match bytes.len() {
        found if found < expected => Err(truncated(name, expected, found)),
        found if found > expected => Err(bad(name, expected, format!("> {expected}"))),
        _ => Ok(bytes),
    }
}

/// At most `limit` bytes. What is allocated grows with what is there, not with what is promised.
pub(super) fn read_up_to(name: &str, file: &mut impl Read, limit: usize) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    match file.take(limit as u64).read_to_end(&mut bytes) {
        Ok(_) => Ok(bytes),
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => {
            Err(truncated(name, limit, bytes.len()))
        }
        Err(error) => Err(bad(name, "gzip", error)),
    }
}

/// A file that ends after `found` bytes.
pub(super) fn truncated(name: &str, expected: usize, found: usize) -> Problem {
    Problem::new(Code::Truncated)
        .with("file", name)
        .with("expected", expected)
        .with("found", found)
}

/// A file that holds something else than it should.
pub(super) fn bad(name: &str, expected: impl ToString, found: impl ToString) -> Problem {
    Problem::new(Code::BadContent)
        .with("file", name)
        .with("expected", expected)
        .with("found", found)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An IDX file with this magic number, these dimensions and this content.
    fn file(magic: u32, dimensions: &[u32], content: &[u8]) -> Vec<u8> {
        let header = [magic]
            .into_iter()
            .chain(dimensions.iter().copied())
            .flat_map(u32::to_be_bytes);
        header.chain(content.iter().copied()).collect()
    }

    fn images_problem(bytes: &[u8]) -> Problem {
        read_images("images", bytes).unwrap_err()
    }

    #[test]
    fn reads_images_and_labels() {
        let pixels: Vec<u8> = (0..40).collect();
        let images = read_images("images", &file(IMAGES_MAGIC, &[2, 4, 5], &pixels)[..]).unwrap();
        let labels = read_labels("labels", &file(LABELS_MAGIC, &[2], &[7, 3])[..]).unwrap();
        let samples = images.with_labels(labels).unwrap();
        assert_eq!(
            samples.shape,
            ImageShape {
                channels: 1,
                height: 4,
                width: 5
            }
        );
        assert_eq!(samples.labels, [7, 3]);
        assert_eq!(samples.image(1), &pixels[20..]);
    }

    #[test]
    fn says_what_was_expected_and_found() {
        let problem = images_problem(&file(LABELS_MAGIC, &[1, 4, 4], &[0; 16]));
        assert_eq!(problem.code, Code::BadContent);
        assert_eq!(problem.params["expected"], "0x00000803");
        assert_eq!(problem.params["found"], "0x00000801");

        let problem = images_problem(&file(IMAGES_MAGIC, &[2, 4, 4], &[0; 20]));
        assert_eq!(problem.code, Code::Truncated);
        assert_eq!(
            (&*problem.params["expected"], &*problem.params["found"]),
            ("32", "20")
        );

        assert_eq!(
            images_problem(&file(IMAGES_MAGIC, &[1, 4, 4], &[0; 17])).code,
            Code::BadContent
        );
        assert_eq!(images_problem(&[0, 0, 8]).code, Code::Truncated);
    }

    #[test]
    fn refuses_promises_beyond_the_limits() {
        for dimensions in [
            [u32::MAX, 28, 28],
            [0, 28, 28],
            [1, 3, 28],
            [1, 28, 65],
            [70_001, 28, 28],
            // All within its own limit, and together more than is read.
            [70_000, 64, 64],
        ] {
            assert_eq!(
                images_problem(&file(IMAGES_MAGIC, &dimensions, &[])).code,
                Code::BadContent,
                "{dimensions:?}"
            );
        }
        let labels = read_labels("labels", &file(LABELS_MAGIC, &[2], &[0, 36])[..]);
        assert_eq!(labels.unwrap_err().code, Code::BadContent);
    }

    #[test]
    fn images_need_as_many_labels() {
        let images = read_images("images", &file(IMAGES_MAGIC, &[2, 4, 4], &[0; 32])[..]).unwrap();
        let problem = images.with_labels(vec![1, 2, 3]).unwrap_err();
        assert_eq!(problem.code, Code::CountsDiffer);
        assert_eq!(
            (&*problem.params["images"], &*problem.params["labels"]),
            ("2", "3")
        );
    }
}
