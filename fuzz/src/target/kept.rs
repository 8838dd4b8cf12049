//! What a course system gives back of a student.

use cnn_playground::lab::kept::KeptWork;

use super::MB;
use crate::Target;

pub(super) const TARGET: Target = Target {
    name: "kept",
    memory: 8 * MB,
    longest: 8_192,
    seeds,
    run,
};

fn seeds() -> Vec<Vec<u8>> {
    let kept = KeptWork {
        link: "v=1&permute=fixed".to_owned(),
        words: Some("a | b".to_owned()),
        ..KeptWork::default()
    };
    [kept.pack(4_096).text, KeptWork::default().pack(4_096).text]
        .map(String::into_bytes)
        .to_vec()
}

/// Whether something was read; what was, is written and read again as it is.
fn run(input: &[u8]) -> bool {
    let read = KeptWork::unpack(&String::from_utf8_lossy(input));
    let again = KeptWork::unpack(&read.kept.pack(input.len() * 2 + 8_192).text);
    assert_eq!(again.kept, read.kept);
    read.problems.is_empty()
}
