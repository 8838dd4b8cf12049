//! NumPy's arrays: headers that say any shape and kind.

use super::MB;
use crate::Target;
use crate::files::{npy, opens};

pub(super) const TARGET: Target = Target {
    name: "arrays",
    memory: 64 * MB,
    longest: 4_096,
    seeds,
    run,
};

fn seeds() -> Vec<Vec<u8>> {
    let floats: Vec<u8> = (0..32_u8)
        .flat_map(|at| (f32::from(at) / 32.0).to_le_bytes())
        .collect();
    let labels: Vec<u8> = (0..9_i64).flat_map(i64::to_be_bytes).collect();
    vec![
        npy("|u1", "2, 4, 5", &[7; 40]),
        npy("|u1", "1, 4, 4, 3", &[9; 48]),
        npy("|u1", "3, 16", &[2; 48]),
        npy("<f4", "2, 4, 4", &floats),
        npy(">i8", "9,", &labels),
        npy("|b1", "2, 3", &[0, 1, 0, 1, 0, 0]),
    ]
}

/// The last byte chooses whether the name says that these are labels.
fn run(input: &[u8]) -> bool {
    let is_odd = input.last().is_some_and(|byte| byte % 2 == 1);
    opens(if is_odd { "y_train.npy" } else { "x_train.npy" }, input)
}
