//! Data augmentation: each training image is changed at random whenever it is seen, before anything else happens to it.
//!
//! As torchvision's `RandomCrop(size, padding=4)` and `RandomHorizontalFlip()` in front of `ToTensor()`, `Normalize` and a
//! permutation of the pixels: what lies outside of the image is black, whatever values become of it. A change
//! follows from seed, epoch and index, so it does not depend on the batch, the device or a pause.

use super::Split;
use crate::base::ImageShape;
use crate::base::rng::Stream;
use crate::experiment::{Augment, ExperimentSpec, Task};

/// Black pixels on each side of an image that is cropped.
const PADDING: usize = 4;

/// The random changes of one run.
#[derive(Debug, Clone)]
pub struct Augmentation {
    crops: bool,
    seed: u32,
    shape: ImageShape,
}

impl Augmentation {
    /// The augmentation of this spec for images of this shape; `None` where images stay as they are.
    pub fn new(spec: &ExperimentSpec, shape: ImageShape) -> Option<Self> {
        let crops = match spec.augment {
            _ if spec.task() == Task::Segment => return None,
            Augment::None => return None,
            Augment::Flip => false,
            Augment::FlipCrop => true,
        };
        Some(Self {
            crops,
            seed: spec.seed,
            shape,
        })
    }

    /// The image `[channels, height, width]` of the training sample at this index, as an epoch sees it; the first
    /// epoch is 0.
    pub fn apply(&self, image: &[u8], epoch: u32, index: usize) -> Vec<u8> {
        let purpose = format!("augment/{}/{epoch}/{index}", Split::Train.word());
        let mut stream = Stream::new(self.seed, &purpose);
        // First, so that the same images are flipped whether or not they are cropped.
        let flips = stream.below(2) == 1;
        let corner = match self.crops {
            true => [(); 2].map(|()| stream.below(2 * PADDING as u32 + 1) as usize),
            false => [PADDING; 2],
        };
        self.changed(image, flips, corner)
    }

    /// The window whose corner has this row and column in the padded image, left and right exchanged if it flips.
    fn changed(&self, image: &[u8], flips: bool, [top, left]: [usize; 2]) -> Vec<u8> {
        let ImageShape { height, width, .. } = self.shape;
        let within = |place: usize, size: usize| {
            let place = place.checked_sub(PADDING)?;
            (place < size).then_some(place)
        };
        let mut out = vec![0; image.len()];
        let planes = out.chunks_exact_mut(self.shape.area());
        for (to, from) in planes.zip(image.chunks_exact(self.shape.area())) {
            for (y, row) in to.chunks_exact_mut(width).enumerate() {
                let Some(y) = within(top + y, height) else {
                    continue;
                };
                for (x, pixel) in row.iter_mut().enumerate() {
                    let x = if flips { width - 1 - x } else { x };
                    if let Some(x) = within(left + x, width) {
                        *pixel = from[y * width + x];
                    }
                }
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::Family;

    const SHAPE: ImageShape = ImageShape {
        channels: 2,
        height: 2,
        width: 3,
    };
    const IMAGE: [u8; 12] = [1, 2, 3, 4, 5, 6, 11, 12, 13, 14, 15, 16];

    fn with(augment: Augment, seed: u32) -> Augmentation {
        let spec = ExperimentSpec {
            augment,
            seed,
            ..ExperimentSpec::default()
        };
        Augmentation::new(&spec, SHAPE).unwrap()
    }

    #[test]
    fn changes_against_images_worked_out_by_hand() {
        let of = |flips, corner| with(Augment::FlipCrop, 1).changed(&IMAGE, flips, corner);
        assert_eq!(of(false, [4, 4]), IMAGE);
        assert_eq!(of(true, [4, 4]), [3, 2, 1, 6, 5, 4, 13, 12, 11, 16, 15, 14]);
        // One row down and one column to the left in the padded image: the first row is gone, and black comes from the left.
        assert_eq!(of(false, [5, 3]), [0, 4, 5, 0, 0, 0, 0, 14, 15, 0, 0, 0]);
        assert_eq!(of(true, [5, 3]), [5, 4, 0, 0, 0, 0, 15, 14, 0, 0, 0, 0]);
        assert_eq!(of(false, [0, 8]), [0; 12], "nothing but padding");
    }

    #[test]
    fn a_change_follows_from_seed_epoch_and_index() {
        let seen = |seed, epoch| -> Vec<_> {
            let all = with(Augment::FlipCrop, seed);
            (0..20).map(|at| all.apply(&IMAGE, epoch, at)).collect()
        };
        assert_eq!(seen(1, 0), seen(1, 0));
        assert_ne!(seen(1, 0), seen(1, 1));
        assert_ne!(seen(1, 0), seen(2, 0));
    }

    #[test]
    fn half_of_the_images_are_flipped_and_every_crop_is_as_likely() {
        let flip = with(Augment::Flip, 3);
        let flipped = (0..10_000).filter(|&at| flip.apply(&IMAGE, 0, at) != IMAGE);
        let count = flipped.count();
        // Four standard deviations of a fair coin.
        assert!((4_800..=5_200).contains(&count), "{count} of 10000");
        let crop = with(Augment::FlipCrop, 3);
        let black = (0..10_000).filter(|&at| crop.apply(&IMAGE, 0, at) == [0; 12]);
        let share = black.count() as f64 / 1e4;
        // Something is seen where |row| ≤ 1 and |column| ≤ 2: 3 · 5 of 9 · 9 places.
        assert!((share - (1.0 - 15.0 / 81.0)).abs() < 0.016, "{share}");
    }

    #[test]
    fn cropping_changes_nothing_about_which_images_are_flipped() {
        let (flip, crop) = (with(Augment::Flip, 3), with(Augment::FlipCrop, 3));
        let mut seen = 0;
        for at in 0..500 {
            let flipped = flip.apply(&IMAGE, 2, at) != IMAGE;
            let cropped = crop.apply(&IMAGE, 2, at);
            // A row that is there as a whole tells it.
            for row in cropped.chunks_exact(3).filter(|row| !row.contains(&0)) {
                assert_eq!(row[0] > row[2], flipped, "image {at}");
                seen += 1;
            }
        }
        assert!(seen > 20, "{seen} rows");
    }

    #[test]
    fn nothing_is_changed_unless_it_is_chosen_and_never_a_scene() {
        let of = |augment, net| {
            let spec = ExperimentSpec {
                augment,
                net,
                ..ExperimentSpec::default()
            };
            Augmentation::new(&spec, SHAPE).is_some()
        };
        assert!(!of(Augment::None, Family::Cnn));
        assert!(of(Augment::Flip, Family::Cnn));
        assert!(!of(Augment::Flip, Family::UNet));
    }
}
