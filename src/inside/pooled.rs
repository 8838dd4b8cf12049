//! The two dense layers on what was pooled, as channel attention has them: how their output comes about.

use super::entering::{Entering, largest};
use super::network::most;
use super::terms::{How, Others, PooledUnit, PooledWay, Term};
use crate::operation::PooledMlp;

/// How the output for a channel comes about; `terms` of the largest inputs of each layer are written out.
pub(super) fn pooled(
    mlp: PooledMlp,
    arrays: &[Vec<f32>],
    channel: usize,
    entering: &Entering<'_>,
    terms: usize,
) -> Option<How> {
    let ([first, first_bias, second, second_bias], Some(image)) = (arrays, entering.image()) else {
        return None;
    };
    let maps = || entering.output.values.chunks(image.area()).enumerate();
    let means = maps().map(|(_, map)| (map.iter().sum::<f32>() / map.len() as f32, None));
    // A channel's largest value is somewhere; its mean is nowhere.
    let largests = maps().map(|(channel, map)| {
        let at = most(map);
        let from = entering.unflattened(channel * image.area() + at);
        (map[at], from)
    });
    let way = |entered: Vec<(f32, Option<_>)>| {
        let unit = |unit: usize| {
            let weight = |input: usize| first[input * mlp.hidden + unit];
            let each = entered.iter().enumerate();
            let each =
                each.map(|(input, &(value, from))| Term::of(input, value, weight(input), from));
            let (terms, others, sum) = summed(each.collect(), terms);
            PooledUnit {
                terms,
                others,
                sum,
                bias: first_bias[unit],
            }
        };
        let units = (0..mlp.hidden).map(|at| {
            let PooledUnit { sum, bias, .. } = unit(at);
            let weight = second[at * image.channels + channel];
            Term::of(at, (sum + bias).max(0.0), weight, None)
        });
        let (terms, others, sum) = summed(units.collect(), terms);
        Some(PooledWay {
            unit: unit(terms.first()?.input),
            terms,
            others,
            sum,
        })
    };
    Some(How::Pooled {
        ways: [way(means.collect())?, way(largests.collect())?],
        bias: *second_bias.get(channel)?,
    })
}

/// The largest terms, what the others come to, and all of them together.
fn summed(all: Vec<Term>, most: usize) -> (Vec<Term>, Others, f32) {
    let (terms, others) = largest(all, most, |term| term.product);
    let sum = terms.iter().map(|term| term.product).sum::<f32>() + others.sum;
    (terms, others, sum)
}
