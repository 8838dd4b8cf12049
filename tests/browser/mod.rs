//! What the tests in the browser share: the first real digits, and a run to its end.

use cnn_playground::data::{Dataset, Manifest, Split};
use cnn_playground::event::Event;
use cnn_playground::experiment::{ExperimentSpec, link, resolve};
use cnn_playground::train::{Device, Session};

/// A file of the data set, compiled in; `cargo xtask test` says where the data sets are.
macro_rules! mnist {
    ($file:literal) => {
        include_bytes!(concat!(env!("CNN_PLAYGROUND_CACHE"), "/data/mnist/", $file))
    };
}

/// What a run gave.
pub(crate) struct Curve {
    /// One for each step.
    pub(crate) losses: Vec<f32>,
    /// At the end, on the test samples.
    pub(crate) accuracy: f32,
}

/// The first shard of each split: 500 training and 500 test samples.
pub(crate) fn digits() -> Dataset {
    let manifest: Manifest = serde_json::from_slice(mnist!("manifest.json")).unwrap();
    let mut data = Dataset::served(manifest).unwrap();
    data.add_shard(Split::Train, mnist!("train-00.png"))
        .unwrap();
    data.add_shard(Split::Test, mnist!("test-00.png")).unwrap();
    data
}

/// The experiment of a link, which must be without fault.
pub(crate) fn spec(text: &str) -> ExperimentSpec {
    let opened = link::open(text);
    assert!(opened.problems.is_empty(), "{text}: {:?}", opened.problems);
    resolve(&opened.choices).spec
}

/// Runs the experiment of a link on the digits.
pub(crate) async fn run(link: &str, device: &Device) -> Curve {
    let data = digits();
    let (mut session, _) = Session::begin(spec(link), &data.facts, device).unwrap();
    let mut curve = Curve {
        losses: Vec::new(),
        accuracy: f32::NAN,
    };
    loop {
        let events = session.advance(&data, 8).await.unwrap();
        assert!(
            !events.is_empty(),
            "a run that goes on has something to tell"
        );
        for event in events {
            match event {
                Event::Steps { losses, .. } => curve.losses.extend(losses),
                Event::Evaluated { accuracy, .. } => curve.accuracy = accuracy,
                Event::Finished { .. } => return curve,
                Event::Started { .. } | Event::Gradients { .. } | Event::Epoch { .. } => {}
                Event::Waiting { .. } | Event::Failed { .. } => panic!("{link}: {event:?}"),
            }
        }
    }
}
