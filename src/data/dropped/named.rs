//! A part with what its name says of it.

use super::name::Name;
use crate::base::ImageShape;
use crate::data::part::{Content, Images, Part};

#[derive(Debug)]
pub(super) struct Named {
    pub(super) part: Part,
    pub(super) name: Name,
    /// Whether of the archive that it lies in something was left out: what belongs to it may be that.
    pub(super) is_torn: bool,
}

impl Named {
    /// The name of the file that it came with: of a member of an archive, the archive's.
    pub(super) fn file(&self) -> &str {
        let path = &self.part.file;
        path.split_once('/').map_or(path, |(file, _)| file)
    }

    pub(super) fn images(&self) -> Option<&Images> {
        match &self.part.content {
            Content::Images(images) | Content::Samples(images, _) => Some(images),
            _ => None,
        }
    }

    pub(super) fn pixels(&self) -> Option<&[u8]> {
        self.images().map(|images| &images.pixels[..])
    }

    pub(super) fn shape(&self) -> Option<ImageShape> {
        self.images().map(|images| images.shape)
    }

    /// How many samples the file has.
    pub(super) fn count(&self) -> usize {
        match &self.part.content {
            Content::Images(images) | Content::Samples(images, _) => images.of,
            Content::Labels(labels) => labels.len(),
            Content::Names(names) => names.len(),
        }
    }

    /// Whether these are labels that are all the same: Kaggle lays an example of an answer beside the images of its tests.
    pub(super) fn says_nothing(&self) -> bool {
        matches!(&self.part.content, Content::Labels(labels) if labels.classes.len() < 2)
    }

    /// Whether this may be the drawings of one class, as Quick, Draw! has a file of each.
    pub(super) fn may_be_a_class(&self) -> bool {
        let is_array = self.part.file.to_lowercase().ends_with(".npy");
        is_array && self.name.role.is_none() && !self.name.words.is_empty()
    }
}
