//! Runs as they are kept: what earlier versions wrote opens, what is damaged is named, and nothing is made up.
//! `fixtures/runs` holds what the page of 2026-11-26 kept in the browser and wrote into a file.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should fail")]

use cnn_playground::base::error::{Code, Problem, Result};
use cnn_playground::experiment::{Attention, Family};
use cnn_playground::runs::file::{self, MOST_BYTES, Saved};
use cnn_playground::runs::{Run, RunState};
use serde_json::{Value, json};

const FILE: &str = include_str!("fixtures/runs/file.json");
const RECORDS: &str = include_str!("fixtures/runs/records.json");

fn records() -> Vec<Value> {
    serde_json::from_str(RECORDS).unwrap()
}

/// A run from its record, as the page opens it.
fn open(record: &Value) -> Result<Run> {
    let bad = |error: serde_json::Error| Problem::new(Code::BadRun).with("detail", error);
    let place = serde_json::from_value(record.clone()).map_err(bad)?;
    let steps = serde_json::from_value(record.clone()).map_err(bad)?;
    let run: Run = serde_json::from_value(record.clone()).map_err(bad)?;
    let spec = record["spec"].as_object();
    let missing = || Problem::new(Code::BadRun).with("detail", "spec");
    let run = run.from_parts(place, steps, Some(spec.ok_or_else(missing)?));
    run.map(Run::stopped)
}

/// The text of the file with its first run changed.
fn changed(change: impl FnOnce(&mut Value)) -> String {
    let mut file: Value = serde_json::from_str(FILE).unwrap();
    change(&mut file["runs"][0]);
    file.to_string()
}

/// The code and the detail with which a changed file is refused.
fn refused(change: impl FnOnce(&mut Value)) -> (Code, String) {
    let problem = file::read(&changed(change)).unwrap_err();
    let detail = problem.params["detail"].clone();
    (problem.code, detail)
}

#[test]
fn a_file_of_the_first_version_opens() {
    let saved = file::read(FILE).unwrap();
    let facts: Vec<_> = saved
        .iter()
        .map(|Saved { run, .. }| (run.spec.net, run.step(), run.tests.len(), run.state))
        .collect();
    assert_eq!(
        facts,
        [
            (Family::Mlp, 4, 1, RunState::Done),
            (Family::LeNet, 8, 2, RunState::Done),
            (Family::UNet, 2, 1, RunState::Done),
            (Family::Mlp, 20, 2, RunState::Done),
        ]
    );
    assert_eq!(
        saved[0].run.steps.losses[0].to_bits(),
        2.311_407_f32.to_bits()
    );
}

#[test]
fn a_file_comes_back_as_it_went() {
    let saved = file::read(FILE).unwrap();
    let again = file::read(&file::write(&saved).unwrap()).unwrap();
    assert_eq!(again, saved);
}

#[test]
fn what_a_browser_kept_opens() {
    let kept = records();
    let saved = file::read(FILE).unwrap();
    for (record, Saved { run, .. }) in kept.iter().zip(saved) {
        let opened = open(record).unwrap();
        assert_eq!(opened.place.id, record["id"].as_u64().unwrap());
        let place = opened.place.clone();
        assert_eq!(opened, Run { place, ..run });
    }
}

#[test]
fn what_an_earlier_version_did_not_have_has_its_default() {
    let mut record = records().remove(0);
    for key in [
        "label",
        "group",
        "pinned",
        "home",
        "multiplyAdds",
        "task",
        "masks",
        "layers",
        "gradients",
        "activations",
    ] {
        assert!(
            record.as_object_mut().unwrap().remove(key).is_some(),
            "{key}"
        );
    }
    record["spec"].as_object_mut().unwrap().remove("attention");
    record["spec"].as_object_mut().unwrap().remove("lr");
    record["spec"]["of-a-later-version"] = json!(7);
    let run = open(&record).unwrap();
    assert_eq!((run.spec.attention, run.spec.lr), (Attention::None, 0.001));
    assert_eq!(run.spec.width, 8, "what is there stays");
    assert!(run.layers.is_empty() && run.place.visible && !run.pinned);
}

#[test]
fn a_damaged_record_is_a_problem_and_nothing_else() {
    let whole = records().remove(0);
    let with = |key: &str, value: Value| {
        let mut record = whole.clone();
        record[key] = value;
        record
    };
    let without = |key: &str| {
        let mut record = whole.clone();
        record.as_object_mut().unwrap().remove(key);
        record
    };
    let mut later = whole.clone();
    later["spec"]["net"] = json!("transformer");
    let mut without_batch = whole.clone();
    without_batch["spec"]["batch"] = json!(0);
    for record in [
        json!({ "id": 1 }),
        json!({}),
        json!(null),
        json!("run"),
        later,
        without_batch,
        with("losses", json!([1.0])),
        with("state", json!("dreaming")),
        with(
            "problem",
            json!({ "code": "of-a-later-version", "field": null, "params": {} }),
        ),
        with("devices", json!([])),
        with("tests", json!(null)),
        with("id", json!("x")),
        with("choices", json!([])),
        with("spec", json!(null)),
        without("losses"),
        without("samples"),
        without("tests"),
    ] {
        assert_eq!(open(&record).unwrap_err().code, Code::BadRun, "{record}");
    }
}

#[test]
fn a_run_that_was_on_when_the_page_went_away_is_stopped() {
    for state in ["starting", "training", "paused"] {
        let mut record = records().remove(0);
        record["state"] = json!(state);
        assert_eq!(open(&record).unwrap().state, RunState::Stopped, "{state}");
    }
}

#[test]
fn a_loss_that_is_not_finite_is_kept_as_what_it_is() {
    let mut saved = file::read(FILE).unwrap();
    let run = &mut saved[0].run;
    run.steps.losses[1] = f32::NAN;
    (run.tests[0].loss, run.gradients[0].norms[0]) = (f32::INFINITY, f32::NEG_INFINITY);
    let text = file::write(&saved).unwrap();
    assert!(text.contains("\"NaN\"") && text.contains("\"inf\"") && text.contains("\"-inf\""));
    let back = &file::read(&text).unwrap()[0].run;
    assert!(back.steps.losses[1].is_nan());
    assert_eq!(
        (back.tests[0].loss, back.gradients[0].norms[0]),
        (f32::INFINITY, f32::NEG_INFINITY)
    );
    // Earlier versions wrote nothing in its place, and could not read that.
    let old = changed(|run| {
        run["tests"][0]["loss"] = Value::Null;
        run["losses"][0] = Value::Null;
    });
    let back = &file::read(&old).unwrap()[0].run;
    assert!(back.tests[0].loss.is_nan() && back.steps.losses[0].is_nan());
}

#[test]
fn numbers_that_cannot_be_are_refused_by_name() {
    let bad = |detail: &str| (Code::BadRun, detail.to_owned());
    assert_eq!(
        refused(|run| run["tests"][0]["accuracy"] = json!(5)),
        bad("tests: accuracy 5")
    );
    assert_eq!(
        refused(|run| run["accuracies"][0] = json!(-0.5)),
        bad("accuracies: accuracy -0.5")
    );
    assert_eq!(
        refused(|run| run["elapsed"] = json!(-1)),
        bad("elapsed: -1 s")
    );
    assert_eq!(
        refused(|run| run["seconds"][2] = json!(1e12)),
        bad("seconds: 1000000000000 s")
    );
    assert_eq!(
        refused(|run| run["parameters"] = json!(9_007_199_254_740_992_u64)),
        bad("parameters: 9007199254740992")
    );
    assert_eq!(
        refused(|run| run["multiplyAdds"] = json!(u64::MAX)).0,
        Code::BadRun
    );
}

#[test]
fn a_run_that_contradicts_itself_is_refused() {
    let bad = |detail: &str| (Code::BadRun, detail.to_owned());
    let cut = |run: &mut Value, key: &str| {
        run[key].as_array_mut().unwrap().pop();
    };
    assert_eq!(refused(|run| cut(run, "samples")), bad("samples: 3 of 4"));
    assert_eq!(
        refused(|run| run["tests"][0]["step"] = json!(9)),
        bad("tests: step 9 of 4")
    );
    assert_eq!(
        refused(|run| cut(&mut run["gradients"][0], "norms")),
        bad("gradients")
    );
    assert_eq!(
        refused(|run| run["totalSteps"] = json!(1)),
        bad("totalSteps: 4 of 1")
    );
    assert_eq!(
        refused(|run| run["choices"]["lr"] = json!(-1)),
        bad("lr: out-of-range")
    );
}

#[test]
fn what_is_no_file_of_runs_is_refused() {
    for text in [
        "",
        "[]",
        "{\"format\": 1}",
        "{\"runs\": []}",
        "{\"format\": 1, \"runs\": [{}]}",
    ] {
        assert_eq!(file::read(text).unwrap_err().code, Code::NotRuns, "{text}");
    }
    let later = file::read("{\"format\": 2, \"runs\": {}}").unwrap_err();
    assert_eq!(
        (later.code, later.params["version"].as_str()),
        (Code::LaterFile, "2")
    );
    let large = file::check_size(MOST_BYTES + 1).unwrap_err();
    assert_eq!(
        (large.code, large.params["limit"].as_str()),
        (Code::FileTooLarge, "128")
    );
    assert!(file::check_size(MOST_BYTES).is_ok());
}

#[test]
fn a_name_from_a_file_has_an_end() {
    let text = changed(|run| run["label"] = json!("x".repeat(1_000_000)));
    assert_eq!(
        file::read(&text).unwrap()[0]
            .run
            .label
            .as_ref()
            .unwrap()
            .len(),
        60
    );
}
