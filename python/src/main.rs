//! Reads a script or a notebook in a terminal: `cnn-playground-python FILE [DATA SET]` prints what [`read`] says, as JSON, and
//! the network as a link's settings. Exit status 1 if it cannot be taken.

use std::env;
use std::error::Error;
use std::fs;
use std::process::ExitCode;

use cnn_playground::experiment::DataSet;
use cnn_playground_python::{Request, read};

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let mut words = env::args().skip(1);
    let file = words
        .next()
        .ok_or("which file? cnn-playground-python FILE [mnist|fashion-mnist|cifar10]")?;
    let name = words.next().unwrap_or_else(|| "cifar10".to_owned());
    let is_served = DataSet::parse(&name).is_some_and(|data| data.shape().is_some());
    if !is_served {
        return Err("no such data set: mnist, fashion-mnist or cifar10".into());
    }
    let request = Request {
        text: fs::read_to_string(file)?,
        network: None,
        data: name.clone(),
        facts: None,
    };
    let reading = read(&request);
    println!("{}", serde_json::to_string_pretty(&reading)?);
    let Some(layers) = reading.layers.filter(|_| reading.fault.is_none()) else {
        return Ok(ExitCode::FAILURE);
    };
    eprintln!("v=1&data={name}&net=own&layers={layers}");
    Ok(ExitCode::SUCCESS)
}
