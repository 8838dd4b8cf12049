//! Scenes for segmentation: a data set's object, such as a digit, in front of a noisy background.
//! What a network has to find is which pixels are the object's.
//!
//! Behind the object there are soft patches of light and dark, and blurred strokes as bright as
//! the object itself; over everything lies noise on each pixel. So brightness alone does not tell
//! the object from its surroundings: its sharp edges and its form do. A scene is a pure function of
//! image, seed, split and index, so that an image has the same scene whenever it is seen.

use super::Split;
use crate::base::ImageShape;
use crate::base::rng::Stream;
use crate::experiment::DataSet;

/// Edge of the background's patches, in pixels.
pub(crate) const PATCH: usize = 4;
/// The darkest and the brightest that a patch can be, of 255.
pub(crate) const PATCHES: (f32, f32) = (0.0, 150.0);
/// Blurred strokes in the background.
pub(crate) const STROKES: usize = 4;
/// How far a stroke reaches from its first point in each direction, in pixels, at most.
pub(crate) const STROKE_REACH: f32 = 9.0;
/// Pixels from the middle of a stroke to where it has faded away.
pub(crate) const STROKE_BLUR: f32 = 2.5;
/// Brightness of the object where the data set has white, and of the middle of a stroke, of 255.
pub(crate) const INK: f32 = 220.0;
/// The noise of each pixel is drawn evenly from minus to plus this, of 255.
pub(crate) const NOISE: f32 = 12.0;

/// Draws the scenes of one data set under one seed.
#[derive(Debug, Clone)]
pub struct Scenes {
    shape: ImageShape,
    seed: u32,
    threshold: u8,
}

/// The mean and the standard deviation of all pixels of the training scenes, on the 0 to 1 scale, as
/// [`crate::experiment::Normalize::Own`] needs them: measured over 10,000 scenes under seed 1, and the same
/// to two digits under any other.
pub fn statistics(data: DataSet) -> Option<(f64, f64)> {
    match data {
        DataSet::Mnist => Some((0.3815, 0.2065)),
        DataSet::FashionMnist => Some((0.4198, 0.2144)),
        DataSet::Cifar10 | DataSet::File => None,
    }
}

impl Scenes {
    /// Scenes with the objects of grey images of this size; `threshold` as in [`Scenes::is_object`].
    pub fn new(shape: ImageShape, seed: u32, threshold: u8) -> Self {
        Self {
            shape,
            seed,
            threshold,
        }
    }

    /// Whether a pixel of the data set's image belongs to the object: it is at least as bright as
    /// the threshold, which is where the object covers half of the pixel.
    pub fn is_object(&self, pixel: u8) -> bool {
        pixel >= self.threshold
    }

    /// Writes the scene with this image's object, `[height, width]`, 0 to 255.
    pub fn draw(&self, image: &[u8], split: Split, index: usize, out: &mut [u8]) {
        let mut stream = Stream::new(self.seed, &format!("scene/{}/{index}", split.word()));
        let patches = Patches::draw(self.shape, &mut stream);
        let strokes: [Stroke; STROKES] =
            std::array::from_fn(|_| Stroke::draw(self.shape, &mut stream));
        for (at, (out, &pixel)) in out.iter_mut().zip(image).enumerate() {
            let (y, x) = (at / self.shape.width, at % self.shape.width);
            let ground = strokes
                .iter()
                .map(|stroke| INK * stroke.strength(x as f32, y as f32))
                .fold(patches.at(x, y), f32::max);
            // From nothing to the threshold and as far beyond it, the object covers more and more.
            let cover = (f32::from(pixel) / (2.0 * f32::from(self.threshold))).min(1.0);
            let object = f32::from(pixel) / 255.0 * INK;
            let noise = NOISE * stream.symmetric();
            let value = ground * (1.0 - cover) + object * cover + noise;
            *out = value.round().clamp(0.0, 255.0) as u8;
        }
    }
}

/// Random levels on a lattice, and straight lines in between.
struct Patches {
    levels: Vec<f32>,
    columns: usize,
}

impl Patches {
    fn draw(shape: ImageShape, stream: &mut Stream) -> Self {
        let (rows, columns) = (shape.height / PATCH + 2, shape.width / PATCH + 2);
        let (low, high) = PATCHES;
        let mut level = || low + (high - low) * (0.5 + 0.5 * stream.symmetric());
        Self {
            levels: (0..rows * columns).map(|_| level()).collect(),
            columns,
        }
    }

    fn at(&self, x: usize, y: usize) -> f32 {
        let share = |place: usize| (place % PATCH) as f32 / PATCH as f32;
        let corner = y / PATCH * self.columns + x / PATCH;
        let along = |row: usize| {
            let (left, right) = (self.levels[row], self.levels[row + 1]);
            left + (right - left) * share(x)
        };
        let (above, below) = (along(corner), along(corner + self.columns));
        above + (below - above) * share(y)
    }
}

/// A straight stroke that fades to both sides.
struct Stroke {
    from: (f32, f32),
    along: (f32, f32),
}

impl Stroke {
    fn draw(shape: ImageShape, stream: &mut Stream) -> Self {
        let mut place = |size: usize| (0.5 + 0.5 * stream.symmetric()) * size as f32;
        let from = (place(shape.width), place(shape.height));
        let along = (
            STROKE_REACH * stream.symmetric(),
            STROKE_REACH * stream.symmetric(),
        );
        Self { from, along }
    }

    /// 1 in its middle, 0 where it has faded away.
    fn strength(&self, x: f32, y: f32) -> f32 {
        let (dx, dy) = (x - self.from.0, y - self.from.1);
        let (ax, ay) = self.along;
        let length = (ax * ax + ay * ay).max(f32::MIN_POSITIVE);
        let nearest = ((dx * ax + dy * ay) / length).clamp(0.0, 1.0);
        let (rx, ry) = (dx - nearest * ax, dy - nearest * ay);
        (1.0 - (rx * rx + ry * ry).sqrt() / STROKE_BLUR).max(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHAPE: ImageShape = ImageShape {
        channels: 1,
        height: 28,
        width: 28,
    };

    fn drawn(image: &[u8], split: Split, index: usize, seed: u32) -> Vec<u8> {
        let mut out = vec![0; SHAPE.area()];
        Scenes::new(SHAPE, seed, 128).draw(image, split, index, &mut out);
        out
    }

    /// A white square on black.
    fn square() -> Vec<u8> {
        let inside = |at: &usize| (8..20).contains(&(at / 28)) && (8..20).contains(&(at % 28));
        (0..SHAPE.area())
            .map(|at| if inside(&at) { 255 } else { 0 })
            .collect()
    }

    #[test]
    fn a_scene_follows_from_image_seed_split_and_index() {
        let image = square();
        let scene = drawn(&image, Split::Train, 3, 1);
        assert_eq!(scene, drawn(&image, Split::Train, 3, 1));
        for other in [
            drawn(&image, Split::Train, 4, 1),
            drawn(&image, Split::Test, 3, 1),
            drawn(&image, Split::Train, 3, 2),
        ] {
            assert_ne!(scene, other);
        }
    }

    #[test]
    fn what_an_image_shows_changes_the_scene_only_where_it_is() {
        let (with, without) = (
            drawn(&square(), Split::Train, 0, 1),
            drawn(&[0; 784], Split::Train, 0, 1),
        );
        let changed = with.iter().zip(&without).map(|(a, b)| a != b);
        let inside: Vec<bool> = square().iter().map(|&pixel| pixel > 0).collect();
        assert!(
            changed
                .clone()
                .zip(&inside)
                .all(|(changed, &inside)| inside || !changed)
        );
        assert!(
            changed.filter(|&changed| changed).count() > 100,
            "of 144 pixels"
        );
    }

    #[test]
    fn behind_an_object_there_is_what_is_as_bright() {
        let scenes = (0..50).filter(|&index| {
            let scene = drawn(&square(), Split::Train, index, 1);
            let of = |object: bool| {
                let pixels = scene.iter().zip(square());
                pixels.filter_map(move |(&seen, pixel)| ((pixel > 0) == object).then_some(seen))
            };
            of(false).max() > of(true).min()
        });
        assert!(scenes.count() > 35);
    }

    #[test]
    fn a_stroke_fades_to_both_sides() {
        let stroke = Stroke {
            from: (4.0, 4.0),
            along: (10.0, 0.0),
        };
        for (x, y, expected) in [
            (9.0, 4.0, 1.0),
            (9.0, 5.25, 0.5),
            (9.0, 2.75, 0.5),
            (15.25, 4.0, 0.5),
            (9.0, 7.0, 0.0),
        ] {
            assert!((stroke.strength(x, y) - expected).abs() < 1e-6, "{x} {y}");
        }
    }
}
