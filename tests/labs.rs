//! The labs: every one can run, fits its time, and has its words.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should fail")]

#[allow(dead_code, reason = "each file of tests uses a part of it")]
mod lab_runs;
mod languages;

use std::collections::{BTreeMap, BTreeSet};

use cnn_playground::arch::{self, Shaped, Summary};
use cnn_playground::base::ImageShape;
use cnn_playground::experiment::{Choices, Family, Value, link, resolve};
use cnn_playground::lab::budget::{Ask, Budget, Fit, SECONDS, plan, probes};
use cnn_playground::lab::{self, Drawing, Lab, Options, Takes};
use cnn_playground::operation::{Conv2d, Operation, Shape};
use lab_runs::{made, words};

/// Every combination of a lab's options that takes words.
fn combinations(lab: &Lab) -> Vec<Choices> {
    lab.options
        .iter()
        .fold(vec![Choices::new()], |all, option| {
            let Takes::Words { words, .. } = option.takes else {
                return all;
            };
            let with = |choices: &Choices, word: &str| {
                let mut choices = choices.clone();
                choices.insert(option.key.to_owned(), Value::Word(word.to_owned()));
                choices
            };
            all.iter()
                .flat_map(|choices| words.iter().map(|word| with(choices, word)))
                .collect()
        })
}

#[test]
fn the_labs_are_in_the_courses_order() {
    let rows: Vec<_> = lab::all().iter().map(|lab| lab.row).collect();
    assert!(rows.is_sorted() && rows.iter().all(|row| (1..=13).contains(row)));
    assert_eq!(rows.len(), rows.iter().collect::<BTreeSet<_>>().len());
}

#[test]
fn every_run_of_every_lab_can_be_made() {
    for lab in lab::all() {
        for chosen in combinations(lab) {
            let options = Options::of(lab, &chosen);
            for entry in (lab.entries)(&options) {
                let opened = link::open(&entry.link);
                assert_eq!(opened.problems, [], "{}: {}", lab.id, entry.link);
                let spec = resolve(&opened.choices).spec;
                let shape = spec.data.shape().unwrap();
                assert!(arch::build(&spec, shape, 10).is_ok(), "{}", entry.link);
            }
        }
        assert_eq!(link::open(lab.further).problems, [], "{}", lab.further);
    }
    for run in lab::exercises().into_iter().flat_map(|of| of.runs) {
        assert_eq!(resolve(&run.choices).problems, [], "{}", run.id);
    }
    for step in lab::first_steps() {
        let [base, changed] = step.runs.map(|choices| resolve(&choices));
        assert_eq!((base.problems, changed.problems), (vec![], vec![]));
        assert_ne!(base.spec, changed.spec, "{}", step.id);
    }
    for milestone in lab::timeline() {
        let named = milestone.named.into_iter().map(|one| one.choices);
        for choices in milestone.mini.into_iter().chain(named) {
            assert_eq!(resolve(&choices).problems, [], "{}", milestone.id);
        }
    }
}

#[test]
fn a_lab_ends_in_three_minutes_or_is_as_small_as_it_can_be() {
    let ask = |speeds, budget| Ask {
        budget,
        speeds,
        memory: None,
        seeds: vec![1],
        level: None,
    };
    for lab in lab::all().iter().filter(|lab| !lab.sizes.is_empty()) {
        let chosen = Choices::new();
        let count = probes(lab, &chosen).unwrap().len();
        let mut before = lab.sizes.len();
        for speed in [1.0, 30.0, 100.0, 300.0, 1_000.0, 1e6] {
            let plan = plan(lab, &chosen, &ask(vec![speed; count], Budget::Auto)).unwrap();
            assert!(plan.level <= before, "{}: faster, yet less", lab.id);
            before = plan.level;
            let seconds = plan.seconds.unwrap();
            assert_eq!(
                seconds > SECONDS,
                plan.fit == Fit::Floor,
                "{} {speed}",
                lab.id
            );
            let specs = plan.runs.iter().map(|run| resolve(&run.choices).spec);
            for spec in specs {
                let seen = (spec.train, spec.test, spec.epochs);
                assert_eq!(seen, (plan.size.train, plan.size.test, plan.size.epochs));
            }
        }
        assert_eq!(before, 0, "{}: a fast device runs it whole", lab.id);
        let quick = plan(lab, &chosen, &ask(Vec::new(), Budget::Quick)).unwrap();
        assert_eq!((quick.fit, quick.seconds), (Fit::Rehearsal, None));
        let full = plan(lab, &chosen, &ask(Vec::new(), Budget::Full)).unwrap();
        assert_eq!(full.fit, Fit::Whole);
        let repeat = Ask {
            seeds: vec![2, 3],
            level: Some(1),
            ..ask(vec![1e6; count], Budget::Auto)
        };
        let repeat = plan(lab, &chosen, &repeat).unwrap();
        assert_eq!((repeat.level, repeat.runs.len()), (1, 2 * full.runs.len()));
    }
}

#[test]
fn a_lab_on_a_device_with_little_memory_holds_fewer_images() {
    let lab = Lab::of("residual").unwrap();
    let (chosen, full) = (Choices::new(), lab.sizes[0]);
    let count = probes(lab, &chosen).unwrap().len();
    let planned = |budget, speed, memory| {
        let ask = Ask {
            budget,
            speeds: vec![speed; count],
            memory: Some(memory),
            seeds: vec![1],
            level: None,
        };
        plan(lab, &chosen, &ask).unwrap()
    };
    // An image of CIFAR-10 has 3,072 bytes, and 32 MB are there for each gigabyte.
    let needed = f64::from(full.train + full.test) * 3072.0 / 32e6;
    for (budget, speed) in [
        (Budget::Full, 1e6),
        (Budget::Full, 1.0),
        (Budget::Auto, 1e6),
    ] {
        let roomy = planned(budget, speed, needed);
        assert_eq!((roomy.level, roomy.fit), (0, Fit::Whole));
        let narrow = planned(budget, speed, needed * 0.99);
        assert_eq!((narrow.level, narrow.fit), (1, Fit::Memory));
    }
    let slow = planned(Budget::Auto, 1.0, 0.001);
    assert_eq!((slow.level, slow.fit), (lab.sizes.len() - 1, Fit::Floor));
}

#[test]
fn nothing_is_concluded_before_all_runs_are_there() {
    for lab in lab::all().iter().filter(|lab| !lab.sizes.is_empty()) {
        let mut runs = made(lab, &Choices::new(), |_| 0.5, 1);
        assert!(lab.conclude(&Choices::new(), &runs, None).is_some());
        runs.remove(0);
        assert_eq!(lab.conclude(&Choices::new(), &runs, None), None);
    }
}

/// Every sentence that a lab can say, with the names of its facts: from random outcomes.
fn sentences(lab: &Lab) -> BTreeMap<&'static str, Vec<&'static str>> {
    let mut found = BTreeMap::new();
    for chosen in combinations(lab) {
        for case in 0..400_u32 {
            // Some far apart, some close together.
            let step = if case % 2 == 0 { 0.3 } else { 0.002 };
            let accuracy = |label: &str| {
                let hash = label.bytes().fold(case, |hash, byte| {
                    hash.wrapping_mul(31).wrapping_add(u32::from(byte))
                });
                0.1 + step * f64::from((hash >> 3) % 4)
            };
            let runs = made(lab, &chosen, accuracy, 1);
            let conclusion = lab.conclude(&chosen, &runs, None).unwrap();
            for key in [Some(conclusion.key), conclusion.also]
                .into_iter()
                .flatten()
            {
                found.insert(key, conclusion.params.keys().copied().collect());
            }
        }
    }
    found
}

/// The names in braces.
fn facts(text: &str) -> Vec<&str> {
    let opened = text.split('{').skip(1);
    opened.filter_map(|part| part.split('}').next()).collect()
}

#[test]
fn every_lab_has_its_words() {
    let words = words();
    let has = |key: &str| assert!(words.contains_key(key), "www/locales/en.json lacks {key}");
    for lab in lab::all() {
        let of = |rest: &str| format!("lab.{}.{rest}", lab.id);
        for rest in [
            "title",
            "question",
            "predict",
            "why.1",
            "formula.1",
            "further",
        ] {
            has(&of(rest));
        }
        match lab.prediction {
            lab::Prediction::Choice { words } => words
                .iter()
                .for_each(|word| has(&of(&format!("answer.{word}")))),
            lab::Prediction::Number => has(&of("answer")),
        }
        for chosen in combinations(lab) {
            for entry in (lab.entries)(&Options::of(lab, &chosen)) {
                has(&of(&format!("run.{}", entry.label)));
            }
        }
        for chosen in combinations(lab) {
            let Some(diagram) = lab.view(&chosen).diagram else {
                continue;
            };
            let key = of(&format!("diagram.{}", diagram.key));
            has(&key);
            for name in facts(&words[&key]) {
                assert!(diagram.params.contains_key(name), "{key}: {name}");
            }
            if let Drawing::Networks { parts } = diagram.drawing {
                for part in parts {
                    has(&of(&format!("run.{}", part.label)));
                }
            }
        }
        for option in lab.options {
            has(&format!("field.{}", option.key));
            if let Takes::Words { words, .. } = option.takes {
                words
                    .iter()
                    .for_each(|word| has(&format!("choice.{}.{word}", option.key)));
            }
        }
        let mut said = sentences(lab);
        for key in words.keys() {
            if let Some(key) = key.strip_prefix(&of("said.")) {
                let text = &words[&of(&format!("said.{key}"))];
                // What random outcomes cannot reach is for what must not happen.
                if let Some(params) = said.remove(key) {
                    for name in facts(text) {
                        assert!(params.contains(&name), "{}: {key} has no {name}", lab.id);
                    }
                }
            }
        }
        assert!(
            said.is_empty(),
            "{}: no words for {:?}",
            lab.id,
            said.keys()
        );
    }
    for exercise in lab::exercises() {
        has(&format!("exercise.{}", exercise.number));
        for run in exercise.runs {
            has(&format!("exercise.run.{}", run.id));
        }
    }
    for step in lab::first_steps() {
        has(&format!("first.{}", step.id));
    }
    for milestone in lab::timeline() {
        has(&format!("timeline.{}", milestone.id));
        has(&format!("timeline.{}.about", milestone.id));
    }
}

#[test]
fn every_lab_has_two_checks_or_more_with_one_right_answer_and_their_words_in_each_language() {
    let languages: Vec<_> = languages::tags()
        .iter()
        .map(|tag| languages::words(tag))
        .collect();
    for lab in lab::all() {
        assert!(lab.checks.len() >= 2, "{}", lab.id);
        let mut needed = BTreeSet::from([format!("lab.{}.remember", lab.id)]);
        for (check, number) in lab.checks.iter().zip(1..) {
            let key = format!("lab.{}.check.{number}", lab.id);
            let distinct: BTreeSet<_> = check.answers.iter().collect();
            assert_eq!(distinct.len(), check.answers.len(), "{key}");
            assert!((3..=4).contains(&check.answers.len()), "{key}");
            let right = check.answers.iter().filter(|word| **word == check.right);
            assert_eq!(right.count(), 1, "{key}");
            needed.insert(format!("{key}.question"));
            for word in check.answers {
                needed.insert(format!("{key}.answer.{word}"));
                needed.insert(format!("{key}.reply.{word}"));
            }
        }
        for words in &languages {
            let checks = format!("lab.{}.check.", lab.id);
            let remember = format!("lab.{}.remember", lab.id);
            let found = words.keys();
            let found = found.filter(|key| key.starts_with(&checks) || **key == remember);
            assert_eq!(found.cloned().collect::<BTreeSet<_>>(), needed);
            // Each answer says something else, and so does each reply.
            let texts: BTreeSet<_> = needed.iter().map(|key| &words[key]).collect();
            assert_eq!(texts.len(), needed.len(), "{}", lab.id);
        }
    }
}

#[test]
fn the_figures_in_the_checks_are_those_that_the_core_counts() {
    let english = words();
    let languages: Vec<_> = languages::tags()
        .into_iter()
        .map(|tag| (languages::words(&tag), tag))
        .collect();
    let says = |key: &str, number: u64| {
        for (words, tag) in &languages {
            let text = &words[&format!("lab.{key}")];
            let number = languages::written(tag, &number.to_string());
            assert!(text.contains(&number), "{tag}: {key}: {number}: {text}");
        }
    };
    let convolution = |channels, edge, filters, kernel| {
        let conv = Operation::Conv2d(Conv2d::same(filters, kernel));
        let image = ImageShape {
            channels,
            height: edge,
            width: edge,
        };
        let network = Shaped::infer(&conv.into(), Shape::Image(image)).unwrap();
        let row = Summary::of(&network).rows.remove(0);
        (row.weights as u64, row.biases as u64)
    };
    let (weights, biases) = convolution(3, 64, 4, 3);
    says("parameters.check.1.question", weights);
    says("parameters.check.1.reply.channels", weights);
    says("parameters.check.1.reply.biases", weights + biases);
    says("parameters.check.1.question", weights / 3);
    says("parameters.check.1.reply.filters", weights / 4);
    says("conv1x1.check.1.reply.sums", convolution(64, 7, 16, 1).0);
    says("conv1x1.check.2.reply.one", convolution(64, 7, 10, 1).0);
    says("conv1x1.check.2.reply.seven", convolution(64, 7, 10, 7).0);
    says(
        "inception.check.1.reply.channels",
        convolution(256, 28, 192, 3).0,
    );
    says(
        "inception.check.1.reply.channels",
        convolution(64, 28, 192, 3).0,
    );
    says(
        "inception.check.1.reply.one-weight",
        convolution(256, 28, 64, 1).0,
    );
    says(
        "epoch-batch.check.1.answer.ceiling",
        60_000_u64.div_ceil(64),
    );
    says("epoch-batch.check.1.answer.floor", 60_000 / 64);
    says("epoch-batch.check.1.reply.floor", 60_000 / 64 * 64);
    says("epoch-batch.check.1.reply.ceiling", 60_000 % 64);
    for (family, key) in [
        (Family::Vgg, "lab.families.check.1.question"),
        (Family::GoogLeNet, "lab.families.check.1.question"),
        (Family::AlexNet, "lab.families.check.1.reply.mistake"),
    ] {
        let parameters = arch::original(family).unwrap().parameters as f64;
        let millions = format!(" {:.0} million", parameters / 1e6);
        assert!(english[key].contains(&millions), "{key}: {millions}");
    }
    // The layers of the lab's network, and how far their convolutions see.
    let spec = resolve(&link::open("data=cifar10&net=vgg&blocks=2&width=8").choices).spec;
    let network = arch::build(&spec, spec.data.shape().unwrap(), 10).unwrap();
    let rows = Summary::of(&network).rows;
    let convolutions = rows.iter().filter(|row| row.kind == "conv2d");
    let fields: Vec<_> = convolutions.map(|row| row.receptive_field).collect();
    assert_eq!((fields[2], fields[5]), (Some(10), Some(32)));
}

#[test]
fn a_lab_that_does_not_exist_is_no_lab() {
    let opened = lab::check(link::open("v=1&lab=perpetuum&net=mlp"));
    assert!(!opened.view.contains_key("lab"));
    assert_eq!(opened.problems[0].code.text(), "unknown-choice");
    let opened = lab::check(link::open("v=1&lab=residual&budget=quick"));
    assert_eq!(
        (opened.view["lab"].as_str(), opened.view["budget"].as_str()),
        ("residual", "quick")
    );
}
