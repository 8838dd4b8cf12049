//! The letters of texts, and of paths within archives. Old programs write them as their country does, without saying which that is.

use std::borrow::Cow;

use crate::base::error::{Code, Problem, Result};

use super::encoding::{Decoder, Encoding, Kind};

/// How the letters of a text are written that is not UTF-16.
#[derive(Debug, Clone, Copy)]
pub(super) enum Letters {
    /// ASCII or UTF-8.
    Unicode,
    /// As a country of East Asia writes them; who reads it, if anybody can.
    Country(Encoding, Option<Decoder>),
    /// As some other country writes them.
    Unknown,
}

impl Letters {
    /// Those of this text.
    pub(super) fn of(text: &[u8], decoder: Option<Decoder>) -> Self {
        let own = decoder.and_then(|decoder| decoder.own);
        match std::str::from_utf8(text) {
            Ok(_) => Self::Unicode,
            Err(_) => Encoding::of(text, Kind::Words, own)
                .map_or(Self::Unknown, |encoding| Self::Country(encoding, decoder)),
        }
    }

    /// A part of the text.
    ///
    /// # Errors
    /// [`Code::UnknownLetters`] with the file's name.
    pub(super) fn read<'a>(self, name: &str, part: &'a [u8]) -> Result<Cow<'a, str>> {
        let unicode = || std::str::from_utf8(part).ok().map(Cow::Borrowed);
        let text = match self {
            Self::Country(encoding, decoder) if !part.is_ascii() => decoder
                .and_then(|decoder| (decoder.decode)(encoding, part))
                .map(Cow::Owned),
            _ => unicode(),
        };
        text.ok_or_else(|| Problem::new(Code::UnknownLetters).with("file", name))
    }
}

/// A text in bytes that all of ASCII is one of, without the mark that some programs put before it: UTF-16, which is what Excel
/// calls Unicode text, becomes UTF-8. Without a mark it is told by the zero in every pair of its first bytes.
pub(super) fn plain(bytes: &[u8]) -> Cow<'_, [u8]> {
    type Unit = fn([u8; 2]) -> u16;
    let is_there = bytes.len() >= 8;
    let little = |pair: &[u8]| pair[0] != 0 && pair[1] == 0;
    let big = |pair: &[u8]| pair[0] == 0 && pair[1] != 0;
    let pairs = || bytes.chunks_exact(2).take(32);
    let (text, unit): (&[u8], Unit) = match bytes {
        [0xef, 0xbb, 0xbf, text @ ..] => return text.into(),
        [0xff, 0xfe, text @ ..] => (text, u16::from_le_bytes),
        [0xfe, 0xff, text @ ..] => (text, u16::from_be_bytes),
        text if is_there && pairs().all(little) => (text, u16::from_le_bytes),
        text if is_there && pairs().all(big) => (text, u16::from_be_bytes),
        text => return text.into(),
    };
    let units = text.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    let letters = char::decode_utf16(units);
    let text: String = letters
        .map(|letter| letter.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect();
    text.into_bytes().into()
}

/// The paths of one archive, all in the same letters.
#[derive(Debug, Default)]
pub(super) struct Paths {
    decoder: Option<Decoder>,
    /// Told by the first path that shows it: a folder must not have two names.
    encoding: Option<Encoding>,
}

impl Paths {
    pub(super) fn new(decoder: Option<Decoder>) -> Self {
        Self {
            decoder,
            encoding: None,
        }
    }

    /// Looks at paths before they are read: the more letters, the surer.
    pub(super) fn look_at(&mut self, raw: &[u8]) {
        let own = self.decoder.and_then(|decoder| decoder.own);
        self.encoding = self
            .encoding
            .or_else(|| Encoding::of(raw, Kind::Paths, own));
    }

    /// A path, from its bytes: UTF-8 if it may be and is, else in the letters of a country if it looks so, else `otherwise`.
    pub(super) fn read(
        &mut self,
        raw: &[u8],
        may_be_utf8: bool,
        otherwise: impl FnOnce() -> String,
    ) -> String {
        let utf8 = may_be_utf8.then(|| std::str::from_utf8(raw).ok()).flatten();
        let text = utf8.map(str::to_owned).or_else(|| {
            self.look_at(raw);
            let (decoder, encoding) = (self.decoder?, self.encoding?);
            let looks_so = encoding.fits(raw, Kind::Paths);
            looks_so.then(|| (decoder.decode)(encoding, raw)).flatten()
        });
        let path = text.unwrap_or_else(otherwise);
        // Old programs for Windows write their own separator.
        match path.contains('/') {
            true => path,
            false => path.replace('\\', "/"),
        }
    }
}

/// Each byte is a letter: whatever it should be, two paths stay two.
pub(super) fn bytes(raw: &[u8]) -> String {
    raw.iter().copied().map(char::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_read_in_the_first_way_that_fits() {
        let decoder = Decoder {
            decode: |_, _| Some("猫".to_owned()),
            own: None,
        };
        let of = |raw: &[u8], may_be_utf8| {
            Paths::new(Some(decoder)).read(raw, may_be_utf8, || bytes(raw))
        };
        assert_eq!(of("è/1".as_bytes(), true), "è/1");
        assert_eq!(of(b"\xc3\xa8/1", false), "猫");
        assert_eq!(of(b"caf\x82\\1.png", true), "caf\u{82}/1.png");
        assert_eq!(of(b"a/b\\c", true), "a/b\\c");
    }
}
