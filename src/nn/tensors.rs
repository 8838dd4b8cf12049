//! A network's numbers as safetensors, the format of <https://github.com/huggingface/safetensors>: under the names and in the
//! shapes that PyTorch gives the network that [`pytorch`] writes, so that `load_state_dict` takes them as they are. They are read
//! from there, and from what `torch.save` writes.

use std::collections::BTreeSet;

use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};

use super::State;
use crate::arch::{Shaped, pytorch, touch};
use crate::base::error::{Code, Problem, Result, shown};
use crate::data::formats::saved::{self, SavedTensors};
use crate::operation::Stored;

/// The tensor in which PyTorch counts batches; nothing depends on it here, and `load_state_dict` does not need it.
const COUNT: &str = ".num_batches_tracked";

/// An array, and where its numbers are in a [`State`].
struct Array {
    name: String,
    /// Of which operation it is.
    row: usize,
    stored: Stored,
    place: Place,
}

#[derive(Clone, Copy)]
enum Place {
    Weight(usize),
    Statistic(usize, usize),
}

/// All arrays of a network, in the playground's order.
fn arrays(plan: &Shaped) -> Vec<Array> {
    let prefixes = pytorch::prefixes(plan);
    let (mut all, mut weights, mut statistics) = (Vec::new(), 0, 0);
    for (row, (part, operation)) in plan.operations().into_iter().enumerate() {
        let prefix = prefixes.get(&part.path).map_or("", |prefix| prefix);
        let mut push = |stored: Stored, place| {
            let name = format!("{prefix}.{}", stored.name);
            all.push(Array {
                name,
                row,
                stored,
                place,
            });
        };
        for stored in operation.about().stored(part.input) {
            push(stored, Place::Weight(weights));
            weights += 1;
        }
        if operation.about().has_statistics() {
            for (at, name) in ["running_mean", "running_var"].into_iter().enumerate() {
                let shape = vec![part.input.channels()];
                let stored = Stored {
                    name,
                    shape,
                    is_transposed: false,
                };
                push(stored, Place::Statistic(statistics, at));
            }
            statistics += 1;
        }
    }
    all
}

/// The numbers of a matrix with its rows as columns; `columns` is how many it has.
fn transposed(values: &[f32], columns: usize) -> Vec<f32> {
    let rows = values.len() / columns.max(1);
    let each = (0..columns).flat_map(|column| (0..rows).map(move |row| row * columns + column));
    each.map(|at| values[at]).collect()
}

impl State {
    /// As a file of safetensors, for the class that [`pytorch::source`] writes of the same network.
    ///
    /// # Errors
    /// [`Code::Internal`] if this is no state of a network of this plan.
    pub fn safetensors(&self, plan: &Shaped) -> Result<Vec<u8>> {
        if !self.fits(plan) {
            return Err(Problem::internal("the weights are another network's"));
        }
        let mut written = Vec::new();
        for array in arrays(plan) {
            let values = match array.place {
                Place::Weight(at) => &self.weights[at],
                Place::Statistic(at, which) => &self.statistics[at][which],
            };
            let turned = match array.stored.is_transposed {
                true => &transposed(values, array.stored.shape[0]),
                false => values,
            };
            let bytes: Vec<u8> = turned
                .iter()
                .flat_map(|value| value.to_le_bytes())
                .collect();
            written.push((array.name, array.stored.shape, bytes));
        }
        let views = written.iter().map(|(name, shape, bytes)| {
            let view = TensorView::new(Dtype::F32, shape.clone(), bytes);
            Ok((name, view.map_err(Problem::internal)?))
        });
        let views = views.collect::<Result<Vec<_>>>()?;
        // What other readers of the format look for.
        let about = [("format".to_owned(), "pt".to_owned())];
        safetensors::serialize(views, Some(about.into_iter().collect())).map_err(Problem::internal)
    }

    /// From a file of weights, whose arrays are those of this network: safetensors, or what `torch.save` writes of a `state_dict`.
    ///
    /// # Errors
    /// [`Code::BadTensors`], [`Code::OldTensors`], [`Code::NoStateDict`] if it is no such file; [`Code::TensorMissing`],
    /// [`Code::TensorDiffers`] with both shapes, [`Code::TensorKind`] and [`Code::TensorNotFinite`] of the first array that does not
    /// fit; [`Code::TensorUnknown`] of one that the network does not have.
    pub fn from_tensors(plan: &Shaped, bytes: &[u8]) -> Result<Self> {
        fill(plan, &mut File::open(bytes)?, None)
    }

    /// The same but for the last layer with weights, which has those of `first`: for a task with other classes.
    ///
    /// # Errors
    /// As [`State::from_tensors`]; [`Code::TensorMissing`] too where nothing would be left of the file.
    pub fn from_body(plan: &Shaped, bytes: &[u8], first: &Self) -> Result<Self> {
        fill(plan, &mut File::open(bytes)?, Some(first))
    }
}

/// The weights of a file for this network; with `first`, all but the last layer's.
fn fill(plan: &Shaped, file: &mut File<'_>, first: Option<&State>) -> Result<State> {
    let arrays = arrays(plan);
    let head = touch::head(plan).unwrap_or_default();
    let is_kept = |array: &Array| first.is_some() && array.row >= head;
    if let (Some(array), true) = (arrays.first(), arrays.iter().all(is_kept)) {
        return Err(Problem::new(Code::TensorMissing).with("name", &array.name));
    }
    let mut state = State {
        weights: Vec::new(),
        statistics: Vec::new(),
    };
    for array in &arrays {
        let values = match (first, array.place) {
            (Some(first), Place::Weight(at)) if is_kept(array) => first.weights[at].clone(),
            (Some(first), Place::Statistic(at, which)) if is_kept(array) => {
                first.statistics[at][which].clone()
            }
            _ => read(array, file)?,
        };
        match array.place {
            Place::Weight(_) => state.weights.push(values),
            Place::Statistic(_, 0) => state.statistics.push([values, Vec::new()]),
            Place::Statistic(at, _) => state.statistics[at][1] = values,
        }
    }
    let known: BTreeSet<&str> = arrays.iter().map(|array| &*array.name).collect();
    let is_unknown = |name: &&String| !known.contains(&***name) && !name.ends_with(COUNT);
    match file.names().iter().find(is_unknown) {
        Some(name) => Err(Problem::new(Code::TensorUnknown).with("name", shown(name))),
        None => Ok(state),
    }
}

/// A file of tensors.
struct File<'a> {
    form: Form<'a>,
    /// What the names of all begin with, and is none of theirs.
    prefix: &'static str,
}

enum Form<'a> {
    Safe(SafeTensors<'a>),
    Saved(SavedTensors<'a>),
}

/// What PyTorch puts before all names where a network is wrapped, to train on several GPUs or compiled.
const WRAPPED: [&str; 2] = ["module.", "_orig_mod."];

impl<'a> File<'a> {
    fn open(bytes: &'a [u8]) -> Result<Self> {
        let form = if saved::is(bytes) {
            Form::Saved(SavedTensors::open(bytes)?)
        } else {
            let file = SafeTensors::deserialize(bytes);
            Form::Safe(file.map_err(|_| Problem::new(Code::BadTensors))?)
        };
        let mut file = Self { form, prefix: "" };
        let names = file.names();
        let is_of_all = |prefix: &&str| names.iter().all(|name| name.starts_with(prefix));
        file.prefix = WRAPPED.into_iter().find(is_of_all).unwrap_or_default();
        Ok(file)
    }

    /// The names of all tensors, sorted.
    fn names(&self) -> Vec<String> {
        let own = |name: &str| name[self.prefix.len()..].to_owned();
        let mut names: Vec<String> = match &self.form {
            Form::Safe(file) => file.names().into_iter().map(own).collect(),
            Form::Saved(file) => file.names().map(own).collect(),
        };
        names.sort_unstable();
        names
    }

    /// The shape of a tensor.
    fn shape(&self, name: &str) -> Option<Vec<usize>> {
        let name = format!("{}{name}", self.prefix);
        match &self.form {
            Form::Safe(file) => Some(file.tensor(&name).ok()?.shape().to_vec()),
            Form::Saved(file) => Some(file.shape(&name)?.to_vec()),
        }
    }

    /// Its numbers, line by line.
    fn numbers(&mut self, name: &str) -> Result<Vec<f32>> {
        let whole = format!("{}{name}", self.prefix);
        let of_kind = |kind: String| {
            let problem = Problem::new(Code::TensorKind).with("name", name);
            problem.with("kind", kind)
        };
        match &mut self.form {
            Form::Safe(file) => {
                let missing = |_| Problem::new(Code::TensorMissing).with("name", name);
                let tensor = file.tensor(&whole).map_err(missing)?;
                let width = match tensor.dtype() {
                    Dtype::F32 => 4,
                    Dtype::F64 => 8,
                    other => return Err(of_kind(format!("{other:?}"))),
                };
                Ok(numbers(tensor.data(), width))
            }
            Form::Saved(file) => {
                let kind = file.kind(&whole).unwrap_or_default().to_owned();
                let width = saved::width(&kind).ok_or_else(|| of_kind(shown(&kind)))?;
                Ok(numbers(&file.bytes(&whole, width)?, width))
            }
        }
    }
}

/// Numbers of single precision, or of double precision where each has eight bytes.
fn numbers(bytes: &[u8], width: usize) -> Vec<f32> {
    if width == 4 {
        let (each, _) = bytes.as_chunks();
        each.iter()
            .map(|&bytes| f32::from_le_bytes(bytes))
            .collect()
    } else {
        let (each, _) = bytes.as_chunks();
        each.iter()
            .map(|&bytes| f64::from_le_bytes(bytes) as f32)
            .collect()
    }
}

/// The numbers of an array, as the playground has them.
fn read(array: &Array, file: &mut File<'_>) -> Result<Vec<f32>> {
    let (name, wanted) = (&array.name, &array.stored.shape);
    let missing = || Problem::new(Code::TensorMissing).with("name", name);
    let found = file.shape(name).ok_or_else(missing)?;
    if found != *wanted {
        let shown = |sizes: &[usize]| {
            let all: Vec<_> = sizes.iter().map(usize::to_string).collect();
            all.join("×")
        };
        return Err(Problem::new(Code::TensorDiffers)
            .with("name", name)
            .with("found", shown(&found))
            .with("expected", shown(wanted)));
    }
    let values = file.numbers(name)?;
    if !values.iter().all(|value| value.is_finite()) {
        return Err(Problem::new(Code::TensorNotFinite).with("name", name));
    }
    // Back from rows of inputs.
    Ok(match array.stored.is_transposed {
        true => transposed(&values, wanted[1]),
        false => values,
    })
}
