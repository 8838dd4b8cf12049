//! The worker's side: what to do next, so that what is becomes what is wanted.

use serde::Serialize;

use super::wish::{Phase, Wish, Work};
use crate::data::Split;
use crate::event::Event;

/// Milliseconds that one call should take: short enough to pause at once, long enough to cost nothing.
const CALL: f64 = 125.0;
/// The same while somebody looks inside and gets the weights between two calls: ten times a second at least.
const LOOKED_AT: f64 = 60.0;
/// Milliseconds after the last question for weights when nobody looks any more.
const FORGOTTEN: f64 = 1000.0;
/// Milliseconds after which another checkpoint is made, for the case that the page goes away.
const KEEP: f64 = 5000.0;
/// Batches in one call at most.
const MOST_BATCHES: u32 = 16;
/// Images that are needed before a network can be made.
const FIRST: usize = 1;

/// The one thing that the worker does next.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Step {
    /// Nothing: wait for another wish.
    Rest,
    /// Bring the first `samples` samples of a split ([`Worker::arrived`]), or hear of another wish first.
    Bring {
        /// Of which split.
        split: Split,
        /// How many must be here.
        samples: usize,
    },
    /// Make the network, with its first weights or from a checkpoint ([`Worker::happened`]).
    Begin,
    /// Go on for at most `batches` batches ([`Worker::happened`]).
    Advance {
        /// How many.
        batches: u32,
    },
    /// Hand the weights over.
    Weights,
    /// Hand a checkpoint over.
    Checkpoint,
    /// Tell the page that the run is paused.
    Pause,
    /// Train `steps` steps of a run of their own, by the clock ([`Worker::measured`]).
    Measure {
        /// How many.
        steps: u32,
    },
    /// Tell the page that the job is done.
    Finish,
}

/// What has become of a job.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Stage {
    /// Nothing yet.
    New,
    /// The first data is here.
    Here,
    /// The run can go on.
    Begun,
    /// The run needs the first samples of a split, as many as the number says.
    Waiting(Split, usize),
    /// So many steps are to be timed next.
    Measuring(u32),
    /// Nothing more can come of it.
    Over,
}

/// The job that the worker is at, and how far it has come.
#[derive(Debug, Clone)]
pub struct Worker {
    job: u32,
    stage: Stage,
    phase: Phase,
    /// Steps that the run has made.
    step: u32,
    /// The page's questions for weights that were answered.
    weights: u32,
    /// Its questions for a checkpoint that were answered.
    checkpoints: u32,
    /// Whether steps were made that no checkpoint has.
    unkept: bool,
    /// The limit of steps at which the page was told of a pause.
    paused_at: Option<u32>,
    /// When the page asked for weights last.
    asked: f64,
    /// When the last checkpoint was made.
    kept: f64,
    /// Milliseconds that a batch takes, as last seen.
    pace: f64,
    /// When the page's wish was looked at last.
    now: f64,
    /// When the call that is on began, and of how many batches it is.
    call: Option<(f64, u32)>,
}

impl Default for Worker {
    fn default() -> Self {
        Self::new(0, CALL)
    }
}

impl Worker {
    const fn new(job: u32, pace: f64) -> Self {
        Self {
            job,
            stage: Stage::New,
            phase: Phase::Starting,
            step: 0,
            weights: 0,
            checkpoints: 0,
            unkept: false,
            paused_at: None,
            asked: f64::NEG_INFINITY,
            kept: f64::NEG_INFINITY,
            pace,
            now: f64::NEG_INFINITY,
            call: None,
        }
    }

    /// Where a job is, for reports of it. The wish for the next one may be here before [`Worker::next`] takes it up.
    pub const fn phase(&self, job: u32) -> Phase {
        if job == self.job {
            self.phase
        } else {
            Phase::Starting
        }
    }

    /// What to do now. `now` is the time in milliseconds, from any start.
    pub fn next(&mut self, wish: &Wish, now: f64) -> Step {
        if wish.job != self.job {
            *self = Self::new(wish.job, self.pace);
        }
        self.now = now;
        if let Some((began, batches)) = self.call.take() {
            self.pace = (now - began) / f64::from(batches);
        }
        match (self.stage, &wish.work) {
            (Stage::Over, _) => Step::Rest,
            (Stage::New | Stage::Here | Stage::Begun | Stage::Waiting(..), Work::Train { .. })
                if !self.goes_on(wish) =>
            {
                self.stop(wish)
            }
            (Stage::New, _) => self.bring(Split::Train, FIRST),
            (Stage::Waiting(split, samples), _) => {
                if self.is_asked(wish, now) {
                    return Step::Weights;
                }
                self.bring(split, samples)
            }
            (Stage::Here, Work::Train { .. }) => Step::Begin,
            (Stage::Here, Work::Fetch { .. } | Work::Read) => self.over(Phase::Done, Step::Finish),
            // The first step alone: it compiles programs, and brings the data.
            (Stage::Here, Work::Measure { .. }) => self.measure(1),
            (Stage::Measuring(steps), _) => self.measure(steps),
            (Stage::Begun, _) => self.go_on(wish, now),
        }
    }

    /// The next step of a run that is to go on.
    fn go_on(&mut self, wish: &Wish, now: f64) -> Step {
        if self.is_asked(wish, now) {
            return Step::Weights;
        }
        if self.is_due(wish) || now - self.kept > KEEP {
            return self.keep(wish, now);
        }
        let looked_at = now - self.asked < FORGOTTEN;
        let call = if looked_at { LOOKED_AT } else { CALL };
        let left = wish.until.map_or(MOST_BATCHES, |until| until - self.step);
        let batches = ((call / self.pace).round() as u32).clamp(1, MOST_BATCHES.min(left));
        self.paused_at = None;
        self.call = Some((now, batches));
        Step::Advance { batches }
    }

    /// The next step of a run that is to go no further.
    fn stop(&mut self, wish: &Wish) -> Step {
        if self.is_due(wish) {
            self.paused_at = None;
        }
        let begun = matches!(self.stage, Stage::Begun | Stage::Waiting(..));
        if begun && self.weights != wish.weights {
            self.weights = wish.weights;
            return Step::Weights;
        }
        if begun && (self.unkept || self.is_due(wish)) {
            return self.keep(wish, self.kept);
        }
        self.checkpoints = wish.checkpoints;
        if self.paused_at == wish.until {
            return Step::Rest;
        }
        self.paused_at = wish.until;
        self.phase = Phase::Paused;
        Step::Pause
    }

    /// Whether more steps are wanted than were made.
    fn goes_on(&self, wish: &Wish) -> bool {
        wish.until.is_none_or(|until| self.step < until)
    }

    /// Whether weights were asked for, which this answers.
    fn is_asked(&mut self, wish: &Wish, now: f64) -> bool {
        let asked = self.weights != wish.weights;
        if asked {
            self.weights = wish.weights;
            self.asked = now;
        }
        asked
    }

    /// Whether a checkpoint was asked for.
    const fn is_due(&self, wish: &Wish) -> bool {
        self.checkpoints != wish.checkpoints
    }

    fn keep(&mut self, wish: &Wish, now: f64) -> Step {
        self.checkpoints = wish.checkpoints;
        self.kept = now;
        self.unkept = false;
        Step::Checkpoint
    }

    fn bring(&mut self, split: Split, samples: usize) -> Step {
        self.phase = Phase::Loading;
        Step::Bring { split, samples }
    }

    fn measure(&mut self, steps: u32) -> Step {
        self.stage = Stage::Measuring(steps);
        self.phase = Phase::Measuring;
        Step::Measure { steps }
    }

    fn over(&mut self, phase: Phase, step: Step) -> Step {
        self.stage = Stage::Over;
        self.phase = phase;
        step
    }

    /// The data that [`Step::Bring`] asked for is here.
    pub fn arrived(&mut self) {
        (self.stage, self.phase) = match self.stage {
            Stage::New => (Stage::Here, Phase::Starting),
            Stage::Waiting(Split::Test, _) => (Stage::Begun, Phase::Testing),
            Stage::Waiting(Split::Train, _) if self.step > 0 => (Stage::Begun, Phase::Training),
            Stage::Waiting(..) => (Stage::Begun, Phase::Starting),
            other => (other, Phase::Starting),
        };
    }

    /// The network was made, or batches were worked on: what came of it, in order. What is only measured
    /// does not count.
    pub fn happened(&mut self, events: &[Event]) {
        if matches!(self.stage, Stage::Measuring(_)) {
            return;
        }
        for event in events {
            match event {
                Event::Started { step, testing, .. } => {
                    self.stage = Stage::Begun;
                    self.step = *step;
                    self.kept = self.now;
                    self.phase = if *testing {
                        Phase::Testing
                    } else {
                        Phase::Starting
                    };
                }
                Event::Steps { first, losses, .. } => {
                    self.step = first + losses.len() as u32 - 1;
                    self.unkept = true;
                    self.phase = Phase::Training;
                }
                Event::Gradients { .. } => {}
                Event::Epoch { .. } => self.phase = Phase::Testing,
                Event::Evaluated { .. } => {
                    // Even a short epoch is worth more than what it costs to keep it.
                    self.kept = f64::NEG_INFINITY;
                    self.phase = Phase::Training;
                }
                Event::Waiting { split, needed, .. } => {
                    self.stage = Stage::Waiting(*split, *needed);
                    self.phase = Phase::Loading;
                    // This call was shorter than it was meant to be.
                    self.call = None;
                }
                Event::Finished { .. } => {
                    self.over(Phase::Done, Step::Rest);
                }
                Event::Failed { .. } => self.fail(),
            }
        }
    }

    /// `images` images went through the engine in `seconds` seconds of [`Step::Measure`]. Gives the speed in
    /// images a second once it is known well enough: all tries together take at most twice the last, and
    /// the last at most twice as long as it must.
    pub fn measured(&mut self, wish: &Wish, images: u32, seconds: f64) -> Option<f64> {
        let (Stage::Measuring(steps), Work::Measure { seconds: most, .. }) =
            (self.stage, &wish.work)
        else {
            return None;
        };
        if wish.job != self.job {
            return None;
        }
        if seconds < most / 4.0 && steps < u32::MAX / 2 {
            self.stage = Stage::Measuring(steps * 2);
            return None;
        }
        self.over(Phase::Done, Step::Rest);
        Some(f64::from(images) / seconds)
    }

    /// The job cannot go on.
    pub fn fail(&mut self) {
        self.over(Phase::Failed, Step::Rest);
    }
}
