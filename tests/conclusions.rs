//! What the labs say of their runs, whatever these show.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should fail")]

mod lab_runs;

use std::collections::BTreeSet;

use cnn_playground::arch::{self, Summary};
use cnn_playground::experiment::{Choices, Value, link};
use cnn_playground::lab::{Lab, Options, Verdict};
use lab_runs::{conclude, made, words};

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
    // The CNN lost, but no more beyond chance than the other: there is no answer to be right or wrong.
    let runs = [
        ("mlp-plain", 0.93),
        ("mlp-shuffled", 0.92),
        ("cnn-plain", 0.97),
        ("cnn-shuffled", 0.945),
    ];
    let conclusion = conclude("pixel-shuffle", &[("shuffle", "fixed")], &runs);
    assert_eq!(
        (conclusion.verdict, conclusion.answer),
        (Verdict::Unclear, None)
    );
}

#[test]
fn the_dense_network_with_its_first_weights_shuffled_too_is_the_proof() {
    let lab = Lab::of("pixel-shuffle").unwrap();
    let of = |shuffle: &str, differs: f64| {
        let chosen = Choices::from([("shuffle".into(), Value::Word(shuffle.into()))]);
        let mut runs = made(lab, &chosen, |_| 0.5, 2);
        let last = runs.iter_mut().rfind(|made| made.label == "mlp-relabelled");
        if let Some(test) = last.and_then(|made| made.facts.test.as_mut()) {
            test.loss = Some(1.0 - differs);
        }
        lab.conclude(&chosen, &runs, None).unwrap().also
    };
    assert_eq!(of("fixed", 0.0), Some("proof.equal"));
    assert_eq!(of("fixed", 1e-7), Some("proof.close"));
    assert_eq!(of("fixed", 0.01), Some("proof.apart"));
    assert_eq!(of("per-image", 0.0), None);
    // What a browser kept before there was this run still has its conclusion.
    let chosen = Choices::new();
    let mut before = made(lab, &chosen, |_| 0.5, 1);
    before.retain(|made| made.label != "mlp-relabelled");
    assert_eq!(before.len(), 4);
    assert_eq!(lab.conclude(&chosen, &before, None).unwrap().also, None);
    before.pop();
    assert!(lab.conclude(&chosen, &before, None).is_none());
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
fn a_wrong_number_is_answered_by_the_mistake_that_leads_to_it() {
    let lab = Lab::of("parameters").unwrap();
    let slip = |chosen: &[(&str, f64)], number: f64| {
        let chosen = chosen
            .iter()
            .map(|(key, value)| ((*key).to_owned(), Value::Number(*value)));
        let predicted = Value::Number(number);
        let conclusion = lab.conclude(&chosen.collect(), &[], Some(&predicted));
        let conclusion = conclusion.unwrap();
        (conclusion.right, conclusion.slip)
    };
    let wrong = |key| (Some(false), key);
    // 3 · 3 · 3 · 4 = 108.
    assert_eq!(slip(&[], 36.0), wrong(Some("channels")));
    assert_eq!(slip(&[], 27.0), wrong(Some("filters")));
    assert_eq!(slip(&[], 112.0), wrong(Some("biases")));
    assert_eq!(slip(&[], 442_368.0), wrong(Some("image")));
    assert_eq!(slip(&[], 100.0), wrong(None));
    assert_eq!(slip(&[], 108.0), (Some(true), None));
    // What leads to the right number is no mistake.
    assert_eq!(slip(&[("channels", 1.0)], 36.0), (Some(true), None));
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
    // Within 5 points beyond doubt, and not: a thousand images leave 4.4 points to chance.
    assert_eq!(of("8", 0.50, 0.505), (Verdict::Textbook, "shallow.same"));
    assert_eq!(of("8", 0.50, 0.52), (Verdict::Unclear, "shallow.unclear"));
    assert_eq!(of("8", 0.57, 0.50), (Verdict::Textbook, "shallow.plain"));
    assert_eq!(
        of("8", 0.40, 0.50),
        (Verdict::Contradicts, "shallow.residual")
    );
}

#[test]
fn degradation_is_told_from_the_training_losses_of_two_plain_networks() {
    let lab = Lab::of("residual").unwrap();
    let of = |norm: &str, deep: [f64; 2], old: bool| {
        let chosen = Choices::from([("norm".into(), Value::Word(norm.into()))]);
        let mut runs = made(lab, &chosen, |_| 0.5, 2);
        runs.retain(|made| !old || made.label != "shallow");
        let plain = runs.iter_mut().filter(|made| made.label == "plain");
        for (made, loss) in plain.zip(deep) {
            made.facts.train_loss = Some(loss);
        }
        lab.conclude(&chosen, &runs, None).unwrap().also
    };
    assert_eq!(of("on", [1.2, 1.1], false), Some("degradation.higher"));
    assert_eq!(of("off", [1.2, 1.1], false), Some("degradation.signal"));
    assert_eq!(of("on", [0.9, 0.8], false), Some("degradation.lower"));
    assert_eq!(of("on", [1.2, 0.8], false), Some("degradation.mixed"));
    // What a browser kept before there was the shallow network still has its conclusion.
    assert_eq!(of("on", [1.2, 1.1], true), None);
}

#[test]
fn shortcuts() {
    let of = |projection, zero_pad| {
        let runs = [("projection", projection), ("zero-pad", zero_pad)];
        conclude("shortcuts", &[], &runs)
    };
    let conclusion = of(0.50, 0.505);
    assert_eq!(conclusion.verdict, Verdict::Textbook);
    assert_eq!(conclusion.answer, Some(Value::Word("identity".into())));
    let text = serde_json::to_value(&conclusion.params).unwrap();
    assert_eq!(text["body"]["value"], "16×16×16");
    assert_eq!(text["shortcut"]["value"], "8×32×32");
    let key = |zero_pad| {
        let conclusion = of(0.50, zero_pad);
        assert_eq!(conclusion.answer, Some(Value::Word("identity".into())));
        (conclusion.verdict, conclusion.key)
    };
    assert_eq!(key(0.30), (Verdict::Contradicts, "apart"));
    assert_eq!(key(0.52), (Verdict::Unclear, "unclear"));
    assert_eq!(key(0.45), (Verdict::Unclear, "unclear"));
}

#[test]
fn one_question_further_changes_one_thing_about_a_run_of_the_lab() {
    for lab in cnn_playground::lab::all() {
        let entries = (lab.entries)(&Options::of(lab, &Choices::new()));
        let further = link::known_spec(lab.further).choices();
        let changed = entries.iter().map(|entry| {
            let run = link::known_spec(&entry.link).choices();
            let keys: BTreeSet<_> = further.keys().chain(run.keys()).collect();
            keys.into_iter()
                // The numbers of `normalize=custom` are part of it.
                .filter(|key| !["mean", "std"].contains(&key.as_str()))
                .filter(|key| further.get(*key) != run.get(*key))
                .count()
        });
        // Depth and batch normalization, which its words name both.
        let most = if lab.id == "residual" { 2 } else { 1 };
        assert!(
            changed.min().is_none_or(|least| least <= most),
            "{}",
            lab.id
        );
    }
}

#[test]
fn one_question_further_about_equal_sizes_has_them() {
    let parameters = |link: &str| {
        let spec = link::known_spec(link);
        let network = arch::build(&spec, spec.data.shape().unwrap(), 10).unwrap();
        Summary::of(&network).parameters as f64
    };
    let lab = Lab::of("inception").unwrap();
    let entries = (lab.entries)(&Options::of(lab, &Choices::new()));
    let reduced = entries
        .iter()
        .find(|entry| entry.label == "reduced")
        .unwrap();
    let ratio = parameters(lab.further) / parameters(&reduced.link);
    assert!((ratio - 1.0).abs() < 0.1, "{ratio}");
}

#[test]
fn one_question_further_has_the_size_of_the_runs() {
    for lab in cnn_playground::lab::all() {
        let entries = (lab.entries)(&Options::of(lab, &Choices::new()));
        if entries.is_empty() {
            continue;
        }
        let further = link::known(lab.further);
        for size in ["train", "test", "epochs", "steps"] {
            assert!(!further.contains_key(size), "{}: {size}", lab.id);
        }
        let mut runs = made(lab, &Choices::new(), |_| 0.5, 1);
        for run in &mut runs {
            run.facts
                .choices
                .insert("train".into(), Value::Number(3_000.0));
            run.facts
                .choices
                .insert("epochs".into(), Value::Number(3.0));
        }
        let conclusion = lab.conclude(&Choices::new(), &runs, None).unwrap();
        assert_eq!(
            conclusion.further["train"],
            Value::Number(3_000.0),
            "{}",
            lab.id
        );
        assert_eq!(
            conclusion.further["epochs"],
            Value::Number(3.0),
            "{}",
            lab.id
        );
        for (key, value) in &further {
            assert_eq!(conclusion.further.get(key), Some(value), "{}", lab.id);
        }
    }
}

#[test]
fn normalization() {
    let of = |unit, raw, wrong| {
        let runs = [
            ("own", 0.9),
            ("half", 0.9),
            ("unit", unit),
            ("raw", raw),
            ("wrong", wrong),
        ];
        let conclusion = conclude("normalize", &[], &runs);
        (conclusion.verdict, conclusion.answer.unwrap().to_string())
    };
    assert_eq!(of(0.89, 0.9, 0.12), (Verdict::Textbook, "mistake".into()));
    assert_eq!(of(0.89, 0.6, 0.12), (Verdict::Textbook, "both".into()));
    assert_eq!(of(0.89, 0.9, 0.89), (Verdict::Contradicts, "none".into()));
    assert_eq!(of(0.89, 0.6, 0.89), (Verdict::Contradicts, "raw".into()));
    assert_eq!(of(0.70, 0.9, 0.12), (Verdict::Contradicts, "all".into()));
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
    runs[1].facts.separable = None;
    let conclusion = lab.conclude(&Choices::new(), &runs, None).unwrap();
    assert_eq!(
        (conclusion.verdict, conclusion.key, conclusion.answer),
        (Verdict::Unclear, "unmeasured", None)
    );
    // Those of another network.
    let mut runs = made(lab, &Choices::new(), |_| 0.5, 1);
    runs[0].facts.choices = link::open("net=mlp").choices;
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
fn what_pooling_changed_is_told_with_its_doubt() {
    let also = |relu, max| conclude("lenet", &[], &[("relu", relu), ("relu-max", max)]).also;
    assert_eq!(also(0.50, 0.51), Some("pooling.close"));
    assert_eq!(also(0.50, 0.70), Some("pooling.apart"));
    assert_eq!(also(0.70, 0.50), Some("pooling.apart"));
}
