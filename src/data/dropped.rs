//! Files that a person dropped, gathered until they make a data set.

use std::collections::BTreeSet;

use super::formats::{Decoder, open};
use super::limits;
use super::part::{Class, Content, Labels, Part};
use super::{Dataset, Split};
use crate::base::error::{Code, Problem, Result, shown};
use crate::base::{MAX_CLASSES, MAX_SAMPLES};

mod aside;
mod gather;
mod name;
mod named;
mod split;

use gather::{Piece, picked, places, said_parts};
use name::Name;
use named::Named;

/// What has been dropped so far.
#[derive(Debug, Default)]
pub struct Dropped {
    /// Whether coarse labels are used where there are some.
    pub coarse: bool,
    /// Reads letters that are not Unicode, where there is somebody who can.
    pub decoder: Option<Decoder>,
    parts: Vec<Named>,
    left_out: Vec<Problem>,
    remarks: Vec<Problem>,
}

/// The places of parts that make one set.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Set {
    /// Images, and the labels that belong to them.
    Pair(usize, usize),
    /// Batches that have both.
    Batches(Vec<usize>),
    /// Images, each part of one class, which its name says.
    Classes(Vec<usize>),
}

impl Dropped {
    /// Takes one file; gives the data set as soon as there is a whole one.
    ///
    /// Images and labels find each other by their names (`train-images` and `train-labels`), else by
    /// their number; batches of one kind become one set; arrays of drawings, each with a name of its own and no labels
    /// anywhere, are a class each. Of two sets the names say which is for training, else the larger one is. Of one
    /// set a seventh is for testing, of each class its share. The same file twice counts once. All
    /// samples are put into one random order, the same every time: many sets are sorted by class.
    ///
    /// # Errors
    /// As [`open`], or if the file does not belong to the others; it is forgotten then, and they stay.
    pub fn add(&mut self, name: &str, bytes: &[u8]) -> Result<Option<Dataset>> {
        let opened = open(name, bytes, self.decoder)?;
        let before = self.parts.len();
        self.left_out = opened.left_out;
        for part in opened.parts {
            if !self.has(&part) {
                let name = Name::of(&part.file);
                let is_torn = !self.left_out.is_empty();
                self.parts.push(Named {
                    part,
                    name,
                    is_torn,
                });
            }
        }
        let made = self.bounded(name).and_then(|()| self.set());
        made.inspect_err(|_| self.parts.truncate(before))
    }

    /// Which members of the last file, an archive, were left out, and why.
    pub fn left_out(&self) -> &[Problem] {
        &self.left_out
    }

    /// What is worth saying of the set: of which files there are more samples than are used.
    pub fn remarks(&self) -> &[Problem] {
        &self.remarks
    }

    /// Why the files so far are no data set, though there are images and labels: their numbers differ.
    pub fn mismatch(&self) -> Option<Problem> {
        let (images, labels) = (self.images().next()?, self.labels().next()?);
        let sets = self.sets().ok()?;
        sets.is_empty().then(|| self.differ(images, labels))
    }

    fn has(&self, part: &Part) -> bool {
        self.parts.iter().any(|known| {
            known.part.content == part.content
                // Two sets may have the same labels in the same order: there only the same name makes it the same file.
                && (matches!(part.content, Content::Images(_))
                    || known.name.words == Name::of(&part.file).words)
        })
    }

    /// Keeps what is held within its limits.
    fn bounded(&mut self, file: &str) -> Result<()> {
        if self.parts.len() > limits::WAITING {
            return Err(Problem::new(Code::TooManySets).with("file", file));
        }
        let held = |parts: &[Named]| -> usize {
            let pixels = parts.iter().filter_map(Named::pixels);
            pixels.map(<[u8]>::len).sum()
        };
        if held(&self.parts) > limits::PIXELS {
            let most = MAX_SAMPLES / 10;
            for named in self.parts.iter_mut().filter(|named| named.may_be_a_class()) {
                if let Content::Images(images) = &mut named.part.content {
                    images.thin(most);
                }
            }
        }
        match held(&self.parts) {
            held if held > limits::PIXELS => Err(Problem::new(Code::DataTooLarge)
                .with("file", file)
                .with("found", held / 1_000_000)
                .with("limit", limits::PIXELS / 1_000_000)),
            _ => Ok(()),
        }
    }

    fn set(&mut self) -> Result<Option<Dataset>> {
        let all = self.sets()?;
        let (sets, validation) = self.without_validation(&all);
        let (train, test) = match &sets[..] {
            [] => return Ok(None),
            [only] => (only, None),
            [a, b] if self.is_training(a, b) => (a, Some(b)),
            [a, b] => (b, Some(a)),
            [.., third] => {
                let file = &self.parts[third.first()].part.file;
                return Err(Problem::new(Code::TooManySets).with("file", file));
            }
        };
        let mut remarks = self.alone(&all);
        remarks.extend(validation);
        let train = self.pieces(train);
        let test = test.map(|test| self.pieces(test)).unwrap_or_default();
        let all = || train.iter().chain(&test);
        let classes: BTreeSet<&Class> = all().flat_map(|piece| &piece.labels.classes).collect();
        let classes: Vec<&Class> = classes.into_iter().collect();
        if classes.len() > MAX_CLASSES {
            return Err(Problem::new(Code::TooManyClasses)
                .with("file", train[0].file)
                .with("limit", MAX_CLASSES));
        }
        let mut places = |pieces: &[Piece]| places(pieces, &classes, &mut remarks);
        let (train_places, test_places) = match &test[..] {
            [] => split::hold_out(&places(&train))?,
            _ => (
                split::mixed(&places(&train), "train"),
                split::mixed(&places(&test), "test"),
            ),
        };
        let is_held_out = test.is_empty();
        let test = if is_held_out { &train } else { &test };
        let mut data = Dataset::whole(
            picked(&train, &train_places),
            picked(test, &test_places),
            self.names(&classes),
        )?;
        data.facts.coarse = train
            .iter()
            .all(|piece| piece.has_coarse)
            .then_some(self.coarse);
        let parts = said_parts(&train, test, is_held_out);
        data.facts.cautions.splice(..0, parts);
        self.remarks = remarks;
        Ok(Some(data))
    }

    /// The sets that the parts make.
    fn sets(&self) -> Result<Vec<Set>> {
        let mut sets: Vec<Set> = self
            .pairs()?
            .into_iter()
            .map(|(a, b)| Set::Pair(a, b))
            .collect();
        for (at, named) in self.parts.iter().enumerate() {
            let Content::Samples(images, _) = &named.part.content else {
                continue;
            };
            let is_same = |&other: &usize| {
                let other = &self.parts[other];
                other.name == named.name && other.shape() == Some(images.shape)
            };
            let known = sets.iter_mut().find_map(|set| match set {
                Set::Batches(batches) if batches.iter().all(is_same) => Some(batches),
                _ => None,
            });
            match known {
                Some(batches) => batches.push(at),
                None => sets.push(Set::Batches(vec![at])),
            }
        }
        if sets.is_empty() && self.labels().next().is_none() {
            let classes: Vec<usize> = self
                .images()
                .filter(|&at| self.parts[at].may_be_a_class())
                .collect();
            let shape = |&at: &usize| self.parts[at].shape();
            if classes.len() > 1 && classes.iter().all(|at| shape(at) == shape(&classes[0])) {
                sets.push(Set::Classes(classes));
            }
        }
        sets.sort();
        Ok(sets)
    }

    fn images(&self) -> impl Iterator<Item = usize> {
        let is = |content: &Content| matches!(content, Content::Images(_));
        (0..self.parts.len()).filter(move |&at| is(&self.parts[at].part.content))
    }

    fn labels(&self) -> impl Iterator<Item = usize> {
        let is = |content: &Content| matches!(content, Content::Labels(_));
        (0..self.parts.len()).filter(move |&at| is(&self.parts[at].part.content))
    }

    /// The images that have labels. Names come first, so that two sets of the same size keep their own.
    fn pairs(&self) -> Result<Vec<(usize, usize)>> {
        let mut pairs: Vec<(usize, usize)> = Vec::new();
        let mut free: Vec<usize> = self.labels().collect();
        let is_samples = |named: &Named| matches!(named.part.content, Content::Samples(..));
        let has_samples = self.parts.iter().any(is_samples);
        for by_name in [true, false] {
            for at in self.images() {
                if pairs.iter().any(|&(known, _)| known == at) {
                    continue;
                }
                let images = &self.parts[at];
                let fits = |&labels: &usize| {
                    let labels = &self.parts[labels];
                    let names = match by_name {
                        true => images.name == labels.name,
                        false => {
                            let roles = (images.name.role, labels.name.role);
                            let differ = matches!(roles, (Some(a), Some(b)) if a != b);
                            let is_torn = images.is_torn || labels.is_torn;
                            let apart = is_torn && images.file() != labels.file();
                            !(differ || apart || has_samples && labels.says_nothing())
                        }
                    };
                    names && labels.count() == images.count()
                };
                if let Some(place) = free.iter().position(fits) {
                    pairs.push((at, free.remove(place)));
                }
            }
        }
        // Names that say that they belong together, and counts that say that they do not.
        for at in self.images() {
            let name = &self.parts[at].name;
            let alone = pairs.iter().all(|&(known, _)| known != at);
            let named = |labels: &&usize| name.role.is_some() && self.parts[**labels].name == *name;
            if let Some(&labels) = free.iter().find(named).filter(|_| alone) {
                return Err(self.differ(at, labels));
            }
        }
        Ok(pairs)
    }

    /// Whether the first of two sets is the one to learn from.
    fn is_training(&self, a: &Set, b: &Set) -> bool {
        let role = |set: &Set| self.parts[set.first()].name.role;
        let count = |set: &Set| {
            set.parts()
                .iter()
                .map(|&at| self.parts[at].count())
                .sum::<usize>()
        };
        match (role(a), role(b)) {
            (Some(Split::Train), Some(Split::Test) | None) | (None, Some(Split::Test)) => true,
            (Some(Split::Test), Some(Split::Train) | None) | (None, Some(Split::Train)) => false,
            _ => count(a) >= count(b),
        }
    }

    fn pieces(&self, set: &Set) -> Vec<Piece<'_>> {
        let mut parts: Vec<&Named> = set.parts().iter().map(|&at| &self.parts[at]).collect();
        let labels_of = |named: &Named| match (&named.part.content, set) {
            (Content::Samples(_, labels), _) => {
                let coarse = named.part.coarse.as_ref().filter(|_| self.coarse);
                coarse.unwrap_or(labels).clone()
            }
            (_, Set::Pair(_, labels)) => match &self.parts[*labels].part.content {
                Content::Labels(labels) => labels.clone(),
                _ => Labels::default(),
            },
            _ => Labels {
                classes: vec![Class::Name(shown(&named.name.words.join(" ")))],
                values: vec![0; named.count()],
            },
        };
        // The same order, however they came.
        parts.sort_by(|a, b| a.part.file.cmp(&b.part.file));
        parts
            .into_iter()
            .filter_map(|named| {
                Some(Piece {
                    file: &named.part.file,
                    images: named.images()?,
                    labels: labels_of(named),
                    has_coarse: named.part.coarse.is_some(),
                })
            })
            .collect()
    }

    /// The name of each class: its own, or that which a list among the files gives its number.
    fn names(&self, classes: &[&Class]) -> Vec<String> {
        let named = |names: &[String]| -> Option<Vec<String>> {
            let name = |class: &&Class| match class {
                Class::Number(number) => names.get(usize::try_from(*number).ok()?).cloned(),
                Class::Name(_) => None,
            };
            classes.iter().map(name).collect()
        };
        let mut lists = self
            .parts
            .iter()
            .filter(|known| known.part.file.contains("coarse_label_names") == self.coarse)
            .filter_map(|known| match &known.part.content {
                Content::Names(names) => named(names),
                _ => None,
            });
        let own = || -> Vec<String> { classes.iter().map(ToString::to_string).collect() };
        let mut names = lists.next_back().unwrap_or_else(own);
        // A network tells at least two classes apart.
        while names.len() < 2 {
            names.push(names.len().to_string());
        }
        names
    }

    fn differ(&self, images: usize, labels: usize) -> Problem {
        let [images, labels] = [images, labels].map(|at| &self.parts[at]);
        Problem::new(Code::PairDiffers)
            .with("images_file", &images.part.file)
            .with("images", images.count())
            .with("labels_file", &labels.part.file)
            .with("labels", labels.count())
    }
}

impl Set {
    /// The parts that have its images.
    fn parts(&self) -> &[usize] {
        match self {
            Self::Pair(images, _) => std::slice::from_ref(images),
            Self::Batches(parts) | Self::Classes(parts) => parts,
        }
    }

    fn first(&self) -> usize {
        self.parts().first().copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests;
