//! How a session begins: with first weights, from a checkpoint, or with a network that a person has changed.

use super::super::checkpoint::{Checkpoint, Progress};
use super::super::feed::Feed;
use super::super::learner::{Learner, Snapshot};
use super::super::tally::Tally;
use super::super::{Device, gradients};
use super::{Phase, Session};
use crate::arch;
use crate::arch::Summary;
use crate::arch::touch::{self, Touch, Touched};
use crate::base::DataFacts;
use crate::base::error::{Code, Problem, Result};
use crate::event::Event;
use crate::experiment::ExperimentSpec;
use crate::nn::State;

/// Weights to begin from, and what they are called.
#[derive(Debug, Clone, PartialEq)]
pub struct GivenWeights {
    /// The name of a file, or of a run.
    pub name: String,
    /// The weights.
    pub state: State,
}

/// Letters of such a name that are kept.
const LONGEST_NAME: usize = 60;

impl Session {
    /// Begins a run: checks the spec, builds the network, draws its first weights.
    ///
    /// # Errors
    /// As [`ExperimentSpec::validate`], [`arch::build`] and [`Transform::new`];
    /// [`Code::OutOfRange`] if the data set has fewer samples than the spec wants.
    pub fn begin(
        spec: ExperimentSpec,
        facts: &DataFacts,
        device: &Device,
    ) -> Result<(Self, Event)> {
        spec.check_set(facts)?;
        let plan = plan(&spec, facts)?;
        let learner = Learner::new(&spec, plan, device);
        Self::with(spec, facts, learner, device, 0, Phase::Training)
    }

    /// The same from these weights, or the first ones, changed as a person does. That it was given weights is the first of its
    /// changes.
    ///
    /// # Errors
    /// As [`Session::begin`] and [`touch::touch`]; [`Code::Internal`] if the weights are another network's.
    pub fn begin_touched(
        spec: ExperimentSpec,
        facts: &DataFacts,
        device: &Device,
        given: Option<GivenWeights>,
        touches: &[Touch],
    ) -> Result<(Self, Event)> {
        spec.check_set(facts)?;
        let plan = plan(&spec, facts)?;
        let (state, past) = match given {
            Some(GivenWeights { name, state }) => {
                let letters = name.chars().filter(|letter| !letter.is_control());
                let begun = Touched {
                    step: 0,
                    layer: letters.take(LONGEST_NAME).collect(),
                    touch: Touch::Given,
                };
                (state, vec![begun])
            }
            None => (State::draw(&plan, spec.init, spec.seed), Vec::new()),
        };
        let first = Checkpoint {
            spec,
            progress: Progress {
                step: 0,
                epoch: Tally::default(),
                testing: false,
                snapshot: Snapshot::first(state),
            },
            touches: past,
        };
        Self::go_on(first, touches, facts, device)
    }

    /// Goes on with a run from its [`Session::checkpoint`], as if nothing had happened in between.
    ///
    /// # Errors
    /// As [`Session::begin`], and [`Code::Internal`] if the bytes are no checkpoint.
    pub fn resume(checkpoint: &[u8], facts: &DataFacts, device: &Device) -> Result<(Self, Event)> {
        Self::resume_touched(checkpoint, facts, device, &[])
    }

    /// The same with the network as a person has changed it.
    ///
    /// # Errors
    /// As [`Session::resume`] and [`touch::touch`].
    pub fn resume_touched(
        checkpoint: &[u8],
        facts: &DataFacts,
        device: &Device,
        touches: &[Touch],
    ) -> Result<(Self, Event)> {
        Self::go_on(Checkpoint::from_bytes(checkpoint)?, touches, facts, device)
    }

    fn go_on(
        checkpoint: Checkpoint,
        touches: &[Touch],
        facts: &DataFacts,
        device: &Device,
    ) -> Result<(Self, Event)> {
        let Checkpoint {
            spec,
            progress,
            touches: mut touched,
        } = checkpoint;
        let Progress {
            step,
            epoch,
            testing,
            mut snapshot,
        } = progress;
        spec.check_set(facts)?;
        let plan = plan(&spec, facts)?;
        if step > spec.total_steps() || epoch.samples != step % spec.steps_per_epoch() * spec.batch
        {
            return Err(Problem::internal("the checkpoint contradicts itself"));
        }
        let past: Vec<Touch> = touched.iter().map(|touched| touched.touch).collect();
        let told = touch::told(&plan, &past, touches, step)?;
        snapshot.touch((&spec, &plan), &touched, touches)?;
        touched.extend(told);
        let mut learner = Learner::restore(&spec, plan, &snapshot, device)?;
        learner.hold(&touched)?;
        let total = spec.total_steps();
        let phase = if testing && step <= total {
            Phase::Testing(0, Tally::default())
        } else if step < total {
            Phase::Training
        } else {
            Phase::Over
        };
        let (mut session, mut started) = Self::with(spec, facts, learner, device, step, phase)?;
        session.epoch = epoch;
        if let Event::Started { touches, .. } = &mut started {
            touches.clone_from(&touched);
        }
        session.touched = touched;
        Ok((session, started))
    }

    fn with(
        spec: ExperimentSpec,
        facts: &DataFacts,
        learner: Learner,
        device: &Device,
        step: u32,
        phase: Phase,
    ) -> Result<(Self, Event)> {
        let plan = learner.network().plan();
        let layers = gradients::layers(plan).into_iter();
        let started = Event::Started {
            task: spec.task(),
            parameters: plan.weights(),
            multiply_adds: Summary::of(plan).multiply_adds,
            layers: layers.map(|(path, _)| path.to_owned()).collect(),
            steps_per_epoch: spec.steps_per_epoch(),
            total_steps: spec.total_steps(),
            step,
            testing: matches!(phase, Phase::Testing(..)),
            touches: Vec::new(),
        };
        let session = Self {
            feed: Feed::new(&spec, facts, device)?,
            order: Vec::new(),
            phase,
            unread: Vec::new(),
            epoch: Tally::default(),
            last_loss: None,
            touched: Vec::new(),
            spec,
            learner,
            step,
        };
        Ok((session, started))
    }
}

fn plan(spec: &ExperimentSpec, facts: &DataFacts) -> Result<arch::Shaped> {
    spec.validate()?;
    for (field, wanted, there) in [
        ("train", spec.train, facts.train),
        ("test", spec.test, facts.test),
    ] {
        if wanted as usize > there {
            let problem = Problem::new(Code::OutOfRange)
                .about(field)
                .with("value", wanted);
            return Err(problem.with("min", 1).with("max", there));
        }
    }
    arch::build(spec, facts.shape, facts.classes.len())
}
