//! Links: the experiment, what is said of the page, and a claim, in one text.

use cnn_playground::experiment::link::{self, Length};
use cnn_playground::experiment::resolve;
use cnn_playground::lab;
use cnn_playground::view::View;
use serde_json::Value as Json;

use super::MB;
use crate::Target;

pub(super) const TARGET: Target = Target {
    name: "links",
    memory: 4 * MB,
    longest: 9_000,
    seeds,
    run,
};

/// Every link that was ever shared in which nothing is wrong.
fn seeds() -> Vec<Vec<u8>> {
    let golden: Vec<Json> =
        serde_json::from_str(include_str!("../../../tests/fixtures/links/v1.json"))
            .unwrap_or_default();
    let sound = |golden: &&Json| golden["problems"].as_array().is_some_and(Vec::is_empty);
    let links = golden
        .iter()
        .filter(sound)
        .filter_map(|golden| golden["link"].as_str());
    links.map(|link| link.as_bytes().to_vec()).collect()
}

fn run(input: &[u8]) -> bool {
    let text = String::from_utf8_lossy(input);
    let opened = lab::check(link::open(&text));
    let spec = resolve(&opened.choices).spec;
    assert_eq!(spec.validate(), Ok(()), "what is left of a link is sound");
    for length in [Length::Short, Length::Full] {
        let again = link::whole(&spec, &opened.view, opened.claim.as_ref(), length);
        let same = lab::check(link::open(&again));
        assert_eq!(same.problems, [], "{again}");
        assert_eq!(
            (&same.choices, &same.view, &same.claim, &same.frame),
            (&opened.choices, &opened.view, &opened.claim, &opened.frame),
            "{again}"
        );
    }
    if let Some(claim) = &opened.claim {
        claim.compare(claim, spec.test);
    }
    let view = View::of(&opened.choices, None);
    assert_eq!(view.spec, spec);
    opened.problems.is_empty()
}
