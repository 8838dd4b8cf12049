//! Specs: what a person chose, and a whole spec from elsewhere, followed to the network.

use arbitrary::{Result, Unstructured};
use cnn_playground::arch::{self, pytorch};
use cnn_playground::base::error::{Code, Problem};
use cnn_playground::base::{DataFacts, ImageShape};
use cnn_playground::data::Transform;
use cnn_playground::experiment::{Choices, ExperimentSpec, FIELDS, Kind, Value, resolve};
use cnn_playground::view::View;
use serde_json::Value as Json;

use super::MB;
use crate::Target;

pub(super) const TARGET: Target = Target {
    name: "specs",
    memory: 16 * MB,
    longest: 500,
    seeds,
    run,
};

fn seeds() -> Vec<Vec<u8>> {
    // Bytes are drawn from, so that any will do.
    (0..16_u8)
        .map(|seed| (0..250_u8).map(|at| at.wrapping_mul(seed)).collect())
        .collect()
}

fn run(input: &[u8]) -> bool {
    judge(&mut Unstructured::new(input)).is_ok()
}

fn judge(bytes: &mut Unstructured) -> Result<()> {
    let facts = facts(bytes)?;
    let chosen = choices(bytes)?;
    let spec = resolve(&chosen).spec;
    assert_eq!(spec.validate(), Ok(()), "what choices come to is sound");
    let is_known = bytes.ratio(3_u8, 4)?;
    let view = View::of(&chosen, is_known.then_some(&facts));
    known(view.refusal.map_or(Ok(()), Err));
    follow(&spec, &facts);
    if let Some(spec) = changed(&spec, bytes)?
        && spec.validate().is_ok()
    {
        follow(&spec, &facts);
    }
    Ok(())
}

/// A spec that validates gives a network, its source and a transform, or a problem that a person can do something about.
fn follow(spec: &ExperimentSpec, facts: &DataFacts) {
    if let Some(network) = known(arch::build(spec, facts.shape, facts.classes.len())) {
        assert!(network.weights() <= arch::MOST_WEIGHTS);
        assert!(
            !pytorch::source(&network, spec.init, "", &pytorch::SourceWords::english()).is_empty()
        );
    }
    known(Transform::new(spec, facts));
    assert!(spec.total_steps() > 0);
}

fn known<T>(result: cnn_playground::base::error::Result<T>) -> Option<T> {
    match result {
        Ok(value) => Some(value),
        Err(Problem {
            code: Code::Internal,
            params,
            ..
        }) => panic!("{params:?}"),
        Err(_) => None,
    }
}

/// A data set such as [`cnn_playground::data::Dataset::whole`] lets in.
fn facts(bytes: &mut Unstructured) -> Result<DataFacts> {
    let channels = *bytes.choose(&[1, 3])?;
    let classes = bytes.int_in_range(2..=36_usize)?;
    let facts = DataFacts {
        shape: ImageShape {
            channels,
            height: bytes.int_in_range(4..=64)?,
            width: bytes.int_in_range(4..=64)?,
        },
        classes: (0..classes).map(|class| class.to_string()).collect(),
        train: bytes.int_in_range(1..=70_000)?,
        test: bytes.int_in_range(1..=70_000)?,
        mean: vec![0.5; channels],
        deviation: vec![0.5; channels],
        untrained: vec![],
        untested: vec![],
        fingerprint: String::new(),
        coarse: None,
        cautions: vec![],
    };
    assert_eq!(facts.check("facts"), Ok(()));
    Ok(facts)
}

fn choices(bytes: &mut Unstructured) -> Result<Choices> {
    let (mut chosen, mut spec) = (Choices::new(), ExperimentSpec::default());
    for field in FIELDS {
        if bytes.arbitrary()? {
            // The limits are those beside what has been chosen so far.
            let value = value(&(field.kind)(&spec), bytes)?;
            (field.set)(&mut spec, &value);
            chosen.insert(field.key.to_owned(), value);
        }
    }
    if bytes.ratio(1_u8, 16)? {
        chosen.insert(bytes.arbitrary()?, Value::Word(bytes.arbitrary()?));
    }
    Ok(chosen)
}

/// Mostly something that can stand there.
fn value(kind: &Kind, bytes: &mut Unstructured) -> Result<Value> {
    if bytes.ratio(1_u8, 16)? {
        return Ok(match bytes.int_in_range(0..=3)? {
            0 => Value::Switch(bytes.arbitrary()?),
            1 => Value::Number(bytes.arbitrary()?),
            2 => Value::Numbers(bytes.arbitrary()?),
            _ => Value::Word(bytes.arbitrary()?),
        });
    }
    let between = |bytes: &mut Unstructured, min: f64, max: f64| -> Result<f64> {
        let share = f64::from(bytes.arbitrary::<u8>()?) / 255.0;
        Ok((min + share * (max - min)).clamp(min, max))
    };
    Ok(match kind {
        Kind::Switch => Value::Switch(bytes.arbitrary()?),
        Kind::Choice { words } => Value::Word((*bytes.choose(words)?).to_owned()),
        Kind::Digest => Value::Word("0123456789abcdef".to_owned()),
        Kind::Layers { .. } => {
            let texts = ["conv4,relu,gap,fc", "flatten,fc8,:add(fc8),fc", "conv4,fc("];
            Value::Word((*bytes.choose(&texts)?).to_owned())
        }
        Kind::Integer { min, max } => {
            Value::Number(between(bytes, f64::from(*min), f64::from(*max))?.round())
        }
        Kind::Number { min, max } => Value::Number(between(bytes, *min, *max)?),
        Kind::Numbers { min, max, .. } => {
            let count = *bytes.choose(&[1, 2, 3])?;
            let numbers = (0..count).map(|_| between(bytes, *min, *max));
            Value::Numbers(numbers.collect::<Result<_>>()?)
        }
    })
}

/// The same spec with some of its numbers beyond all limits, as a stored one might have them.
fn changed(spec: &ExperimentSpec, bytes: &mut Unstructured) -> Result<Option<ExperimentSpec>> {
    let Ok(Json::Object(mut object)) = serde_json::to_value(spec) else {
        return Ok(None);
    };
    for value in object.values_mut() {
        if bytes.ratio(1_u8, 8)? {
            match value {
                Json::Number(number) if number.is_u64() => {
                    *value = (*bytes.choose(&[0, 1, 3, 1_000, u32::MAX])?).into();
                }
                Json::Number(_) => {
                    *value = (*bytes.choose(&[0.0, -1.0, 1e-300, 1e300])?).into();
                }
                Json::Array(_) => {
                    *value = Json::Array(vec![0.5.into(); bytes.int_in_range(0..=4)?])
                }
                Json::Bool(on) => *on = !*on,
                _ => {}
            }
        }
    }
    Ok(serde_json::from_value(Json::Object(object)).ok())
}
