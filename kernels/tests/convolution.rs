//! Convolutions of many shapes beside the definition, computed in double precision.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should fail")]

use cnn_playground_kernels::{Convolution, Kept, Tail, dense};

/// Numbers between −1 and 1.
fn numbers(count: usize, seed: u32) -> Vec<f32> {
    let mut state = seed.wrapping_mul(2_654_435_761) | 1;
    let next = |_| {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        f32::from(state as u16) / 32_768.0 - 1.0
    };
    (0..count).map(next).collect()
}

struct Case {
    images: [usize; 4],
    kernels: [usize; 4],
    walk: [usize; 2],
}

impl Case {
    /// Calls `each(input, weight, output)` for each product of the definition.
    fn products(&self, mut each: impl FnMut(usize, usize, usize)) -> [usize; 4] {
        let [batch, channels, height, width] = self.images;
        let [filters, _, rows, columns] = self.kernels;
        let [stride, padding] = self.walk;
        let output = |side: usize, kernel: usize| (side + 2 * padding - kernel) / stride + 1;
        let [down, along] = [output(height, rows), output(width, columns)];
        for image in 0..batch {
            for filter in 0..filters {
                for (y, x) in (0..down).flat_map(|y| (0..along).map(move |x| (y, x))) {
                    let at = ((image * filters + filter) * down + y) * along + x;
                    for channel in 0..channels {
                        for row in 0..rows {
                            for column in 0..columns {
                                let (v, u) = (y * stride + row, x * stride + column);
                                if v < padding
                                    || u < padding
                                    || v - padding >= height
                                    || u - padding >= width
                                {
                                    continue;
                                }
                                let input = ((image * channels + channel) * height + v - padding)
                                    * width
                                    + u
                                    - padding;
                                let weight =
                                    ((filter * channels + channel) * rows + row) * columns + column;
                                each(input, weight, at);
                            }
                        }
                    }
                }
            }
        }
        [batch, filters, down, along]
    }

    fn check(&self) {
        let count = |shape: [usize; 4]| shape.iter().product();
        let (images, weights) = (
            numbers(count(self.images), 1),
            numbers(count(self.kernels), 2),
        );
        let bias = numbers(self.kernels[0], 3);
        let step = Convolution::new(self.images, self.kernels, self.walk, Tail::Linear);
        let size: usize = count(step.output());
        let gradient = numbers(size, 4);
        let area = step.output()[2] * step.output()[3];
        let mut output: Vec<f64> = (0..size)
            .map(|at| f64::from(bias[at / area % bias.len()]))
            .collect();
        let mut of_images = vec![0.0; images.len()];
        let mut of_weights = vec![0.0; weights.len()];
        let shape = self.products(|input, weight, at| {
            let [x, w, g] = [images[input], weights[weight], gradient[at]].map(f64::from);
            output[at] += x * w;
            of_images[input] += g * w;
            of_weights[weight] += g * x;
        });
        assert_eq!(shape, step.output());
        let (found, _) = step.forward(&images, &weights, Some(&bias));
        let gradients = step.backward([&images, &weights], Kept::Nothing, &gradient, true);
        for (what, found, wanted) in [
            ("outputs", &found, &output),
            (
                "gradient of the images",
                &gradients.images.unwrap(),
                &of_images,
            ),
            ("gradient of the weights", &gradients.weights, &of_weights),
        ] {
            let largest = wanted
                .iter()
                .fold(0.0, |most: f64, value| most.max(value.abs()));
            for (at, (found, wanted)) in found.iter().zip(wanted).enumerate() {
                let error = (f64::from(*found) - wanted).abs() / largest;
                assert!(
                    error < 5e-6,
                    "{what} of {:?} {:?} {:?}: {found}, not {wanted}, at {at}",
                    self.images,
                    self.kernels,
                    self.walk
                );
            }
        }
        for (filter, found) in gradients.bias.iter().enumerate() {
            let planes = gradient.chunks(area).skip(filter).step_by(bias.len());
            let wanted: f64 = planes.flatten().map(|value| f64::from(*value)).sum();
            assert!(
                (f64::from(*found) - wanted).abs() < 1e-4,
                "bias {filter}: {found}, not {wanted}"
            );
        }
    }
}

/// Sizes that are no whole tiles, parts of a batch that are not full, fewer filters than registers hold.
#[test]
fn of_any_shape_is_the_definition() {
    for (batch, channels, filters, height, width, padding) in [
        (3, 8, 8, 8, 8, 1),
        (9, 9, 13, 7, 10, 1),
        (17, 16, 12, 4, 4, 1),
        (70, 8, 10, 2, 2, 1),
        (2, 8, 21, 14, 14, 1),
        (5, 11, 8, 6, 5, 0),
        (1, 8, 9, 33, 17, 2),
        (33, 24, 8, 8, 6, 2),
        (130, 8, 8, 5, 4, 1),
    ] {
        let kernels = [filters, channels, 3, 3];
        Case {
            images: [batch, channels, height, width],
            kernels,
            walk: [1, padding],
        }
        .check();
    }
}

#[test]
fn with_any_kernel_and_stride_is_the_definition() {
    // The last four are dense layers: each output sees the whole image.
    for (channels, filters, side, kernel, stride, padding) in [
        (1, 6, 12, 5, 1, 2),
        (3, 6, 13, 5, 1, 0),
        (6, 16, 14, 5, 1, 0),
        (3, 9, 9, 3, 2, 1),
        (4, 5, 8, 1, 2, 0),
        (2, 3, 6, 3, 1, 1),
        (5, 7, 2, 3, 1, 1),
        (16, 9, 5, 5, 1, 0),
        (3, 11, 1, 1, 1, 0),
        (2, 3, 1, 3, 1, 1),
    ] {
        let kernels = [filters, channels, kernel, kernel];
        Case {
            images: [11, channels, side, side],
            kernels,
            walk: [stride, padding],
        }
        .check();
    }
}

/// Layers that fill no whole registers.
#[test]
fn a_dense_layer_is_the_definition() {
    for (batch, inputs, outputs) in [
        (1, 1, 1),
        (3, 5, 7),
        (5, 9, 8),
        (64, 33, 10),
        (7, 16, 17),
        (130, 12, 64),
    ] {
        let [x, w, b, g] = [batch * inputs, inputs * outputs, outputs, batch * outputs]
            .map(|count| numbers(count, count as u32));
        let output = dense::forward(&x, &w, &b);
        let found = dense::backward(&x, &w, outputs, &g, true);
        let dot = |count: usize, of: &dyn Fn(usize) -> (f32, f32)| -> f32 {
            (0..count)
                .map(of)
                .map(|(a, b)| f64::from(a) * f64::from(b))
                .sum::<f64>() as f32
        };
        let close = |found: f32, wanted: f32| {
            assert!(
                (found - wanted).abs() < 1e-4,
                "{batch}, {inputs}, {outputs}: {found}, not {wanted}"
            )
        };
        for (at, found) in output.iter().enumerate() {
            let (sample, to) = (at / outputs, at % outputs);
            close(
                *found,
                b[to]
                    + dot(inputs, &|from| {
                        (x[sample * inputs + from], w[from * outputs + to])
                    }),
            );
        }
        for (at, found) in found.weights.iter().enumerate() {
            let (from, to) = (at / outputs, at % outputs);
            close(
                *found,
                dot(batch, &|sample| {
                    (x[sample * inputs + from], g[sample * outputs + to])
                }),
            );
        }
        for (at, found) in found.inputs.unwrap().iter().enumerate() {
            let (sample, from) = (at / inputs, at % inputs);
            close(
                *found,
                dot(outputs, &|to| {
                    (g[sample * outputs + to], w[from * outputs + to])
                }),
            );
        }
        for (to, found) in found.bias.iter().enumerate() {
            close(
                *found,
                dot(batch, &|sample| (g[sample * outputs + to], 1.0)),
            );
        }
    }
}
