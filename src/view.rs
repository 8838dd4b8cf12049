//! All that the page shows of an experiment before it runs.

use serde::Serialize;

use crate::arch::editor::{self, Edit, Edited, On, Outline};
use crate::arch::own::{self, Mark};
use crate::arch::{self, Summary, memory};
use crate::base::DataFacts;
use crate::base::error::{Problem, Result};
use crate::experiment::{
    Choices, DataSet, ExperimentSpec, Field, FieldView, Kind, Resolved, Task, Value, link, resolve,
};

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
    /// Where in its text that is, if the network is a person's own.
    pub mark: Option<Mark>,
    /// What a run of the network takes, and what it can have.
    pub demand: Demand,
    /// Batches in one epoch.
    pub steps_per_epoch: u32,
    /// Batches until the run ends.
    pub total_steps: u32,
    /// Whether the person's own statistics look like those of values from 0 to 255, though they are applied to 0 to 1.
    pub byte_statistics: bool,
}

/// What a run takes of what it can have.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
#[serde(rename_all = "camelCase")]
pub struct Demand {
    /// The most weights that a network can have.
    pub most_weights: usize,
    /// Megabytes of memory that a run takes at its largest, about, if the network is possible.
    pub megabytes: Option<u64>,
    /// The most that it can have.
    pub most_megabytes: u64,
}

/// Bytes of a megabyte.
const MEGABYTE: u64 = 1_000_000;

/// What is to be chosen beside these choices, so that the network is a text of one's own; nothing while the size of the
/// images is not known.
pub fn opened_as_own(choices: &Choices, facts: Option<&DataFacts>) -> Choices {
    let spec = resolve(choices).spec;
    let Some(shape) = facts.map(|facts| facts.shape).or(spec.data.shape()) else {
        return Choices::new();
    };
    let opened = own::opened(&spec, shape, class_count(facts));
    let said = ["net", "task", "layers"].into_iter();
    said.filter_map(|key| Some((key.to_owned(), (Field::of(key)?.get)(&opened))))
        .collect()
}

/// The network of one's own of these choices as a list of lines.
pub fn outline(choices: &Choices, facts: Option<&DataFacts>) -> Outline {
    let spec = resolve(choices).spec;
    editor::outline(&spec, images(&spec, facts))
}

/// Does one edit to that list.
///
/// # Errors
/// As [`editor::edit`].
pub fn edit(choices: &Choices, facts: Option<&DataFacts>, edit: &Edit) -> Result<Edited> {
    let spec = resolve(choices).spec;
    editor::edit(&spec, images(&spec, facts), edit)
}

/// What a network gets, as far as it is known.
fn images(spec: &ExperimentSpec, facts: Option<&DataFacts>) -> Option<On> {
    let shape = facts.map(|facts| facts.shape).or(spec.data.shape())?;
    Some((shape, class_count(facts)))
}

/// The classes of a data set; ten where it is not known yet.
fn class_count(facts: Option<&DataFacts>) -> usize {
    facts.map_or(10, |facts| facts.classes.len())
}

impl View {
    /// Resolves these choices. `facts` are the data set's, once they are known: own files have no
    /// shapes before that, and bound the number of samples that run and that the fields take. They do
    /// not bound what was chosen, which may be meant for another data set.
    pub fn of(choices: &Choices, facts: Option<&DataFacts>) -> Self {
        let Resolved {
            mut spec,
            mut problems,
        } = resolve(choices);
        // Whichever is here, unless another one is meant.
        if let Some(facts) = facts.filter(|_| spec.data == DataSet::File && spec.set.is_empty()) {
            spec.set.clone_from(&facts.fingerprint);
        }
        let (chosen, link) = (spec.choices(), link::text(&spec));
        let mut fields = spec.fields();
        if let Some(facts) = facts {
            spec.train = spec.train.min(facts.train as u32);
            spec.test = spec.test.min(facts.test as u32);
            for (key, most) in [("train", facts.train), ("test", facts.test)] {
                for field in fields.iter_mut().filter(|field| field.key == key) {
                    problems.extend(bound(field, &chosen, most as u32));
                }
            }
        }
        let shape = facts.map(|facts| facts.shape).or(spec.data.shape());
        let classes = class_count(facts);
        let (network, refusal) = match shape.map(|shape| arch::build(&spec, shape, classes)) {
            None => (None, None),
            Some(Ok(network)) => (Some(network), None),
            Some(Err(problem)) => (None, Some(problem)),
        };
        let mark = refusal.as_ref();
        let mark = mark.and_then(|problem| Mark::of(problem, &spec.layers));
        let demand = Demand {
            most_weights: arch::MOST_WEIGHTS,
            megabytes: network
                .as_ref()
                .map(|network| memory::needed(network, &spec) / MEGABYTE),
            most_megabytes: arch::MOST_BYTES / MEGABYTE,
        };
        Self {
            choices: chosen,
            link,
            fields,
            problems,
            task: spec.task(),
            network: network.as_ref().map(Summary::of),
            refusal,
            mark,
            demand,
            steps_per_epoch: spec.steps_per_epoch(),
            total_steps: spec.total_steps(),
            byte_statistics: spec.has_byte_statistics(),
            spec,
        }
    }
}

/// Lets a field of whole numbers take, hold and fall back to no more than there are. Gives the problem of
/// a choice beyond that.
fn bound(field: &mut FieldView, chosen: &Choices, most: u32) -> Option<Problem> {
    if let Kind::Integer { min, max } = &mut field.kind {
        (*min, *max) = ((*min).min(most), (*max).min(most));
    }
    for value in [&mut field.value, &mut field.default] {
        if let Value::Number(number) = value {
            *number = number.min(f64::from(most));
        }
    }
    let problem = field.kind.check(chosen.get(field.key)?).err()?;
    Some(problem.about(field.key))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::ImageShape;
    use crate::base::error::Code;

    fn word(text: &str) -> Value {
        Value::Word(text.to_owned())
    }

    #[test]
    fn statistics_of_bytes_are_noticed() {
        let of = |link: &str| {
            View::of(
                &link::open(&format!("v=1&data=cifar10&{link}")).choices,
                None,
            )
            .byte_statistics
        };
        assert!(of(
            "normalize=custom&mean=123.675,116.28,103.53&std=58.395,57.12,57.375"
        ));
        assert!(!of(
            "normalize=custom&mean=0.485,0.456,0.406&std=0.229,0.224,0.225"
        ));
        assert!(!of("normalize=wrong"));
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
            fingerprint: "0123456789abcdef".into(),
            coarse: None,
            untrained: vec![],
            untested: vec![],
            cautions: vec![],
        };
        let view = View::of(
            &Choices::from([("data".into(), word("file"))]),
            Some(&facts),
        );
        assert_eq!(
            (view.spec.train, view.spec.test, view.steps_per_epoch),
            (60, 10, 1)
        );
        assert_eq!(view.spec.check_set(&facts), Ok(()));
        let choices = Choices::from([
            ("data".into(), word("file")),
            ("set".into(), word("f".repeat(16).as_str())),
        ]);
        let other = View::of(&choices, Some(&facts)).spec;
        assert_eq!(other.set, "f".repeat(16));
        assert_eq!(
            other.check_set(&facts).map_err(|problem| problem.code),
            Err(Code::OtherSet)
        );
        // Which set it is, a link says.
        assert!(
            view.link.ends_with("&set=0123456789abcdef"),
            "{}",
            view.link
        );
        assert_eq!(view.network.unwrap().rows.last().unwrap().output, [2]);
    }

    #[test]
    fn what_a_small_data_set_bounds_is_neither_chosen_nor_in_the_link() {
        let facts = |train, test| DataFacts {
            shape: ImageShape {
                channels: 1,
                height: 12,
                width: 12,
            },
            classes: vec!["a".into(), "b".into()],
            train,
            test,
            mean: vec![0.5],
            deviation: vec![0.5],
            untrained: vec![],
            untested: vec![],
            fingerprint: String::new(),
            coarse: None,
            cautions: vec![],
        };
        let own = Choices::from([("data".into(), word("file"))]);
        let view = View::of(&own, Some(&facts(52, 8)));
        assert_eq!((&view.choices, &*view.link), (&own, "v=1&data=file"));
        assert_eq!(view.problems, []);
        view.spec.validate().unwrap();
        let field = view
            .fields
            .iter()
            .find(|field| field.key == "test")
            .unwrap();
        assert_eq!(field.kind, Kind::Integer { min: 1, max: 8 });
        assert_eq!(
            (&field.value, &field.default),
            (&Value::Number(8.0), &Value::Number(8.0))
        );

        // What was meant for a larger set waits for it, and is told of here.
        let mut more = own.clone();
        more.insert("train".into(), Value::Number(5000.0));
        let view = View::of(&more, Some(&facts(52, 8)));
        assert_eq!((view.spec.train, view.choices), (52, more));
        let problem = &view.problems[0];
        assert_eq!(
            (problem.code, problem.field.as_deref()),
            (Code::OutOfRange, Some("train"))
        );
        assert_eq!(problem.params["max"], "52");
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
