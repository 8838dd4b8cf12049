//! Where an axis is labelled.

/// Values from 0 to `end`, about `count` steps apart: each step is 1, 2 or 5 times a power of ten (Heckbert 1990,
/// "Nice Numbers for Graph Labels"). Nothing but 0 where `end` is not a positive number.
pub fn ticks(end: f64, count: usize) -> Vec<f64> {
    let wanted = end / count.max(1) as f64;
    if !wanted.is_normal() || wanted < 0.0 {
        return vec![0.0];
    }
    let power = 10_f64.powf(wanted.log10().floor());
    let part = wanted / power;
    let step = if part < 1.5 {
        power
    } else if part < 3.5 {
        2.0 * power
    } else if part < 7.5 {
        5.0 * power
    } else {
        10.0 * power
    };
    // A hair beyond the end, since the division rounds.
    (0..=(end / step + 1e-9) as usize)
        .map(|at| at as f64 * step)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::ticks;

    #[test]
    fn an_axis_has_round_numbers_from_zero_to_its_end() {
        let near = |found: Vec<f64>, expected: &[f64]| {
            assert_eq!(found.len(), expected.len(), "{found:?}");
            for (a, b) in found.iter().zip(expected) {
                assert!((a - b).abs() < 1e-9 * b.max(1.0), "{found:?}");
            }
        };
        near(ticks(1.0, 5), &[0.0, 0.2, 0.4, 0.6, 0.8, 1.0]);
        near(ticks(10_200.0, 5), &[0.0, 2e3, 4e3, 6e3, 8e3, 1e4]);
        near(ticks(2.49, 5), &[0.0, 0.5, 1.0, 1.5, 2.0]);
        near(ticks(61_200.0, 4), &[0.0, 2e4, 4e4, 6e4]);
        near(ticks(9e7, 5), &[0.0, 2e7, 4e7, 6e7, 8e7]);
    }

    #[test]
    fn what_is_no_length_has_one_label() {
        for end in [0.0, -1.0, f64::NAN, f64::INFINITY, f64::MIN_POSITIVE / 4.0] {
            assert_eq!(ticks(end, 5), [0.0], "{end}");
        }
        assert_eq!(ticks(1.0, 0), [0.0, 1.0]);
    }
}
