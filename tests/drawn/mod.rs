//! Values of a spec's fields, drawn at random.

use cnn_playground::experiment::{ExperimentSpec, Field, Kind, Value};
use proptest::prelude::*;

/// Networks of one's own, right and wrong.
const LAYERS: &[&str] = &[
    "conv8,relu,max,flatten,fc",
    "conv8k5s2p0,bn,tanh,avg3s1p1,gap,fc",
    "conv8,:add(conv8,relu,conv8k1),mul(gap,fc2,relu,fc8,sigmoid),cat(conv4;max3s1p1),gap,drop0.25,fc",
    "flatten,fc8,gelu,fc:fc",
    "stage_1:2x(conv8,relu),convk1,gap",
    "conv8,add(conv8;id)",
    "conv8,nonsense4(relu),fc",
    "conv8!bn",
];

/// Any value that the field takes beside the others of this spec; of numbers a channel, one or three.
pub(crate) fn value(field: &'static Field, spec: &ExperimentSpec) -> BoxedStrategy<Value> {
    match (field.kind)(spec) {
        Kind::Switch => any::<bool>().prop_map(Value::Switch).boxed(),
        Kind::Choice { words } => proptest::sample::select(words)
            .prop_map(|word| Value::Word(word.to_owned()))
            .boxed(),
        Kind::Digest => prop_oneof!["", "[0-9a-f]{16}"]
            .prop_map(Value::Word)
            .boxed(),
        Kind::Layers { .. } => proptest::sample::select(LAYERS)
            .prop_map(|text| Value::Word(text.to_owned()))
            .boxed(),
        Kind::Integer { min, max } => (min..=max)
            .prop_map(|number| Value::Number(f64::from(number)))
            .boxed(),
        Kind::Number { min, max } => (min..=max).prop_map(Value::Number).boxed(),
        Kind::Numbers { min, max, .. } => prop_oneof![
            proptest::collection::vec(min..=max, 1),
            proptest::collection::vec(min..=max, 3)
        ]
        .prop_map(Value::Numbers)
        .boxed(),
    }
}
