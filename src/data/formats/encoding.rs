//! How East Asia wrote its letters before Unicode: a letter is two bytes, and which they are, each country decided for itself.
//! Archives and tables do not say whose they are: it is told by which letters would be usual ones (the tables' first levels hold
//! the letters of everyday texts), and, where that leaves several, by the language of the person.

/// An encoding of the Encoding Standard (<https://encoding.spec.whatwg.org>), which every browser reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// The mainland of China.
    Gbk,
    /// Taiwan, Hong Kong and Macao.
    Big5,
    /// Korea.
    EucKr,
    /// Japan.
    ShiftJis,
}

/// Who reads letters that are not Unicode.
#[derive(Debug, Clone, Copy)]
pub struct Decoder {
    /// Reads all of the bytes; none if they are no letters of the encoding.
    pub decode: fn(Encoding, &[u8]) -> Option<String>,
    /// The encoding of the person's own language, if it had one of these.
    pub own: Option<Encoding>,
}

/// What the letters are of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Names of files and folders, among Latin ones.
    Paths,
    /// Words of a table or a list.
    Words,
}

/// What a text would be in an encoding.
#[derive(Debug, Default)]
struct Looks {
    letters: u32,
    /// 2 for each letter of everyday texts, 1 for each that is rare, none for one that hardly anybody writes.
    points: u32,
    /// Runs of such letters, and their sides at which a letter of ASCII, or a small one, stands.
    runs: u32,
    beside_letters: u32,
    beside_small_letters: u32,
}

impl Encoding {
    /// Each, in the order in which one is taken of several that fit.
    pub const ALL: [Self; 4] = [Self::Gbk, Self::Big5, Self::EucKr, Self::ShiftJis];

    /// Its label in the Encoding Standard.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Gbk => "gbk",
            Self::Big5 => "big5",
            Self::EucKr => "euc-kr",
            Self::ShiftJis => "shift_jis",
        }
    }

    /// That of a language (BCP 47), if it had one of these.
    pub fn of_language(tag: &str) -> Option<Self> {
        let tag = tag.to_ascii_lowercase();
        let mut parts = tag.split('-');
        match parts.next()? {
            "zh" | "yue" => {
                let is_traditional = |part| matches!(part, "hant" | "tw" | "hk" | "mo");
                let is_simplified = |part| matches!(part, "hans" | "cn" | "sg");
                let word = parts.find(|part| is_traditional(part) || is_simplified(part));
                Some(if word.is_some_and(is_traditional) {
                    Self::Big5
                } else {
                    Self::Gbk
                })
            }
            "ko" => Some(Self::EucKr),
            "ja" => Some(Self::ShiftJis),
            _ => None,
        }
    }

    /// Which one a text is in, that is not Unicode: the one in which most letters would be usual ones, of several `own`.
    pub(super) fn of(text: &[u8], kind: Kind, own: Option<Self>) -> Option<Self> {
        let of_points = |encoding: Self| Some((encoding.looks(text)?.share(), encoding));
        let fitting = Self::ALL.into_iter().filter(|one| one.fits(text, kind));
        let fitting: Vec<(u32, Self)> = fitting.filter_map(of_points).collect();
        let most = fitting.iter().map(|(share, _)| *share).max()?;
        let mut best = fitting.iter().filter(|(share, _)| *share == most);
        let is_own = |(_, encoding): &&(u32, Self)| own == Some(*encoding);
        let first = best.clone().next();
        best.find(is_own).or(first).map(|(_, encoding)| *encoding)
    }

    /// Whether a text looks as if it were in this one, rather than in the letters of Western Europe, which stand alone among
    /// those of ASCII.
    pub(super) fn fits(self, text: &[u8], kind: Kind) -> bool {
        self.looks(text).is_some_and(|looks| match self {
            // Half of a letter may be one of ASCII, so that a pair proves less.
            Self::Big5 | Self::ShiftJis => {
                looks.points > looks.letters && 2 * looks.beside_letters <= looks.runs
            }
            Self::Gbk | Self::EucKr => {
                let beside = match kind {
                    Kind::Words => looks.beside_small_letters,
                    Kind::Paths => 0,
                };
                2 * looks.points > looks.letters && 2 * beside <= looks.runs
            }
        })
    }

    /// None if a byte is half a letter.
    fn looks(self, text: &[u8]) -> Option<Looks> {
        let mut looks = Looks::default();
        let mut before = b' ';
        let mut is_within = false;
        let mut rest = text;
        while let [first, behind @ ..] = rest {
            if first.is_ascii() {
                if is_within {
                    looks.count_beside(*first);
                }
                (before, is_within, rest) = (*first, false, behind);
                continue;
            }
            let (points, behind) = match behind {
                // Half-width katakana, of one byte.
                _ if self == Self::ShiftJis && (0xa1..=0xdf).contains(first) => (0, behind),
                [second, behind @ ..] => (self.points(*first, *second)?, behind),
                [] => return None,
            };
            if !is_within {
                looks.runs += 1;
                looks.count_beside(before);
            }
            looks.letters += 1;
            looks.points += points;
            (is_within, rest) = (true, behind);
        }
        Some(looks)
    }

    /// How usual the letter of two bytes is; none if it is no letter.
    fn points(self, first: u8, second: u8) -> Option<u32> {
        let is_high = second >= 0xa1;
        let (is_letter, points) = match self {
            // GB 2312: signs, its first and its second level.
            Self::Gbk => (
                matches!(first, 0x81..=0xfe) && matches!(second, 0x40..=0x7e | 0x80..=0xfe),
                match first {
                    0xb0..=0xd7 if is_high => 2,
                    0xa1..=0xa9 | 0xd8..=0xf7 if is_high => 1,
                    _ => 0,
                },
            ),
            Self::Big5 => (
                matches!(first, 0x81..=0xfe) && matches!(second, 0x40..=0x7e | 0xa1..=0xfe),
                match first {
                    0xa4..=0xc6 => 2,
                    0xa1..=0xa3 | 0xc9..=0xf9 => 1,
                    _ => 0,
                },
            ),
            // KS X 1001: signs, Hangul, Hanja.
            Self::EucKr => (
                matches!(first, 0x81..=0xfe)
                    && matches!(second, 0x41..=0x5a | 0x61..=0x7a | 0x81..=0xfe),
                match first {
                    0xb0..=0xc8 if is_high => 2,
                    0xa1..=0xac | 0xca..=0xfd if is_high => 1,
                    _ => 0,
                },
            ),
            // JIS X 0208: kana and its first level; its second.
            Self::ShiftJis => (
                matches!(first, 0x81..=0x9f | 0xe0..=0xfc)
                    && matches!(second, 0x40..=0x7e | 0x80..=0xfc),
                match (first, second) {
                    (0x82, 0x9f..=0xf1) | (0x83, 0x40..=0x96) | (0x88..=0x97, _) => 2,
                    (0x81 | 0x98..=0x9f | 0xe0..=0xea, _) => 1,
                    _ => 0,
                },
            ),
        };
        is_letter.then_some(points)
    }
}

impl Looks {
    /// Points a letter, in thousandths.
    fn share(&self) -> u32 {
        1000 * self.points / self.letters.max(1)
    }

    fn count_beside(&mut self, ascii: u8) {
        self.beside_letters += u32::from(ascii.is_ascii_alphabetic());
        self.beside_small_letters += u32::from(ascii.is_ascii_lowercase());
    }
}

#[cfg(test)]
mod tests {
    use super::Encoding::{Big5, EucKr, Gbk, ShiftJis};
    use super::*;

    /// 訓練/貓, 小狗 in Big5; 고양이/강아지 in EUC-KR; ネコ/犬 in Shift JIS; 训练/猫 in GBK.
    const WRITTEN: [(&[u8], Encoding); 4] = [
        (b"\xb0V\xbdm/\xbf\xdf\n\xa4p\xaa\xaf", Big5),
        (b"\xb0\xed\xbe\xe7\xc0\xcc/\xb0\xad\xbe\xc6\xc1\xf6", EucKr),
        (b"\x83l\x83R/\x8c\xa2", ShiftJis),
        (b"\xd1\xb5\xc1\xb7/\xc3\xa8", Gbk),
    ];

    #[test]
    fn letters_are_told_by_how_usual_they_are_and_then_by_the_language() {
        for kind in [Kind::Paths, Kind::Words] {
            for (text, encoding) in WRITTEN {
                assert_eq!(
                    Encoding::of(text, kind, Some(encoding)),
                    Some(encoding),
                    "{text:?}"
                );
            }
        }
        // Where only one has them as usual letters, the language does not matter.
        for (text, encoding) in [WRITTEN[0], WRITTEN[2]] {
            for own in [None, Some(Gbk), Some(EucKr)] {
                assert_eq!(Encoding::of(text, Kind::Paths, own), Some(encoding));
            }
        }
        // Each syllable of Korea is a usual letter of China, too: nobody's language says whose.
        assert_eq!(Encoding::of(WRITTEN[1].0, Kind::Paths, None), Some(Gbk));
    }

    #[test]
    fn letters_that_stand_alone_are_those_of_western_europe() {
        // 训练/猫 is Chinese, and so is 镕 behind it, which GB 2312 lacks.
        assert_eq!(
            Encoding::of(b"\xd1\xb5\xc1\xb7/\xe9F", Kind::Paths, None),
            Some(Gbk)
        );
        // Größe, Ärger, España, Árbol, MÜLLER in code pages 437 and 1252, half a letter, nothing but ASCII.
        for western in [
            &b"Gr\x94\xe1e"[..],
            b"\x8erger",
            b"Espa\xa4a/1",
            b"\xc1rbol",
            b"M\xdcLLER",
            b"caf\x82",
            b"caf\x82.png",
            b"cat",
        ] {
            for own in [None, Some(Big5), Some(ShiftJis)] {
                assert_eq!(Encoding::of(western, Kind::Paths, own), None, "{western:?}");
                assert_eq!(Encoding::of(western, Kind::Words, own), None, "{western:?}");
            }
        }
    }

    #[test]
    fn a_language_has_the_encoding_of_its_country() {
        for (tag, encoding) in [
            ("zh-CN", Some(Gbk)),
            ("zh", Some(Gbk)),
            ("zh-Hant", Some(Big5)),
            ("zh-TW", Some(Big5)),
            ("zh-Hans-HK", Some(Gbk)),
            ("ko-KR", Some(EucKr)),
            ("JA", Some(ShiftJis)),
            ("en-US", None),
            ("", None),
        ] {
            assert_eq!(Encoding::of_language(tag), encoding, "{tag}");
        }
    }
}
