//! A network as PyTorch source: one `nn.Module`, complete, to copy into a notebook.
//!
//! Parts keep their names, so that `stage1.block1` is the same here and there. Parameters are in the
//! same order too; only dense layers hold theirs the other way round, `[out, in]`.

use super::{Form, Join, Shaped, build};
use crate::base::DataFacts;
use crate::base::error::{Code, Problem, Result};
use crate::experiment::{ExperimentSpec, Init, link};

/// The source of the network of this spec, for the images of its data set; `facts` are that one's,
/// where the spec alone does not say them.
///
/// # Errors
/// As [`build`]; [`Code::NoData`] if the size of the images is not known.
pub fn of(spec: &ExperimentSpec, facts: Option<&DataFacts>) -> Result<String> {
    let shape = facts.map(|facts| facts.shape).or(spec.data.shape());
    let shape = shape.ok_or_else(|| Problem::new(Code::NoData).with("data", spec.data.word()))?;
    let classes = facts.map_or(10, |facts| facts.classes.len());
    let network = build(spec, shape, classes)?;
    Ok(source(&network, spec.init, &link::text(spec)))
}

/// The source of this network, whose class is called `Network`.
pub fn source(network: &Shaped, init: Init, title: &str) -> String {
    let mut used = Vec::new();
    let parts = members(network);
    let fields: Vec<_> = parts
        .iter()
        .map(|(name, part)| format!("        self.{name} = {}\n", expression(part, 2, &mut used)))
        .collect();
    let steps: String = parts
        .iter()
        .map(|(name, _)| format!("        x = self.{name}(x)\n"))
        .collect();
    let helpers: String = used.iter().map(|text| format!("{text}\n\n")).collect();
    let mut imports = String::new();
    if helpers.contains("OrderedDict") {
        imports += "from collections import OrderedDict\n\n";
    }
    if helpers.contains("torch.") {
        imports += "import torch\n";
    }
    format!(
        "{imports}from torch import nn\n\n\n{helpers}class Network(nn.Module):\n    \
         \"\"\"{title}: {weights} parameters.\n\n    Takes [batch, {input}], gives [batch, {output}].\n    \
         \"\"\"\n\n    def __init__(self):\n        super().__init__()\n{fields}{first}\n    def forward(self, x):\n\
         {steps}        return x\n",
        weights = network.weights(),
        input = sizes(&network.input.sizes()),
        output = sizes(&network.output.sizes()),
        fields = fields.concat(),
        first = match init {
            // What the layers do by themselves.
            Init::PyTorch => "",
            Init::He => HE,
            Init::Permuted => PERMUTED,
        },
    )
}

fn sizes(sizes: &[usize]) -> String {
    let all: Vec<_> = sizes.iter().map(usize::to_string).collect();
    all.join(", ")
}

/// The parts of a sequence, each with the name that it has in the source.
fn members(part: &Shaped) -> Vec<(&str, &Shaped)> {
    match &part.form {
        Form::Sequential(parts) => {
            let named = parts.iter().map(|child| match &child.form {
                // A part without a name is named after its kind.
                Form::Merge { join, .. } if child.path == part.path => (word(*join), child),
                _ => (child.name(), child),
            });
            named.collect()
        }
        _ => vec![("layer", part)],
    }
}

const fn word(join: Join) -> &'static str {
    match join {
        Join::Add => "add",
        Join::Concat => "concat",
        Join::Multiply => "multiply",
        Join::Auxiliary => "auxiliary",
    }
}

/// The expression that makes this part, whose first line has this indentation level;
/// `used` is what the source has to define for it.
fn expression(part: &Shaped, level: usize, used: &mut Vec<&'static str>) -> String {
    let mut define = |text| {
        if !used.contains(&text) {
            used.push(text);
        }
    };
    let (call, text, parts) = match &part.form {
        Form::Operation(operation) => {
            let source = operation.about().source(part.input);
            source.class.into_iter().for_each(define);
            return source.expression;
        }
        Form::Sequential(_) => ("named", NAMED, members(part)),
        Form::Merge { join, branches } => {
            let (call, text) = match join {
                Join::Add => ("Add", ADD),
                Join::Concat => ("Concat", CONCAT),
                Join::Multiply => ("Multiply", MULTIPLY),
                Join::Auxiliary => ("Auxiliary", AUXILIARY),
            };
            let branches = branches.iter().map(|part| (part.name(), part));
            (call, text, branches.collect())
        }
    };
    define(text);
    let indent = "    ".repeat(level);
    let lines: String = parts
        .into_iter()
        .map(|(name, part)| {
            format!(
                "{indent}    {name}={},\n",
                expression(part, level + 1, used)
            )
        })
        .collect();
    format!("{call}(\n{lines}{indent})")
}

/// [`Init::He`], for every layer that has weights of its own, in whatever part it is.
const HE: &str = r#"        for layer in self.modules():
            if isinstance(layer, (nn.Conv1d, nn.Conv2d, nn.ConvTranspose2d, nn.Linear)):
                nn.init.kaiming_normal_(layer.weight, mode="fan_in", nonlinearity="relu")
                if layer.bias is not None:
                    nn.init.zeros_(layer.bias)
"#;

/// [`Init::Permuted`]: the order of the pixels is the data's, which this source does not have.
const PERMUTED: &str = r#"        # With x[:, order] as the images, put weight[:, order] of the first dense layer in place of its weight.
"#;

/// Parts one after the other.
const NAMED: &str = r#"def named(**parts):
    """Parts one after the other, each under its name."""
    return nn.Sequential(OrderedDict(parts))
"#;

/// [`Join::Add`].
const ADD: &str = r#"class Add(nn.ModuleDict):
    """The sum of what the branches make of the same input."""

    def __init__(self, **branches):
        super().__init__(branches)

    def forward(self, x):
        return sum(branch(x) for branch in self.values())
"#;

/// [`Join::Concat`].
const CONCAT: &str = r#"class Concat(nn.ModuleDict):
    """What the branches make of the same input, its channels one behind the other."""

    def __init__(self, **branches):
        super().__init__(branches)

    def forward(self, x):
        return torch.cat([branch(x) for branch in self.values()], dim=1)
"#;

/// [`Join::Multiply`].
const MULTIPLY: &str = r#"class Multiply(nn.ModuleDict):
    """The input times its gate, which has one number for each channel or for each place."""

    def __init__(self, **branches):
        super().__init__(branches)

    def forward(self, x):
        x, gate = (branch(x) for branch in self.values())
        return x * (gate[:, :, None, None] if gate.dim() < x.dim() else gate)
"#;

/// [`Join::Auxiliary`], with [`super::AUXILIARY_WEIGHT`].
const AUXILIARY: &str = r#"class Auxiliary(nn.ModuleDict):
    """The first branch goes on. The second is a classifier of its own, for training: its logits are kept,
    and 0.3 times their loss is added to the network's own."""

    def __init__(self, **branches):
        super().__init__(branches)

    def forward(self, x):
        on, classifier = self.values()
        self.logits = classifier(x) if self.training else None
        return on(x)
"#;
