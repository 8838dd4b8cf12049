//! How far a run is.

use serde::{Deserialize, Serialize};

/// How far a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
#[serde(rename_all = "kebab-case")]
pub enum RunState {
    /// It has not made a step.
    Starting,
    /// It is on.
    Training,
    /// Somebody paused it.
    Paused,
    /// It came to its end.
    Done,
    /// It was given up.
    Stopped,
    /// It broke down.
    Failed,
}

impl RunState {
    /// Its word, as in files.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Starting => "starting",
            Self::Training => "training",
            Self::Paused => "paused",
            Self::Done => "done",
            Self::Stopped => "stopped",
            Self::Failed => "failed",
        }
    }

    /// Whether it goes on, or may.
    pub const fn is_active(self) -> bool {
        matches!(self, Self::Starting | Self::Training | Self::Paused)
    }
}
