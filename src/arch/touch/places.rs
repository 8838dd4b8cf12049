//! Where the numbers of a network's layers are.

use std::ops::Range;

use super::{EDGE, Pattern};
use crate::arch::{Form, Shaped};
use crate::base::error::{Code, Problem, Result};
use crate::operation::Operation;

/// An operation with where its numbers are.
pub(super) struct Place<'a> {
    pub(super) part: &'a Shaped,
    pub(super) operation: Operation,
    /// Its arrays, each with its length.
    pub(super) arrays: Range<usize>,
    pub(super) lengths: Vec<usize>,
    /// Its running statistics.
    pub(super) statistics: Option<usize>,
}

/// Every operation, in order.
pub(super) fn places(plan: &Shaped) -> Vec<Place<'_>> {
    let (mut arrays, mut statistics) = (0, 0);
    let each = plan.operations().into_iter().map(|(part, operation)| {
        let parameters = operation.parameters(part.input);
        let lengths: Vec<usize> = parameters.iter().map(|one| one.len()).collect();
        let from = arrays;
        arrays += lengths.len();
        let has = operation.about().has_statistics();
        statistics += usize::from(has);
        Place {
            part,
            operation,
            arrays: from..arrays,
            lengths,
            statistics: has.then(|| statistics - 1),
        }
    });
    each.collect()
}

impl Place<'_> {
    /// It has no such number.
    pub(super) fn lacks(&self, wanted: &[usize]) -> Problem {
        lacks(&self.part.path, wanted)
    }

    /// It is of a kind that has no such thing.
    pub(super) fn of_kind(&self, code: Code) -> Problem {
        Problem::new(code).with("layer", &self.part.path)
    }

    /// The numbers of a channel, in each array.
    pub(super) fn channel(&self, channel: usize) -> Result<Vec<Vec<usize>>> {
        let channels = self.part.output.channels();
        if channel >= channels {
            return Err(self.lacks(&[channel]));
        }
        let chunk = |length: usize| {
            let size = length / channels;
            (channel * size..(channel + 1) * size).collect()
        };
        let mut each: Vec<Vec<usize>> = self.lengths.iter().map(|&length| chunk(length)).collect();
        // Their weights are kept input by input.
        let inner = match self.operation {
            Operation::Linear(_) => Some(1),
            Operation::ConvTranspose2d(conv) => Some(conv.kernel * conv.kernel),
            _ => None,
        };
        if let (Some(inner), Some(first)) = (inner, each.first_mut()) {
            let mine = |at: &usize| at / inner % channels == channel;
            *first = (0..self.lengths[0]).filter(mine).collect();
        }
        Ok(each)
    }

    /// The number of a weight: of which filter or output, of what enters, and which of the kernel.
    pub(super) fn weight(&self, channel: usize, input: usize, at: usize) -> Result<usize> {
        let entering = self.part.input.channels();
        let found = match self.operation {
            Operation::Conv2d(conv) => {
                let [rows, columns] = conv.kernel;
                let fits = channel < conv.out_channels && at < rows * columns;
                let seen = entering / conv.groups;
                let group = channel / (conv.out_channels / conv.groups).max(1);
                let within = input.checked_sub(group.saturating_mul(seen));
                within
                    .filter(|input| fits && *input < seen)
                    .map(|input| (channel * seen + input) * rows * columns + at)
            }
            Operation::Linear(dense) => {
                let fits = channel < dense.out_features && input < entering && at == 0;
                fits.then(|| input * dense.out_features + channel)
            }
            _ => return Err(self.of_kind(Code::NoWeights)),
        };
        found.ok_or_else(|| self.lacks(&[channel, input, at]))
    }

    /// The numbers of a filter that becomes a pattern, from its first one on.
    pub(super) fn pattern(&self, channel: usize, pattern: Pattern) -> Result<(usize, Vec<f32>)> {
        let Operation::Conv2d(conv) = self.operation else {
            return Err(self.of_kind(Code::NoKernel));
        };
        let [rows, columns] = conv.kernel;
        if rows < EDGE || columns < EDGE {
            return Err(self.of_kind(Code::NoKernel));
        }
        if channel >= conv.out_channels {
            return Err(self.lacks(&[channel]));
        }
        let seen = self.part.input.channels() / conv.groups;
        let mut kernel = vec![0.0; rows * columns];
        let corner = (rows - EDGE) / 2 * columns + (columns - EDGE) / 2;
        for (at, number) in pattern.numbers().into_iter().enumerate() {
            kernel[corner + at / EDGE * columns + at % EDGE] = number / seen as f32;
        }
        Ok((channel * seen * rows * columns, kernel.repeat(seen)))
    }
}

/// A network has no such number, counted from 0.
pub(super) fn lacks(layer: &str, wanted: &[usize]) -> Problem {
    let each = wanted.iter().map(|at| at.saturating_add(1).to_string());
    let wanted = each.collect::<Vec<_>>().join(", ");
    let problem = Problem::new(Code::NoSuchNumber).with("layer", layer);
    problem.with("wanted", wanted)
}

/// The operation of a row, and those attached to it.
pub(super) fn attached<'a, 'b>(places: &'b [Place<'a>], row: usize) -> Result<Vec<&'b Place<'a>>> {
    let found = places.get(row).ok_or_else(|| lacks("–", &[row]))?;
    let behind = places[row + 1..].iter();
    let mine = behind.take_while(|place| {
        place.operation.about().is_attached() && place.part.input == found.part.output
    });
    let all: Vec<_> = std::iter::once(found).chain(mine).collect();
    match all.iter().all(|place| place.lengths.is_empty()) {
        true => Err(found.of_kind(Code::NoWeights)),
        false => Ok(all),
    }
}

/// The places where branches meet, in the order in which that happens, each with the rows before it that it is of.
pub(super) fn joins(plan: &Shaped) -> Vec<(&Shaped, Range<usize>)> {
    fn walk<'a>(part: &'a Shaped, rows: &mut usize, found: &mut Vec<(&'a Shaped, Range<usize>)>) {
        let from = *rows;
        match &part.form {
            Form::Operation(_) => *rows += 1,
            _ => part.parts().iter().for_each(|each| walk(each, rows, found)),
        }
        if let Form::Merge { .. } = part.form {
            found.push((part, from..*rows));
        }
    }
    let mut found = Vec::new();
    walk(plan, &mut 0, &mut found);
    found
}
