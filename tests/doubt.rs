//! How much the labs believe their runs: one seed, few images, runs that were short or broke down.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should fail")]

#[allow(dead_code, reason = "each file of tests uses a part of it")]
mod lab_runs;

use std::collections::BTreeSet;

use cnn_playground::experiment::{Choices, Value};
use cnn_playground::lab::conclusion::Param;
use cnn_playground::lab::{Conclusion, Hint, Lab, Verdict};
use cnn_playground::runs::significance::Cause;
use lab_runs::{conclude, made};

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
fn that_no_difference_was_seen_is_not_taken_for_no_worse() {
    let of = |naive, reduced| {
        let lab = Lab::of("inception").unwrap();
        let accuracy = |label: &str| if label == "naive" { naive } else { reduced };
        let mut runs = made(lab, &Choices::new(), accuracy, 1);
        let naive = runs.iter_mut().find(|made| made.label == "naive").unwrap();
        naive.facts.parameters = 2_000;
        let conclusion = lab.conclude(&Choices::new(), &runs, None).unwrap();
        (
            conclusion.key,
            conclusion.answer.map(|word| word.to_string()),
        )
    };
    assert_eq!(of(0.5, 0.5), ("textbook", Some("cheaper".into())));
    assert_eq!(of(0.5, 0.6), ("textbook", Some("cheaper".into())));
    // Three points lower may be more than five, and four points lower may be none.
    assert_eq!(of(0.5, 0.47), ("unclear", None));
    assert_eq!(of(0.5, 0.40), ("worse", Some("worse".into())));
}

#[test]
fn a_conclusion_says_how_much_chance_explains() {
    let lab = Lab::of("residual").unwrap();
    let of = |seeds| {
        let runs = made(lab, &Choices::new(), |_| 0.5, seeds);
        let conclusion = lab.conclude(&Choices::new(), &runs, None).unwrap();
        (conclusion.chance.unwrap(), conclusion.hint)
    };
    let (chance, hint) = of(1);
    assert_eq!((chance.cause, chance.images), (Cause::Images, 1_000));
    assert!((chance.margin.value - 0.0438).abs() < 1e-3, "{chance:?}");
    assert_eq!(hint, Some(Hint::Seed));
    // Seeds that agree leave more to the images, of which each had as many.
    let (chance, hint) = of(3);
    assert_eq!(chance.cause, Cause::Images);
    assert!((chance.margin.value - 0.0253).abs() < 1e-3, "{chance:?}");
    assert_eq!(hint, Some(Hint::More));
}

#[test]
fn a_unet_that_broke_down_has_marked_nothing() {
    let lab = Lab::of("unet").unwrap();
    let mut runs = made(lab, &Choices::new(), |_| 0.9, 1);
    runs[0].facts.test = None;
    let conclusion = lab.conclude(&Choices::new(), &runs, None).unwrap();
    let Some(Param::Figure(gain)) = conclusion.params.get("gain") else {
        panic!("{conclusion:?}")
    };
    assert!((gain.value - 0.901).abs() < 1e-9, "{gain:?}");
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
    assert_eq!((seeds, word), (3, "more".into()));
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
    // 1,000 test images: the difference of one pair is beyond chance from 0.044 on, of the best of three from 0.053 on.
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

#[test]
fn a_fact_that_is_one_runs_alone_says_whose_it_is() {
    let whose = |mlp| {
        let runs = [
            ("mlp-plain", 0.93),
            ("mlp-shuffled", mlp),
            ("cnn-plain", 0.97),
            ("cnn-shuffled", 0.89),
        ];
        let conclusion = conclude("pixel-shuffle", &[("shuffle", "fixed")], &runs);
        let labels: BTreeSet<&str> = conclusion.whose.values().copied().collect();
        labels
    };
    let all = ["cnn-plain", "cnn-shuffled", "mlp-plain", "mlp-shuffled"];
    assert_eq!(whose(0.92), BTreeSet::from(all));
    // Of two runs that came to the same, neither is meant.
    assert_eq!(whose(0.93), BTreeSet::from([all[0], all[1]]));
}
