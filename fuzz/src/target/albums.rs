//! Sets that somebody made of pictures, and the beginnings of pictures.

use cnn_playground::base::{MAX_CLASSES, MAX_SAMPLES};
use cnn_playground::data::album::{Album, ImageForm};
use cnn_playground::data::ink::Ink;
use cnn_playground::data::limits::PICTURE_PIXELS;
use cnn_playground::data::picture::{self, Framing};
use cnn_playground::data::sorted::sorted;

use super::MB;
use crate::Target;

pub(super) const TARGET: Target = Target {
    name: "albums",
    memory: 4 * MB,
    longest: 8_192,
    seeds,
    run,
};

fn seeds() -> Vec<Vec<u8>> {
    let form = ImageForm {
        edge: 16,
        fit: Framing::Crop,
        colour: false,
    };
    let mut file = Vec::new();
    if let Ok(mut album) = Album::new(form) {
        for class in ["cat", "猫", "cat"] {
            // What is refused is no seed.
            let _ = album.add(class, None, &[7; 16 * 16 * 4]);
        }
        file = album.write().unwrap_or_default();
    }
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x02\x80\0\0\x01\xe0\x08\x06\0\0\0".to_vec();
    let jpeg = b"\xff\xd8\xff\xe0\0\x04ab\xff\xc2\0\x11\x08\x01\xe0\x02\x80\x03".to_vec();
    let webp = b"RIFF\0\0\0\0WEBPVP8X\0\0\0\0\0\0\0\0\x7f\x02\0\xdf\x01\0".to_vec();
    let avif = b"\0\0\0\x18ftypavif\0\0\0\0ispe\0\0\0\0\0\0\x02\x80\0\0\x01\xe0 rest".to_vec();
    let paths = "a/train/cat/1.png\na/test/猫/2.png\nb.png"
        .as_bytes()
        .to_vec();
    vec![file, png, jpeg, webp, avif, paths]
}

fn run(input: &[u8]) -> bool {
    let text = std::str::from_utf8(input).unwrap_or_default();
    let paths: Vec<String> = text.lines().map(str::to_owned).collect();
    if let Some(ink) = Ink::read(input) {
        assert_eq!(ink.picture(), input);
    }
    let classes = sorted(&paths);
    assert_eq!(classes.len(), paths.len());
    if let Ok((width, height)) = picture::size("file", input.len() as u64, input) {
        assert!(picture::is_picture(input));
        assert!((1..=PICTURE_PIXELS).contains(&(u64::from(width) * u64::from(height))));
        return true;
    }
    let Ok(album) = Album::read("file", input) else {
        return classes.iter().any(|one| one.class.is_some());
    };
    assert!((2..=MAX_CLASSES).contains(&album.classes().len()));
    let (samples, parts) = album.samples();
    assert!((1..=MAX_SAMPLES).contains(&samples.len()));
    assert_eq!(samples.pixels.len(), samples.len() * samples.shape.len());
    assert!(parts.is_none_or(|parts| parts.len() == samples.len()));
    let classes = album.classes().len();
    assert!(
        samples
            .labels
            .iter()
            .all(|&label| usize::from(label) < classes)
    );
    true
}
