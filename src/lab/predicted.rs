//! Who predicted what: what a class's links say of predictions, side by side.

use serde::Serialize;

use super::{Lab, Prediction};
use crate::base::error::{Code, Problem};
use crate::experiment::Value;
use crate::experiment::link::{Opened, PREDICTED};
use crate::experiment::pasted::{Pasted, pasted};

/// The predictions of a class in one lab.
#[derive(Debug, Clone, PartialEq, Serialize)]
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

/// The links of a text that somebody pasted. Of one that claims no result, what it says of a lab is all that it says: what is
/// wrong with that is told with it.
pub fn pasted_work(text: &str) -> Pasted {
    let mut found = pasted(text);
    for link in &mut found.links {
        if link.opened.claim.is_none() {
            link.opened = super::check(link.opened.clone());
        }
    }
    found
}

/// What these links say of predictions: each lab of which there are some, in the course's order.
pub fn predictions(pasted: &Pasted) -> Vec<LabPredictions> {
    super::all()
        .iter()
        .filter_map(|lab| LabPredictions::of(lab, pasted))
        .collect()
}

impl LabPredictions {
    fn of(lab: &Lab, pasted: &Pasted) -> Option<Self> {
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
        let name = |at: usize| pasted.links[at].name.as_str();
        for (at, link) in pasted.links.iter().enumerate() {
            let opened = &link.opened;
            let is_of_lab = opened.view.get("lab").is_some_and(|id| id == lab.id);
            let said = opened.predicted.as_ref();
            let Some(value) = said.filter(|said| is_of_lab && lab.can_predict(said)) else {
                continue;
            };
            let place = answers.iter().position(|answer| answer.value == *value);
            let place = place.unwrap_or_else(|| {
                let (value, links) = (value.clone(), Vec::new());
                answers.push(Predicted { value, links });
                answers.len() - 1
            });
            let links = &mut answers[place].links;
            let is_said = |other: &usize| !link.name.is_empty() && name(*other) == link.name;
            if !links.iter().any(is_said) {
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
        (count > 0).then_some(Self {
            lab: lab.id,
            row: lab.row,
            answers,
            count,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::link;

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
            assert_eq!(predictions(&found), []);
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
        let found = predictions(&pasted_work(text));
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
}
