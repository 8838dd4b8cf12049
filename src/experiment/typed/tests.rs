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
        // A sentence or a program goes on behind it.
        ("0.001,", false, Some(0.001)),
        ("0.001;", false, Some(0.001)),
        ("0.001.", false, Some(0.001)),
        ("0,001.", false, Some(0.001)),
        ("0.001，", false, Some(0.001)),
        ("0.001；", false, Some(0.001)),
        ("0.001。", false, Some(0.001)),
        ("0.001、", false, Some(0.001)),
        ("٠٫٠٠١،", false, Some(0.001)),
        ("1e-3,", false, Some(0.001)),
        ("5.e-3", false, Some(0.005)),
        ("60,000,", true, Some(60_000.0)),
        ("60.000.", true, Some(60_000.0)),
        ("0.001,.", false, None),
        ("12,,", false, Some(12.0)),
        ("\"0.001\"", false, Some(0.001)),
        // Marks of direction come along with what is copied.
        ("\u{200e}0.001\u{200f}", false, Some(0.001)),
        ("\u{202a}6\u{202e}4\u{202c}", true, Some(64.0)),
        ("\u{2066}-\u{2069}2", false, Some(-2.0)),
        ("\u{61c}٦٤", true, Some(64.0)),
        ("\u{feff}6\u{200b}4", true, Some(64.0)),
        // Powers.
        ("10^-3", false, Some(0.001)),
        ("10^−3", false, Some(0.001)),
        ("10^{-3}", false, Some(0.001)),
        ("10^(-3)", false, Some(0.001)),
        ("10**-3", false, Some(0.001)),
        ("10⁻³", false, Some(0.001)),
        ("10⁻³.", false, Some(0.001)),
        ("1·10⁻³", false, Some(0.001)),
        ("1⋅10−3", false, Some(0.001)),
        ("1,5 × 10⁻³", false, Some(0.0015)),
        ("1.5*10^-3", false, Some(0.0015)),
        ("3 x 10^-4", false, Some(0.0003)),
        ("3 \\cdot 10^{-4}", false, Some(0.0003)),
        ("3\\times10^{-4}", false, Some(0.0003)),
        ("1×10-3", false, Some(0.001)),
        ("6×10⁴", true, Some(60_000.0)),
        ("2^6", true, Some(64.0)),
        ("2⁶", true, Some(64.0)),
        ("2**-6", false, Some(0.015_625)),
        ("2^", true, None),
        ("^6", true, None),
        ("2^6^2", true, None),
        ("2^x", true, None),
        ("10^1.5", false, None),
        ("10-3", false, None),
        ("1×104", true, None),
        ("3x3", true, None),
        ("9^99999999", false, None),
        ("10^999", false, Some(f64::INFINITY)),
        // Words that multiply, and parts of a whole.
        ("60k", true, Some(60_000.0)),
        ("60 K", true, Some(60_000.0)),
        ("1.5k", true, Some(1_500.0)),
        ("0,5k", true, Some(500.0)),
        ("6万", true, Some(60_000.0)),
        ("６萬", true, Some(60_000.0)),
        ("60千", true, Some(60_000.0)),
        ("60 mil", true, Some(60_000.0)),
        ("60 mille", true, Some(60_000.0)),
        ("٦٠ ألف", true, Some(60_000.0)),
        ("k", true, None),
        ("k6", true, None),
        ("1ek", true, None),
        ("1/4", false, Some(0.25)),
        ("63.0/255.", false, Some(63.0 / 255.0)),
        ("1 ⁄ 1000", false, Some(0.001)),
        ("1/0", false, None),
        ("1/2/3", false, None),
        ("/2", false, None),
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
        ("[0.485, 0.456, 0.406];0.5;0.5;", colours.clone()),
        ("0,5;", Some(vec![0.5])),
        ("0.5", Some(vec![0.5])),
        ("mean=[0.5, 0.5, 0.5], std=[0.2, 0.2, 0.2]", None),
        ("(0.1307,)", Some(vec![0.1307])),
        ("(0.1307,);", Some(vec![0.1307])),
        ("0.1307,", Some(vec![0.1307])),
        ("np.array([0.485, 0.456, 0.406])", colours.clone()),
        (
            "np.array([0.485, 0.456, 0.406], dtype=np.float32)",
            colours.clone(),
        ),
        (
            "torch.tensor([0.485, 0.456, 0.406]).view(3, 1, 1)",
            colours.clone(),
        ),
        (
            "mean = torch.tensor([0.485, 0.456, 0.406], dtype=torch.float)",
            colours.clone(),
        ),
        (
            "tensor([[[0.485]],\n        [[0.456]],\n        [[0.406]]])",
            colours.clone(),
        ),
        ("[0.485 0.456 0.406]", colours.clone()),
        ("[0.485; 0.456; 0.406]", colours.clone()),
        ("(0,485; 0,456; 0,406)", colours.clone()),
        ("(0.485, 0.456, 0.406),", colours.clone()),
        ("٠٫٤٨٥، ٠٫٤٥٦، ٠٫٤٠٦", colours.clone()),
        ("np.array([0.485, 0.456, 0.406]);0.5;0.5;", colours.clone()),
        (
            "0.5;torch.tensor([0.485, 0.456, 0.406]);0.5;",
            colours.clone(),
        ),
        ("[x / 255.0 for x in [127.5, 51]]", Some(vec![0.5, 0.2])),
        ("[y / 255 for x in [127.5, 51]]", None),
        ("5(0.485, 0.456, 0.406)", None),
        ("np.zeros(", None),
        ("np.array", None),
        ("0.5;;0.5;", None),
        ("0.5;half;0.5;", None),
        ("", None),
        (";", None),
        ("()", None),
    ] {
        assert_eq!(numbers(text), expected, "{text:?}");
    }
}

#[test]
fn a_line_of_a_program_gives_mean_and_deviation() {
    let word = |text: &str| Value::Word(text.to_owned());
    let (grey, colour) = (
        [vec![0.1307], vec![0.3081]],
        [vec![0.4914, 0.4822, 0.4465], vec![0.247, 0.2435, 0.2616]],
    );
    for (text, [mean, std]) in [
        ("transforms.Normalize((0.1307,), (0.3081,))", &grey),
        ("transforms.Normalize((0.1307,), (0.3081,));", &grey),
        ("0.5transforms.Normalize((0.1307,), (0.3081,))", &grey),
        ("transforms.Normalize([0.1307], [0.3081]),", &grey),
        ("Normalize(0.1307, 0.3081)", &grey),
        ("Normalize((0.1307,), (0.3081,)", &grey),
        (
            "T.Normalize(mean=(0.1307,), std=(0.3081,), inplace=True)",
            &grey,
        ),
        ("v2.Normalize(std=[0.3081], mean=[0.1307])", &grey),
        ("Normalize((0.1307,), std=(0.3081,))", &grey),
        (
            "A.Normalize(mean=0.1307, std=0.3081, max_pixel_value=255.0)",
            &grey,
        ),
        (
            "transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.1307,), (0.3081,)),])",
            &grey,
        ),
        (
            "transform = transforms.Compose(\n  [transforms.RandomCrop(32, padding=4),\n   transforms.ToTensor(),\n   transforms.Normalize(mean=[0.4914, 0.4822, 0.4465], std=[0.247, 0.2435, 0.2616])])",
            &colour,
        ),
        (
            "transforms.Normalize((0.4914, 0.4822, 0.4465), (0.247, 0.2435, 0.2616));0.5;0.5;",
            &colour,
        ),
        (
            "mean = np.array([0.4914, 0.4822, 0.4465])\nstd = np.array([0.247, 0.2435, 0.2616])",
            &colour,
        ),
        (
            "mean = (0.4914, 0.4822, 0.4465)std = (0.247, 0.2435, 0.2616)",
            &colour,
        ),
        (
            "MEAN = torch.tensor([0.4914, 0.4822, 0.4465]); STD = torch.tensor([0.247, 0.2435, 0.2616])",
            &colour,
        ),
        (
            "\"image_mean\": [0.4914, 0.4822, 0.4465], \"image_std\": [0.247, 0.2435, 0.2616],",
            &colour,
        ),
        (
            "0.5;(0.4914, 0.4822, 0.4465), (0.247, 0.2435, 0.2616);0.5;",
            &colour,
        ),
        ("(0.1307,), (0.3081,)", &grey),
        ("Normalize（（0.1307，），（0.3081，））", &grey),
        (
            "transforms.Normalize(mean=[x/255.0 for x in [51, 102]], std=[x/255.0 for x in [127.5, 25.5]])",
            &[vec![0.2, 0.4], vec![0.5, 0.1]],
        ),
    ] {
        for key in ["mean", "std"] {
            let found = meant(key, &word(text));
            let numbers = |key: &str| found.get(key).cloned();
            assert_eq!(
                numbers("mean"),
                Some(Value::Numbers(mean.clone())),
                "{key}: {text}"
            );
            assert_eq!(
                numbers("std"),
                Some(Value::Numbers(std.clone())),
                "{key}: {text}"
            );
        }
        // In another field it is what it is.
        assert_eq!(
            meant("lr", &word(text)),
            [("lr".to_owned(), word(text))].into()
        );
    }
    for text in [
        "0.5",
        "(0.5, 0.25, 0.125)",
        "0.5;0.25;0.125;",
        "mean=[0.5, 0.5, 0.5]",
        "transforms.Normalize((0.5,))",
        "transforms.Normalize(mean, std)",
        "transforms.Normalize((0.5, half), (0.5, 0.5))",
        "transforms.Normalize((1e999,), (0.5,))",
        "Normalize(",
        "(0.1), (0.2), (0.3)",
        "mean=std=",
    ] {
        assert_eq!(
            meant("mean", &word(text)),
            [("mean".to_owned(), word(text))].into()
        );
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
        fn no_program_stops_it(text in "(Normalize|mean|std|[(){}\\[\\],;:=/ .0-9^xk万·⁻³]){0,12}") {
            let _ = (number(&text, true), numbers(&text), meant("mean", &Value::Word(text)));
        }

        #[test]
        fn no_text_stops_it(text: String) {
            let _ = (number(&text, true), number(&text, false), numbers(&text));
            let _ = meant("std", &Value::Word(text));
        }
    }
}
