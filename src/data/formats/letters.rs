//! The letters of texts, and of paths within archives. Old programs write them as their country does, without saying which that is.

use std::borrow::Cow;

use crate::base::error::{Code, Problem, Result};

/// Reads letters as Chinese systems write them (GBK), which every browser can; none if these are no such letters.
pub type Chinese = fn(&[u8]) -> Option<String>;

/// How the letters of a text are written that is not UTF-16.
#[derive(Debug, Clone, Copy)]
pub(super) enum Letters {
    /// ASCII or UTF-8.
    Unicode,
    /// GBK, by which bytes stand beside which; who reads it, if anybody can.
    Chinese(Option<Chinese>),
    /// As some other country writes them.
    Unknown,
}

impl Letters {
    /// Those of this text.
    pub(super) fn of(text: &[u8], chinese: Option<Chinese>) -> Self {
        match std::str::from_utf8(text) {
            Ok(_) => Self::Unicode,
            Err(_) if is_like_chinese(text) && !is_among_small_letters(text) => {
                Self::Chinese(chinese)
            }
            Err(_) => Self::Unknown,
        }
    }

    /// A part of the text.
    ///
    /// # Errors
    /// [`Code::UnknownLetters`] with the file's name.
    pub(super) fn read<'a>(self, name: &str, part: &'a [u8]) -> Result<Cow<'a, str>> {
        let unicode = || std::str::from_utf8(part).ok().map(Cow::Borrowed);
        let text = match self {
            Self::Chinese(chinese) if !part.is_ascii() => {
                chinese.and_then(|read| read(part)).map(Cow::Owned)
            }
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

/// A path of an archive, from its bytes: UTF-8 if it is that, else what `chinese` makes of it if it looks so, else `otherwise`.
pub(super) fn text(
    raw: &[u8],
    is_utf8: bool,
    chinese: Option<Chinese>,
    otherwise: impl FnOnce() -> String,
) -> String {
    let utf8 = is_utf8.then(|| std::str::from_utf8(raw).ok()).flatten();
    let text = utf8.map(str::to_owned);
    let chinese = || chinese.filter(|_| is_like_chinese(raw))?(raw);
    let path = text.or_else(chinese).unwrap_or_else(otherwise);
    // Old programs for Windows write their own separator.
    match path.contains('/') {
        true => path,
        false => path.replace('\\', "/"),
    }
}

/// Each byte is a letter: whatever it should be, two paths stay two.
pub(super) fn bytes(raw: &[u8]) -> String {
    raw.iter().copied().map(char::from).collect()
}

/// Whether half of what is not ASCII stands beside small letters, as in German or French words.
fn is_among_small_letters(text: &[u8]) -> bool {
    let (mut all, mut beside) = (0, 0);
    for run in text.chunk_by(|one, other| one.is_ascii() == other.is_ascii()) {
        all += usize::from(!run[0].is_ascii());
    }
    for window in text.windows(2) {
        let is_edge = window[0].is_ascii() != window[1].is_ascii();
        beside += usize::from(is_edge && window.iter().any(u8::is_ascii_lowercase));
    }
    2 * beside > all
}

/// Whether what is not ASCII comes in pairs of bytes that are mostly GB 2312's, which has the usual signs: the letters of
/// other countries stand alone, and before small ones.
fn is_like_chinese(raw: &[u8]) -> bool {
    let (mut pairs, mut usual) = (0, 0);
    let mut rest = raw;
    while let [first, behind @ ..] = rest {
        rest = behind;
        if first.is_ascii() {
            continue;
        }
        let [second, behind @ ..] = rest else {
            return false;
        };
        rest = behind;
        pairs += 1;
        usual += usize::from((0xa1..=0xf7).contains(first) && (0xa1..=0xfe).contains(second));
    }
    2 * usual > pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_that_stand_alone_are_not_taken_for_chinese() {
        // 训练/猫, and 镕 behind it, which GB 2312 lacks.
        assert!(is_like_chinese(b"\xd1\xb5\xc1\xb7/\xc3\xa8"));
        assert!(is_like_chinese(b"\xd1\xb5\xc1\xb7\xe9F"));
        // Größe, Ärger, España, and café in code page 437; nothing but ASCII.
        for western in [
            &b"Gr\x94\xe1e"[..],
            b"\x8erger",
            b"Espa\xa4a",
            b"caf\x82",
            b"cat",
        ] {
            assert!(!is_like_chinese(western), "{western:?}");
        }
    }

    #[test]
    fn a_path_is_read_in_the_first_way_that_fits() {
        let of = |raw: &[u8], is_utf8| {
            text(raw, is_utf8, Some(|_| Some("猫".to_owned())), || {
                bytes(raw)
            })
        };
        assert_eq!(of("è/1".as_bytes(), true), "è/1");
        assert_eq!(of(b"\xc3\xa8/1", false), "猫");
        assert_eq!(of(b"caf\x82\\1.png", true), "caf\u{82}/1.png");
        assert_eq!(of(b"a/b\\c", true), "a/b\\c");
    }
}
