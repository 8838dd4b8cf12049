//! What of a person's files is not in the set.

use std::borrow::Cow;

use super::named::Named;
use super::{Dropped, Set};
use crate::base::error::{Code, Problem};
use crate::data::part::Content;

impl Dropped {
    /// Of three sets those for training and for testing, if the third is said to be for validation: with that one chooses
    /// between networks, which is done with the test images here. And what is to be said of it.
    pub(super) fn without_validation<'a>(&self, all: &'a [Set]) -> (Cow<'a, [Set]>, Vec<Problem>) {
        let is_validation = |set: &&Set| self.parts[set.first()].name.is_validation;
        let (aside, kept): (Vec<&Set>, Vec<&Set>) = all.iter().partition(is_validation);
        if all.len() < 3 || kept.len() != 2 {
            return (all.into(), Vec::new());
        }
        let said = aside.into_iter().map(|set| {
            let file = &self.parts[set.first()].part.file;
            Problem::new(Code::ValidationAside).with("file", file)
        });
        (kept.into_iter().cloned().collect(), said.collect())
    }

    /// Which images and labels are in none of these sets, and which files gave nothing to them.
    pub(super) fn alone(&self, sets: &[Set]) -> Vec<Problem> {
        let is_used = |at: usize| sets.iter().any(|set| set.has(at));
        let alone = |(at, named): (usize, &Named)| {
            let code = match named.part.content {
                Content::Images(_) => Code::ImagesAlone,
                Content::Labels(_) => Code::LabelsAlone,
                _ => return None,
            };
            (!is_used(at)).then(|| Problem::new(code).with("file", &named.part.file))
        };
        let parts = || self.parts.iter().enumerate();
        let mut files: Vec<&str> = parts().map(|(_, named)| named.file()).collect();
        files.dedup();
        let gave = |(at, named): (usize, &Named)| {
            is_used(at) || matches!(named.part.content, Content::Names(_))
        };
        files.retain(|file| !parts().any(|part| part.1.file() == *file && gave(part)));
        let unused = files
            .into_iter()
            .map(|file| Problem::new(Code::NotUsed).with("file", file));
        parts().filter_map(alone).chain(unused).collect()
    }
}

impl Set {
    /// Whether a part is in it.
    fn has(&self, at: usize) -> bool {
        match self {
            Self::Pair(images, labels) => [*images, *labels].contains(&at),
            Self::Batches(parts) | Self::Classes(parts) => parts.contains(&at),
        }
    }
}
