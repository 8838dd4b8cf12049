//! Python's pickles, as CIFAR's version for Python and `mnist.pkl.gz` are: a dictionary, or tuples, of NumPy arrays and
//! lists. Nothing is run: [`machine`] builds lists, and what Python would call stays a name.

use std::borrow::Cow;

use super::{Head, OpenedFile, Source, cifar, npy};
use crate::base::error::{Code, Problem, Result, shown};
use crate::data::array::Layout;
use crate::data::part::{Class, Content, Labels};

pub(super) mod machine;

use machine::{Built, Value};

/// Protocols from 2 on begin with their number, the oldest ones with a dictionary.
pub(super) fn is(head: &Head) -> bool {
    let old = [&b"(dp"[..], b"}q"];
    matches!(*head.bytes, [0x80, 2..=5, ..])
        || old.iter().any(|start| head.bytes.starts_with(start))
}

pub(super) fn read(source: Source, opened: &mut OpenedFile) -> Result<()> {
    let name = source.name.clone();
    let bytes = source.bytes()?;
    let unfit = || Problem::new(Code::UnfitPickle).with("file", &name);
    let pickle = Pickle {
        name: &name,
        built: machine::run(&bytes).ok_or_else(unfit)?,
    };
    let contents = match pickle.built.top {
        Value::Dict(_) => pickle.batch()?.into_iter().collect(),
        Value::Tuple(at) => pickle.splits(pickle.built.list(at))?,
        _ => Vec::new(),
    };
    if contents.is_empty() {
        return Err(unfit());
    }
    for (within, content) in contents {
        opened.push(&format!("{name}{within}"), content);
    }
    if let Some(coarse) = pickle.coarse()? {
        opened.also_coarse(coarse);
    }
    if let Some(names) = pickle.names(&["coarse_label_names"]) {
        opened.push(&format!("{name}/coarse_label_names"), names);
    }
    Ok(())
}

struct Pickle<'a> {
    name: &'a str,
    built: Built<'a>,
}

/// A part, and what tells it from others of the same pickle.
type Found = (&'static str, Content);

impl<'a> Pickle<'a> {
    /// CIFAR's batch (`data`, `labels`), its list of names, or arrays under other usual names.
    fn batch(&self) -> Result<Option<Found>> {
        let one = |keys: &[&str]| keys.iter().find_map(|key| self.entry(key));
        if let Some(names) = self.names(&["label_names", "fine_label_names"]) {
            return Ok(Some(("", names)));
        }
        let images = one(&["data", "images", "x"]);
        let labels = one(&["labels", "fine_labels", "y", "target"]);
        let (Some(images), Some(labels)) = (images, labels) else {
            return Ok(None);
        };
        let is_cifar10 = self.entry("batch_label").is_some() && self.entry("labels").is_some();
        let mut found = self.samples(images, labels)?;
        if let Some(Content::Samples(_, labels)) = &mut found
            && is_cifar10
        {
            labels.classes = labels.classes.iter().map(cifar::named).collect();
        }
        Ok(found.map(|content| ("", content)))
    }

    /// A list of the classes' names under one of these keys.
    fn names(&self, keys: &[&str]) -> Option<Content> {
        let names = keys.iter().find_map(|key| self.entry(key))?;
        let names = self.items(names).into_iter().flatten();
        let names = names.filter_map(|&name| self.text(name)).map(shown);
        Some(Content::Names(names.collect()))
    }

    /// The labels of CIFAR-100's superclasses, in a batch that has them beside the fine ones.
    fn coarse(&self) -> Result<Option<Labels>> {
        if self.entry("fine_labels").is_none() {
            return Ok(None);
        }
        let coarse = self
            .entry("coarse_labels")
            .and_then(|all| self.numbers(all));
        coarse.map(|said| Labels::new(self.name, said)).transpose()
    }

    /// A list of numbers.
    fn numbers(&self, list: Value<'a>) -> Option<Vec<Class>> {
        let class = |label: &Value| match label {
            Value::Number(number) => Some(Class::Number(*number)),
            _ => None,
        };
        self.items(list)?.iter().map(class).collect()
    }

    /// `((images, labels), …)` for training, validation and testing; the second of three is left.
    fn splits(&self, splits: &[Value<'a>]) -> Result<Vec<Found>> {
        let mut found = Vec::new();
        let last = splits.len().saturating_sub(1);
        for (at, within) in [(0, "/train"), (last.max(1), "/test")] {
            let pair = splits.get(at).and_then(|&split| self.items(split));
            if let Some(&[images, labels]) = pair
                && let Some(content) = self.samples(images, labels)?
            {
                found.push((within, content));
            }
        }
        Ok(found)
    }

    fn samples(&self, images: Value<'a>, labels: Value<'a>) -> Result<Option<Content>> {
        let Some(Content::Images(images)) = self.array(images, "")? else {
            return Ok(None);
        };
        let labels = match self.array(labels, "/labels")? {
            Some(Content::Labels(labels)) => labels,
            _ => Labels::new(self.name, self.numbers(labels).unwrap_or_default())?,
        };
        match images.of == labels.len() {
            true => Ok(Some(Content::Samples(images, labels))),
            false => Err(Problem::new(Code::PairDiffers)
                .with("images_file", self.name)
                .with("images", images.of)
                .with("labels_file", self.name)
                .with("labels", labels.len())),
        }
    }

    /// A NumPy array: shape, kind and bytes, as `_reconstruct` with its state has them, or `_frombuffer`.
    fn array(&self, value: Value<'a>, within: &str) -> Result<Option<Content>> {
        let Some((bytes, kind, shape)) = self.parts_of_array(value) else {
            return Ok(None);
        };
        let Some(layout) = self.layout(kind, shape) else {
            return Ok(None);
        };
        let name = format!("{}{within}", self.name);
        layout.read(&name, &mut &bytes[..]).map(Some)
    }

    fn parts_of_array(&self, value: Value<'a>) -> Option<(Cow<'a, [u8]>, Value<'a>, Value<'a>)> {
        let Value::Made(at) = value else { return None };
        match *self.built.list(at) {
            [Value::Global("_reconstruct"), _, state] => match *self.items(state)? {
                [_, shape, kind, Value::Number(0), bytes] => {
                    Some((self.bytes(bytes)?, kind, shape))
                }
                _ => None,
            },
            [Value::Global("_frombuffer"), arguments, ..] => match *self.items(arguments)? {
                [bytes, kind, shape, Value::Text("C")] => Some((self.bytes(bytes)?, kind, shape)),
                _ => None,
            },
            _ => None,
        }
    }

    fn layout(&self, kind: Value<'a>, shape: Value<'a>) -> Option<Layout> {
        let Value::Made(at) = kind else { return None };
        let [Value::Global("dtype"), arguments, ref state @ ..] = *self.built.list(at) else {
            return None;
        };
        let (number, _) = npy::number(self.text(*self.items(arguments)?.first()?)?)?;
        let order = state.first().and_then(|&state| self.items(state)?.get(1));
        let sizes = self.items(shape)?.iter().map(|size| match size {
            Value::Number(size) => usize::try_from(*size).ok(),
            _ => None,
        });
        Some(Layout {
            shape: sizes.collect::<Option<_>>()?,
            number,
            is_big_endian: order.and_then(|&order| self.text(order)) == Some(">"),
            is_grey: true,
        })
    }

    /// The value of a key in the pickle's dictionary.
    fn entry(&self, key: &str) -> Option<Value<'a>> {
        let Value::Dict(at) = self.built.top else {
            return None;
        };
        let mut pairs = self.built.list(at).chunks_exact(2);
        pairs.find_map(|pair| (self.text(pair[0]) == Some(key)).then_some(pair[1]))
    }

    fn items(&self, value: Value<'a>) -> Option<&[Value<'a>]> {
        match value {
            Value::List(at) | Value::Tuple(at) => Some(self.built.list(at)),
            _ => None,
        }
    }

    fn text(&self, value: Value<'a>) -> Option<&'a str> {
        match value {
            Value::Text(text) => Some(text),
            Value::Bytes(bytes) => std::str::from_utf8(bytes).ok(),
            // Bytes, as Python 3 writes them for Python 2.
            Value::Made(at) => match *self.built.list(at) {
                [Value::Global("encode"), arguments, ..] => {
                    self.text(*self.items(arguments)?.first()?)
                }
                _ => None,
            },
            _ => None,
        }
    }

    /// Bytes; those that stand there as text have a character each.
    fn bytes(&self, value: Value<'a>) -> Option<Cow<'a, [u8]>> {
        match value {
            Value::Bytes(bytes) => Some(Cow::Borrowed(bytes)),
            value => {
                let chars = self.text(value)?.chars();
                let bytes = chars.map(|char| u8::try_from(u32::from(char)).ok());
                bytes.collect::<Option<_>>().map(Cow::Owned)
            }
        }
    }
}
