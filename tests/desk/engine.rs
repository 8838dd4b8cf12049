//! An engine that trains nothing, and what a page takes down of its runs.

use cnn_playground::data::Split;
use cnn_playground::event::Event;
use cnn_playground::experiment::Task;

pub(crate) const PER_EPOCH: u32 = 8;
pub(crate) const TOTAL: u32 = 24;
/// Test batches after each epoch.
pub(crate) const TESTS: u32 = 3;

/// What a run can be gone on with: its steps, and whether its test after them is still to be made.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Checkpoint {
    pub(crate) step: u32,
    pub(crate) testing: bool,
}

/// What the page has of a run.
#[derive(Debug, Clone, Default)]
pub(crate) struct Record {
    /// Its steps, and those after which it was tested, as the page has heard of them.
    pub(crate) steps: u32,
    pub(crate) tests: Vec<u32>,
    pub(crate) checkpoint: Option<Checkpoint>,
}

/// The run that the engine has.
#[derive(Debug, Default)]
pub(crate) struct Engine {
    pub(crate) job: u32,
    pub(crate) step: u32,
    /// Test batches since the last step.
    pub(crate) tested: u32,
    pub(crate) over: bool,
}

pub(crate) fn started(from: Checkpoint) -> Event {
    Event::Started {
        task: Task::Classify,
        parameters: 1,
        multiply_adds: 1,
        steps_per_epoch: PER_EPOCH,
        total_steps: TOTAL,
        step: from.step,
        testing: from.testing,
        layers: Vec::new(),
        touches: Vec::new(),
    }
}

impl Record {
    /// As the page takes down what happens in a run.
    pub(crate) fn hear(&mut self, event: &Event) {
        match event {
            Event::Started { step, testing, .. } => {
                self.steps = self.steps.min(*step);
                self.tests
                    .retain(|at| at < step || (at == step && !testing));
            }
            Event::Steps { first, losses, .. } => {
                assert_eq!(*first, self.steps + 1, "steps are told in their order");
                self.steps += losses.len() as u32;
            }
            Event::Evaluated { step, .. } => self.tests.push(*step),
            _ => {}
        }
    }
}

impl Engine {
    pub(crate) fn from(job: u32, Checkpoint { step, testing }: Checkpoint) -> Self {
        let tested = if testing { 0 } else { TESTS };
        Self {
            job,
            step,
            tested,
            over: false,
        }
    }

    fn is_testing(&self) -> bool {
        self.step > 0 && self.step.is_multiple_of(PER_EPOCH) && self.tested < TESTS
    }

    /// As `Session::checkpoint` makes it.
    pub(crate) fn checkpoint(&self) -> Option<Checkpoint> {
        (self.step > 0 && !self.over).then(|| Checkpoint {
            step: self.step,
            testing: self.is_testing(),
        })
    }

    pub(crate) fn advance(&mut self, batches: u32, is_data_missing: bool) -> Vec<Event> {
        let mut events = Vec::new();
        let steps = |first: u32, count: u32| Event::Steps {
            first,
            losses: vec![1.0; count as usize],
            accuracies: vec![0.5; count as usize],
            learning_rate: 0.1,
            samples: first + count,
        };
        for _ in 0..batches {
            if self.is_testing() {
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
                if is_data_missing {
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
