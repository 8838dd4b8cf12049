//! From what a person chose to a whole spec, and back to what differs from the defaults.

use std::collections::BTreeMap;

use serde::Serialize;

use super::field::Group;
use super::{
    Activation, Attention, Augment, Block, DataSet, ExperimentSpec, FIELDS, Family, Field, Head,
    Inception, Init, Joining, Kind, Normalize, Optimizer, Order, Permute, Pool, Schedule, Shortcut,
    Stop, Task, Value, typed,
};
use crate::base::digest;
use crate::base::error::{Code, Problem, Result, shown};

/// What a person chose: values by field key. Everything else is a default.
pub type Choices = BTreeMap<String, Value>;

/// A spec, and what became of each choice.
#[derive(Debug, Clone, PartialEq)]
pub struct Resolved {
    /// The whole spec, every value within its limits.
    pub spec: ExperimentSpec,
    /// One for each choice that was dropped.
    pub problems: Vec<Problem>,
}

/// A field as a control shows it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct FieldView {
    /// Its name.
    pub key: &'static str,
    /// Where it stands.
    pub group: Group,
    /// What it takes, for this spec.
    pub kind: Kind,
    /// What it is.
    pub value: Value,
    /// Its default, for this spec.
    pub default: Value,
    /// Whether it has any effect, for this spec.
    pub applies: bool,
    /// If it has none: the first family of networks with which it would have, if there is one.
    pub family: Option<Family>,
}

/// Makes the whole spec of these choices. A choice that cannot stand is dropped, with a problem
/// that names it.
pub fn resolve(choices: &Choices) -> Resolved {
    let mut spec = blank();
    let mut problems = Vec::new();
    for field in FIELDS {
        let default = (field.default)(&spec);
        (field.set)(&mut spec, &default);
        let Some(value) = choices.get(field.key) else {
            continue;
        };
        let value = (field.kind)(&spec).read(value);
        match field.check(&spec, &value) {
            Ok(()) => (field.set)(&mut spec, &value),
            Err(problem) => problems.push(problem),
        }
    }
    let unknown = choices.iter().filter(|(key, _)| Field::of(key).is_none());
    problems.extend(unknown.map(|(key, value)| {
        Problem::new(Code::UnknownParameter)
            .with("key", key)
            .with("value", value)
    }));
    Resolved { spec, problems }
}

impl ExperimentSpec {
    /// Checks a spec that came from outside against the table.
    ///
    /// # Errors
    /// The first field that is outside its limits, with the limit.
    pub fn validate(&self) -> Result<()> {
        for field in FIELDS.iter().filter(|field| (field.applies)(self)) {
            field.check(self, &(field.get)(self))?;
        }
        Ok(())
    }

    /// What differs from the defaults: the choices that make this spec.
    pub fn choices(&self) -> Choices {
        let chosen = FIELDS
            .iter()
            .filter(|field| (field.applies)(self) && (field.get)(self) != (field.default)(self));
        chosen
            .map(|field| (field.key.to_owned(), (field.get)(self)))
            .collect()
    }

    /// Every field, as a control shows it.
    pub fn fields(&self) -> Vec<FieldView> {
        let view = |field: &Field| FieldView {
            key: field.key,
            group: field.group,
            kind: (field.kind)(self),
            value: (field.get)(self),
            default: (field.default)(self),
            applies: (field.applies)(self),
            family: self.family_with(field),
        };
        FIELDS.iter().map(view).collect()
    }

    /// The first family of networks with which a field applies, if it does not with this one.
    fn family_with(&self, field: &Field) -> Option<Family> {
        if (field.applies)(self) {
            return None;
        }
        let mut families = Family::WORDS.iter().filter_map(|word| Family::parse(word));
        families.find(|&net| {
            (field.applies)(&Self {
                net,
                ..self.clone()
            })
        })
    }
}

/// The fields in which these specs are not all the same, each with its value in every spec;
/// `None` where it has no effect there.
pub fn differences(specs: &[ExperimentSpec]) -> Vec<(&'static str, Vec<Option<Value>>)> {
    let row = |field: &Field| -> Vec<Option<Value>> {
        specs
            .iter()
            .map(|spec| (field.applies)(spec).then(|| (field.get)(spec)))
            .collect()
    };
    let rows = FIELDS.iter().map(|field| (field.key, row(field)));
    rows.filter(|(_, values)| values.windows(2).any(|pair| pair[0] != pair[1]))
        .collect()
}

impl Field {
    /// Whether the value can stand in the field.
    fn check(&self, spec: &ExperimentSpec, value: &Value) -> Result<()> {
        let problem = |code| Problem::new(code).with("value", value);
        let found = match ((self.applies)(spec), (self.kind)(spec), value) {
            (false, _, _) => Err(problem(Code::DoesNotApply).with("key", self.key)),
            (_, Kind::Choice { words }, Value::Word(word))
                if !words.contains(&word.as_str()) && self.known.contains(&word.as_str()) =>
            {
                Err(problem(Code::NotForData).with("data", spec.data.word()))
            }
            (_, kind, value) => kind.check(value),
        };
        found.map_err(|problem| problem.about(self.key))
    }
}

impl Kind {
    /// Whether this is a value of this kind, within its limits.
    ///
    /// # Errors
    /// The limit that it breaks; the problem names no field yet.
    pub fn check(&self, value: &Value) -> Result<()> {
        let problem = |code| Problem::new(code).with("value", value);
        let within = |number: f64, min: f64, max: f64| match number {
            _ if number.is_nan() => Err(problem(Code::NotANumber)),
            _ if number >= min && number <= max => Ok(()),
            _ => Err(problem(Code::OutOfRange).with("min", min).with("max", max)),
        };
        match (self, value) {
            (Self::Switch, Value::Switch(_)) => Ok(()),
            (Self::Switch, _) => Err(problem(Code::UnknownChoice).with("choices", "on, off")),
            (Self::Choice { words }, Value::Word(word)) if words.contains(&word.as_str()) => Ok(()),
            (Self::Choice { words }, _) => {
                Err(problem(Code::UnknownChoice).with("choices", words.join(", ")))
            }
            (Self::Integer { min, max }, Value::Number(number)) => {
                within(*number, f64::from(*min), f64::from(*max))?;
                if number.fract() == 0.0 {
                    Ok(())
                } else {
                    Err(problem(Code::NotWhole))
                }
            }
            (Self::Number { min, max }, Value::Number(number)) => within(*number, *min, *max),
            (Self::Numbers { channels, min, max }, Value::Numbers(numbers)) => {
                let channels = channels.unwrap_or(3);
                if numbers.len() != 1 && numbers.len() != channels {
                    return Err(problem(Code::WrongCount)
                        .with("found", numbers.len())
                        .with("expected", channels));
                }
                numbers
                    .iter()
                    .try_for_each(|number| within(*number, *min, *max))
            }
            (Self::Digest, Value::Word(text)) if text.is_empty() || digest::is_short(text) => {
                Ok(())
            }
            (Self::Digest, _) => Err(problem(Code::BadFingerprint)),
            (Self::Layers { longest }, Value::Word(text)) if text.len() > *longest => {
                Err(Problem::new(Code::TooLong)
                    .with("found", text.len())
                    .with("limit", longest))
            }
            // A text that is wrong is kept, so that the person can mend it.
            (Self::Layers { .. }, Value::Word(text)) if typed::layers(text) == *text => Ok(()),
            (Self::Layers { .. }, _) => {
                Err(problem(Code::UnknownChoice).with("choices", "a–z 0–9 _ . , ; : ( )"))
            }
            (Self::Integer { min, max }, Value::Word(text)) => {
                Err(refused(text, f64::from(*min), f64::from(*max)))
            }
            (Self::Number { min, max } | Self::Numbers { min, max, .. }, Value::Word(text)) => {
                Err(refused(text, *min, *max))
            }
            (Self::Integer { .. } | Self::Number { .. } | Self::Numbers { .. }, _) => {
                Err(problem(Code::NotANumber))
            }
        }
    }
}

/// Why a text is no value of a field of numbers: of several, the one that is at fault is named, as it was written.
fn refused(text: &str, min: f64, max: f64) -> Problem {
    let is_sound = |part: &str| typed::number(part, false).is_some_and(f64::is_finite);
    let mut parts = text.split([';', '；']).map(str::trim);
    let part = parts.find(|part| !is_sound(part)).unwrap_or(text);
    let is_too_large = |numbers: Vec<f64>| numbers.iter().any(|number| number.is_infinite());
    match typed::numbers(part).is_some_and(is_too_large) {
        true => Problem::new(Code::OutOfRange)
            .with("min", min)
            .with("max", max),
        false => Problem::new(Code::NotANumber),
    }
    .with("value", shown(part))
}

/// Where resolving starts: each member is overwritten with its field's default before anything reads it,
/// since every member has a row in the table.
fn blank() -> ExperimentSpec {
    ExperimentSpec {
        data: DataSet::Mnist,
        train: 0,
        test: 0,
        permute: Permute::Off,
        normalize: Normalize::Unit,
        mean: Vec::new(),
        std: Vec::new(),
        net: Family::Cnn,
        blocks: 0,
        width: 0,
        residual: false,
        join: Joining::Add,
        block: Block::Basic,
        shortcut: Shortcut::Projection,
        inception: Inception::Reduced,
        batchnorm: false,
        dropout: 0.0,
        activation: Activation::Relu,
        pool: Pool::Max,
        head: Head::Dense,
        attention: Attention::None,
        optimizer: Optimizer::Adam,
        lr: 0.0,
        momentum: 0.0,
        decay: 0.0,
        schedule: Schedule::Constant,
        batch: 0,
        stop: Stop::Epochs,
        epochs: 0,
        steps: 0,
        seed: 0,
        order: Order::Shuffled,
        augment: Augment::None,
        init: Init::PyTorch,
        smoothing: 0.0,
        nesterov: false,
        stages: 0,
        auxiliary: false,
        set: String::new(),
        task: Task::Classify,
        layers: String::new(),
        until: 0.0,
    }
}

impl Default for ExperimentSpec {
    fn default() -> Self {
        resolve(&Choices::new()).spec
    }
}

#[cfg(test)]
mod tests;
