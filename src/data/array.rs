//! Arrays of numbers as images or labels: what their shape says, and what their values mean.

use std::io::Read;

use super::fault::{bad, read_up_to, too_large, truncated, unfit};
use super::limits::{Share, UNPACKED};
use super::part::{Class, Content, Images, Labels};
use crate::base::error::{Code, Problem, Result};
use crate::base::{ImageShape, MAX_CLASSES, SIDES};

/// The kinds of numbers that files hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Number {
    Unsigned(usize),
    Signed(usize),
    Float(usize),
}

impl Number {
    /// Bytes of one.
    pub(super) fn size(self) -> usize {
        let (Self::Unsigned(size) | Self::Signed(size) | Self::Float(size)) = self;
        size
    }

    /// The value of these bytes, the most significant one first.
    fn value(self, bytes: &[u8]) -> f64 {
        let bits = bytes
            .iter()
            .fold(0_u64, |sum, &byte| sum << 8 | u64::from(byte));
        let unused = 64 - 8 * self.size() as u32;
        match self {
            Self::Unsigned(_) => bits as f64,
            Self::Signed(_) => ((bits << unused) as i64 >> unused) as f64,
            Self::Float(4) => f32::from_bits(bits as u32).into(),
            Self::Float(_) => f64::from_bits(bits),
        }
    }
}

/// An array before it is read.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    /// The number of entries in each dimension; the first one counts samples.
    pub(super) shape: Vec<usize>,
    pub(super) number: Number,
    /// Whether the most significant byte comes first.
    pub(super) is_big_endian: bool,
    /// Whether bytes are grey values as they stand, however small they are.
    pub(super) is_grey: bool,
}

/// What the numbers of one sample are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meaning {
    /// An image; whether the colours of each pixel stand together.
    Image(ImageShape, bool),
    /// A label; what else there is of the sample does not count.
    Label,
    /// A one at the place of the class, zeros elsewhere.
    OneHot,
}

impl Layout {
    /// Reads the array that begins here and ends with the file; `name` is for the error, and tells labels
    /// from small images.
    ///
    /// # Errors
    /// [`Code::UnfitArray`] if it is neither images nor labels; if it is cut off or has bytes left over.
    pub(super) fn read(&self, name: &str, file: &mut dyn Read) -> Result<Content> {
        let (count, meaning) = self.meaning(name).ok_or_else(|| self.unfit(name))?;
        let values: usize = self.shape[1..].iter().product();
        let size = values * self.number.size();
        if (count as u64).saturating_mul(size as u64) > UNPACKED {
            return Err(too_large(name, UNPACKED));
        }
        let value = |bytes: &[u8]| match self.is_big_endian {
            true => self.number.value(bytes),
            false => {
                let mut turned = [0; 8];
                let turned = &mut turned[..bytes.len()];
                turned.copy_from_slice(bytes);
                turned.reverse();
                self.number.value(turned)
            }
        };
        let numbers = |record: &[u8]| -> Vec<f64> {
            record.chunks_exact(self.number.size()).map(value).collect()
        };
        match meaning {
            Meaning::Label | Meaning::OneHot => {
                let mut said = Vec::new();
                let mut odd = None;
                records(name, file, count, size, |_, record| {
                    let numbers = numbers(record);
                    match class(&numbers, meaning) {
                        Some(class) => said.push(class),
                        None => odd = odd.or(numbers.first().copied()),
                    }
                })?;
                if let Some(odd) = odd {
                    return Err(bad(name, "0, 1, 2, …", odd));
                }
                Labels::new(name, said).map(Content::Labels)
            }
            Meaning::Image(shape, together) => {
                let is_bytes = self.number == Number::Unsigned(1);
                let share = Share::of(count, if is_bytes { values } else { 4 * values });
                let (mut pixels, mut wide) = (Vec::new(), Vec::new());
                records(name, file, count, size, |at, record| {
                    if !share.has(at) {
                    } else if is_bytes {
                        planes(record, shape, together, &mut pixels);
                    } else {
                        let numbers: Vec<_> = record
                            .chunks_exact(self.number.size())
                            .map(|bytes| value(bytes) as f32)
                            .collect();
                        planes(&numbers, shape, together, &mut wide);
                    }
                })?;
                if !is_bytes {
                    pixels = grey(name, wide.iter())?;
                } else if !self.is_grey && pixels.iter().all(|&pixel| pixel <= 1) {
                    pixels.iter_mut().for_each(|pixel| *pixel *= 255);
                }
                Ok(Content::Images(Images {
                    shape,
                    pixels,
                    of: count,
                }))
            }
        }
    }

    /// How many samples there are, and what each is.
    fn meaning(&self, name: &str) -> Option<(usize, Meaning)> {
        let image = |channels, height, width, together| {
            let fits = SIDES.contains(&height) && SIDES.contains(&width);
            let shape = ImageShape {
                channels,
                height,
                width,
            };
            fits.then_some(Meaning::Image(shape, together))
        };
        let (&count, sample) = self.shape.split_first()?;
        let meaning = match *sample {
            [] | [1] => Meaning::Label,
            // QMNIST: the digit, and seven more numbers about who wrote it.
            [8] if self.number == Number::Signed(4) => Meaning::Label,
            // Of samples of no bytes, a header may promise any number.
            [0] => return None,
            [values] if says_labels(name) && values <= MAX_CLASSES => Meaning::OneHot,
            [values] => match square(values) {
                Some(shape) => Meaning::Image(shape, false),
                None if values <= MAX_CLASSES => Meaning::OneHot,
                None => return None,
            },
            [height, width] => image(1, height, width, false)?,
            [height, width, channels @ (1 | 3)] => image(channels, height, width, true)?,
            [channels @ (1 | 3), height, width] => image(channels, height, width, false)?,
            _ => return None,
        };
        (count > 0).then_some((count, meaning))
    }

    fn unfit(&self, name: &str) -> Problem {
        let shape: Vec<_> = self.shape.iter().take(6).map(usize::to_string).collect();
        match shape.is_empty() {
            true => unfit(name, "1"),
            false => unfit(name, &shape.join("×")),
        }
    }
}

/// The image that so many numbers in a row are: square, grey or the planes of three colours.
pub(super) fn square(values: usize) -> Option<ImageShape> {
    let of = |channels: usize| {
        let side = (values / channels).isqrt();
        (SIDES.contains(&side) && channels * side * side == values).then_some(ImageShape {
            channels,
            height: side,
            width: side,
        })
    };
    of(1).or_else(|| of(3))
}

/// Whether a name says that there are labels in the file: `y_train.npy`, `labels`.
fn says_labels(name: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or_default().to_lowercase();
    let mut words = file.split(|char: char| !char.is_alphanumeric());
    words.any(|word| matches!(word, "y" | "label" | "labels" | "target" | "targets"))
}

fn class(numbers: &[f64], meaning: Meaning) -> Option<Class> {
    let number = match meaning {
        Meaning::OneHot => {
            let one = numbers.iter().position(|&number| number == 1.0)?;
            let others = numbers.iter().filter(|&&number| number != 0.0).count();
            (others == 1).then_some(one as f64)?
        }
        _ => *numbers.first()?,
    };
    let is_whole = number.fract() == 0.0 && number.abs() < 1e15;
    is_whole.then_some(Class::Number(number as i64))
}

/// Appends one image, plane after plane.
fn planes<T: Copy>(record: &[T], shape: ImageShape, together: bool, to: &mut Vec<T>) {
    match together && shape.channels > 1 {
        true => (0..shape.channels)
            .for_each(|channel| to.extend(record.iter().skip(channel).step_by(shape.channels))),
        false => to.extend_from_slice(record),
    }
}

/// Numbers as grey values. Their largest one tells their scale: up to 1, up to 16 (scikit-learn's digits), 255
/// or 65,535; where some are negative, from −1 to 1.
///
/// # Errors
/// [`Code::OtherScale`] if they have none of these scales; [`Code::NotNumbers`].
pub(super) fn grey<'a>(
    name: &str,
    numbers: impl Iterator<Item = &'a f32> + Clone,
) -> Result<Vec<u8>> {
    let least = numbers.clone().copied().fold(0.0, f32::min);
    let most = numbers.clone().copied().fold(0.0, f32::max);
    let is_finite = numbers.clone().all(|number| number.is_finite());
    let (shift, scale) = match most {
        _ if least < -1.0 || !is_finite => (0.0, 0.0),
        _ if least < 0.0 && most <= 1.0 => (1.0, 127.5),
        _ if least < 0.0 => (0.0, 0.0),
        ..=1.0 => (0.0, 255.0),
        ..=16.0 => (0.0, 255.0 / 16.0),
        ..=255.0 => (0.0, 1.0),
        ..=65_535.0 => (0.0, 1.0 / 257.0),
        _ => (0.0, 0.0),
    };
    if scale == 0.0 {
        let problem = match is_finite {
            true => Problem::new(Code::OtherScale)
                .with("least", least)
                .with("most", most),
            false => Problem::new(Code::NotNumbers),
        };
        return Err(problem.with("file", name));
    }
    let pixel = |number: &f32| ((number + shift) * scale).round() as u8;
    Ok(numbers.map(pixel).collect())
}

/// Hands on `count` records of `size` bytes each, behind which the file must end.
fn records(
    name: &str,
    file: &mut dyn Read,
    count: usize,
    size: usize,
    mut take: impl FnMut(usize, &[u8]),
) -> Result<()> {
    for at in 0..count {
        let record = read_up_to(name, file, size)?;
        if record.len() < size {
            return Err(truncated(name, count * size, at * size + record.len()));
        }
        take(at, &record);
    }
    // Lets a gzip reader check its checksum, too.
    match read_up_to(name, file, 1)?.is_empty() {
        true => Ok(()),
        false => Err(bad(name, count * size, format!("> {}", count * size))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(shape: &[usize], number: Number, bytes: &[u8]) -> Result<Content> {
        let layout = Layout {
            shape: shape.to_vec(),
            number,
            is_big_endian: false,
            is_grey: false,
        };
        layout.read("x.npy", &mut &bytes[..])
    }

    #[test]
    fn colours_may_stand_together_or_apart() {
        let together: Vec<u8> = (0..16)
            .flat_map(|pixel| [pixel, 100 + pixel, 200])
            .collect();
        let apart: Vec<u8> = (0..16).chain(100..116).chain([200; 16]).collect();
        for (shape, bytes) in [([1, 4, 4, 3], together), ([1, 3, 4, 4], apart.clone())] {
            let Content::Images(images) = read(&shape, Number::Unsigned(1), &bytes).unwrap() else {
                panic!("no images");
            };
            assert_eq!(
                (images.pixels, images.shape.channels),
                (apart.clone(), 3),
                "{shape:?}"
            );
        }
    }

    #[test]
    fn the_largest_value_tells_the_scale() {
        let scales: [(&[f32], &[u8]); 6] = [
            (&[0.0, 0.5, 1.0], &[0, 128, 255]),
            (&[0.0, 8.0, 16.0], &[0, 128, 255]),
            (&[0.0, 17.0, 255.0], &[0, 17, 255]),
            (&[0.0, 257.0, 65_535.0], &[0, 1, 255]),
            (&[-1.0, 0.0, 1.0], &[0, 128, 255]),
            (&[0.0, 0.0], &[0, 0]),
        ];
        for (numbers, expected) in scales {
            assert_eq!(grey("x", numbers.iter()).unwrap(), expected, "{numbers:?}");
        }
        for (odd, code) in [
            (-2.0, Code::OtherScale),
            (f32::NAN, Code::NotNumbers),
            (f32::INFINITY, Code::NotNumbers),
            (70_000.0, Code::OtherScale),
        ] {
            assert_eq!(grey("x", [0.0, odd].iter()).unwrap_err().code, code);
        }
    }

    #[test]
    fn a_label_is_a_whole_number_or_a_single_one() {
        let classes = |content| match content {
            Ok(Content::Labels(labels)) => Ok((labels.classes, labels.values)),
            Ok(_) => panic!("no labels"),
            Err(problem) => Err(problem),
        };
        let bytes = |numbers: &[i64]| {
            numbers
                .iter()
                .flat_map(|number| number.to_le_bytes())
                .collect::<Vec<_>>()
        };
        let said = classes(read(&[3], Number::Signed(8), &bytes(&[7, -1, 7])));
        assert_eq!(
            said,
            Ok((vec![Class::Number(-1), Class::Number(7)], vec![1, 0, 1]))
        );
        let one_hot = [0, 1, 0, 0, 0, 1];
        let said = classes(read(&[2, 3], Number::Unsigned(1), &one_hot));
        assert_eq!(
            said,
            Ok((vec![Class::Number(1), Class::Number(2)], vec![0, 1]))
        );
        let halves: Vec<u8> = [0.5_f32]
            .iter()
            .flat_map(|number| number.to_le_bytes())
            .collect();
        assert_eq!(
            classes(read(&[1], Number::Float(4), &halves))
                .unwrap_err()
                .code,
            Code::BadContent
        );
        let two_ones = classes(read(&[1, 3], Number::Unsigned(1), &[1, 1, 0]));
        assert_eq!(two_ones.unwrap_err().code, Code::BadContent);
    }

    #[test]
    fn what_is_neither_images_nor_labels_is_refused_before_it_is_read() {
        for shape in [
            &[2, 100_000][..],
            &[9, 3, 28],
            &[9, 28, 65],
            &[9, 28, 28, 4],
            &[0, 28, 28],
            &[],
        ] {
            let problem = read(shape, Number::Unsigned(1), &[]).unwrap_err();
            assert_eq!(problem.code, Code::UnfitArray, "{shape:?}");
        }
        let huge = read(&[1 << 40, 28, 28], Number::Unsigned(1), &[]);
        assert_eq!(huge.unwrap_err().code, Code::Expands);
    }
}
