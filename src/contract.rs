//! The page's types are generated from the Rust ones, and this test is what keeps them so.

use std::path::Path;
use std::{env, fs};

use ts_rs::{Config, TS};

use crate::arch::calculator::LayerAnswer;
use crate::comparison::{Comparison, Presets, Source};
use crate::data::preview::Histogram;
use crate::data::{DataFacts, Manifest};
use crate::event::Event;
use crate::lab::budget::Probe;
use crate::lab::{Ask, Conclusion, LabView, Made, Milestone, Plan};
use crate::spec::link::Opened;
use crate::view::View;

fn insight_types(config: &Config) {
    use crate::insight::{
        Ascended, Classified, Explained, Gate, Judged, Map, Neuron, Patches, Question, Separable,
        Statistics,
    };
    Question::export_all(config).unwrap();
    Map::export_all(config).unwrap();
    Neuron::export_all(config).unwrap();
    Classified::export_all(config).unwrap();
    Statistics::export_all(config).unwrap();
    Patches::export_all(config).unwrap();
    Ascended::export_all(config).unwrap();
    Explained::export_all(config).unwrap();
    Gate::export_all(config).unwrap();
    Judged::export_all(config).unwrap();
    Separable::export_all(config).unwrap();
}

#[test]
fn the_types_of_the_page_are_these() {
    let folder = env::temp_dir().join(format!("cnn-playground-types-{}", std::process::id()));
    let config = Config::default()
        .with_out_dir(&folder)
        .with_large_int("number");
    View::export_all(&config).unwrap();
    Opened::export_all(&config).unwrap();
    Event::export_all(&config).unwrap();
    Manifest::export_all(&config).unwrap();
    DataFacts::export_all(&config).unwrap();
    Histogram::export_all(&config).unwrap();
    insight_types(&config);
    LabView::export_all(&config).unwrap();
    Milestone::export_all(&config).unwrap();
    Probe::export_all(&config).unwrap();
    Ask::export_all(&config).unwrap();
    Plan::export_all(&config).unwrap();
    Made::export_all(&config).unwrap();
    Conclusion::export_all(&config).unwrap();
    LayerAnswer::export_all(&config).unwrap();
    Source::export_all(&config).unwrap();
    Comparison::export_all(&config).unwrap();
    Presets::export_all(&config).unwrap();
    let generated = fs::read_to_string(folder.join("core.d.ts")).unwrap();
    fs::remove_dir_all(&folder).unwrap();

    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("www/app/core.d.ts");
    if env::var_os("UPDATE_TYPES").is_some() {
        fs::write(&path, &generated).unwrap();
    }
    let found = fs::read_to_string(path).unwrap_or_default();
    assert!(
        found == generated,
        "www/app/core.d.ts is out of date: UPDATE_TYPES=1 cargo test contract"
    );
}
