//! A network of one's own: from its text, and any other network as such a text.

use serde::Serialize;

use super::notation::{self, Read, Stretch};
use super::{Form, Join, Shaped, family};
use crate::base::ImageShape;
use crate::base::error::{Code, Problem, Result};
use crate::experiment::{ExperimentSpec, Family, Init, Task, resolve};
use crate::operation::{Operation, Shape};

/// Networks to start from: a name, with an entry `own.template.<name>` in the locale files, and the text.
pub const TEMPLATES: &[(&str, &str)] = &[
    (
        "cnn",
        "conv16,relu,max,conv32,relu,max,flatten,fc64,relu,fc",
    ),
    (
        "residual",
        "conv16,bn,relu,2x(:add(conv16,bn,relu,conv16,bn),act:relu),(:add(conv32s2,bn,relu,conv32,bn;conv32k1s2,bn),\
         act:relu),gap,fc",
    ),
    (
        "inception",
        "conv16,bn,relu,max,cat(conv16k1,bn,relu;conv16k1,bn,relu,conv24,bn,relu;conv4k1,bn,relu,conv8k5,bn,relu;\
         max3s1p1,conv8k1,bn,relu),max,conv64,bn,relu,gap,drop,fc",
    ),
    (
        "attention",
        "conv16,bn,relu,mul(gap,fc4,relu,fc16,sigmoid),max,conv32,bn,relu,mul(gap,fc8,relu,fc32,sigmoid),max,flatten,fc",
    ),
];

/// The network of a spec's own text.
///
/// # Errors
/// As [`notation::read`] and [`Shaped::infer`], with the place in the text; [`Code::OutputDiffers`].
pub(super) fn network(spec: &ExperimentSpec, input: ImageShape, classes: usize) -> Result<Shaped> {
    let text = &spec.layers;
    let Read { layer, places } = notation::read(text, classes)?;
    let network = Shaped::infer(&layer, Shape::from(input)).map_err(|problem| {
        let path = problem.params.get("layer");
        let place = path.and_then(|path| places.get(path)).copied();
        located(problem, text, place)
    })?;
    follows_pixels(spec, &network)?;
    let wanted = match spec.task() {
        Task::Classify => Shape::Vector(classes),
        Task::Segment => Shape::Image(ImageShape {
            channels: 1,
            ..input
        }),
    };
    let mut said = vec![&network];
    asides(&network, &mut said);
    // An auxiliary classifier names classes.
    let is_wrong = |(at, part): &(usize, &Shaped)| {
        part.output != wanted || (*at > 0 && spec.task() == Task::Segment)
    };
    let wrong = said.into_iter().enumerate().find(is_wrong);
    match wrong {
        None => Ok(network),
        Some((_, part)) => {
            let problem = Problem::new(Code::OutputDiffers)
                .with("output", part.output)
                .with("expected", wanted);
            let last = last(part).and_then(|last| places.get(&last.path));
            Err(located(problem, text, last.copied()))
        }
    }
}

/// Weights that are shuffled like the pixels need a first layer with a weight for each pixel.
fn follows_pixels(spec: &ExperimentSpec, network: &Shaped) -> Result<()> {
    let mut learning = network.operations().into_iter();
    let first = learning.find(|(part, operation)| !operation.parameters(part.input).is_empty());
    let follows = first.is_some_and(|(part, operation)| {
        matches!(operation, Operation::Linear(_)) && part.input.len() == network.input.len()
    });
    match spec.init == Init::Permuted && !follows {
        false => Ok(()),
        true => Err(Problem::new(Code::PixelWeights).about("init")),
    }
}

/// The last operation of a part.
fn last(part: &Shaped) -> Option<&Shaped> {
    let operations = part.operations().into_iter();
    operations.map(|(operation, _)| operation).next_back()
}

fn located(problem: Problem, text: &str, place: Option<Stretch>) -> Problem {
    match place {
        Some(place) => notation::at(problem, text, place),
        None => problem.about("layers"),
    }
}

/// Takes down every auxiliary classifier.
fn asides<'a>(part: &'a Shaped, all: &mut Vec<&'a Shaped>) {
    if let Form::Merge {
        join: Join::Auxiliary,
        branches,
    } = &part.form
    {
        all.extend(branches.iter().skip(1));
    }
    for part in part.parts() {
        asides(part, all);
    }
}

/// The same experiment with its network as a text of its own, which a person can change: the same tree, and so the
/// same first weights and the same numbers. What followed the number of classes still does.
pub fn opened(spec: &ExperimentSpec, input: ImageShape, classes: usize) -> ExperimentSpec {
    let mut opened = spec.clone();
    if spec.net != Family::Own {
        let [network, other] = [classes, classes + 1].map(|classes| family(spec, input, classes));
        opened.layers = notation::write(&network, &other, classes);
        opened.task = spec.task();
        opened.net = Family::Own;
    }
    // What has no effect any more goes back to its default.
    resolve(&opened.choices()).spec
}

/// A piece of a network's text around a place that a problem is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Mark {
    /// Where it begins in the text.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// What stands before it.
    pub before: String,
    /// What stands there.
    pub there: String,
    /// What stands behind it.
    pub after: String,
}

impl Mark {
    /// The place in a network's text that a problem is about, if it is about one.
    pub fn of(problem: &Problem, text: &str) -> Option<Self> {
        /// As many characters as are shown on each side.
        const AROUND: usize = 24;
        let number = |name: &str| problem.params.get(name)?.parse::<usize>().ok();
        let (start, end) = (
            number("from")?.checked_sub(1)?,
            number("to")?.min(text.len()),
        );
        let (before, rest) = text.split_at_checked(start)?;
        let (there, after) = rest.split_at_checked(end.checked_sub(start)?)?;
        let before: Vec<char> = before.chars().rev().take(AROUND).collect();
        Some(Self {
            start,
            end,
            before: before.into_iter().rev().collect(),
            there: there.to_owned(),
            after: after.chars().take(AROUND).collect(),
        })
    }
}
