//! Reads a script or a notebook in a terminal: `cnn-playground-python FILE [DATA SET]` prints what [`read`] says, as JSON, and
//! the network as a link's settings. Exit status 1 if it cannot be taken.

use std::env;
use std::error::Error;
use std::fs;
use std::process::ExitCode;

use cnn_playground_python::{Request, Set, read};

/// The data sets of the page: their names, and the shapes of their images.
const SETS: [(&str, [usize; 3]); 3] = [
    ("mnist", [1, 28, 28]),
    ("fashion-mnist", [1, 28, 28]),
    ("cifar10", [3, 32, 32]),
];
const CLASSES: usize = 10;

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let mut words = env::args().skip(1);
    let file = words
        .next()
        .ok_or("which file? cnn-playground-python FILE [mnist|fashion-mnist|cifar10]")?;
    let name = words.next().unwrap_or_else(|| "cifar10".to_owned());
    let set = |(name, shape): (&str, [usize; 3])| Set {
        name: name.to_owned(),
        shape,
        classes: CLASSES,
    };
    let known = SETS.iter().find(|(known, _)| *known == name);
    let data = known.copied().map(set).ok_or("no such data set")?;
    let others = SETS.into_iter().filter(|(other, _)| *other != name);
    let request = Request {
        text: fs::read_to_string(file)?,
        network: None,
        data,
        others: others.map(set).collect(),
    };
    let reading = read(&request);
    println!("{}", serde_json::to_string_pretty(&reading)?);
    let Some(layers) = reading.layers.filter(|_| reading.fault.is_none()) else {
        return Ok(ExitCode::FAILURE);
    };
    eprintln!("v=1&data={name}&net=own&layers={layers}");
    Ok(ExitCode::SUCCESS)
}
