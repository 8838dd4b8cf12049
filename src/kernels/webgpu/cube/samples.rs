//! Batches of samples that are stored on the GPU as bytes, four in a word.

use burn_cubecl::tensor::CubeTensor;
use cubecl::prelude::*;

use super::{LINE, buffer, empty, empty_of, units};
use crate::base::ImageShape;

/// Bytes of a word.
pub(in super::super) const BYTES: usize = 4;

/// Images `[batch, channels, height, width]` and labels `[batch, 1]` of the samples at indices `places`, from
/// the words `[samples, words]` and labels `[samples]` of all samples; `tables`, `[channels, 256]`, has the network's
/// input for each byte.
pub(in super::super) fn gather_samples(
    shape: ImageShape,
    [words, labels, places]: [&CubeTensor; 3],
    tables: &CubeTensor,
) -> (CubeTensor, CubeTensor) {
    let [batch]: [usize; 1] = places.meta.shape().dims();
    let [_, each]: [usize; 2] = words.meta.shape().dims();
    let images = empty(tables, [batch, shape.channels, shape.height, shape.width]);
    let chosen = empty_of(labels, [batch, 1], labels.dtype);
    // SAFETY: Each row of cubes reads the `each` words of one sample; `places` are below the number of
    // samples, which `Feed` checks, and `images` and `chosen` have room for `batch` of them.
    unsafe {
        gather_words::launch_unchecked(
            &words.client,
            CubeCount::Static(each.div_ceil(LINE) as u32, batch as u32, 1),
            units(LINE),
            buffer(words),
            buffer(labels),
            buffer(places),
            buffer(tables),
            buffer(&images),
            buffer(&chosen),
            each,
            [shape.area(), shape.len()],
        );
    }
    (images, chosen)
}

#[cube(launch_unchecked)]
fn gather_words(
    words: &[i32],
    labels: &[i32],
    places: &[i32],
    tables: &[f32],
    images: &mut [f32],
    chosen: &mut [i32],
    each: usize,
    #[comptime] sizes: [usize; 2],
) {
    let (area, len) = (comptime!(sizes[0]), comptime!(sizes[1]));
    let sample = CUBE_POS_Y as usize;
    let place = places[sample] as usize;
    let word = CUBE_POS_X as usize * LINE + UNIT_POS as usize;
    if word < each {
        let bytes = words[place * each + word];
        #[unroll]
        for byte in 0..BYTES {
            let number = word * BYTES + byte;
            if number < len {
                let value = (bytes >> (8 * byte as i32)) & 255;
                images[sample * len + number] = tables[number / area * 256 + value as usize];
            }
        }
    }
    if word == 0 {
        chosen[sample] = labels[place];
    }
}
