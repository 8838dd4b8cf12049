//! What `torch.save` writes of a `state_dict`: an archive with a pickle, which names tensors, and a file for the numbers of each
//! storage (<https://docs.pytorch.org/docs/stable/notes/serialization.html>). Nothing in it is run.

use std::collections::BTreeMap;

use super::pickle::machine::{self, Built, Value};
use super::zip::{self, Archive};
use crate::base::error::{Code, Problem, Result};
use crate::data::fault::read_up_to;
use crate::data::limits::WHOLE;

/// Bytes of a pickle that is read: it has names and sizes, but no numbers.
const PICKLE: usize = 10_000_000;
/// Tensors of a file that are looked at.
const MOST_TENSORS: usize = 10_000;
/// Axes that a tensor may have, and letters of what a storage is called.
const MOST_AXES: usize = 8;
const LONGEST: usize = 200;
/// What training programs call the `state_dict` within what else they save.
const WITHIN: [&str; 4] = ["state_dict", "model_state_dict", "model", "net"];

/// The tensors of a file, whose numbers are read when they are asked for.
#[derive(Debug)]
pub struct SavedTensors<'a> {
    archive: Archive<'a>,
    /// The path of all members, up to their names.
    folder: String,
    tensors: BTreeMap<String, Tensor>,
}

/// Where the numbers of a tensor are.
#[derive(Debug)]
struct Tensor {
    /// What PyTorch calls the type of its storage.
    kind: String,
    storage: String,
    /// Numbers of the storage.
    length: usize,
    /// Where in it the first one is.
    offset: usize,
    /// Numbers along each axis, and from one to the next.
    sizes: Vec<usize>,
    strides: Vec<usize>,
}

/// Whether a file is one of `torch.save` by its first bytes: an archive, as it is since PyTorch 1.6, or a pickle as before.
pub fn is(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || is_old(bytes)
}

/// The form before archives begins with a pickle of a number, the format's own.
fn is_old(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\x80\x02\x8a\x0a")
}

/// Bytes of a number in a storage of this type, if it is one of floating-point numbers that are read.
pub fn width(kind: &str) -> Option<usize> {
    match kind {
        "FloatStorage" => Some(4),
        "DoubleStorage" => Some(8),
        _ => None,
    }
}

fn bad() -> Problem {
    Problem::new(Code::BadTensors)
}

impl<'a> SavedTensors<'a> {
    /// The tensors of these bytes.
    ///
    /// # Errors
    /// [`Code::OldTensors`] for the form before archives; [`Code::NoStateDict`] for a whole network, or anything else that is no
    /// dictionary of tensors; [`Code::BadTensors`] if it is damaged.
    pub fn open(bytes: &'a [u8]) -> Result<Self> {
        if is_old(bytes) {
            return Err(Problem::new(Code::OldTensors));
        }
        let mut archive = zip::open("", bytes).map_err(|_| bad())?;
        let names = archive.file_names().flatten();
        let pickle = names
            .map(|name| name.into_owned())
            .find(|name| name.ends_with("/data.pkl"));
        let pickle = pickle.ok_or_else(|| Problem::new(Code::NoStateDict))?;
        let folder = pickle.trim_end_matches("data.pkl").to_owned();
        let program = member(&mut archive, &pickle, PICKLE)?;
        let order = member(&mut archive, &format!("{folder}byteorder"), 3);
        if order.is_ok_and(|order| order == b"big") {
            return Err(bad());
        }
        let built = machine::run(&program).ok_or_else(bad)?;
        let tensors = tensors(&built).ok_or_else(|| Problem::new(Code::NoStateDict))?;
        Ok(Self {
            archive,
            folder,
            tensors,
        })
    }

    /// What the tensors are called.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.tensors.keys().map(String::as_str)
    }

    /// The numbers along each axis of a tensor.
    pub fn shape(&self, name: &str) -> Option<&[usize]> {
        Some(&self.tensors.get(name)?.sizes)
    }

    /// What PyTorch calls the type of its storage.
    pub fn kind(&self, name: &str) -> Option<&str> {
        Some(&self.tensors.get(name)?.kind)
    }

    /// The bytes of its numbers, line by line, each of so many bytes.
    ///
    /// # Errors
    /// [`Code::BadTensors`] if they are not there, or more than are read.
    pub fn bytes(&mut self, name: &str, width: usize) -> Result<Vec<u8>> {
        let tensor = self.tensors.get(name).ok_or_else(bad)?;
        let (count, span) = tensor.extent().ok_or_else(bad)?;
        let read = |numbers: usize| {
            numbers
                .checked_mul(width)
                .filter(|&all| all as u64 <= WHOLE)
        };
        let (Some(wanted), Some(_), Some(within)) =
            (read(span), read(count), tensor.offset.checked_mul(width))
        else {
            return Err(bad());
        };
        let path = format!("{}data/{}", self.folder, tensor.storage);
        let storage = member(&mut self.archive, &path, wanted)?;
        if storage.len() < wanted {
            return Err(bad());
        }
        let mut numbers = Vec::with_capacity(count * width);
        if count > 0 {
            tensor.gather(0, within, width, &storage, &mut numbers);
        }
        Ok(numbers)
    }
}

/// A member's bytes, at most so many.
fn member(archive: &mut Archive, path: &str, limit: usize) -> Result<Vec<u8>> {
    let mut member = archive.by_name(path).map_err(|_| bad())?;
    read_up_to(path, &mut member, limit).map_err(|_| bad())
}

impl Tensor {
    /// How many numbers it has, and how many of the storage reach up to its last one.
    fn extent(&self) -> Option<(usize, usize)> {
        let count = self
            .sizes
            .iter()
            .try_fold(1_usize, |count, &size| count.checked_mul(size))?;
        if count == 0 {
            return Some((0, 0));
        }
        let mut last = self.offset;
        for (&size, &stride) in self.sizes.iter().zip(&self.strides) {
            last = last.checked_add((size - 1).checked_mul(stride)?)?;
        }
        let span = last.checked_add(1)?;
        (span <= self.length).then_some((count, span))
    }

    /// Adds the numbers from an axis on, of which the first one is at this byte.
    fn gather(&self, axis: usize, at: usize, width: usize, storage: &[u8], into: &mut Vec<u8>) {
        let (Some(&size), Some(&stride)) = (self.sizes.get(axis), self.strides.get(axis)) else {
            into.extend_from_slice(&storage[at..at + width]);
            return;
        };
        for index in 0..size {
            self.gather(axis + 1, at + index * stride * width, width, storage, into);
        }
    }
}

/// The tensors of what a pickle leaves, if it is a dictionary of some.
fn tensors(built: &Built<'_>) -> Option<BTreeMap<String, Tensor>> {
    let top = entries(built, built.top)?;
    let inner = WITHIN.iter().find_map(|name| {
        let mut pairs = top.chunks_exact(2);
        let found = pairs.find(|pair| pair[0] == Value::Text(name))?;
        entries(built, found[1])
    });
    let mut all = BTreeMap::new();
    for pair in inner.unwrap_or(top).chunks_exact(2).take(MOST_TENSORS) {
        if let (Value::Text(name), Some(tensor)) = (pair[0], tensor(built, pair[1])) {
            all.insert(name.to_owned(), tensor);
        }
    }
    (!all.is_empty()).then_some(all)
}

/// Keys and values in turn, of a dictionary of either kind; behind those of an ordered one stands what was set of it.
fn entries<'a, 'b>(built: &'b Built<'a>, value: Value<'a>) -> Option<&'b [Value<'a>]> {
    match value {
        Value::Dict(at) => Some(built.list(at)),
        Value::Made(at) => match built.list(at) {
            [Value::Global("OrderedDict"), _, items @ ..] => Some(items),
            _ => None,
        },
        _ => None,
    }
}

/// A call, and its arguments.
fn call<'a, 'b>(built: &'b Built<'a>, value: Value<'a>) -> Option<(&'a str, &'b [Value<'a>])> {
    let Value::Made(at) = value else { return None };
    match *built.list(at) {
        [Value::Global(name), Value::Tuple(arguments), ..] => Some((name, built.list(arguments))),
        _ => None,
    }
}

fn tensor(built: &Built<'_>, value: Value<'_>) -> Option<Tensor> {
    let tensor = match call(built, value)? {
        ("_rebuild_parameter", [data, ..]) => call(built, *data)?,
        tensor => tensor,
    };
    let (
        "_rebuild_tensor_v2",
        &[
            Value::Beside(storage),
            Value::Number(offset),
            sizes,
            strides,
            ..,
        ],
    ) = tensor
    else {
        return None;
    };
    let [Value::Tuple(said)] = *built.list(storage) else {
        return None;
    };
    let &[
        _,
        Value::Global(kind),
        Value::Text(key),
        _,
        Value::Number(length),
        ..,
    ] = built.list(said)
    else {
        return None;
    };
    let (sizes, strides) = (numbers(built, sizes)?, numbers(built, strides)?);
    let fits = sizes.len() == strides.len() && kind.len().max(key.len()) <= LONGEST;
    fits.then_some(Tensor {
        kind: kind.to_owned(),
        storage: key.to_owned(),
        length: usize::try_from(length).ok()?,
        offset: usize::try_from(offset).ok()?,
        sizes,
        strides,
    })
}

/// A short tuple of sizes.
fn numbers(built: &Built<'_>, value: Value<'_>) -> Option<Vec<usize>> {
    let Value::Tuple(at) = value else { return None };
    let items = built.list(at);
    let number = |value: &Value<'_>| match value {
        Value::Number(number) => usize::try_from(*number).ok(),
        _ => None,
    };
    (items.len() <= MOST_AXES).then(|| items.iter().map(number).collect())?
}
