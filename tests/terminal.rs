//! The program for a terminal: what its exit status says, and that nobody has to read all of what it prints.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should fail")]

use std::env;
use std::fs;
use std::io::pipe;
use std::process::{Command, Output, Stdio};

use cnn_playground::base::digest::sha256;
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
    for arguments in [
        &["export", "--torch", "net=resnet"][..],
        &["lab", "parameters"],
    ] {
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
    let mut command = program(&["export", "--torch", "net=resnet"]);
    let output = command.stdout(full).stderr(Stdio::piped()).output();
    let (code, said) = ended(output.unwrap());
    assert_eq!(code, Some(1));
    assert!(said.contains("No space left"), "{said}");
}

#[test]
fn the_exit_status_says_whether_parts_of_a_link_were_left_out() {
    let status = |link: &str| ended(program(&["export", "--torch", link]).output().unwrap());
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

#[test]
fn a_run_ends_with_the_epoch_whose_test_is_good_enough() {
    let link = |until: &str| {
        format!("net=mlp&width=16&train=500&test=200&batch=50&epochs=6&stop=accuracy&until={until}")
    };
    let claim = |until: &str| Claim::parse(&result(&link(until))).unwrap();
    let early = claim("0.35");
    assert!(early.accuracy >= 0.35, "{early}");
    assert!(
        early.steps < 60 && early.steps.is_multiple_of(10),
        "{early}"
    );
    assert_eq!(claim("1").steps, 60);
    let again = program(&[&format!("{}&result={early}", link("0.35"))]).output();
    assert_eq!(ended(again.unwrap()).0, Some(0));
    // Not after half an epoch.
    let claimed = early
        .to_string()
        .replace(&format!(",{},", early.steps), ",5,");
    let opened = link::open(&format!("{}&result={claimed}", link("0.35")));
    assert_eq!(opened.problems.len(), 1, "{:?}", opened.problems);
}

#[test]
fn the_curves_of_a_run_that_breaks_down_are_written_all_the_same() {
    let file = env::temp_dir().join(format!("cnn-playground-broken-{}.csv", std::process::id()));
    let csv = file.to_str().unwrap();
    let link = "net=cnn&width=4&train=640&test=100&batch=32&optimizer=sgd&lr=10&stop=steps&steps=9&normalize=custom&mean=-10000&std=0.0001";
    let (status, said) = ended(program(&["--csv", csv, link]).output().unwrap());
    assert_eq!(status, Some(1), "{said}");
    let table = fs::read_to_string(&file).unwrap();
    assert!(table.lines().count() > 1, "{table}");
    fs::remove_file(file).unwrap();
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

#[test]
fn weights_are_saved_and_begun_with_and_what_does_not_fit_is_named() {
    let folder = env::temp_dir().join(format!("cnn-playground-weights-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let file = folder.join("weights.safetensors");
    let file = file.to_str().unwrap();
    let link = "net=cnn&width=4&train=64&test=10&batch=32&stop=steps&steps=2";
    let status = |arguments: &[&str]| ended(program(arguments).output().unwrap());
    assert_eq!(
        status(&["--safetensors", file, link]),
        (Some(0), String::new())
    );

    // The same again would begin with the first weights, and its first loss would be that.
    let losses = |arguments: &[&str]| {
        let output = program(arguments).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let json = ["--format", "json", link];
    let (first, again) = (
        losses(&json),
        losses(&["--weights", file, "--format", "json", link]),
    );
    assert_eq!(first, losses(&json));
    assert_ne!(first, again);

    let claimed = format!("{link}&result=1.0,1,2,0123456789abcdef,{},cpu", engine());
    let (code, said) = status(&["--weights", file, &claimed]);
    assert_eq!(code, Some(3));
    assert!(said.contains("was not checked"), "{said}");
    let (code, said) = status(&["--weights", file, &link.replace("width=4", "width=8")]);
    assert_eq!(code, Some(1));
    assert!(
        said.contains("conv1.weight") && said.contains("4×1×3×3") && said.contains("8×1×3×3"),
        "{said}"
    );
    // What PyTorch saves of another network, as an archive.
    let saved = "tests/fixtures/saved/state.pt";
    let (code, said) = status(&[
        "--weights",
        saved,
        "net=mlp&blocks=1&width=8&train=64&test=10",
    ]);
    assert_eq!(code, Some(1));
    assert!(
        said.contains("fc1.weight") && said.contains("8×16") && said.contains("10×784"),
        "{said}"
    );
    let (code, said) = status(&["--weights", "/no/such/file", link]);
    assert_eq!(code, Some(1));
    assert!(said.contains("/no/such/file"), "{said}");
    let (code, said) = status(&["--safetensors", "/no/such/folder/file", link]);
    assert_eq!(code, Some(1));
    assert!(said.contains("/no/such/folder/file"), "{said}");
    fs::remove_dir_all(&folder).unwrap();
}

/// The files of weights and of ONNX that come of a run, and that of ONNX before it, by their digests: `tests/e2e/weights.spec.mjs`
/// and `tests/e2e/share.spec.mjs` expect the same of the page.
#[test]
fn weights_and_networks_are_saved_as_the_page_saves_them() {
    const PATH: &str = "tests/fixtures/weights.txt";
    const LINK: &str = "v=1&net=cnn&width=4&batchnorm=on&train=640&test=100&batch=16&epochs=1";
    let [weights, network] = ["safetensors", "onnx"].map(|form| {
        let name = format!("cnn-playground-saved-{}.{form}", std::process::id());
        env::temp_dir().join(name)
    });
    let first = program(&["export", "--onnx", LINK]).output().unwrap();
    assert_eq!(first.status.code(), Some(0));
    let saved = [weights.to_str().unwrap(), network.to_str().unwrap()];
    let mut command = program(&["--safetensors", saved[0], "--onnx", saved[1], LINK]);
    assert_eq!(ended(command.output().unwrap()).0, Some(0));
    let [weights, network] = [weights, network].map(|file| {
        let digest = sha256(&fs::read(&file).unwrap());
        fs::remove_file(&file).unwrap();
        digest
    });
    let found = format!("{LINK} {weights} {} {network}\n", sha256(&first.stdout));
    if env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(PATH, found).unwrap();
    } else {
        assert_eq!(found, fs::read_to_string(PATH).unwrap());
    }
}

/// The commands that `docs/terminal.md` shows, in its order and in a folder of their own.
#[cfg(unix)]
#[test]
fn the_commands_of_the_documentation_run() {
    let text = include_str!("../docs/terminal.md");
    let commands = text.split("```sh\n").nth(1).unwrap();
    let commands = commands.split("```").next().unwrap();
    let folder = env::temp_dir().join(format!("cnn-playground-terminal-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let script = format!("set -e\ncargo() {{ shift 2; \"$PROGRAM\" \"$@\"; }}\n{commands}");
    let output = Command::new("sh")
        .args(["-c", &script])
        .env("PROGRAM", env!("CARGO_BIN_EXE_cnn-playground"))
        .current_dir(&folder)
        .output()
        .unwrap();
    assert_eq!(ended(output), (Some(0), String::new()));
    let written = commands.lines().filter_map(|line| {
        let name = line.split_once("> ")?.1.split_whitespace().next()?;
        Some((name, fs::read(folder.join(name)).unwrap()))
    });
    let written: Vec<_> = written.collect();
    assert_eq!(written.len(), 7);
    for (name, content) in written {
        assert!(!content.trim_ascii().is_empty(), "{name}");
        if name.ends_with(".json") || name.ends_with(".ipynb") {
            serde_json::from_slice::<serde_json::Value>(&content).unwrap();
        }
    }
    for name in ["trained.onnx", "mlp.csv"] {
        assert!(fs::metadata(folder.join(name)).unwrap().len() > 0, "{name}");
    }
    assert_eq!(fs::read_dir(folder.join("board")).unwrap().count(), 1);
    fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn the_documentation_has_the_exit_status_of_the_help() {
    let text = include_str!("../docs/terminal.md");
    let status = text.split("## Exit status\n\n```\n").nth(1).unwrap();
    let status = status.split("```").next().unwrap();
    let help = String::from_utf8(program(&["--help"]).output().unwrap().stdout).unwrap();
    assert!(help.contains(status.trim_end()), "{help}");
}

#[test]
fn a_description_names_what_differs_and_every_layer() {
    let output = program(&["describe", "net=lenet1&epochs=3"])
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    for expected in [
        "net=lenet1&epochs=3",
        "conv1",
        "4×24×24",
        "3246 weights",
        "10",
    ] {
        assert!(text.contains(expected), "{expected} in {text}");
    }
    let refused = program(&["describe", "net=resnet&shortcut=identity"])
        .output()
        .unwrap();
    assert_eq!(ended(refused).0, Some(1));
}
