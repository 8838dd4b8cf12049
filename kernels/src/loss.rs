//! Softmax cross-entropy with its gradient, over arrays on the host. Exponentials come from `libm`, as
//! in [`crate::activation`].

/// The mean cross-entropy in nats of logits `[batch, classes]` and labels `[batch]`, and how many of the
/// labels have the largest logit of their row.
///
/// # Panics
/// If a label is not below the number of classes.
pub fn classify(logits: &[f32], labels: &[usize]) -> [f32; 2] {
    let (mut loss, mut right) = (0.0, 0);
    for (row, &label) in rows(logits, labels) {
        let (largest, sum) = soften(row);
        loss += f64::from(largest - row[label] + libm::logf(sum));
        right += usize::from(place_of_largest(row) == label);
    }
    [(loss / labels.len() as f64) as f32, right as f32]
}

/// The gradient of the logits from the gradient of the mean loss: (softmax − one-hot label) / batch.
pub fn gradient(logits: &[f32], labels: &[usize], gradient: f32) -> Vec<f32> {
    let factor = gradient / labels.len() as f32;
    let mut results = Vec::with_capacity(logits.len());
    for (row, &label) in rows(logits, labels) {
        let (largest, sum) = soften(row);
        let each = row.iter().enumerate().map(|(class, logit)| {
            let share = libm::expf(logit - largest) / sum;
            factor * (share - if class == label { 1.0 } else { 0.0 })
        });
        results.extend(each);
    }
    results
}

/// The logits of each sample, and its label.
fn rows<'a>(
    logits: &'a [f32],
    labels: &'a [usize],
) -> impl Iterator<Item = (&'a [f32], &'a usize)> {
    let classes = logits.len() / labels.len().max(1);
    logits.chunks_exact(classes.max(1)).zip(labels)
}

/// The largest logit, and the sum of `exp(logit − largest)`.
fn soften(row: &[f32]) -> (f32, f32) {
    let largest = row[place_of_largest(row)];
    let powers = row.iter().map(|logit| libm::expf(logit - largest));
    (largest, powers.sum())
}

/// The index of the largest value; the first, if there are several.
fn place_of_largest(row: &[f32]) -> usize {
    let larger = |best, at| if row[at] > row[best] { at } else { best };
    (1..row.len()).fold(0, larger)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_worked_out_by_hand() {
        // Equal chances of two and of four: ln 2 and ln 4; far ahead: nothing; far behind: the distance.
        let two = [0.0, 0.0, 100.0, 0.0];
        assert_eq!(classify(&two, &[0, 0]), [0.5 * std::f32::consts::LN_2, 2.0]);
        assert_eq!(
            classify(&two, &[1, 1]),
            [0.5 * (std::f32::consts::LN_2 + 100.0), 0.0]
        );
        let found = gradient(&[0.0, 0.0, 0.0, 0.0], &[2], 1.0);
        assert_eq!(found, [0.25, 0.25, -0.75, 0.25]);
        assert_eq!(gradient(&two, &[0, 1], 2.0), [-0.5, 0.5, 1.0, -1.0]);
    }

    #[test]
    fn a_logit_that_is_no_number_makes_a_loss_that_is_none() {
        for row in [[f32::NAN, 0.0], [0.0, f32::NAN], [f32::INFINITY, 0.0]] {
            assert!(classify(&row, &[0])[0].is_nan(), "{row:?}");
        }
    }

    #[test]
    #[should_panic(expected = "index out of bounds")]
    fn a_label_beyond_the_classes_is_refused() {
        classify(&[0.0, 0.0], &[2]);
    }
}
