//! A run's curves in files for other programs: a table, and events for TensorBoard.

use std::path::PathBuf;
use std::time::Instant;

use cnn_playground::base::error::Result;
use cnn_playground::event::Event;
use cnn_playground::experiment::{Choices, ExperimentSpec, Task};
use cnn_playground::runs::{self, Run};

use crate::board::Board;
use crate::weights::written;

/// Files for the curves.
#[derive(clap::Args)]
pub(crate) struct Written {
    /// Write the curves into this folder while the run goes on, as events for TensorBoard
    #[arg(long, value_name = "FOLDER")]
    tensorboard: Option<PathBuf>,
    /// Write the curves to this file at the end, as a table with a line for each step
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
}

/// What becomes of a run, on its way into files.
pub(crate) struct Curves {
    run: Run,
    started: Instant,
    board: Option<Board>,
    csv: Option<PathBuf>,
}

impl Curves {
    /// Of a run of this experiment.
    ///
    /// # Errors
    /// [`NotWritten`](cnn_playground::base::error::Code::NotWritten) if the folder cannot be.
    pub(crate) fn begin(options: &Written, spec: &ExperimentSpec, device: &str) -> Result<Self> {
        let board = options.tensorboard.as_deref().map(Board::begin);
        Ok(Self {
            run: Run::new(spec.clone(), Choices::new(), device),
            started: Instant::now(),
            board: board.transpose()?,
            csv: options.csv.clone(),
        })
    }

    /// Takes in what happened.
    ///
    /// # Errors
    /// As [`Curves::begin`].
    pub(crate) fn hear(&mut self, event: &Event) -> Result<()> {
        let seconds = self.started.elapsed().as_secs_f64();
        self.run
            .apply(std::slice::from_ref(event), seconds, seconds);
        let Some(board) = &mut self.board else {
            return Ok(());
        };
        let score = match self.run.task() {
            Task::Classify => "accuracy",
            Task::Segment => "IoU",
        };
        match event {
            Event::Steps {
                first,
                losses,
                accuracies,
                learning_rate,
                ..
            } => {
                for (step, (&loss, &accuracy)) in (*first..).zip(losses.iter().zip(accuracies)) {
                    board.add(step, "train/loss", loss)?;
                    board.add(step, &format!("train/{score}"), accuracy)?;
                }
                let last = first + losses.len() as u32 - 1;
                board.add(last, "learning rate", *learning_rate as f32)?;
            }
            Event::Gradients { step, norms } => {
                for (layer, &norm) in self.run.layers.iter().zip(norms) {
                    board.add(*step, &format!("gradient/{layer}"), norm)?;
                }
            }
            Event::Evaluated {
                step,
                loss,
                accuracy,
                ..
            } => {
                board.add(*step, "test/loss", *loss)?;
                board.add(*step, &format!("test/{score}"), *accuracy)?;
            }
            _ => {}
        }
        board.flush()
    }

    /// Writes what is written at the end.
    ///
    /// # Errors
    /// As [`Curves::begin`].
    pub(crate) fn end(&self) -> Result<()> {
        match &self.csv {
            Some(file) => written(file, runs::wide_csv(&self.run).as_bytes()),
            None => Ok(()),
        }
    }
}
