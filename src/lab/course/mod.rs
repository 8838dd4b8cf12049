//! The labs themselves, one file each.

mod epoch_batch;
mod lenet;
mod normalize;
mod parameters;
mod pixel_shuffle;
mod residual;
mod shortcuts;

use super::Lab;

/// In the course's order.
pub(super) static LABS: &[Lab] = &[
    pixel_shuffle::LAB,
    parameters::LAB,
    residual::LAB,
    shortcuts::LAB,
    normalize::LAB,
    epoch_batch::LAB,
    lenet::LAB,
];
