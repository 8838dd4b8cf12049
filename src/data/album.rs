//! Pictures of a person's own, decoded and of one size, with their classes: gathered, and kept as one file.

use serde::{Deserialize, Serialize};

use super::fault::{damaged as damaged_file, truncated};
use super::picture::{EDGES, Framing, luma};
use super::{Samples, Split, limits};
use crate::base::error::{Code, Problem, Result};
use crate::base::{ImageShape, MAX_CLASSES, MAX_SAMPLES, SIDES};

/// What every such file begins with.
const MAGIC: &[u8] = b"CNNALBUM";
/// The longest header that is read, in bytes.
const MAX_HEADER: usize = 262_144;
/// The longest name of a class that is kept, in characters: folders have no longer ones.
const LONGEST_NAME: usize = 255;

/// What pictures become.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct ImageForm {
    /// Height and width of each image, in pixels.
    pub edge: usize,
    /// How a picture becomes a square.
    pub fit: Framing,
    /// Whether it keeps its colours; else it is grey.
    pub colour: bool,
}

/// What a person can choose of it.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct ImageForms {
    /// Edges in pixels.
    pub edges: Vec<usize>,
    /// Ways to become a square.
    pub fits: Vec<Framing>,
    /// What is chosen at first.
    pub usual: ImageForm,
    /// What is chosen at first for drawings: MNIST's size.
    pub drawn: ImageForm,
}

impl ImageForms {
    /// All of them.
    pub fn all() -> Self {
        Self {
            edges: vec![*EDGES.start(), 24, 28, 32, 48, *EDGES.end()],
            fits: vec![Framing::Crop, Framing::Pad, Framing::Stretch],
            usual: ImageForm {
                edge: 32,
                fit: Framing::Crop,
                colour: true,
            },
            drawn: ImageForm {
                edge: 28,
                fit: Framing::Pad,
                colour: false,
            },
        }
    }
}

impl ImageForm {
    /// The size of the images.
    pub fn shape(&self) -> ImageShape {
        ImageShape {
            channels: if self.colour { 3 } else { 1 },
            height: self.edge,
            width: self.edge,
        }
    }

    /// An image as the data set has it, `[channels, edge, edge]`, of a picture in this size, `[edge, edge, 4]`.
    pub fn image(&self, rgba: &[u8]) -> Vec<u8> {
        let pixels = rgba.chunks_exact(4);
        match self.colour {
            true => (0..3)
                .flat_map(|channel| pixels.clone().map(move |pixel| pixel[channel]))
                .collect(),
            false => pixels.map(luma).collect(),
        }
    }

    /// The same for a screen, `[edge, edge, 4]`.
    pub fn seen(&self, rgba: &[u8]) -> Vec<u8> {
        let shade = |pixel: &[u8]| match self.colour {
            true => [pixel[0], pixel[1], pixel[2], u8::MAX],
            false => [luma(pixel), luma(pixel), luma(pixel), u8::MAX],
        };
        rgba.chunks_exact(4).flat_map(shade).collect()
    }
}

/// Images of one size with their classes, and the parts that they are for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Album {
    /// What the pictures became.
    pub form: ImageForm,
    /// The classes, in the order in which they came.
    classes: Vec<String>,
    samples: Samples,
    /// The part that each sample is for, where a person has said so.
    parts: Vec<Option<Split>>,
}

/// What an album holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Contents {
    /// What its pictures became.
    pub form: ImageForm,
    /// The names of its classes.
    pub classes: Vec<String>,
    /// How many pictures there are.
    pub count: usize,
}

impl Album {
    /// Without pictures.
    ///
    /// # Errors
    /// [`Code::OutOfRange`] for an edge that no set may have.
    pub fn new(form: ImageForm) -> Result<Self> {
        if !SIDES.contains(&form.edge) {
            return Err(Problem::new(Code::OutOfRange)
                .with("value", form.edge)
                .with("min", SIDES.start())
                .with("max", SIDES.end()));
        }
        Ok(Self {
            form,
            classes: Vec::new(),
            samples: Samples::empty(form.shape()),
            parts: Vec::new(),
        })
    }

    /// Adds a picture, `[edge, edge, 4]`.
    ///
    /// # Errors
    /// If there are too many pictures or classes; nothing has changed then.
    pub fn add(&mut self, class: &str, part: Option<Split>, rgba: &[u8]) -> Result<()> {
        let shape = self.samples.shape;
        if rgba.len() != shape.area() * 4 {
            return Err(Problem::internal(format!("{} bytes", rgba.len())));
        }
        let most = MAX_SAMPLES.min(limits::ALBUM / shape.len());
        if self.samples.len() >= most {
            return Err(Problem::new(Code::TooManyPictures).with("limit", most));
        }
        let class: String = class.trim().chars().take(LONGEST_NAME).collect();
        let known = self.classes.iter().position(|name| *name == class);
        if known.is_none() && self.classes.len() == MAX_CLASSES {
            return Err(class_count(self.classes.len() + 1));
        }
        let label = known.unwrap_or_else(|| {
            self.classes.push(class);
            self.classes.len() - 1
        });
        self.samples.labels.push(label as u8);
        self.samples.pixels.extend(self.form.image(rgba));
        self.parts.push(part);
        Ok(())
    }

    /// The album as a file, which [`Album::read`] reads.
    ///
    /// # Errors
    /// If there are no two classes.
    pub fn write(self) -> Result<Vec<u8>> {
        check_classes(self.classes.len())?;
        let header = serde_json::to_vec(&self.contents()).map_err(Problem::internal)?;
        let parts = self.parts.iter().map(|part| match part {
            None => 0,
            Some(Split::Train) => 1,
            Some(Split::Test) => 2,
        });
        let mut file = MAGIC.to_vec();
        file.reserve_exact(4 + header.len() + 2 * self.parts.len() + self.samples.pixels.len());
        file.extend((header.len() as u32).to_le_bytes());
        file.extend(header);
        file.extend(&self.samples.labels);
        file.extend(parts);
        file.extend(self.samples.pixels);
        Ok(file)
    }

    /// Reads such a file; `name` is for the error only.
    ///
    /// # Errors
    /// If it is damaged.
    pub fn read(name: &str, file: &[u8]) -> Result<Self> {
        let bad = |expected: &str, found: String| {
            Problem::new(Code::BadContent)
                .with("file", name)
                .with("expected", expected)
                .with("found", found)
        };
        let damaged = || truncated(name, MAGIC.len() + 4, file.len());
        let rest = file.strip_prefix(MAGIC).ok_or_else(damaged)?;
        let (length, rest) = rest.split_first_chunk().ok_or_else(damaged)?;
        let length = u32::from_le_bytes(*length) as usize;
        let (header, rest) = rest
            .split_at_checked(length.min(MAX_HEADER))
            .ok_or_else(damaged)?;
        let header: Contents =
            serde_json::from_slice(header).map_err(|error| damaged_file(name, error.into()))?;
        let mut album = Self::new(header.form)?;
        let count = header.count;
        if !(1..=MAX_SAMPLES).contains(&count) || !(2..=MAX_CLASSES).contains(&header.classes.len())
        {
            let found = format!("{count} / {}", header.classes.len());
            return Err(bad(&format!("1–{MAX_SAMPLES} / 2–{MAX_CLASSES}"), found));
        }
        let expected = count * (2 + album.samples.shape.len());
        if rest.len() != expected {
            return Err(bad(&expected.to_string(), rest.len().to_string()));
        }
        let (labels, rest) = rest.split_at(count);
        let (parts, pixels) = rest.split_at(count);
        let highest = labels.iter().copied().max().map_or(0, usize::from);
        if highest >= header.classes.len() {
            return Err(bad(
                &format!("< {}", header.classes.len()),
                highest.to_string(),
            ));
        }
        album.parts = parts
            .iter()
            .map(|part| match part {
                0 => Ok(None),
                1 => Ok(Some(Split::Train)),
                2 => Ok(Some(Split::Test)),
                other => Err(bad("0–2", other.to_string())),
            })
            .collect::<Result<_>>()?;
        album.classes = header
            .classes
            .into_iter()
            .map(|class| class.chars().take(LONGEST_NAME).collect())
            .collect();
        album.samples.labels = labels.to_vec();
        album.samples.pixels = pixels.to_vec();
        Ok(album)
    }

    /// Whether a file that begins so is an album.
    pub fn is_one(head: &[u8]) -> bool {
        head.starts_with(MAGIC)
    }

    /// What it holds.
    pub fn contents(&self) -> Contents {
        Contents {
            form: self.form,
            classes: self.classes.clone(),
            count: self.samples.len(),
        }
    }

    /// The names of the classes.
    pub fn classes(&self) -> &[String] {
        &self.classes
    }

    /// All samples, and which of them are for testing; none where nobody has said so of any.
    pub fn samples(&self) -> (&Samples, Option<Vec<bool>>) {
        let is_test: Vec<bool> = self
            .parts
            .iter()
            .map(|&part| part == Some(Split::Test))
            .collect();
        let said = is_test.contains(&true) && is_test.contains(&false);
        (&self.samples, said.then_some(is_test))
    }
}

/// Whether there can be a set of so many classes.
///
/// # Errors
/// [`Code::ClassCount`] if not.
pub fn check_classes(found: usize) -> Result<()> {
    match (2..=MAX_CLASSES).contains(&found) {
        true => Ok(()),
        false => Err(class_count(found)),
    }
}

fn class_count(found: usize) -> Problem {
    Problem::new(Code::ClassCount)
        .with("found", found)
        .with("min", 2)
        .with("max", MAX_CLASSES)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GREY: ImageForm = ImageForm {
        edge: 16,
        fit: Framing::Pad,
        colour: false,
    };

    fn picture(shade: u8) -> Vec<u8> {
        vec![shade; 16 * 16 * 4]
    }

    fn album() -> Album {
        let mut album = Album::new(GREY).unwrap();
        for (at, class) in ["10", "猫", "2", "10", " 猫 "].iter().enumerate() {
            album.add(class, None, &picture(at as u8)).unwrap();
        }
        album
    }

    #[test]
    fn what_is_written_is_read_again() {
        let album = Album::read("a", &album().write().unwrap()).unwrap();
        assert_eq!(album.classes(), ["10", "猫", "2"]);
        assert_eq!((album.contents().count, album.contents().form), (5, GREY));
        let (samples, is_test) = album.samples();
        assert_eq!(samples.labels, [0, 1, 2, 0, 1]);
        assert_eq!((samples.image(3)[7], is_test), (3, None));
        assert_eq!(album.clone().write().unwrap(), {
            let again = Album::read("b", &album.write().unwrap()).unwrap();
            again.write().unwrap()
        });
    }

    #[test]
    fn the_parts_that_a_person_made_are_kept() {
        let mut album = album();
        album.add("2", Some(Split::Test), &picture(9)).unwrap();
        let album = Album::read("a", &album.write().unwrap()).unwrap();
        let is_test = album.samples().1.unwrap();
        assert_eq!(is_test, [false, false, false, false, false, true]);
    }

    #[test]
    fn as_many_classes_as_there_may_be_keep_the_longest_names_apart() {
        let mut album = Album::new(GREY).unwrap();
        let name = |class: usize| format!("{}{class:03}", "\u{1}".repeat(LONGEST_NAME - 3));
        for class in 0..MAX_CLASSES {
            album.add(&name(class), None, &picture(0)).unwrap();
        }
        let album = Album::read("a", &album.write().unwrap()).unwrap();
        assert_eq!(album.classes().len(), MAX_CLASSES);
        assert_eq!(album.classes()[7], name(7));
    }

    #[test]
    fn grey_is_as_bright_as_the_colours_were() {
        assert_eq!(GREY.image(&[255, 0, 0, 255, 255, 255, 255, 255]), [76, 255]);
        let colour = ImageForm {
            colour: true,
            ..GREY
        };
        assert_eq!(
            colour.image(&[1, 2, 3, 255, 4, 5, 6, 255]),
            [1, 4, 2, 5, 3, 6]
        );
    }

    #[test]
    fn too_much_or_too_little_is_refused() {
        let mut one = Album::new(GREY).unwrap();
        one.add("a", None, &picture(1)).unwrap();
        assert_eq!(one.clone().write().unwrap_err().code, Code::ClassCount);
        for class in 1..MAX_CLASSES {
            one.add(&class.to_string(), None, &picture(1)).unwrap();
        }
        let problem = one.add("another", None, &picture(1)).unwrap_err();
        assert_eq!(
            (problem.code, &*problem.params["found"]),
            (Code::ClassCount, &*(MAX_CLASSES + 1).to_string())
        );
        let huge = ImageForm { edge: 65, ..GREY };
        assert_eq!(Album::new(huge).unwrap_err().code, Code::OutOfRange);
    }

    #[test]
    fn a_damaged_file_is_refused_and_never_panics() {
        let file = album().write().unwrap();
        for end in 0..file.len() {
            assert!(Album::read("cut", &file[..end]).is_err(), "{end}");
        }
        for at in 0..200 {
            for value in [0, 1, 9, b'9', 255] {
                let mut damaged = file.clone();
                damaged[at] = value;
                let _ = Album::read("damaged", &damaged);
            }
        }
    }
}
