//! What a network makes of images that are moved by some pixels: whether it has learned where things are, or what they are.

use serde::Serialize;

use super::network::most;
use super::{Inside, Picture, Tiles};
use crate::base::ImageShape;
use crate::base::error::{Code, Problem, Result};
use crate::data::{Samples, Split};
use crate::kernels::numbers;

/// The most pixels that images are moved by. The digits of MNIST are at most 20 pixels high and wide in 28.
const FARTHEST: usize = 4;

/// How a network classifies moved test images.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Shifted {
    /// By how many pixels they are moved.
    pub by: usize,
    /// How many images there are.
    pub images: usize,
    /// The share that is right, moved right, left, down and up: the mean of the four.
    pub accuracy: f64,
    /// Each of the four, in this order.
    pub each: [f64; 4],
}

/// Rows down and columns to the right, for each direction: right, left, down, up.
const fn directions(by: usize) -> [(isize, isize); 4] {
    let by = by as isize;
    [(0, by), (0, -by), (by, 0), (-by, 0)]
}

/// An image `[channels, height, width]`, moved by so many rows down and columns to the right: what leaves it on one side
/// is lost, and what comes in on the other is black.
fn moved(image: &[u8], shape: ImageShape, (down, right): (isize, isize)) -> Vec<u8> {
    let from = |place: usize, by: isize, size: usize| {
        let place = place.checked_add_signed(-by)?;
        (place < size).then_some(place)
    };
    let mut out = vec![0; image.len()];
    let planes = image.chunks_exact(shape.area());
    for (to, plane) in out.chunks_exact_mut(shape.area()).zip(planes) {
        for (y, row) in to.chunks_exact_mut(shape.width).enumerate() {
            let Some(y) = from(y, down, shape.height) else {
                continue;
            };
            for (x, pixel) in row.iter_mut().enumerate() {
                if let Some(x) = from(x, right, shape.width) {
                    *pixel = plane[y * shape.width + x];
                }
            }
        }
    }
    out
}

impl Inside {
    /// The picture, moved to the right by 0, 1 and so on to the most pixels that is asked about.
    pub(super) fn moves(&self) -> Result<Tiles> {
        let Picture {
            pixels,
            split,
            index,
        } = self.picture()?;
        let pictures: Vec<_> = (0..=FARTHEST)
            .map(|by| Picture {
                pixels: moved(pixels, self.facts.shape, directions(by)[0]),
                split: *split,
                index: *index,
            })
            .collect();
        Ok(self.shown(&pictures.iter().collect::<Vec<_>>()))
    }

    /// Classifies the first `images` of the run's test images, moved by so many pixels in each of four directions before anything
    /// else is done to them.
    pub(super) async fn shift(
        &mut self,
        test: &Samples,
        by: usize,
        images: usize,
    ) -> Result<Shifted> {
        let classes = self.classes()?;
        if by > FARTHEST {
            let problem = Problem::new(Code::OutOfRange).with("value", by);
            return Err(problem.with("min", 0).with("max", FARTHEST));
        }
        let shape = self.facts.shape;
        let images = images.min(self.spec.test as usize);
        let (mut right, mut count) = ([0_u32; 4], 0);
        for range in Self::ranges(test, images)? {
            count += range.len();
            // Where nothing moves, one direction stands for all.
            let passes = if by == 0 { 1 } else { 4 };
            for (right, direction) in right.iter_mut().zip(directions(by)).take(passes) {
                let mut values = vec![0.0; range.len() * shape.len()];
                for (out, index) in values.chunks_exact_mut(shape.len()).zip(range.clone()) {
                    let image = moved(test.image(index), shape, direction);
                    self.transform.apply(&image, Split::Test, index, out);
                }
                let input = self.upload(values);
                let logits = numbers(self.network.watch(input, &mut |_, flow| flow)).await?;
                let labels = &test.labels[range.clone()];
                let hits = labels.iter().zip(logits.chunks_exact(classes));
                *right += hits
                    .filter(|(label, logits)| usize::from(**label) == most(logits))
                    .count() as u32;
            }
        }
        if by == 0 {
            right = [right[0]; 4];
        }
        let each = right.map(|right| f64::from(right) / count as f64);
        Ok(Shifted {
            by,
            images: count,
            accuracy: each.iter().sum::<f64>() / 4.0,
            each,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_moves_in_each_direction_and_black_comes_in() {
        let shape = ImageShape {
            channels: 2,
            height: 2,
            width: 3,
        };
        let image = [1, 2, 3, 4, 5, 6, 11, 12, 13, 14, 15, 16];
        let found = directions(1).map(|direction| moved(&image, shape, direction));
        let expected = [
            [0, 1, 2, 0, 4, 5, 0, 11, 12, 0, 14, 15],
            [2, 3, 0, 5, 6, 0, 12, 13, 0, 15, 16, 0],
            [0, 0, 0, 1, 2, 3, 0, 0, 0, 11, 12, 13],
            [4, 5, 6, 0, 0, 0, 14, 15, 16, 0, 0, 0],
        ];
        assert_eq!(found, expected.map(Vec::from));
        assert_eq!(moved(&image, shape, (0, 0)), image);
        assert_eq!(moved(&image, shape, (0, -4)), [0; 12]);
    }
}
