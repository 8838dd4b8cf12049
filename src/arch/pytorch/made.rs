//! A layer tree as modules: which parts are classes, what a class's attributes are called, and what its `forward` says.

use std::collections::BTreeMap;

use super::call::Call;
use crate::arch::{Form, Join, Shaped};
use crate::operation::Shape;

/// A module.
#[derive(Debug, Clone)]
pub(super) struct Made {
    /// How it is made.
    pub(super) how: How,
    /// What leaves it.
    pub(super) output: Shape,
    /// Its trainable numbers.
    pub(super) weights: usize,
}

/// How a module is made.
#[derive(Debug, Clone)]
pub(super) enum How {
    /// The input as it is, in a place where blocks like it have something else.
    Same,
    /// An operation; its path.
    Call(Call, String),
    /// An `nn.Sequential`.
    Sequence(Vec<Made>),
    /// One of [`Plan::instances`].
    Instance(usize),
}

/// A module of a class that the source defines.
#[derive(Debug, Clone)]
pub(super) struct Instance {
    /// What its class is to be called.
    pub(super) base: &'static str,
    /// Its attributes in the order in which they are used.
    pub(super) members: Vec<(String, Made)>,
    /// The statements of its `forward`.
    pub(super) steps: Vec<String>,
    /// Channels that enter and that leave.
    pub(super) channels: [usize; 2],
    /// How deep instances lie in it.
    pub(super) height: usize,
}

/// The name of the attribute that blocks may have or not.
pub(super) const SHORTCUT: &str = "shortcut";

/// A network as modules.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// All that have a class; the last one is the network.
    pub(super) instances: Vec<Instance>,
    /// Classes that PyTorch has not, in the order in which they are used.
    pub(super) helpers: Vec<&'static str>,
    /// How often there is a sequence of such operations, where it could be a block.
    pub(super) repeated: BTreeMap<String, usize>,
}

pub(super) fn has_merge(part: &Shaped) -> bool {
    matches!(part.form, Form::Merge { .. }) || part.parts().iter().any(has_merge)
}

/// Whether there is an auxiliary classifier in it, whose logits the network gives too.
pub(super) fn has_aside(part: &Shaped) -> bool {
    let here = matches!(
        part.form,
        Form::Merge {
            join: Join::Auxiliary,
            ..
        }
    );
    here || part.parts().iter().any(has_aside)
}

/// Which operations a sequence has.
pub(super) fn kinds(part: &Shaped) -> String {
    let each = part.operations().into_iter();
    let each = each
        .map(|(at, operation)| Call::of(&operation.about().source(at.input).expression).skeleton());
    each.collect::<Vec<_>>().join(" ")
}

/// Whether a sequence without branches is long enough to be a block.
pub(super) fn is_long(part: &Shaped) -> bool {
    let operations = part.operations();
    let learns = operations
        .iter()
        .any(|(_, operation)| operation.about().is_layer());
    learns && operations.len() > 2 && matches!(part.form, Form::Sequential(_))
}
