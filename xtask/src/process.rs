//! Other programs: running them, and saying what went wrong.

use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// Runs a program that shows its own output.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = command
        .status()
        .with_context(|| format!("`{}` cannot be started", line(command)))?;
    check(command, status)
}

/// Runs a program and returns what it prints; what it complains about goes into the error.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let output = command.stdin(Stdio::null()).output();
    let output = output.with_context(|| format!("`{}` cannot be started", line(command)))?;
    let complaint = String::from_utf8_lossy(&output.stderr);
    check(command, output.status).with_context(|| complaint.trim().to_owned())?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Runs a program that shows its own output, and ends it when it takes longer than `limit`.
pub(crate) fn run_within(command: &mut Command, limit: Duration) -> Result<()> {
    let started = Instant::now();
    let mut child = command
        .spawn()
        .with_context(|| format!("`{}` cannot be started", line(command)))?;
    loop {
        if let Some(status) = child.try_wait()? {
            return check(command, status);
        }
        if started.elapsed() >= limit {
            child.kill()?;
            child.wait()?;
            bail!(
                "`{}` did not answer within {} s",
                line(command),
                limit.as_secs_f32()
            );
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn check(command: &Command, status: ExitStatus) -> Result<()> {
    if !status.success() {
        bail!("`{}` failed ({status})", line(command));
    }
    Ok(())
}

/// The command as one would type it.
pub(crate) fn line(command: &Command) -> String {
    let words = [command.get_program()]
        .into_iter()
        .chain(command.get_args());
    words
        .map(|word| word.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}
