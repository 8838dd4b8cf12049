//! Archives of pictures.

use std::cell::RefCell;

use super::*;
use crate::data::limits::MEMBERS;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

/// Paths, and how many bytes each has.
type Sizes = Vec<(String, usize)>;

/// The pictures of an archive with their sizes, and what was left out.
fn unpacked(archive: &[u8]) -> Result<(Sizes, Vec<Problem>)> {
    unpacked_by(DECODER, archive)
}

fn unpacked_by(decoder: Decoder, archive: &[u8]) -> Result<(Sizes, Vec<Problem>)> {
    let found = Rc::new(RefCell::new(Vec::new()));
    let given = Rc::clone(&found);
    let left_out = super::pictures("pets.zip", archive, Some(decoder), move |path, bytes| {
        given.borrow_mut().push((path.to_owned(), bytes.len()));
    })?;
    Ok((found.take(), left_out))
}

/// A zip in which these bytes stand for others of the same length.
fn renamed(archive: &[u8], names: &[(&[u8], &[u8])]) -> Vec<u8> {
    let mut bytes = archive.to_vec();
    for (from, to) in names {
        for at in 0..bytes.len() - from.len() {
            if bytes[at..].starts_with(from) {
                bytes[at..at + to.len()].copy_from_slice(to);
            }
        }
    }
    bytes
}

/// The paths of the pictures of an archive, without the archive's own name.
fn paths(archive: &[u8]) -> Vec<String> {
    let (pictures, _) = unpacked(archive).unwrap();
    let path = |(path, _): &(String, usize)| path["pets.zip/".len()..].to_owned();
    pictures.iter().map(path).collect()
}

/// Whether its beginning says that it may hold pictures.
fn is_archive(name: &str, bytes: &[u8]) -> bool {
    let packed = Head { name, bytes };
    let beginning = match gzip::is(&packed) {
        true => gzip::beginning(bytes),
        false => bytes[..bytes.len().min(HEAD)].to_vec(),
    };
    may_hold_pictures(&Head {
        name,
        bytes: &beginning,
    })
}

#[test]
fn the_pictures_of_an_archive_are_handed_on_as_those_of_its_folders() {
    let members = [
        ("__MACOSX/train/cat/._1.png", b"\0\x05\x16\x07".to_vec()),
        ("train/.DS_Store", b"\0\0\0\x01Bud1".to_vec()),
        ("train/cat/Thumbs.db", b"\xd0\xcf\x11\xe0".to_vec()),
        ("train/cat/1.png", PNG.to_vec()),
        ("train/狗/1.png", [PNG, &[0; 40_000]].concat()),
        ("labels.csv", b"id,label\n1,cat\n2,dog\n".to_vec()),
        ("train/words.txt", b"my notes on cats\n".to_vec()),
    ];
    for archive in [
        tarred(&members),
        zipped(&members),
        gzip(&tarred(&members)),
        zipped(&[("in.tar.gz", gzip(&tarred(&members)))]),
    ] {
        assert!(is_archive("pets", &archive));
        let (pictures, left_out) = unpacked(&archive).unwrap();
        let sizes: Vec<_> = pictures.iter().map(|(_, size)| *size).collect();
        assert_eq!(sizes, [8, 40_008]);
        assert!(
            pictures[1].0.starts_with("pets.zip/") && pictures[1].0.ends_with("train/狗/1.png")
        );
        let codes: Vec<_> = left_out.iter().map(|problem| problem.code).collect();
        assert_eq!(codes, [Code::BesidePictures, Code::PlainText]);
    }
    let data = [("raw/labels", idx_file(&[2], &[0, 1]))];
    assert!(!is_archive("mnist.tar", &tarred(&data)));
    assert!(!is_archive("mnist.tgz", &super::gzip(&tarred(&data))));
    assert!(unpacked(&zipped(&data)).is_err());
}

#[test]
fn folders_in_letters_of_a_country_are_read_as_they_were_written() {
    let archive = zipped(&[("AA/1.png", PNG.to_vec()), ("BB/1.png", PNG.to_vec())]);
    let of = |a: &[u8], b: &[u8]| paths(&renamed(&archive, &[(b"AA/1", a), (b"BB/1", b)]));
    // In GBK, as Chinese systems write them; the first alone would be UTF-8 too.
    assert_eq!(of(b"\xc3\xa8/1", b"\xb9\xb7/1"), ["猫/1.png", "狗/1.png"]);
    // In MS-DOS's letters, in UTF-8 without a word, and with Windows' separator.
    assert_eq!(of(b"\x81b/1", b"\xe1b/1"), ["üb/1.png", "ßb/1.png"]);
    assert_eq!(
        of("é/1".as_bytes(), "ß/1".as_bytes()),
        ["é/1.png", "ß/1.png"]
    );
    assert_eq!(of(b"AA\\1", b"BB\\1"), ["AA/1.png", "BB/1.png"]);
}

/// Words that name classes, as a country writes them.
const COUNTRIES: [(Encoding, [&str; 4]); 4] = [
    (Encoding::Gbk, ["训练/猫", "训练/狗", "测试/猫", "鹦鹉"]),
    (Encoding::Big5, ["訓練/貓", "訓練/小狗", "測試/貓", "鸚鵡"]),
    (
        Encoding::EucKr,
        ["훈련/고양이", "훈련/강아지", "시험/고양이", "앵무새"],
    ),
    (
        Encoding::ShiftJis,
        ["訓練/ネコ", "訓練/いぬ", "テスト/ネコ", "鸚鵡"],
    ),
];

#[test]
fn folders_in_each_countrys_letters_are_read_where_that_is_the_language() {
    for (encoding, folders) in COUNTRIES {
        let decoder = Decoder {
            own: Some(encoding),
            ..DECODER
        };
        let read = |folders: &[&str]| {
            // The names as long as their letters, and then in them.
            let written: Vec<Vec<u8>> = folders
                .iter()
                .map(|folder| written_in(encoding).encode(folder).0.into_owned())
                .collect();
            let stand_ins: Vec<String> = (0..)
                .zip(&written)
                .map(|(at, raw)| format!("{at}{}", "A".repeat(raw.len() - 1)))
                .collect();
            let of = |name: &String| format!("{name}/1.png");
            let named: Vec<String> = stand_ins.iter().map(of).collect();
            let members: Vec<_> = named.iter().map(|name| (&**name, PNG.to_vec())).collect();
            let names: Vec<(&[u8], &[u8])> = (stand_ins.iter().zip(&written))
                .map(|(from, to)| (from.as_bytes(), &to[..]))
                .collect();
            let archive = renamed(&zipped(&members), &names);
            let (found, _) = unpacked_by(decoder, &archive).unwrap();
            let found: Vec<String> = found.into_iter().map(|(path, _)| path).collect();
            let expected: Vec<String> = folders
                .iter()
                .map(|f| format!("pets.zip/{f}/1.png"))
                .collect();
            assert_eq!(found, expected, "{encoding:?}");
        };
        read(&folders);
        read(&folders[..3]);
    }
}

#[test]
fn a_tar_has_its_paths_whole_in_every_dialect() {
    let long = format!("pets/{}/1.png", "長".repeat(60));
    // GNU's, which this crate writes; and pax, as Python and macOS write what is not ASCII: two signs that look the same before.
    let gnu = tarred(&[(&long, PNG.to_vec())]);
    let mut pax = ::tar::Builder::new(Vec::new());
    let mut header = ::tar::Header::new_ustar();
    header.set_size(PNG.len() as u64);
    for path in [&*long, "猫/1.png", "狗/1.png"] {
        let more = [("mtime", &b"1.5"[..]), ("path", path.as_bytes())];
        pax.append_pax_extensions(more).unwrap();
        pax.append_data(&mut header, "?/1.png", PNG).unwrap();
    }
    pax.append_data(&mut header, "plain/1.png", PNG).unwrap();
    let pax = pax.into_inner().unwrap();
    assert_eq!(paths(&gnu), [&*long]);
    assert_eq!(paths(&pax), [&*long, "猫/1.png", "狗/1.png", "plain/1.png"]);
}

#[test]
fn a_bomb_of_pictures_is_refused_with_the_limit() {
    // Each is more than a picture may be: none is held as a whole.
    let large = [PNG, &vec![0; PICTURE as usize]].concat();
    let (pictures, left_out) =
        unpacked(&zipped(&[("a/1.png", PNG.to_vec()), ("a/2.png", large)])).unwrap();
    assert_eq!(
        (pictures.len(), left_out[0].code),
        (1, Code::PictureTooLarge)
    );
    let picture = [PNG, &vec![0; 45_000_000]].concat();
    let names: Vec<_> = (0..14).map(|at| format!("a/{at}.png")).collect();
    let members: Vec<_> = names
        .iter()
        .map(|name| (&**name, picture.clone()))
        .collect();
    let problem = unpacked(&zipped(&members)).unwrap_err();
    assert_eq!(
        (problem.code, &*problem.params["limit"]),
        (Code::Expands, "600")
    );
    let directory = ENTRY_OF_NOTHING.repeat(MEMBERS + 1);
    let many = [b"PK\x03\x04", &directory[..]].concat();
    let problem = unpacked(&many).unwrap_err();
    assert_eq!(
        (problem.code, &*problem.params["limit"]),
        (Code::TooManyMembers, "100000")
    );
}

#[test]
fn files_become_one_that_opens() {
    let files = [
        ("train-images".to_owned(), idx_file(&[2, 4, 4], &[9; 32])),
        (
            format!("{}猫/../labels", "很长".repeat(80)),
            idx_file(&[2], &[0, 1]),
        ),
        ("train-labels".to_owned(), idx_file(&[2], &[0, 1])),
    ];
    let sizes: Vec<_> = files
        .iter()
        .map(|(name, bytes)| (name.clone(), bytes.len() as u64))
        .collect();
    let around = super::around(&sizes);
    let mut one = Vec::new();
    for (piece, (_, bytes)) in around.iter().zip(&files) {
        one.extend(piece);
        one.extend(bytes);
    }
    one.extend(&around[files.len()]);
    let opened = open("set.tar", &one).unwrap();
    let names: Vec<_> = opened.parts.iter().map(|part| &*part.file).collect();
    assert_eq!(names.len(), 3);
    assert_eq!(
        (names[0], names[2]),
        ("set.tar/train-images", "set.tar/train-labels")
    );
    assert!(one.len().is_multiple_of(512));
}

/// How a member begins in a zip's directory.
const ENTRY_OF_NOTHING: &[u8] = b"PK\x01\x02";
