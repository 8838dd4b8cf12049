//! A network as PyTorch source, as a course would write it: a class for each kind of block, whose parameters are what its
//! blocks differ in, stages as sequences of them, and the network.
//!
//! [`made`] says which parts are classes and what `forward` says, [`classes`] makes one of those that differ only in numbers,
//! [`text`] writes them. Parameters are in the playground's order; only dense layers hold theirs the other way round,
//! `[out, in]`.

mod call;
mod classes;
mod forward;
mod made;
mod names;
mod text;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Shaped, build};
use crate::base::DataFacts;
#[cfg(not(target_arch = "wasm32"))]
use crate::base::error::english_words;
use crate::base::error::{Code, Problem, Result};
use crate::experiment::{ExperimentSpec, Init, link};
use classes::Class;
use made::{How, Made, Plan};
use text::Writer;

/// The words of comments, in a person's language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct SourceWords {
    /// So many trainable numbers: `{count}`.
    pub parameters: String,
    /// What enters and what leaves, batch first: `{input}`, `{output}`.
    pub shapes: String,
    /// What becomes of an auxiliary classifier's logits: `{weight}` of their loss.
    pub auxiliary: String,
    /// Whose the order of the pixels is for [`Init::Permuted`].
    pub permuted: String,
}

#[cfg(not(target_arch = "wasm32"))]
impl SourceWords {
    /// The English ones, where no page has others.
    pub fn english() -> Self {
        let word = |name: &str| {
            let key = format!("pytorch.says.{name}");
            english_words().get(&key).cloned().unwrap_or(key)
        };
        Self {
            parameters: word("parameters"),
            shapes: word("shapes"),
            auxiliary: word("auxiliary"),
            permuted: word("permuted"),
        }
    }
}

/// The source of the network of this spec, for the images of its data set; `facts` are that one's,
/// where the spec alone does not say them.
///
/// # Errors
/// As [`build`]; [`Code::NoData`] if the size of the images is not known.
pub fn of(spec: &ExperimentSpec, facts: Option<&DataFacts>, words: &SourceWords) -> Result<String> {
    let shape = facts.map(|facts| facts.shape).or(spec.data.shape());
    let shape = shape.ok_or_else(|| Problem::new(Code::NoData).with("data", spec.data.word()))?;
    let classes = facts.map_or(10, |facts| facts.classes.len());
    let network = build(spec, shape, classes)?;
    Ok(source(&network, spec.init, &link::text(spec), words))
}

/// The source of this network, whose class is called `Network`.
pub fn source(network: &Shaped, init: Init, title: &str, words: &SourceWords) -> String {
    let classes = definitions(network, init, title, words);
    let torch = if classes.contains("torch.") {
        "import torch\n"
    } else {
        ""
    };
    format!("{torch}from torch import nn\n\n\n{classes}")
}

/// Its classes alone, without what they import.
pub fn definitions(network: &Shaped, init: Init, title: &str, words: &SourceWords) -> String {
    let mut plan = Plan::of(network);
    let (classes, calls) = classes::all(&mut plan);
    let mut text = plan
        .helpers
        .iter()
        .map(|helper| format!("{helper}\n\n"))
        .collect::<String>();
    for class in &classes {
        let is_network = plan.instances[class.model].base == NETWORK;
        text += &written(class, &plan, &calls, is_network.then_some(words));
        if is_network {
            let end = text.rfind("    def __init__").unwrap_or(text.len());
            text.insert_str(end, &heading(network, title, words));
            let end = text.rfind("\n    def forward").unwrap_or(text.len());
            text.insert_str(end, &first(init, words));
        }
    }
    text.truncate(text.trim_end().len());
    text + "\n"
}

/// Whether it has an auxiliary classifier, so that in training it gives two results.
pub fn has_auxiliary(network: &Shaped) -> bool {
    made::has_aside(network)
}

/// The class of the network.
const NETWORK: &str = "Network";

/// What stands first in the network's class.
fn heading(network: &Shaped, title: &str, words: &SourceWords) -> String {
    let sizes = |sizes: Vec<usize>| {
        let all: Vec<_> = sizes.iter().map(usize::to_string).collect();
        all.join(", ")
    };
    let count = words
        .parameters
        .replace("{count}", &network.weights().to_string());
    let shapes = words
        .shapes
        .replace("{input}", &sizes(network.input.sizes()));
    let shapes = shapes.replace("{output}", &sizes(network.output.sizes()));
    format!("    \"\"\"{title}\n\n    {count}; {shapes}\n    \"\"\"\n\n")
}

/// What the first weights need beyond what the layers do by themselves.
fn first(init: Init, words: &SourceWords) -> String {
    match init {
        Init::PyTorch => String::new(),
        Init::He => HE.to_owned(),
        Init::Permuted => format!("        # {}\n", words.permuted),
    }
}

/// A class as text.
fn written(
    class: &Class,
    plan: &Plan,
    calls: &[call::Call],
    words: Option<&SourceWords>,
) -> String {
    let model = &plan.instances[class.model];
    let parameters = class.parameters.iter().map(|it| match &it.usual {
        Some(usual) => format!(", {}={usual}", it.name),
        None => format!(", {}", it.name),
    });
    let parameters: String = parameters.collect();
    let members = Writer { calls, words }.members(class, model);
    let aside = model
        .steps
        .last()
        .is_some_and(|step| step.contains("self.training"));
    let aside = words.filter(|_| aside).map_or_else(String::new, |words| {
        let weight = super::AUXILIARY_WEIGHT.to_string();
        format!(
            "        # {}\n",
            words.auxiliary.replace("{weight}", &weight)
        )
    });
    let (last, steps) = model
        .steps
        .split_last()
        .map_or(("", &[][..]), |(last, steps)| (&last[..], steps));
    let steps: String = steps
        .iter()
        .map(|step| format!("        {step}\n"))
        .collect();
    format!(
        "class {}(nn.Module):\n    def __init__(self{parameters}):\n        super().__init__()\n{members}\n    \
         def forward(self, x):\n{steps}{aside}        {last}\n\n\n",
        class.name
    )
}

/// What PyTorch calls the module of each operation, by the operation's path: what its arrays' names in a `state_dict` begin with.
pub fn prefixes(network: &Shaped) -> BTreeMap<String, String> {
    let mut plan = Plan::of(network);
    classes::all(&mut plan);
    let mut all = BTreeMap::new();
    if let Some(root) = plan.instances.last() {
        for (name, made) in &root.members {
            prefix(made, name.clone(), &plan, &mut all);
        }
    }
    all
}

fn prefix(made: &Made, name: String, plan: &Plan, all: &mut BTreeMap<String, String>) {
    match &made.how {
        How::Same => {}
        How::Call(_, path) => {
            all.insert(path.clone(), name);
        }
        How::Sequence(parts) => {
            for (at, part) in parts.iter().enumerate() {
                prefix(part, format!("{name}.{at}"), plan, all);
            }
        }
        How::Instance(at) => {
            for (inner, made) in &plan.instances[*at].members {
                prefix(made, format!("{name}.{inner}"), plan, all);
            }
        }
    }
}

/// [`Init::He`], for every layer that has weights of its own, in whatever part it is.
const HE: &str = r#"        for layer in self.modules():
            if isinstance(layer, (nn.Conv1d, nn.Conv2d, nn.ConvTranspose2d, nn.Linear)):
                nn.init.kaiming_normal_(layer.weight, mode="fan_in", nonlinearity="relu")
                if layer.bias is not None:
                    nn.init.zeros_(layer.bias)
"#;
