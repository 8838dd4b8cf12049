//! What files are made of: images, labels, both, or the names of classes.

use std::collections::BTreeMap;
use std::fmt;

use super::limits::Share;
use crate::base::error::{Code, Problem, Result};
use crate::base::{ImageShape, MAX_CLASSES};

/// One thing that a file, or a member of an archive, gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Where it stands: the file's name, behind it the path of a member within.
    pub file: String,
    /// What it is.
    pub content: Content,
    /// Of samples that have two labels each, the coarse ones: CIFAR-100's superclasses.
    pub coarse: Option<Labels>,
}

/// What a part is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// Images whose labels stand elsewhere.
    Images(Images),
    /// Labels whose images stand elsewhere.
    Labels(Labels),
    /// Images with their labels, as many of each.
    Samples(Images, Labels),
    /// The name of each class, by its number.
    Names(Vec<String>),
}

/// Images without labels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Images {
    /// The size of each.
    pub shape: ImageShape,
    /// `[kept, channels, height, width]`, 0 to 255.
    pub pixels: Vec<u8>,
    /// How many the file has; where they are too many, an even share of them is kept.
    pub of: usize,
}

impl Images {
    /// How many are here.
    pub fn len(&self) -> usize {
        self.pixels.len() / self.shape.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.pixels.is_empty()
    }

    /// Keeps at most so many, which no labels belong to from then on.
    pub(super) fn thin(&mut self, most: usize) {
        let share = Share::at_most(self.len(), most);
        if share.kept < self.len() {
            let image = |at: usize| &self.pixels[at * self.shape.len()..][..self.shape.len()];
            self.pixels = share.places().map(image).collect::<Vec<_>>().concat();
            self.of = share.kept;
        }
    }

    /// Rows become columns.
    pub(super) fn transpose(&mut self) {
        let ImageShape { height, width, .. } = self.shape;
        for plane in self.pixels.chunks_exact_mut(height * width) {
            let before = plane.to_vec();
            for (at, pixel) in plane.iter_mut().enumerate() {
                *pixel = before[at % height * width + at / height];
            }
        }
        (self.shape.height, self.shape.width) = (width, height);
    }
}

/// What a label says: a number or a name. Numbers come first, each kind in its own order.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// A number, as in most data sets.
    Number(i64),
    /// A name.
    Name(String),
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Name(name) => name.fmt(f),
        }
    }
}

/// Labels, one a sample.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Labels {
    /// The classes that occur, in order.
    pub classes: Vec<Class>,
    /// Of each sample, the place of its class in that list.
    pub values: Vec<u8>,
}

impl Labels {
    /// From what each label says; `file` is for the error.
    ///
    /// # Errors
    /// [`Code::TooManyClasses`].
    pub fn new(file: &str, said: impl IntoIterator<Item = Class>) -> Result<Self> {
        let mut known: BTreeMap<Class, u8> = BTreeMap::new();
        let mut values = Vec::new();
        for class in said {
            let next = known.len();
            let value = *known.entry(class).or_insert(next as u8);
            if known.len() > MAX_CLASSES {
                return Err(Problem::new(Code::TooManyClasses)
                    .with("file", file)
                    .with("limit", MAX_CLASSES));
            }
            values.push(value);
        }
        // They were numbered as they came.
        let mut order = vec![0; known.len()];
        for (place, came) in known.values().enumerate() {
            order[usize::from(*came)] = place as u8;
        }
        for value in &mut values {
            *value = order[usize::from(*value)];
        }
        let classes = known.into_keys().collect();
        Ok(Self { classes, values })
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }
}
