//! The samples of a set, from the parts that it is made of.

use crate::base::error::{Code, Problem, shown};
use crate::base::{ImageShape, MAX_SAMPLES};
use crate::data::Samples;
use crate::data::limits::Share;
use crate::data::part::{Class, Images, Labels};

/// Images with the class of each.
pub(super) struct Piece<'a> {
    pub(super) file: &'a str,
    pub(super) images: &'a Images,
    pub(super) labels: Labels,
    /// Whether the file has coarse labels, too.
    pub(super) has_coarse: bool,
}

/// One image: its piece, its place there, and its class.
pub(super) type Place = (usize, usize, u8);

/// The places of the images of a set, each with its class; an even share where they are too many.
pub(super) fn places(
    pieces: &[Piece],
    classes: &[&Class],
    remarks: &mut Vec<Problem>,
) -> Vec<Place> {
    let all: usize = pieces.iter().map(|piece| piece.images.len()).sum();
    let most = match all > MAX_SAMPLES {
        true => MAX_SAMPLES / pieces.len(),
        false => all,
    };
    let mut places = Vec::new();
    for (
        at,
        Piece {
            file,
            images,
            labels,
            ..
        },
    ) in pieces.iter().enumerate()
    {
        let class = |class: &Class| classes.binary_search(&class).unwrap_or_default() as u8;
        let class: Vec<u8> = labels.classes.iter().map(class).collect();
        let held = Share::at_most(images.of, images.len()).places();
        let values: Vec<u8> = held
            .map(|at| class[usize::from(labels.values[at])])
            .collect();
        let share = Share::at_most(images.len(), most);
        places.extend(share.places().map(|image| (at, image, values[image])));
        if share.kept < images.of {
            remarks.push(
                Problem::new(Code::Thinned)
                    .with("file", file)
                    .with("found", images.of)
                    .with("used", share.kept),
            );
        }
    }
    places
}

pub(super) fn picked(pieces: &[Piece], places: &[Place]) -> Samples {
    let shape = pieces.first().map(|piece| piece.images.shape);
    let mut samples = Samples::empty(shape.unwrap_or(ImageShape {
        channels: 1,
        height: 1,
        width: 1,
    }));
    samples.pixels.reserve(places.len() * samples.shape.len());
    for &(piece, image, class) in places {
        let images = pieces[piece].images;
        let size = images.shape.len();
        samples
            .pixels
            .extend_from_slice(&images.pixels[image * size..][..size]);
        samples.labels.push(class);
    }
    samples
}

/// So many of the files of a part are named.
const NAMED_FILES: usize = 3;

/// Which files became training and which test images, where that is more than one file says of itself.
pub(super) fn said_parts(train: &[Piece], test: &[Piece], is_held_out: bool) -> Option<Problem> {
    let last = |piece: &Piece| piece.file.rsplit('/').next().unwrap_or_default().to_owned();
    let files = |pieces: &[Piece]| {
        let named = pieces
            .iter()
            .take(NAMED_FILES)
            .map(|piece| shown(&last(piece)));
        let more = (pieces.len() > NAMED_FILES).then(|| "…".to_owned());
        named.chain(more).collect::<Vec<_>>().join(", ")
    };
    // Of the files that a person's pictures were made into, nobody knows the names.
    let is_album = |piece: &Piece| !piece.file.contains(['.', '-', '/', '_']);
    match is_held_out {
        _ if train.iter().any(is_album) => None,
        true => Some(Problem::new(Code::HeldOut).with("train", files(train))),
        false => Some(
            Problem::new(Code::PartsOfFiles)
                .with("train", files(train))
                .with("test", files(test)),
        ),
    }
}
