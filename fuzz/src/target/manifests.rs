//! Manifests of data sets, and what is made of a data set's facts before any image is there.

use cnn_playground::arch;
use cnn_playground::base::DataFacts;
use cnn_playground::data::preview::Preview;
use cnn_playground::data::{Dataset, Manifest, Split};
use cnn_playground::experiment::{Choices, ExperimentSpec, Family, Value};
use cnn_playground::view::View;

use super::MB;
use crate::Target;

pub(super) const TARGET: Target = Target {
    name: "manifests",
    memory: 16 * MB,
    longest: 4_096,
    seeds,
    run,
};

fn seeds() -> Vec<Vec<u8>> {
    let manifest = |channels: usize, side: usize, shards: usize| {
        let shard = serde_json::json!({
            "file": "train-00.png", "samples": 500, "bytes": 100_000, "sha256": "0".repeat(64),
        });
        serde_json::json!({
            "name": "mnist",
            "shape": { "channels": channels, "height": side, "width": side },
            "classes": ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
            "source": "made",
            "mean": vec![0.25; channels],
            "deviation": vec![0.5; channels],
            "train": vec![shard.clone(); shards],
            "test": [shard],
        })
    };
    let made = [manifest(1, 28, 2), manifest(3, 32, 1)];
    made.iter()
        .map(|manifest| manifest.to_string().into_bytes())
        .collect()
}

fn run(input: &[u8]) -> bool {
    let Ok(manifest) = serde_json::from_slice::<Manifest>(input) else {
        return false;
    };
    let facts = DataFacts::from(&manifest);
    let Ok(data) = Dataset::served(manifest) else {
        return false;
    };
    assert_eq!((&data.facts, facts.check("facts")), (&facts, Ok(())));
    data.next_shard(Split::Train, 1);
    for word in Family::WORDS {
        let net = Value::Word((*word).to_owned());
        let chosen = Choices::from([("net".to_owned(), net)]);
        let view = View::of(&chosen, Some(&facts));
        assert_eq!(view.network.is_some(), view.refusal.is_none());
    }
    let spec = ExperimentSpec::default();
    // As many bytes as are at hand, whatever an image would need.
    let _ = Preview::of(&spec, &facts, input, 2);
    let _ = arch::build(&spec, facts.shape, facts.classes.len());
    true
}
