//! The calculator: one layer from the numbers that a person types, with its shape, weights and
//! multiply-adds, before there is any data or device.

mod presets;

use crate::operation::{Conv2d, Flatten, Linear, Shape};
use std::collections::BTreeMap;

use serde::Serialize;

pub use presets::presets;

use super::summary::Row;
use super::{Shaped, Summary, sequential};
use crate::base::ImageShape;
use crate::base::error::{Code, Problem, Result};
use crate::experiment::field::Group;
use crate::experiment::{Choices, FieldView, Kind, Value};

/// The most weights of a layer, so that all counts fit 32 bits.
const MOST: u64 = 1_000_000_000;

/// The layers that can be calculated.
const LAYERS: &[&str] = &["conv2d", "linear"];

/// What the calculator says of a layer.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct LayerAnswer {
    /// Every number that can be typed, with its limits beside the others.
    pub fields: Vec<FieldView>,
    /// A problem for each invalid number; the layer is then computed without it.
    pub problems: Vec<Problem>,
    /// The layer, unless it is impossible.
    pub row: Option<Row>,
    /// Its weights and biases together.
    pub parameters: usize,
    /// Channels that each filter sees: its group's.
    pub seen: usize,
    /// Edge of the part of the input that one output sees.
    pub span: usize,
}

/// A number of the question: its name, its limits beside those above it, its default, and whether
/// a dense layer has it too.
struct Setting {
    key: &'static str,
    kind: fn(&Typed) -> Kind,
    default: u32,
    dense: bool,
}

/// The numbers by key; words by their place among the choices, switches as 0 and 1.
struct Typed(BTreeMap<&'static str, u32>);

impl Typed {
    fn get(&self, key: &str) -> u32 {
        self.0.get(key).copied().unwrap_or_default()
    }

    fn is_dense(&self) -> bool {
        self.get("layer") == 1
    }

    /// Numbers that one output depends on, in one group.
    fn inputs(&self) -> u64 {
        let channels = u64::from(self.get("channels"));
        match self.is_dense() {
            true => channels * u64::from(self.get("size")).pow(2),
            false => channels * u64::from(self.get("kernel")).pow(2),
        }
    }
}

/// In the order in which they depend on each other.
const FIELDS: &[Setting] = &[
    field("layer", 0, true, |_| Kind::Choice {
        words: LAYERS.to_vec(),
    }),
    field("size", 28, true, |_| between(1, 512)),
    field("channels", 1, true, |_| between(1, 2_048)),
    field("padding", 0, false, |_| between(0, 64)),
    field("dilation", 1, false, |_| between(1, 32)),
    field("kernel", 3, false, |q| {
        // The last weight of a row must still lie over the padded image.
        let padded = q.get("size") + 2 * q.get("padding");
        between(1, ((padded - 1) / q.get("dilation") + 1).min(15))
    }),
    field("stride", 1, false, |_| between(1, 32)),
    field("filters", 16, true, |q| {
        between(1, (MOST / q.inputs()).min(4_096) as u32)
    }),
    field("groups", 1, false, |q| {
        between(1, q.get("channels").min(q.get("filters")))
    }),
    field("bias", 1, false, |_| Kind::Switch),
];

const fn field(key: &'static str, default: u32, dense: bool, kind: fn(&Typed) -> Kind) -> Setting {
    Setting {
        key,
        kind,
        default,
        dense,
    }
}

fn between(min: u32, max: u32) -> Kind {
    Kind::Integer { min, max }
}

/// Calculates the layer of these numbers, by field key; what is missing has its default.
pub fn layer(choices: &Choices) -> LayerAnswer {
    let mut question = Typed(BTreeMap::new());
    let mut problems = Vec::new();
    let mut fields = Vec::new();
    for field in FIELDS {
        let kind = (field.kind)(&question);
        let applies = field.dense || !question.is_dense();
        // A default that was not typed gives way to the limits.
        let default = match kind {
            Kind::Integer { min, max } => field.default.clamp(min, max),
            _ => field.default,
        };
        let chosen = choices.get(field.key).filter(|_| applies);
        let mut value = shown(&kind, default);
        let mut number = default;
        match chosen.map(|chosen| (chosen, self::number(&kind, chosen))) {
            None => {}
            Some((_, Ok(taken))) => {
                number = taken;
                value = shown(&kind, taken);
            }
            // An invalid number is shown as it was typed.
            Some((chosen, Err(problem))) => {
                value = chosen.clone();
                problems.push(problem.about(field.key));
            }
        }
        question.0.insert(field.key, number);
        fields.push(FieldView {
            key: field.key,
            group: Group::Network,
            value,
            default: shown(&kind, default),
            kind,
            applies,
            family: None,
        });
    }
    let (groups, conv) = (question.get("groups") as usize, question.conv());
    let row = question.row(conv).map_err(|problem| {
        // Shapes are within the limits above: only the groups can fail to fit.
        problems.push(problem.about("groups"));
    });
    let row = row.ok().filter(|_| problems.is_empty());
    LayerAnswer {
        parameters: row.as_ref().map_or(0, |row| row.weights + row.biases),
        row,
        fields,
        problems,
        seen: question.get("channels") as usize / groups,
        span: conv.span()[0],
    }
}

impl Typed {
    fn conv(&self) -> Conv2d {
        Conv2d {
            stride: self.get("stride") as usize,
            padding: [self.get("padding") as usize; 2],
            dilation: self.get("dilation") as usize,
            groups: self.get("groups") as usize,
            bias: self.get("bias") == 1,
            ..Conv2d::new(self.get("filters") as usize, self.get("kernel") as usize)
        }
    }

    fn row(&self, conv: Conv2d) -> Result<Row> {
        let size = self.get("size") as usize;
        let input = Shape::Image(ImageShape {
            channels: self.get("channels") as usize,
            height: size,
            width: size,
        });
        let dense = Linear::new(conv.out_channels);
        let network = match self.is_dense() {
            true => sequential([("flatten", Flatten.into()), ("fc", dense.into())]),
            false => conv.into(),
        };
        let rows = Summary::of(&Shaped::infer(&network, input)?).rows;
        rows.into_iter()
            .next_back()
            .ok_or_else(|| Problem::internal("no layer"))
    }
}

/// A value as a number, if it is valid.
fn number(kind: &Kind, value: &Value) -> Result<u32> {
    let value = &kind.read(value);
    kind.check(value)?;
    Ok(match (kind, value) {
        (_, Value::Switch(on)) => u32::from(*on),
        (_, Value::Number(number)) => *number as u32,
        (Kind::Choice { words }, Value::Word(word)) => {
            words.iter().position(|known| known == word).unwrap_or(0) as u32
        }
        _ => return Err(Problem::new(Code::NotANumber).with("value", value)),
    })
}

/// A number as a value of this kind.
fn shown(kind: &Kind, number: u32) -> Value {
    match kind {
        Kind::Switch => Value::Switch(number == 1),
        Kind::Choice { words } => Value::Word(
            words
                .get(number as usize)
                .copied()
                .unwrap_or_default()
                .to_owned(),
        ),
        _ => Value::Number(f64::from(number)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn numbers(all: &[(&str, u32)]) -> Choices {
        let number = |(key, number): &(&str, u32)| {
            let value = match *key {
                "bias" => Value::Switch(*number == 1),
                "layer" => Value::Word(LAYERS[*number as usize].to_owned()),
                _ => Value::Number(f64::from(*number)),
            };
            ((*key).to_owned(), value)
        };
        all.iter().map(number).collect()
    }

    /// (output, weights, biases, multiply-adds)
    fn counts(all: &[(&str, u32)]) -> (Vec<usize>, usize, usize, u64) {
        let answer = layer(&numbers(all));
        assert_eq!(answer.problems, []);
        let row = answer.row.unwrap();
        (row.output, row.weights, row.biases, row.multiply_adds)
    }

    fn refused(all: &[(&str, u32)]) -> (String, &'static str, String) {
        let answer = layer(&numbers(all));
        assert_eq!(answer.row, None);
        let [problem] = &answer.problems[..] else {
            panic!("{:?}", answer.problems)
        };
        let limit = problem.params.get("max").cloned().unwrap_or_default();
        (problem.field.clone().unwrap(), problem.code.text(), limit)
    }

    #[test]
    fn hand_worked_layers() {
        // The course's example: 3·3·3·4, and 62·62 places.
        let course = [("size", 64), ("channels", 3), ("filters", 4)];
        assert_eq!(counts(&course), (vec![4, 62, 62], 108, 4, 108 * 62 * 62));
        // AlexNet: (227 − 11) / 4 + 1 = 55.
        let alexnet = [
            ("size", 227),
            ("channels", 3),
            ("filters", 96),
            ("kernel", 11),
            ("stride", 4),
        ];
        assert_eq!(
            counts(&alexnet),
            (vec![96, 55, 55], 34_848, 96, 34_848 * 55 * 55)
        );
        // Each of 32 filters sees one channel.
        let depthwise = [
            ("channels", 32),
            ("filters", 32),
            ("padding", 1),
            ("groups", 32),
        ];
        assert_eq!(
            counts(&depthwise),
            (vec![32, 28, 28], 288, 32, 288 * 28 * 28)
        );
        // A dilated kernel of 3 spans 5: 28 + 4 − 5 + 1.
        let dilated = [("dilation", 2), ("padding", 2), ("bias", 0)];
        assert_eq!(counts(&dilated), (vec![16, 28, 28], 144, 0, 144 * 28 * 28));
        let dense = [("layer", 1), ("channels", 3), ("size", 32), ("filters", 10)];
        assert_eq!(counts(&dense), (vec![10], 30_720, 10, 30_720));
    }

    #[test]
    fn a_number_is_one_however_it_was_typed() {
        let typed = Choices::from([("dilation".to_owned(), Value::Word("９".to_owned()))]);
        let answer = layer(&typed);
        let field = |key: &str| answer.fields.iter().find(|field| field.key == key).unwrap();
        assert_eq!(field("dilation").value, Value::Number(9.0));
        assert_eq!((answer.problems.len(), answer.span), (0, 19));
    }

    #[test]
    fn what_cannot_be_names_its_field_and_limit() {
        let too_large = [("size", 4), ("kernel", 5)];
        assert_eq!(
            refused(&too_large),
            ("kernel".into(), "out-of-range", "4".into())
        );
        let spread = [("size", 8), ("dilation", 3), ("kernel", 4)];
        assert_eq!(
            refused(&spread),
            ("kernel".into(), "out-of-range", "3".into())
        );
        let groups = [("channels", 6), ("filters", 4), ("groups", 3)];
        assert_eq!(
            refused(&groups),
            ("groups".into(), "groups-do-not-divide", String::new())
        );
        // 2,048·512·512 numbers each: one output more would be 10⁹ weights.
        let dense = [
            ("layer", 1),
            ("channels", 2_048),
            ("size", 512),
            ("filters", 2),
        ];
        assert_eq!(
            refused(&dense),
            ("filters".into(), "out-of-range", "1".into())
        );
        assert_eq!(
            refused(&[("stride", 0)]),
            ("stride".into(), "out-of-range", "32".into())
        );
    }

    #[test]
    fn every_preset_is_a_layer() {
        for (name, choices) in presets() {
            let answer = layer(&choices);
            assert_eq!(answer.problems, [], "{name}");
            assert!(answer.row.is_some(), "{name}");
        }
    }

    proptest! {
        #[test]
        fn the_output_is_as_large_as_the_kernel_has_places(
            size in 1_u32..40, kernel in 1_u32..8, stride in 1_u32..6, padding in 0_u32..5, dilation in 1_u32..4,
        ) {
            // By hand: put the kernel's first weight on every place, and look whether its last one
            // still lies over the padded image.
            let padded = size + 2 * padding;
            let places = (0..padded).step_by(stride as usize);
            let fits = |first: &u32| (0..kernel).all(|weight| first + weight * dilation < padded);
            let count = places.filter(fits).count();
            let answer = layer(&numbers(&[
                ("size", size), ("kernel", kernel), ("stride", stride), ("padding", padding), ("dilation", dilation),
            ]));
            match answer.row {
                Some(row) => prop_assert_eq!(row.output, vec![16, count, count]),
                None => {
                    prop_assert_eq!(count, 0);
                    prop_assert!(answer.problems.iter().all(|p| p.field.as_deref() == Some("kernel")));
                }
            }
        }

        #[test]
        fn groups_cut_the_weights_into_parts(parts in 1_u32..8, channels in 1_u32..8, filters in 1_u32..8, kernel in 1_u32..6) {
            let all = [("channels", channels * parts), ("filters", filters * parts), ("kernel", kernel)];
            let whole = layer(&numbers(&all)).row.unwrap();
            let cut = layer(&numbers(&[&all[..], &[("groups", parts)]].concat())).row.unwrap();
            prop_assert_eq!(cut.weights * parts as usize, whole.weights);
            prop_assert_eq!(cut.multiply_adds * u64::from(parts), whole.multiply_adds);
            prop_assert_eq!(cut.output, whole.output);
        }
    }
}
