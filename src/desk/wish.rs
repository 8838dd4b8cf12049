//! The words that the page and the worker share.

use serde::{Deserialize, Serialize};

use crate::experiment::ExperimentSpec;

/// What the page wants of its training worker. A wish replaces the one before, so the same wish may be
/// sent twice, and what is lost in between is not missed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
#[serde(rename_all = "camelCase")]
pub struct Wish {
    /// The number of the job. The worker gives up every other one.
    pub job: u32,
    /// What is to be done.
    pub work: Work,
    /// The data set: the name of a served one, or one that is new whenever a person's own files change.
    pub data: String,
    /// Train until this many steps have been made; null for all. A number that is already reached is a pause.
    pub until: Option<u32>,
    /// How often the page has asked for the network's weights.
    pub weights: u32,
    /// How often it has asked for a checkpoint.
    pub checkpoints: u32,
}

/// What a job is about. What does not fit into it as text, the files and the bytes of a checkpoint,
/// travels beside the job's first wish.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
#[serde(
    tag = "kind",
    rename_all = "kebab-case",
    rename_all_fields = "camelCase"
)]
pub enum Work {
    /// Fetch the first images of the experiment's data set, so that a run of it begins at once.
    Fetch {
        /// The experiment that is on the page.
        spec: ExperimentSpec,
    },
    /// Read a person's own files, so that the page can show their images.
    Read,
    /// Train.
    Train {
        /// The experiment.
        spec: ExperimentSpec,
        /// Whether it goes on from a checkpoint.
        resumed: bool,
    },
    /// Measure how many images a second the experiment trains at.
    Measure {
        /// The experiment.
        spec: ExperimentSpec,
        /// Seconds that this may take, about.
        seconds: f64,
    },
}

/// Where a job is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// There is no job.
    Idle,
    /// The engine or the network is being made.
    Starting,
    /// Data is on its way, and nothing can go on without it.
    Loading,
    /// The speed is being measured.
    Measuring,
    /// Training batches are on.
    Training,
    /// Test batches are on.
    Testing,
    /// A pause was asked for; the call that is on has not ended.
    Pausing,
    /// Nothing happens until the page wants more.
    Paused,
    /// The job came to its end.
    Done,
    /// The job cannot go on.
    Failed,
}

impl Phase {
    /// Whether the worker has something to do.
    pub const fn is_busy(self) -> bool {
        matches!(
            self,
            Self::Starting | Self::Loading | Self::Measuring | Self::Training | Self::Testing
        )
    }

    /// Whether nothing more can come of the job.
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Idle | Self::Done | Self::Failed)
    }
}
