//! IDX files, packed or not.

use cnn_playground::data::formats::idx::{IMAGES_MAGIC, LABELS_MAGIC};

use super::MB;
use crate::Target;
use crate::files::{gzip, idx, opens};

pub(super) const TARGET: Target = Target {
    name: "idx",
    memory: 256 * MB,
    longest: 8_192,
    seeds,
    run,
};

/// The first byte says whether what follows is packed as it stands.
fn seeds() -> Vec<Vec<u8>> {
    let images = idx(IMAGES_MAGIC, &[2, 4, 5], &[7; 40]);
    let labels = idx(LABELS_MAGIC, &[9], &[0, 1, 2, 3, 4, 5, 6, 7, 35]);
    let packed = |packed: u8| move |file: &[u8]| [&[packed], file].concat();
    let as_they_are = [&images, &labels].map(|file| packed(0)(file));
    let to_be_packed = [&images, &labels].map(|file| packed(1)(file));
    let packed_already = [&images, &labels].map(|file| packed(0)(&gzip(file)));
    // Hundreds of times what it is packed to, and still read in no time.
    let bomb = idx(IMAGES_MAGIC, &[100, 32, 32], &[0; 102_400]);
    let two = [gzip(&images[..20]), gzip(&images[20..])].concat();
    let others = [packed(0)(&gzip(&bomb)), packed(0)(&two)];
    [as_they_are, to_be_packed, packed_already, others].concat()
}

fn run(input: &[u8]) -> bool {
    let Some((&packed, file)) = input.split_first() else {
        return false;
    };
    let file = match packed % 2 {
        0 => file.to_vec(),
        _ => gzip(file),
    };
    opens("file", &file)
}
