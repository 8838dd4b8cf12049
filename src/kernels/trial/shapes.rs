//! What is tried: the table of shapes.

use super::{Tail, Trial};

/// Odd shapes beside those of real layers.
pub fn all() -> Vec<Trial> {
    let mut trials = Vec::new();
    for (images, filters, walk) in [
        ([2, 1, 28, 28], [16, 3, 3], [1, 1]),
        ([3, 16, 14, 14], [32, 3, 3], [1, 1]),
        ([2, 3, 32, 32], [16, 3, 3], [1, 1]),
        ([2, 16, 32, 32], [32, 3, 3], [2, 1]),
        ([2, 32, 16, 16], [64, 1, 1], [2, 0]),
        ([1, 64, 8, 8], [64, 3, 3], [1, 1]),
        ([1, 9, 12, 6], [11, 3, 3], [1, 0]),
        ([2, 7, 9, 11], [5, 3, 3], [2, 1]),
        ([2, 5, 10, 7], [9, 1, 1], [1, 0]),
        ([1, 4, 11, 14], [7, 5, 5], [2, 2]),
        ([1, 2, 15, 17], [3, 5, 5], [3, 1]),
        ([1, 3, 7, 37], [4, 7, 7], [1, 3]),
        ([1, 2, 9, 9], [3, 2, 2], [2, 0]),
        ([1, 3, 6, 5], [4, 1, 1], [1, 1]),
        ([2, 3, 9, 11], [5, 1, 7], [1, 3]),
        ([2, 3, 11, 9], [5, 7, 1], [1, 3]),
        ([2, 4, 10, 9], [6, 2, 3], [2, 1]),
        ([1, 2, 9, 13], [3, 3, 11], [3, 5]),
    ] {
        for (tail, bias) in [
            (Tail::Linear, false),
            (Tail::Relu, true),
            (Tail::ReluPool, true),
        ] {
            trials.push(Trial::Convolution {
                images,
                filters,
                walk,
                bias,
                tail,
            });
        }
    }
    for size in [
        [64, 49, 10],
        [1, 1, 1],
        [3, 7, 128],
        [5, 2049, 70],
        [33, 784, 9],
    ] {
        trials.extend([false, true].map(|relu| Trial::Dense { size, relu }));
    }
    for images in [[4, 16, 8, 8], [3, 5, 7, 9], [2, 1, 1, 3], [64, 3, 1, 1]] {
        trials.extend([false, true].map(|relu| Trial::Norm { images, relu }));
    }
    trials.extend([[2, 3, 5, 7], [1, 1, 1, 1]].map(Trial::AddRelu));
    trials.extend([[64, 10], [1, 1], [300, 7]].map(Trial::Loss));
    trials.extend([&[5][..], &[1000, 1, 37, 64]].map(Trial::Adam));
    for nesterov in [false, true] {
        let sgd = |sizes| Trial::Sgd(sizes, nesterov);
        trials.extend([&[5][..], &[1000, 1, 37, 64]].map(sgd));
    }
    for (batch, sizes) in [
        (64, [1, 28, 28]),
        (7, [3, 32, 32]),
        (50, [3, 5, 7]),
        (1, [1, 1, 1]),
    ] {
        trials.push(Trial::Gather(batch, sizes));
    }
    trials
}

/// The layers of a small CNN, a ResNet-8 and an MLP, with 64 images a batch, and their names.
pub fn layers() -> Vec<(String, Trial)> {
    let mut layers = Vec::new();
    for (images, filters, walk, tail) in [
        ([64, 1, 28, 28], [16, 3, 3], [1, 1], Tail::ReluPool),
        ([64, 16, 14, 14], [32, 3, 3], [1, 1], Tail::ReluPool),
        ([64, 3, 32, 32], [16, 3, 3], [1, 1], Tail::Linear),
        ([64, 16, 32, 32], [16, 3, 3], [1, 1], Tail::Linear),
        ([64, 16, 32, 32], [32, 3, 3], [2, 1], Tail::Linear),
        ([64, 16, 32, 32], [32, 1, 1], [2, 0], Tail::Linear),
        ([64, 32, 16, 16], [32, 3, 3], [1, 1], Tail::Linear),
        ([64, 64, 8, 8], [64, 3, 3], [1, 1], Tail::Linear),
    ] {
        let [_, channels, height, _] = images;
        let [count, side, _] = filters;
        layers.push((
            format!(
                "convolution {side}×{side}/{} {channels}→{count} at {height}",
                walk[0]
            ),
            Trial::Convolution {
                images,
                filters,
                walk,
                bias: tail != Tail::Linear,
                tail,
            },
        ));
    }
    for size in [[64, 1568, 64], [64, 784, 128], [64, 64, 10]] {
        let name = format!("dense {}→{}", size[1], size[2]);
        layers.push((name, Trial::Dense { size, relu: true }));
    }
    // What the machine can do at best, to hold the others against.
    for side in [128, 256, 512] {
        let size = [side; 3];
        layers.push((
            format!("matrices of {side}"),
            Trial::Dense { size, relu: false },
        ));
    }
    for images in [[64, 16, 32, 32], [64, 64, 8, 8]] {
        let name = format!("batch norm {} at {}", images[1], images[2]);
        layers.push((name, Trial::Norm { images, relu: true }));
    }
    layers.push((
        "residual sum 16 at 32".into(),
        Trial::AddRelu([64, 16, 32, 32]),
    ));
    if cfg!(feature = "webgpu") {
        layers.push((
            "batch of 64 from 50 images 3 at 32".into(),
            Trial::Gather(64, [3, 32, 32]),
        ));
    }
    layers.push(("cross-entropy".into(), Trial::Loss([64, 10])));
    let adam = Trial::Adam(&[144, 16, 4608, 32, 100_352, 64, 640, 10]);
    layers.push(("Adam, small CNN, 2 steps".into(), adam));
    layers
}
