//! Files that are damaged, hostile, or not what they seem.

use std::io::Write;

use super::*;
use crate::base::ImageShape;
use crate::data::part::{Images, Labels};

mod pictures;
mod tables;

/// In place of the browser of somebody in China.
const DECODER: Decoder = Decoder {
    decode,
    own: Some(Encoding::Gbk),
};

fn written_in(encoding: Encoding) -> &'static encoding_rs::Encoding {
    encoding_rs::Encoding::for_label(encoding.label().as_bytes()).unwrap()
}

/// Reads letters as browsers do, by the same standard.
fn decode(encoding: Encoding, raw: &[u8]) -> Option<String> {
    let decoded = written_in(encoding).decode_without_bom_handling_and_without_replacement(raw);
    decoded.map(Cow::into_owned)
}

/// As where there is no browser.
fn open(name: &str, bytes: &[u8]) -> Result<OpenedFile> {
    super::open(name, bytes, None)
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn tarred(members: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut builder = ::tar::Builder::new(Vec::new());
    for (path, content) in members {
        let mut header = ::tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        builder
            .append_data(&mut header, path, &content[..])
            .unwrap();
    }
    builder.into_inner().unwrap()
}

fn zipped(members: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut writer = ::zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = ::zip::write::SimpleFileOptions::default();
    let options = options.compression_method(::zip::CompressionMethod::Deflated);
    for (path, content) in members {
        writer.start_file(*path, options).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// An IDX file of bytes with these dimensions and this content.
fn idx_file(dimensions: &[u32], content: &[u8]) -> Vec<u8> {
    let magic = 0x800 + dimensions.len() as u32;
    let header = [magic]
        .into_iter()
        .chain(dimensions.iter().copied())
        .flat_map(u32::to_be_bytes);
    header.chain(content.iter().copied()).collect()
}

fn problem(name: &str, bytes: &[u8]) -> Problem {
    open(name, bytes).unwrap_err()
}

fn images(name: &str, bytes: &[u8]) -> Images {
    match open(name, bytes).unwrap().parts.remove(0).content {
        Content::Images(images) => images,
        other => panic!("{other:?}"),
    }
}

fn labels(name: &str, bytes: &[u8]) -> Labels {
    match open(name, bytes).unwrap().parts.remove(0).content {
        Content::Labels(labels) => labels,
        other => panic!("{other:?}"),
    }
}

#[test]
fn idx_has_its_header_and_as_many_bytes_as_that_says() {
    let pixels: Vec<u8> = (0..40).collect();
    let read = images("images", &idx_file(&[2, 4, 5], &pixels));
    let shape = ImageShape {
        channels: 1,
        height: 4,
        width: 5,
    };
    assert_eq!((read.shape, read.pixels), (shape, pixels));
    let read = labels("labels", &idx_file(&[3], &[7, 3, 7]));
    assert_eq!((read.classes.len(), read.values), (2, vec![1, 0, 1]));

    let short = problem("images", &idx_file(&[2, 4, 4], &[0; 20]));
    assert_eq!(
        (
            short.code,
            &*short.params["expected"],
            &*short.params["found"]
        ),
        (Code::Truncated, "32", "20")
    );
    assert_eq!(
        problem("images", &idx_file(&[1, 4, 4], &[0; 17])).code,
        Code::BadContent
    );
    assert_eq!(problem("images", &[0, 0, 8, 3, 0]).code, Code::Truncated);
}

#[test]
fn a_header_that_claims_billions_is_refused_before_memory_is_taken() {
    for dimensions in [&[u32::MAX, 28, 28][..], &[u32::MAX, 64, 64, 3], &[u32::MAX]] {
        assert_eq!(
            problem("images", &idx_file(dimensions, &[])).code,
            Code::Expands,
            "{dimensions:?}"
        );
    }
    for dimensions in [[0, 28, 28], [1, 3, 28], [1, 28, 65]] {
        assert_eq!(
            problem("images", &idx_file(&dimensions, &[])).code,
            Code::UnfitArray,
            "{dimensions:?}"
        );
    }
    // Samples of no bytes take no room, and no end.
    let nothing = problem("images", &idx_file(&[1 << 30, 0], &[]));
    assert_eq!(nothing.code, Code::UnfitArray);
    let many: Vec<u8> = (0..=128).collect();
    assert_eq!(
        problem("labels", &idx_file(&[129], &many)).code,
        Code::TooManyClasses
    );
}

#[test]
fn emnists_images_are_set_upright_and_its_letters_named() {
    let file = idx_file(&[1, 4, 5], &(0..20).collect::<Vec<u8>>());
    let read = images("emnist-letters-train-images-idx3-ubyte", &file);
    assert_eq!((read.shape.height, read.shape.width), (5, 4));
    assert_eq!(read.pixels[..4], [0, 5, 10, 15]);
    let names = labels(
        "gzip/emnist-letters-train-labels-idx1-ubyte",
        &idx_file(&[2], &[26, 1]),
    );
    assert_eq!(
        names.classes,
        ["A", "Z"].map(|name| Class::Name(name.to_owned()))
    );
    let mapping = open("emnist-balanced-mapping.txt", b"0 48\n1 49\n2 65 97\n").unwrap();
    assert_eq!(
        mapping.parts[0].content,
        Content::Names(["0", "1", "A"].map(str::to_owned).to_vec())
    );
}

#[test]
fn archives_give_their_members_and_say_what_they_leave() {
    let pair = [
        ("raw/images", idx_file(&[2, 4, 4], &[9; 32])),
        ("raw/photo.jpg", b"\xff\xd8\xff\xe0".to_vec()),
        ("raw/.DS_Store", b"\0\0\0\x01Bud1".to_vec()),
        ("raw/cut", idx_file(&[2, 4, 4], &[9; 9])),
        ("raw/labels", idx_file(&[2], &[0, 1])),
    ];
    for archive in [
        tarred(&pair),
        zipped(&pair),
        gzip(&tarred(&pair)),
        zipped(&[("in.tar.gz", gzip(&tarred(&pair)))]),
    ] {
        let opened = open("archive", &archive).unwrap();
        assert_eq!(opened.parts.len(), 2);
        assert!(
            opened.parts[1].file.starts_with("archive/")
                && opened.parts[1].file.ends_with("raw/labels")
        );
        let left: Vec<_> = opened.left_out.iter().map(|problem| problem.code).collect();
        assert_eq!(left, [Code::Picture, Code::Truncated]);
        let cut = open("archive", &archive[..archive.len() / 3]);
        assert!(cut.is_err() || cut.is_ok_and(|opened| opened.parts.len() < 2));
    }
    let pictures = [("cat/1.png", b"\x89PNG\r\n\x1a\n".to_vec())];
    for packed in [zipped(&pictures), tarred(&pictures)] {
        assert_eq!(problem("pets", &packed).code, Code::PackedPictures);
    }
    for empty in [tarred(&[("a/README.md", b"# words".to_vec())]), zipped(&[])] {
        let problem = problem("archive", &empty);
        assert!(
            matches!(problem.code, Code::EmptyArchive | Code::UnknownFormat),
            "{problem}"
        );
    }
    assert_eq!(
        problem("mnist.zip", &[b"PK\x03\x04", &[0; 60][..]].concat()).code,
        Code::Damaged
    );
}

#[test]
fn what_is_packed_too_often_is_not_unpacked() {
    let mut file = idx_file(&[2], &[0, 1]);
    for _ in 0..4 {
        file = gzip(&file);
        assert_eq!(labels("labels", &file).len(), 2);
    }
    assert_eq!(problem("labels", &gzip(&file)).code, Code::Packed);
}

#[test]
fn a_bomb_is_unpacked_only_as_far_as_it_may_be() {
    // A gigabyte of zeros, packed twice, so that making it takes no time.
    let zeros = gzip(&vec![0; 50_000_000]);
    let member = |at: usize| (format!("{at}.bin"), zeros.repeat(1));
    let members: Vec<_> = (0..20).map(member).collect();
    let members: Vec<_> = members
        .iter()
        .map(|(path, content)| (&**path, content.clone()))
        .collect();
    for bomb in [tarred(&members), zipped(&members)] {
        let opened = open("bomb", &bomb);
        let left = opened.map_or_else(|problem| vec![problem], |opened| opened.left_out);
        assert!(
            left.iter()
                .any(|problem| problem.code == Code::Expands || problem.code == Code::Truncated),
            "{left:?}"
        );
    }
    let endless = gzip(&[idx_file(&[600], &[1; 600]), vec![0; 50_000_000]].concat());
    assert_eq!(problem("labels", &endless).code, Code::BadContent);
}

#[test]
fn damaged_gzip_is_refused() {
    let good = gzip(&idx_file(&[600], &[1; 600]));
    assert!(open("cut", &good[..good.len() - 9]).is_err());
    let mut wrong_checksum = good.clone();
    let at = good.len() - 6;
    wrong_checksum[at] ^= 1;
    assert_eq!(problem("crc", &wrong_checksum).code, Code::Damaged);
}

#[test]
fn what_is_no_file_in_a_tar_is_passed_by_unread() {
    let mut builder = ::tar::Builder::new(Vec::new());
    for (kind, size) in [
        (::tar::EntryType::GNULongName, 5_000_000),
        (::tar::EntryType::Symlink, 0),
    ] {
        let mut header = ::tar::Header::new_gnu();
        header.set_path("labels").unwrap();
        header.set_entry_type(kind);
        header.set_size(size);
        header.set_cksum();
        builder
            .append(&header, std::io::repeat(b'x').take(size))
            .unwrap();
    }
    let before = builder.into_inner().unwrap();
    // Two blocks of zeros end an archive.
    let labels = tarred(&[("labels", idx_file(&[2], &[0, 1]))]);
    let whole = [&before[..before.len() - 1_024], &labels].concat();
    assert_eq!(open("archive", &whole).unwrap().parts.len(), 1);
}

#[test]
fn cifars_records_are_labels_and_planes() {
    let record = |labels: &[u8], pixel: u8| [labels, &[pixel; 3_072][..]].concat();
    let samples = |bytes: &[u8]| match open("train.bin", bytes).unwrap().parts.remove(0).content {
        Content::Samples(images, labels) => (images, labels),
        other => panic!("{other:?}"),
    };
    let (images, labels) = samples(&[record(&[9], 3), record(&[0], 5)].concat());
    assert_eq!(
        (images.pixels[0], images.pixels[3_072], images.of),
        (3, 5, 2)
    );
    assert_eq!(
        labels.classes,
        ["airplane", "truck"].map(|name| Class::Name(name.to_owned()))
    );
    let (images, labels) = samples(&[record(&[19, 99], 3), record(&[2, 7], 5)].concat());
    assert_eq!(
        (images.pixels[0], labels.classes),
        (3, [7, 99].map(Class::Number).to_vec())
    );

    assert_eq!(problem("a.bin", &record(&[10], 0)).params["found"], "10");
    let cut = problem("a.bin", &record(&[1], 0)[..3_000]);
    assert_eq!(
        (cut.code, &*cut.params["expected"]),
        (Code::Truncated, "3073")
    );
}

#[test]
fn a_pickle_of_python_2_has_byte_strings() {
    // What `cPickle.dumps({'data': numpy.zeros((1, 3072), 'u1'), 'labels': [6]}, 2)` of Python 2 begins and ends with.
    let begin = b"\x80\x02}q\x01(U\x04dataq\x02cnumpy.core.multiarray\n_reconstruct\nq\x03cnumpy\nndarray\nq\x04K\x00\x85U\x01b\x87Rq\x05(K\x01K\x01M\x00\x0c\x86cnumpy\ndtype\nq\x06U\x02u1K\x00K\x01\x87Rq\x07(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb\x89T\x00\x0c\x00\x00";
    let end = b"tbU\x06labelsq\x08]q\tK\x06au.";
    let pickle = [&begin[..], &[5; 3_072], end].concat();
    match &open("data_batch_1", &pickle).unwrap().parts[0].content {
        Content::Samples(images, labels) => {
            assert_eq!(
                (images.pixels.len(), labels.classes[0].clone()),
                (3_072, Class::Number(6))
            );
        }
        other => panic!("{other:?}"),
    }
    for stranger in [
        &b"\x80\x02}q\x01."[..],
        b"\x80\x04\x95",
        b"\x80\x02cos\nsystem\nU\x02lsR.",
        b"(dp1\n.",
    ] {
        assert_eq!(problem("weights.pkl", stranger).code, Code::UnfitPickle);
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod properties {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1_000))]

        #[test]
        fn random_bytes_never_panic(bytes: Vec<u8>) {
            let _ = open("random", &bytes);
        }
    }
}
