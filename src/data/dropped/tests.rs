//! Files in any order, twice, sorted by class, too few, and of which some do not belong together.

use super::*;
use crate::data::formats::idx;
use crate::data::{Samples, Split};
use crate::data::{album, picture};

mod brought;

use brought::numpy;

/// Images whose first pixel tells which they are.
fn images(count: u32) -> Vec<u8> {
    let header = [idx::IMAGES_MAGIC, count, 4, 4]
        .into_iter()
        .flat_map(u32::to_be_bytes);
    header
        .chain((0..count * 16).map(|i| (i / 16) as u8))
        .collect()
}

fn labels_of(labels: &[u8]) -> Vec<u8> {
    let header = [idx::LABELS_MAGIC, labels.len() as u32]
        .into_iter()
        .flat_map(u32::to_be_bytes);
    header.chain(labels.iter().copied()).collect()
}

fn labels(count: u32) -> Vec<u8> {
    labels_of(&(0..count).map(|i| i as u8 % 3).collect::<Vec<_>>())
}

/// What these files come to in this order.
fn dropped(files: &[(&str, Vec<u8>)]) -> Result<Option<Dataset>> {
    let mut dropped = Dropped::default();
    let mut last = Ok(None);
    for (name, bytes) in files {
        last = dropped.add(name, bytes);
    }
    last
}

fn sizes(files: &[(&str, Vec<u8>)]) -> (usize, usize) {
    let facts = dropped(files).unwrap().unwrap().facts;
    (facts.train, facts.test)
}

#[test]
fn one_pair_keeps_a_seventh_for_testing() {
    let mut dropped = Dropped::default();
    assert!(dropped.add("images", &images(70)).unwrap().is_none());
    let data = dropped.add("labels", &labels(70)).unwrap().unwrap();
    assert_eq!(
        (data.facts.train, data.facts.test, data.facts.classes.len()),
        (60, 10, 3)
    );
}

#[test]
fn what_waits_for_labels_is_bounded() {
    let mut dropped = Dropped::default();
    for count in 1..=64 {
        assert!(dropped.add("images", &images(count)).unwrap().is_none());
    }
    let problem = dropped.add("one more", &images(65)).unwrap_err();
    assert_eq!(
        (problem.code, &*problem.params["file"]),
        (Code::TooManySets, "one more")
    );
    // Those that wait still find theirs.
    assert_eq!(dropped.parts.len(), 64);
    dropped.parts.pop();
    assert!(dropped.add("labels", &labels(8)).unwrap().is_some());
}

#[test]
fn of_two_pairs_the_larger_one_is_for_training() {
    let files = [
        ("a", images(20)),
        ("b", labels(50)),
        ("c", images(50)),
        ("d", labels(20)),
    ];
    assert_eq!(sizes(&files), (50, 20));
}

#[test]
fn names_say_what_is_for_training_and_which_labels_belong_to_which_images() {
    let forward: Vec<u8> = (0..10).collect();
    let backward: Vec<u8> = (0..10).rev().collect();
    let files = [
        ("t10k-labels-idx1-ubyte", labels_of(&backward)),
        ("t10k-images-idx3-ubyte", {
            let mut other = images(10);
            other[17] = 200;
            other
        }),
        ("train-images-idx3-ubyte", images(10)),
        ("train-labels-idx1-ubyte", labels_of(&forward)),
    ];
    for turn in 0..4 {
        let mut files = files.clone();
        files.rotate_left(turn);
        let data = dropped(&files).unwrap().unwrap();
        for (split, reversed) in [(Split::Train, false), (Split::Test, true)] {
            let samples = data.samples(split);
            for at in 0..samples.len() {
                let which = samples.image(at)[0];
                let label = if reversed { 9 - which } else { which };
                assert_eq!(samples.labels[at], label, "{split:?} {turn}");
            }
        }
    }
}

#[test]
fn the_same_file_twice_counts_once() {
    let eight = [
        ("t10k-images-idx3-ubyte", images(14)),
        ("t10k-images-idx3-ubyte.gz", images(14)),
        ("t10k-labels-idx1-ubyte", labels(14)),
        ("t10k-labels-idx1-ubyte.gz", labels(14)),
        ("train-images-idx3-ubyte", images(70)),
        ("train-images-idx3-ubyte (1).gz", images(70)),
        ("train-labels-idx1-ubyte", labels(70)),
        ("train-labels-idx1-ubyte.gz", labels(70)),
    ];
    assert_eq!(sizes(&eight), (70, 14));
    assert_eq!(sizes(&eight[..3]), (11, 3));
}

#[test]
fn two_sets_with_the_same_labels_keep_both() {
    let files = [
        ("train-images", images(20)),
        ("train-labels", labels(20)),
        ("test-labels", labels(20)),
        ("test-images", {
            let mut other = images(20);
            other[16] = 99;
            other
        }),
    ];
    assert_eq!(sizes(&files), (20, 20));
}

#[test]
fn a_set_that_is_sorted_by_class_has_every_class_in_both_parts_and_anywhere() {
    let sorted: Vec<u8> = (0..140).map(|at| at / 14).collect();
    let files = [("images", images(140)), ("labels", labels_of(&sorted))];
    let data = dropped(&files).unwrap().unwrap();
    let counts = |split| {
        let labels = &data.samples(split).labels;
        (0..10)
            .map(|class| labels.iter().filter(|&&label| label == class).count())
            .collect::<Vec<_>>()
    };
    assert_eq!(counts(Split::Train), [12; 10]);
    assert_eq!(counts(Split::Test), [2; 10]);
    let head: std::collections::BTreeSet<_> =
        data.samples(Split::Train).labels[..60].iter().collect();
    assert_eq!(head.len(), 10);
    assert!(data.facts.untrained.is_empty() && data.facts.untested.is_empty());
    let again = dropped(&files).unwrap().unwrap();
    assert_eq!(again.samples(Split::Train), data.samples(Split::Train));
}

#[test]
fn a_class_that_one_part_lacks_is_named() {
    let mut one_alone = vec![0; 20];
    one_alone[7] = 2;
    let data = dropped(&[("images", images(20)), ("labels", labels_of(&one_alone))]);
    let facts = data.unwrap().unwrap().facts;
    // Nobody has an image of class 1, so that none is missing.
    assert_eq!(
        (facts.untrained.len(), facts.untested),
        (0, vec!["2".to_owned()])
    );
}

#[test]
fn few_images_train_down_to_two() {
    let pair = |count| [("images", images(count)), ("labels", labels(count))];
    assert_eq!(sizes(&pair(5)), (3, 2));
    assert_eq!(sizes(&pair(2)), (1, 1));
    let problem = dropped(&pair(1)).unwrap_err();
    assert_eq!(
        (problem.code, &*problem.params["needed"]),
        (Code::TooFewImages, "2")
    );
}

#[test]
fn a_pair_that_does_not_match_is_named_with_both_counts() {
    let files = [("train-images", images(20)), ("train-labels", labels(14))];
    let problem = dropped(&files).unwrap_err();
    assert_eq!(problem.code, Code::PairDiffers);
    let said =
        ["images_file", "images", "labels_file", "labels"].map(|name| &*problem.params[name]);
    assert_eq!(said, ["train-images", "20", "train-labels", "14"]);
    // The labels were forgotten: the right ones complete the set.
    let right = [&files[..], &[("train-labels", labels(20))]].concat();
    assert_eq!(sizes(&right), (17, 3));
    // Other names may still find others to go with.
    let mut unnamed = Dropped::default();
    for (name, bytes) in [("a", images(20)), ("b", labels(14))] {
        assert!(unnamed.add(name, &bytes).unwrap().is_none());
    }
    assert_eq!(unnamed.mismatch().unwrap().code, Code::PairDiffers);
    assert!(unnamed.add("c", &labels(20)).unwrap().is_some());
    assert_eq!(unnamed.mismatch(), None);
}

/// A table of 4×4 images, with labels or without.
fn table(rows: usize, labels: bool) -> Vec<u8> {
    let label = |text: String| if labels { text } else { String::new() };
    let pixels = (0..16).map(|at| format!("pixel{at}"));
    let mut text = label("label,".to_owned()) + &pixels.collect::<Vec<_>>().join(",");
    for row in 0..rows {
        let pixels: Vec<String> = (0..16).map(|at| (row * 5 % 200 + at).to_string()).collect();
        text += &format!("\n{}{}", label(format!("{},", row % 3)), pixels.join(","));
    }
    text.into_bytes()
}

#[test]
fn images_without_labels_beside_a_whole_set_are_named_and_no_labels_are_invented_for_them() {
    // What Kaggle packs: tables to learn from and to answer, and an example of an answer, all zeros.
    let answers = (1..=14).map(|at| format!("\n{at},0")).collect::<String>();
    let files = [
        (
            "d.zip/sample_submission.csv",
            format!("ImageId,Label{answers}").into_bytes(),
        ),
        ("d.zip/test.csv", table(14, false)),
        ("d.zip/train.csv", table(28, true)),
    ];
    for turn in 0..3 {
        let mut files = files.clone();
        files.rotate_left(turn);
        let mut dropped = Dropped::default();
        let mut data = None;
        for (name, bytes) in &files {
            data = dropped.add(name, bytes).unwrap().or(data);
        }
        let facts = data.unwrap().facts;
        assert_eq!((facts.train, facts.test), (24, 4), "{turn}");
        let alone = dropped.remarks().iter();
        let alone: BTreeSet<_> = alone.map(|one| (one.code, &*one.params["file"])).collect();
        let expected = [
            (Code::ImagesAlone, "d.zip/test.csv"),
            (Code::LabelsAlone, "d.zip/sample_submission.csv"),
        ];
        assert_eq!(alone, BTreeSet::from(expected));
    }
}

#[test]
fn a_third_set_is_named_and_the_two_stay() {
    let mut dropped = Dropped::default();
    for count in [20, 14, 30] {
        let _ = dropped
            .add(&format!("images of {count}"), &images(count))
            .unwrap();
    }
    for count in [20, 14] {
        let _ = dropped
            .add(&format!("labels of {count}"), &labels(count))
            .unwrap();
    }
    let problem = dropped.add("labels of 30", &labels(30)).unwrap_err();
    assert_eq!(
        (problem.code, &*problem.params["file"]),
        (Code::TooManySets, "images of 30")
    );
    let data = dropped.add("labels of 20", &labels(20)).unwrap().unwrap();
    assert_eq!((data.facts.train, data.facts.test), (20, 14));
}

/// A `.npy` of bytes.
fn array(shape: &str, bytes: &[u8]) -> Vec<u8> {
    numpy("|u1", "False", shape, bytes)
}

#[test]
fn drawings_in_files_of_their_own_are_a_class_each_unless_there_are_labels() {
    let drawings =
        |count: usize, shade: u8| array(&format!("({count}, 16)"), &vec![shade; 16 * count]);
    let mut files = vec![("full_numpy_bitmap_cat.npy", drawings(14, 50))];
    assert!(dropped(&files).unwrap().is_none());
    files.push(("ice%20cream.npy", drawings(21, 90)));
    let data = dropped(&files).unwrap().unwrap();
    assert_eq!(data.facts.classes, ["cat", "ice cream"]);
    let train = data.samples(Split::Train);
    let shades = (0..train.len()).map(|at| train.image(at)[0]);
    assert!(
        shades
            .zip(&train.labels)
            .all(|(shade, &label)| shade == [50, 90][usize::from(label)])
    );
    // A file that says that it has labels is waited for.
    files.push(("labels.npy", array("(21,)", &[1; 21])));
    files.push(("other-labels.npy", array("(14,)", &[0; 14])));
    assert_eq!(sizes(&files), (21, 14));
}

#[test]
fn parts_of_one_kind_are_one_set_and_names_of_classes_come_from_a_list() {
    let batch = |label: u8| [&[label], &[label; 3_072][..]].concat().repeat(3);
    let files = [
        ("data_batch_1.bin", batch(0)),
        ("data_batch_2.bin", batch(9)),
        ("test_batch.bin", batch(9)),
    ];
    let facts = dropped(&files).unwrap().unwrap().facts;
    assert_eq!((facts.train, facts.test), (6, 3));
    assert_eq!(facts.classes, ["airplane", "truck"]);
    assert_eq!(facts.untested, ["airplane"]);
    let files = [
        ("my-images", images(9)),
        ("my-labels", labels(9)),
        ("classes.txt", b"circle\nsquare\nstar\n".to_vec()),
    ];
    for turn in 0..3 {
        let mut files = files.clone();
        files.rotate_left(turn);
        assert_eq!(
            dropped(&files).unwrap().unwrap().facts.classes,
            ["circle", "square", "star"]
        );
    }
}

#[test]
fn more_than_is_held_is_an_even_share_and_said() {
    // 160,000 images of a class each, sorted: of each half the same number is left.
    let count = 160_000;
    let rows: Vec<u8> = (0..count)
        .flat_map(|at| [u8::from(at >= count / 2); 16])
        .collect();
    let said: Vec<u8> = (0..count).map(|at| u8::from(at >= count / 2)).collect();
    let mut dropped = Dropped::default();
    let added = dropped.add("x.npy", &array(&format!("({count}, 16)"), &rows));
    assert!(added.unwrap().is_none());
    let labels = array(&format!("({count},)"), &said);
    let data = dropped.add("y.npy", &labels).unwrap().unwrap();
    let all = [Split::Train, Split::Test].map(|split| data.samples(split));
    assert_eq!(all.map(Samples::len).iter().sum::<usize>(), 70_000);
    for samples in all {
        let matches = |at: usize| samples.image(at)[0] == 255 * samples.labels[at];
        assert!((0..samples.len()).all(matches));
    }
    let ones: usize = all
        .iter()
        .flat_map(|samples| &samples.labels)
        .map(|&label| usize::from(label))
        .sum();
    assert_eq!(ones, 35_000);
    let remark = &dropped.remarks()[0];
    assert_eq!(
        (
            remark.code,
            &*remark.params["found"],
            &*remark.params["used"]
        ),
        (Code::Thinned, "160000", "70000")
    );
}

#[test]
fn an_album_has_every_class_in_both_parts_or_the_parts_of_its_folders() {
    let form = album::ImageForm {
        edge: 16,
        fit: picture::Framing::Crop,
        colour: false,
    };
    let file = |count: usize, test_from: usize| {
        let mut album = album::Album::new(form).unwrap();
        for at in 0..count {
            let class = ["cat", "dog", "猫"][at % 3];
            let part = (at >= test_from).then_some(Split::Test);
            album
                .add(class, part, &vec![at as u8; 16 * 16 * 4])
                .unwrap();
        }
        album.write().unwrap()
    };
    let data = dropped(&[("own", file(12, 99))]).unwrap().unwrap();
    assert_eq!(data.facts.classes, ["cat", "dog", "猫"]);
    assert_eq!((data.facts.train, data.facts.test), (9, 3));
    assert!(data.facts.untested.is_empty() && data.facts.untrained.is_empty());
    let data = dropped(&[("own", file(12, 10))]).unwrap().unwrap();
    assert_eq!((data.facts.train, data.facts.test), (10, 2));
    assert_eq!(data.facts.untested, ["cat"]);
    // The same file is the same set, sample for sample.
    let again = dropped(&[("other name", file(12, 10))]).unwrap().unwrap();
    assert_eq!(again.samples(Split::Train), data.samples(Split::Train));
}
