//! Runs as a file.

use cnn_playground::base::error::Result;
use cnn_playground::runs::file;
use serde_json::json;

use super::MB;
use crate::Target;

pub(super) const TARGET: Target = Target {
    name: "runs",
    memory: 4 * MB,
    longest: 30_000,
    seeds,
    run,
};

fn seeds() -> Vec<Vec<u8>> {
    let bare =
        json!({ "format": 1, "runs": [run_with(json!({})), run_with(json!({ "label": "mine" }))] });
    let told = run_with(json!({
        "group": "g", "pinned": true, "multiplyAdds": 20, "state": "failed", "layers": ["fc1"],
        "gradients": [{ "step": 0, "norms": [0.25] }, { "step": 2, "norms": [0.5] }],
        "activations": [{ "step": 1, "layers": [{ "row": 2, "mean": 0.5, "deviation": 0.25, "dead": 0.0 }] }],
        "separable": { "rows": [0.5], "input": 0.25, "images": 100 },
        "problem": { "code": "not-finite", "field": null, "params": { "step": "3" } },
    }));
    let files = [
        json!({ "format": 1, "runs": [] }),
        bare,
        json!({ "format": 1, "runs": [told] }),
    ];
    files
        .iter()
        .map(|file| file.to_string().into_bytes())
        .collect()
}

/// A run of two steps, and more.
fn run_with(more: serde_json::Value) -> serde_json::Value {
    let mut run = json!({
        "begun": "2026-11-24T12:00:00.000Z", "link": "https://example.org/#v=1&net=mlp", "number": 3,
        "choices": { "net": "mlp", "lr": 0.5 }, "devices": ["cpu"], "state": "done", "parameters": 10,
        "stepsPerEpoch": 2, "totalSteps": 2, "losses": [1.0, 0.5], "accuracies": [0.25, 0.5],
        "samples": [64, 128], "seconds": [1.0, 2.0], "elapsed": 2.0, "training": 1.0,
        "tests": [{ "step": 2, "samples": 128, "seconds": 1.5, "loss": 1.25, "accuracy": 0.5, "count": 100 }],
    });
    if let (Some(run), Some(more)) = (run.as_object_mut(), more.as_object()) {
        run.extend(more.clone());
    }
    run
}

fn run(input: &[u8]) -> bool {
    let Ok(written) = read_and_written(&String::from_utf8_lossy(input)) else {
        return false;
    };
    let again = read_and_written(&written);
    assert_eq!(again, Ok(written), "what is written is read again");
    true
}

fn read_and_written(text: &str) -> Result<String> {
    file::write(&file::read(text)?)
}
