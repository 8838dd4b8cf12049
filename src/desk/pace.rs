//! Which device trains faster: measured once, on the network that a person trains first, and kept.

use serde::{Deserialize, Serialize};

/// How many times larger than the network on which the CPU was faster another may be, for that still to hold: a GPU
/// gains with the size.
const LARGER: f64 = 4.0;
/// Seconds of training that say how fast a run is.
const LEAST: f64 = 0.5;

/// How far a run has come.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Moment {
    /// Images that went through training.
    pub samples: u32,
    /// Seconds that this took.
    pub training: f64,
}

/// Images a second that each device trains, on one network.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
#[serde(rename_all = "camelCase")]
pub struct Pace {
    /// On the GPU.
    pub gpu: f64,
    /// On the CPU.
    pub cpu: f64,
    /// Whether the GPU is the faster one.
    pub faster: bool,
    /// Multiply-adds of that network for an image.
    pub multiply_adds: f64,
}

impl Pace {
    /// Of one network on both devices.
    pub fn new(gpu: f64, cpu: f64, multiply_adds: f64) -> Self {
        Self {
            gpu,
            cpu,
            faster: gpu > cpu,
            multiply_adds,
        }
    }

    /// Whether it also says which device is faster for a network with so many multiply-adds for an image.
    pub fn covers(&self, multiply_adds: f64) -> bool {
        self.faster || multiply_adds <= LARGER * self.multiply_adds
    }
}

/// Images a second that a run trained between two moments; nothing where these are too close.
pub fn speed_between(from: Moment, to: Moment) -> Option<f64> {
    let seconds = to.training - from.training;
    let images = to.samples.checked_sub(from.samples)?;
    (images > 0 && seconds >= LEAST).then(|| f64::from(images) / seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_faster_device_is_the_one_that_trained_more_images_a_second() {
        assert!(Pace::new(9000.0, 4000.0, 1e6).faster);
        assert!(
            !Pace::new(600.0, 4000.0, 1e6).faster,
            "a program in place of a GPU"
        );
        assert!(
            !Pace::new(4000.0, 4000.0, 1e6).faster,
            "the CPU is there already"
        );
    }

    #[test]
    fn that_the_cpu_is_faster_says_nothing_of_much_larger_networks() {
        let slower = Pace::new(600.0, 4000.0, 1e6);
        assert!(slower.covers(4e6) && !slower.covers(4.1e6));
        let faster = Pace::new(9000.0, 4000.0, 1e6);
        assert!(
            faster.covers(1e9),
            "a GPU that wins with a small one wins with a large one"
        );
    }

    #[test]
    fn a_speed_is_taken_between_two_moments_that_are_far_enough_apart() {
        let at = |samples, training| Moment { samples, training };
        assert_eq!(speed_between(at(64, 9.0), at(1064, 10.0)), Some(1000.0));
        assert_eq!(speed_between(at(64, 9.0), at(164, 9.1)), None);
        assert_eq!(speed_between(at(64, 9.0), at(64, 10.0)), None);
        assert_eq!(speed_between(at(64, 9.0), at(0, 0.0)), None, "begun anew");
    }
}
