//! Tables, and the letters that texts are written in.

use super::*;

#[test]
fn a_table_says_where_it_is_wrong() {
    let row = |label: &str, pixels: usize| format!("{label}{}\n", ",7".repeat(pixels));
    let table = |rows: &[String]| rows.concat().into_bytes();
    let good = || vec![row("0", 16), row("1", 16), row("0", 16)];
    assert_eq!(open("t.csv", &table(&good())).unwrap().parts.len(), 1);
    let mut short = good();
    short[2] = row("0", 15);
    let problem_ = problem("t.csv", &table(&short));
    assert_eq!(
        (
            problem_.code,
            &*problem_.params["row"],
            &*problem_.params["found"]
        ),
        (Code::BadRow, "3", "16")
    );
    let mut word = good();
    word[1] = word[1].replacen(",7,", ",seven,", 1);
    let problem_ = problem("t.csv", &table(&word));
    assert_eq!(
        (
            problem_.code,
            &*problem_.params["row"],
            &*problem_.params["column"]
        ),
        (Code::BadCell, "2", "2")
    );
    let odd = problem("t.csv", b"label,pixel0,pixel1\n1,0,255\n");
    assert_eq!((odd.code, &*odd.params["columns"]), (Code::UnfitTable, "3"));
    let mut endless = good();
    endless[2] = format!("{}\n", "1".repeat(10_000));
    assert_eq!(problem("t.csv", &table(&endless)).code, Code::LongCell);
    let quoted = table(&[
        "\"label\",".to_owned() + &"\"p\",".repeat(15) + "\"p\"\n",
        row("\"3\"", 16),
        row("3", 16),
    ]);
    assert_eq!(open("t.csv", &quoted).unwrap().parts.len(), 1);
    let mut empty = good();
    empty[1] = row("", 16);
    let problem_ = problem("t.csv", &table(&empty));
    assert_eq!(
        (problem_.code, &*problem_.params["row"]),
        (Code::NoLabel, "2")
    );
}

#[test]
fn a_table_may_have_decimal_commas_between_semicolons_or_tabs() {
    let row = |label: &str, comma: &str, delimiter: &str| {
        let pixels = (0..16).map(|at| format!("0{comma}{at:02}"));
        let fields: Vec<_> = std::iter::once(label.to_owned()).chain(pixels).collect();
        fields.join(delimiter) + "\n"
    };
    let table = |comma: &str, delimiter: &str| -> Content {
        let rows = ["3", "4", "3"]
            .map(|label| row(label, comma, delimiter))
            .concat();
        let opened = open("t.csv", rows.as_bytes()).unwrap();
        opened.parts[0].content.clone()
    };
    let plain = table(".", ",");
    assert!(
        matches!(&plain, Content::Samples(images, _) if images.pixels[1] > 0),
        "{plain:?}"
    );
    for delimiter in [";", "\t"] {
        assert_eq!(table(",", delimiter), plain);
        assert_eq!(table(".", delimiter), plain);
    }
    let quoted = ["3", "4"]
        .map(|label| row(&format!("\"{label},a;b\""), ",", ";"))
        .concat();
    let opened = open("t.csv", quoted.as_bytes()).unwrap();
    assert!(
        matches!(&opened.parts[0].content, Content::Samples(_, labels) if labels.classes.len() == 2)
    );
}

/// A table with these two labels, a row each.
fn table_of(labels: [&[u8]; 2], between: &str, end: &str) -> Vec<u8> {
    let pixels = format!("{between}7").repeat(16);
    let row = |label: &[u8]| [label, pixels.as_bytes(), end.as_bytes()].concat();
    labels.map(row).concat()
}

fn read_as(name: &str, bytes: &[u8]) -> Result<Content> {
    super::super::open(name, bytes, Some(DECODER)).map(|mut opened| opened.parts.remove(0).content)
}

fn utf16(text: &[u8], order: fn(u16) -> [u8; 2]) -> Vec<u8> {
    let text = std::str::from_utf8(text).unwrap();
    text.encode_utf16().flat_map(order).collect()
}

#[test]
fn a_table_is_read_in_the_letters_that_programs_write() {
    let utf8 = table_of(["猫".as_bytes(), "狗".as_bytes()], "\t", "\r\n");
    let plain = read_as("t.csv", &utf8);
    let Ok(Content::Samples(images, labels)) = &plain else {
        panic!("{plain:?}");
    };
    let names = ["猫", "狗"].map(|name| Class::Name(name.to_owned()));
    assert_eq!((images.len(), labels.classes.len()), (2, 2));
    assert!(names.iter().all(|name| labels.classes.contains(name)));
    let marked = [b"\xef\xbb\xbf", &utf8[..]].concat();
    // What Excel calls Unicode text, and the same the other way round.
    let little = [b"\xff\xfe", &utf16(&utf8, u16::to_le_bytes)[..]].concat();
    let big = [b"\xfe\xff", &utf16(&utf8, u16::to_be_bytes)[..]].concat();
    let chinese = table_of([b"\xc3\xa8", b"\xb9\xb7"], "\t", "\r\n");
    for written in [marked, little, big, chinese] {
        assert_eq!(read_as("t.csv", &written), plain, "{written:?}");
    }
    let digits = table_of([b"3", b"4"], ",", "\n");
    let plain = read_as("t.csv", &digits);
    for order in [u16::to_le_bytes, u16::to_be_bytes] {
        assert_eq!(read_as("t.csv", &utf16(&digits, order)), plain);
    }
}

#[test]
fn letters_that_may_be_several_are_named() {
    // Größe and Füße as Western Europe writes them; the first half of a letter.
    let western = table_of([b"Gr\xf6\xdfe", b"F\xfc\xdfe"], ";", "\n");
    let broken = table_of([b"\xe7\x8c", b"cat"], ";", "\n");
    for text in [western, broken] {
        let problem = read_as("t.csv", &text).unwrap_err();
        assert_eq!(
            (problem.code, &*problem.params["file"]),
            (Code::UnknownLetters, "t.csv")
        );
    }
    // Where nobody reads it.
    let chinese = table_of([b"\xc3\xa8", b"\xb9\xb7"], ";", "\n");
    assert_eq!(problem("t.csv", &chinese).code, Code::UnknownLetters);
    assert_eq!(
        problem("classes.txt", b"\xb9\xb7\n").code,
        Code::UnknownLetters
    );
}

#[test]
fn a_list_of_names_is_read_in_the_letters_that_programs_write() {
    let utf8 = "猫\r\n狗\r\n".as_bytes();
    let names = Ok(Content::Names(vec!["猫".to_owned(), "狗".to_owned()]));
    let marked = [b"\xef\xbb\xbf", utf8].concat();
    let little = [b"\xff\xfe", &utf16(utf8, u16::to_le_bytes)[..]].concat();
    for written in [utf8.to_vec(), marked, little] {
        assert_eq!(read_as("classes.txt", &written), names);
    }
    let one = Ok(Content::Names(vec!["狗".to_owned()]));
    assert_eq!(read_as("classes.txt", b"\xb9\xb7"), one);
}

#[test]
fn a_carriage_return_alone_ends_a_row() {
    let labels: [&[u8]; 2] = [b"3", b"4"];
    let plain = read_as("t.csv", &table_of(labels, ",", "\n"));
    assert_eq!(read_as("t.csv", &table_of(labels, ",", "\r")), plain);
    // A header, and one row: of none of them would be kept.
    let header = [b"label".to_vec(), b",p".repeat(16), b"\r".to_vec()].concat();
    let one = [&header, &table_of(labels, ",", "\r")[..]].concat();
    assert_eq!(read_as("t.csv", &one), plain);
}

#[test]
fn a_header_that_only_counts_its_columns_is_no_image() {
    let rows: String = (0..4)
        .map(|row| format!("{}{}\n", row % 2, format!(",{}", 4 * row).repeat(16)))
        .collect();
    let numbered: String = (0..)
        .zip(rows.lines())
        .map(|(at, row)| format!("{at},{row}\n"))
        .collect();
    let count = |from: usize| {
        let names: Vec<_> = (from..from + 17).map(|name| name.to_string()).collect();
        names.join(",") + "\n"
    };
    let plain = read_as("t.csv", rows.as_bytes()).unwrap();
    for text in [
        count(0) + &rows,
        count(1) + &rows,
        format!(",{}{numbered}", count(0)),
    ] {
        assert_eq!(read_as("t.csv", text.as_bytes()).unwrap(), plain, "{text}");
    }
}
