//! From what is written to the tree: names for parts that have none, repetitions, and operations from their words.

use std::collections::{BTreeMap, BTreeSet};

use super::super::Layer;
use super::super::shaped::below;
use super::parse::{Item, Part};
use super::{Fault, JoinWord, MOST_LAYERS, Read, Stretch, words};
use crate::base::error::{Code, shown};
use crate::operation::notation::{Around, Given, Stem, WordFacts};
use crate::operation::{Identity, Operation};

type Grown<T> = Result<T, Fault>;

/// The tree of these parts.
pub(super) fn grow(parts: &[Part<'_>], classes: usize) -> Grown<Read> {
    let mut gardener = Gardener {
        classes,
        lexicon: Operation::words(),
        layers: 0,
        places: BTreeMap::new(),
    };
    let layer = Layer::Sequential(gardener.sequence(parts, "")?);
    Ok(Read {
        layer,
        places: gardener.places,
    })
}

struct Gardener {
    classes: usize,
    lexicon: Vec<WordFacts>,
    /// Operations so far.
    layers: usize,
    places: BTreeMap<String, Stretch>,
}

impl Gardener {
    fn sequence(&mut self, parts: &[Part<'_>], path: &str) -> Grown<Vec<(String, Layer)>> {
        let mut names = BTreeSet::new();
        let mut layers = Vec::new();
        for (at, part) in parts.iter().enumerate() {
            let times = self.times(part)?;
            for number in 0..times {
                let name = match part.name {
                    Some((name, _)) if part.times.is_some() => counted(name, number),
                    Some((name, _)) => name.to_owned(),
                    None => free(self.stem(&part.item), &names),
                };
                if !names.insert(name.clone()) {
                    let place = part.name.map_or(part.place, |(_, place)| place);
                    return Err(Fault::new(Code::SameName, place).with("name", name));
                }
                let behind = parts.get(at + 1).filter(|_| number + 1 == times);
                let normalized = behind.is_some_and(|next| self.normalizes(&next.item));
                let layer = self.part(part, &below(path, &name), normalized)?;
                layers.push((name, layer));
            }
        }
        Ok(layers)
    }

    fn times(&self, part: &Part<'_>) -> Grown<usize> {
        match part.times {
            None => Ok(1),
            Some((times @ 1..=MOST_LAYERS, _)) => Ok(times),
            Some((times, place)) => Err(Fault::new(Code::OutOfRange, place)
                .with("value", times)
                .with("min", 1)
                .with("max", MOST_LAYERS)),
        }
    }

    fn part(&mut self, part: &Part<'_>, path: &str, normalized: bool) -> Grown<Layer> {
        match &part.item {
            Item::Operation { word, settings } => {
                let operation = self.operation(word, settings, part.place, normalized)?;
                self.plant(path, part.place)?;
                Ok(Layer::Operation(operation))
            }
            Item::Group(parts) => Ok(Layer::Sequential(self.sequence(parts, path)?)),
            Item::Merge { join, branches } => {
                self.plant(path, part.place)?;
                self.merge(join, branches, path, part.place)
            }
        }
    }

    /// Takes down where the layer of this path stands.
    fn plant(&mut self, path: &str, place: Stretch) -> Grown<()> {
        self.layers += 1;
        if self.layers > MOST_LAYERS {
            return Err(Fault::new(Code::TooManyLayers, place).with("limit", MOST_LAYERS));
        }
        match self.places.insert(path.to_owned(), place) {
            None => Ok(()),
            Some(_) => Err(Fault::new(Code::SameName, place).with("name", path)),
        }
    }

    fn merge(
        &mut self,
        join: &JoinWord,
        written: &[Vec<Part<'_>>],
        path: &str,
        place: Stretch,
    ) -> Grown<Layer> {
        let is_alone = written.len() == 1;
        let mut branches: Vec<(String, Layer)> = Vec::new();
        for (at, parts) in written.iter().enumerate() {
            let usual = match is_alone {
                true => join.alone[1 - join.identity].to_owned(),
                false => join.name(at),
            };
            // A part by itself is the branch; several are a sequence.
            let (name, layer) = match parts.as_slice() {
                [part] if part.times.is_none() => {
                    let name = part.name.map_or(usual, |(name, _)| name.to_owned());
                    let layer = self.part(part, &below(path, &name), false)?;
                    (name, layer)
                }
                parts => {
                    let layer = Layer::Sequential(self.sequence(parts, &below(path, &usual))?);
                    (usual, layer)
                }
            };
            if name.is_empty() || branches.iter().any(|(other, _)| *other == name) {
                return Err(Fault::new(Code::SameName, place).with("name", name));
            }
            branches.push((name, layer));
        }
        if is_alone {
            let name = join.alone[join.identity].to_owned();
            self.plant(&below(path, &name), place)?;
            if branches.iter().any(|(other, _)| *other == name) {
                return Err(Fault::new(Code::SameName, place).with("name", name));
            }
            branches.insert(join.identity, (name, Identity.into()));
        }
        let join = join.join;
        Ok(Layer::Merge { join, branches })
    }

    /// The operation of a word, or of a word and the first letter of its settings where no number stands between.
    fn operation(
        &self,
        word: &str,
        settings: &[Given<'_>],
        place: Stretch,
        normalized: bool,
    ) -> Grown<Operation> {
        let around = Around {
            classes: Some(self.classes),
            normalized,
        };
        let read = Operation::read(word, settings, around).or_else(|| {
            let (known, letter) = apart(&self.lexicon, word)?;
            let mut settings = settings.to_vec();
            let first = settings.first_mut().filter(|one| one.letter.is_empty())?;
            first.letter = letter;
            first.place.0 -= letter.len();
            Operation::read(known, &settings, around)
        });
        let unknown = || {
            let end = place.0 + word.len();
            Fault::new(Code::UnknownLayer, (place.0, end))
                .with("found", shown(word))
                .with("known", words().join(", "))
        };
        let read = read.ok_or_else(unknown)?;
        read.map_err(|fault| Fault {
            problem: fault.problem,
            place: fault.place.unwrap_or(place),
        })
    }

    fn facts(&self, item: &Item<'_>) -> Option<&WordFacts> {
        let Item::Operation { word, .. } = item else {
            return None;
        };
        let of = |word: &str| self.lexicon.iter().find(|known| known.word == word);
        of(word).or_else(|| of(apart(&self.lexicon, word)?.0))
    }

    fn normalizes(&self, item: &Item<'_>) -> bool {
        self.facts(item).is_some_and(|facts| facts.normalizes)
    }

    fn stem(&self, item: &Item<'_>) -> Stem {
        match item {
            Item::Operation { .. } => self.facts(item).map_or(UNNAMED, |facts| facts.stem),
            Item::Group(_) => UNNAMED,
            Item::Merge { join, .. } => Stem::Counted(join.word),
        }
    }
}

/// A known word and one of its letters, which stand together where no number is between them.
pub(super) fn apart<'w>(
    lexicon: &[WordFacts],
    written: &'w str,
) -> Option<(&'static str, &'w str)> {
    lexicon.iter().find_map(|known| {
        let letter = written.strip_prefix(known.word)?;
        let mut settings = known.settings.iter();
        let is_known = settings.any(|setting| setting.letter == letter);
        (is_known && !letter.is_empty()).then_some((known.word, letter))
    })
}

/// What a sequence in brackets is called that has no name.
pub(super) const UNNAMED: Stem = Stem::Counted("part");

/// The lowest name of this stem that is not yet taken.
pub(super) fn free(stem: Stem, taken: &BTreeSet<String>) -> String {
    let (stem, first) = match stem {
        Stem::Counted(stem) => (stem, 1),
        Stem::Alone(stem) if !taken.contains(stem) => return stem.to_owned(),
        Stem::Alone(stem) => (stem, 2),
    };
    let mut names = (first..).map(|number| format!("{stem}{number}"));
    names.find(|name| !taken.contains(name)).unwrap_or_default()
}

/// The name of a repetition: the number at the end goes on from the first one's, which is 1 if none is written.
pub(super) fn counted(name: &str, later: usize) -> String {
    let stem = name.trim_end_matches(|last: char| last.is_ascii_digit());
    let first: u64 = name[stem.len()..].parse().unwrap_or(1);
    format!("{stem}{}", first.saturating_add(later as u64))
}
