//! What an experiment is, before it runs.

use cnn_playground::base::error::{Problem, Result};
use cnn_playground::view::View;

use crate::out::say;
use crate::{Ending, opened, words};

#[derive(clap::Args)]
pub(crate) struct Options {
    /// The link, or what stands behind its `#`
    #[arg(default_value = "")]
    link: String,
    /// All that the page knows of it, as JSON
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(options: &Options) -> Result<Ending> {
    let (opened, ending) = opened(&options.link);
    let view = View::of(&opened.choices, None);
    if options.json {
        let text = serde_json::to_string_pretty(&view).map_err(Problem::internal)?;
        say!("{text}");
    }
    if let Some(problem) = view.refusal {
        return Err(problem);
    }
    if !options.json {
        print(&view)?;
    }
    Ok(ending)
}

fn print(view: &View) -> Result<()> {
    let words = words::english();
    say!("{}", view.link);
    for field in &view.fields {
        if let Some(value) = view.choices.get(field.key) {
            let name = words::filled(words, &format!("field.{}", field.key), &[]);
            say!("  {name}: {value}");
        }
    }
    let Some(network) = &view.network else {
        return Ok(());
    };
    say!("");
    for row in &network.rows {
        let kind = words::filled(words, &format!("layer.{}", row.kind), &[]);
        let sizes: Vec<_> = row.output.iter().map(usize::to_string).collect();
        let numbers = row.weights + row.biases;
        say!(
            "{:28} {kind:26} {:14} {numbers:>9}",
            row.path,
            sizes.join("×")
        );
    }
    say!("");
    say!(
        "{} weights; {} multiply-adds for one image; depth {}",
        network.parameters,
        network.multiply_adds,
        network.depth
    );
    say!(
        "{} steps per epoch; {} steps",
        view.steps_per_epoch,
        view.total_steps
    );
    Ok(())
}
