//! Pictures that a browser decodes: their size before that, and where they go on an image of the data set.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use super::limits;
use crate::base::ImageShape;
use crate::base::error::{Code, Problem, Result};

/// So much of a file's beginning says how large its picture is: photographs have colour profiles and a small
/// picture of themselves before that.
pub const HEAD: usize = 524_288;
/// How high and wide the images of a set made of pictures may be.
pub const EDGES: RangeInclusive<usize> = 16..=64;

/// How a picture that is no square becomes one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
#[serde(rename_all = "kebab-case")]
pub enum Framing {
    /// The square in its middle.
    Crop,
    /// The whole picture, with white beside it.
    Pad,
    /// The whole picture, stretched.
    Stretch,
}

/// Where the whole picture is drawn, in pixels of the image; what lies outside of it is cut off.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Placement {
    /// From the image's left edge.
    pub left: f64,
    /// From its top edge.
    pub top: f64,
    /// How wide the picture becomes.
    pub width: f64,
    /// How high.
    pub height: f64,
}

impl Framing {
    /// How a picture from elsewhere becomes an image of a set of this shape: of a drawing nothing is cut off, of a photograph
    /// the middle is taken.
    pub fn usual(shape: ImageShape) -> Self {
        if shape.channels == 1 {
            Self::Pad
        } else {
            Self::Crop
        }
    }

    /// Where a picture of `width × height` pixels goes on an image of `columns × rows`.
    pub fn place(self, (width, height): (f64, f64), (columns, rows): (usize, usize)) -> Placement {
        let (columns, rows) = (columns as f64, rows as f64);
        let (across, down) = (columns / width.max(1.0), rows / height.max(1.0));
        let (across, down) = match self {
            Self::Crop => (across.max(down), across.max(down)),
            Self::Pad => (across.min(down), across.min(down)),
            Self::Stretch => (across, down),
        };
        let (width, height) = (width.max(1.0) * across, height.max(1.0) * down);
        Placement {
            left: (columns - width) / 2.0,
            top: (rows - height) / 2.0,
            width,
            height,
        }
    }
}

/// How bright a pixel is: Rec. 601 luma, as in Pillow's and PyTorch's grey images.
pub(super) fn luma(pixel: &[u8]) -> u8 {
    let [red, green, blue] = [0, 1, 2].map(|channel| u32::from(pixel[channel]));
    ((299 * red + 587 * green + 114 * blue + 500) / 1000) as u8
}

/// The formats that browsers decode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Png,
    Jpeg,
    Gif,
    WebP,
    Bmp,
    /// AVIF and HEIC: the second only where the system can.
    Heif,
}

fn format(head: &[u8]) -> Option<Format> {
    let starts = |with: &[u8]| head.starts_with(with);
    Some(match () {
        () if starts(b"\x89PNG\r\n\x1a\n") => Format::Png,
        () if starts(b"\xff\xd8\xff") => Format::Jpeg,
        () if starts(b"GIF8") => Format::Gif,
        () if starts(b"RIFF") && head.get(8..12) == Some(b"WEBP") => Format::WebP,
        () if starts(b"BM") && head.get(6..10) == Some(&[0; 4]) => Format::Bmp,
        () if head.get(4..8) == Some(b"ftyp") => Format::Heif,
        () => return None,
    })
}

/// Whether a file that begins so is a picture.
pub fn is_picture(head: &[u8]) -> bool {
    format(head).is_some()
}

/// Width and height of a picture of `bytes` bytes, as its first [`HEAD`] ones say.
///
/// # Errors
/// A problem that names the file: no picture, [`Code::PictureTooLarge`] or [`Code::TooManyPixels`].
pub fn size(name: &str, bytes: u64, head: &[u8]) -> Result<(u32, u32)> {
    let format = format(head).ok_or_else(|| Problem::new(Code::NoPicture).with("file", name))?;
    if bytes > limits::PICTURE {
        return Err(too_large(name, bytes));
    }
    let (width, height) = stated(format, head)
        .filter(|&(width, height)| width > 0 && height > 0)
        .ok_or_else(|| Problem::new(Code::DamagedPicture).with("file", name))?;
    if u64::from(width) * u64::from(height) > limits::PICTURE_PIXELS {
        return Err(Problem::new(Code::TooManyPixels)
            .with("file", name)
            .with("width", width)
            .with("height", height)
            .with("limit", limits::PICTURE_PIXELS / 1_000_000));
    }
    Ok((width, height))
}

/// A picture whose file is larger than any that is decoded.
pub(super) fn too_large(name: &str, bytes: u64) -> Problem {
    let megabytes = |bytes: u64| bytes.div_ceil(1_000_000);
    Problem::new(Code::PictureTooLarge)
        .with("file", name)
        .with("found", megabytes(bytes))
        .with("limit", megabytes(limits::PICTURE))
}

fn stated(format: Format, head: &[u8]) -> Option<(u32, u32)> {
    let byte = |at: usize| head.get(at).copied().map(u32::from);
    let little = |at: usize, count: usize| {
        (0..count).try_fold(0, |sum, index| Some(sum | byte(at + index)? << (8 * index)))
    };
    let big = |at: usize, count: usize| {
        (0..count).try_fold(0, |sum, index| Some(sum << 8 | byte(at + index)?))
    };
    Some(match format {
        // PNG specification, 11.2.2: IHDR comes first.
        Format::Png => (big(16, 4)?, big(20, 4)?),
        Format::Gif => (little(6, 2)?, little(8, 2)?),
        Format::Bmp if little(14, 4)? == 12 => (little(18, 2)?, little(20, 2)?),
        // A negative height says that the first line is the top one.
        Format::Bmp => (little(18, 4)?, little(22, 4)?.cast_signed().unsigned_abs()),
        // RFC 9649, 2.5 to 2.7.
        Format::WebP => match head.get(12..16)? {
            b"VP8X" => (little(24, 3)? + 1, little(27, 3)? + 1),
            b"VP8L" => {
                let bits = little(21, 4)?;
                ((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1)
            }
            _ => (little(26, 2)? & 0x3fff, little(28, 2)? & 0x3fff),
        },
        Format::Jpeg => {
            let mut at = 2;
            loop {
                let marker = (byte(at)? == 0xff).then(|| byte(at + 1))??;
                match marker {
                    // Fill bytes, and markers without a length.
                    0xff => at += 1,
                    0x01 | 0xd0..=0xd8 => at += 2,
                    // ITU-T T.81, B.2.2: a frame. C4, C8 and CC are tables.
                    0xc0..=0xcf if ![0xc4, 0xc8, 0xcc].contains(&marker) => {
                        return Some((big(at + 7, 2)?, big(at + 5, 2)?));
                    }
                    _ => at += 2 + big(at + 2, 2)?.max(2) as usize,
                }
            }
        }
        // ISO/IEC 23008-12, 6.5.3: a box `ispe` for each picture; the largest is the whole one.
        Format::Heif => (4..head.len().saturating_sub(16))
            .filter(|&at| head[at..].starts_with(b"ispe"))
            .filter_map(|at| Some((big(at + 8, 4)?, big(at + 12, 4)?)))
            .max_by_key(|&(width, height)| u64::from(width) * u64::from(height))?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let sizes = [width, height].map(u32::to_be_bytes).concat();
        [
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
            &sizes[..],
            &[8, 6, 0, 0, 0],
        ]
        .concat()
    }

    #[test]
    fn the_beginning_says_how_large_a_picture_is() {
        let jpeg = [
            &b"\xff\xd8\xff\xe0\0\x04ab\xff\xc4\0\x03c\xff\xc2\0\x11\x08"[..],
            &[1, 0xe0, 2, 0x80, 3],
        ]
        .concat();
        let lossy = [
            &b"RIFF\0\0\0\0WEBPVP8 \0\0\0\0abc\x9d\x01\x2a"[..],
            &[0x80, 2, 0xe0, 1],
        ]
        .concat();
        let lossless = [
            &b"RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f"[..],
            &((639_u32) | 479 << 14).to_le_bytes(),
        ]
        .concat();
        let extended = [
            &b"RIFF\0\0\0\0WEBPVP8X\0\0\0\0\0\0\0\0"[..],
            &[0x7f, 2, 0, 0xdf, 1, 0],
        ]
        .concat();
        let gif = [&b"GIF89a"[..], &[0x80, 2, 0xe0, 1]].concat();
        let bmp = [
            &b"BM\0\0\0\0\0\0\0\0\0\0\0\0"[..],
            &40_u32.to_le_bytes(),
            &640_u32.to_le_bytes(),
            &(-480_i32).to_le_bytes(),
        ]
        .concat();
        let avif = [
            &b"\0\0\0\x18ftypavif\0\0\0\0"[..],
            b"ispe\0\0\0\0\0\0\0\x10\0\0\0\x10....ispe\0\0\0\0\0\0\x02\x80\0\0\x01\xe0 and so on",
        ]
        .concat();
        for head in [
            png(640, 480),
            jpeg,
            lossy,
            lossless,
            extended,
            gif,
            bmp,
            avif,
        ] {
            assert!(is_picture(&head));
            assert_eq!(size("a", 100, &head), Ok((640, 480)), "{head:?}");
            for end in 0..head.len() {
                // Wherever it ends, no answer but an error.
                let _ = size("a", 100, &head[..end]);
            }
        }
    }

    #[test]
    fn what_would_take_too_much_memory_is_refused_by_name_before_it_is_decoded() {
        let said = |bytes, head: &[u8]| {
            let problem = size("bomb.png", bytes, head).unwrap_err();
            assert_eq!(problem.params["file"], "bomb.png");
            problem.code
        };
        assert_eq!(said(5_000, &png(30_000, 30_000)), Code::TooManyPixels);
        assert!(size("large", 5_000, &png(10_000, 5_000)).is_ok());
        assert_eq!(said(50_000_001, &png(6, 6)), Code::PictureTooLarge);
        assert_eq!(said(9, &png(0, 6)), Code::DamagedPicture);
        assert_eq!(said(9, b"\xff\xd8\xff"), Code::DamagedPicture);
        assert_eq!(said(9, b"my notes"), Code::NoPicture);
    }

    #[test]
    fn a_picture_keeps_its_proportions_unless_it_is_stretched() {
        let of = |fit: Framing| {
            let Placement {
                left,
                top,
                width,
                height,
            } = fit.place((640.0, 320.0), (32, 32));
            [left, top, width, height]
        };
        assert_eq!(of(Framing::Crop), [-16.0, 0.0, 64.0, 32.0]);
        assert_eq!(of(Framing::Pad), [0.0, 8.0, 32.0, 16.0]);
        assert_eq!(of(Framing::Stretch), [0.0, 0.0, 32.0, 32.0]);
    }
}
