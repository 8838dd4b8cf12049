//! What happens to an image before the network sees it: while learning it is changed at random ([`Augmentation`]), for
//! segmentation it becomes a scene ([`Scenes`]), its pixels change places ([`PermutePixels`]), then its values change
//! scale ([`Scale`]). Pure functions of their inputs.

use std::borrow::Cow;

use super::{Augmentation, Scenes, Split, scene};
use crate::base::error::{Code, Problem, Result};
use crate::base::rng::Stream;
use crate::base::{DataFacts, ImageShape};
use crate::experiment::{ExperimentSpec, Normalize, Permute, Task};

/// All of them, in order.
#[derive(Debug, Clone)]
pub struct Transform {
    augmentation: Option<Augmentation>,
    scenes: Option<Scenes>,
    permute: PermutePixels,
    scale: Scale,
    shape: ImageShape,
}

impl Transform {
    /// The transform of this spec for this data set.
    ///
    /// # Errors
    /// [`Code::WrongCount`] where the numbers given are not one or one a channel;
    /// [`Code::NoMasks`] where the spec's network needs masks and the data set has none.
    pub fn new(spec: &ExperimentSpec, facts: &DataFacts) -> Result<Self> {
        let permute = PermutePixels::new(spec.permute, facts.shape.area(), spec.seed);
        let scenes = spec
            .mask_threshold()?
            .map(|threshold| Scenes::new(facts.shape, spec.seed, threshold));
        Ok(Self {
            augmentation: Augmentation::new(spec, facts.shape),
            scenes,
            permute,
            scale: Scale::new(spec, facts)?,
            shape: facts.shape,
        })
    }

    /// The task: classes or masks.
    pub fn task(&self) -> Task {
        match self.scenes {
            Some(_) => Task::Segment,
            None => Task::Classify,
        }
    }

    /// Whether training images are changed at random.
    pub fn augments(&self) -> bool {
        self.augmentation.is_some()
    }

    /// The image of the training sample at this index, changed at random as an epoch sees it: what comes before
    /// [`Transform::apply`] while learning.
    pub fn augmented<'a>(&self, image: &'a [u8], epoch: u32, index: usize) -> Cow<'a, [u8]> {
        match &self.augmentation {
            Some(augmentation) => augmentation.apply(image, epoch, index).into(),
            None => image.into(),
        }
    }

    /// Writes what the network sees of one image, `[channels, height, width]`.
    pub fn apply(&self, image: &[u8], split: Split, index: usize, out: &mut [f32]) {
        let area = self.shape.area();
        let order = self.permute.order(split, index, area);
        let image = self.scene(image, split, index);
        for (channel, table) in self.scale.tables.iter().enumerate() {
            let from = &image[channel * area..(channel + 1) * area];
            let to = &mut out[channel * area..(channel + 1) * area];
            match order.as_deref() {
                None => to
                    .iter_mut()
                    .zip(from)
                    .for_each(|(to, &from)| *to = table[usize::from(from)]),
                Some(order) => to
                    .iter_mut()
                    .zip(order.iter())
                    .for_each(|(to, &at)| *to = table[usize::from(from[at as usize])]),
            }
        }
    }

    /// The image in front of its background; without segmentation, the image itself.
    pub fn scene<'a>(&self, image: &'a [u8], split: Split, index: usize) -> Cow<'a, [u8]> {
        let Some(scenes) = &self.scenes else {
            return image.into();
        };
        let mut scene = vec![0; image.len()];
        scenes.draw(image, split, index, &mut scene);
        scene.into()
    }

    /// Writes the mask of one image, `[height, width]`: 1 where what the network sees there belongs
    /// to the object, else 0. All zeros where the task has no masks.
    pub fn mask(&self, image: &[u8], split: Split, index: usize, out: &mut [f32]) {
        let Some(scenes) = &self.scenes else {
            out.fill(0.0);
            return;
        };
        let order = self.permute.order(split, index, self.shape.area());
        for (place, out) in out.iter_mut().enumerate() {
            let from = order.as_ref().map_or(place, |order| order[place] as usize);
            *out = f32::from(u8::from(scenes.is_object(image[from])));
        }
    }

    /// Writes an image with its pixels where the network gets them, in the data set's own scale.
    pub fn place(&self, image: &[u8], split: Split, index: usize, out: &mut [u8]) {
        let area = self.shape.area();
        let image = self.scene(image, split, index);
        let Some(order) = self.permute.order(split, index, area) else {
            return out.copy_from_slice(&image);
        };
        for (to, from) in out.chunks_exact_mut(area).zip(image.chunks_exact(area)) {
            to.iter_mut()
                .zip(order.iter())
                .for_each(|(to, &at)| *to = from[at as usize]);
        }
    }

    /// The value that the network gets for each byte, channel by channel.
    pub fn tables(&self) -> &[[f32; 256]] {
        &self.scale.tables
    }

    /// The values that the network gets for black and for white, channel by channel.
    pub fn ends(&self) -> Vec<(f32, f32)> {
        let tables = self.scale.tables.iter();
        tables.map(|table| (table[0], table[255])).collect()
    }
}

/// Permutes pixels: the one at `order[i]` moves to `i`, in all channels alike.
#[derive(Debug, Clone)]
pub enum PermutePixels {
    /// They stay.
    Off,
    /// One order for all images.
    Fixed(Vec<u32>),
    /// Another order for each image, the same whenever that image is seen.
    PerImage {
        /// The experiment's seed.
        seed: u32,
    },
}

impl PermutePixels {
    fn new(permute: Permute, area: usize, seed: u32) -> Self {
        match permute {
            Permute::Off => Self::Off,
            Permute::Fixed => Self::Fixed(fixed_permutation(area, seed)),
            Permute::PerImage => Self::PerImage { seed },
        }
    }

    /// Where each pixel of this sample comes from; nothing if they stay.
    fn order(&self, split: Split, index: usize, area: usize) -> Option<Cow<'_, [u32]>> {
        match self {
            Self::Off => None,
            Self::Fixed(order) => Some(order.into()),
            Self::PerImage { seed } => {
                let purpose = format!("permutation/{}/{index}", split.word());
                Some(permutation(*seed, &purpose, area).into())
            }
        }
    }
}

/// The one order of [`Permute::Fixed`]: the pixel at `order[i]` moves to `i`.
pub fn fixed_permutation(area: usize, seed: u32) -> Vec<u32> {
    permutation(seed, "permutation", area)
}

fn permutation(seed: u32, purpose: &str, area: usize) -> Vec<u32> {
    let mut order: Vec<u32> = (0..area as u32).collect();
    Stream::new(seed, purpose).shuffle(&mut order);
    order
}

/// `(value / 255 - mean) / deviation` a channel, as `ToTensor` and `Normalize` do; or the value
/// itself. There are only 256 values, so each channel is a table.
#[derive(Debug, Clone)]
pub struct Scale {
    tables: Vec<[f32; 256]>,
}

/// Means and deviations that are widely copied for CIFAR-10; the deviations are averages over
/// single images and not the set's.
const COPIED: ([f64; 3], [f64; 3]) = ([0.4914, 0.4822, 0.4465], [0.2023, 0.1994, 0.2010]);

/// The means that are subtracted and the deviations that values from 0 to 1 are divided by: one, or one a channel.
pub fn statistics(spec: &ExperimentSpec, facts: &DataFacts) -> [Vec<f64>; 2] {
    let own = || match scene::statistics(spec.data) {
        Some((mean, deviation)) if spec.task() == Task::Segment => [vec![mean], vec![deviation]],
        _ => [facts.mean.clone(), facts.deviation.clone()],
    };
    match spec.normalize {
        Normalize::Raw => [vec![0.0], vec![1.0 / 255.0]],
        Normalize::Unit => [vec![0.0], vec![1.0]],
        Normalize::Half => [vec![0.5], vec![0.5]],
        Normalize::Own => own(),
        Normalize::Copied => [COPIED.0.to_vec(), COPIED.1.to_vec()],
        Normalize::Wrong => {
            let by_255 = |numbers: Vec<f64>| numbers.iter().map(|number| 255.0 * number).collect();
            own().map(by_255)
        }
        Normalize::Custom => [spec.mean.clone(), spec.std.clone()],
    }
}

impl Scale {
    fn new(spec: &ExperimentSpec, facts: &DataFacts) -> Result<Self> {
        let channels = facts.shape.channels;
        let [mean, deviation] = statistics(spec, facts);
        let pick = |numbers: &[f64], channel: usize, field: &str| match numbers {
            [one] => Ok(*one),
            all if all.len() == channels => Ok(all[channel]),
            all => {
                let problem = Problem::new(Code::WrongCount).about(field);
                Err(problem.with("found", all.len()).with("expected", channels))
            }
        };
        let table = |channel| {
            let mean = pick(&mean, channel, "mean")? as f32;
            let deviation = pick(&deviation, channel, "std")? as f32;
            Ok(std::array::from_fn(|value| {
                (value as f32 / 255.0 - mean) / deviation
            }))
        };
        Ok(Self {
            tables: (0..channels).map(table).collect::<Result<_>>()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(channels: usize) -> DataFacts {
        DataFacts {
            shape: ImageShape {
                channels,
                height: 2,
                width: 2,
            },
            classes: vec!["a".into(), "b".into()],
            train: 10,
            test: 10,
            mean: vec![0.5, 0.25, 0.125][..channels].to_vec(),
            deviation: vec![0.25, 0.5, 0.5][..channels].to_vec(),
            untrained: vec![],
            untested: vec![],
            fingerprint: String::new(),
            coarse: None,
            cautions: vec![],
        }
    }

    fn apply(spec: &ExperimentSpec, image: &[u8], index: usize) -> Vec<f32> {
        let channels = image.len() / 4;
        let mut out = vec![0.0; image.len()];
        Transform::new(spec, &facts(channels))
            .unwrap()
            .apply(image, Split::Train, index, &mut out);
        out
    }

    fn close(found: &[f32], expected: &[f32]) {
        assert_eq!(found.len(), expected.len());
        for (a, b) in found.iter().zip(expected) {
            assert!(
                (a - b).abs() < 1e-5 * b.abs().max(1.0),
                "{found:?} is not {expected:?}"
            );
        }
    }

    #[test]
    fn every_preset_against_values_worked_out_by_hand() {
        let image = [0, 51, 102, 255];
        let with = |normalize| ExperimentSpec {
            normalize,
            ..Default::default()
        };
        close(
            &apply(&with(Normalize::Raw), &image, 0),
            &[0.0, 51.0, 102.0, 255.0],
        );
        close(
            &apply(&with(Normalize::Unit), &image, 0),
            &[0.0, 0.2, 0.4, 1.0],
        );
        close(
            &apply(&with(Normalize::Half), &image, 0),
            &[-1.0, -0.6, -0.2, 1.0],
        );
        close(
            &apply(&with(Normalize::Own), &image, 0),
            &[-2.0, -1.2, -0.4, 2.0],
        );
        // mean 127.5 and deviation 63.75 applied to 0, 0.2, 0.4 and 1
        close(
            &apply(&with(Normalize::Wrong), &image, 0),
            &[-2.0, -1.996_863, -1.993_725, -1.984_314],
        );
        let custom = ExperimentSpec {
            mean: vec![0.2],
            std: vec![0.1],
            ..with(Normalize::Custom)
        };
        close(&apply(&custom, &image, 0), &[-2.0, 0.0, 2.0, 8.0]);
    }

    #[test]
    fn each_channel_has_its_own_numbers() {
        let image = [255, 0, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0];
        let spec = ExperimentSpec {
            normalize: Normalize::Own,
            ..Default::default()
        };
        let seen = apply(&spec, &image, 0);
        close(&[seen[0], seen[4], seen[8]], &[2.0, 1.5, 1.75]);
        let spec = ExperimentSpec {
            normalize: Normalize::Copied,
            ..Default::default()
        };
        let seen = apply(&spec, &image, 0);
        close(
            &[seen[0], seen[4], seen[8]],
            &[0.5086 / 0.2023, 0.5178 / 0.1994, 0.5535 / 0.2010],
        );
    }

    #[test]
    fn a_fixed_permutation_moves_all_images_and_channels_alike() {
        let spec = ExperimentSpec {
            permute: Permute::Fixed,
            normalize: Normalize::Raw,
            seed: 5,
            ..Default::default()
        };
        let image: Vec<u8> = (0..12).collect();
        let (first, second) = (apply(&spec, &image, 0), apply(&spec, &image, 1));
        assert_eq!(first, second);
        for channel in 1..3 {
            let moved: Vec<f32> = first[..4]
                .iter()
                .map(|v| v + 4.0 * channel as f32)
                .collect();
            close(&first[4 * channel..4 * channel + 4], &moved);
        }
        let mut sorted = first[..4].to_vec();
        sorted.sort_by(f32::total_cmp);
        close(&sorted, &[0.0, 1.0, 2.0, 3.0]);
    }

    #[test]
    fn pixels_are_placed_as_the_network_gets_them() {
        let image: Vec<u8> = (0..12).collect();
        for permute in [Permute::Off, Permute::Fixed, Permute::PerImage] {
            let spec = ExperimentSpec {
                permute,
                normalize: Normalize::Raw,
                seed: 5,
                ..Default::default()
            };
            let transform = Transform::new(&spec, &facts(3)).unwrap();
            let (mut seen, mut placed) = (vec![0.0; 12], vec![0; 12]);
            transform.apply(&image, Split::Test, 7, &mut seen);
            transform.place(&image, Split::Test, 7, &mut placed);
            let placed: Vec<f32> = placed.into_iter().map(f32::from).collect();
            close(&seen, &placed);
            close(
                &[transform.ends()[2].0, transform.ends()[2].1],
                &[0.0, 255.0],
            );
        }
    }

    #[test]
    fn a_permutation_per_image_differs_by_image_and_is_the_same_again() {
        let spec = ExperimentSpec {
            permute: Permute::PerImage,
            normalize: Normalize::Raw,
            ..Default::default()
        };
        let image = [0, 1, 2, 3];
        let seen: Vec<_> = (0..8).map(|index| apply(&spec, &image, index)).collect();
        assert!(seen.iter().any(|other| *other != seen[0]));
        assert_eq!(seen[3], apply(&spec, &image, 3));
    }
}
