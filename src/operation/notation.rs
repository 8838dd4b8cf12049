//! How an operation is written in the notation of networks: a word, and settings behind it, each a letter and a number, as in
//! `conv16k5s2`. An operation's file says its words once ([`Written::words`]); reading, writing, messages and the grammar in
//! `docs/links.md` follow from them.

mod numbers;

use super::Operation;
use crate::base::Window;
use crate::base::error::{Code, Problem, Result};

pub use numbers::Number;
pub(super) use numbers::numbers;

/// An operation that can be written.
pub trait Written: Copy + PartialEq + 'static {
    /// Its words. Most have one.
    fn words() -> Vec<Word<Self>>;

    /// The constructors of PyTorch's that make it.
    fn calls() -> Vec<Call> {
        Vec::new()
    }
}

/// A constructor of PyTorch's, with its arguments and their defaults in its own order, as in `Dropout(p=0.5, inplace=False)`.
/// Arguments that are called as a setting is are that setting; all others must be what is said here, or what reaches the layer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// The word of the notation for it.
    pub word: &'static str,
    /// As PyTorch documents it, without `nn.`.
    pub signature: String,
}

impl Call {
    /// What makes the operation of this word.
    pub(super) fn new(word: &'static str, signature: impl Into<String>) -> Self {
        let signature = signature.into();
        Self { word, signature }
    }
}

/// One of each class: what an operation has whose number of outputs is not written.
pub(super) fn classes<T>(_: &T, around: Around) -> Option<f64> {
    around.classes.map(|classes| classes as f64)
}

/// What stands around an operation, on which its usual settings may depend.
#[derive(Debug, Clone, Copy, Default)]
pub struct Around {
    /// The classes of the data set, where the operation is to follow their number.
    pub classes: Option<usize>,
    /// Whether batch normalization comes directly behind it.
    pub normalized: bool,
}

/// A word of the notation.
pub struct Word<T> {
    /// As it is written: small letters.
    pub word: &'static str,
    /// What the part is called that has no name.
    pub stem: Stem,
    /// The operation before its settings are read.
    pub start: T,
    /// In the order in which they are written; a later one may depend on those before it.
    pub settings: Vec<Setting<T>>,
}

/// What a part is called that has no name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stem {
    /// This with a number, from 1 on.
    Counted(&'static str),
    /// This, and with a number from the second one on.
    Alone(&'static str),
}

/// A number that belongs to an operation.
pub struct Setting<T> {
    /// The letter before it; nothing for the first one.
    pub letter: &'static str,
    /// What it is, as PyTorch calls it.
    pub name: &'static str,
    /// Where it is kept.
    pub place: Slot<T>,
    /// The smallest and the largest, beside those before it.
    pub limits: fn(&T) -> (f64, f64),
    /// What it is if it is not written; nothing where it must be.
    pub usual: fn(&T, Around) -> Option<f64>,
}

/// Where a setting is kept.
pub enum Slot<T> {
    /// A whole number.
    Whole(fn(&mut T) -> &mut usize),
    /// Any number.
    Number(fn(&mut T) -> &mut f64),
    /// 1 for on, 0 for off.
    Switch(fn(&mut T) -> &mut bool),
}

/// A setting as it was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Given<'a> {
    /// The letter; nothing for the first one.
    pub letter: &'a str,
    /// The number.
    pub value: f64,
    /// Where it stands, in bytes of the text.
    pub place: (usize, usize),
}

/// What is known of a word without its operation.
#[derive(Debug, Clone, PartialEq)]
pub struct WordFacts {
    /// As it is written.
    pub word: &'static str,
    /// Its kind of layer, as [`super::Describe::kind`].
    pub kind: &'static str,
    /// What the part is called that has no name.
    pub stem: Stem,
    /// Whether it is batch normalization, which takes the place of the bias before it.
    pub normalizes: bool,
    /// Its settings.
    pub settings: Vec<SettingFacts>,
}

/// What is known of a setting without its operation.
#[derive(Debug, Clone, PartialEq)]
pub struct SettingFacts {
    /// The letter before it; nothing for the first one.
    pub letter: &'static str,
    /// What it is, as PyTorch calls it.
    pub name: &'static str,
    /// The smallest and the largest, if nothing else is written.
    pub limits: (f64, f64),
    /// What it is if it is not written, where the classes are so many and nothing else is written.
    pub usual: Option<f64>,
    /// Whether that is the number of classes.
    pub follows_classes: bool,
}

impl<T: Written> Word<T> {
    /// A word without settings.
    pub(super) fn bare(word: &'static str, stem: Stem, start: T) -> Self {
        Self {
            word,
            stem,
            start,
            settings: Vec::new(),
        }
    }

    /// The operation with these settings, and with its usual ones where nothing is given.
    ///
    /// # Errors
    /// Where the fault is, in bytes of the text, and [`Code::UnknownSetting`], [`Code::RepeatedSetting`],
    /// [`Code::SettingNeeded`], [`Code::OutOfRange`] or [`Code::NotWhole`].
    pub(super) fn read(
        &self,
        given: &[Given<'_>],
        around: Around,
    ) -> std::result::Result<T, Fault> {
        for (at, one) in given.iter().enumerate() {
            let is_known = |setting: &Setting<T>| setting.letter == one.letter;
            let code = if !self.settings.iter().any(is_known) {
                Code::UnknownSetting
            } else if given[..at].iter().any(|other| other.letter == one.letter) {
                Code::RepeatedSetting
            } else {
                continue;
            };
            let letters: Vec<_> = self.settings.iter().map(|known| known.letter).collect();
            let problem = Problem::new(code)
                .with("word", self.word)
                .with("known", letters.join(" ").trim());
            return Err(Fault {
                problem,
                place: Some(one.place),
            });
        }
        let mut operation = self.start;
        for setting in &self.settings {
            let written = given.iter().find(|one| one.letter == setting.letter);
            let usual = || (setting.usual)(&operation, around);
            let Some(value) = written.map(|one| one.value).or_else(usual) else {
                let example = format!("{}{}", setting.letter, (setting.limits)(&operation).0);
                let problem = Problem::new(Code::SettingNeeded)
                    .with("word", self.word)
                    .with("example", format!("{}{example}", self.word))
                    .with("name", setting.name);
                return Err(Fault {
                    problem,
                    place: None,
                });
            };
            if let Some(one) = written {
                setting.check(&operation, value).map_err(|problem| Fault {
                    problem,
                    place: Some(one.place),
                })?;
            }
            setting.set(&mut operation, value);
        }
        Ok(operation)
    }

    /// The operation in this word, with what differs from its usual settings; nothing if this word cannot say it.
    fn text(&self, operation: &T, around: Around) -> Option<String> {
        let mut text = self.word.to_owned();
        let mut said = self.start;
        for setting in &self.settings {
            let value = setting.get(operation);
            if (setting.usual)(&said, around) != Some(value) {
                text += &format!("{}{value}", setting.letter);
            }
            setting.set(&mut said, value);
        }
        (said == *operation).then_some(text)
    }

    fn facts(&self) -> WordFacts
    where
        T: super::Describe,
    {
        /// More classes than there are.
        const CLASSES: usize = 1_234;
        let around = Around {
            classes: Some(CLASSES),
            normalized: false,
        };
        let mut operation = self.start;
        let settings = self.settings.iter().map(|setting| {
            let usual = (setting.usual)(&operation, around);
            let facts = SettingFacts {
                letter: setting.letter,
                name: setting.name,
                limits: (setting.limits)(&operation),
                usual,
                follows_classes: usual == Some(CLASSES as f64),
            };
            setting.set(&mut operation, usual.unwrap_or(facts.limits.0));
            facts
        });
        WordFacts {
            word: self.word,
            kind: self.start.kind(),
            stem: self.stem,
            normalizes: self.start.has_statistics(),
            settings: settings.collect(),
        }
    }
}

/// What is wrong with a word's settings, and where, if not with the word itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    /// What is wrong.
    pub problem: Problem,
    /// In bytes of the text.
    pub place: Option<(usize, usize)>,
}

impl<T: AsMut<Window> + Copy> Word<T> {
    /// A pooling: by default its windows lie side by side.
    pub(super) fn pooling(word: &'static str, start: T) -> Self {
        let settings = vec![
            Setting::new(
                ("", "kernel_size"),
                Slot::Whole(|pool: &mut T| &mut pool.as_mut().size),
                |_| (1.0, 32.0),
                |_, _| Some(2.0),
            ),
            Setting::new(
                ("s", "stride"),
                Slot::Whole(|pool: &mut T| &mut pool.as_mut().stride),
                |_| (1.0, 32.0),
                |pool: &T, _| Some({ *pool }.as_mut().size as f64),
            ),
            // As PyTorch: every window has a pixel of the image.
            Setting::new(
                ("p", "padding"),
                Slot::Whole(|pool: &mut T| &mut pool.as_mut().padding),
                |pool: &T| (0.0, ({ *pool }.as_mut().size / 2) as f64),
                |_, _| Some(0.0),
            ),
        ];
        Self {
            word,
            stem: Stem::Counted("pool"),
            start,
            settings,
        }
    }
}

impl<T: Copy> Setting<T> {
    /// A setting: its letter and its name, and the members in their order.
    pub(super) const fn new(
        (letter, name): (&'static str, &'static str),
        place: Slot<T>,
        limits: fn(&T) -> (f64, f64),
        usual: fn(&T, Around) -> Option<f64>,
    ) -> Self {
        Self {
            letter,
            name,
            place,
            limits,
            usual,
        }
    }

    fn get(&self, operation: &T) -> f64 {
        let mut operation = *operation;
        match self.place {
            Slot::Whole(place) => *place(&mut operation) as f64,
            Slot::Number(place) => *place(&mut operation),
            Slot::Switch(place) => f64::from(u8::from(*place(&mut operation))),
        }
    }

    fn set(&self, operation: &mut T, value: f64) {
        match self.place {
            Slot::Whole(place) => *place(operation) = value as usize,
            Slot::Number(place) => *place(operation) = value,
            Slot::Switch(place) => *place(operation) = value != 0.0,
        }
    }

    fn check(&self, operation: &T, value: f64) -> Result<()> {
        let problem = |code| Problem::new(code).with("value", value);
        let (min, max) = (self.limits)(operation);
        if value < min || value > max {
            return Err(problem(Code::OutOfRange).with("min", min).with("max", max));
        }
        match self.place {
            Slot::Number(_) => Ok(()),
            _ if value.fract() == 0.0 => Ok(()),
            _ => Err(problem(Code::NotWhole)),
        }
    }
}

/// The operation of a word; nothing if there is no such word.
pub(super) fn read<T: Written + Into<Operation>>(
    word: &str,
    given: &[Given<'_>],
    around: Around,
) -> Option<std::result::Result<Operation, Fault>> {
    let words = T::words();
    let known = words.iter().find(|known| known.word == word)?;
    Some(known.read(given, around).map(Into::into))
}

/// The operation as it is written, and what a part of it is called that has no name.
pub(super) fn text<T: Written>(operation: &T, around: Around) -> (String, Stem) {
    let words = T::words();
    let said = words
        .iter()
        .find_map(|word| Some((word.text(operation, around)?, word.stem)));
    said.unwrap_or_else(|| unreachable!("the words of an operation say all that it can be"))
}

/// What is known of the words of an operation.
pub(super) fn facts<T: Written + super::Describe>() -> Vec<WordFacts> {
    T::words().iter().map(Word::facts).collect()
}
