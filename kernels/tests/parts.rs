//! A batch in parts, on however many threads, gives what its images give one after the other.

use cnn_playground_kernels::norm::{self, Extent};
use cnn_playground_kernels::optimizer::{self, AdamStep};
use cnn_playground_kernels::{Convolution, Depthwise, Kept, MaxPool, Tail, dense, sum};

/// Images of a batch: parts of eight, and a smaller one.
const BATCH: usize = 20;
/// Images of a part.
const PART: usize = 8;

/// Numbers between -1 and 1.
fn noise(seed: u32, count: usize) -> Vec<f32> {
    let mut state = seed;
    let next = |_| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / (1 << 23) as f32 - 1.0
    };
    (0..count).map(next).collect()
}

/// A convolution of square images.
#[derive(Clone, Copy)]
struct Case {
    channels: usize,
    filters: usize,
    side: usize,
    kernel: usize,
    stride: usize,
    tail: Tail,
}

/// One that goes the way of Winograd, and others.
const CASES: [Case; 3] = [
    Case {
        channels: 16,
        filters: 24,
        side: 16,
        kernel: 3,
        stride: 1,
        tail: Tail::Relu,
    },
    Case {
        channels: 3,
        filters: 10,
        side: 14,
        kernel: 5,
        stride: 1,
        tail: Tail::ReluPool,
    },
    Case {
        channels: 9,
        filters: 5,
        side: 15,
        kernel: 3,
        stride: 2,
        tail: Tail::Linear,
    },
];

/// Output, gradient of the images, of the weights, of the bias.
type Results = [Vec<f32>; 4];

impl Case {
    /// Numbers of an image, and of its output.
    fn sizes(self) -> [usize; 2] {
        let [_, filters, height, width] = self.of(1).output();
        let image = self.channels * self.side * self.side;
        [image, filters * height * width]
    }

    fn of(self, batch: usize) -> Convolution {
        let images = [batch, self.channels, self.side, self.side];
        let kernels = [self.filters, self.channels, self.kernel, self.kernel];
        Convolution::new(images, kernels, [self.stride, self.kernel / 2], self.tail)
    }

    /// There and back, from these images and this gradient.
    fn results(self, images: &[f32], gradient: &[f32]) -> Results {
        let weights = noise(1, self.filters * self.channels * self.kernel * self.kernel);
        let bias = noise(2, self.filters);
        let convolution = self.of(images.len() / self.sizes()[0]);
        let (output, winners) = convolution.forward(images, &weights, Some(&bias));
        let kept = match self.tail {
            Tail::Linear => Kept::Nothing,
            Tail::Relu => Kept::Output(&output),
            Tail::ReluPool => Kept::Winners(&winners),
        };
        let back = convolution.backward([images, &weights], kept, gradient, true);
        let of_images = back.images.unwrap_or_default();
        [output, of_images, back.weights, back.bias]
    }
}

#[test]
fn a_batch_gives_what_its_parts_give() {
    for case in CASES {
        let [image, output] = case.sizes();
        let (images, gradient) = (noise(3, BATCH * image), noise(4, BATCH * output));
        let whole = case.results(&images, &gradient);
        let parts = images
            .chunks(PART * image)
            .zip(gradient.chunks(PART * output));
        let mut parts = parts.map(|(images, gradient)| case.results(images, gradient));
        let mut together = parts.next().unwrap_or_default();
        for part in parts {
            let [output, of_images, weights, bias] = part;
            together[0].extend(output);
            together[1].extend(of_images);
            for (sums, part) in together[2..].iter_mut().zip([weights, bias]) {
                sums.iter_mut()
                    .zip(part)
                    .for_each(|(sum, value)| *sum += value);
            }
        }
        let [output, of_images, weights, bias] = together;
        assert!(whole[0] == output && whole[1] == of_images && whole[3] == bias);
        // Winograd's sums are added before they are transformed.
        let mut pairs = whole[2].iter().zip(&weights);
        assert!(pairs.all(|(whole, sum)| (whole - sum).abs() < 1e-3));
    }
}

/// Everything that this crate computes, of sizes that are worth a second thread.
fn everything() -> Vec<Vec<f32>> {
    let mut found = Vec::new();
    for case in CASES {
        let [image, output] = case.sizes();
        found.extend(case.results(&noise(5, BATCH * image), &noise(6, BATCH * output)));
    }
    let (inputs, outputs) = (300, 50);
    let (rows, weights) = (noise(7, BATCH * inputs), noise(8, inputs * outputs));
    found.push(dense::forward(&rows, &weights, &noise(9, outputs)));
    let gradient = noise(10, BATCH * outputs);
    let back = dense::backward(&rows, &weights, outputs, &gradient, true);
    found.extend([back.inputs.unwrap_or_default(), back.weights, back.bias]);

    let extent = Extent {
        channels: 7,
        area: 31 * 31,
    };
    let (images, other) = (
        noise(11, BATCH * 7 * 31 * 31),
        noise(12, BATCH * 7 * 31 * 31),
    );
    let moments = norm::measure(&images, extent);
    let channels: Vec<_> = moments
        .iter()
        .map(|of| of.channel(0.7, 0.1, 1e-5))
        .collect();
    found.push(norm::forward(&images, extent, &channels, true));
    let back = norm::backward(&images, extent, &channels, true, &other);
    found.extend([back.images, back.gamma, back.beta]);
    let sums = sum::forward(&images, &other);
    found.extend([sum::backward(&other, &sums), sums]);

    let depthwise = Depthwise {
        channels: 7,
        height: 31,
        width: 31,
        kernel: [3; 2],
        stride: 1,
        padding: 1,
    };
    let (weights, bias) = (noise(14, 7 * 9), noise(15, 7));
    found.push(depthwise.forward(&images, &weights, Some(&bias)));
    let back = depthwise.backward([&images, &weights], &other, true);
    found.extend([back.images.unwrap_or_default(), back.weights, back.bias]);

    let pool = MaxPool {
        height: 31,
        width: 31,
        size: 3,
        stride: 2,
        padding: 1,
    };
    let (output, winners) = pool.forward(&images);
    found.extend([pool.backward(images.len(), &winners, &output), output]);

    let step = AdamStep {
        betas: [0.9, 0.999],
        rate: 0.01,
        epsilon: 1e-8,
        penalty: 0.1,
        shrink: 0.99,
    };
    let (mut weights, mut first) = (images, noise(13, other.len()));
    let mut second: Vec<f32> = first.iter().map(|value| value * value).collect();
    optimizer::adam(&mut weights, &other, [&mut first, &mut second], step);
    found.extend([weights, first, second]);
    found
}

#[cfg(not(feature = "threads"))]
#[test]
fn everything_is_a_number() {
    assert!(everything().iter().flatten().all(|value| value.is_finite()));
}

#[cfg(feature = "threads")]
#[test]
fn the_number_of_threads_changes_no_bit() {
    let with = |threads: usize| -> Vec<Vec<u32>> {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
        let results = pool
            .map(|pool| pool.install(everything))
            .unwrap_or_default();
        let bits = |values: Vec<f32>| values.into_iter().map(f32::to_bits).collect();
        results.into_iter().map(bits).collect()
    };
    let alone = with(1);
    assert!(alone.len() > 20, "there was no pool");
    for threads in [2, 3, 8] {
        assert!(with(threads) == alone, "{threads} threads");
    }
}
