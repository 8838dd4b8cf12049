//! Links, against whatever a person or a stranger may write.

mod drawn;
mod mangled;

use std::collections::BTreeMap;

use cnn_playground::experiment::claim::{Claim, Hardware, Took};
use cnn_playground::experiment::link::{self, Length};
use cnn_playground::experiment::page::VIEW_KEYS;
use cnn_playground::experiment::{Choices, ExperimentSpec, FIELDS, Stop, resolve, typed};
use mangled::{CHANGES, encoded};
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
        // What reading a link that was changed on its way relies on.
        for parameter in text.split('&') {
            let (key, value) = parameter.split_once('=').unwrap_or((parameter, ""));
            prop_assert!(key.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{key}");
            // The text of a network has a rule of its own.
            if key == "layers" {
                prop_assert_eq!(&typed::layers(value), value);
                continue;
            }
            prop_assert!(value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-+.,".contains(&byte)), "{value}");
            prop_assert!(value.ends_with(|last: char| last.is_ascii_alphanumeric()), "{value}");
        }
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
        took in proptest::option::of((0.0_f64..9000.0, proptest::option::of(1_u32..64))),
    ) {
        let took = took.map(|(seconds, threads)| Took::new(seconds, threads));
        let claim = Claim { accuracy, loss, steps, digest, engine: "0.1.0".into(), device, took };
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
    fields
        .chain(page)
        .chain(["result", "predicted", "v"])
        .collect()
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

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20_000))]

    #[test]
    fn what_happens_to_a_link_on_its_way_changes_nothing(
        choices in choices(),
        first in 0..CHANGES.len(),
        second in 0..CHANGES.len(),
    ) {
        let spec = resolve(&choices).spec;
        let address = format!("https://play.example.org/cnn/#{}", link::text(&spec));
        let (one, two) = (CHANGES[first], CHANGES[second]);
        // Whoever puts another mark in the place of each `&` reads a link, in which no `&` begins an entity.
        let in_part = ["entities by number", "entities without their end"].contains(&one.0);
        prop_assume!(!in_part || !["semicolons", "commas", "spaces", "plus signs", "escapes of JSON"].contains(&two.0));
        // Nobody who sees `=3D` writes a colon for a part of it.
        prop_assume!(one.0 != "quoted-printable" || !two.0.starts_with("colons"));
        let arrived = two.1(&one.1(&address));
        let opened = link::open(&arrived);
        prop_assert!(opened.problems.is_empty(), "{} + {}: {arrived}: {:?}", one.0, two.0, opened.problems);
        prop_assert_eq!(resolve(&opened.choices).spec, spec, "{} + {}: {}", one.0, two.0, arrived);
    }
}

#[test]
fn a_link_may_be_encoded_six_times() {
    let link = "v=1&net=lenet&seed=7";
    let many = |times: usize| (0..times).fold(link.to_owned(), |text, _| encoded(&text));
    assert_eq!(
        link::text(&resolve(&link::open(&many(6)).choices).spec),
        link
    );
    assert!(!link::open(&many(7)).problems.is_empty());
}

#[test]
fn names_that_others_use_are_understood() {
    for (said, meant) in [
        ("net=ResNet&data=CIFAR-10", "v=1&data=cifar10&net=resnet"),
        ("net=lenet5&pool=avg", "v=1&net=lenet"),
        ("net=LeNet-5", "v=1&net=lenet"),
        (
            "data=FashionMNIST&net=inception",
            "v=1&data=fashion-mnist&net=googlenet",
        ),
        (
            "net=resnet&residual=false&permute=None",
            "v=1&net=resnet&residual=off",
        ),
    ] {
        let opened = link::open(said);
        assert_eq!(opened.problems, [], "{said}");
        assert_eq!(link::text(&resolve(&opened.choices).spec), meant, "{said}");
    }
}

#[test]
fn other_marks_between_parameters_are_understood() {
    let meant = "v=1&permute=fixed&net=lenet&lr=0.01";
    for said in [
        "v=1+permute=fixed+net=lenet+lr=1e-2",
        "v:1&permute:fixed&net:lenet&lr:0.01",
        "v:1;permute:fixed;net:lenet;lr:1%",
        "v=1;permute=fixed;net=lenet;lr=0,01",
        "https://host.example/?v:1+permute:fixed+net:lenet+lr:0.01",
        "https://host.example/#v: 1, permute: fixed, net: LeNet-5, lr: 0.01",
        "https://host.example/#v：1，permute：fixed，net：lenet，lr：0.01。",
        "v:1&permute=fixed&net:lenet&lr=0.01&utm_source:mail",
    ] {
        let opened = link::open(said);
        assert_eq!(opened.problems, [], "{said}");
        assert_eq!(link::text(&resolve(&opened.choices).spec), meant, "{said}");
    }
    // A colon within a value stays, and so does what is no key.
    let own = "v=1&net=own&layers=conv8,net:relu,head:2x(conv8),gap,fc";
    for said in [own, &own.replace('=', ":"), &own.replace('&', "+")] {
        let opened = link::open(said);
        assert_eq!(opened.problems, [], "{said}");
        assert_eq!(link::text(&resolve(&opened.choices).spec), own, "{said}");
    }
}

#[test]
fn a_number_of_any_form_is_read_whole_or_refused() {
    for (said, lr) in [
        ("v=1&lr=10^-3", 0.001),
        ("(v=1&lr=10^-3)", 0.001),
        ("v=1&lr=1·10⁻³", 0.001),
        ("“v=1&lr=1·10⁻³”", 0.001),
        ("v=1&lr=1*10^-3.", 0.001),
        ("*v=1&lr=0.001*", 0.001),
        ("v=1&lr=0.001,", 0.001),
        ("(v=1&lr=.5)", 0.5),
        ("v=1&lr=1/1000", 0.001),
        ("(v=1&lr=1/1000)", 0.001),
        ("(v=1&lr=1e-3) see page 3", 0.001),
        ("v=1&lr=0.001/", 0.001),
    ] {
        let opened = link::open(said);
        assert_eq!(opened.problems, [], "{said}");
        assert_eq!(resolve(&opened.choices).spec.lr, lr, "{said}");
    }
    for (said, train) in [
        ("v=1&train=6万", 60_000),
        ("（v=1&train=6万）", 60_000),
        ("v=1&train=60k for the lesson", 60_000),
        ("v=1&train=6万。谢谢", 60_000),
    ] {
        let opened = link::open(said);
        assert_eq!(opened.problems, [], "{said}");
        assert_eq!(resolve(&opened.choices).spec.train, train, "{said}");
    }
    for said in ["(v=1&lr=10^x)", "v=1&lr=10^-3^2)", "(v=1&lr=3x3)"] {
        let problems = link::open(said).problems;
        assert_eq!(problems.len(), 1, "{said}");
        assert_eq!(problems[0].code.text(), "not-a-number", "{said}");
    }
}

#[test]
fn a_parameter_that_stands_there_twice_with_one_value_is_no_problem() {
    let opened = link::open(
        "[https://h.example/#v=1&net=own&layers=add(conv8),fc](https://h.example/#v=1&net=own&layers=add(conv8),fc)",
    );
    assert_eq!(opened.problems, []);
    assert_eq!(resolve(&opened.choices).spec.layers, "add(conv8),fc");
    assert_eq!(link::open("v=1&seed=7&seed=7").problems, []);
    let other = link::open("v=1&net=own&layers=add(conv8),fc&layers=add(conv9),fc");
    assert_eq!(other.problems.len(), 1);
}

#[test]
fn a_percent_sign_is_read_or_refused_and_never_dropped() {
    for (said, lr) in [
        ("v=1&lr=1%", 0.01),
        ("v=1&lr=1%25", 0.01),
        ("v=1&lr=1%20%25", 0.01),
        ("v=1&lr=1%.", 0.01),
        ("(v=1&lr=1%25) for the lesson", 0.01),
    ] {
        let opened = link::open(said);
        assert_eq!(opened.problems, [], "{said}");
        assert_eq!(resolve(&opened.choices).spec.lr, lr, "{said}");
    }
    for (said, code) in [
        ("v=1&train=10%", "not-a-number"),
        ("v=1&train=10%25%26net=lenet", "not-a-number"),
        ("v=1&lr=1%2", "not-a-number"),
        ("v=1&lr=1% or 2%", "not-a-number"),
        ("v=1&lr=1e400", "out-of-range"),
        ("v=1&epochs=inf", "not-a-number"),
        (
            "v=1&data=cifar10&normalize=custom&mean=0.5,1e400,0.5",
            "out-of-range",
        ),
    ] {
        let problems = link::open(said).problems;
        let told: Vec<_> = problems.iter().map(|problem| problem.code.text()).collect();
        assert_eq!(told, [code], "{said}");
    }
}

#[test]
fn what_can_be_meant_in_two_ways_is_named() {
    for said in [
        "v=1&seed=7+12",
        "v:1&seed:7:12",
        "v:1&colour:red",
        "v=1+colour=red",
        "v=1&seed=7 12",
        "v=1&net=resnext",
        "v=1&netz=resnet",
        "v=1&seed=1&seed=2",
    ] {
        assert_eq!(link::open(said).problems.len(), 1, "{said}");
    }
    // What the host of the page has behind its `?` is not ours.
    assert_eq!(
        link::open("https://host.example/?id=5&net=mlp").problems,
        []
    );
    assert!(
        link::open("https://host.example/?id=5&net=mlp")
            .choices
            .is_empty()
    );
}
