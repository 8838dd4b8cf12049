//! The page's types are generated from the Rust ones, and this test is what keeps them so.

use std::path::Path;
use std::{env, fs};

use ts_rs::{Config, TS};

use crate::arch::calculator::LayerAnswer;
use crate::arch::editor::{Edit, Edited, Outline, Parts};
use crate::arch::pytorch::SourceWords;
use crate::base::DataFacts;
use crate::comparison::{Comparison, Presets, Source};
use crate::data::Manifest;
use crate::data::album::{Contents, ImageForms};
use crate::data::open::FileKind;
use crate::data::picture::Placement;
use crate::data::preview::Histogram;
use crate::data::sorted::Sorted;
use crate::desk::{Moment, Pace, Phase, Step, Wish};
use crate::event::Event;
use crate::experiment::claim::Claim;
use crate::experiment::goal;
use crate::experiment::link::{Opened, RESULT};
use crate::experiment::page::{PageTable, VIEW_KEYS};
use crate::experiment::pasted::Pasted;
use crate::experiment::{FIELDS, VERSION};
use crate::inside::{
    Activations, Ascended, Classified, Derivation, Explained, Gate, Judged, Map, Neuron, Patches,
    Question, Scored, Separable, Shifted, Statistics,
};
use crate::lab::budget::Probe;
use crate::lab::kept::{KeptWork, Packed, Unpacked};
use crate::lab::package::PackageAsk;
use crate::lab::predicted::LabPredictions;
use crate::lab::results::RunFacts;
use crate::lab::{
    Ask, ChallengeView, Conclusion, Exercise, FirstStep, LabView, Made, Milestone, Plan, Sourced,
};
use crate::runs::{
    About, Adopted, Change, ClassResults, Figures, Finding, Gradient, Looks, PlannedRun, Progress,
    Reproduction, RunView, Seeded, Values,
};
use crate::script::ScriptWords;
use crate::view::View;

/// Writes each of these types, with the types of its fields.
macro_rules! export {
    ($config:expr, $($name:ty),* $(,)?) => { $(<$name>::export_all($config).unwrap();)* };
}

#[test]
fn the_types_of_the_page_are_these() {
    let folder = env::temp_dir().join(format!("cnn-playground-types-{}", std::process::id()));
    let config = Config::default()
        .with_out_dir(&folder)
        .with_large_int("number");
    export!(
        &config,
        View,
        Opened,
        Pasted,
        Claim,
        Reproduction,
        RunView,
        About,
        Adopted,
        Change,
        PlannedRun,
        Progress,
        Figures,
        Values,
        Looks,
        Gradient,
        Finding,
        RunFacts,
        PageTable,
        ClassResults,
        LabPredictions,
        goal::GoalProgress,
        KeptWork,
        Packed,
        Unpacked,
        PackageAsk,
        SourceWords,
        ScriptWords,
        Event,
        Wish,
        Phase,
        Moment,
        Pace,
        Step,
        Manifest,
        DataFacts,
        Histogram,
        FileKind,
        ImageForms,
        Contents,
        Placement,
        Sorted,
        Seeded,
        LabView,
        ChallengeView,
        Exercise,
        FirstStep,
        Milestone,
        Sourced,
        Probe,
        Ask,
        Plan,
        Made,
        Conclusion,
        LayerAnswer,
        Outline,
        Parts,
        Edit,
        Edited,
        Source,
        Comparison,
        Presets,
        Question,
        Map,
        Activations,
        Derivation,
        Neuron,
        Classified,
        Statistics,
        Patches,
        Ascended,
        Explained,
        Gate,
        Judged,
        Scored,
        Separable,
        Shifted,
    );
    let generated = fs::read_to_string(folder.join("core.d.ts")).unwrap();
    fs::remove_dir_all(&folder).unwrap();

    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("www/app/core.d.ts");
    if env::var_os("UPDATE_TYPES").is_some() {
        fs::write(&path, &generated).unwrap();
    }
    let found = fs::read_to_string(path).unwrap_or_default();
    assert!(
        found == generated,
        "www/app/core.d.ts is out of date: UPDATE_TYPES=1 cargo test --workspace contract"
    );
}

/// `www/embed.js` loads nothing, so it holds the names itself; any other name must not become an attribute.
#[test]
fn the_element_takes_every_parameter_of_a_link_and_no_other() {
    const BEFORE: &str = "const PARAMETERS = new Set('";
    let fields = FIELDS.iter().map(|field| field.key);
    let keys = fields.chain(VIEW_KEYS.iter().map(|(key, _)| *key));
    // It says `embed` by itself.
    let given = keys.filter(|key| *key != "embed");
    let names: Vec<_> = given.chain([RESULT]).collect();
    let names = names.join(" ");

    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("www/embed.js");
    let script = fs::read_to_string(&path).unwrap();
    let (before, rest) = script.split_once(BEFORE).unwrap();
    let (found, behind) = rest.split_once('\'').unwrap();
    if env::var_os("UPDATE_TYPES").is_some() {
        fs::write(&path, format!("{before}{BEFORE}{names}'{behind}")).unwrap();
    } else {
        assert_eq!(
            found, names,
            "www/embed.js is out of date: UPDATE_TYPES=1 cargo test --workspace contract"
        );
    }
    let version = format!("[['v', '{VERSION}']");
    assert!(script.contains(&version), "it writes links of {version}");
}
