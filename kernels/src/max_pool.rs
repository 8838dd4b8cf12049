//! Max pooling of images, a row of windows at a time.

use std::array;
use std::ops::Range;

use wide::{bytemuck, f32x4, i32x4};

use crate::{parts, pool};

/// A square window that slides over images; padding never wins.
#[derive(Debug, Clone, Copy)]
pub struct MaxPool {
    /// Of an image.
    pub height: usize,
    /// Of an image.
    pub width: usize,
    /// Edge of the window.
    pub size: usize,
    /// Pixels from one window to the next.
    pub stride: usize,
    /// Pixels by which a window may reach beyond each edge, fewer than its own.
    pub padding: usize,
}

/// Windows that are computed together.
const LANES: usize = 4;
/// Marker: the window has no winner yet.
const NONE: i32 = -1;

impl MaxPool {
    /// Height and width of the output.
    pub fn output(&self) -> [usize; 2] {
        [self.height, self.width]
            .map(|side| (side + 2 * self.padding - self.size) / self.stride + 1)
    }

    /// The largest value of each window of images `[planes, height, width]`, and where in its plane it was:
    /// the first of equals, or the last that is no number.
    pub fn forward(&self, images: &[f32]) -> (Vec<f32>, Vec<i32>) {
        let [rows, columns] = self.output();
        let image = self.height * self.width;
        let planes = images.len() / image;
        let mut best = vec![f32::NEG_INFINITY; planes * rows * columns];
        let mut winners = vec![NONE; best.len()];
        let cost = best.len() * self.size * self.size;
        let piece = parts::piece(planes, cost);
        let pieces = images
            .chunks(piece * image)
            .zip(best.chunks_mut(piece * rows * columns))
            .zip(winners.chunks_mut(piece * rows * columns));
        parts::each(
            pieces,
            cost,
            || (),
            |(), ((images, best), winners)| {
                let outputs = best
                    .chunks_exact_mut(rows * columns)
                    .zip(winners.chunks_exact_mut(rows * columns));
                for (image, (best, winners)) in images.chunks_exact(image).zip(outputs) {
                    let lines = best
                        .chunks_exact_mut(columns)
                        .zip(winners.chunks_exact_mut(columns));
                    for (row, (best, winners)) in lines.enumerate() {
                        self.row(image, row, best, winners);
                    }
                }
            },
        );
        (best, winners)
    }

    /// One row of windows, tap by tap.
    fn row(&self, image: &[f32], row: usize, best: &mut [f32], winners: &mut [i32]) {
        for down in 0..self.size {
            let line = (row * self.stride + down).wrapping_sub(self.padding);
            if line >= self.height {
                continue;
            }
            let first = line * self.width;
            let line = &image[first..][..self.width];
            for across in 0..self.size {
                let windows = self.reached(across, best.len());
                if windows.is_empty() {
                    continue;
                }
                let start = windows.start * self.stride + across - self.padding;
                let best = &mut best[windows.clone()];
                let winners = &mut winners[windows];
                let line = &line[start..];
                let first = (first + start) as i32;
                match self.stride {
                    1 => take(best, winners, first, 1, |at| four(&line[at..])),
                    2 => take(best, winners, first, 2, |at| {
                        let [left, _] = pool::apart(&line[2 * at..line.len().min(2 * at + 8)]);
                        left
                    }),
                    stride => take(best, winners, first, stride, |at| {
                        let value = |lane| line.get((at + lane) * stride).copied();
                        f32x4::from(array::from_fn(|lane| value(lane).unwrap_or(0.0)))
                    }),
                }
            }
        }
    }

    /// The windows of a row that find a pixel at this place of theirs.
    fn reached(&self, across: usize, windows: usize) -> Range<usize> {
        let first = self.padding.saturating_sub(across).div_ceil(self.stride);
        let end = (self.width + self.padding)
            .saturating_sub(across)
            .div_ceil(self.stride);
        first.min(windows)..end.min(windows).max(first.min(windows))
    }

    /// The gradient of images of `numbers` numbers, from that of the output.
    pub fn backward(&self, numbers: usize, winners: &[i32], gradient: &[f32]) -> Vec<f32> {
        let mut images = vec![0.0; numbers];
        let [rows, columns] = self.output();
        let (image, output) = (self.height * self.width, rows * columns);
        let piece = parts::piece(numbers / image, numbers);
        let pieces = images
            .chunks_mut(piece * image)
            .zip(winners.chunks(piece * output))
            .zip(gradient.chunks(piece * output));
        parts::each(
            pieces,
            numbers,
            || (),
            |(), ((images, winners), gradient)| {
                let outputs = winners
                    .chunks_exact(output)
                    .zip(gradient.chunks_exact(output));
                for (image, (winners, gradient)) in images.chunks_exact_mut(image).zip(outputs) {
                    for (winner, gradient) in winners.iter().zip(gradient) {
                        if let Some(pixel) = image.get_mut(*winner as usize) {
                            *pixel += gradient;
                        }
                    }
                }
            },
        );
        images
    }
}

/// Up to four numbers.
#[inline(always)]
fn four(values: &[f32]) -> f32x4 {
    f32x4::from(pool::filled(values))
}

/// Updates a row of windows; `values(at)` are those of four windows from `at` on, the first of all is at this place, and each next
/// one `stride` behind.
#[inline(always)]
fn take(
    best: &mut [f32],
    winners: &mut [i32],
    place: i32,
    stride: usize,
    values: impl Fn(usize) -> f32x4,
) {
    let step = i32x4::from([0, 1, 2, 3]) * i32x4::splat(stride as i32);
    let windows = best.chunks_mut(LANES).zip(winners.chunks_mut(LANES));
    for (index, (best, winners)) in windows.enumerate() {
        let value = values(index * LANES);
        let places = i32x4::splat(place + (index * LANES * stride) as i32) + step;
        let (before, by) = (four(best), i32x4::from(pool::filled(winners)));
        // Not branches, of which a processor would guess half wrong.
        let first: f32x4 = bytemuck::cast(by.simd_eq(i32x4::splat(NONE)));
        let wins = value.simd_gt(before) | value.is_nan() | first;
        pool::put(wins.bitselect(value, before).to_array(), best);
        let wins: i32x4 = bytemuck::cast(wins);
        pool::put(wins.bitselect(places, by).to_array(), winners);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const POOL: MaxPool = MaxPool {
        height: 2,
        width: 3,
        size: 2,
        stride: 1,
        padding: 0,
    };

    #[test]
    fn the_first_of_equals_wins_and_gets_every_gradient() {
        let (output, winners) = POOL.forward(&[1.0, 2.0, 2.0, 2.0, 0.0, 2.0]);
        assert_eq!((output, &winners[..]), (vec![2.0, 2.0], &[1, 1][..]));
        let gradient = POOL.backward(6, &winners, &[3.0, 4.0]);
        assert_eq!(gradient, [0.0, 7.0, 0.0, 0.0, 0.0, 0.0]);
    }

    #[test]
    fn a_value_that_is_no_number_wins() {
        let (output, winners) = POOL.forward(&[f32::NAN, 9.0, f32::NEG_INFINITY, 1.0, 1.0, 1.0]);
        assert!(output[0].is_nan() && output[1] == 9.0);
        assert_eq!(winners, [0, 1]);
        let lowest = POOL.forward(&[f32::NEG_INFINITY; 6]);
        assert_eq!(lowest, (vec![f32::NEG_INFINITY; 2], vec![0, 1]));
    }
}
