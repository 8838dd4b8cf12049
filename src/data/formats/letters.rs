//! The letters of paths within archives. Old programs write them as their country does, without saying which that is.

/// A path of an archive, from its bytes: UTF-8 if it is that, else what `chinese` makes of it if it looks so, else `otherwise`.
pub(super) fn text(
    raw: &[u8],
    is_utf8: bool,
    chinese: impl FnOnce(&[u8]) -> Option<String>,
    otherwise: impl FnOnce() -> String,
) -> String {
    let utf8 = is_utf8.then(|| std::str::from_utf8(raw).ok()).flatten();
    let text = utf8.map(str::to_owned);
    let chinese = || is_like_chinese(raw).then(|| chinese(raw)).flatten();
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
        let of = |raw: &[u8], is_utf8| text(raw, is_utf8, |_| Some("猫".to_owned()), || bytes(raw));
        assert_eq!(of("è/1".as_bytes(), true), "è/1");
        assert_eq!(of(b"\xc3\xa8/1", false), "猫");
        assert_eq!(of(b"caf\x82\\1.png", true), "caf\u{82}/1.png");
        assert_eq!(of(b"a/b\\c", true), "a/b\\c");
    }
}
