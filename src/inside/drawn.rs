//! From what a person draws or drops to an image as the data set has them.

use crate::base::{DataFacts, ImageShape};

/// The share of the image that a digit fills: 20 of MNIST's 28 pixels.
const FILLED: f32 = 20.0 / 28.0;
/// Less ink than this is none.
const FAINT: u8 = 32;

/// A drawing, made into an image as MNIST's digits were: scaled into a box of 20×20 pixels with its
/// shape kept, and moved so that its centre of mass is the middle. LeCun, Cortes and Burges,
/// "The MNIST database". `ink` is `[height, width]`, 255 where there is most.
pub fn drawn(ink: &[u8], width: usize, shape: ImageShape) -> Vec<u8> {
    let mut image = vec![0; shape.len()];
    let Some((top, left, bottom, right)) = bounds(ink, width) else {
        return image;
    };
    let longest = (bottom + 1 - top).max(right + 1 - left) as f32;
    let scale = FILLED * shape.height.min(shape.width) as f32 / longest;
    let middle = mass(ink, width);
    // What lies in the drawing under one pixel of the image.
    let under = |at: usize, size: usize, middle: f32| {
        let from = (at as f32 - size as f32 / 2.0) / scale + middle;
        (from, from + 1.0 / scale)
    };
    let height = ink.len() / width;
    for y in 0..shape.height {
        for x in 0..shape.width {
            let (top, bottom) = under(y, shape.height, middle.0);
            let (left, right) = under(x, shape.width, middle.1);
            let shade = mean(
                ink,
                width,
                [clip(top, bottom, height), clip(left, right, width)],
            );
            for channel in 0..shape.channels {
                image[channel * shape.area() + y * shape.width + x] = shade;
            }
        }
    }
    image
}

/// A picture from elsewhere, already of the right size: `[height, width, 4]`. For a data set in
/// grey, where what is shown is white on black, a picture with a bright border is turned around.
pub fn photo(rgba: &[u8], facts: &DataFacts) -> Vec<u8> {
    let shape = facts.shape;
    let pixels = || rgba.chunks_exact(4).take(shape.area());
    if shape.channels == 3 {
        return (0..3)
            .flat_map(|channel| pixels().map(move |pixel| pixel[channel]))
            .collect();
    }
    // Rec. 601 luma.
    let grey: Vec<u8> = pixels()
        .map(|p| {
            (0.299 * f32::from(p[0]) + 0.587 * f32::from(p[1]) + 0.114 * f32::from(p[2])).round()
                as u8
        })
        .collect();
    let on_border = |at: usize| {
        let (y, x) = (at / shape.width, at % shape.width);
        y == 0 || x == 0 || y + 1 == shape.height || x + 1 == shape.width
    };
    let border: Vec<u32> = (0..grey.len())
        .filter(|&at| on_border(at))
        .map(|at| u32::from(grey[at]))
        .collect();
    let bright = facts.is_dark() && border.iter().sum::<u32>() > 127 * border.len() as u32;
    grey.into_iter()
        .map(|shade| if bright { 255 - shade } else { shade })
        .collect()
}

/// The first and last lines and columns with ink: top, left, bottom, right.
fn bounds(ink: &[u8], width: usize) -> Option<(usize, usize, usize, usize)> {
    let places = ink.iter().enumerate().filter(|(_, shade)| **shade > FAINT);
    places
        .map(|(at, _)| (at / width, at % width, at / width, at % width))
        .reduce(|a, b| (a.0.min(b.0), a.1.min(b.1), a.2.max(b.2), a.3.max(b.3)))
}

/// The line and column of the centre of mass.
fn mass(ink: &[u8], width: usize) -> (f32, f32) {
    let mut sums = (0.0_f64, 0.0_f64, 0.0_f64);
    for (at, &shade) in ink.iter().enumerate() {
        let shade = f64::from(shade);
        sums.0 += shade * ((at / width) as f64 + 0.5);
        sums.1 += shade * ((at % width) as f64 + 0.5);
        sums.2 += shade;
    }
    ((sums.0 / sums.2) as f32, (sums.1 / sums.2) as f32)
}

/// Whole lines (or columns) that lie mostly between two places.
fn clip(from: f32, to: f32, size: usize) -> std::ops::Range<usize> {
    let whole = |place: f32| place.round().clamp(0.0, size as f32) as usize;
    whole(from)..whole(to)
}

fn mean(ink: &[u8], width: usize, [lines, columns]: [std::ops::Range<usize>; 2]) -> u8 {
    let count = (lines.len() * columns.len()) as u32;
    let sum: u32 = lines
        .flat_map(|y| columns.clone().map(move |x| y * width + x))
        .map(|at| u32::from(ink[at]))
        .sum();
    sum.checked_div(count).unwrap_or(0) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIGIT: ImageShape = ImageShape {
        channels: 1,
        height: 28,
        width: 28,
    };

    #[test]
    fn a_drawing_is_centred_and_scaled_wherever_it_was_made() {
        let stroke = |top: usize, left: usize| {
            let mut ink = vec![0; 280 * 280];
            for y in top..top + 100 {
                ink[y * 280 + left..y * 280 + left + 20].fill(255);
            }
            drawn(&ink, 280, DIGIT)
        };
        let image = stroke(10, 30);
        assert_eq!(image, stroke(150, 200));
        let lines: Vec<_> = (0..28).filter(|y| image[y * 28 + 14] == 255).collect();
        assert_eq!((lines[0], lines.len()), (4, 20));
        let columns = (0..28).filter(|x| image[14 * 28 + x] > 0).count();
        assert_eq!(columns, 4);
        assert!(drawn(&[0; 100], 10, DIGIT).iter().all(|&shade| shade == 0));
    }

    #[test]
    fn a_dark_digit_on_paper_is_turned_around() {
        let mut rgba = vec![250_u8; 28 * 28 * 4];
        rgba[(14 * 28 + 14) * 4..][..3].fill(0);
        let facts = |shape: ImageShape, mean| DataFacts {
            shape,
            classes: vec![],
            train: 1,
            test: 1,
            mean: vec![mean; shape.channels],
            deviation: vec![0.3; shape.channels],
            untrained: vec![],
            untested: vec![],
            fingerprint: String::new(),
            coarse: None,
            cautions: vec![],
        };
        let image = photo(&rgba, &facts(DIGIT, 0.13));
        assert_eq!((image[0], image[14 * 28 + 14]), (5, 255));
        // Where the images themselves are dark on bright, it stays as it is.
        let image = photo(&rgba, &facts(DIGIT, 0.87));
        assert_eq!((image[0], image[14 * 28 + 14]), (250, 0));
        let colour = ImageShape {
            channels: 3,
            height: 1,
            width: 1,
        };
        assert_eq!(photo(&[1, 2, 3, 255], &facts(colour, 0.4)), [1, 2, 3]);
    }
}
