//! All that the page shows of an experiment before it runs.

use serde::Serialize;

use crate::arch::{self, Summary};
use crate::base::DataFacts;
use crate::base::error::Problem;
use crate::experiment::{Choices, ExperimentSpec, FieldView, Resolved, Task, link, resolve};

/// Everything that follows from a person's choices.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
#[serde(rename_all = "camelCase")]
pub struct View {
    /// The whole experiment.
    pub spec: ExperimentSpec,
    /// What differs from the defaults.
    pub choices: Choices,
    /// The text of its link, without `#`.
    pub link: String,
    /// Every field, as a control shows it.
    pub fields: Vec<FieldView>,
    /// One for each choice that was dropped.
    pub problems: Vec<Problem>,
    /// What the network says of an image.
    pub task: Task,
    /// The network, if its shapes fit.
    pub network: Option<Summary>,
    /// Why they do not.
    pub refusal: Option<Problem>,
    /// Batches in one epoch.
    pub steps_per_epoch: u32,
    /// Batches until the run ends.
    pub total_steps: u32,
}

impl View {
    /// Resolves these choices. `facts` are the data set's, once they are known: own files have no
    /// shapes before that, and bound the number of samples.
    pub fn of(choices: &Choices, facts: Option<&DataFacts>) -> Self {
        let Resolved { mut spec, problems } = resolve(choices);
        if let Some(facts) = facts {
            spec.train = spec.train.min(facts.train as u32);
            spec.test = spec.test.min(facts.test as u32);
        }
        let shape = facts.map(|facts| facts.shape).or(spec.data.shape());
        let classes = facts.map_or(10, |facts| facts.classes.len());
        let (network, refusal) = match shape.map(|shape| arch::build(&spec, shape, classes)) {
            None => (None, None),
            Some(Ok(network)) => (Some(Summary::of(&network)), None),
            Some(Err(problem)) => (None, Some(problem)),
        };
        Self {
            choices: spec.choices(),
            link: link::text(&spec),
            fields: spec.fields(),
            problems,
            task: spec.task(),
            network,
            refusal,
            steps_per_epoch: spec.steps_per_epoch(),
            total_steps: spec.total_steps(),
            spec,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::ImageShape;
    use crate::base::error::Code;
    use crate::experiment::Value;

    fn word(text: &str) -> Value {
        Value::Word(text.to_owned())
    }

    #[test]
    fn a_small_data_set_bounds_the_samples() {
        let facts = DataFacts {
            shape: ImageShape {
                channels: 1,
                height: 12,
                width: 12,
            },
            classes: vec!["a".into(), "b".into()],
            train: 60,
            test: 10,
            mean: vec![0.5],
            deviation: vec![0.5],
        };
        let view = View::of(
            &Choices::from([("data".into(), word("file"))]),
            Some(&facts),
        );
        assert_eq!(
            (view.spec.train, view.spec.test, view.steps_per_epoch),
            (60, 10, 1)
        );
        assert_eq!(view.network.unwrap().rows.last().unwrap().output, [2]);
    }

    #[test]
    fn a_network_that_cannot_work_says_which_shapes_meet() {
        let choices = [("net", "resnet"), ("shortcut", "identity")]
            .map(|(key, value)| (key.into(), word(value)));
        let view = View::of(&choices.into(), None);
        let refusal = view.refusal.unwrap();
        assert_eq!(refusal.code, Code::ShapesDiffer);
        assert_eq!(refusal.params["body"], "32×14×14");
        assert_eq!(refusal.params["shortcut"], "16×28×28");
        assert!(view.network.is_none());
    }
}
