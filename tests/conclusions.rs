//! What the labs say of their runs, whatever these show.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should fail")]

mod lab_runs;

use std::collections::BTreeMap;

use cnn_playground::experiment::{Choices, Value, link};
use cnn_playground::lab::{Conclusion, Hint, Lab, Verdict};
use lab_runs::{made, words};

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
fn doubt_is_the_same_in_both_directions() {
    let of = |plain, residual, seeds| {
        let lab = Lab::of("residual").unwrap();
        let accuracy = |label: &str| if label == "plain" { plain } else { residual };
        let runs = made(lab, &Choices::new(), accuracy, seeds);
        let conclusion = lab.conclude(&Choices::new(), &runs, None).unwrap();
        (conclusion.verdict, conclusion.hint)
    };
    assert_eq!(of(0.1, 0.4, 1), (Verdict::Textbook, Some(Hint::Seed)));
    assert_eq!(of(0.4, 0.1, 1), (Verdict::Contradicts, Some(Hint::Seed)));
    assert_eq!(of(0.1, 0.4, 3), (Verdict::Textbook, None));
    assert_eq!(of(0.4, 0.1, 3), (Verdict::Contradicts, Some(Hint::Seeds)));
}

#[test]
fn a_rehearsal_has_no_verdict_but_on_arithmetic() {
    let of = |id: &str, predicted: &str, base: f64| {
        let lab = Lab::of(id).unwrap();
        let mut runs = made(lab, &Choices::new(), |_| base, 1);
        // The last run is the best by far, so that longer ones would tell.
        runs.last_mut()
            .unwrap()
            .facts
            .test
            .as_mut()
            .unwrap()
            .accuracy = 0.9;
        for run in &mut runs {
            run.facts.samples = 320;
        }
        let predicted = Value::Word(predicted.to_owned());
        let conclusion = lab.conclude(&Choices::new(), &runs, Some(&predicted));
        let Conclusion {
            verdict,
            right,
            hint,
            ..
        } = conclusion.unwrap();
        assert_eq!(
            (verdict, hint),
            (Verdict::Unclear, Some(Hint::Short)),
            "{id}"
        );
        right
    };
    assert_eq!(of("residual", "residual", 0.1), None);
    assert_eq!(of("families", "vgg", 0.1), Some(true));
    assert_eq!(of("shortcuts", "identity", 0.1), Some(true));
    assert_eq!(of("shortcuts", "projection", 0.1), Some(false));
    // Of these made-up runs both have as many.
    assert_eq!(of("conv1x1", "more", 0.1), Some(true));
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
    broken.facts.test = None;
    broken.facts.train_loss = None;
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
    assert_eq!(conclusion.hint, Some(Hint::Seed));
    for made in &mut runs {
        made.facts.samples = 320;
    }
    let conclusion = lab.conclude(&chosen, &runs, None).unwrap();
    assert_eq!(serde_json::to_value(conclusion.hint).unwrap(), "short");
}

#[test]
fn the_best_of_several_must_be_further_ahead_than_one_that_was_named_before() {
    // 1,000 test images: the difference of one pair is beyond chance from 0.043 on, of the best of three from 0.052 on.
    let gains = |best: f64| {
        let runs = [
            ("none", 0.5),
            ("se", 0.5),
            ("cbam", 0.5 + best),
            ("eca", 0.5),
        ];
        conclude("attention", &[], &runs).verdict
    };
    assert_eq!(gains(0.047), Verdict::Unclear);
    assert_eq!(gains(0.056), Verdict::Textbook);
    let range = |least: f64| {
        let runs = [
            ("own", 0.5),
            ("half", 0.5 - least),
            ("unit", 0.5),
            ("raw", 0.5),
            ("wrong", 0.1),
        ];
        conclude("normalize", &[], &runs).verdict
    };
    assert_eq!(range(0.047), Verdict::Textbook);
    assert_eq!(range(0.056), Verdict::Contradicts);
}
