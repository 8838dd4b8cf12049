//! How well the network does on the test images, in its task's own score.

use super::Inside;
use super::network::BATCH;
use super::resume::Scored;
use crate::base::error::{Code, Problem, Result};
use crate::data::{Batch, Samples, Split};
use crate::kernels::numbers;
use crate::nn::Objective;

/// Batches of one call.
const BATCHES: usize = 2;

impl Inside {
    /// Judges some more of the run's test images, from this one on; 0 begins anew.
    pub(super) async fn score(&mut self, test: &Samples, from: usize) -> Result<Scored> {
        let total = (self.spec.test as usize).min(test.len());
        if total == 0 {
            return Err(Problem::new(Code::NoData));
        }
        let before = match from == self.scored.done {
            true => std::mem::take(&mut self.scored),
            false => Scored::default(),
        };
        let (mut done, mut sum) = (before.done, before.score * before.done as f64);
        for _ in 0..BATCHES {
            let range = done..(done + BATCH).min(total);
            if range.is_empty() {
                break;
            }
            let images = self.batch(test, range.clone());
            let logits = self.network.watch(images, &mut |_, flow| flow);
            let indices: Vec<u32> = range.clone().map(|index| index as u32).collect();
            let batch = Batch::gather(test, Split::Test, &self.transform, &indices);
            let objective = Objective::upload(batch.targets, range.len(), &self.device);
            let scores = numbers(objective.scores(logits)).await?;
            sum += scores.into_iter().map(f64::from).sum::<f64>();
            done = range.end;
        }
        let score = sum / done.max(1) as f64;
        self.scored = Scored { done, total, score };
        Ok(self.scored)
    }
}
