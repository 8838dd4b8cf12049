//! Mean and standard deviation of every channel.

use super::samples::Samples;

/// The statistics of a set of images, one entry a channel, on the scale where white is 1.
#[derive(Debug, Clone, PartialEq)]
pub struct PixelStatistics {
    /// The mean of all pixels of the channel.
    pub mean: Vec<f64>,
    /// The standard deviation of all pixels of the channel around that mean, over all of them
    /// (not the average of the deviations of single images).
    pub deviation: Vec<f64>,
}

impl PixelStatistics {
    /// The statistics of these samples; zeros if there are none.
    ///
    /// Bytes are summed as integers, so the result depends on no order and loses no digit.
    pub fn of(samples: &Samples) -> Self {
        let shape = samples.shape;
        let mut sums = vec![(0_u64, 0_u64); shape.channels];
        for index in 0..samples.len() {
            let planes = samples.image(index).chunks_exact(shape.area());
            for (plane, (sum, squares)) in planes.zip(&mut sums) {
                for &pixel in plane {
                    *sum += u64::from(pixel);
                    *squares += u64::from(pixel) * u64::from(pixel);
                }
            }
        }
        let count = (samples.len() * shape.area()).max(1) as f64;
        let moments = sums.iter().map(|&(sum, squares)| {
            let mean = sum as f64 / count;
            (mean, (squares as f64 / count - mean * mean).max(0.0).sqrt())
        });
        let (mean, deviation) = moments
            .map(|(mean, deviation)| (mean / 255.0, deviation / 255.0))
            .unzip();
        Self { mean, deviation }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::ImageShape;

    #[test]
    fn agrees_with_hand_computed_values() {
        let shape = ImageShape {
            channels: 2,
            height: 1,
            width: 2,
        };
        let pixels = vec![0, 255, 51, 51, 255, 0, 153, 153];
        let statistics = PixelStatistics::of(&Samples {
            shape,
            pixels,
            labels: vec![0, 1],
        });
        // Channel 0 holds 0, 1, 1, 0; channel 1 holds 0.2, 0.2, 0.6, 0.6.
        for (found, expected) in statistics.mean.iter().zip([0.5, 0.4]) {
            assert!(
                (found - expected).abs() < 1e-12,
                "mean {found}, not {expected}"
            );
        }
        for (found, expected) in statistics.deviation.iter().zip([0.5, 0.2]) {
            assert!(
                (found - expected).abs() < 1e-12,
                "deviation {found}, not {expected}"
            );
        }
    }

    #[test]
    fn of_nothing_is_zero() {
        let none = PixelStatistics::of(&Samples::empty(ImageShape {
            channels: 1,
            height: 4,
            width: 4,
        }));
        assert_eq!((none.mean, none.deviation), (vec![0.0], vec![0.0]));
    }
}
