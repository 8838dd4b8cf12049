//! Arrays and tables as people's programs write them.

use std::io::{Cursor, Write};

use super::*;

/// A `.npy`.
pub(super) fn numpy(kind: &str, is_by_columns: &str, shape: &str, bytes: &[u8]) -> Vec<u8> {
    let header =
        format!("{{'descr': '{kind}', 'fortran_order': {is_by_columns}, 'shape': {shape}, }}\n");
    let length = (header.len() as u16).to_le_bytes();
    [b"\x93NUMPY\x01\0", &length[..], header.as_bytes(), bytes].concat()
}

/// A `.npz` of arrays by their names.
fn packed(arrays: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut writer = ::zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, array) in arrays {
        let options = ::zip::write::SimpleFileOptions::default();
        writer.start_file(format!("{name}.npy"), options).unwrap();
        writer.write_all(array).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn pictures(count: usize) -> Vec<u8> {
    let pixels: Vec<u8> = (0..count * 16).map(|at| (at / 16) as u8 + 2).collect();
    numpy("|u1", "False", &format!("({count}, 4, 4)"), &pixels)
}

fn classes(count: usize) -> Vec<u8> {
    let said: Vec<u8> = (0..count).map(|at| at as u8 % 3).collect();
    numpy("|u1", "False", &format!("({count},)"), &said)
}

#[test]
fn of_three_parts_that_for_validation_is_left_aside_and_said() {
    let arrays = [("train", 42), ("val", 9), ("test", 12)].map(|(part, count)| {
        [
            (format!("{part}_images"), pictures(count)),
            (format!("{part}_labels"), classes(count)),
        ]
    });
    let arrays = arrays.concat();
    let arrays: Vec<_> = arrays
        .iter()
        .map(|(name, array)| (&**name, array.clone()))
        .collect();
    let mut dropped = Dropped::default();
    let data = dropped.add("med.npz", &packed(&arrays)).unwrap().unwrap();
    assert_eq!((data.facts.train, data.facts.test), (42, 12));
    let said: Vec<_> = dropped
        .remarks()
        .iter()
        .map(|one| (one.code, &*one.params["file"]))
        .collect();
    assert_eq!(said, [(Code::ValidationAside, "med.npz/val_images.npy")]);
    // Alone beside those for training they are for testing, as folders of that name are.
    let data = dropped_of(&packed(&arrays[..4])).unwrap();
    assert_eq!((data.facts.train, data.facts.test), (42, 9));
}

fn dropped_of(bytes: &[u8]) -> Option<Dataset> {
    Dropped::default().add("x.npz", bytes).unwrap()
}

#[test]
fn an_array_by_columns_is_the_array_by_rows() {
    let rows: Vec<u8> = (0..6 * 20).map(|at| at as u8).collect();
    // Place (i, j, k) of 6 × 4 × 5 is i + 6 · (j + 4 · k) then.
    let columns: Vec<u8> = (0..5)
        .flat_map(|k| (0..4).flat_map(move |j| (0..6).map(move |i| (i * 20 + j * 5 + k) as u8)))
        .collect();
    let of = |order: &str, bytes: &[u8]| {
        let x = numpy("|u1", order, "(6, 4, 5)", bytes);
        let data = dropped_of(&packed(&[("x", x), ("y", classes(6))])).unwrap();
        [Split::Train, Split::Test].map(|split| data.samples(split).clone())
    };
    assert_eq!(of("True", &columns), of("False", &rows));
    assert_ne!(of("True", &columns), of("True", &rows));
    // Half of it is named as that.
    let cut = numpy("|u1", "True", "(6, 4, 5)", &columns[..60]);
    let problem = Dropped::default().add("x.npy", &cut).unwrap_err();
    assert_eq!(problem.code, Code::Truncated);
    let huge = numpy("|u1", "True", "(99999999, 64, 64)", &columns);
    let problem = Dropped::default().add("x.npy", &huge).unwrap_err();
    assert_eq!(problem.code, Code::Expands);
}

#[test]
fn labels_may_be_words() {
    let words = ["猫", "dog", "猫", "7", "dog", "猫"];
    let unicode = |order: fn(u32) -> [u8; 4]| -> Vec<u8> {
        let signs = words.iter().flat_map(|word| {
            let mut signs: Vec<u32> = word.chars().map(u32::from).collect();
            signs.resize(3, 0);
            signs
        });
        signs.flat_map(order).collect()
    };
    for (kind, bytes) in [
        ("<U3", unicode(u32::to_le_bytes)),
        (">U3", unicode(u32::to_be_bytes)),
    ] {
        let y = numpy(kind, "False", "(6,)", &bytes);
        let data = dropped_of(&packed(&[("x", pictures(6)), ("y", y)])).unwrap();
        assert_eq!(data.facts.classes, ["7", "dog", "猫"], "{kind}");
    }
    let y = numpy("|S3", "False", "(6, 1)", b"catdogcatdogcatdog");
    let data = dropped_of(&packed(&[("x", pictures(6)), ("y", y)])).unwrap();
    assert_eq!(data.facts.classes, ["cat", "dog"]);
    let cut = numpy("<U3", "False", "(6,)", &[0; 5]);
    assert_eq!(
        Dropped::default().add("y.npy", &cut).unwrap_err().code,
        Code::Truncated
    );
}

#[test]
fn what_an_archive_lost_is_not_taken_from_another_and_a_file_of_no_use_is_said() {
    // Of the one the labels are no labels, of the other the images are no images.
    let halves = numpy("<f4", "False", "(9,)", &[0x3f; 36]);
    let first = packed(&[("x", pictures(9)), ("y", halves)]);
    let second = packed(&[
        ("x", numpy("|u1", "False", "(9, 4, 4, 4)", &[1; 576])),
        ("y", classes(9)),
    ]);
    let mut dropped = Dropped::default();
    assert!(dropped.add("first.npz", &first).unwrap().is_none());
    assert!(dropped.add("second.npz", &second).unwrap().is_none());
    // One that is whole is the set, and the others gave nothing to it.
    let whole = packed(&[("x", pictures(12)), ("y", classes(12))]);
    assert!(dropped.add("third.npz", &whole).unwrap().is_some());
    let unused = dropped
        .remarks()
        .iter()
        .filter(|one| one.code == Code::NotUsed);
    let unused: Vec<_> = unused.map(|one| &*one.params["file"]).collect();
    assert_eq!(unused, ["first.npz", "second.npz"]);
}

#[test]
fn a_table_without_names_has_its_label_where_the_classes_are() {
    // As `np.savetxt` writes digits: 16 greys at the rim, mostly none.
    let row = |at: usize| {
        let rim = if at.is_multiple_of(9) { at / 9 % 16 } else { 0 };
        let inner: String = (1..15)
            .map(|column| format!(",{}", (at * column) % 17))
            .collect();
        (at % 10, format!("{rim}{inner},{rim}"))
    };
    for is_first in [true, false] {
        let rows = (0..300).map(row).map(|(label, pixels)| match is_first {
            true => format!("{label},{pixels}\n"),
            false => format!("{pixels},{label}\n"),
        });
        let data = Dropped::default().add("digits.csv", rows.collect::<String>().as_bytes());
        assert_eq!(data.unwrap().unwrap().facts.classes.len(), 10, "{is_first}");
    }
    // A header names everything but the label by numbers.
    let header: String = (0..16).map(|at| format!(",pixel{at}")).collect();
    let rows: String = (0..30)
        .map(row)
        .map(|(label, pixels)| format!("\n{},{pixels}", label * 7))
        .collect();
    let data = Dropped::default().add("odd.csv", format!("species{header}{rows}").as_bytes());
    assert_eq!(data.unwrap().unwrap().facts.classes.len(), 10);
}
