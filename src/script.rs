//! A whole experiment as a Python script for PyTorch and torchvision, or as the cells of a notebook: its data, how they are
//! prepared, the network, the training and the test. Random numbers are PyTorch's, so that results are near the playground's and
//! not the same; the one order of the pixels of [`Permute::Fixed`] is the playground's.

mod data;
mod scenes;
mod training;

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::arch::pytorch::{self, SourceWords};
use crate::arch::{self, Shaped};
use crate::base::DataFacts;
#[cfg(not(target_arch = "wasm32"))]
use crate::base::error::english_words;
use crate::base::error::{Problem, Result};
use crate::data::Transform;
use crate::experiment::{ExperimentSpec, Init, Permute, Task, link};

/// The words of a script's comments, in a person's language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
#[serde(rename_all = "camelCase")]
pub struct ScriptWords {
    /// What the script is, and how near its results are.
    pub what: String,
    /// The heading of what gets the images.
    pub data: String,
    /// The heading of the network.
    pub network: String,
    /// The heading of training and test.
    pub training: String,
    /// Where the images of a set of one's own are expected.
    pub own: String,
    /// What [`Permute::Fixed`] does.
    pub fixed: String,
    /// What [`Permute::PerImage`] does.
    pub each: String,
    /// What a scene is.
    pub scene: String,
    /// The words of the network's source.
    pub source: SourceWords,
}

#[cfg(not(target_arch = "wasm32"))]
impl ScriptWords {
    /// The English ones, where no page has others.
    pub fn english() -> Self {
        let word = |name: &str| {
            let key = format!("script.says.{name}");
            english_words().get(&key).cloned().unwrap_or(key)
        };
        Self {
            what: word("what"),
            data: word("data"),
            network: word("network"),
            training: word("training"),
            own: word("own"),
            fixed: word("fixed"),
            each: word("each"),
            scene: word("scene"),
            source: SourceWords::english(),
        }
    }
}

/// An experiment on its way to a script.
struct Experiment<'a> {
    spec: &'a ExperimentSpec,
    facts: &'a DataFacts,
    words: &'a ScriptWords,
    network: Shaped,
}

/// A part of a script: a cell of a notebook.
struct Part<'a> {
    heading: &'a str,
    code: String,
}

/// The experiment as a script; `facts` are those of its data set.
///
/// # Errors
/// As [`arch::build`] and [`Transform::new`].
pub fn script(spec: &ExperimentSpec, facts: &DataFacts, words: &ScriptWords) -> Result<String> {
    let experiment = Experiment::new(spec, facts, words)?;
    let mut text = format!(
        "\"\"\"{}\n\n{}\n\"\"\"\n\n{}",
        link::text(spec),
        words.what,
        experiment.imports()
    );
    for part in experiment.parts()? {
        text += &format!("\n\n# {}\n\n{}", part.heading, part.code);
    }
    Ok(text)
}

/// The same as a notebook of Jupyter (`.ipynb`, format 4.5).
///
/// # Errors
/// As [`script`].
pub fn notebook(spec: &ExperimentSpec, facts: &DataFacts, words: &ScriptWords) -> Result<String> {
    let experiment = Experiment::new(spec, facts, words)?;
    let title = format!("`{}`\n\n{}", link::text(spec), words.what);
    let mut texts = vec![(false, title), (true, experiment.imports())];
    for part in experiment.parts()? {
        texts.push((false, format!("## {}", part.heading)));
        texts.push((true, part.code));
    }
    let cells = texts.iter().enumerate().map(|(at, (is_code, text))| {
        let source: Vec<_> = text.trim().split_inclusive('\n').collect();
        let id = format!("cell-{at}");
        match is_code {
            true => json!({
                "cell_type": "code", "execution_count": null, "id": id, "metadata": {}, "outputs": [], "source": source,
            }),
            false => json!({ "cell_type": "markdown", "id": id, "metadata": {}, "source": source }),
        }
    });
    let kernel = json!({ "display_name": "Python 3", "language": "python", "name": "python3" });
    let whole = json!({
        "cells": cells.collect::<Vec<_>>(),
        "metadata": { "kernelspec": kernel, "language_info": { "name": "python" } },
        "nbformat": 4,
        "nbformat_minor": 5,
    });
    let text = serde_json::to_string_pretty(&whole).map_err(Problem::internal)?;
    Ok(text + "\n")
}

impl<'a> Experiment<'a> {
    fn new(spec: &'a ExperimentSpec, facts: &'a DataFacts, words: &'a ScriptWords) -> Result<Self> {
        // What a run of it would be refused for.
        Transform::new(spec, facts)?;
        Ok(Self {
            spec,
            facts,
            words,
            network: arch::build(spec, facts.shape, facts.classes.len())?,
        })
    }

    fn imports(&self) -> String {
        let has_class = self.has_scenes() || self.spec.permute == Permute::PerImage;
        let dataset = if has_class { "Dataset, " } else { "" };
        format!(
            "import torch\nfrom torch import nn\nfrom torch.utils.data import DataLoader, {dataset}Subset\nfrom torchvision import \
             datasets, transforms\n\ntorch.manual_seed({})\ndevice = \"cuda\" if torch.cuda.is_available() else \"cpu\"\n",
            self.spec.seed
        )
    }

    fn parts(&self) -> Result<[Part<'a>; 3]> {
        let (spec, words) = (self.spec, self.words);
        let classes =
            pytorch::definitions(&self.network, spec.init, &link::text(spec), &words.source);
        Ok([
            Part {
                heading: &words.data,
                code: self.data()?,
            },
            Part {
                heading: &words.network,
                code: classes,
            },
            Part {
                heading: &words.training,
                code: self.training(),
            },
        ])
    }

    /// Whether images are scenes, and targets masks.
    fn has_scenes(&self) -> bool {
        self.spec.task() == Task::Segment
    }

    /// Whether the one order of the pixels is needed.
    fn has_order(&self) -> bool {
        self.spec.permute == Permute::Fixed || self.spec.init == Init::Permuted
    }
}
