//! Whole experiments as scripts, with their samples and what comes of them.

use std::fs;
use std::path::Path;

use cnn_playground::arch;
use cnn_playground::data::{Split, folder};
use cnn_playground::experiment::link;
use cnn_playground::nn::State;
use cnn_playground::script::ScriptWords;

use super::{CLASSES, trained};

/// Experiments, and whether PyTorch comes to the same weights from the same first ones: where nothing is drawn at random.
pub(super) const EACH: &[(&str, bool)] = &[
    (
        "net=lenet&permute=fixed&order=stored&train=320&test=100&batch=32",
        true,
    ),
    (
        "net=mlp&optimizer=sgd&schedule=cosine&smoothing=0.1&nesterov=on&normalize=half&order=sorted&train=330&test=90&epochs=2",
        true,
    ),
    (
        "net=resnet&width=4&data=cifar10&optimizer=adamw&schedule=step&order=stored&decay=0.01&train=256&test=64&batch=32",
        true,
    ),
    (
        "net=googlenet&width=4&auxiliary=on&schedule=one-cycle&stop=steps&steps=7&order=stored&train=160&test=50&batch=32",
        true,
    ),
    (
        "net=cnn&width=4&data=cifar10&augment=flip-crop&permute=per-image&dropout=0.2&train=128&test=50",
        false,
    ),
    (
        "net=mlp&permute=fixed&init=permuted&order=stored&train=128&test=50",
        false,
    ),
    ("net=unet&width=4&train=128&test=50&normalize=unit", false),
    (
        "net=unet&width=4&permute=per-image&data=fashion-mnist&train=64&test=50&optimizer=adamw&normalize=raw",
        false,
    ),
];

/// Writes an experiment as a script, with its samples and what comes of it.
pub(super) fn write(link: &str, is_same: bool, here: &Path) {
    let spec = link::known_spec(link);
    let set = folder::cache().unwrap().join(spec.data.word());
    let (train, test) = (spec.train as usize, spec.test as usize);
    let data = folder::load(&set, train, test).unwrap();
    let shape = data.facts.shape;
    fs::create_dir_all(here).unwrap();
    let text = cnn_playground::script::script(&spec, &data.facts, &ScriptWords::english());
    fs::write(here.join("script.py"), text.unwrap()).unwrap();
    for (split, count) in [(Split::Train, train), (Split::Test, test)] {
        let samples = data.samples(split);
        let pixels = &samples.pixels[..count * shape.len()];
        fs::write(here.join(format!("{}.images", split.word())), pixels).unwrap();
        let labels = &samples.labels[..count];
        fs::write(here.join(format!("{}.labels", split.word())), labels).unwrap();
    }
    let mut rates = (0..spec.total_steps()).map(|step| spec.learning_rate(step));
    let about = serde_json::json!({
        "link": link,
        "shape": [shape.channels, shape.height, shape.width],
        "rates": rates.by_ref().collect::<Vec<_>>(),
        "same": is_same,
    });
    fs::write(here.join("script.json"), about.to_string()).unwrap();
    if !is_same {
        return;
    }
    let plan = arch::build(&spec, shape, CLASSES).unwrap();
    let first = State::draw(&plan, spec.init, spec.seed);
    fs::write(
        here.join("first.safetensors"),
        first.safetensors(&plan).unwrap(),
    )
    .unwrap();
    let (_, last) = trained::run(spec, &data).unwrap();
    fs::write(
        here.join("last.safetensors"),
        last.safetensors(&plan).unwrap(),
    )
    .unwrap();
}
