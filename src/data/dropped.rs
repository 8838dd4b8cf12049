//! Files that a person dropped, gathered until they make a data set.

use super::album::Album;
use super::open::{OpenedFile, open};
use super::{Dataset, Samples, idx};
use crate::base::error::{Code, Problem, Result};
use crate::base::rng::Stream;

/// One sample in this many is kept for testing where a person gave only one set.
const HELD_OUT: usize = 7;

/// Files of images that are held while they wait for their labels.
const MOST_WAITING: usize = 8;

/// What a file's name says of its format, not of its content.
const FORMAT_WORDS: &[&str] = &[
    "images", "image", "imgs", "img", "labels", "label", "lbls", "lbl", "idx", "idx1", "idx3",
    "ubyte", "gz", "bin", "copy",
];
const TRAIN_WORDS: &[&str] = &["train", "training"];
const TEST_WORDS: &[&str] = &["t10k", "test", "testing", "val", "valid", "validation"];

/// What has been dropped so far.
#[derive(Debug, Default)]
pub struct Dropped {
    images: Vec<Named<idx::Images>>,
    labels: Vec<Named<Vec<u8>>>,
}

#[derive(Debug)]
struct Named<T> {
    file: String,
    content: T,
}

/// Images and the labels that belong to them, by their places among what was dropped.
type Pair = (usize, usize);

impl Dropped {
    /// Takes one file; gives the data set as soon as there is a whole one.
    ///
    /// Images and labels find each other by their names (`train-images` and `train-labels`), else by
    /// their number. Of two pairs the names say which is for training, else the larger one is. Of one
    /// pair a seventh is for testing, of each class its share. The same file twice counts once. All
    /// samples are put into one random order, the same every time: many sets are sorted by class.
    ///
    /// # Errors
    /// As [`open`], or if the file does not belong to the others; it is forgotten then, and they stay.
    pub fn add(&mut self, name: &str, bytes: &[u8]) -> Result<Option<Dataset>> {
        match open(name, bytes)? {
            OpenedFile::Cifar { train, test } => {
                Dataset::whole(mixed(&train, "train"), mixed(&test, "test")).map(Some)
            }
            OpenedFile::Album(album) => of_album(&album).map(Some),
            OpenedFile::Images(content) => {
                if self.images.iter().any(|known| known.content == content) {
                    return self.set();
                }
                if self.images.len() == MOST_WAITING {
                    return Err(Problem::new(Code::TooManySets).with("file", name));
                }
                self.images.push(Named::new(name, content));
                self.set().inspect_err(|_| drop(self.images.pop()))
            }
            OpenedFile::Labels(content) => {
                // Two sets may have the same labels in the same order: only the same name makes it the same file.
                let stem = stem(name);
                let is_same = |known: &Named<_>| known.content == content && known.stem() == stem;
                if self.labels.iter().any(is_same) {
                    return self.set();
                }
                self.labels.push(Named::new(name, content));
                self.set().inspect_err(|_| drop(self.labels.pop()))
            }
        }
    }

    /// Why the files so far are no data set, though there are images and labels: their numbers differ.
    pub fn mismatch(&self) -> Option<Problem> {
        match (self.images.first(), self.labels.first()) {
            (Some(images), Some(labels)) if self.pairs().is_ok_and(|pairs| pairs.is_empty()) => {
                Some(differ(images, labels))
            }
            _ => None,
        }
    }

    fn set(&self) -> Result<Option<Dataset>> {
        let pairs = self.pairs()?;
        match pairs[..] {
            [] => Ok(None),
            [only] => {
                let (train, test) = hold_out(&self.samples(only)?)?;
                Dataset::whole(train, test).map(Some)
            }
            [a, b] => {
                let (train, test) = if self.is_training(a, b) {
                    (a, b)
                } else {
                    (b, a)
                };
                let train = mixed(&self.samples(train)?, "train");
                let test = mixed(&self.samples(test)?, "test");
                Dataset::whole(train, test).map(Some)
            }
            [.., (images, _)] => {
                Err(Problem::new(Code::TooManySets).with("file", &self.images[images].file))
            }
        }
    }

    /// The images that have labels. Names come first, so that two sets of the same size keep their own.
    fn pairs(&self) -> Result<Vec<Pair>> {
        let mut pairs: Vec<Pair> = Vec::new();
        let mut free: Vec<usize> = (0..self.labels.len()).collect();
        for by_name in [true, false] {
            for (at, images) in self.images.iter().enumerate() {
                if pairs.iter().any(|&(known, _)| known == at) {
                    continue;
                }
                let fits = |&labels: &usize| {
                    let labels = &self.labels[labels];
                    let names = match by_name {
                        true => images.stem() == labels.stem(),
                        false => {
                            !matches!((images.role(), labels.role()), (Some(a), Some(b)) if a != b)
                        }
                    };
                    names && labels.content.len() == images.content.len()
                };
                if let Some(place) = free.iter().position(fits) {
                    pairs.push((at, free.remove(place)));
                }
            }
        }
        // Names that say that they belong together, and counts that say that they do not.
        for (at, images) in self.images.iter().enumerate() {
            let alone = pairs.iter().all(|&(known, _)| known != at);
            let named = |labels: &&usize| {
                images.role().is_some() && self.labels[**labels].stem() == images.stem()
            };
            if let Some(&labels) = free.iter().find(named).filter(|_| alone) {
                return Err(differ(images, &self.labels[labels]));
            }
        }
        pairs.sort_unstable();
        Ok(pairs)
    }

    /// Whether the first of two pairs is the one to learn from.
    fn is_training(&self, a: Pair, b: Pair) -> bool {
        let [first, second] = [a, b].map(|(images, _)| &self.images[images]);
        match (first.role(), second.role()) {
            (Some(Role::Train), Some(Role::Test) | None) | (None, Some(Role::Test)) => true,
            (Some(Role::Test), Some(Role::Train) | None) | (None, Some(Role::Train)) => false,
            _ => first.content.len() >= second.content.len(),
        }
    }

    fn samples(&self, (images, labels): Pair) -> Result<Samples> {
        let images = self.images[images].content.clone();
        images.with_labels(self.labels[labels].content.clone())
    }
}

/// What a name says that a file is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Train,
    Test,
}

impl<T> Named<T> {
    fn new(file: &str, content: T) -> Self {
        Self {
            file: file.to_owned(),
            content,
        }
    }

    fn stem(&self) -> Vec<String> {
        stem(&self.file)
    }

    fn role(&self) -> Option<Role> {
        let stem = self.stem();
        let says = |words: &[&str]| stem.iter().any(|word| words.contains(&word.as_str()));
        match (says(TRAIN_WORDS), says(TEST_WORDS)) {
            (true, false) => Some(Role::Train),
            (false, true) => Some(Role::Test),
            _ => None,
        }
    }
}

/// The words of a name that tell one set from another: `train` of `train-images-idx3-ubyte (1).gz`.
fn stem(file: &str) -> Vec<String> {
    let file = file
        .rsplit(['/', '\\'])
        .next()
        .unwrap_or(file)
        .to_lowercase();
    let words = file.split(|char: char| !char.is_alphanumeric());
    let tells = |word: &&str| {
        !FORMAT_WORDS.contains(word) && word.chars().any(|char| !char.is_ascii_digit())
    };
    words.filter(tells).map(str::to_owned).collect()
}

fn differ(images: &Named<idx::Images>, labels: &Named<Vec<u8>>) -> Problem {
    Problem::new(Code::PairDiffers)
        .with("images_file", &images.file)
        .with("images", images.content.len())
        .with("labels_file", &labels.file)
        .with("labels", labels.content.len())
}

/// A random order that is the same every time.
fn order(count: usize, purpose: &str) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    Stream::new(0, &format!("own/{purpose}")).shuffle(&mut order);
    order
}

fn mixed(samples: &Samples, purpose: &str) -> Samples {
    pick(samples, &order(samples.len(), purpose))
}

fn pick(samples: &Samples, places: &[usize]) -> Samples {
    let mut picked = Samples::empty(samples.shape);
    for &place in places {
        picked.pixels.extend_from_slice(samples.image(place));
        picked.labels.push(samples.labels[place]);
    }
    picked
}

/// The set of a person's pictures: in the parts that their folders say, else a seventh is for testing.
fn of_album(album: &Album) -> Result<Dataset> {
    let (samples, is_test) = album.samples();
    let (train, test) = match is_test {
        None => hold_out(samples)?,
        Some(is_test) => ["train", "test"]
            .map(|part| {
                let mut order = order(samples.len(), part);
                order.retain(|&place| is_test[place] == (part == "test"));
                pick(samples, &order)
            })
            .into(),
    };
    Dataset::named(train, test, album.classes().to_vec())
}

/// Divides one set into training and test samples: of each class its share, and of each class with two
/// samples or more one in both.
///
/// # Errors
/// [`Code::TooFewImages`] if there are not two.
fn hold_out(samples: &Samples) -> Result<(Samples, Samples)> {
    if samples.len() < 2 {
        return Err(Problem::new(Code::TooFewImages)
            .with("found", samples.len())
            .with("needed", 2));
    }
    let order = order(samples.len(), "set");
    let mut by_class = order.clone();
    by_class.sort_by_key(|&place| samples.labels[place]);
    let mut is_test = vec![false; samples.len()];
    for &place in by_class.iter().skip(HELD_OUT - 1).step_by(HELD_OUT) {
        is_test[place] = true;
    }
    for class in by_class.chunk_by(|&a, &b| samples.labels[a] == samples.labels[b]) {
        if let [first, _, ..] = *class
            && class.iter().all(|&place| !is_test[place])
        {
            is_test[first] = true;
        }
    }
    if !is_test.contains(&true) {
        is_test[by_class[0]] = true;
    }
    let part = |of: bool| -> Vec<usize> {
        order
            .iter()
            .copied()
            .filter(|&place| is_test[place] == of)
            .collect()
    };
    Ok((pick(samples, &part(false)), pick(samples, &part(true))))
}

#[cfg(test)]
mod tests;
