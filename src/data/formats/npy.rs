//! NumPy's `.npy`: a header in Python's words, then the numbers
//! (<https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html>).

use std::io::Read;

use super::{Head, OpenedFile, Source};
use crate::base::error::{Result, shown};
use crate::data::array::{Layout, Number};
use crate::data::fault::{read_up_to, too_large, truncated, unfit};
use crate::data::limits::WHOLE;
use crate::data::part::{Class, Content, Labels};

const MAGIC: &[u8] = b"\x93NUMPY";
/// The longest header that is read; that of an array of numbers has about a hundred bytes.
const HEADER: usize = 4_096;
/// Signs of the longest name of a class that is read.
const LONGEST: usize = 64;

pub(super) fn is(head: &Head) -> bool {
    head.bytes.starts_with(MAGIC)
}

pub(super) fn read(source: Source, opened: &mut OpenedFile) -> Result<()> {
    let name = source.name.clone();
    let mut file = source.reader();
    let start = read_up_to(&name, &mut file, MAGIC.len() + 2)?;
    // Version 1 has two bytes for the header's length, later ones four.
    let digits = if start.last_chunk() == Some(&[1, 0]) {
        2
    } else {
        4
    };
    let length = read_up_to(&name, &mut file, digits)?;
    let length = length
        .iter()
        .rev()
        .fold(0, |sum, &byte| sum << 8 | usize::from(byte));
    let header = read_up_to(&name, &mut file, length.min(HEADER))?;
    if header.len() < length {
        return Err(truncated(&name, length, header.len()));
    }
    let header = String::from_utf8_lossy(&header);
    let array = Array::of(&header).ok_or_else(|| unfit(&name, &kind(&header)))?;
    let content = match (array.content, array.is_by_columns) {
        (Entries::Numbers(layout), false) => layout.read(&name, &mut file)?,
        (Entries::Numbers(layout), true) => {
            let bytes = by_rows(&name, &mut file, &layout.shape, layout.number.size())?;
            layout.read(&name, &mut &bytes[..])?
        }
        (Entries::Words(words), _) => Content::Labels(words.read(&name, &mut file)?),
    };
    opened.push(&name, content);
    Ok(())
}

/// The kind of an array that is not read, such as `<f2`.
fn kind(header: &str) -> String {
    let mut words = header.split('\'').skip(1).step_by(2);
    let kind = words.find(|word| *word == "descr").and(words.next());
    kind.unwrap_or("?").to_owned()
}

/// What a header says.
struct Array {
    content: Entries,
    /// The first place counts fastest, as in Fortran.
    is_by_columns: bool,
}

enum Entries {
    Numbers(Layout),
    Words(Words),
}

/// A row of words, each of the same length.
struct Words {
    count: usize,
    /// Signs of each; shorter ones end with zeros.
    length: usize,
    sign: Sign,
}

/// How a sign of a word is written.
#[derive(Clone, Copy)]
enum Sign {
    /// A byte (`S`).
    Byte,
    /// UTF-32 (`U`).
    Unicode { is_big_endian: bool },
}

impl Array {
    /// Of `{'descr': '<f4', 'fortran_order': False, 'shape': (60000, 28, 28), }`.
    fn of(header: &str) -> Option<Self> {
        let value = |key: &str| Some(header.split_once(key)?.1.split_once(':')?.1.trim_start());
        let kind = value("'descr'")?.strip_prefix('\'')?.split('\'').next()?;
        let is_by_columns = value("'fortran_order'")?.starts_with("True");
        let shape = value("'shape'")?.strip_prefix('(')?.split(')').next()?;
        let sizes = shape
            .split(',')
            .map(str::trim)
            .filter(|size| !size.is_empty());
        let shape: Vec<usize> = sizes.map(|size| size.parse().ok()).collect::<Option<_>>()?;
        let content = match number(kind) {
            Some((number, is_big_endian)) => Entries::Numbers(Layout {
                shape,
                number,
                is_big_endian,
                is_grey: false,
            }),
            None => Entries::Words(Words::of(kind, &shape)?),
        };
        Some(Self {
            content,
            is_by_columns,
        })
    }
}

impl Words {
    /// Of `<U7` or `|S5`, in a row.
    fn of(kind: &str, shape: &[usize]) -> Option<Self> {
        let ([count] | [count, 1]) = *shape else {
            return None;
        };
        let is_big_endian = kind.starts_with('>');
        let kind = kind.trim_start_matches(['<', '>', '|', '=']);
        let (sign, length) = match kind.strip_prefix('U') {
            Some(length) => (Sign::Unicode { is_big_endian }, length),
            None => (Sign::Byte, kind.strip_prefix('S')?),
        };
        let length = length.parse().ok()?;
        (1..=LONGEST).contains(&length).then_some(Self {
            count,
            length,
            sign,
        })
    }

    /// The class of each sample, by its name.
    fn read(&self, name: &str, file: &mut dyn Read) -> Result<Labels> {
        let bytes = match self.sign {
            Sign::Byte => 1,
            Sign::Unicode { .. } => 4,
        };
        let size = bytes * self.length;
        let mut said = Vec::new();
        for at in 0..self.count {
            let word = read_up_to(name, file, size)?;
            if word.len() < size {
                return Err(truncated(
                    name,
                    self.count.saturating_mul(size),
                    at * size + word.len(),
                ));
            }
            let signs = word.chunks_exact(bytes).map(|sign| match self.sign {
                Sign::Byte => u32::from(sign[0]),
                Sign::Unicode { is_big_endian } => {
                    let bytes = [sign[0], sign[1], sign[2], sign[3]];
                    match is_big_endian {
                        true => u32::from_be_bytes(bytes),
                        false => u32::from_le_bytes(bytes),
                    }
                }
            });
            let signs =
                signs.map(|sign| char::from_u32(sign).unwrap_or(char::REPLACEMENT_CHARACTER));
            let word: String = signs.collect();
            let word = word.trim_end_matches('\0');
            said.push(match word.parse() {
                Ok(number) => Class::Number(number),
                Err(_) => Class::Name(shown(word)),
            });
        }
        Labels::new(name, said)
    }
}

/// The entries of an array by rows, of one in which the first place counts fastest.
///
/// # Errors
/// As [`Layout::read`], and if it is larger than can be turned.
fn by_rows(name: &str, file: &mut dyn Read, shape: &[usize], size: usize) -> Result<Vec<u8>> {
    let entries = shape
        .iter()
        .try_fold(1_usize, |all, &side| all.checked_mul(side));
    let whole = entries.and_then(|entries| entries.checked_mul(size));
    let Some(whole) = whole.filter(|&whole| whole as u64 <= WHOLE) else {
        return Err(too_large(name, WHOLE));
    };
    let bytes = read_up_to(name, file, whole + 1)?;
    if bytes.len() < whole {
        return Err(truncated(name, whole, bytes.len()));
    }
    let mut turned = Vec::with_capacity(bytes.len());
    let mut place = vec![0; shape.len()];
    for _ in 0..whole / size {
        let at = place
            .iter()
            .zip(shape)
            .rev()
            .fold(0, |at, (place, side)| at * side + place);
        turned.extend_from_slice(&bytes[at * size..][..size]);
        for (place, side) in place.iter_mut().zip(shape).rev() {
            *place += 1;
            if *place < *side {
                break;
            }
            *place = 0;
        }
    }
    turned.extend_from_slice(&bytes[whole..]);
    Ok(turned)
}

/// The numbers that NumPy calls `<i4`, and whether their most significant byte comes first.
pub(super) fn number(kind: &str) -> Option<(Number, bool)> {
    let (order, kind) = match kind.strip_prefix(['<', '>', '|', '=']) {
        Some(rest) => (kind.as_bytes()[0], rest),
        None => (b'|', kind),
    };
    let number = match kind {
        "u1" | "b1" => Number::Unsigned(1),
        "u2" => Number::Unsigned(2),
        "u4" => Number::Unsigned(4),
        "u8" => Number::Unsigned(8),
        "i1" => Number::Signed(1),
        "i2" => Number::Signed(2),
        "i4" => Number::Signed(4),
        "i8" => Number::Signed(8),
        "f4" => Number::Float(4),
        "f8" => Number::Float(8),
        _ => return None,
    };
    Some((number, order == b'>'))
}
