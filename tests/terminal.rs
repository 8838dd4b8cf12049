//! The program for a terminal: what its exit status says, and that nobody has to read all of what it prints.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should fail")]

use std::env;
use std::fs;
use std::io::pipe;
use std::process::{Command, Output, Stdio};

use cnn_playground::experiment::claim::{Claim, engine};
use cnn_playground::experiment::{link, resolve};
use cnn_playground::runs::Run;

fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cnn-playground"));
    command.args(arguments);
    command
}

/// The exit status, and what stood on standard error.
fn ended(output: Output) -> (Option<i32>, String) {
    let said = String::from_utf8(output.stderr).unwrap();
    (output.status.code(), said)
}

#[test]
fn output_that_nobody_reads_is_no_fault() {
    for arguments in [&["--pytorch", "net=resnet"][..], &["lab", "parameters"]] {
        let (reader, writer) = pipe().unwrap();
        drop(reader);
        let mut command = program(arguments);
        let output = command.stdout(writer).stderr(Stdio::piped()).output();
        assert_eq!(ended(output.unwrap()), (Some(0), String::new()));
    }
}

/// Linux has a disk that is always full.
#[cfg(target_os = "linux")]
#[test]
fn output_that_finds_no_room_is_a_fault_with_words() {
    let full = fs::OpenOptions::new()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let mut command = program(&["--pytorch", "net=resnet"]);
    let output = command.stdout(full).stderr(Stdio::piped()).output();
    let (code, said) = ended(output.unwrap());
    assert_eq!(code, Some(1));
    assert!(said.contains("No space left"), "{said}");
}

#[test]
fn the_exit_status_says_whether_parts_of_a_link_were_left_out() {
    let status = |link: &str| ended(program(&["--pytorch", link]).output().unwrap());
    assert_eq!(status("net=mlp"), (Some(0), String::new()));
    let (code, said) = status("net=mlp&depth=9");
    assert_eq!(code, Some(3));
    assert!(said.contains("depth"), "{said}");
    let (code, said) = status("net=resnet&shortcut=identity");
    assert_eq!(code, Some(1));
    assert!(!said.is_empty());
}

#[test]
fn the_exit_status_says_whether_a_claim_was_reproduced() {
    let link = "net=mlp&width=8&train=64&test=10&batch=32&stop=steps&steps=2";
    let claim = |accuracy: f32, digest: &str| {
        let result = format!("result={accuracy},1,2,{digest},{},cpu", engine());
        program(&[&format!("{link}&{result}")]).output().unwrap()
    };
    let (code, said) = ended(claim(1.0, "0123456789abcdef"));
    assert_eq!((code, said.as_str()), (Some(4), ""));
}

/// What a run of this link may claim, from the events that the program prints.
fn result(link: &str) -> String {
    let spec = resolve(&link::open(link).choices).spec;
    let mut run = Run::new(spec.clone(), spec.choices(), "cpu");
    let output = program(&["--format", "json", link]).output().unwrap();
    for line in String::from_utf8(output.stdout).unwrap().lines() {
        run.apply(&[serde_json::from_str(line).unwrap()], 0.0, 0.0);
    }
    Claim::of(&run).unwrap().to_string()
}

/// The engines of `tests/engines` read the same file, so that all come to the same bits.
/// `UPDATE_GOLDEN=1 cargo test --workspace --test terminal` writes it anew.
#[test]
fn five_runs_come_to_what_they_come_to_in_every_browser() {
    const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/claims.txt");
    const LINKS: [&str; 5] = [
        "net=mlp&train=640&test=100&batch=16&permute=fixed",
        "net=lenet&train=320&test=100&batch=16&optimizer=sgd&schedule=cosine&augment=flip-crop",
        "net=resnet&width=4&train=320&test=100&batch=16&data=cifar10",
        "net=googlenet&width=4&train=160&test=50&batch=16&attention=se&dropout=0.2",
        "net=unet&width=4&train=160&test=50&batch=8",
    ];
    let found = LINKS.map(|link| {
        let link = format!("{link}&epochs=1&device=cpu");
        format!("{link}&result={}\n", result(&link))
    });
    let found = found.concat();
    if env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(PATH, found).unwrap();
    } else {
        assert_eq!(found, fs::read_to_string(PATH).unwrap());
    }
}
