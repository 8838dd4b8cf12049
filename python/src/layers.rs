//! PyTorch's layers: from their arguments to the playground's operations, by the table that each operation has a row of.

use cnn_playground::base::error::{Code, Problem};
use cnn_playground::operation::Operation;
use cnn_playground::operation::notation::{Around, Given as Setting, WordFacts};

use crate::fault::{Outcome, ReadingCause, ReadingFault};
use crate::machine::Machine;
use crate::near::near;
use crate::tensor::{Graph, Tensor, shown};
use crate::value::{Given, Object, Value, unknown};

/// Arguments that change a little of how a layer calculates, and nothing of its weights.
const LENIENT: [&str; 8] = [
    "eps",
    "momentum",
    "negative_slope",
    "alpha",
    "approximate",
    "mode",
    "align_corners",
    "track_running_stats",
];

/// Arguments that change nothing here.
const IGNORED: [&str; 6] = [
    "inplace",
    "device",
    "dtype",
    "training",
    "recompute_scale_factor",
    "antialias",
];

/// A constructor: what it makes, and its arguments.
#[derive(Debug, Clone)]
pub(crate) struct Signature {
    pub(crate) word: &'static str,
    name: String,
    /// Each with its default, as PyTorch writes it.
    arguments: Vec<(String, Option<String>)>,
}

fn signatures() -> Vec<Signature> {
    let each = Operation::calls().into_iter().map(|call| {
        let (name, rest) = call
            .signature
            .split_once('(')
            .unwrap_or((&call.signature, ""));
        let arguments = rest
            .trim_end_matches(')')
            .split(", ")
            .filter(|argument| !argument.is_empty());
        let arguments = arguments.map(|argument| match argument.split_once('=') {
            Some((name, usual)) => (name.to_owned(), Some(usual.to_owned())),
            None => (argument.to_owned(), None),
        });
        Signature {
            word: call.word,
            name: name.to_owned(),
            arguments: arguments.collect(),
        }
    });
    each.collect()
}

/// The constructor of this name, or that which has the function's: `max_pool2d` is `MaxPool2d`.
pub(crate) fn signature(name: &str) -> Option<Signature> {
    let letters = |name: &str| name.replace('_', "").to_lowercase();
    signatures()
        .into_iter()
        .find(|known| letters(&known.name) == letters(name))
}

impl Signature {
    /// The argument of this name.
    fn find<'a>(&self, given: &Given<'a>, name: &str) -> Option<Value<'a>> {
        let at = self.arguments.iter().position(|(known, _)| known == name)?;
        given.get(at, name)
    }
}

impl<'a> Machine<'a> {
    /// An argument that a layer was made with.
    pub(crate) fn argument(
        &mut self,
        object: &Object<'a>,
        given: &Given<'a>,
        name: &str,
    ) -> Option<Value<'a>> {
        let class = object.class.torch()?;
        let signature = signature(&class.name)?;
        let value = signature.find(given, name)?;
        Some(match (name, value) {
            // As PyTorch keeps it.
            ("kernel_size" | "stride" | "padding" | "dilation", Value::Int(value))
                if class.name.starts_with("Conv") =>
            {
                Value::tuple(vec![Value::Int(value), Value::Int(value)])
            }
            (_, value) => value,
        })
    }

    pub(crate) fn traced(&mut self) -> Outcome<&mut Graph> {
        self.graph
            .as_mut()
            .ok_or_else(|| ReadingFault::new(ReadingCause::Result))
    }

    pub(crate) fn operation(
        &mut self,
        signature: &Signature,
        given: &Given<'a>,
        tensor: &Tensor,
    ) -> Outcome<Tensor> {
        let words = Operation::words();
        let facts = words.iter().find(|facts| facts.word == signature.word);
        let facts = facts
            .ok_or_else(|| ReadingFault::new(ReadingCause::Layer).with("name", &signature.name))?;
        let knows = |name: &str| {
            signature.arguments.iter().any(|(known, _)| known == name) || IGNORED.contains(&name)
        };
        let wrong = |cause: ReadingCause, name: &str| {
            ReadingFault::new(cause)
                .with("name", name)
                .with("of", format!("nn.{}", signature.name))
        };
        if let Some((name, _)) = given.named.iter().find(|(name, _)| !knows(name)) {
            let known = signature.arguments.iter().map(|(known, _)| &**known);
            let meant = near(name, known).map(|meant| format!("{meant}=…"));
            return Err(wrong(ReadingCause::ArgumentUnknown, name).near(meant));
        }
        let mut settings: Vec<Setting<'_>> = Vec::new();
        for (name, usual) in &signature.arguments {
            let value = signature.find(given, name);
            if let Some(Value::Unknown(name)) = &value {
                return Err(unknown(name));
            }
            if value.is_none() && usual.is_none() {
                return Err(wrong(ReadingCause::Argument, name));
            }
            let is_setting = facts
                .settings
                .iter()
                .any(|setting| base(setting.name) == name);
            let shown_value = value
                .as_ref()
                .map(|value| self.shown(value, true))
                .transpose()?;
            match (&value, is_setting) {
                _ if name == "size" => {
                    if let Some(value) = value.filter(|value| !matches!(value, Value::None)) {
                        settings.push(enlarged(&value, tensor)?);
                    }
                }
                (_, true) => self.settings(
                    facts,
                    name,
                    value,
                    usual.as_deref(),
                    &mut settings,
                    signature,
                )?,
                (Some(value), false)
                    if [
                        "in_channels",
                        "in_features",
                        "num_features",
                        "num_channels",
                        "normalized_shape",
                    ]
                    .contains(&&**name) =>
                {
                    fits(name, value, tensor, signature)?;
                }
                (Some(Value::Bool(true)), _) if name == "ceil_mode" => {}
                (Some(_), false) if IGNORED.contains(&&**name) => {}
                (Some(_), false)
                    if shown_value != *usual
                        && !same_number(shown_value.as_deref(), usual.as_deref()) =>
                {
                    let usual = usual.as_deref().unwrap_or_default();
                    let lenient = LENIENT.contains(&&**name);
                    let cause = if lenient {
                        ReadingCause::SettingIs
                    } else {
                        ReadingCause::Setting
                    };
                    let said = ReadingFault::new(cause)
                        .with("name", name)
                        .with("value", shown_value.unwrap_or_default());
                    let said = said
                        .with("usual", usual.trim_matches('\''))
                        .with("of", format!("nn.{}", signature.name));
                    if !lenient {
                        return Err(said);
                    }
                    self.traced()?.remark(said);
                }
                _ => {}
            }
        }
        let read = Operation::read(signature.word, &settings, Around::default());
        let operation = match read {
            Some(Ok(operation)) => operation,
            Some(Err(fault)) => {
                return Err(ReadingFault::of(
                    fault
                        .problem
                        .with("layer", format!("nn.{}", signature.name)),
                ));
            }
            None => {
                return Err(ReadingFault::new(ReadingCause::Layer).with("name", &signature.name));
            }
        };
        let operation = match signature.find(given, "ceil_mode") {
            Some(Value::Bool(true)) => self.rounded_up(operation, tensor, &signature.name)?,
            _ => operation,
        };
        let graph = self.traced()?;
        let applied = match of_axes(&signature.name, tensor) {
            Ok(()) => graph.apply(operation, tensor),
            Err(problem) => Err(ReadingFault::of(problem)),
        };
        applied.map_err(|mut fault| {
            if let Some(problem) = fault.problem.take() {
                let problem = problem.with("layer", format!("nn.{}", signature.name));
                fault.problem = Some(problem.with("shape", shown(&tensor.sizes)));
            }
            fault
        })
    }

    /// Settings of the notation from an argument, which may be a pair.
    fn settings(
        &mut self,
        facts: &WordFacts,
        name: &str,
        value: Option<Value<'a>>,
        usual: Option<&str>,
        settings: &mut Vec<Setting<'_>>,
        signature: &Signature,
    ) -> Outcome<()> {
        let of = || format!("nn.{}", signature.name);
        let pair = match value {
            Some(Value::None) => return Ok(()),
            Some(Value::Text(text)) if &*text == "same" => return Ok(()),
            Some(Value::Text(text)) if &*text == "valid" => [0.0; 2],
            Some(Value::Bool(value)) => [f64::from(u8::from(value)); 2],
            Some(value @ (Value::Int(_) | Value::Float(_))) => [value.number()?; 2],
            Some(value @ (Value::Tuple(_) | Value::List(_))) => {
                let values: Outcome<Vec<_>> =
                    self.iterate(&value)?.iter().map(Value::number).collect();
                match values?[..] {
                    [one] => [one; 2],
                    [rows, columns] => [rows, columns],
                    _ => {
                        return Err(ReadingFault::new(ReadingCause::Whole)
                            .with("name", name)
                            .with("value", self.shown(&value, true)?)
                            .with("of", of()));
                    }
                }
            }
            Some(other) => {
                return Err(ReadingFault::new(ReadingCause::Type)
                    .with("what", format!("{name}: {}", other.kind())));
            }
            None => match usual {
                Some("None") | None => return Ok(()),
                Some("True") => [1.0; 2],
                Some("False") => [0.0; 2],
                Some(usual) => [usual.parse().unwrap_or_default(); 2],
            },
        };
        let known: Vec<_> = facts
            .settings
            .iter()
            .filter(|setting| base(setting.name) == name)
            .collect();
        if pair[0] != pair[1] && known.len() == 1 {
            let value = format!("({}, {})", pair[0], pair[1]);
            return Err(ReadingFault::new(ReadingCause::Setting)
                .with("name", name)
                .with("value", value)
                .with("usual", pair[0])
                .with("of", of()));
        }
        for (setting, value) in known.into_iter().zip(pair) {
            settings.push(Setting {
                letter: setting.letter,
                value,
                place: (0, 0),
            });
        }
        Ok(())
    }
}

/// Whether what is normalized has as many axes as the layer's name says, which our own has none in.
fn of_axes(name: &str, tensor: &Tensor) -> Result<(), Problem> {
    let asked = match name {
        "BatchNorm1d" => (2, Code::LayerNeedsVector),
        "BatchNorm2d" => (4, Code::LayerNeedsImage),
        _ => return Ok(()),
    };
    match tensor.sizes.len() == asked.0 {
        true => Ok(()),
        false => Err(Problem::new(asked.1)),
    }
}

/// A setting's name without the number of its axis.
fn base(name: &str) -> &str {
    name.split('[').next().unwrap_or(name)
}

fn same_number(one: Option<&str>, other: Option<&str>) -> bool {
    let number = |text: Option<&str>| text.and_then(|text| text.parse::<f64>().ok());
    number(one).is_some() && number(one) == number(other)
}

/// How many times larger an image is to become.
fn enlarged<'s>(size: &Value<'_>, tensor: &Tensor) -> Outcome<Setting<'s>> {
    let values = size.values().unwrap_or_else(|| vec![size.clone(); 2]);
    let sizes: Outcome<Vec<_>> = values.iter().map(Value::int).collect();
    let fault = || {
        ReadingFault::new(ReadingCause::Setting)
            .with("name", "size")
            .with("of", "nn.Upsample")
            .with("usual", "scale_factor=2")
    };
    match (&sizes?[..], &tensor.sizes[..]) {
        ([rows, columns], [_, _, height, width])
            if *height > 0
                && rows % height == 0
                && rows / height == columns / width
                && columns % width == 0 =>
        {
            Ok(Setting {
                letter: "",
                value: (rows / height) as f64,
                place: (0, 0),
            })
        }
        (sizes, _) => Err(fault().with("value", format!("{sizes:?}"))),
    }
}

/// Whether a layer that was made for so many channels or features gets as many.
fn fits(name: &str, value: &Value<'_>, tensor: &Tensor, signature: &Signature) -> Outcome<()> {
    let sizes = &tensor.sizes[1..];
    let found = match name {
        "in_features" => sizes.last().copied().into_iter().collect(),
        "normalized_shape" if value.values().is_some() => sizes.to_vec(),
        _ => sizes.first().copied().into_iter().collect::<Vec<_>>(),
    };
    let expected: Outcome<Vec<_>> = match value.values() {
        Some(values) => values.iter().map(Value::int).collect(),
        None => Ok(vec![value.int()?]),
    };
    let expected = expected?;
    if expected == found && (name != "in_features" || sizes.len() == 1) {
        return Ok(());
    }
    let text = |numbers: &[i64]| {
        numbers
            .iter()
            .map(i64::to_string)
            .collect::<Vec<_>>()
            .join("×")
    };
    let fault = ReadingFault::new(ReadingCause::Input)
        .with("name", name)
        .with("expected", text(&expected));
    let found = if name == "in_features" && sizes.len() > 1 {
        shown(&tensor.sizes)
    } else {
        text(&found)
    };
    let fault = fault
        .with("found", found)
        .with("shape", shown(&tensor.sizes));
    Err(fault.with("of", format!("nn.{}", signature.name)))
}
