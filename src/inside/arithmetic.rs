//! How the number at one place of a layer comes about for the picture, with the network's own numbers, layer by layer of those
//! that work on it in turn, and what becomes of it where branches meet.

use super::Inside;
use super::entering::{Entering, exponentials, index};
use super::passed::{Calls, Passed};
use super::terms::{Derivation, How, Over, Position};
use crate::arch::touch::touchable;
use crate::base::error::Result;
use crate::data::Samples;
use crate::kernels::numbers;
use crate::operation::Operation;

impl Inside {
    /// How the number at this place of each of these layers comes about, of which each works on the numbers of the one before
    /// in the same place; `terms` of the largest channels or inputs are written out. Then comes what becomes of it where
    /// branches meet, and behind the last layer the softmax. `test` are the images that a batch is made of.
    pub(super) async fn arithmetic(
        &mut self,
        rows: &[usize],
        (channel, y, x): (usize, usize, usize),
        terms: usize,
        test: &Samples,
    ) -> Result<Vec<Derivation>> {
        let input = self.input()?;
        let calls = Calls::of(self.plan());
        let mut pass = Passed::through(&mut self.network, input);
        let mut steps = Vec::with_capacity(rows.len());
        for &row in rows {
            let shape = self.shape(row)?;
            let place = Position { row, channel, y, x };
            let at = index(shape, place)?;
            let value = pass.output(calls.rows[row]).await?.values[at];
            let call = calls.inputs[row];
            let entering = Entering {
                row: self.made_by(&calls, call),
                output: pass.output(call).await?,
            };
            let mut how = self.how(place, &entering, terms).await?;
            if let How::Normalization {
                over: Over::Running,
                scale,
                shift,
                batch,
                ..
            } = &mut how
            {
                let learned = [*scale, *shift];
                *batch = self.batch_pass(place, call, learned, test).await?;
            }
            let touchable = touchable(self.plan(), row);
            let offers = touchable.as_ref().map(|it| self.offers(it, channel));
            steps.push(Derivation {
                place,
                value,
                how,
                touchable,
                offers: offers.unwrap_or_default(),
            });
            let last = calls.rows[row] == calls.last() && self.classes().is_ok();
            if last {
                let logits = &pass.output(calls.last()).await?.values;
                steps.push(exponentials(place, logits, terms));
            }
        }
        if let Some(&row) = rows.last() {
            let place = Position { row, channel, y, x };
            steps.extend(self.meetings(place, &calls, &mut pass).await?);
        }
        Ok(steps)
    }

    /// The row whose output this call hands over, or which it only passes on.
    pub(super) fn made_by(&self, calls: &Calls, call: usize) -> Option<usize> {
        let row = calls.rows.iter().position(|&of| of == call)?;
        let operations = self.plan().operations();
        let (part, operation) = operations.get(row)?;
        if !operation.about().passes_on() || part.input != part.output {
            return Some(row);
        }
        self.made_by(calls, calls.inputs[row])
    }

    /// The arrays of a row's weights, and its running mean and variance.
    pub(super) async fn numbers_of(
        &self,
        row: usize,
    ) -> Result<(Vec<Vec<f32>>, Option<[Vec<f32>; 2]>)> {
        let operations = self.plan().operations();
        let count = |upto: &[(&crate::arch::Shaped, Operation)]| -> usize {
            let arrays = upto
                .iter()
                .map(|(part, operation)| operation.parameters(part.input).len());
            arrays.sum()
        };
        let has = |(_, operation): &&(&crate::arch::Shaped, Operation)| {
            operation.about().has_statistics()
        };
        let mut arrays = Vec::new();
        for weight in &self.network.weights()[count(&operations[..row])..count(&operations[..=row])]
        {
            arrays.push(numbers(weight.clone().inner()).await?);
        }
        let before = operations[..row].iter().filter(has).count();
        let statistics = match operations.get(row).filter(has) {
            Some(_) => {
                let [mean, variance] = &self.network.statistics()[before];
                Some([
                    numbers(mean.clone()).await?,
                    numbers(variance.clone()).await?,
                ])
            }
            None => None,
        };
        Ok((arrays, statistics))
    }
}
