use super::*;

#[test]
fn layers_in_lines_or_with_spaces_get_commas() {
    for (text, expected) in [
        ("conv8\nrelu\r\n  flatten\nfc", "conv8,relu,flatten,fc"),
        ("conv8 relu  max", "conv8,relu,max"),
        ("conv8,\n  relu ,max", "conv8,relu,max"),
        ("conv 8, add ( relu ; id )", "conv8,add(relu;id)"),
        ("add(conv8)\n2x(relu,conv8)", "add(conv8),2x(relu,conv8)"),
        ("Conv8 k5\n", "conv8,k5"),
    ] {
        assert_eq!(layers(text), expected, "{text:?}");
    }
}

#[test]
fn numbers_are_read_as_people_write_them() {
    for (text, whole, expected) in [
        ("0.001", false, Some(0.001)),
        ("0,001", false, Some(0.001)),
        ("0。001", false, Some(0.001)),
        ("０．００１", false, Some(0.001)),
        ("１２", true, Some(12.0)),
        ("٠٫٠٠١", false, Some(0.001)),
        ("۱۲", true, Some(12.0)),
        ("१२", true, Some(12.0)),
        ("1e-3", false, Some(0.001)),
        ("1e−3", false, Some(0.001)),
        ("１Ｅ－３", false, Some(0.001)),
        ("1,5e-3", false, Some(0.0015)),
        ("−2", false, Some(-2.0)),
        ("–2", false, Some(-2.0)),
        ("+2", false, Some(2.0)),
        (" 5 ", true, Some(5.0)),
        ("\u{3000}5\u{a0}", true, Some(5.0)),
        (".5", false, Some(0.5)),
        (",5", false, Some(0.5)),
        ("5.", false, Some(5.0)),
        ("60,000", true, Some(60_000.0)),
        ("60.000", true, Some(60_000.0)),
        ("60 000", true, Some(60_000.0)),
        ("60\u{202f}000", true, Some(60_000.0)),
        ("60’000", true, Some(60_000.0)),
        ("60_000", true, Some(60_000.0)),
        ("1,234,567", true, Some(1_234_567.0)),
        ("1.234.567", false, Some(1_234_567.0)),
        ("1,234.5", false, Some(1234.5)),
        ("1.234,5", false, Some(1234.5)),
        ("60.000", false, Some(60.0)),
        ("0.500", true, Some(0.5)),
        ("10.5", true, Some(10.5)),
        ("", false, None),
        ("fast", false, None),
        ("1,2,3", false, None),
        ("1,23,456", false, None),
        ("1 2", false, None),
        ("1.2.3", false, None),
        ("12,", false, Some(12.0)),
        (",", false, None),
        ("-", false, None),
        ("--1", false, None),
        ("1e", false, None),
        ("1e1.5", false, None),
        ("1%", false, Some(0.01)),
        ("7 %", false, Some(0.07)),
        ("２．５％", false, Some(0.025)),
        ("12,5٪", false, Some(0.125)),
        ("-3%", false, Some(-0.03)),
        ("1e-1%", false, None),
        ("10%", true, None),
        ("%", false, None),
        ("1%%", false, None),
        ("1% or 2%", false, None),
        ("1e400", false, Some(f64::INFINITY)),
        ("1e99999999999999999999", false, Some(f64::INFINITY)),
        ("1e-99999999999999999999", false, Some(0.0)),
        ("-1e400", false, Some(f64::NEG_INFINITY)),
        ("inf", false, None),
        ("∞", false, None),
        ("nan", false, None),
        ("0x10", false, None),
    ] {
        assert_eq!(number(text, whole), expected, "{text:?}, whole: {whole}");
    }
}

#[test]
fn lists_are_read_from_links_fields_and_programs() {
    let colours = Some(vec![0.485, 0.456, 0.406]);
    for (text, expected) in [
        ("0.485,0.456,0.406", colours.clone()),
        ("(0.485, 0.456, 0.406)", colours.clone()),
        ("mean=[0.485, 0.456, 0.406]", colours.clone()),
        ("0.485 0.456 0.406", colours.clone()),
        ("0,485;0,456;0,406;", colours.clone()),
        ("[0.485, 0.456, 0.406];0.5;0.5;", colours),
        ("0,5;", Some(vec![0.5])),
        ("0.5", Some(vec![0.5])),
        ("mean=[0.5, 0.5, 0.5], std=[0.2, 0.2, 0.2]", None),
        ("0.5;;0.5;", None),
        ("0.5;half;0.5;", None),
        ("", None),
        (";", None),
        ("()", None),
    ] {
        assert_eq!(numbers(text), expected, "{text:?}");
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod properties {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_number_comes_back_as_it_was_written(number in -1e12_f64..1e12, digits in 0_usize..9) {
            // Three decimals could be a group of thousands in a field of whole numbers only.
            let text = format!("{number:.digits$}");
            prop_assert_eq!(super::number(&text, false), text.parse().ok());
            prop_assert_eq!(super::number(&format!("{number:e}"), false), Some(number));
        }

        #[test]
        fn wide_digits_and_a_comma_say_the_same(units in 0_u32..1_000, tenths in 0_u32..100) {
            let text = format!("{units}.{tenths:02}");
            let wide: String = text.chars().map(|char| match char {
                '.' => '，',
                digit => char::from_u32(u32::from(digit) + 0xfee0).unwrap_or(digit),
            }).collect();
            prop_assert_eq!(super::number(&wide, false), text.parse().ok());
        }

        #[test]
        fn thousands_are_grouped_in_any_way(number in 1_000_u32..=u32::MAX, mark in "[., '’_\u{a0}]") {
            let digits = number.to_string();
            let mut text = String::new();
            for (at, digit) in digits.chars().enumerate() {
                if at > 0 && (digits.len() - at).is_multiple_of(3) {
                    text += &mark;
                }
                text.push(digit);
            }
            prop_assert_eq!(super::number(&text, true), Some(f64::from(number)));
        }

        #[test]
        fn no_text_stops_it(text: String) {
            let _ = (number(&text, true), number(&text, false), numbers(&text));
        }
    }
}
