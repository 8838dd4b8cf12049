//! How much a lab's runs may see, so that it ends in about three minutes on this device.

use serde::{Deserialize, Serialize};

use super::{Lab, Options};
use crate::arch::{self, Summary};
use crate::base::ImageShape;
use crate::base::error::{Problem, Result};
use crate::experiment::{Choices, ExperimentSpec, Value, link, resolve};

/// Seconds in which a lab should end.
pub const SECONDS: f64 = 180.0;
/// Seconds that all measurements of a lab may take together.
const MEASURING: f64 = 8.0;
/// Bytes of images that a run may hold for each gigabyte of the device's memory. What trains needs
/// several times that, and shares the device with everything else.
const IMAGE_BYTES: f64 = 32e6;
/// A test costs a forward pass, training three passes' worth.
const FORWARD_SHARE: f64 = 1.0 / 3.0;

/// How much each run of a lab sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Size {
    /// Training images.
    pub train: u32,
    /// Test images.
    pub test: u32,
    /// Passes over the training images.
    pub epochs: u32,
}

impl Size {
    pub(super) const fn new(train: u32, test: u32, epochs: u32) -> Self {
        Self {
            train,
            test,
            epochs,
        }
    }

    /// Shows how the lab goes, not what it shows.
    pub const REHEARSAL: Self = Self::new(320, 100, 1);

    /// Bytes of this number of images, at one byte a value.
    fn bytes(self, image: ImageShape) -> f64 {
        f64::from(self.train + self.test) * image.len() as f64
    }

    /// What a run of this size costs, in training images.
    fn cost(self) -> f64 {
        let epoch = f64::from(self.train) + FORWARD_SHARE * f64::from(self.test);
        f64::from(self.epochs) * epoch
    }
}

/// How a lab's size is chosen. The words are those of the link's `budget`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
#[serde(rename_all = "kebab-case")]
pub enum Budget {
    /// So that it ends in about three minutes on this device.
    Auto,
    /// A rehearsal: seconds.
    Quick,
    /// The largest, however long it takes.
    Full,
}

/// What the page asks for.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Ask {
    /// How to choose the size.
    pub budget: Budget,
    /// Images a second of each of the lab's [`probes`]; may be empty for the other budgets.
    pub speeds: Vec<f64>,
    /// Gigabytes of memory, where the browser tells.
    pub memory: Option<f64>,
    /// The seeds to run with.
    pub seeds: Vec<u32>,
    /// The size of runs that are there already, to be repeated with other seeds.
    pub level: Option<usize>,
}

/// How the size that was picked compares with the largest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
#[serde(rename_all = "kebab-case")]
pub enum Fit {
    /// It is the largest.
    Whole,
    /// It is smaller, to end in time.
    Reduced,
    /// It is smaller, because the device has little memory.
    Memory,
    /// It is the smallest that shows the effect, and takes longer than it should.
    Floor,
    /// It is a rehearsal.
    Rehearsal,
}

/// A run to be made.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Planned {
    /// The entry that it is a run of.
    pub label: &'static str,
    /// The whole experiment, as choices.
    pub choices: Choices,
    /// Seconds that it should take, where the speed is known.
    pub seconds: Option<f64>,
}

/// The runs of a lab, in order.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Plan {
    /// The runs: every entry with the first seed, then with the next.
    pub runs: Vec<Planned>,
    /// Index of the size among the lab's; one beyond the last is the rehearsal.
    pub level: usize,
    /// How much each run sees.
    pub size: Size,
    /// How much it sees where time does not matter.
    pub full: Size,
    /// How the two compare.
    pub fit: Fit,
    /// Seconds that all should take, where the speed is known.
    pub seconds: Option<f64>,
}

/// A network whose speed has to be known.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Probe {
    /// An experiment that runs it.
    pub spec: ExperimentSpec,
    /// Seconds that measuring it may take.
    pub seconds: f64,
}

/// The lab's experiments without their sizes, and for each the index of its probe: entries with
/// the same work in a step share one.
fn probed(lab: &Lab, options: &Options) -> Result<(Vec<ExperimentSpec>, Vec<usize>)> {
    let mut specs: Vec<(ExperimentSpec, (u32, usize, u64))> = Vec::new();
    let mut of_entry = Vec::new();
    for entry in (lab.entries)(options) {
        let spec = link::known_spec(&entry.link);
        let shape = spec.data.shape();
        let shape = shape.ok_or_else(|| Problem::internal("a lab of one's own files"))?;
        let network = Summary::of(&arch::build(&spec, shape, 10)?);
        let work = (spec.batch, network.parameters, network.multiply_adds);
        let known = specs.iter().position(|(_, other)| *other == work);
        of_entry.push(known.unwrap_or(specs.len()));
        if known.is_none() {
            specs.push((spec, work));
        }
    }
    Ok((specs.into_iter().map(|(spec, _)| spec).collect(), of_entry))
}

/// The largest image that any of the lab's runs sees.
fn largest_image(lab: &Lab, options: &Options) -> ImageShape {
    let entries = (lab.entries)(options).into_iter();
    let shapes = entries.filter_map(|entry| link::known_spec(&entry.link).data.shape());
    shapes
        .max_by_key(|shape| shape.len())
        .unwrap_or(ImageShape {
            channels: 0,
            height: 0,
            width: 0,
        })
}

/// What has to be measured before the lab can be planned.
///
/// # Errors
/// As [`arch::build`].
pub fn probes(lab: &Lab, chosen: &Choices) -> Result<Vec<Probe>> {
    let (specs, _) = probed(lab, &Options::of(lab, chosen))?;
    let seconds = MEASURING / specs.len().max(1) as f64;
    let probe = |mut spec: ExperimentSpec| {
        // One shard is enough, and the test at the end must cost nothing.
        spec.train = spec.train.min(500);
        spec.test = 10;
        Probe { spec, seconds }
    };
    Ok(specs.into_iter().map(probe).collect())
}

/// Picks the size and lays the runs out.
///
/// # Errors
/// As [`arch::build`].
pub fn plan(lab: &Lab, chosen: &Choices, ask: &Ask) -> Result<Plan> {
    let options = Options::of(lab, chosen);
    let (_, probe_of) = probed(lab, &options)?;
    let seconds = |size: Size, entry: usize| {
        let speed = ask.speeds.get(probe_of[entry]).copied();
        speed
            .filter(|speed| *speed > 0.0)
            .map(|speed| size.cost() / speed)
    };
    let whole = |size: Size| -> Option<f64> {
        let each: Option<Vec<f64>> = (0..probe_of.len())
            .map(|entry| seconds(size, entry))
            .collect();
        each.map(|each| each.iter().sum())
    };
    let in_time = |size: Size| whole(size).is_some_and(|seconds| seconds <= SECONDS);
    let image = largest_image(lab, &options);
    let holds = |size: Size| {
        let room = ask.memory.map(|gigabytes| gigabytes * IMAGE_BYTES);
        room.is_none_or(|room| size.bytes(image) <= room)
    };
    let floor = lab.sizes.len().saturating_sub(1);
    let first = |fits: &dyn Fn(Size) -> bool| {
        let found = lab.sizes.iter().position(|size| fits(*size));
        found.unwrap_or(floor)
    };
    let level = ask.level.unwrap_or(match ask.budget {
        Budget::Full => first(&holds),
        Budget::Quick => lab.sizes.len(),
        Budget::Auto => first(&in_time).max(first(&holds)),
    });
    let full = lab.sizes.first().copied().unwrap_or(Size::REHEARSAL);
    let size = lab.sizes.get(level).copied().unwrap_or(Size::REHEARSAL);
    let fit = match level {
        0 => Fit::Whole,
        level if level > floor => Fit::Rehearsal,
        level
            if level == first(&holds)
                && (ask.budget == Budget::Full || level > first(&in_time)) =>
        {
            Fit::Memory
        }
        level if level == floor && whole(size).is_some_and(|seconds| seconds > SECONDS) => {
            Fit::Floor
        }
        _ => Fit::Reduced,
    };
    let entries = (lab.entries)(&options);
    let runs: Vec<Planned> = ask
        .seeds
        .iter()
        .flat_map(|seed| entries.iter().enumerate().map(move |pair| (seed, pair)))
        .map(|(seed, (index, entry))| {
            let mut choices = link::known(&entry.link);
            let numbers = [
                ("train", size.train),
                ("test", size.test),
                ("epochs", size.epochs),
                ("seed", *seed),
            ];
            choices
                .extend(numbers.map(|(key, value)| (key.into(), Value::Number(f64::from(value)))));
            Planned {
                label: entry.label,
                // Defaults are not choices.
                choices: resolve(&choices).spec.choices(),
                seconds: seconds(size, index),
            }
        })
        .collect();
    let total = runs.iter().map(|run| run.seconds).sum::<Option<f64>>();
    Ok(Plan {
        seconds: total.filter(|_| !runs.is_empty()),
        runs,
        level,
        size,
        full,
        fit,
    })
}

/// With how many seeds a lab's runs are repeated, in all: the fewest that show a spread.
const SEEDS: u32 = 3;

/// The seeds that a lab's runs are made with next: the first one, then those that are missing of three.
pub fn next_seeds(made: &[u32]) -> Vec<u32> {
    let Some(last) = made.iter().max() else {
        return vec![1];
    };
    let missing = SEEDS.saturating_sub(made.len() as u32);
    (1..=missing)
        .map(|more| last.saturating_add(more))
        .collect()
}
