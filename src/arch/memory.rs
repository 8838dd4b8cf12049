//! How much memory a run takes, worked out from its network's tree before anything is allocated.
//!
//! What counts is what the backward pass needs: each tensor of a batch is kept until the gradient has
//! come back to it. `tests/memory.rs` compares this with what runs really take.

use super::{Form, Join, MOST_BYTES, Shaped};
use crate::base::Window;
use crate::base::error::{Code, Problem, Result};
use crate::experiment::{Activation, ExperimentSpec, Optimizer};
use crate::operation::{MaxPool2d, Operation, Shape};

/// Bytes of a number.
const NUMBER: u64 = 4;
/// The program, its stack, and what is there before a run.
const PROGRAM: u64 = 32 << 20;
/// Test images that are judged at once.
pub const TEST_BATCH: u32 = 200;
/// Most parts in which a convolution's weight gradients are summed.
const PARTS: u64 = 8;

/// Numbers for each sample of a batch.
#[derive(Debug, Clone, Copy, Default)]
struct Held {
    /// Those that the backward pass needs, or that are still there when it begins.
    kept: u64,
    /// What enters and leaves, whose gradients there are at the same time.
    passing: u64,
}

/// The bytes that a run of this network takes at its largest, about.
pub fn needed(network: &Shaped, spec: &ExperimentSpec) -> u64 {
    let mut all = vec![Held {
        kept: network.input.len() as u64,
        passing: 0,
    }];
    follow(network, &mut all);

    let image = network.input.len() as u64;
    // Arrays double when they grow.
    let images = 2 * image * u64::from(spec.train.saturating_add(spec.test));

    let weights = network.weights() as u64;
    let moments = match spec.optimizer {
        Optimizer::Sgd => 1,
        Optimizer::Adam | Optimizer::AdamW => 2,
    };
    // The weights, their gradients, the weights of the next step; and a checkpoint as bytes and while
    // it is made.
    let arrays = NUMBER * weights * (3 + moments + 2 * (1 + moments));
    let largest = network.operations().into_iter().map(|(at, operation)| {
        let each = operation.parameters(at.input).into_iter();
        each.map(|parameter| parameter.len() as u64).sum::<u64>()
    });
    let parts = NUMBER * PARTS * largest.max().unwrap_or(0);

    let mut behind = 0;
    let backward = all.iter().map(|held| {
        behind += held.kept;
        behind + held.passing
    });
    let learning = u64::from(spec.batch) * backward.max().unwrap_or(0);
    let judged = u64::from(spec.test.min(TEST_BATCH));
    let widest = all.iter().map(|held| held.passing).max().unwrap_or(0);
    PROGRAM + images + arrays + parts + NUMBER * learning.max(judged * (image + widest))
}

/// Whether a run of this network fits a browser.
///
/// # Errors
/// [`Code::TooMuchMemory`], with the largest batch that fits, if one does.
pub(super) fn check(network: &Shaped, spec: &ExperimentSpec) -> Result<()> {
    let needs = needed(network, spec);
    if needs <= MOST_BYTES {
        return Ok(());
    }
    let of_batch = |batch| ExperimentSpec {
        batch,
        ..spec.clone()
    };
    let fits = |batch: &u32| needed(network, &of_batch(*batch)) <= MOST_BYTES;
    // The more samples, the more memory: as many batches fit as the largest of them has samples.
    let smaller: Vec<u32> = (1..spec.batch).collect();
    let gigabytes = |bytes: u64| format!("{:.1}", bytes as f64 / 1e9);
    let problem = Problem::new(Code::TooMuchMemory)
        .about("batch")
        .with("needs", gigabytes(needs))
        .with("limit", gigabytes(MOST_BYTES));
    Err(problem.with("batch", smaller.partition_point(fits)))
}

/// Takes down what each step of a part keeps, in the order of the forward pass.
fn follow(part: &Shaped, all: &mut Vec<Held>) {
    match &part.form {
        Form::Operation(operation) => all.push(step(part, *operation)),
        Form::Sequential(parts) => {
            let mut rest = parts.as_slice();
            while let [part, behind @ ..] = rest {
                follow(part, all);
                let with_it = together(part, behind);
                if let (2, [_, pool, ..]) = (with_it, behind) {
                    // Only the pooled numbers are kept, and a byte for where each one was.
                    let pooled = pool.output.len() as u64;
                    if let Some(convolution) = all.last_mut() {
                        convolution.kept = pooled + pooled / NUMBER;
                    }
                }
                rest = &behind[with_it..];
            }
        }
        Form::Merge { join, branches } => {
            branches.iter().for_each(|branch| follow(branch, all));
            // What goes on beside an auxiliary classifier is nothing new.
            if *join != Join::Auxiliary {
                all.push(Held {
                    kept: part.output.len() as u64,
                    passing: 2 * part.output.len() as u64,
                });
            }
        }
    }
}

fn step(part: &Shaped, operation: Operation) -> Held {
    let (input, output) = (part.input.len() as u64, part.output.len() as u64);
    let kept = operation.about().kept(part.input, part.output) as u64;
    Held {
        kept,
        passing: input + output,
    }
}

/// How many of the parts behind a part are computed with it, so that nothing lies between them.
fn together(part: &Shaped, behind: &[Shaped]) -> usize {
    let is = |index: usize, operation: Operation| {
        let behind = behind.get(index);
        behind.is_some_and(|part| part.form == Form::Operation(operation))
    };
    if !is(0, Operation::Activation(Activation::Relu)) {
        return 0;
    }
    match &part.form {
        Form::Operation(Operation::Conv2d(_)) if is(1, MaxPool2d(Window::tiles(2)).into()) => 2,
        Form::Operation(Operation::Conv2d(_) | Operation::BatchNorm(_)) => 1,
        Form::Merge {
            join: Join::Add, ..
        } if matches!(part.output, Shape::Image(_)) => 1,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::super::build;
    use super::*;
    use crate::experiment::link;

    fn refusal(text: &str) -> Option<Problem> {
        let spec = link::known_spec(text);
        let shape = spec.data.shape().unwrap();
        build(&spec, shape, 10).err()
    }

    #[test]
    fn what_does_not_fit_is_refused_with_the_batch_that_would() {
        let link = "net=resnet&width=64&blocks=9&data=cifar10&attention=cbam";
        let problem = refusal(&format!("{link}&batch=512")).unwrap();
        assert_eq!(problem.code, Code::TooMuchMemory);
        let fits: u32 = problem.params["batch"].parse().unwrap();
        assert!((32..512).contains(&fits), "{problem}");
        assert_eq!(refusal(&format!("{link}&batch={fits}")), None);
        assert!(refusal(&format!("{link}&batch={}", fits + 1)).is_some());
    }

    /// A GPU starts at most 65,535 groups of threads along an axis (WebGPU's `maxComputeWorkgroupsPerDimension`), and
    /// those of an elementwise kernel take 1,024 vectors of four numbers each (`src/kernels/webgpu/cube`).
    #[test]
    fn no_batch_that_fits_has_an_array_for_which_a_gpu_starts_no_kernel() {
        const MOST_NUMBERS: usize = 65_535 * 1_024 * 4;
        let widest = |part: &Shaped| {
            let outputs = part.operations().into_iter();
            outputs.map(|(part, _)| part.output.len()).max().unwrap()
        };
        let mut largest = 0;
        for link in [
            "net=cnn&width=64",
            "net=cnn&width=64&batchnorm=on",
            "net=alexnet&width=64",
            "net=vgg&width=64&batchnorm=off",
            "net=googlenet&width=64",
            "net=googlenet&width=64&inception=naive&batchnorm=off",
            "net=resnet&width=64",
            "net=resnet&width=64&join=concat&batchnorm=off",
            "net=exercise1&width=64",
            "net=exercise3&batchnorm=off",
            "net=mlp&width=512",
        ] {
            let link = format!("{link}&data=cifar10&train=100&test=100&optimizer=sgd");
            let whole = format!("{link}&batch=2048");
            let fits = match refusal(&whole) {
                Some(problem) => problem.params["batch"].parse().unwrap(),
                None => 2048,
            };
            let spec = link::known_spec(&link);
            let network = build(&spec, spec.data.shape().unwrap(), 10).unwrap();
            let numbers = fits * widest(&network);
            assert!(numbers <= MOST_NUMBERS, "{link}: {fits}");
            largest = largest.max(numbers);
        }
        // Twice the batch would be too much.
        assert!(2 * largest > MOST_NUMBERS, "{largest}");
    }

    #[test]
    fn more_of_anything_needs_more() {
        let of = |text: &str| {
            let spec = link::known_spec(text);
            let network = build(&spec, spec.data.shape().unwrap(), 10).unwrap();
            needed(&network, &spec)
        };
        let base = of("net=resnet");
        for more in [
            "batch=128",
            "width=32",
            "blocks=2",
            "train=60000",
            "attention=cbam",
        ] {
            assert!(of(&format!("net=resnet&{more}")) > base, "{more}");
        }
        assert!(of("net=resnet&optimizer=sgd") < base);
    }
}
