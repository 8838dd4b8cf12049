//! CIFAR-10's binary archive: members of any kind and order that say any size.

use arbitrary::{Result, Unstructured};
use cnn_playground::data::formats;

use super::MB;
use crate::Target;
use crate::files::{Member, gzip, opens, tar};

pub(super) const TARGET: Target = Target {
    name: "archives",
    memory: 64 * MB,
    longest: 1_024,
    seeds,
    run,
};

const NAMES: [&str; 8] = [
    "data_batch_1.bin",
    "data_batch_2.bin",
    "data_batch_3.bin",
    "data_batch_4.bin",
    "data_batch_5.bin",
    "test_batch.bin",
    "batches.meta.txt",
    "../../../etc/passwd",
];
/// Files, links, folders, devices, long names, sparse files, and headers for what follows.
const KINDS: [u8; 12] = *b"0\x00123567LKSx";
/// The bytes of a label and its image.
const RECORD: usize = 3_073;

/// How the members are drawn is in [`members`].
fn seeds() -> Vec<Vec<u8>> {
    let member = |name: u8| [name, 0, 0, 1, 0, 3, 0];
    let whole: Vec<u8> = (0..6).flat_map(member).collect();
    let backwards: Vec<u8> = (0..8).rev().flat_map(member).collect();
    let packed = |packed: u8, members: &[u8]| [&[packed], members].concat();
    vec![packed(0, &whole), packed(1, &whole), packed(0, &backwards)]
}

fn run(input: &[u8]) -> bool {
    let Some((&packed, rest)) = input.split_first() else {
        return false;
    };
    let archive = match packed % 4 {
        // What stands there, as a tar.
        3 => rest.to_vec(),
        _ => tar(&members(&mut Unstructured::new(rest)).unwrap_or_default()),
    };
    let archive = match packed % 4 {
        1 => gzip(&archive),
        _ => archive,
    };
    // Both readers, one after the other.
    let pictures = formats::pictures("archive", &archive, None, |_, _| {});
    opens("archive", &archive) | pictures.is_ok()
}

/// Seven bytes each: name, kind, how the size lies, records, bytes beyond, label, pixel.
fn members(bytes: &mut Unstructured) -> Result<Vec<Member>> {
    let mut members = Vec::new();
    while !bytes.is_empty() && members.len() < 12 {
        let name = NAMES[usize::from(bytes.arbitrary::<u8>()?) % NAMES.len()];
        let kind = KINDS[usize::from(bytes.arbitrary::<u8>()?) % KINDS.len()];
        let lie = bytes.arbitrary::<u8>()?;
        let records = usize::from(bytes.arbitrary::<u8>()? % 4);
        let beyond = usize::from(bytes.arbitrary::<u8>()?);
        let (label, pixel) = (bytes.arbitrary::<u8>()?, bytes.arbitrary::<u8>()?);
        let record: Vec<u8> = [vec![label], vec![pixel; RECORD - 1]].concat();
        let mut content = record.repeat(records);
        content.resize(content.len() + beyond, pixel);
        let length = content.len() as u64;
        let declared = match lie % 8 {
            1 => length + RECORD as u64,
            2 => length / 2,
            3 => 10_000 * RECORD as u64,
            4 => u64::from(u32::MAX),
            5 => u64::MAX,
            6 => 0,
            _ => length,
        };
        members.push(Member {
            path: format!("cifar-10-batches-bin/{name}").into_bytes(),
            kind,
            declared,
            content,
        });
    }
    Ok(members)
}
