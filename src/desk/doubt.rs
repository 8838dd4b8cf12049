//! Whether a GPU is to be believed: its first loss beside that of the CPU.

use crate::base::error::{Code, Problem};

/// How far two devices' losses of the same batch may be apart, as a part of the larger: what rounding does is a
/// thousandth of this.
const APART: f64 = 0.02;

/// What is wrong with a GPU that came to the loss `found` on the first batch of a run, where the CPU came to `expected`,
/// from the same weights; nothing where they agree, or where the CPU has no number either.
pub fn doubt(found: f64, expected: f64) -> Option<Problem> {
    let apart = (found - expected).abs();
    let agree = found.is_finite() && apart <= APART * found.abs().max(expected.abs());
    (expected.is_finite() && !agree).then(|| {
        Problem::new(Code::GpuDiffers)
            .with("found", figure(found))
            .with("expected", figure(expected))
    })
}

fn figure(loss: f64) -> String {
    format!("{loss:.4}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gpu_is_believed_as_long_as_it_comes_to_the_loss_of_the_cpu() {
        for (found, expected) in [(1.5021, 1.5022), (0.0, 0.0), (1.51, 1.5)] {
            assert_eq!(doubt(found, expected), None, "{found} {expected}");
        }
        for (found, expected) in [
            (1.6, 1.5),
            (0.0, 1.5),
            (f64::NAN, 1.5),
            (f64::INFINITY, 1.5),
        ] {
            let problem = doubt(found, expected).expect("these are apart");
            assert_eq!(problem.code, Code::GpuDiffers);
            assert_eq!(problem.params["expected"], "1.5000");
        }
        assert_eq!(doubt(f64::NAN, f64::NAN), None, "then it is the network");
    }
}
