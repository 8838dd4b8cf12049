//! The labs themselves, one file each.

mod attention;
mod conv1x1;
mod epoch_batch;
mod families;
mod features;
mod inception;
mod lenet;
mod normalize;
mod parameters;
mod pixel_shuffle;
mod residual;
mod shortcuts;
mod unet;

use super::Lab;

/// In the course's order.
pub(super) static LABS: &[Lab] = &[
    pixel_shuffle::LAB,
    parameters::LAB,
    features::LAB,
    families::LAB,
    inception::LAB,
    residual::LAB,
    shortcuts::LAB,
    normalize::LAB,
    epoch_batch::LAB,
    conv1x1::LAB,
    lenet::LAB,
    attention::LAB,
    unet::LAB,
];
