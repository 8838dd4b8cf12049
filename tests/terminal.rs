//! The program for a terminal: what its exit status says, and that nobody has to read all of what it prints.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should fail")]

use std::io::pipe;
use std::process::{Command, Output, Stdio};

use cnn_playground::experiment::claim::engine;

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
    let full = std::fs::OpenOptions::new()
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
