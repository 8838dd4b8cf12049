//! Links, against whatever a person or a stranger may write.

mod drawn;

use std::collections::BTreeMap;

use cnn_playground::experiment::claim::{Claim, Hardware};
use cnn_playground::experiment::link::{self, Length};
use cnn_playground::experiment::page::VIEW_KEYS;
use cnn_playground::experiment::{Choices, ExperimentSpec, FIELDS, Stop, resolve};
use proptest::prelude::*;

fn choices() -> impl Strategy<Value = Choices> {
    let spec = ExperimentSpec::default();
    let each: Vec<_> = FIELDS
        .iter()
        .map(|field| {
            let chosen = drawn::value(field, &spec).prop_map(|value| (field.key.to_owned(), value));
            proptest::option::of(chosen)
        })
        .collect();
    each.prop_map(|chosen| chosen.into_iter().flatten().collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(10_000))]

    #[test]
    fn every_spec_comes_back_from_its_link(choices in choices()) {
        let spec = resolve(&choices).spec;
        prop_assert!(spec.validate().is_ok(), "{:?}", spec.validate());
        let text = link::text(&spec);
        let opened = link::open(&text);
        prop_assert!(opened.problems.is_empty(), "{text}: {:?}", opened.problems);
        prop_assert_eq!(resolve(&opened.choices).spec, spec);
        prop_assert!(text.len() < 1_000);
    }

    #[test]
    fn no_text_is_too_strange(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let text = String::from_utf8_lossy(&bytes);
        prop_assert!(resolve(&link::open(&text).choices).spec.validate().is_ok());
    }

    #[test]
    fn no_value_is_too_strange(
        key in proptest::sample::select(keys()),
        value in "[-+.,0-9eEinfaNoOx%&=#a-z]{0,30}",
    ) {
        let opened = link::open(&format!("v=1&{key}={value}"));
        let spec = resolve(&opened.choices).spec;
        prop_assert!(spec.validate().is_ok());
        // What is left of it is sound.
        let again = link::whole(&spec, &opened.view, opened.claim.as_ref(), Length::Full);
        let same = link::open(&again);
        prop_assert!(same.problems.is_empty(), "{again}: {:?}", same.problems);
        prop_assert_eq!((same.choices, same.view, same.frame), (opened.choices, opened.view, opened.frame));
    }

    #[test]
    fn every_result_comes_back_bit_by_bit(
        accuracy in 0.0_f32..=1.0,
        loss in 0.0_f32..1e30,
        steps in 1_u32..=100_000,
        digest in "[0-9a-f]{16}",
        device in proptest::sample::select(vec![Hardware::Cpu, Hardware::Webgpu, Hardware::Mixed]),
    ) {
        let claim = Claim { accuracy, loss, steps, digest, engine: "0.1.0".into(), device };
        let spec = ExperimentSpec { stop: Stop::Steps, steps, ..Default::default() };
        let text = link::whole(&spec, &BTreeMap::new(), Some(&claim), Length::Short);
        let opened = link::open(&text);
        prop_assert!(opened.problems.is_empty(), "{text}: {:?}", opened.problems);
        prop_assert_eq!(opened.claim, Some(claim));
    }
}

/// Every parameter that a link may hold.
fn keys() -> Vec<&'static str> {
    let fields = FIELDS.iter().map(|field| field.key);
    let page = VIEW_KEYS.iter().map(|(key, _)| *key);
    fields.chain(page).chain(["result", "v"]).collect()
}

#[test]
fn a_damaged_link_keeps_what_is_sound() {
    let opened =
        link::open("#v=1&net=resnet&blocks=99&colour=red&residual=off&batch=1e999&net=mlp");
    let codes: Vec<_> = opened
        .problems
        .iter()
        .map(|problem| problem.code.text())
        .collect();
    assert_eq!(codes.len(), 4, "{codes:?}");
    for code in ["unknown-parameter", "repeated-parameter", "out-of-range"] {
        assert!(codes.contains(&code), "{codes:?}");
    }
    let spec = resolve(&opened.choices).spec;
    assert_eq!(link::text(&spec), "v=1&net=resnet&residual=off");
}
