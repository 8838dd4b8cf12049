//! A run as data: the record that events are applied to, and all that follows from it.
//!
//! [`Run`] is what one run was and came to. Curves for the charts, figures for the table, what may be concluded from
//! two runs, a file, a table for a spreadsheet and what may be claimed in a link are derived from it. [`Runs`] is the
//! list of them on a page. The page, the labs and the terminal use the same record and the same rules.
//!
//! Nothing here needs a device: it is part of the page's small module.

mod bundles;
mod claim;
mod class;
mod csv;
mod curve;
mod figures;
pub mod file;
mod finding;
mod gradient;
mod kept;
mod list;
mod measure;
mod number;
mod run;
pub mod significance;
mod state;
mod ticks;
mod view;

pub use bundles::{PlannedRun, Progress};
pub use claim::{Outcome, Reproduction};
pub use class::{ClassResults, Seeded, Variant, VariantResult, class_csv, seeded};
pub use csv::{curves_csv, table_csv, wide_csv};
pub use curve::{Axis, Chart, Curve, Measure};
pub use figures::{Ends, Figures, Values};
pub use finding::{Certainty, Finding};
pub use gradient::Gradient;
pub use kept::LONGEST_NAME;
pub use list::{About, Adopted, Change, MOST_RUNS, Runs};
pub use measure::{GOAL, Spread, deviation, mean, read_goal, spread, steps_to};
pub use run::{GradientNorms, LayerStatistics, Look, Place, Run, Separated, Steps, Test};
pub use state::RunState;
pub use ticks::ticks;
pub use view::{Looks, RunView};
