//! What the text imports.

use crate::value::Value;

/// What an import gives: PyTorch and a little of Python are known.
pub(crate) fn imported<'a>(path: &str) -> Value<'a> {
    let first = path.split('.').next().unwrap_or(path);
    match path {
        "functools.partial"
        | "collections.OrderedDict"
        | "copy.deepcopy"
        | "copy.copy"
        | "functools.reduce"
        | "math"
        | "functools"
        | "collections"
        | "copy"
        | "torch" => Value::known(path),
        _ if first == "math"
            || path == "torch.nn"
            || path.starts_with("torch.nn.")
            || KNOWN_OF_TORCH.contains(&path) =>
        {
            Value::known(path)
        }
        _ => Value::Unknown(path.into()),
    }
}

/// What is imported from `torch` by its name.
const KNOWN_OF_TORCH: [&str; 8] = [
    "torch.Tensor",
    "torch.cat",
    "torch.flatten",
    "torch.relu",
    "torch.sigmoid",
    "torch.tanh",
    "torch.mean",
    "torch.add",
];
