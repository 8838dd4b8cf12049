//! The estimate of a run's memory, checked against what the run takes.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should fail")]

#[allow(dead_code, reason = "each file of tests uses a part of it")]
mod twenty;

use cnn_playground::arch::{self, memory};
use cnn_playground::event::Event;
use cnn_playground::train::{Device, Session};
use peak_alloc::PeakAlloc;
use pollster::block_on;

#[global_allocator]
static HEAP: PeakAlloc = PeakAlloc;

/// A run may take so much of what is estimated at least, and at most.
const WITHIN: std::ops::RangeInclusive<f64> = 0.6..=1.0;

/// Large enough that the network and not the program decides.
const LINKS: &[&str] = &[
    "net=cnn&batch=256&width=32",
    "net=cnn&batch=256&width=32&activation=gelu&batchnorm=on&attention=cbam",
    "net=vgg&batch=64&width=32",
    "net=googlenet&batch=64&width=32",
    "net=googlenet&batch=64&width=32&auxiliary=on",
    "net=resnet&batch=64&width=16&blocks=2&data=cifar10",
    "net=resnet&batch=64&width=16&blocks=2&data=cifar10&attention=cbam",
    "net=resnet&batch=64&width=16&attention=se&join=concat",
    "net=densenet&batch=64&blocks=4",
    "net=mobilenet&batch=64&data=cifar10",
    "net=unet&batch=64&width=16&blocks=2",
    "net=mlp&batch=512&width=512&blocks=8",
    "net=alexnet&batch=4&width=32",
];

/// The largest that the heap was beyond what it is now while this run was begun, made two steps and was
/// tested.
fn taken(link: &str) -> (f64, f64) {
    let spec = twenty::spec_of(&format!("{link}&train=512&test=200&stop=steps&steps=2"));
    let cpu = block_on(Device::open("cpu")).unwrap();
    let before = HEAP.current_usage();
    HEAP.reset_peak_usage();
    let data = twenty::images(spec.data, 512, 200);
    let plan = arch::build(&spec, data.facts.shape, data.facts.classes.len()).unwrap();
    let estimate = memory::needed(&plan, &spec) as f64;
    let (mut session, _) = Session::begin(spec, &data.facts, &cpu).unwrap();
    loop {
        let events = block_on(session.advance(&data, 1)).unwrap();
        block_on(session.checkpoint()).unwrap();
        if matches!(events.last(), Some(Event::Finished { .. })) {
            let program = 32.0 * 1024.0 * 1024.0;
            return ((HEAP.peak_usage() - before) as f64 + program, estimate);
        }
    }
}

#[test]
fn a_run_takes_what_its_tree_says() {
    let mut wrong = Vec::new();
    for link in LINKS {
        let (taken, estimate) = taken(link);
        let share = taken / estimate;
        println!(
            "{:6.0} MB of {:6.0} MB, {share:.2}: {link}",
            taken / 1e6,
            estimate / 1e6
        );
        if !WITHIN.contains(&share) {
            wrong.push((link, share));
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
}
