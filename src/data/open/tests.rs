//! Files judged by their beginnings alone.

use std::io::Write;

use super::*;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Beginnings of each format under a usual name.
fn known() -> Vec<(&'static str, Vec<u8>)> {
    let table = |delimiter: &str| {
        let row = |at: usize| {
            (0..17)
                .map(|pixel| (at * pixel % 256).to_string())
                .collect::<Vec<_>>()
                .join(delimiter)
        };
        (0..2_000)
            .map(row)
            .collect::<Vec<_>>()
            .join("\r\n")
            .into_bytes()
    };
    let header: Vec<_> = (0..3_072).map(|at| format!("pixel{at}")).collect();
    let wide = format!("label,{}\n5,0,", header.join(","));
    let units = "\u{feff}0\t255\t猫\r\n3\t4\t狗\r\n".encode_utf16();
    let utf16 = units.flat_map(u16::to_le_bytes).collect();
    vec![
        (
            "labels",
            [&[0, 0, 8, 1, 0, 0, 2, 88][..], &[7; 600]].concat(),
        ),
        ("x.npy", b"\x93NUMPY\x01\0".to_vec()),
        ("mnist.npz", b"PK\x03\x04\x14\0".to_vec()),
        ("data_batch_1", vec![0x80, 2, b'}', b'q', 1]),
        ("data_batch_1.bin", vec![6; 20_000]),
        ("train.csv", b"label,pixel0\n5,0\n".to_vec()),
        ("train.csv", wide.into_bytes()),
        ("words.csv", b"0;255;cat\n3;4;dog\n".to_vec()),
        // GBK, and what Excel calls Unicode text.
        ("words.csv", b"0;255;\xc3\xa8\n3;4;\xb9\xb7\n".to_vec()),
        ("words.txt", utf16),
        ("table.csv", table(",")),
        ("table.tsv", table("\t")),
        ("batches.meta.txt", b"airplane\n".to_vec()),
    ]
}

#[test]
fn the_beginning_of_a_file_tells_what_it_is() {
    for (name, whole) in known() {
        for (name, whole) in [
            (name.to_owned(), whole.clone()),
            (format!("{name}.gz"), gzip(&whole)),
        ] {
            let beginning = &whole[..whole.len().min(JUDGED)];
            assert_eq!(
                judge(&name, limits::FILE, beginning),
                Ok(FileKind::Data),
                "{name}"
            );
            let problem = judge(&name, limits::FILE + 1, beginning).unwrap_err();
            assert_eq!(problem.code, Code::DataTooLarge);
            assert_eq!(
                (&*problem.params["found"], &*problem.params["limit"]),
                ("201", "200")
            );
        }
    }
    let runs = br#"{"format":1,"runs":[]}"#;
    assert_eq!(judge("runs.json.txt", 22, runs), Ok(FileKind::Runs));
}

#[test]
fn a_script_and_a_notebook_are_known_by_their_names() {
    for name in ["net.py", "A.IPYNB"] {
        assert_eq!(judge(name, 9, b"{}"), Ok(FileKind::Python), "{name}");
        let problem = judge(name, limits::FILE + 1, b"").unwrap_err();
        assert_eq!(problem.code, Code::DataTooLarge);
    }
}

#[test]
fn pytorch_is_told_from_links_and_networks_in_the_notation() {
    for text in [
        "nn.Sequential(nn.Flatten())",
        "import torch",
        "self.a = torch.nn.Conv2d(3, 8, 3)",
        "from torch.nn import Conv2d",
    ] {
        assert!(is_pytorch(text), "{text}");
    }
    for text in [
        "conv8,bn,relu,fc",
        "#v=1&net=own&layers=conv8,relu,flatten,fc",
        "cnn.Conv",
        "nn.relu",
        "nn.",
        "",
    ] {
        assert!(!is_pytorch(text), "{text}");
    }
}

#[test]
fn says_what_a_file_is_that_cannot_be_used() {
    let strangers: [(&str, &[u8], Code); 16] = [
        ("file", &[], Code::Truncated),
        ("weights", &[0x82, 4, 0x95, 0, 0, 0], Code::UnknownFormat),
        ("photo", &[0xff, 0xd8, 0xff, 0xe0, 0, 0], Code::Picture),
        ("photo", b"\0\0\0\x18ftypheic", Code::Picture),
        ("scan.tiff", b"II*\0\x08\0\0\0", Code::Undecodable),
        ("camera.dng", b"MM\0*\0\0\0\x08", Code::Undecodable),
        ("photo.jxl", b"\0\0\0\x0cJXL \r\n\x87\n", Code::Undecodable),
        (
            "drawing.svg",
            b"<?xml version=\"1.0\"?>\n<svg width=\"9\">\n</svg>\n",
            Code::Undecodable,
        ),
        ("train.7z", b"7z\xbc\xaf\x27\x1c", Code::Packed),
        (
            "train-images-idx3-ubyte.gz",
            b"\r\n<!DOCTYPE html><html>",
            Code::SavedPage,
        ),
        (
            "train-images",
            b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n",
            Code::Pointer,
        ),
        ("readme", "这是说明".as_bytes(), Code::PlainText),
        (
            "notes.txt",
            b"my notes, and more\nof them, and more\n",
            Code::PlainText,
        ),
        ("notes.csv", b"name,place,day\nA,B,C\n", Code::PlainText),
        (".DS_Store", b"\0\0\0\x01Bud1\0\0", Code::UnknownFormat),
        (
            "._train-images",
            b"\0\x05\x16\x07\0\x02\0\0",
            Code::UnknownFormat,
        ),
    ];
    for (name, bytes, code) in strangers {
        let problem = formats::open(name, bytes, None).unwrap_err();
        assert_eq!(
            (problem.code, &*problem.params["file"]),
            (code, name),
            "{bytes:?}"
        );
        // Of pictures a set may be made; no other stranger is taken.
        let judged = match code {
            Code::Picture => Ok(FileKind::Picture),
            _ => Err(problem),
        };
        assert_eq!(judge(name, 9, bytes), judged);
    }
    let problem = judge("weights", 6, &[0x82, 4, 0x95, 0, 0, 0]).unwrap_err();
    assert_eq!(&*problem.params["found"], "82 04 95 00");
}
