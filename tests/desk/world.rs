//! The page's side, the worker's side, an engine, and the messages between them.

use std::collections::{BTreeMap, VecDeque};

use cnn_playground::desk::{Page, Phase, Step, Wish, Work, Worker};
use cnn_playground::event::Event;
use cnn_playground::experiment::ExperimentSpec;
use proptest::prelude::*;

use crate::engine::{Checkpoint, Engine, Record, started};

/// Milliseconds that a batch takes: a call is a few of them, and may end in the middle of a test.
const BATCH: f64 = 40.0;
/// Steps of the worker that are enough to end anything, where nothing goes wrong.
pub(crate) const ENOUGH: usize = 400;

/// What may happen next, at the page or at the worker.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Move {
    Run,
    StepAnew,
    ReadFiles,
    FetchAhead,
    MeasureSpeed,
    Pause,
    Continue,
    OneStep,
    Look,
    Keep,
    Reset,
    /// Goes on with the run that a crash has ended, from the checkpoint that the page has.
    GoOn,
    /// The oldest wish on its way reaches the worker.
    WishArrives,
    /// The oldest report on its way reaches the page.
    ReportArrives,
    /// The worker does what it would do next.
    Works(Luck),
    /// A part of a file comes, of which the worker tells whatever it is at.
    DataComes,
    /// The worker crashes, and the page hears of it and starts another.
    Crash,
}

/// How the worker's next step ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Luck {
    Good,
    /// Data is missing, or does not come.
    NoData,
    /// The engine fails.
    Bad,
}

pub(crate) fn moves() -> impl Strategy<Value = Move> {
    let luck = prop_oneof![8 => Just(Luck::Good), 2 => Just(Luck::NoData), 1 => Just(Luck::Bad)];
    prop_oneof![
        3 => Just(Move::Run),
        1 => Just(Move::StepAnew),
        1 => Just(Move::ReadFiles),
        1 => Just(Move::FetchAhead),
        1 => Just(Move::MeasureSpeed),
        3 => Just(Move::Pause),
        3 => Just(Move::Continue),
        2 => Just(Move::OneStep),
        3 => Just(Move::Look),
        2 => Just(Move::Keep),
        1 => Just(Move::Reset),
        2 => Just(Move::GoOn),
        8 => Just(Move::WishArrives),
        8 => Just(Move::ReportArrives),
        16 => luck.prop_map(Move::Works),
        3 => Just(Move::DataComes),
        1 => Just(Move::Crash),
    ]
}

/// A report: where the job is, what happened, and a checkpoint if it brings one.
#[derive(Debug, Clone)]
pub(crate) struct Report {
    job: u32,
    at: Phase,
    events: Vec<Event>,
    checkpoint: Option<Checkpoint>,
}

#[derive(Debug, Default)]
pub(crate) struct World {
    pub(crate) page: Page,
    pub(crate) worker: Worker,
    pub(crate) engine: Engine,
    /// What the worker was told last; nothing after a failure.
    pub(crate) wish: Option<Wish>,
    pub(crate) wishes: VecDeque<Option<Wish>>,
    pub(crate) reports: VecDeque<Report>,
    /// The run that is on, or was last.
    pub(crate) run: Record,
    /// What each job goes on from that is not a run's first.
    pub(crate) luggage: BTreeMap<u32, Checkpoint>,
    pub(crate) now: f64,
    /// Weights and checkpoints that were handed over for the job that is on.
    pub(crate) weights: u32,
    pub(crate) checkpoints: u32,
}

impl World {
    pub(crate) fn press(&mut self, pressed: Move) {
        let spec = ExperimentSpec::default;
        match pressed {
            Move::Run => {
                self.begin(
                    Work::Train {
                        spec: spec(),
                        resumed: false,
                    },
                    None,
                );
            }
            Move::StepAnew => {
                self.begin(
                    Work::Train {
                        spec: spec(),
                        resumed: false,
                    },
                    Some(1),
                );
            }
            Move::ReadFiles => self.begin(Work::Read, None),
            Move::FetchAhead => self.begin(Work::Fetch { spec: spec() }, None),
            Move::MeasureSpeed => self.begin(
                Work::Measure {
                    spec: spec(),
                    seconds: 1.0,
                },
                None,
            ),
            Move::Pause => self.page.until(Some(0)),
            Move::Continue => self.page.until(None),
            Move::OneStep => self.page.until(Some(self.run.steps + 1)),
            Move::Look => self.page.ask_weights(),
            Move::Keep => self.page.ask_checkpoint(),
            Move::Reset => self.page.give_up(),
            Move::GoOn => self.go_on(),
            _ => unreachable!("not a press"),
        }
        self.wishes.push_back(self.page.wish().cloned());
    }

    pub(crate) fn begin(&mut self, work: Work, until: Option<u32>) {
        let before = self.page.wish().map(|wish| wish.job);
        let job = self.page.begin(work, "mnist".to_owned(), until);
        assert_ne!(Some(job), before, "every job has a number of its own");
        self.run = Record::default();
    }

    fn go_on(&mut self) {
        let Some(checkpoint) = self.run.checkpoint else {
            return;
        };
        if self.page.phase() != Phase::Failed {
            return;
        }
        let run = self.run.clone();
        let spec = ExperimentSpec::default();
        let resumed = true;
        self.begin(Work::Train { spec, resumed }, None);
        self.run = run;
        let job = self.page.wish().map_or(0, |wish| wish.job);
        self.luggage.insert(job, checkpoint);
    }

    pub(crate) fn crash(&mut self) {
        self.page.fail();
        assert!(self.page.wish().is_none() && !self.page.phase().is_busy());
        let page = std::mem::take(&mut self.page);
        *self = Self {
            page,
            run: self.run.clone(),
            now: self.now,
            ..Self::default()
        };
    }

    pub(crate) fn wish_arrives(&mut self) {
        if let Some(wish) = self.wishes.pop_front() {
            let other =
                wish.as_ref().map(|wish| wish.job) != self.wish.as_ref().map(|wish| wish.job);
            if other {
                (self.weights, self.checkpoints) = (0, 0);
            }
            self.wish = wish;
        }
    }

    pub(crate) fn report_arrives(&mut self) {
        let Some(report) = self.reports.pop_front() else {
            return;
        };
        let (before, wanted) = (self.page.phase(), self.page.wish().cloned());
        let counts = self.page.hear(report.job, report.at);
        if wanted.as_ref().map(|wish| wish.job) != Some(report.job) {
            // A report of another run changes nothing.
            assert!(!counts);
            assert_eq!(
                (self.page.phase(), self.page.wish()),
                (before, wanted.as_ref())
            );
        }
        if counts {
            // What the page takes for done is done.
            let done = self.worker.phase(report.job) == Phase::Done;
            assert!(report.at != Phase::Done || done);
            report.events.iter().for_each(|event| self.run.hear(event));
            self.run.checkpoint = report.checkpoint.or(self.run.checkpoint);
        }
    }

    pub(crate) fn data_comes(&mut self) {
        if let Some(job) = self.wish.as_ref().map(|wish| wish.job) {
            self.tell(job, Vec::new());
        }
    }

    pub(crate) fn tell(&mut self, job: u32, events: Vec<Event>) {
        self.report(job, events, None);
    }

    fn report(&mut self, job: u32, events: Vec<Event>, checkpoint: Option<Checkpoint>) {
        self.reports.push_back(Report {
            job,
            at: self.worker.phase(job),
            events,
            checkpoint,
        });
    }

    /// One step of the worker, as `www/worker/desk.js` makes it. Gives the step.
    pub(crate) fn works(&mut self, luck: Luck) -> Step {
        self.now += BATCH;
        // Idle means no call.
        let Some(wish) = self.wish.clone() else {
            return Step::Rest;
        };
        let job = wish.job;
        let step = self.worker.next(&wish, self.now);
        if luck == Luck::Bad && step != Step::Rest && step != Step::Pause {
            self.worker.fail();
            self.tell(job, Vec::new());
            self.wish = None;
            return step;
        }
        match step {
            Step::Rest => {}
            Step::Bring { .. } if luck == Luck::NoData => self.tell(job, Vec::new()),
            Step::Bring { .. } => self.worker.arrived(),
            Step::Begin => {
                let from = self.luggage.get(&job).copied().unwrap_or_default();
                self.engine = Engine::from(job, from);
                let events = vec![started(from)];
                self.worker.happened(&events);
                self.tell(job, events);
            }
            Step::Advance { batches } => {
                // One run at a time: the one that is wanted.
                assert_eq!(self.engine.job, job);
                assert!(!self.engine.over, "no call for a run that is over");
                assert!(batches > 0);
                // A pause is obeyed: no call goes beyond what is wanted.
                assert!(
                    wish.until
                        .is_none_or(|until| self.engine.step + batches <= until)
                );
                let events = self.engine.advance(batches, luck == Luck::NoData);
                self.now += BATCH * f64::from(batches);
                self.worker.happened(&events);
                self.tell(job, events);
            }
            Step::Weights => {
                assert_eq!(self.engine.job, job);
                self.weights += 1;
            }
            Step::Checkpoint => {
                assert_eq!(self.engine.job, job);
                self.checkpoints += 1;
                let checkpoint = self.engine.checkpoint();
                self.report(job, Vec::new(), checkpoint);
            }
            Step::Pause => self.tell(job, Vec::new()),
            Step::Measure { steps } => {
                let seconds = f64::from(steps) * 0.01;
                if self.worker.measured(&wish, steps, seconds).is_some() {
                    self.tell(job, Vec::new());
                }
            }
            Step::Finish => self.tell(job, Vec::new()),
        }
        step
    }

    /// Lets everything arrive and work, with nothing that goes wrong, until nothing moves.
    pub(crate) fn settle(&mut self) {
        for _ in 0..ENOUGH {
            while !self.wishes.is_empty() {
                self.wish_arrives();
            }
            let step = self.works(Luck::Good);
            while !self.reports.is_empty() {
                self.report_arrives();
            }
            if step == Step::Rest {
                return;
            }
        }
        panic!("the worker never comes to rest: {self:?}");
    }
}
