use std::collections::BTreeSet;

use super::*;

fn choices(pairs: &[(&str, Value)]) -> Choices {
    pairs
        .iter()
        .map(|(key, value)| ((*key).to_owned(), value.clone()))
        .collect()
}

fn word(text: &str) -> Value {
    Value::Word(text.to_owned())
}

#[test]
fn nothing_chosen_is_the_default_and_valid() {
    let resolved = resolve(&Choices::new());
    assert!(resolved.problems.is_empty());
    assert!(resolved.spec.validate().is_ok());
    assert!(resolved.spec.choices().is_empty());
    assert_eq!(resolved.spec.total_steps(), 2 * 10_000_u32.div_ceil(64));
}

#[test]
fn every_member_of_a_spec_has_a_row_in_the_table() {
    let spec = serde_json::to_value(ExperimentSpec::default()).unwrap();
    let members: BTreeSet<&str> = spec
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    let rows: BTreeSet<&str> = FIELDS.iter().map(|field| field.key).collect();
    assert_eq!(members, rows);
}

#[test]
fn a_fields_kind_is_that_of_its_member() {
    let spec = ExperimentSpec::default();
    for field in FIELDS {
        let fits = matches!(
            ((field.kind)(&spec), (field.get)(&spec)),
            (Kind::Switch, Value::Switch(_))
                | (
                    Kind::Choice { .. } | Kind::Digest | Kind::Layers { .. },
                    Value::Word(_)
                )
                | (Kind::Integer { .. } | Kind::Number { .. }, Value::Number(_))
                | (Kind::Numbers { .. }, Value::Numbers(_))
        );
        assert!(fits, "{}", field.key);
    }
}

#[test]
fn a_default_follows_the_fields_above_it() {
    let spec = resolve(&choices(&[
        ("net", word("resnet")),
        ("optimizer", word("sgd")),
    ]))
    .spec;
    assert!(spec.batchnorm);
    assert_eq!(spec.lr, 0.05);
}

#[test]
fn what_cannot_stand_is_dropped_and_named() {
    let resolved = resolve(&choices(&[
        ("train", Value::Number(70_000.0)),
        ("batch", Value::Number(6.5)),
        ("lr", Value::Number(f64::NAN)),
        ("net", word("transformer")),
        ("residual", Value::Switch(false)),
        ("normalize", word("copied")),
        ("colour", word("red")),
    ]));
    let found: Vec<_> = resolved
        .problems
        .iter()
        .map(|p| (p.field.as_deref(), p.code))
        .collect();
    assert_eq!(
        found,
        [
            (Some("train"), Code::OutOfRange),
            (Some("normalize"), Code::NotForData),
            (Some("net"), Code::UnknownChoice),
            (Some("residual"), Code::DoesNotApply),
            (Some("lr"), Code::NotANumber),
            (Some("batch"), Code::NotWhole),
            (None, Code::UnknownParameter),
        ]
    );
    assert_eq!(resolved.problems[0].params["max"], "60000");
    assert_eq!(resolved.spec, ExperimentSpec::default());
}

#[test]
fn numbers_are_one_or_one_a_channel() {
    let colour = [("data", word("cifar10")), ("normalize", word("custom"))];
    for (count, good) in [(1, true), (2, false), (3, true)] {
        let mut all = choices(&colour);
        all.insert("mean".into(), Value::Numbers(vec![0.25; count]));
        assert_eq!(resolve(&all).problems.is_empty(), good, "{count} numbers");
    }
}

#[test]
fn what_is_no_number_that_can_be_used_is_named_as_it_was_written() {
    let custom = [("data", word("cifar10")), ("normalize", word("custom"))];
    for (key, value, code, named) in [
        ("lr", word("1e400"), Code::OutOfRange, "1e400"),
        ("train", word("1e400"), Code::OutOfRange, "1e400"),
        ("train", word("10%"), Code::NotANumber, "10%"),
        ("lr", word("-1e400"), Code::OutOfRange, "-1e400"),
        ("batch", word("inf"), Code::NotANumber, "inf"),
        ("lr", Value::Number(f64::INFINITY), Code::OutOfRange, "inf"),
        ("batch", Value::Number(f64::NAN), Code::NotANumber, "NaN"),
        ("mean", word("0.5; abc;0.5;"), Code::NotANumber, "abc"),
        ("std", word("0.5;0.5;1e400;"), Code::OutOfRange, "1e400"),
        (
            "std",
            word("0.5, 1e400, 0.5"),
            Code::OutOfRange,
            "0.5, 1e400, 0.5",
        ),
        ("mean", word("half"), Code::NotANumber, "half"),
    ] {
        let mut all = choices(&custom);
        all.insert(key.into(), value);
        let problems = resolve(&all).problems;
        let found = problems.iter().map(|it| (it.field.as_deref(), it.code));
        assert_eq!(found.collect::<Vec<_>>(), [(Some(key), code)]);
        assert_eq!(problems[0].params["value"], named);
    }
}

#[test]
fn a_spec_from_outside_is_checked() {
    let spec = ExperimentSpec {
        batch: 0,
        ..Default::default()
    };
    let problem = spec.validate().unwrap_err();
    assert_eq!(
        (problem.field.as_deref(), problem.code),
        (Some("batch"), Code::OutOfRange)
    );
}

#[test]
fn a_field_that_has_no_effect_names_the_network_that_would_give_it_one() {
    let family = |all: &[(&str, Value)], key: &str| {
        let fields = resolve(&choices(all)).spec.fields();
        let found = fields.into_iter().find(|field| field.key == key).unwrap();
        (found.applies, found.family)
    };
    assert_eq!(family(&[], "residual"), (false, Some(Family::ResNet)));
    assert_eq!(family(&[], "inception"), (false, Some(Family::GoogLeNet)));
    let unet = [("net", word("unet"))];
    assert_eq!(family(&unet, "residual"), (true, None));
    // Adam has none, whatever learns.
    let adam = [("optimizer", word("adam"))];
    assert_eq!(family(&adam, "momentum"), (false, None));
}

#[test]
fn only_what_differs_is_named() {
    let plain = ExperimentSpec::default();
    let shuffled = ExperimentSpec {
        permute: Permute::Fixed,
        ..plain.clone()
    };
    let found = differences(&[plain, shuffled]);
    assert_eq!(
        found,
        [("permute", vec![Some(word("off")), Some(word("fixed"))])]
    );
}
