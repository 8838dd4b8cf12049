//! The labs: every one can run, fits its time, and says what its runs show.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should fail")]

use std::collections::BTreeMap;

use cnn_playground::arch::{self, Summary};
use cnn_playground::lab::budget::{Ask, Budget, Fit, SECONDS, plan, probes};
use cnn_playground::lab::results::{RunFacts, Separated, Tested};
use cnn_playground::lab::{self, Conclusion, Lab, Made, Options, Takes, Verdict};
use cnn_playground::spec::link;
use cnn_playground::spec::{Choices, ExperimentSpec, Value, resolve};

/// Every combination of a lab's options that takes words.
fn combinations(lab: &Lab) -> Vec<Choices> {
    lab.options
        .iter()
        .fold(vec![Choices::new()], |all, option| {
            let Takes::Words(words) = option.takes else {
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

fn words() -> BTreeMap<String, String> {
    serde_json::from_str(include_str!("../www/locales/en.json")).unwrap()
}

/// Classes that come apart evenly from the first row of a network to the last.
fn separated(spec: &ExperimentSpec, first: f64, last: f64) -> Separated {
    let network = arch::build(spec, spec.data.shape().unwrap(), 10).unwrap();
    let rows = Summary::of(&network).rows.len();
    let share = |row| first + (last - first) * row as f64 / (rows - 1) as f64;
    Separated {
        rows: (0..rows).map(|row| share(row) as f32).collect(),
        input: 0.15,
        images: 500,
    }
}

/// A lab's runs, each ending with this accuracy on a thousand test images.
fn made(lab: &Lab, chosen: &Choices, accuracy: impl Fn(&str) -> f64, seeds: u32) -> Vec<Made> {
    let entries = (lab.entries)(&Options::of(lab, chosen));
    let run = |label: &str, link: &str, seed: u32| {
        let spec = resolve(&link::open(&format!("{link}&seed={seed}")).choices).spec;
        let layers = || separated(&spec, accuracy("first"), accuracy("last"));
        let separable = lab.separable.map(|_| layers());
        Made {
            label: label.to_owned(),
            run: RunFacts {
                separable,
                spec,
                parameters: 1000,
                tests: vec![Tested {
                    loss: 1.0,
                    accuracy: accuracy(label) + 0.001 * f64::from(seed),
                    count: 1000,
                }],
                losses: vec![1.0; 100],
                samples: (1..=100).map(|step| 64 * step).collect(),
                training: 10.0,
                layers: Vec::new(),
                gradients: Vec::new(),
            },
        }
    };
    let of_seed = |seed| {
        entries
            .iter()
            .map(move |entry| run(entry.label, &entry.link, seed))
            .collect::<Vec<_>>()
    };
    (1..=seeds).flat_map(of_seed).collect()
}

fn conclude(id: &str, options: &[(&str, &str)], accuracies: &[(&str, f64)]) -> Conclusion {
    let lab = Lab::of(id).unwrap();
    let chosen: Choices = options
        .iter()
        .map(|(key, word)| ((*key).to_owned(), Value::Word((*word).to_owned())))
        .collect();
    let of: BTreeMap<_, _> = accuracies.iter().copied().collect();
    let runs = made(
        lab,
        &chosen,
        |label| of.get(label).copied().unwrap_or(0.5),
        1,
    );
    lab.conclude(&chosen, &runs, None).unwrap()
}

#[test]
fn the_labs_are_in_the_courses_order() {
    let rows: Vec<_> = lab::all().iter().map(|lab| lab.row).collect();
    assert!(rows.is_sorted() && rows.iter().all(|row| (1..=13).contains(row)));
    assert_eq!(
        rows.len(),
        rows.iter().collect::<std::collections::BTreeSet<_>>().len()
    );
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
    for milestone in lab::timeline() {
        assert!(
            milestone
                .mini
                .is_none_or(|mini| resolve(&mini).problems.is_empty())
        );
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
fn shuffled_pixels() {
    let fixed = |mlp, cnn| {
        let runs = [
            ("mlp-plain", 0.93),
            ("mlp-shuffled", mlp),
            ("cnn-plain", 0.97),
            ("cnn-shuffled", cnn),
        ];
        let conclusion = conclude("pixel-shuffle", &[("shuffle", "fixed")], &runs);
        (conclusion.verdict, conclusion.answer.unwrap().to_string())
    };
    assert_eq!(fixed(0.93, 0.89), (Verdict::Textbook, "cnn".into()));
    assert_eq!(fixed(0.92, 0.96), (Verdict::Unclear, "neither".into()));
    assert_eq!(fixed(0.80, 0.96), (Verdict::Contradicts, "mlp".into()));
    let each = |mlp, cnn| {
        let runs = [
            ("mlp-plain", 0.93),
            ("mlp-shuffled", mlp),
            ("cnn-plain", 0.97),
            ("cnn-shuffled", cnn),
        ];
        let conclusion = conclude("pixel-shuffle", &[("shuffle", "per-image")], &runs);
        (conclusion.verdict, conclusion.answer.unwrap().to_string())
    };
    assert_eq!(each(0.22, 0.22), (Verdict::Textbook, "both".into()));
    assert_eq!(each(0.93, 0.22), (Verdict::Unclear, "cnn".into()));
    assert_eq!(each(0.93, 0.97), (Verdict::Contradicts, "neither".into()));
}

#[test]
fn a_convolution_is_counted_by_its_tree() {
    let lab = Lab::of("parameters").unwrap();
    let conclusion = lab
        .conclude(&Choices::new(), &[], Some(&Value::Number(108.0)))
        .unwrap();
    assert_eq!(
        (conclusion.verdict, conclusion.right),
        (Verdict::Textbook, Some(true))
    );
    let figures = |row: usize| -> Vec<f64> {
        let row = &conclusion.tables[0].rows[row];
        row.figures
            .iter()
            .map(|figure| figure.unwrap().value)
            .collect()
    };
    assert_eq!(figures(0), [108.0, 4.0, 108.0 * 4096.0]);
    assert_eq!(figures(1), [108.0, 4.0, 108.0 * 16384.0]);
}

#[test]
fn residual_connections() {
    let of = |depth, plain, residual| {
        let runs = [("plain", plain), ("residual", residual)];
        let conclusion = conclude("residual", &[("depth", depth)], &runs);
        (conclusion.verdict, conclusion.key)
    };
    assert_eq!(of("20", 0.10, 0.37), (Verdict::Textbook, "deep.textbook"));
    assert_eq!(of("20", 0.36, 0.37), (Verdict::Unclear, "deep.unclear"));
    assert_eq!(
        of("32", 0.40, 0.30),
        (Verdict::Contradicts, "deep.contradicts")
    );
    assert_eq!(of("8", 0.50, 0.51), (Verdict::Textbook, "shallow.same"));
    assert_eq!(of("8", 0.57, 0.50), (Verdict::Textbook, "shallow.plain"));
    assert_eq!(
        of("8", 0.40, 0.50),
        (Verdict::Contradicts, "shallow.residual")
    );
}

#[test]
fn shortcuts() {
    let of = |projection, zero_pad| {
        let runs = [("projection", projection), ("zero-pad", zero_pad)];
        conclude("shortcuts", &[], &runs)
    };
    let conclusion = of(0.50, 0.51);
    assert_eq!(conclusion.verdict, Verdict::Textbook);
    assert_eq!(conclusion.answer, Some(Value::Word("identity".into())));
    let text = serde_json::to_value(&conclusion.params).unwrap();
    assert_eq!(text["body"]["value"], "16×16×16");
    assert_eq!(text["shortcut"]["value"], "8×32×32");
    assert_eq!(of(0.50, 0.30).verdict, Verdict::Unclear);
}

#[test]
fn normalization() {
    let of = |unit, wrong| {
        let runs = [
            ("own", 0.9),
            ("half", 0.9),
            ("unit", unit),
            ("raw", 0.9),
            ("wrong", wrong),
        ];
        conclude("normalize", &[], &runs).verdict
    };
    assert_eq!(of(0.89, 0.12), Verdict::Textbook);
    assert_eq!(of(0.89, 0.89), Verdict::Contradicts);
    assert_eq!(of(0.70, 0.12), Verdict::Contradicts);
}

#[test]
fn epochs_and_batches() {
    let of = |small, large| {
        conclude(
            "epoch-batch",
            &[],
            &[("batch-16", small), ("batch-256", large)],
        )
        .verdict
    };
    assert_eq!(of(0.93, 0.70), Verdict::Textbook);
    assert_eq!(of(0.93, 0.93), Verdict::Unclear);
    assert_eq!(of(0.70, 0.93), Verdict::Contradicts);
}

#[test]
fn low_and_high_layers() {
    let of = |first, last| {
        let conclusion = conclude("features", &[], &[("first", first), ("last", last)]);
        (conclusion.verdict, conclusion.answer.unwrap().to_string())
    };
    assert_eq!(of(0.2, 0.5), (Verdict::Textbook, "last".into()));
    assert_eq!(of(0.30, 0.32), (Verdict::Unclear, "equal".into()));
    assert_eq!(of(0.5, 0.2), (Verdict::Contradicts, "first".into()));
}

#[test]
fn every_convolution_has_its_row_with_what_it_sees() {
    let conclusion = conclude("features", &[], &[("first", 0.2), ("last", 0.5)]);
    let layers = &conclusion.tables[1];
    let column = |name: &str| -> Vec<f64> {
        let at = layers.columns.iter().position(|column| *column == name);
        let rows = layers.rows.iter();
        rows.map(|row| row.figures[at.unwrap()].unwrap().value)
            .collect()
    };
    // Two 3×3 convolutions, then a 2×2 pooling with stride 2, three times.
    assert_eq!(
        column("receptive-field"),
        [3.0, 5.0, 10.0, 14.0, 24.0, 32.0]
    );
    assert!(column("separable").is_sorted());
    let words = words();
    for row in &layers.rows {
        assert!(words.contains_key(&format!("lab.features.run.{}", row.label)));
    }
}

#[test]
fn layers_that_were_not_measured_say_nothing() {
    let lab = Lab::of("features").unwrap();
    let mut runs = made(lab, &Choices::new(), |_| 0.5, 2);
    runs[1].run.separable = None;
    let conclusion = lab.conclude(&Choices::new(), &runs, None).unwrap();
    assert_eq!(
        (conclusion.verdict, conclusion.key, conclusion.answer),
        (Verdict::Unclear, "unmeasured", None)
    );
    // Those of another network.
    let mut runs = made(lab, &Choices::new(), |_| 0.5, 1);
    runs[0].run.spec = resolve(&link::open("net=mlp").choices).spec;
    let conclusion = lab.conclude(&Choices::new(), &runs, None).unwrap();
    assert_eq!(conclusion.key, "unmeasured");
}

#[test]
fn activations() {
    let of = |sigmoid, tanh, relu| {
        let runs = [("sigmoid", sigmoid), ("tanh", tanh), ("relu", relu)];
        let conclusion = conclude("lenet", &[], &runs);
        (
            conclusion.verdict,
            conclusion.answer.map(|answer| answer.to_string()),
        )
    };
    assert_eq!(
        of(0.3, 0.8, 0.9),
        (Verdict::Textbook, Some("sigmoid".into()))
    );
    assert_eq!(of(0.8, 0.8, 0.9), (Verdict::Unclear, None));
    assert_eq!(
        of(0.9, 0.8, 0.7),
        (Verdict::Contradicts, Some("relu".into()))
    );
}

#[test]
fn several_seeds_give_a_spread_and_another_hint() {
    let lab = Lab::of("residual").unwrap();
    let chosen = Choices::new();
    let hint = |seeds| {
        let runs = made(lab, &chosen, |_| 0.4, seeds);
        let conclusion = lab.conclude(&chosen, &runs, None).unwrap();
        let figure = conclusion.tables[0].rows[0].figures[0].unwrap();
        (
            conclusion.seeds,
            serde_json::to_value(conclusion.hint).unwrap(),
            figure.spread,
        )
    };
    assert_eq!(hint(1), (1, "seed".into(), None));
    let (seeds, word, spread) = hint(3);
    assert_eq!((seeds, word), (3, "seeds".into()));
    assert!((spread.unwrap() - 0.001).abs() < 1e-9);
}

#[test]
fn a_run_that_broke_down_counts_as_guessing() {
    let lab = Lab::of("normalize").unwrap();
    let mut runs = made(lab, &Choices::new(), |_| 0.9, 1);
    let broken = runs.iter_mut().find(|made| made.label == "wrong").unwrap();
    broken.run.tests.clear();
    broken.run.losses = vec![2.3, f32::NAN];
    let conclusion = lab.conclude(&Choices::new(), &runs, None).unwrap();
    assert_eq!(conclusion.verdict, Verdict::Textbook);
    let row = conclusion.tables[0]
        .rows
        .iter()
        .find(|row| row.label == "wrong")
        .unwrap();
    assert!(row.figures.iter().all(Option::is_none));
}

#[test]
fn nothing_is_concluded_before_all_runs_are_there() {
    for lab in lab::all().iter().filter(|lab| !lab.sizes.is_empty()) {
        let mut runs = made(lab, &Choices::new(), |_| 0.5, 1);
        assert!(lab.conclude(&Choices::new(), &runs, None).is_some());
        runs.pop();
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
            found.insert(conclusion.key, conclusion.params.into_keys().collect());
        }
    }
    found
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
        for option in lab.options {
            has(&format!("field.{}", option.key));
            if let Takes::Words(words) = option.takes {
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
                    let named = text
                        .split('{')
                        .skip(1)
                        .filter_map(|part| part.split('}').next());
                    named.for_each(|name| {
                        assert!(params.contains(&name), "{}: {key} has no {name}", lab.id)
                    });
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
    for milestone in lab::timeline() {
        has(&format!("timeline.{}", milestone.id));
        has(&format!("timeline.{}.about", milestone.id));
    }
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

#[test]
fn a_rehearsal_says_that_it_is_one() {
    let lab = Lab::of("residual").unwrap();
    let chosen = Choices::new();
    let mut runs = made(
        lab,
        &chosen,
        |label| if label == "plain" { 0.1 } else { 0.4 },
        1,
    );
    let predicted = Value::Word("residual".into());
    let conclusion = lab.conclude(&chosen, &runs, Some(&predicted)).unwrap();
    assert_eq!(
        (conclusion.verdict, conclusion.right),
        (Verdict::Textbook, Some(true))
    );
    assert_eq!(conclusion.hint, None);
    for made in &mut runs {
        made.run.samples = vec![64, 128, 192, 256, 320];
    }
    let conclusion = lab.conclude(&chosen, &runs, None).unwrap();
    assert_eq!(serde_json::to_value(conclusion.hint).unwrap(), "short");
}
