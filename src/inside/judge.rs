//! The confusion matrix, and the wrong predictions of which the network is most certain.

use serde::Serialize;

use super::network::{BATCH, most, softmax};
use super::resume::{JudgedSoFar, Mistake};
use super::{Inside, Tiles};
use crate::base::error::{Code, Problem, Result};
use crate::data::Samples;
use crate::kernels::numbers;

/// Misclassified images that are shown.
const SHOWN: usize = 24;
/// Batches of one call.
const BATCHES: usize = 2;

/// The results so far, for the page.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Judged {
    /// Test images that are classified.
    pub done: usize,
    /// Test images in all.
    pub total: usize,
    /// How many of them are right.
    pub right: u32,
    /// The confusion matrix, `[true class][predicted class]`.
    pub matrix: Vec<Vec<u32>>,
    /// The wrong ones of which the network is most certain, the most certain first.
    pub mistakes: Vec<Mistake>,
    /// Their images.
    pub tiles: Tiles,
}

impl Inside {
    /// Classifies some more of the run's test images.
    pub(super) async fn judge(&mut self, test: &Samples, from: usize) -> Result<Judged> {
        let classes = self.classes()?;
        let total = (self.spec.test as usize).min(test.len());
        if total == 0 {
            return Err(Problem::new(Code::NoData));
        }
        let mut tally = std::mem::take(&mut self.judged);
        if from == 0 || from != tally.done {
            tally = JudgedSoFar {
                matrix: vec![0; classes * classes],
                ..JudgedSoFar::default()
            };
        }
        for _ in 0..BATCHES {
            let range = tally.done..(tally.done + BATCH).min(total);
            if range.is_empty() {
                break;
            }
            let images = self.batch(test, range.clone());
            let logits = self.network.watch(images, &mut |_, flow| flow);
            let logits = numbers(logits).await?;
            tally.done = range.end;
            for (index, logits) in range.zip(logits.chunks_exact(classes)) {
                let (label, predicted) = (test.labels[index], most(logits));
                tally.matrix[usize::from(label) * classes + predicted] += 1;
                if predicted != usize::from(label) {
                    tally.mistakes.push(Mistake {
                        index,
                        label,
                        predicted,
                        probability: softmax(logits)[predicted],
                    });
                }
            }
            let certain = |a: &Mistake, b: &Mistake| b.probability.total_cmp(&a.probability);
            tally.mistakes.sort_by(certain);
            tally.mistakes.truncate(SHOWN);
        }
        let indices: Vec<usize> = tally.mistakes.iter().map(|one| one.index).collect();
        let judged = Judged {
            done: tally.done,
            total,
            right: (0..classes)
                .map(|class| tally.matrix[class * (classes + 1)])
                .sum(),
            matrix: tally
                .matrix
                .chunks_exact(classes)
                .map(<[u32]>::to_vec)
                .collect(),
            mistakes: tally.mistakes.clone(),
            tiles: self.tiles(test, &indices),
        };
        self.judged = tally;
        Ok(judged)
    }
}
