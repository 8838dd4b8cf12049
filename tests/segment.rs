//! Segmentation of real digits, on the CPU: `cargo xtask data mnist` brings them.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should fail")]

use cnn_playground::base::error::Code;
use cnn_playground::data::preview::{Masks, Preview};
use cnn_playground::data::{Batch, Dataset, Samples, Scenes, Split, Targets, Transform, folder};
use cnn_playground::event::Event;
use cnn_playground::experiment::{ExperimentSpec, Task, link, resolve};
use cnn_playground::train::{Device, Session};
use cnn_playground::view::View;
use pollster::block_on;

fn data(name: &str, train: usize, test: usize) -> Dataset {
    folder::load(&folder::cache().unwrap().join(name), train, test).unwrap_or_else(|problem| {
        panic!("{problem}\nThe data sets are missing. Type: cargo xtask data {name}")
    })
}

fn spec(text: &str) -> ExperimentSpec {
    let opened = link::open(text);
    assert!(opened.problems.is_empty(), "{text}: {:?}", opened.problems);
    resolve(&opened.choices).spec
}

/// A run to its end: its events, and what it marked in the first test images.
fn run(text: &str) -> (Vec<Event>, Masks) {
    let spec = spec(text);
    let data = data(spec.data.word(), spec.train as usize, spec.test as usize);
    let device = block_on(Device::open("cpu")).unwrap();
    let (mut session, started) = Session::begin(spec, &data.facts, &device).unwrap();
    let mut events = vec![started];
    while !matches!(events.last(), Some(Event::Finished { .. })) {
        events.extend(block_on(session.advance(&data, 64)).unwrap());
    }
    let masks = block_on(session.predict_masks(&data, 20)).unwrap().unwrap();
    (events, masks)
}

/// Loss and IoU of the last test.
fn tested(events: &[Event]) -> (f32, f32) {
    let tested = events.iter().rev().find_map(|event| match event {
        Event::Evaluated { loss, accuracy, .. } => Some((*loss, *accuracy)),
        _ => None,
    });
    tested.unwrap()
}

fn batch(text: &str, samples: &Samples, data: &Dataset) -> (Vec<f32>, Vec<f32>) {
    let transform = Transform::new(&spec(text), &data.facts).unwrap();
    let batch = Batch::gather(samples, Split::Train, &transform, &[0, 1, 2, 3]);
    let Targets::Masks(masks) = batch.targets else {
        panic!("{text} has masks")
    };
    (batch.images, masks)
}

#[test]
fn masks_are_where_the_digits_are() {
    let data = data("mnist", 4, 1);
    let samples = data.samples(Split::Train);
    let (_, masks) = batch("net=unet", samples, &data);
    let bright: Vec<f32> = samples.pixels[..4 * 784]
        .iter()
        .map(|&pixel| if pixel >= 128 { 1.0 } else { 0.0 })
        .collect();
    assert_eq!(masks, bright);
    // A handwritten digit is a few strokes, never most of the image.
    for mask in masks.chunks(784) {
        let pixels = mask.iter().sum::<f32>();
        assert!((20.0..250.0).contains(&pixels), "{pixels}");
    }
}

#[test]
fn shuffled_pixels_take_their_mask_along() {
    let data = data("mnist", 4, 1);
    let samples = data.samples(Split::Train);
    let (plain, plain_masks) = batch("net=unet&seed=5", samples, &data);
    for permute in ["fixed", "per-image"] {
        let link = format!("net=unet&seed=5&permute={permute}");
        let (moved, masks) = batch(&link, samples, &data);
        assert_ne!(moved, plain);
        // Every pixel still has the mask that it had: as (value, mask) pairs nothing has changed.
        let pairs = |images: &[f32], masks: &[f32]| {
            let mut pairs: Vec<_> = images
                .iter()
                .zip(masks)
                .map(|(i, m)| (i.to_bits(), m.to_bits()))
                .collect();
            pairs.sort_unstable();
            pairs
        };
        for image in 0..4 {
            let of = image * 784..(image + 1) * 784;
            assert_eq!(
                pairs(&moved[of.clone()], &masks[of.clone()]),
                pairs(&plain[of.clone()], &plain_masks[of])
            );
        }
    }
}

#[test]
fn scenes_have_the_statistics_that_they_are_normalized_with() {
    for name in ["mnist", "fashion-mnist"] {
        let data = data(name, 3000, 1);
        let link = format!("data={name}&net=unet");
        let transform = Transform::new(&spec(&link), &data.facts).unwrap();
        let indices: Vec<u32> = (0..3000).collect();
        let batch = Batch::gather(
            data.samples(Split::Train),
            Split::Train,
            &transform,
            &indices,
        );
        let count = batch.images.len() as f64;
        let mean = batch.images.iter().map(|&v| f64::from(v)).sum::<f64>() / count;
        let square = batch
            .images
            .iter()
            .map(|&v| f64::from(v).powi(2))
            .sum::<f64>()
            / count;
        assert!(mean.abs() < 0.02, "{name}: mean {mean}");
        assert!(
            (square - mean * mean - 1.0).abs() < 0.02,
            "{name}: square {square}"
        );
    }
}

#[test]
fn only_objects_on_black_can_be_segmented() {
    for data in ["cifar10", "file"] {
        let opened = link::open(&format!("data={data}&net=unet"));
        let view = View::of(&opened.choices, None);
        if data == "cifar10" {
            let refusal = view.refusal.unwrap();
            assert_eq!(
                (refusal.code, refusal.field.as_deref()),
                (Code::NoMasks, Some("net"))
            );
        }
        let spec = view.spec;
        assert_eq!(spec.task(), Task::Segment);
        assert_eq!(spec.mask_threshold().unwrap_err().params["data"], data);
    }
    assert_eq!(
        View::of(&link::open("net=unet").choices, None).task,
        Task::Segment
    );
    assert_eq!(
        View::of(&link::open("net=cnn").choices, None).task,
        Task::Classify
    );
}

#[test]
fn the_page_gets_image_scene_and_mask() {
    let data = data("mnist", 8, 1);
    let samples = data.samples(Split::Train);
    let preview = Preview::of(
        &spec("net=unet"),
        &data.facts,
        &samples.pixels[..8 * 784],
        8,
    )
    .unwrap();
    assert_eq!(preview.before.len(), 8 * 784 * 4);
    assert_ne!(preview.before, preview.after);
    for (image, mask) in samples.pixels.iter().zip(preview.mask.chunks(4)) {
        assert_eq!(mask[0] == 255, *image >= 128);
    }
    let preview = Preview::of(&spec("net=cnn"), &data.facts, &samples.pixels[..784], 1).unwrap();
    assert!(preview.mask.is_empty());
}

/// What no network needs to learn: the best single threshold on the scenes' brightness.
fn best_threshold(data: &Dataset, count: usize) -> f32 {
    let samples = data.samples(Split::Test);
    let scenes = Scenes::new(samples.shape, 1, 128);
    let mut drawn = vec![0; count * 784];
    for (index, out) in drawn.chunks_exact_mut(784).enumerate() {
        scenes.draw(samples.image(index), Split::Test, index, out);
    }
    let overlap = |threshold: u8| {
        let each = drawn.chunks_exact(784).enumerate().map(|(index, scene)| {
            let pairs = scene.iter().zip(samples.image(index));
            let (both, either) = pairs.fold((0, 0), |(both, either), (&seen, &pixel)| {
                let (marked, object) = (seen >= threshold, scenes.is_object(pixel));
                (
                    both + u32::from(marked && object),
                    either + u32::from(marked || object),
                )
            });
            both as f32 / either as f32
        });
        each.sum::<f32>() / count as f32
    };
    (0..=u8::MAX).step_by(5).map(overlap).fold(0.0, f32::max)
}

/// The course's point: skips bring detail from the early maps to the late ones.
#[test]
fn a_u_net_learns_masks_and_its_skips_help() {
    let link = |residual: &str| {
        format!("net=unet&residual={residual}&train=2500&test=300&epochs=1&batch=32&lr=0.003")
    };
    let ((with, masks), (without, _)) = (run(&link("on")), run(&link("off")));
    let threshold = best_threshold(&data("mnist", 1, 300), 300);
    let (with, without) = (tested(&with).1, tested(&without).1);
    assert!(
        threshold.max(without) + 0.04 < with,
        "threshold {threshold}, without skips {without}, with {with}"
    );
    // The pictures that the page gets agree with the figure.
    assert_eq!(masks.predicted.len(), 20 * 784 * 4);
    for (image, &overlap) in masks.overlaps.iter().enumerate() {
        let of = image * 784 * 4..(image + 1) * 784 * 4;
        let pairs = masks.predicted[of.clone()]
            .chunks(4)
            .zip(masks.mask[of].chunks(4));
        let (both, either) = pairs.fold((0, 0), |(both, either), (marked, object)| {
            let (marked, object) = (marked[0] > 127, object[0] > 127);
            (
                both + u32::from(marked && object),
                either + u32::from(marked || object),
            )
        });
        // A probability of just above one half is drawn as 128, and of just below as 127 or 128.
        assert!(
            (both as f32 / either as f32 - overlap).abs() < 0.03,
            "{image}: {overlap}"
        );
    }
}

#[test]
fn a_run_of_segmentation_says_so() {
    let (events, _) = run("net=unet&width=4&train=64&test=20&epochs=1&batch=32");
    assert!(matches!(
        events[0],
        Event::Started {
            task: Task::Segment,
            ..
        }
    ));
    let (loss, overlap) = tested(&events);
    assert!(
        loss > 0.0 && (0.0..=1.0).contains(&overlap),
        "{loss} {overlap}"
    );
}
