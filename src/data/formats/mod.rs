//! The formats that a person's files may have: one table. To add one, write its file, its `mod` and its line here.
//!
//! A format's file has two functions. `is` tells by the beginning of a file whether it has this format. `read` reads it, and
//! gives its parts, or hands on what is packed within.

use std::borrow::Cow;
use std::cell::Cell;
use std::io::{Cursor, ErrorKind, Read};
use std::rc::Rc;

use super::fault::{read_up_to, too_large};
use super::limits::{DEPTH, NOTES, PICTURE, UNPACKED, WHOLE};
use super::part::{Class, Content, Labels, Part};
use super::picture;
use crate::base::error::{Code, Problem, Result};

mod album;
pub mod cifar;
mod encoding;
pub mod gzip;
pub mod idx;
mod label;
mod letters;
mod names;
mod npy;
mod packed;
mod pickle;
pub mod saved;
mod stranger;
mod table;
mod tar;
mod zip;

pub use encoding::{Decoder, Encoding};
use packed::Pictures;

/// Asked in this order: first what says so in its first bytes, then what is told by its name, too.
macro_rules! formats {
    ($($format:ident,)*) => {
        /// Whether a file that begins so is read.
        ///
        /// # Errors
        /// What it is instead.
        pub(super) fn recognise(head: &Head) -> Result<()> {
            $(if $format::is(head) { return Ok(()); })*
            Err(stranger::of(head))
        }

        fn read_data(source: Source, opened: &mut OpenedFile) -> Result<()> {
            let head = source.head();
            $(if $format::is(&head) { return $format::read(source, opened); })*
            Err(stranger::of(&head))
        }
    };
}

formats! {
    album,
    gzip,
    tar,
    zip,
    npy,
    pickle,
    idx,
    names,
    cifar,
    table,
}

fn read(source: Source, opened: &mut OpenedFile) -> Result<()> {
    match opened.pictures.is_some() && !is_packed(&source.head()) {
        true => opened.picture(source),
        false => read_data(source, opened),
    }
}

/// Whether this is an archive, or a file packed by itself.
fn is_packed(head: &Head) -> bool {
    gzip::is(head) || tar::is(head) || zip::is(head)
}

/// Whether a file that begins so is an archive that may hold pictures: NumPy's is for arrays, and of tar's the beginning tells
/// which ones hold data.
pub(super) fn may_hold_pictures(head: &Head) -> bool {
    let is_zip = zip::is(head) && !head.file().ends_with(".npz");
    is_zip || (tar::is(head) && !tar::begins_with_data(head))
}

/// So much of a file is enough to tell what it is.
pub(super) const HEAD: usize = 16_384;

/// The beginning of a file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Head<'a> {
    /// The file's name; of a member of an archive, the path behind the archive's.
    pub(super) name: &'a str,
    pub(super) bytes: &'a [u8],
}

impl Head<'_> {
    /// The name without folders, in small letters.
    fn file(&self) -> String {
        self.name
            .rsplit('/')
            .next()
            .unwrap_or_default()
            .to_lowercase()
    }
}

/// A file to be read: from memory, or as it is unpacked.
struct Source<'a> {
    name: String,
    head: Cow<'a, [u8]>,
    rest: Rest<'a>,
    depth: usize,
}

enum Rest<'a> {
    /// The whole file is in memory, its beginning too.
    Whole(&'a [u8]),
    /// What comes behind the beginning.
    Stream(Box<dyn Read + 'a>),
}

impl<'a> Source<'a> {
    fn whole(name: &str, bytes: &'a [u8]) -> Self {
        Self {
            name: name.to_owned(),
            head: Cow::Borrowed(&bytes[..bytes.len().min(HEAD)]),
            rest: Rest::Whole(bytes),
            depth: 0,
        }
    }

    fn head(&self) -> Head<'_> {
        Head {
            name: &self.name,
            bytes: &self.head,
        }
    }

    fn reader(self) -> Box<dyn Read + 'a> {
        match self.rest {
            Rest::Whole(bytes) => Box::new(bytes),
            Rest::Stream(rest) => Box::new(Cursor::new(self.head).chain(rest)),
        }
    }

    /// All of it. What is unpacked stays within the limit of its file.
    fn bytes(self) -> Result<Cow<'a, [u8]>> {
        match self.rest {
            Rest::Whole(bytes) => Ok(Cow::Borrowed(bytes)),
            Rest::Stream(_) => {
                let name = self.name.clone();
                let bytes = read_up_to(&name, &mut *self.reader(), WHOLE as usize + 1)?;
                match bytes.len() as u64 > WHOLE {
                    true => Err(too_large(&name, WHOLE)),
                    false => Ok(Cow::Owned(bytes)),
                }
            }
        }
    }
}

/// What a file has given.
#[derive(Debug, Default)]
pub struct OpenedFile {
    /// The parts that were found, in the order of the file.
    pub parts: Vec<Part>,
    /// Which members of an archive were left out, and why.
    pub left_out: Vec<Problem>,
    unpacked: Rc<Cell<u64>>,
    /// Reads letters that are not Unicode, where whoever opened the file can.
    decoder: Option<Decoder>,
    /// What is to be had in place of data.
    pictures: Option<Pictures>,
}

impl OpenedFile {
    fn push(&mut self, file: &str, content: Content) {
        let file = file.to_owned();
        self.parts.push(emnist(Part {
            file,
            content,
            coarse: None,
        }));
    }

    /// The part that came last has coarse labels, too.
    fn also_coarse(&mut self, coarse: Labels) {
        if let Some(part) = self.parts.last_mut() {
            part.coarse = Some(coarse);
        }
    }

    /// Counts what is unpacked, and ends where it becomes too much.
    fn metered<R: Read>(&self, inner: R) -> Metered<R> {
        Metered {
            inner,
            unpacked: Rc::clone(&self.unpacked),
        }
    }

    /// Opens a member of an archive; what cannot be used is remarked, and the others count.
    fn member(&mut self, archive: &str, path: &str, depth: usize, file: impl Read) {
        let file_name = path.rsplit(['/', '\\']).next().unwrap_or_default();
        if is_company(path, file_name) {
            return;
        }
        let name = format!("{archive}/{path}");
        let file = self.metered(file);
        if let Err(problem) = unpack(name, depth, file, self) {
            self.leave_out(problem);
        }
    }

    fn leave_out(&mut self, problem: Problem) {
        if self.left_out.len() < NOTES {
            self.left_out.push(problem);
        }
    }

    /// How much has been found.
    fn found(&self) -> usize {
        self.parts.len() + self.pictures.as_ref().map_or(0, |pictures| pictures.count)
    }

    /// Takes a file that is not packed, if it is a picture.
    ///
    /// # Errors
    /// What it is instead; [`Code::PictureTooLarge`].
    fn picture(&mut self, source: Source) -> Result<()> {
        let name = source.name.clone();
        if !picture::is_picture(&source.head) {
            recognise(&source.head())?;
            return Err(Problem::new(Code::BesidePictures).with("file", name));
        }
        let bytes = read_up_to(&name, &mut *source.reader(), PICTURE as usize + 1)?;
        if bytes.len() as u64 > PICTURE {
            return Err(picture::too_large(&name, bytes.len() as u64));
        }
        if let Some(pictures) = &mut self.pictures {
            pictures.count += 1;
            (pictures.take)(&name, &bytes);
        }
        Ok(())
    }

    /// An archive has been read: it must have given something.
    ///
    /// # Errors
    /// Why its members gave nothing; [`Code::EmptyArchive`].
    fn has_parts(&mut self, archive: &str, before: usize) -> Result<()> {
        match self.found() > before {
            true => Ok(()),
            false if self.left_out.is_empty() => {
                Err(Problem::new(Code::EmptyArchive).with("file", archive))
            }
            false => Err(match self.left_out.remove(0) {
                picture if picture.code == Code::Picture => {
                    Problem::new(Code::PackedPictures).with("file", archive)
                }
                first => first,
            }),
        }
    }
}

/// Reads what comes out of a packed file.
fn unpack<'a>(
    name: String,
    depth: usize,
    mut file: impl Read + 'a,
    opened: &mut OpenedFile,
) -> Result<()> {
    if depth > DEPTH {
        return Err(Problem::new(Code::Packed).with("file", name));
    }
    let head = read_up_to(&name, &mut file, HEAD)?;
    let source = Source {
        name,
        head: Cow::Owned(head),
        rest: Rest::Stream(Box::new(file)),
        depth,
    };
    read(source, opened)
}

/// Reads a file of any of the formats; `name` tells labels from images and what belongs together.
///
/// # Errors
/// If it has none of the formats, or is damaged.
pub fn open(name: &str, bytes: &[u8], decoder: Option<Decoder>) -> Result<OpenedFile> {
    let mut opened = OpenedFile {
        decoder,
        ..OpenedFile::default()
    };
    read(Source::whole(name, bytes), &mut opened)?;
    Ok(opened)
}

/// What stands before, between and behind files of these names and sizes, so that all together are one file, which [`open`] reads.
pub fn around(files: &[(String, u64)]) -> Vec<Vec<u8>> {
    tar::around(files)
}

/// Hands the pictures of an archive to `take`, each with its path, which begins with the archive's name. Gives which other files
/// were left out, and why.
///
/// # Errors
/// If there are none; if it is damaged, unpacks to more than [`UNPACKED`], or has more members than are looked at.
pub fn pictures(
    name: &str,
    bytes: &[u8],
    decoder: Option<Decoder>,
    take: impl FnMut(&str, &[u8]) + 'static,
) -> Result<Vec<Problem>> {
    let mut opened = OpenedFile {
        pictures: Some(Pictures {
            count: 0,
            take: Box::new(take),
        }),
        decoder,
        ..OpenedFile::default()
    };
    read(Source::whole(name, bytes), &mut opened)?;
    match opened.unpacked.get() > UNPACKED {
        true => Err(too_large(name, UNPACKED)),
        false => Ok(opened.left_out),
    }
}

struct Metered<R> {
    inner: R,
    unpacked: Rc<Cell<u64>>,
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, to: &mut [u8]) -> std::io::Result<usize> {
        let count = self.inner.read(to)?;
        let all = self.unpacked.get() + count as u64;
        self.unpacked.set(all);
        match all > UNPACKED {
            true => Err(ErrorKind::FileTooLarge.into()),
            false => Ok(count),
        }
    }
}

/// What comes along in archives and is no data: what systems add, and texts about the data.
fn is_company(path: &str, file: &str) -> bool {
    const TEXTS: [&str; 8] = [
        ".html", ".md", ".pdf", ".rst", ".ini", ".js", ".json", ".py",
    ];
    let lower = file.to_lowercase();
    let about = ["readme", "license", "licence", "thumbs.db"];
    file.is_empty()
        || file.starts_with('.')
        || path.contains("__MACOSX/")
        || TEXTS.iter().any(|end| lower.ends_with(end))
        || about.iter().any(|word| lower.starts_with(word))
}

/// EMNIST's images lie on their sides, and its letters are numbered from 1 (Cohen et al. 2017, EMNIST: an extension of
/// MNIST to handwritten letters). Its files say it by their names only.
fn emnist(mut part: Part) -> Part {
    let name = part.file.to_lowercase();
    if !name.contains("emnist") {
        return part;
    }
    if let Content::Images(images) | Content::Samples(images, _) = &mut part.content {
        images.transpose();
    }
    if let Content::Labels(labels) | Content::Samples(_, labels) = &mut part.content
        && name.contains("letters")
    {
        let letter = |class: &Class| match class {
            Class::Number(number @ 1..=26) => {
                Class::Name(char::from(b'A' + (*number - 1) as u8).to_string())
            }
            other => other.clone(),
        };
        labels.classes = labels.classes.iter().map(letter).collect();
    }
    part
}

#[cfg(test)]
mod tests;
