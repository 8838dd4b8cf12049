//! The order of samples, and which of them are for testing.

use super::gather::Place;
use crate::base::error::{Code, Problem, Result};
use crate::base::rng::Stream;

/// One sample in this many is kept for testing where a person gave only one set.
const HELD_OUT: usize = 7;

/// A random order that is the same every time.
fn order(count: usize, purpose: &str) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    Stream::new(0, &format!("own/{purpose}")).shuffle(&mut order);
    order
}

/// The samples in that order.
pub(super) fn mixed(samples: &[Place], purpose: &str) -> Vec<Place> {
    let order = order(samples.len(), purpose);
    order.into_iter().map(|at| samples[at]).collect()
}

/// Divides one set into training and test samples: of each class its share, and of each class with two
/// samples or more one in both.
///
/// # Errors
/// [`Code::TooFewImages`] if there are not two.
pub(super) fn hold_out(samples: &[Place]) -> Result<(Vec<Place>, Vec<Place>)> {
    if samples.len() < 2 {
        return Err(Problem::new(Code::TooFewImages)
            .with("found", samples.len())
            .with("needed", 2));
    }
    let class = |at: usize| samples[at].2;
    let order = order(samples.len(), "set");
    let mut by_class = order.clone();
    by_class.sort_by_key(|&at| class(at));
    let mut is_test = vec![false; samples.len()];
    for &at in by_class.iter().skip(HELD_OUT - 1).step_by(HELD_OUT) {
        is_test[at] = true;
    }
    for class in by_class.chunk_by(|&a, &b| class(a) == class(b)) {
        if let [first, _, ..] = *class
            && class.iter().all(|&at| !is_test[at])
        {
            is_test[first] = true;
        }
    }
    if !is_test.contains(&true) {
        is_test[by_class[0]] = true;
    }
    let part = |of: bool| -> Vec<Place> {
        let these = order.iter().filter(|&&at| is_test[at] == of);
        these.map(|&at| samples[at]).collect()
    };
    Ok((part(false), part(true)))
}
