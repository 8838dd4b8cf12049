//! Links, against whatever a person or a stranger may write.

mod drawn;

use std::collections::BTreeMap;

use cnn_playground::experiment::claim::{Claim, Hardware, Took};
use cnn_playground::experiment::link::{self, Length};
use cnn_playground::experiment::page::VIEW_KEYS;
use cnn_playground::experiment::{Choices, ExperimentSpec, FIELDS, Stop, resolve, typed};
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

/// A way in which links are changed before they arrive, from what a person copied to what the page gets.
type Change = (&'static str, fn(&str) -> String);

/// Encodes what is not a letter or a digit.
fn encoded(text: &str) -> String {
    let each = text.bytes().map(|byte| match byte {
        byte if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    });
    each.collect()
}

/// The address with another text behind its `#`.
fn behind(address: &str, change: impl Fn(&str) -> String) -> String {
    match address.split_once('#') {
        Some((before, behind)) => format!("{before}#{}", change(behind)),
        None => address.to_owned(),
    }
}

fn wide(text: &str) -> String {
    let wide = |char: char| match char {
        '!'..='~' => char::from_u32(u32::from(char) + 0xfee0).unwrap_or(char),
        _ => char,
    };
    text.chars().map(wide).collect()
}

const CHANGES: &[Change] = &[
    ("as it was", str::to_owned),
    ("entities", |link| link.replace('&', "&amp;")),
    ("entities, twice", |link| link.replace('&', "&amp;amp;")),
    ("entities by number", |link| {
        link.replace('&', "&#38;").replace('=', "&#x3D;")
    }),
    ("entities without their end", |link| {
        link.replace('&', "&amp")
    }),
    ("semicolons", |link| link.replace('&', ";")),
    ("commas", |link| link.replace('&', ", ")),
    ("spaces", |link| link.replace('&', " ")),
    ("plus signs", |link| link.replace('&', "+")),
    ("colons", |link| behind(link, |text| text.replace('=', ":"))),
    ("colons and spaces", |link| {
        behind(link, |text| text.replace('=', ": "))
    }),
    ("escapes of JSON", |link| {
        link.replace('&', "\\u0026").replace('=', "\\u003d")
    }),
    ("escapes of old scripts", |link| {
        behind(link, |text| text.replace('=', "%u003D"))
    }),
    ("encoded", |link| behind(link, encoded)),
    ("encoded twice", |link| {
        behind(link, |text| encoded(&encoded(text)))
    }),
    ("only = encoded", |link| {
        behind(link, |text| text.replace('=', "%3D"))
    }),
    ("only & encoded", |link| {
        behind(link, |text| text.replace('&', "%26"))
    }),
    ("# encoded", |link| link.replacen("/#", "/%23", 1)),
    ("as a query", |link| link.replacen("/#", "/?", 1)),
    ("a full stop", |link| format!("{link}.")),
    ("an ideographic full stop", |link| format!("{link}。")),
    ("a comma and words", |link| format!("{link}，谢谢")),
    ("words", |link| format!("{link} for the lesson")),
    ("brackets", |link| format!("({link})")),
    ("wide brackets", |link| format!("（{link}）")),
    ("quotes", |link| format!("“{link}”")),
    ("angles", |link| format!("<{link}>")),
    ("Markdown", |link| format!("[Exercise 1]({link})")),
    ("followed", |link| {
        format!("{link}&utm_source=mail&fbclid=IwAR0")
    }),
    ("followed, behind a ?", |link| {
        format!("{link}?utm_source=mail&utm_medium=x")
    }),
    ("followed before the #", |link| {
        link.replacen("/#", "/?utm_source=mail#", 1)
    }),
    ("a mail gateway", |link| {
        format!(
            "https://eur01.safelinks.example/?url={}&data=05%7C01&reserved=0",
            encoded(link)
        )
    }),
    ("a search engine", |link| {
        format!("https://www.example.com/url?q={}&sa=D", encoded(link))
    }),
    ("another gateway", |link| {
        format!(
            "https://urldefense.com/v3/__{}__;Iw!!AbC!xyz$",
            link.replacen("/#", "/*", 1)
        )
    }),
    ("an older gateway", |link| {
        let inner = encoded(link).replace("%2F", "_").replace('%', "-");
        format!("https://urldefense.proofpoint.com/v2/url?u={inner}&d=DwMFaQ&c=x")
    }),
    ("a text fragment", |link| format!("{link}:~:text=lesson")),
    ("invisible characters", |link| {
        link.replace('&', "\u{200b}&\u{feff}")
            .replace('=', "\u{ad}=")
    }),
    ("wide forms", |link| behind(link, wide)),
    ("capitals", |link| behind(link, str::to_uppercase)),
    ("line breaks", |link| link.replace('&', "\r\n&")),
    ("line breaks behind", |link| link.replace('&', "&\n")),
    ("look-alikes", |link| {
        behind(link, |text| {
            text.replace('e', "е").replace('o', "о").replace('a', "а")
        })
    }),
    ("dashes", |link| {
        behind(link, |text| text.replace('-', "\u{2011}"))
    }),
    ("quoted-printable", |link| {
        behind(link, |text| text.replace('=', "=3D"))
    }),
];

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
