//! Data sets in the formats that people bring, as NumPy, pandas, scikit-learn, torchvision, Keras and Python write them: each
//! opens, and is what those libraries say that it is. `tests/fixtures/own.py` and `writers.py` make them.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should fail")]

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use cnn_playground::base::{MAX_CLASSES, MAX_SAMPLES, SIDES, digest};
use cnn_playground::data::album::{Album, ImageForm};
use cnn_playground::data::dropped::Dropped;
use cnn_playground::data::open::{FileKind, JUDGED, judge};
use cnn_playground::data::picture::Framing;
use cnn_playground::data::sorted::sorted;
use cnn_playground::data::{Dataset, Split};
use cnn_playground::data::{formats, limits};
use serde::Deserialize;

/// What the libraries say of a set.
#[derive(Deserialize)]
struct Expected {
    files: Vec<String>,
    /// Channels, height, width.
    shape: [usize; 3],
    /// The sum of all pixels of each channel, and of all first rows.
    sums: Vec<u64>,
    rows: u64,
    /// How many samples each class has.
    counts: BTreeMap<String, usize>,
    /// How many are for training; where there is one set only, a seventh is for testing.
    train: Option<usize>,
}

/// The folders of the files.
const FOLDERS: [&str; 2] = ["own", "writers"];

fn folder(name: &str) -> PathBuf {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    fixtures.join(name)
}

fn file(name: &str) -> Vec<u8> {
    let mut paths = FOLDERS.iter().map(|of| folder(of).join(name));
    fs::read(paths.find(|path| path.exists()).unwrap()).unwrap()
}

fn expected() -> BTreeMap<String, Expected> {
    let of = |name: &&str| -> BTreeMap<String, Expected> {
        serde_json::from_slice(&fs::read(folder(name).join("expected.json")).unwrap()).unwrap()
    };
    FOLDERS.iter().flat_map(of).collect()
}

/// Whether a set is an archive of pictures, which a browser decodes.
fn is_of_pictures(name: &str) -> bool {
    name.contains("folder, ") || name.contains("pictures")
}

fn drop_all<'a>(files: impl Iterator<Item = &'a String>) -> Dataset {
    let mut dropped = Dropped::default();
    let mut data = None;
    for file in files {
        let bytes = self::file(file);
        let judged = judge(file, bytes.len() as u64, &bytes[..bytes.len().min(JUDGED)]);
        assert!(
            matches!(judged, Ok(FileKind::Data | FileKind::Archive)),
            "{file}"
        );
        let added = dropped.add(file, &bytes);
        data = added
            .unwrap_or_else(|problem| panic!("{file}: {problem}"))
            .or(data);
        assert_eq!(dropped.left_out(), [], "{file}");
    }
    assert_eq!(dropped.remarks(), []);
    data.unwrap()
}

fn check(name: &str, expected: &Expected, data: &Dataset) {
    let facts = &data.facts;
    assert_eq!(facts.check(name), Ok(()), "{name}");
    let shape = [facts.shape.channels, facts.shape.height, facts.shape.width];
    assert_eq!(shape, expected.shape, "{name}");
    let mut sums = vec![0; shape[0]];
    let mut rows = 0;
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for split in [Split::Train, Split::Test] {
        let samples = data.samples(split);
        for (at, &label) in samples.labels.iter().enumerate() {
            *counts
                .entry(facts.classes[usize::from(label)].clone())
                .or_default() += 1;
            for (sum, plane) in sums
                .iter_mut()
                .zip(samples.image(at).chunks_exact(facts.shape.area()))
            {
                *sum += plane.iter().map(|&pixel| u64::from(pixel)).sum::<u64>();
                rows += plane[..facts.shape.width]
                    .iter()
                    .map(|&pixel| u64::from(pixel))
                    .sum::<u64>();
            }
        }
    }
    assert_eq!(counts, expected.counts, "{name}");
    assert_eq!(
        (sums, rows),
        (expected.sums.clone(), expected.rows),
        "{name}"
    );
    let all: usize = counts.values().sum();
    let held_out = expected
        .train
        .map_or(all - facts.train, |train| all - train);
    assert_eq!(
        (facts.train, facts.test),
        (all - held_out, held_out),
        "{name}"
    );
    assert!(
        held_out > 0 && (expected.train.is_some() || held_out <= all.div_ceil(2)),
        "{name}"
    );
}

#[test]
fn every_format_opens_and_is_what_its_library_says() {
    for (name, expected) in expected() {
        if is_of_pictures(&name) {
            continue;
        }
        check(&name, &expected, &drop_all(expected.files.iter()));
        check(&name, &expected, &drop_all(expected.files.iter().rev()));
        // A second time changes nothing.
        check(
            &name,
            &expected,
            &drop_all(expected.files.iter().chain(&expected.files)),
        );
    }
}

/// A PNG of eight bits a channel, `[height, width, 4]`.
fn decoded(png: &[u8]) -> Vec<u8> {
    let mut decoder = png::Decoder::new(std::io::Cursor::new(png));
    decoder.set_transformations(png::Transformations::EXPAND);
    let mut reader = decoder.read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let channels = reader.next_frame(&mut pixels).unwrap().color_type.samples();
    let rgba = |pixel: &[u8]| match *pixel {
        [red, green, blue] => [red, green, blue, 255],
        _ => [pixel[0], pixel[0], pixel[0], 255],
    };
    pixels.chunks_exact(channels).flat_map(rgba).collect()
}

#[test]
fn pictures_in_an_archive_become_the_set_that_their_library_reads() {
    let form = ImageForm {
        edge: 16,
        fit: Framing::Crop,
        colour: true,
    };
    for (name, expected) in expected() {
        if !is_of_pictures(&name) {
            continue;
        }
        let archive = &expected.files[0];
        let bytes = file(archive);
        let judged = judge(
            archive,
            bytes.len() as u64,
            &bytes[..bytes.len().min(JUDGED)],
        );
        assert_eq!(judged, Ok(FileKind::Archive), "{name}");
        let found = Rc::new(RefCell::new(Vec::new()));
        let taken = Rc::clone(&found);
        let take = move |path: &str, picture: &[u8]| {
            taken.borrow_mut().push((path.to_owned(), picture.to_vec()));
        };
        assert_eq!(formats::pictures(archive, &bytes, None, take), Ok(vec![]));
        // As the page takes them: each system lists a folder in an order of its own.
        let mut pictures = found.take();
        pictures.sort();
        let paths: Vec<String> = pictures.iter().map(|(path, _)| path.clone()).collect();
        let mut album = Album::new(form).unwrap();
        for ((_, picture), sorted) in pictures.iter().zip(sorted(&paths)) {
            let class = sorted.class.unwrap();
            album.add(&class, sorted.part, &decoded(picture)).unwrap();
        }
        let album = album.write().unwrap();
        let data = Dropped::default()
            .add("own.album", &album)
            .unwrap()
            .unwrap();
        check(&name, &expected, &data);
        if name.starts_with("torchvision-folder") {
            let browsers = folder("torchvision-folder.txt");
            let browsers = fs::read_to_string(browsers).unwrap();
            assert_eq!(data.facts.fingerprint, browsers.trim(), "{name}");
        }
    }
}

#[test]
fn cifar_100_has_its_superclasses_too() {
    for form in ["python", "binary"] {
        let name = format!("cifar-100-{form}.tar.gz");
        let bytes = file(&name);
        let mut dropped = Dropped::default();
        let read = |dropped: &mut Dropped| dropped.add(&name, &bytes).unwrap().unwrap().facts;
        let fine = read(&mut dropped);
        assert_eq!((fine.classes.len(), fine.coarse), (5, Some(false)));
        let mut dropped = Dropped::default();
        dropped.coarse = true;
        let coarse = read(&mut dropped);
        assert_eq!(coarse.classes, ["fish", "people"]);
        assert_eq!((coarse.train, coarse.coarse), (fine.train, Some(true)));
        assert_ne!(coarse.fingerprint, fine.fingerprint);
        let said = &coarse.cautions[0];
        assert!(
            said.params["train"].starts_with("train") && said.params["test"].starts_with("test")
        );
    }
}

#[test]
fn the_fingerprint_is_that_of_what_was_read() {
    let of = |names: &[&str]| {
        let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
        drop_all(names.iter()).facts.fingerprint
    };
    // The same images and labels, packed in another way.
    assert_eq!(of(&["cifar-10-python.tar.gz"]), of(&["nested.zip"]));
    assert_eq!(of(&["x.npy", "y.npy"]), of(&["y.npy", "x.npy"]));
    assert_ne!(of(&["train.csv"]), of(&["digits.csv"]));
    assert!(digest::is_short(&of(&["train.csv"])));
}

#[test]
fn images_and_labels_are_still_beside_each_other() {
    for (name, edge) in [
        ("mnist-compressed.npz", 28),
        ("train.csv", 8),
        ("qmnist", 8),
        ("kuzushiji", 8),
    ] {
        let data = drop_all(expected()[name].files.iter());
        for split in [Split::Train, Split::Test] {
            let samples = data.samples(split);
            for (at, &label) in samples.labels.iter().enumerate() {
                // Image n has a row of 40 + n, and its label is 3n modulo 10.
                let number = samples
                    .image(at)
                    .iter()
                    .find(|&&pixel| pixel > 0 && pixel < 200)
                    .unwrap()
                    - 40;
                assert_eq!(label, number * 3 % 10, "{name} {number}, {edge}×{edge}");
            }
        }
    }
}

#[test]
fn of_every_file_cut_anywhere_what_is_left_is_refused_in_words_or_read() {
    let files = FOLDERS
        .iter()
        .flat_map(|of| fs::read_dir(folder(of)).unwrap());
    for file in files {
        let path = file.unwrap().path();
        let bytes = fs::read(&path).unwrap();
        let name = path.file_name().unwrap().to_str().unwrap();
        for part in 0..64 {
            let cut = &bytes[..bytes.len() * part / 64];
            if let Err(problem) = Dropped::default().add(name, cut) {
                let words = problem.to_string();
                assert!(
                    words.contains(name.trim_end_matches(".gz")) && !words.contains('{'),
                    "{words}"
                );
            }
        }
    }
}

#[test]
fn the_limits_are_those_of_the_document() {
    let document =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/own-data.md")).unwrap();
    let table = document.split("<!-- limits -->").nth(1).unwrap();
    let megabytes = |bytes: u64| format!("| {} MB |", bytes / 1_000_000);
    let thousands = |count: usize| format!("| {},{:03}", count / 1_000, count % 1_000);
    let said = [
        megabytes(limits::FILE),
        megabytes(limits::UNPACKED),
        megabytes(limits::WHOLE),
        megabytes(limits::PIXELS as u64),
        thousands(MAX_SAMPLES),
        format!("| {} to {} pixels |", SIDES.start(), SIDES.end()),
        format!("| {MAX_CLASSES} |"),
        thousands(limits::MEMBERS),
        megabytes(limits::PICTURE),
        format!("| {} million |", limits::PICTURE_PIXELS / 1_000_000),
    ];
    let rows = table.lines().filter(|line| line.starts_with("| ")).skip(1);
    let rows: Vec<&str> = rows.collect();
    assert_eq!(rows.len(), said.len());
    for (row, said) in rows.iter().zip(said) {
        assert!(row.contains(&said), "{row} does not say {said}");
    }
}
