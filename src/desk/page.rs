//! The page's side: what it wants, and what it knows of how far that is.

use super::wish::{Phase, Wish, Work};

/// The steps to train until that mean: no further, wherever the run is.
const PAUSE: Option<u32> = Some(0);

/// The job that the page has asked for, if there is one, and where it is.
#[derive(Debug, Clone, Default)]
pub struct Page {
    wish: Option<Wish>,
    /// Where the job is, by the last report of it.
    at: Option<Phase>,
    /// Jobs so far.
    jobs: u32,
}

impl Page {
    /// Wants another job, and nothing of the one before. Gives its number.
    pub fn begin(&mut self, work: Work, data: String, until: Option<u32>) -> u32 {
        self.jobs += 1;
        self.wish = Some(Wish {
            job: self.jobs,
            work,
            data,
            until,
            weights: 0,
            checkpoints: 0,
        });
        self.at = Some(Phase::Starting);
        self.jobs
    }

    /// Wants training to go on until this many steps have been made; `None` for all, 0 for a pause.
    pub fn until(&mut self, steps: Option<u32>) {
        let Some(wish) = &mut self.wish else {
            return;
        };
        wish.until = steps;
        // The worker answers anew, also where it paused at that very limit before.
        wish.checkpoints += 1;
        if self.at == Some(Phase::Paused) && steps != PAUSE {
            self.at = Some(Phase::Training);
        }
    }

    /// Asks for the network's weights as they are.
    pub fn ask_weights(&mut self) {
        if let Some(wish) = &mut self.wish {
            wish.weights += 1;
        }
    }

    /// Asks for something that the run can be gone on with later.
    pub fn ask_checkpoint(&mut self) {
        if let Some(wish) = &mut self.wish {
            wish.checkpoints += 1;
        }
    }

    /// Wants nothing any more, and shows nothing of what was.
    pub fn give_up(&mut self) {
        self.wish = None;
        self.at = None;
    }

    /// The job cannot go on, as the page itself has found out: the worker has crashed, or does not answer.
    pub fn fail(&mut self) {
        if self.wish.take().is_some() {
            self.at = Some(Phase::Failed);
        }
    }

    /// What is wanted now; nothing once the job is over.
    pub const fn wish(&self) -> Option<&Wish> {
        self.wish.as_ref()
    }

    /// Takes in where the worker says that a job is. False for a report that no longer counts: of another
    /// job, after the job's end, or of a pause that was taken back. The page must leave out all else in it.
    pub fn hear(&mut self, job: u32, at: Phase) -> bool {
        let Some(wish) = self.wish.as_ref().filter(|wish| wish.job == job) else {
            return false;
        };
        if at == Phase::Paused && wish.until.is_none() {
            return false;
        }
        self.at = Some(at);
        if at.is_over() {
            self.wish = None;
        }
        true
    }

    /// Where the job is, as a person should see it: a pause that they asked for counts at once.
    pub fn phase(&self) -> Phase {
        let Some(at) = self.at else {
            return Phase::Idle;
        };
        let pause = self.wish.as_ref().is_some_and(|wish| wish.until == PAUSE);
        if pause && at.is_busy() {
            Phase::Pausing
        } else {
            at
        }
    }
}
