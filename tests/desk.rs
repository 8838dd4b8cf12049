//! The page and its worker, driven through random orders of presses, answers, delays, failures and crashes.
//! Messages arrive in the order in which they were sent, each way, but as late as they like.

use std::collections::VecDeque;

use cnn_playground::base::error::{Code, Problem};
use cnn_playground::data::Split;
use cnn_playground::desk::{Page, Phase, Step, Wish, Work, Worker};
use cnn_playground::event::Event;
use cnn_playground::experiment::{ExperimentSpec, Task};
use proptest::prelude::*;

const PER_EPOCH: u32 = 8;
const TOTAL: u32 = 24;
/// Test batches after each epoch.
const TESTS: u32 = 3;
/// Steps of the worker that are enough to end anything, where nothing goes wrong.
const ENOUGH: usize = 400;

/// What may happen next, at the page or at the worker.
#[derive(Debug, Clone, Copy)]
enum Move {
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
    /// The oldest wish on its way reaches the worker.
    WishArrives,
    /// The oldest report on its way reaches the page.
    ReportArrives,
    /// The worker does what it would do next.
    Works(Luck),
    /// The worker crashes, and the page hears of it and starts another.
    Crash,
}

/// How the worker's next step ends.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Luck {
    Good,
    /// Data is missing, or does not come.
    NoData,
    /// The engine fails.
    Bad,
}

fn moves() -> impl Strategy<Value = Move> {
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
        8 => Just(Move::WishArrives),
        8 => Just(Move::ReportArrives),
        16 => luck.prop_map(Move::Works),
        1 => Just(Move::Crash),
    ]
}

/// A report as far as the page's machine reads it, and what else tests want to know of it.
#[derive(Debug, Clone)]
struct Report {
    job: u32,
    at: Phase,
    steps: Option<u32>,
}

/// The run that the engine has.
#[derive(Debug, Default)]
struct Engine {
    job: u32,
    step: u32,
    tested: u32,
    over: bool,
}

#[derive(Debug, Default)]
struct World {
    page: Page,
    worker: Worker,
    engine: Engine,
    /// What the worker was told last; nothing after a failure.
    wish: Option<Wish>,
    wishes: VecDeque<Option<Wish>>,
    reports: VecDeque<Report>,
    /// Steps that the page has heard of, of the job that is on.
    heard: u32,
    now: f64,
    /// Weights and checkpoints that were handed over for the job that is on.
    weights: u32,
    checkpoints: u32,
}

impl World {
    fn press(&mut self, pressed: Move) {
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
            Move::OneStep => self.page.until(Some(self.heard + 1)),
            Move::Look => self.page.ask_weights(),
            Move::Keep => self.page.ask_checkpoint(),
            Move::Reset => self.page.give_up(),
            _ => unreachable!("not a press"),
        }
        self.wishes.push_back(self.page.wish().cloned());
    }

    fn begin(&mut self, work: Work, until: Option<u32>) {
        let before = self.page.wish().map(|wish| wish.job);
        let job = self.page.begin(work, "mnist".to_owned(), until);
        assert_ne!(Some(job), before, "every job has a number of its own");
        self.heard = 0;
    }

    fn crash(&mut self) {
        self.page.fail();
        assert!(self.page.wish().is_none() && !self.page.phase().is_busy());
        let page = std::mem::take(&mut self.page);
        *self = Self {
            page,
            now: self.now,
            ..Self::default()
        };
    }

    fn wish_arrives(&mut self) {
        if let Some(wish) = self.wishes.pop_front() {
            let other =
                wish.as_ref().map(|wish| wish.job) != self.wish.as_ref().map(|wish| wish.job);
            if other {
                (self.weights, self.checkpoints) = (0, 0);
            }
            self.wish = wish;
        }
    }

    fn report_arrives(&mut self) {
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
        if counts && let Some(steps) = report.steps {
            assert!(steps >= self.heard, "steps are told in their order");
            self.heard = steps;
        }
    }

    fn tell(&mut self, job: u32, steps: Option<u32>) {
        self.reports.push_back(Report {
            job,
            at: self.worker.phase(),
            steps,
        });
    }

    /// One step of the worker, as `www/worker/desk.js` makes it. Gives the step.
    fn works(&mut self, luck: Luck) -> Step {
        self.now += 40.0;
        // Idle means no call.
        let Some(wish) = self.wish.clone() else {
            return Step::Rest;
        };
        let job = wish.job;
        let step = self.worker.next(&wish, self.now);
        if luck == Luck::Bad && step != Step::Rest && step != Step::Pause {
            self.worker.fail();
            self.tell(job, None);
            self.wish = None;
            return step;
        }
        match step {
            Step::Rest => {}
            Step::Bring { .. } if luck == Luck::NoData => self.tell(job, None),
            Step::Bring { .. } => self.worker.arrived(),
            Step::Begin => {
                self.engine = Engine {
                    job,
                    ..Engine::default()
                };
                self.worker.happened(&[started()]);
                self.tell(job, Some(0));
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
                let events = self.engine.advance(batches, luck);
                self.worker.happened(&events);
                self.tell(job, Some(self.engine.step));
            }
            Step::Weights => {
                assert_eq!(self.engine.job, job);
                self.weights += 1;
            }
            Step::Checkpoint => {
                assert_eq!(self.engine.job, job);
                self.checkpoints += 1;
            }
            Step::Pause => self.tell(job, None),
            Step::Measure { steps } => {
                let seconds = f64::from(steps) * 0.01;
                if self.worker.measured(&wish, steps, seconds).is_some() {
                    self.tell(job, None);
                }
            }
            Step::Finish => self.tell(job, None),
        }
        step
    }

    /// Lets everything arrive and work, with nothing that goes wrong, until nothing moves.
    fn settle(&mut self) {
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

fn started() -> Event {
    Event::Started {
        task: Task::Classify,
        parameters: 1,
        multiply_adds: 1,
        steps_per_epoch: PER_EPOCH,
        total_steps: TOTAL,
        step: 0,
        layers: Vec::new(),
    }
}

impl Engine {
    fn advance(&mut self, batches: u32, luck: Luck) -> Vec<Event> {
        let mut events = Vec::new();
        let steps = |first: u32, count: u32| Event::Steps {
            first,
            losses: vec![1.0; count as usize],
            accuracies: vec![0.5; count as usize],
            learning_rate: 0.1,
            samples: first + count,
        };
        for _ in 0..batches {
            let testing =
                self.step > 0 && self.step.is_multiple_of(PER_EPOCH) && self.tested < TESTS;
            if testing {
                self.tested += 1;
                if self.tested == TESTS {
                    events.push(Event::Evaluated {
                        step: self.step,
                        loss: 1.0,
                        accuracy: 0.5,
                        samples: 10,
                    });
                    if self.step == TOTAL {
                        self.over = true;
                        events.push(Event::Finished { steps: TOTAL });
                        break;
                    }
                }
            } else {
                if luck == Luck::NoData {
                    events.push(Event::Waiting {
                        split: Split::Train,
                        loaded: 0,
                        needed: 10,
                    });
                    break;
                }
                self.step += 1;
                self.tested = 0;
                events.push(steps(self.step, 1));
                if self.step.is_multiple_of(PER_EPOCH) {
                    events.push(Event::Epoch {
                        epoch: 1,
                        step: self.step,
                        loss: 1.0,
                        accuracy: 0.5,
                    });
                }
            }
        }
        events
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn the_worker_comes_to_what_the_page_wants_whatever_happens(moves in prop::collection::vec(moves(), 1..120)) {
        let mut world = World::default();
        for next in moves {
            match next {
                Move::WishArrives => world.wish_arrives(),
                Move::ReportArrives => world.report_arrives(),
                Move::Works(luck) => drop(world.works(luck)),
                Move::Crash => world.crash(),
                pressed => world.press(pressed),
            }
            // A pause shows at once, and nothing that is wanted no more looks busy.
            let wish = world.page.wish();
            prop_assert!(wish.is_some() || !world.page.phase().is_busy());
            prop_assert!(wish.is_none_or(|wish| wish.until != Some(0)) || !world.page.phase().is_busy());
        }
        world.settle();
        // Nothing is left busy, and no wish is left open but a pause's.
        let phase = world.page.phase();
        prop_assert!(!phase.is_busy() && phase != Phase::Pausing, "{phase:?} for ever: {world:?}");
        if let Some(wish) = world.page.wish() {
            prop_assert_eq!(phase, Phase::Paused);
            prop_assert!(wish.until.is_some());
        }
    }

    #[test]
    fn what_is_asked_for_is_handed_over(moves in prop::collection::vec(moves(), 1..80)) {
        let mut world = World::default();
        world.press(Move::Run);
        for next in moves {
            match next {
                Move::WishArrives => world.wish_arrives(),
                Move::ReportArrives => world.report_arrives(),
                Move::Works(_) => drop(world.works(Luck::Good)),
                Move::Pause | Move::Continue | Move::OneStep => world.press(next),
                _ => {}
            }
        }
        world.press(Move::Pause);
        world.settle();
        if world.page.phase() == Phase::Paused && world.engine.step > 0 {
            let (weights, checkpoints) = (world.weights, world.checkpoints);
            prop_assert!(checkpoints > 0, "a paused run can be gone on with after a reload");
            world.press(Move::Look);
            world.press(Move::Keep);
            world.settle();
            prop_assert_eq!((world.weights, world.checkpoints), (weights + 1, checkpoints + 1));
        }
    }
}

/// A world in which a run is on and has made a few steps.
fn running() -> World {
    let mut world = World::default();
    world.press(Move::Run);
    world.wish_arrives();
    while world.engine.step == 0 {
        world.works(Luck::Good);
    }
    world
}

#[test]
fn a_run_goes_from_the_press_to_its_end() {
    let mut world = World::default();
    world.press(Move::Run);
    assert_eq!(world.page.phase(), Phase::Starting);
    world.settle();
    assert_eq!(
        (world.page.phase(), world.engine.step),
        (Phase::Done, TOTAL)
    );
    assert_eq!(world.page.wish(), None);
}

#[test]
fn two_presses_before_the_worker_is_there_are_one_run() {
    let mut world = World::default();
    world.press(Move::Run);
    world.press(Move::Run);
    world.settle();
    assert_eq!((world.engine.job, world.page.phase()), (2, Phase::Done));
}

#[test]
fn a_run_that_could_not_begin_leaves_the_worker_idle() {
    let mut world = World::default();
    world.press(Move::Run);
    world.settle();
    world.press(Move::Run);
    world.wish_arrives();
    world.works(Luck::Bad);
    world.report_arrives();
    assert_eq!(world.page.phase(), Phase::Failed);
    assert_eq!(world.works(Luck::Good), Step::Rest);
    assert!(world.reports.is_empty());
}

#[test]
fn a_pause_before_the_run_has_begun_is_obeyed_and_can_be_taken_back() {
    let mut world = World::default();
    world.press(Move::Run);
    world.press(Move::Pause);
    assert_eq!(world.page.phase(), Phase::Pausing);
    world.settle();
    assert_eq!((world.page.phase(), world.engine.step), (Phase::Paused, 0));
    world.press(Move::Continue);
    world.settle();
    assert_eq!(
        (world.page.phase(), world.engine.step),
        (Phase::Done, TOTAL)
    );
}

#[test]
fn a_pause_while_data_is_missing_is_obeyed() {
    let mut world = running();
    while world.worker.phase() != Phase::Loading {
        world.works(Luck::NoData);
    }
    world.press(Move::Pause);
    world.wish_arrives();
    let seen: Vec<Step> = (0..3).map(|_| world.works(Luck::NoData)).collect();
    assert!(
        seen.contains(&Step::Pause) && !seen.iter().any(|step| matches!(step, Step::Bring { .. }))
    );
}

#[test]
fn single_steps_are_single() {
    let mut world = World::default();
    world.press(Move::StepAnew);
    for step in 1..=PER_EPOCH + 2 {
        world.settle();
        assert_eq!(
            (world.page.phase(), world.engine.step, world.heard),
            (Phase::Paused, step, step)
        );
        world.press(Move::OneStep);
    }
}

#[test]
fn a_run_that_fails_by_itself_is_over() {
    let mut world = running();
    let problem = Problem::new(Code::NotFinite);
    world.worker.happened(&[Event::Failed { problem }]);
    world.tell(1, None);
    world.settle();
    assert_eq!(world.page.phase(), Phase::Failed);
}
