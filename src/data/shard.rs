//! A shard: consecutive samples in one lossless PNG.
//!
//! The images stand in one column, each below the one before, so the picture is as wide as one image
//! and `samples` times as high; grey or RGB, 8 bits. The labels are the PNG text `labels`, one
//! character a sample, in base 36. Any image viewer shows what is in a shard.

use std::io::Cursor;

use png::{BitDepth, ColorType, Compression, Decoder, Encoder, Filter, Limits};

use super::manifest::{Manifest, Shard};
use super::samples::Samples;
use crate::base::error::{Code, Problem, Result};
use crate::base::{ImageShape, sha256};

/// The largest shard that a data set may have, in bytes: small enough to arrive in one piece.
pub const MAX_BYTES: usize = 2_000_000;

/// The most bytes of pixels that a shard may unpack to: what a manifest promises is allocated, twice.
const MAX_UNPACKED: usize = 32_000_000;

/// The digits that a label is written with, one a label.
const DIGITS: u32 = 36;

/// The key of the PNG text that holds the labels.
const LABELS: &str = "labels";

/// The samples as one PNG.
///
/// # Errors
/// If the images are neither grey nor RGB, or a label is not below [`DIGITS`].
pub fn encode(samples: &Samples) -> Result<Vec<u8>> {
    // Which filter is smaller depends on the images: drawings do without, photographs need one.
    let plain = encode_filtered(samples, Filter::NoFilter)?;
    let adaptive = encode_filtered(samples, Filter::Adaptive)?;
    Ok(if plain.len() <= adaptive.len() {
        plain
    } else {
        adaptive
    })
}

fn encode_filtered(samples: &Samples, filter: Filter) -> Result<Vec<u8>> {
    let shape = samples.shape;
    let labels = samples
        .labels
        .iter()
        .map(|&label| char::from_digit(label.into(), DIGITS));
    let labels: String = labels
        .collect::<Option<_>>()
        .ok_or_else(|| Problem::internal(format!("a label is not below {DIGITS}")))?;

    let mut bytes = Vec::new();
    let (width, height) = (shape.width as u32, (shape.height * samples.len()) as u32);
    let mut encoder = Encoder::new(&mut bytes, width, height);
    encoder.set_color(color_type(shape)?);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_compression(Compression::High);
    encoder.set_filter(filter);
    encoder
        .add_text_chunk(LABELS.to_owned(), labels)
        .map_err(Problem::internal)?;
    let mut writer = encoder.write_header().map_err(Problem::internal)?;
    writer
        .write_image_data(&interleave(samples))
        .map_err(Problem::internal)?;
    writer.finish().map_err(Problem::internal)?;
    Ok(bytes)
}

/// The samples of a shard, after checking that it is the one that the manifest promises.
///
/// # Errors
/// If the checksum, the size, the number of samples or a label is not as the manifest says.
pub fn decode(bytes: &[u8], expected: &Shard, manifest: &Manifest) -> Result<Samples> {
    let found = sha256(bytes);
    if found != expected.sha256 {
        return Err(Problem::new(Code::BadChecksum)
            .with("file", &expected.file)
            .with("expected", &expected.sha256)
            .with("found", found));
    }
    let bad = |wanted: String, found: String| {
        Problem::new(Code::BadContent)
            .with("file", &expected.file)
            .with("expected", wanted)
            .with("found", found)
    };
    let unreadable = |error: png::DecodingError| bad("PNG".to_owned(), error.to_string());

    let shape = manifest.shape;
    let sizes = [shape.channels, shape.height, shape.width, expected.samples];
    let pixels = sizes
        .iter()
        .try_fold(1, |all: usize, &size| all.checked_mul(size));
    let unpacked = pixels.filter(|pixels| (1..=MAX_UNPACKED).contains(pixels));
    let Some(unpacked) = unpacked else {
        let wanted = format!("1 – {MAX_UNPACKED} bytes");
        return Err(bad(wanted, sizes.map(|size| size.to_string()).join("×")));
    };
    let height = shape.height * expected.samples;
    let limits = Limits {
        bytes: unpacked + MAX_BYTES,
    };
    let mut reader = Decoder::new_with_limits(Cursor::new(bytes), limits)
        .read_info()
        .map_err(unreadable)?;
    let info = reader.info();
    let size =
        |width: usize, height: usize, color: ColorType| format!("{width}×{height} {color:?}");
    let wanted = size(shape.width, height, color_type(shape)?);
    let found = size(info.width as usize, info.height as usize, info.color_type);
    if found != wanted || info.bit_depth != BitDepth::Eight {
        return Err(bad(wanted, found));
    }
    let labels = info
        .uncompressed_latin1_text
        .iter()
        .find(|text| text.keyword == LABELS);
    let labels = labels.map(|text| text.text.clone()).unwrap_or_default();
    let mut interleaved = vec![0; unpacked];
    reader.next_frame(&mut interleaved).map_err(unreadable)?;

    let classes = manifest.classes.len();
    let digit = |c: char| {
        c.to_digit(DIGITS)
            .filter(|&label| (label as usize) < classes)
            .map(|label| label as u8)
    };
    let labels: Vec<u8> = labels
        .chars()
        .map(|c| digit(c).ok_or_else(|| bad(format!("labels < {classes}"), c.to_string())))
        .collect::<Result<_>>()?;
    if labels.len() != expected.samples {
        return Err(Problem::new(Code::CountsDiffer)
            .with("images", expected.samples)
            .with("labels", labels.len()));
    }
    Ok(Samples {
        shape,
        pixels: planes(&interleaved, shape),
        labels,
    })
}

fn color_type(shape: ImageShape) -> Result<ColorType> {
    match shape.channels {
        1 => Ok(ColorType::Grayscale),
        3 => Ok(ColorType::Rgb),
        channels => Err(Problem::internal(format!("a shard of {channels} channels"))),
    }
}

/// `[samples, height, width, channels]`, as PNG has it, from `[samples, channels, height, width]`.
fn interleave(samples: &Samples) -> Vec<u8> {
    let (shape, area) = (samples.shape, samples.shape.area());
    let images = samples.pixels.chunks_exact(shape.len());
    images
        .flat_map(|image| {
            (0..area).flat_map(move |at| (0..shape.channels).map(move |c| image[c * area + at]))
        })
        .collect()
}

/// `[samples, channels, height, width]` from PNG's `[samples, height, width, channels]`.
pub fn planes(interleaved: &[u8], shape: ImageShape) -> Vec<u8> {
    let mut pixels = Vec::with_capacity(interleaved.len());
    for image in interleaved.chunks_exact(shape.len()) {
        for channel in 0..shape.channels {
            pixels.extend(image.iter().skip(channel).step_by(shape.channels));
        }
    }
    pixels
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples(channels: usize) -> Samples {
        let shape = ImageShape {
            channels,
            height: 4,
            width: 5,
        };
        let pixels = (0..shape.len() * 3).map(|i| (i * 37 % 256) as u8).collect();
        Samples {
            shape,
            pixels,
            labels: vec![9, 0, 4],
        }
    }

    /// A manifest of one shard with these bytes.
    fn manifest(samples: &Samples, bytes: &[u8]) -> Manifest {
        let shard = Shard {
            file: "train-00.png".into(),
            samples: samples.len(),
            bytes: bytes.len(),
            sha256: sha256(bytes),
        };
        Manifest {
            name: "test".into(),
            shape: samples.shape,
            classes: (0..10).map(|c| c.to_string()).collect(),
            source: String::new(),
            mean: vec![],
            deviation: vec![],
            train: vec![shard],
            test: vec![],
        }
    }

    fn code(bytes: &[u8], manifest: &Manifest) -> Code {
        decode(bytes, &manifest.train[0], manifest)
            .unwrap_err()
            .code
    }

    #[test]
    fn what_is_encoded_is_decoded() {
        for channels in [1, 3] {
            let samples = samples(channels);
            let bytes = encode(&samples).unwrap();
            let manifest = manifest(&samples, &bytes);
            assert_eq!(
                decode(&bytes, &manifest.train[0], &manifest).unwrap(),
                samples
            );
        }
    }

    #[test]
    fn channels_are_planes() {
        let shape = ImageShape {
            channels: 3,
            height: 1,
            width: 2,
        };
        assert_eq!(planes(&[1, 2, 3, 4, 5, 6], shape), [1, 4, 2, 5, 3, 6]);
        let samples = Samples {
            shape,
            pixels: vec![1, 4, 2, 5, 3, 6],
            labels: vec![0],
        };
        assert_eq!(interleave(&samples), [1, 2, 3, 4, 5, 6]);
    }

    #[test]
    fn a_changed_byte_is_a_bad_checksum() {
        let samples = samples(1);
        let mut bytes = encode(&samples).unwrap();
        let manifest = manifest(&samples, &bytes);
        bytes[20] ^= 1;
        assert_eq!(code(&bytes, &manifest), Code::BadChecksum);
    }

    #[test]
    fn what_contradicts_the_manifest_is_refused() {
        let samples = samples(3);
        let bytes = encode(&samples).unwrap();

        let mut other_count = manifest(&samples, &bytes);
        other_count.train[0].samples = 2;
        assert_eq!(code(&bytes, &other_count), Code::BadContent);

        // Nothing is allocated for a promise that no shard can keep, or that no number holds.
        for side in [0, 100_000, usize::MAX / 2] {
            let mut huge = manifest(&samples, &bytes);
            (huge.shape.height, huge.shape.width) = (side, side);
            assert_eq!(code(&bytes, &huge), Code::BadContent);
        }

        let mut fewer_classes = manifest(&samples, &bytes);
        fewer_classes.classes.truncate(9);
        assert_eq!(code(&bytes, &fewer_classes), Code::BadContent);

        let cut = &bytes[..bytes.len() / 2];
        assert_eq!(code(cut, &manifest(&samples, cut)), Code::BadContent);
        assert_eq!(
            code(b"no PNG", &manifest(&samples, b"no PNG")),
            Code::BadContent
        );

        let unlabelled = Samples {
            labels: vec![1, 2, 3],
            ..samples.clone()
        };
        let mut bytes = encode(&unlabelled).unwrap();
        let at = bytes
            .windows(6)
            .position(|window| window == LABELS.as_bytes())
            .unwrap();
        bytes[at] = b'L';
        // The chunk's own checksum is now wrong too: PNG readers skip such a text, and so no label is left.
        assert_eq!(
            code(&bytes, &manifest(&unlabelled, &bytes)),
            Code::CountsDiffer
        );
    }

    #[test]
    fn a_label_needs_a_digit() {
        assert!(
            encode(&Samples {
                labels: vec![0, 36, 1],
                ..samples(1)
            })
            .is_err()
        );
    }
}
