//! What is drawn, kept as the strokes' own pixels: a browser that protects from fingerprinting gives noise where a page reads a
//! canvas back.

/// Height and width of a sheet, in pixels.
const SIZE: usize = 280;
/// Thickness of the pen, in pixels: MNIST's digits have strokes of two to three of their 28 pixels.
const PEN: f32 = 22.0;
/// What a bitmap has before its pixels: two headers, and a palette of 256 greys.
const BEFORE: usize = 14 + 40 + 4 * 256;

/// A black sheet with white ink on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ink {
    /// How bright each pixel is, `[SIZE, SIZE]`.
    shades: Vec<u8>,
}

impl Default for Ink {
    fn default() -> Self {
        Self {
            shades: vec![0; SIZE * SIZE],
        }
    }
}

impl Ink {
    /// Height and width, in pixels.
    pub const SIZE: usize = SIZE;
    /// Thickness of the pen, in pixels.
    pub const PEN: f32 = PEN;

    /// Draws a line with round ends; `x` is to the right, `y` down, both in pixels.
    pub fn line(&mut self, from: (f32, f32), to: (f32, f32)) {
        let bounded = |(x, y): (f32, f32)| {
            let bound = |place: f32| match place.is_finite() {
                true => place.clamp(-PEN, SIZE as f32 + PEN),
                false => -PEN,
            };
            (bound(x), bound(y))
        };
        let (from, to) = (bounded(from), bounded(to));
        let around = |a: f32, b: f32| {
            let low = (a.min(b) - PEN / 2.0 - 1.0).clamp(0.0, SIZE as f32) as usize;
            let high = (a.max(b) + PEN / 2.0 + 2.0).clamp(0.0, SIZE as f32) as usize;
            low..high
        };
        for y in around(from.1, to.1) {
            for x in around(from.0, to.0) {
                let distance = distance((x as f32 + 0.5, y as f32 + 0.5), from, to);
                let covered = (PEN / 2.0 + 0.5 - distance).clamp(0.0, 1.0);
                let shade = &mut self.shades[y * SIZE + x];
                *shade = (*shade).max((covered * 255.0).round() as u8);
            }
        }
    }

    /// How bright each pixel is, `[SIZE, SIZE]`.
    pub fn shades(&self) -> &[u8] {
        &self.shades
    }

    /// A sheet that was drawn on before; a clean one if these are not its pixels.
    pub fn of(shades: &[u8]) -> Self {
        match shades.len() == SIZE * SIZE {
            true => Self {
                shades: shades.to_vec(),
            },
            false => Self::default(),
        }
    }

    /// Whether nothing is drawn.
    pub fn is_empty(&self) -> bool {
        self.shades.iter().all(|&shade| shade == 0)
    }

    /// The sheet as a picture, `[SIZE, SIZE, 4]`.
    pub fn rgba(&self) -> Vec<u8> {
        let pixel = |&shade: &u8| [shade, shade, shade, u8::MAX];
        self.shades.iter().flat_map(pixel).collect()
    }

    /// The sheet as a file: a bitmap (BMP) of 256 greys, whose last line comes first.
    pub fn picture(&self) -> Vec<u8> {
        let size = SIZE as u32;
        let mut file = before();
        file.reserve_exact(SIZE * SIZE);
        debug_assert_eq!(size % 4, 0, "lines of a bitmap are filled up to four bytes");
        for line in self.shades.rchunks_exact(SIZE) {
            file.extend_from_slice(line);
        }
        file
    }

    /// The sheet that [`Ink::picture`] made this file of; none if it is another file.
    pub fn read(file: &[u8]) -> Option<Self> {
        let (head, lines) = file.split_at_checked(BEFORE)?;
        if head != before() || lines.len() != SIZE * SIZE {
            return None;
        }
        let shades = lines.rchunks_exact(SIZE).flatten().copied().collect();
        Some(Self { shades })
    }

    /// The sheet in this size, `[edge, edge, 4]`: each pixel is the mean of what lies under it.
    pub fn scaled(&self, edge: usize) -> Vec<u8> {
        // A pixel of the image covers `SIZE / edge` pixels of the sheet; counted in `1 / edge` of a pixel, all is whole.
        let under = |at: usize| {
            let (from, to) = (at * SIZE, (at + 1) * SIZE);
            (from / edge..to.div_ceil(edge)).map(move |pixel| {
                let share = to.min((pixel + 1) * edge) - from.max(pixel * edge);
                (pixel, share as u64)
            })
        };
        let shade = |y: usize, x: usize| {
            let lines = under(y).map(|(line, height)| {
                let row = &self.shades[line * SIZE..][..SIZE];
                let sum: u64 = under(x)
                    .map(|(column, width)| u64::from(row[column]) * width)
                    .sum();
                sum * height
            });
            let area = (SIZE * SIZE) as u64;
            ((lines.sum::<u64>() + area / 2) / area) as u8
        };
        let places = (0..edge).flat_map(|y| (0..edge).map(move |x| (y, x)));
        places
            .flat_map(|(y, x)| {
                let shade = shade(y, x);
                [shade, shade, shade, u8::MAX]
            })
            .collect()
    }
}

/// How far a point is from a line between two others.
fn distance(point: (f32, f32), from: (f32, f32), to: (f32, f32)) -> f32 {
    let along = (to.0 - from.0, to.1 - from.1);
    let way = (point.0 - from.0, point.1 - from.1);
    let length = along.0 * along.0 + along.1 * along.1;
    let part = match length > 0.0 {
        true => ((way.0 * along.0 + way.1 * along.1) / length).clamp(0.0, 1.0),
        false => 0.0,
    };
    let (x, y) = (way.0 - part * along.0, way.1 - part * along.1);
    (x * x + y * y).sqrt()
}

/// What a bitmap of this size has before its pixels.
fn before() -> Vec<u8> {
    let mut head = b"BM".to_vec();
    let words = [(BEFORE + SIZE * SIZE) as u32, 0, BEFORE as u32];
    head.extend(words.into_iter().flat_map(u32::to_le_bytes));
    let side = SIZE as u32;
    head.extend([40, side, side].into_iter().flat_map(u32::to_le_bytes));
    // One plane, eight bits a pixel.
    head.extend([1, 8_u16].into_iter().flat_map(u16::to_le_bytes));
    let rest = [0, (SIZE * SIZE) as u32, 0, 0, 256, 0];
    head.extend(rest.into_iter().flat_map(u32::to_le_bytes));
    head.extend((0..=u8::MAX).flat_map(|grey| [grey, grey, grey, 0]));
    head
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::picture;

    fn at(ink: &Ink, x: usize, y: usize) -> u8 {
        ink.shades()[y * SIZE + x]
    }

    #[test]
    fn a_line_is_as_thick_as_the_pen_and_has_round_ends() {
        let mut ink = Ink::default();
        assert!(ink.is_empty());
        ink.line((100.0, 140.0), (200.0, 140.0));
        let thick = (0..SIZE).filter(|&y| at(&ink, 150, y) > 127).count();
        assert_eq!(thick, 22);
        let long = (0..SIZE).filter(|&x| at(&ink, x, 140) > 127).count();
        assert_eq!(long, 100 + 22);
        // The corner of a square end would be ink; that of a round one is none.
        assert_eq!((at(&ink, 90, 130), at(&ink, 150, 130)), (0, 255));
        // A dot, and places that no screen has.
        ink.line((20.0, 20.0), (20.0, 20.0));
        ink.line((f32::NAN, f32::INFINITY), (-1e30, 1e30));
        assert_eq!((at(&ink, 20, 20), at(&ink, 279, 140)), (255, 0));
    }

    #[test]
    fn the_file_is_a_picture_and_is_read_again() {
        let mut ink = Ink::default();
        ink.line((30.0, 40.0), (60.0, 200.0));
        let file = ink.picture();
        assert_eq!(
            picture::size("a", file.len() as u64, &file),
            Ok((SIZE as u32, SIZE as u32))
        );
        assert_eq!(Ink::read(&file), Some(ink.clone()));
        assert_eq!(Ink::read(&file[1..]), None);
        assert_eq!(Ink::read(&file[..file.len() - 1]), None);
        assert_eq!(Ink::of(ink.shades()), ink);
        assert!(Ink::of(&[1, 2, 3]).is_empty());
    }

    #[test]
    fn a_smaller_image_is_as_bright_as_the_sheet() {
        let mut ink = Ink::default();
        ink.line((100.0, 100.0), (140.0, 180.0));
        let mean = |values: &[u8]| {
            let sum: u64 = values.iter().copied().map(u64::from).sum();
            sum as f64 / values.len() as f64
        };
        for edge in [16, 24, 28, 32, 48, 64] {
            let image = ink.scaled(edge);
            assert_eq!(image.len(), edge * edge * 4);
            let grey: Vec<u8> = image.chunks_exact(4).map(|pixel| pixel[0]).collect();
            assert!((mean(&grey) - mean(ink.shades())).abs() < 0.5, "{edge}");
        }
        // Of 280 pixels, 28 take ten by ten each.
        let mut tenth = Ink::default();
        tenth.shades[..10].fill(255);
        assert_eq!(tenth.scaled(28)[..8], [26, 26, 26, 255, 0, 0, 0, 255]);
    }
}
