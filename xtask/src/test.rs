//! `cargo xtask test`: every tier of tests, cheapest first.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::Result;
use clap::Args;

use crate::host::Host;
use crate::project::Project;
use crate::supply::NotChecked;
use crate::tiers::{Bench, TIERS, Tier};
use crate::wasm::Module;

#[derive(Args)]
pub(crate) struct Options {
    /// Leave out what needs the module for GPUs, whose first build takes 5 to 15 minutes
    #[arg(long)]
    fast: bool,
    /// Do not ask PyTorch, whose installation takes gigabytes
    #[arg(long)]
    without_torch: bool,
    /// Run only the tiers whose name contains this
    #[arg(long, value_name = "WORD")]
    only: Option<String>,
}

/// How a tier ended.
#[derive(Clone, Copy, PartialEq)]
enum Verdict {
    Passed,
    Failed,
    /// What it would have looked at could not be had.
    NotChecked,
}

/// How a tier ended, and after how long; nothing if it was not run.
type Outcome = Option<(Verdict, Duration)>;

pub(crate) fn run(project: &Project, host: &Host, options: &Options) -> ExitCode {
    let modules: &[Module] = if options.fast {
        &Module::QUICK
    } else {
        &Module::ALL
    };
    let bench = Bench::new(project, host, modules, options.without_torch);
    let asked = |tier: &&Tier| {
        !(options.fast && tier.long)
            && options
                .only
                .as_ref()
                .is_none_or(|word| tier.name.contains(word.as_str()))
    };
    let mut outcomes: Vec<(&Tier, Outcome)> = Vec::new();
    let mut failed = false;
    for tier in TIERS.iter().filter(asked) {
        if failed {
            outcomes.push((tier, None));
            continue;
        }
        println!("\n== {} ==", tier.name);
        let started = Instant::now();
        let result = (tier.run)(&bench);
        let verdict = verdict(&result);
        failed = verdict == Verdict::Failed;
        match result {
            Err(error) if failed => println!("\nFailed: {error:#}\nTo do: {}", tier.remedy),
            Err(why) => println!("\nNot checked: {why:#}"),
            Ok(()) => {}
        }
        outcomes.push((tier, Some((verdict, started.elapsed()))));
    }
    print_table(&outcomes);
    if outcomes.is_empty() {
        let names: Vec<_> = TIERS.iter().map(|tier| tier.name).collect();
        println!(
            "Failed: no tier to be run has that in its name.\nTo do: choose one of these: {}",
            names.join("; ")
        );
    }
    if failed || outcomes.is_empty() {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}

fn verdict(result: &Result<()>) -> Verdict {
    match result {
        Ok(()) => Verdict::Passed,
        Err(error) if error.is::<NotChecked>() => Verdict::NotChecked,
        Err(_) => Verdict::Failed,
    }
}

fn print_table(outcomes: &[(&Tier, Outcome)]) {
    println!();
    for (tier, outcome) in outcomes {
        match outcome {
            Some((verdict, time)) => {
                let verdict = match verdict {
                    Verdict::Passed => "passed",
                    Verdict::Failed => "failed",
                    Verdict::NotChecked => "not checked",
                };
                println!("{:20} {verdict:11} {:7.1} s", tier.name, time.as_secs_f32());
            }
            None => println!("{:20} not run", tier.name),
        }
    }
    let count = |wanted| {
        outcomes
            .iter()
            .filter(|(_, outcome)| outcome.is_some_and(|(found, _)| found == wanted))
            .count()
    };
    let [passed, failed, not_checked] =
        [Verdict::Passed, Verdict::Failed, Verdict::NotChecked].map(count);
    println!("\n{passed} passed, {failed} failed, {not_checked} not checked");
}

#[cfg(test)]
mod tests {
    use anyhow::anyhow;

    use super::*;

    #[test]
    fn what_could_not_be_looked_at_neither_passes_nor_fails() {
        assert!(verdict(&Ok(())) == Verdict::Passed);
        assert!(verdict(&Err(anyhow!("wrong"))) == Verdict::Failed);
        assert!(verdict(&Err(NotChecked("no network").into())) == Verdict::NotChecked);
    }
}
