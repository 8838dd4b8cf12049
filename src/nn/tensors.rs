//! A network's numbers as safetensors, the format of <https://github.com/huggingface/safetensors>: under the names and in the
//! shapes that PyTorch gives the network that [`pytorch`] writes, so that `load_state_dict` takes them as they are.

use std::collections::BTreeSet;

use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};

use super::State;
use crate::arch::{Shaped, pytorch};
use crate::base::error::{Code, Problem, Result};
use crate::operation::Stored;

/// The tensor in which PyTorch counts batches; nothing depends on it here, and `load_state_dict` does not need it.
const COUNT: &str = ".num_batches_tracked";

/// An array, and where its numbers are in a [`State`].
struct Array {
    name: String,
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
    for (part, operation) in plan.operations() {
        let prefix = prefixes.get(&part.path).map_or("", |prefix| prefix);
        let mut push = |stored: Stored, place| {
            let name = format!("{prefix}.{}", stored.name);
            all.push(Array {
                name,
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
    /// All arrays of the network of this plan as PyTorch keeps them: names, sizes, and the numbers' bytes, lowest first.
    ///
    /// # Errors
    /// [`Code::Internal`] if this is no state of such a network.
    pub(super) fn arrays(&self, plan: &Shaped) -> Result<Vec<(String, Vec<usize>, Vec<u8>)>> {
        if !self.fits(plan) {
            return Err(Problem::internal("the weights are another network's"));
        }
        let each = arrays(plan).into_iter().map(|array| {
            let values = match array.place {
                Place::Weight(at) => &self.weights[at],
                Place::Statistic(at, which) => &self.statistics[at][which],
            };
            let turned = match array.stored.is_transposed {
                true => &transposed(values, array.stored.shape[0]),
                false => values,
            };
            let bytes = turned.iter().flat_map(|value| value.to_le_bytes());
            (array.name, array.stored.shape, bytes.collect())
        });
        Ok(each.collect())
    }

    /// As a file of safetensors, for the class that [`pytorch::source`] writes of the same network.
    ///
    /// # Errors
    /// [`Code::Internal`] if this is no state of a network of this plan.
    pub fn safetensors(&self, plan: &Shaped) -> Result<Vec<u8>> {
        let arrays = self.arrays(plan)?;
        let views = arrays.iter().map(|(name, shape, bytes)| {
            let view = TensorView::new(Dtype::F32, shape.clone(), bytes);
            Ok((name, view.map_err(Problem::internal)?))
        });
        let views = views.collect::<Result<Vec<_>>>()?;
        // What other readers of the format look for.
        let about = [("format".to_owned(), "pt".to_owned())];
        safetensors::serialize(views, Some(about.into_iter().collect())).map_err(Problem::internal)
    }

    /// From a file of safetensors whose arrays are those of this network.
    ///
    /// # Errors
    /// [`Code::BadTensors`] if it is no such file; [`Code::TensorMissing`], [`Code::TensorDiffers`] with both shapes,
    /// [`Code::TensorKind`] and [`Code::TensorNotFinite`] of the first array that does not fit; [`Code::TensorUnknown`] of one
    /// that the network does not have.
    pub fn from_safetensors(plan: &Shaped, bytes: &[u8]) -> Result<Self> {
        let file = SafeTensors::deserialize(bytes);
        let file = file.map_err(|_| Problem::new(Code::BadTensors))?;
        let mut state = Self {
            weights: Vec::new(),
            statistics: Vec::new(),
        };
        let mut known = BTreeSet::new();
        for array in arrays(plan) {
            let found = file.tensor(&array.name);
            let missing = |_| Problem::new(Code::TensorMissing).with("name", &array.name);
            let values = read(&array, &found.map_err(missing)?)?;
            known.insert(array.name);
            match array.place {
                Place::Weight(_) => state.weights.push(values),
                Place::Statistic(at, 0) => {
                    state.statistics.resize_with(at, Default::default);
                    state.statistics.push([values, Vec::new()]);
                }
                Place::Statistic(at, _) => state.statistics[at][1] = values,
            }
        }
        let mut names: Vec<_> = file.names().into_iter().collect();
        names.sort_unstable();
        let mut unknown = names.into_iter();
        match unknown.find(|name| !known.contains(*name) && !name.ends_with(COUNT)) {
            Some(name) => Err(Problem::new(Code::TensorUnknown).with("name", name)),
            None => Ok(state),
        }
    }
}

/// The numbers of an array, as the playground has them.
fn read(array: &Array, found: &TensorView<'_>) -> Result<Vec<f32>> {
    let wanted = &array.stored.shape;
    if found.shape() != wanted {
        let shown = |sizes: &[usize]| {
            let all: Vec<_> = sizes.iter().map(usize::to_string).collect();
            all.join("×")
        };
        return Err(Problem::new(Code::TensorDiffers)
            .with("name", &array.name)
            .with("found", shown(found.shape()))
            .with("expected", shown(wanted)));
    }
    let values: Vec<f32> = match found.dtype() {
        Dtype::F32 => {
            let (each, _) = found.data().as_chunks();
            each.iter()
                .map(|&bytes| f32::from_le_bytes(bytes))
                .collect()
        }
        Dtype::F64 => {
            let (each, _) = found.data().as_chunks();
            each.iter()
                .map(|&bytes| f64::from_le_bytes(bytes) as f32)
                .collect()
        }
        other => {
            let problem = Problem::new(Code::TensorKind).with("name", &array.name);
            return Err(problem.with("kind", format!("{other:?}")));
        }
    };
    if !values.iter().all(|value| value.is_finite()) {
        return Err(Problem::new(Code::TensorNotFinite).with("name", &array.name));
    }
    // Back from rows of inputs.
    Ok(match array.stored.is_transposed {
        true => transposed(&values, array.stored.shape[1]),
        false => values,
    })
}
