//! One run of a spec, from its first step to its end, a few batches at a time.

mod begin;

pub use begin::GivenWeights;

use super::checkpoint::{Checkpoint, Progress};
use super::feed::{Feed, wait};
use super::learner::{Learner, Measured, read};
use super::tally::Tally;
use crate::arch::Shaped;
use crate::arch::memory::TEST_BATCH;
use crate::arch::touch::Touched;
use crate::base::error::{Code, Problem, Result};
use crate::data::preview::Masks;
use crate::data::{Batch, Dataset, Split, epoch_order};
use crate::event::Event;
use crate::experiment::{ExperimentSpec, Order, Task};
use crate::nn::State;
use crate::operation::Draw;

/// Batches whose results may wait on the device before they are read: the queue's bound.
const MOST_UNREAD: usize = 16;

/// Steps from one measurement of gradient norms to the next; the first step is measured. They come with the losses.
const WATCHED: u32 = MOST_UNREAD as u32;

/// A run that has begun. [`Session::advance`] goes on with it and says what happened.
pub struct Session {
    spec: ExperimentSpec,
    feed: Feed,
    learner: Learner,
    /// Steps made.
    step: u32,
    phase: Phase,
    /// The order of the training samples in the epoch at hand; empty until its first step.
    order: Vec<u32>,
    /// Results not read yet, oldest first, each with its number of samples: of steps, or of tests.
    unread: Vec<(Measured, u32)>,
    /// Of the epoch at hand.
    epoch: Tally,
    last_loss: Option<f32>,
    /// What a person changed about the network by hand.
    touched: Vec<Touched>,
}

/// What comes next.
enum Phase {
    Training,
    /// Judging the test samples from this one on.
    Testing(u32, Tally),
    Over,
}

impl Session {
    /// Continues for at most `batches` batches, training or testing, and returns their events.
    /// Less if the run ends, or if it must wait for data.
    ///
    /// # Errors
    /// [`Code::Internal`] if the device does not answer.
    pub async fn advance(&mut self, data: &Dataset, batches: u32) -> Result<Vec<Event>> {
        let mut events = Vec::new();
        for _ in 0..batches {
            let go_on = match self.phase {
                Phase::Training => self.train(data, &mut events).await?,
                Phase::Testing(from, _) => self.test(data, from, &mut events).await?,
                Phase::Over => false,
            };
            if !go_on {
                break;
            }
        }
        self.flush(&mut events).await?;
        Ok(events)
    }

    /// The run as it is between two calls of [`Session::advance`], for [`Session::resume`]; a test that is on
    /// begins anew there. None before the first step and after the end.
    ///
    /// # Errors
    /// [`Code::Internal`] if the device does not answer.
    pub async fn checkpoint(&self) -> Result<Option<Vec<u8>>> {
        if self.step == 0 || matches!(self.phase, Phase::Over) {
            return Ok(None);
        }
        let checkpoint = Checkpoint {
            spec: self.spec.clone(),
            progress: Progress {
                step: self.step,
                epoch: self.epoch,
                testing: matches!(self.phase, Phase::Testing(..)),
                snapshot: self.learner.snapshot().await?,
            },
            touches: self.touched.clone(),
        };
        checkpoint.bytes().map(Some)
    }

    /// The masks that the network sees in the first `count` test images, or in as many of them as
    /// are here; none where the task is another one.
    ///
    /// # Errors
    /// [`Code::Internal`] if the device does not answer.
    pub async fn predict_masks(&mut self, data: &Dataset, count: usize) -> Result<Option<Masks>> {
        if self.spec.task() != Task::Segment {
            return Ok(None);
        }
        let samples = data.samples(Split::Test);
        let indices: Vec<u32> = (0..count.min(samples.len()) as u32).collect();
        let transform = self.feed.transform();
        let batch = Batch::gather(samples, Split::Test, transform, &indices);
        let given = self.feed.upload(batch.clone());
        let (logits, overlaps) = self.learner.answer(given).await?;
        Ok(Some(Masks::of(
            samples,
            self.feed.transform(),
            &batch,
            &logits,
            overlaps,
        )))
    }

    /// The network's tree with its shapes.
    pub fn plan(&self) -> &Shaped {
        self.learner.network().plan()
    }

    /// The network's numbers as they are now, copied from the device.
    ///
    /// # Errors
    /// [`Code::Internal`] if the device does not answer.
    pub async fn state(&self) -> Result<State> {
        self.learner.state().await
    }

    /// One training batch. Whether the run can go on.
    async fn train(&mut self, data: &Dataset, events: &mut Vec<Event>) -> Result<bool> {
        let epoch = self.step / self.spec.steps_per_epoch();
        if self.order.is_empty() {
            // Which samples are of the first class, only all labels tell.
            let sorted = self.spec.order == Order::Sorted;
            if sorted && wait(data, Split::Train, self.spec.train as usize, events) {
                return Ok(false);
            }
            self.order = epoch_order(&self.spec, epoch, &data.samples(Split::Train).labels);
        }
        let start = (self.step % self.spec.steps_per_epoch() * self.spec.batch) as usize;
        let end = (start + self.spec.batch as usize).min(self.spec.train as usize);
        let indices = &self.order[start..end];
        let needed = indices.iter().max().map_or(0, |&last| last as usize + 1);
        if wait(data, Split::Train, needed, events) {
            return Ok(false);
        }
        let given = self.feed.teach(data, epoch, indices)?;
        let count = given.count;
        let rate = self.spec.learning_rate(self.step);
        let draw = Draw {
            seed: self.spec.seed,
            step: self.step,
        };
        let watched = self.step.is_multiple_of(WATCHED);
        let measured = self.learner.step(given, rate, draw, watched);
        self.unread.push((measured, count));
        self.step += 1;

        let epoch_over = self.step.is_multiple_of(self.spec.steps_per_epoch());
        let run_over = self.step == self.spec.total_steps();
        if epoch_over || run_over || self.unread.len() >= MOST_UNREAD {
            self.flush(events).await?;
        }
        if matches!(self.phase, Phase::Over) {
            return Ok(false);
        }
        if epoch_over {
            let tally = std::mem::take(&mut self.epoch);
            let epoch = self.step / self.spec.steps_per_epoch();
            events.push(Event::Epoch {
                epoch,
                step: self.step,
                loss: tally.loss(),
                accuracy: tally.accuracy(),
            });
            self.order.clear();
        }
        if epoch_over || run_over {
            self.phase = Phase::Testing(0, Tally::default());
        }
        Ok(true)
    }

    /// One test batch, from sample `from` on. Whether the run can go on.
    async fn test(&mut self, data: &Dataset, from: u32, events: &mut Vec<Event>) -> Result<bool> {
        let end = (from + TEST_BATCH).min(self.spec.test);
        if wait(data, Split::Test, end as usize, events) {
            return Ok(false);
        }
        let indices: Vec<u32> = (from..end).collect();
        let given = self.feed.give(data, Split::Test, &indices)?;
        self.unread.push((self.learner.judge(given), end - from));
        let over = end == self.spec.test;
        if over || self.unread.len() >= MOST_UNREAD {
            self.flush(events).await?;
        }
        // A loss that is not finite has ended the run.
        let Phase::Testing(next, tally) = &mut self.phase else {
            return Ok(false);
        };
        *next = end;
        if !over {
            return Ok(true);
        }
        let tally = *tally;
        events.push(Event::Evaluated {
            step: self.step,
            loss: tally.loss(),
            accuracy: tally.accuracy(),
            samples: tally.samples,
        });
        let enough = self.spec.ends_with(tally.accuracy());
        if enough || self.step == self.spec.total_steps() {
            self.phase = Phase::Over;
            events.push(Event::Finished { steps: self.step });
        } else {
            self.phase = Phase::Training;
        }
        Ok(true)
    }

    /// Reads the results that have not been read: tells those of steps, counts those of test samples.
    async fn flush(&mut self, events: &mut Vec<Event>) -> Result<()> {
        let (measured, counts): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.unread).into_iter().unzip();
        let outcomes = read(measured).await?;
        if let Phase::Testing(_, tally) = &mut self.phase {
            for (outcome, count) in outcomes.iter().zip(counts) {
                tally.add(outcome, count);
            }
            if tally.samples > 0 && !tally.loss().is_finite() {
                let problem = Problem::new(Code::TestNotFinite).with("step", self.step);
                self.end(problem, events);
            }
            return Ok(());
        }
        let first = self.step - outcomes.len() as u32 + 1;
        let finite = outcomes
            .iter()
            .take_while(|outcome| outcome.loss.is_finite())
            .count();
        let (mut losses, mut accuracies) = (Vec::new(), Vec::new());
        let mut watched = Vec::new();
        for ((&count, outcome), step) in counts.iter().zip(&outcomes).zip(first..).take(finite) {
            self.epoch.add(outcome, count);
            losses.push(outcome.loss);
            accuracies.push(outcome.score / count as f32);
            if !outcome.norms.is_empty() {
                let norms = outcome.norms.clone();
                watched.push(Event::Gradients { step, norms });
            }
        }
        self.last_loss = losses.last().copied().or(self.last_loss);
        if finite > 0 {
            let last = first + finite as u32 - 1;
            let learning_rate = self.spec.learning_rate(last - 1);
            events.push(Event::Steps {
                first,
                losses,
                accuracies,
                learning_rate,
                samples: self.spec.samples_after(last),
            });
        }
        events.append(&mut watched);
        if finite < outcomes.len() {
            let problem = Problem::new(Code::NotFinite).with("step", first + finite as u32);
            self.end(problem, events);
        }
        Ok(())
    }

    /// The run cannot go on: its loss is not finite.
    fn end(&mut self, problem: Problem, events: &mut Vec<Event>) {
        self.phase = Phase::Over;
        let last = self
            .last_loss
            .map_or_else(|| "–".to_owned(), |loss| format!("{loss:.4}"));
        events.push(Event::Failed {
            problem: problem.with("last", last),
        });
    }
}
