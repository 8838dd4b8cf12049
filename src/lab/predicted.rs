//! Who predicted what: what a class's links say of predictions, beside what came out of the class's runs.

use serde::Serialize;

use super::{Lab, Options, Prediction};
use crate::base::error::{Code, Problem};
use crate::experiment::link::{self, Opened, PREDICTED};
use crate::experiment::pasted::{Pasted, pasted};
use crate::experiment::{Choices, ExperimentSpec, Value, resolve};
use crate::runs::{ClassResults, Variant};

/// The predictions of a class in one lab.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct LabPredictions {
    /// Which lab.
    pub lab: &'static str,
    /// Its number in the course's order.
    pub row: u32,
    /// Each answer: those that can be chosen in the lab's order, also where nobody gave it; numbers from the smallest on.
    pub answers: Vec<Predicted>,
    /// How many predictions there are.
    pub count: usize,
    /// The right one, where it is arithmetic: that of the lab as it opens, whose options a prediction does not say.
    pub right: Option<Value>,
    /// Those of the class's experiments that are runs of this lab, in the order of its runs.
    pub came_out: Vec<CameOut>,
}

/// A run of a lab, and what the class got of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct CameOut {
    /// The run: its words are `lab.<id>.run.<label>`.
    pub label: &'static str,
    /// The index of its experiment among the class's.
    pub variant: usize,
}

/// One answer, and who gave it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Predicted {
    /// The answer.
    pub value: Value,
    /// The index of each link that says it; the same person's, once.
    pub links: Vec<usize>,
}

/// The largest number that is exact in a `f64`, and so on the page.
const LARGEST: f64 = 9_007_199_254_740_991.0;

impl Lab {
    /// Whether this can be a prediction in this lab.
    pub fn can_predict(&self, said: &Value) -> bool {
        match (self.prediction, said) {
            (Prediction::Choice { words }, Value::Word(said)) => words.contains(&said.as_str()),
            (Prediction::Number, Value::Number(said)) => {
                said.fract() == 0.0 && (0.0..=LARGEST).contains(said)
            }
            _ => false,
        }
    }

    /// The text of the link that says a prediction in this lab.
    pub fn predicted(&self, prediction: &Value) -> String {
        format!("v=1&lab={}&{PREDICTED}={prediction}", self.id)
    }
}

/// Leaves out of a link what is none of its lab's predictions, with a problem that names it.
pub(super) fn check(opened: &mut Opened) {
    let lab = opened.view.get("lab").and_then(|id| Lab::of(id).ok());
    let Some(said) = &opened.predicted else {
        return;
    };
    if lab.is_some_and(|lab| lab.can_predict(said)) {
        return;
    }
    let problem = match lab.map(|lab| lab.prediction) {
        None => Problem::new(Code::DoesNotApply).with("key", PREDICTED),
        Some(Prediction::Number) => Problem::new(Code::NotANumber).about(PREDICTED),
        Some(Prediction::Choice { words }) => Problem::new(Code::UnknownChoice)
            .about(PREDICTED)
            .with("choices", words.join(", ")),
    };
    opened
        .problems
        .push(problem.with("value", said.to_string()));
    opened.predicted = None;
}

/// The links of a text that somebody pasted, each with a prediction only if it is one. Of a link that claims no result, what it
/// says of a lab is all that it says: what is wrong with that is told with it.
pub fn pasted_work(text: &str) -> Pasted {
    let mut found = pasted(text);
    for link in &mut found.links {
        let checked = super::check(link.opened.clone());
        if link.opened.claim.is_none() {
            link.opened = checked;
        } else {
            link.opened.predicted = checked.predicted;
        }
    }
    found
}

/// What these links say of predictions: each lab of which there are some, in the course's order, beside what came out in the
/// `class`, which is of the same links.
pub fn predictions(pasted: &Pasted, class: &ClassResults) -> Vec<LabPredictions> {
    super::all()
        .iter()
        .filter_map(|lab| LabPredictions::of(lab, pasted, class))
        .collect()
}

/// An experiment without what a lab chooses for a device, and without its seed.
fn whatever_size(spec: ExperimentSpec) -> ExperimentSpec {
    let usual = ExperimentSpec::default();
    ExperimentSpec {
        train: usual.train,
        test: usual.test,
        epochs: usual.epochs,
        seed: usual.seed,
        ..spec
    }
}

impl LabPredictions {
    fn of(lab: &Lab, pasted: &Pasted, class: &ClassResults) -> Option<Self> {
        let mut answers: Vec<Predicted> = match lab.prediction {
            Prediction::Number => Vec::new(),
            Prediction::Choice { words } => {
                let each = words.iter().map(|word| Predicted {
                    value: Value::Word((*word).to_owned()),
                    links: Vec::new(),
                });
                each.collect()
            }
        };
        for (at, link) in pasted.links.iter().enumerate() {
            let is_of_lab = link.opened.view.get("lab").is_some_and(|id| id == lab.id);
            let Some(value) = link.opened.predicted.as_ref().filter(|_| is_of_lab) else {
                continue;
            };
            let place = answers.iter().position(|answer| answer.value == *value);
            let place = place.unwrap_or_else(|| {
                let (value, links) = (value.clone(), Vec::new());
                answers.push(Predicted { value, links });
                answers.len() - 1
            });
            let links = &mut answers[place].links;
            let is_theirs = |other: &usize| pasted.links[*other].name == link.name;
            if link.name.is_empty() || !links.iter().any(is_theirs) {
                links.push(at);
            }
        }
        if let Prediction::Number = lab.prediction {
            let number = |answer: &Predicted| match answer.value {
                Value::Number(number) => number,
                _ => f64::NAN,
            };
            answers.sort_by(|one, other| number(one).total_cmp(&number(other)));
        }
        let count = answers.iter().map(|answer| answer.links.len()).sum();
        (count > 0).then(|| Self {
            lab: lab.id,
            row: lab.row,
            answers,
            count,
            right: lab
                .conclude(&Choices::new(), &[], None)
                .and_then(|conclusion| conclusion.answer),
            came_out: lab.came_out(&class.variants),
        })
    }
}

impl Lab {
    /// Which of these experiments are runs of this lab, with whatever options, size and seed.
    fn came_out(&self, variants: &[Variant]) -> Vec<CameOut> {
        let runs: Vec<_> = Options::every(self)
            .iter()
            .flat_map(self.entries)
            .map(|entry| (entry.label, whatever_size(link::known_spec(&entry.link))))
            .collect();
        let place = |variant: &Variant| {
            let spec = whatever_size(resolve(&variant.choices).spec);
            runs.iter().position(|(_, run)| *run == spec)
        };
        let each = variants.iter().enumerate();
        let mut found: Vec<_> = each
            .filter_map(|(variant, one)| Some((place(one)?, variant)))
            .collect();
        found.sort_unstable();
        let named = |(place, variant): (usize, usize)| CameOut {
            label: runs[place].0,
            variant,
        };
        found.into_iter().map(named).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(pasted: &Pasted) -> Vec<LabPredictions> {
        predictions(pasted, &ClassResults::of(pasted, &[]))
    }

    #[test]
    fn every_prediction_of_every_lab_comes_back_from_its_link() {
        for lab in super::super::all() {
            let values: Vec<Value> = match lab.prediction {
                Prediction::Number => [0.0, 108.0, LARGEST].map(Value::Number).into(),
                Prediction::Choice { words } => {
                    let word = |word: &&str| Value::Word((*word).to_owned());
                    words.iter().map(word).collect()
                }
            };
            for value in values {
                let text = lab.predicted(&value);
                let opened = super::super::check(link::open(&text));
                assert_eq!(opened.problems, [], "{text}");
                assert_eq!(opened.view["lab"], lab.id);
                assert_eq!(opened.predicted, Some(value));
            }
        }
    }

    #[test]
    fn what_is_no_prediction_of_the_lab_is_left_out_and_named() {
        for (text, code) in [
            ("v=1&lab=residual&predicted=<b>", Code::UnknownChoice),
            ("v=1&lab=parameters&predicted=many", Code::NotANumber),
            ("v=1&lab=parameters&predicted=-3", Code::NotANumber),
            ("v=1&lab=parameters&predicted=1.5", Code::NotANumber),
            ("v=1&lab=parameters&predicted=inf", Code::NotANumber),
            ("v=1&predicted=108", Code::DoesNotApply),
        ] {
            let found = pasted_work(&format!("Ann #{text}"));
            let opened = &found.links[0].opened;
            let codes: Vec<_> = opened.problems.iter().map(|problem| problem.code).collect();
            assert_eq!(
                (codes, opened.predicted.clone()),
                (vec![code], None),
                "{text}"
            );
            assert_eq!(said(&found), []);
        }
    }

    #[test]
    fn who_predicted_what_is_counted_by_answer_and_a_person_once() {
        let text = "Ann #v=1&lab=residual&predicted=plain\n\
             Bob #v=1&lab=residual&predicted=residual\n\
             Ann #v=1&lab=residual&predicted=plain\n\
             #v=1&lab=residual&predicted=plain\n\
             Eve #v=1&lab=parameters&predicted=108\n\
             Mo #v=1&lab=parameters&predicted=36\n\
             Li #v=1&lab=residual";
        let found = said(&pasted_work(text));
        let labs: Vec<_> = found.iter().map(|one| (one.lab, one.count)).collect();
        assert_eq!(labs, [("parameters", 2), ("residual", 3)]);
        let links = |at: usize| -> Vec<_> {
            let said = |answer: &Predicted| (answer.value.to_string(), answer.links.clone());
            found[at].answers.iter().map(said).collect()
        };
        assert_eq!(
            links(0),
            [("36".to_owned(), vec![5]), ("108".to_owned(), vec![4])]
        );
        let residual: std::collections::BTreeMap<_, _> = links(1).into_iter().collect();
        assert_eq!(
            (&residual["plain"], &residual["residual"]),
            (&vec![0, 3], &vec![1])
        );
        // An answer that nobody gave is there too.
        let Prediction::Choice { words } = Lab::of("residual").unwrap().prediction else {
            panic!();
        };
        assert_eq!(found[1].answers.len(), words.len());
    }
    #[test]
    fn beside_predictions_stands_what_the_class_got_of_the_runs_of_that_lab() {
        let claim = |seed: u32, more: &str, accuracy: f64| {
            format!(
                "#v=1&data=cifar10&net=resnet&width=8{more}&train=4000&test=500&seed={seed}&result={accuracy},1.5,126,{seed:016x},0.1.0,cpu\n"
            )
        };
        let text = [
            claim(1, "&blocks=3&batchnorm=off", 0.4),
            claim(2, "&blocks=3&batchnorm=off", 0.42),
            claim(1, "&blocks=3&batchnorm=off&residual=off", 0.3),
            // No run of any lab, and one of another.
            claim(1, "&blocks=3&batchnorm=off&lr=0.5", 0.1),
            "#v=1&net=lenet&train=640&test=100&result=0.5,1.5,20,0123456789abcdef,0.1.0,cpu\n"
                .to_owned(),
            "Ann #v=1&lab=residual&predicted=plain\nBob #v=1&lab=parameters&predicted=36\n"
                .to_owned(),
        ]
        .concat();
        let found = pasted_work(&text);
        assert!(
            found
                .links
                .iter()
                .all(|link| link.opened.problems.is_empty())
        );
        let class = ClassResults::of(&found, &[]);
        let labs = predictions(&found, &class);
        let [parameters, residual] = &labs[..] else {
            panic!("{labs:?}");
        };
        let told = residual.came_out.iter();
        let told: Vec<_> = told
            .map(|one| (one.label, class.variants[one.variant].mean))
            .collect();
        let [("plain", plain), ("residual", deep)] = told[..] else {
            panic!("{told:?}");
        };
        assert!((plain - 0.3).abs() < 1e-6 && (deep - 0.41).abs() < 1e-6);
        assert_eq!(residual.right, None);
        // What no run decides is known: 3 · 3 · 3 · 4 and a bias each, or without, as the lab asks.
        assert_eq!(parameters.came_out, []);
        assert!(matches!(parameters.right, Some(Value::Number(_))));
    }

    #[test]
    fn every_run_of_every_lab_is_found_among_the_runs_of_the_class() {
        for lab in super::super::all() {
            for options in Options::every(lab) {
                for entry in (lab.entries)(&options) {
                    let mut choices = link::known(&entry.link);
                    for (key, value) in [("train", 320.0), ("test", 100.0), ("seed", 7.0)] {
                        choices.insert(key.to_owned(), Value::Number(value));
                    }
                    let variant = Variant {
                        choices: resolve(&choices).spec.choices(),
                        results: Vec::new(),
                        mean: 0.5,
                        deviation: None,
                    };
                    assert_eq!(
                        lab.came_out(&[variant]).len(),
                        1,
                        "{} {}",
                        lab.id,
                        entry.link
                    );
                }
            }
        }
    }
}
