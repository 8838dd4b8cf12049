//! Twenty steps of every family and every switch, on images that are drawn and not loaded, and the
//! digest of all that they give: the same on every CPU, in a terminal and in a browser.

use cnn_playground::base::ImageShape;
use cnn_playground::base::rng::Stream;
use cnn_playground::data::{Dataset, Samples};
use cnn_playground::event::Event;
use cnn_playground::experiment::{DataSet, ExperimentSpec, link, resolve};
use cnn_playground::train::{Device, Session};
use sha2::{Digest, Sha256};

/// What each link's run gives: lines of a digest and a link.
pub(crate) const DIGESTS: &str = include_str!("../fixtures/golden.txt");

/// Samples to learn from, in batches of eight: the last one of an epoch is smaller.
const TRAIN: u32 = 44;
const TEST: u32 = 12;
pub(crate) const CLASSES: usize = 10;

/// Links that between them say every word of every choice.
pub(crate) const LINKS: &[&str] = &[
    "net=mlp&width=16",
    "net=mlp&width=16&blocks=3&activation=sigmoid&dropout=0.3&optimizer=sgd&schedule=step",
    "net=lenet1",
    "net=lenet",
    "net=lenet&activation=gelu&head=conv",
    "net=cnn&width=4",
    "net=cnn&width=4&permute=fixed&normalize=raw&lr=0.00001",
    "net=cnn&width=4&permute=per-image&normalize=unit",
    "net=mlp&width=16&permute=fixed&init=permuted",
    "net=cnn&width=4&normalize=half&optimizer=sgd&momentum=0&schedule=cosine",
    "net=cnn&width=4&normalize=wrong&optimizer=adamw",
    "net=cnn&width=4&normalize=custom&mean=0.4&std=0.3&decay=0.01",
    "net=cnn&width=4&data=cifar10&normalize=copied&optimizer=sgd&decay=0.001",
    "net=cnn&width=4&batchnorm=on&pool=average&activation=tanh",
    "net=cnn&width=4&pool=conv&activation=gelu&dropout=0.2",
    "net=cnn&width=4&attention=se&batchnorm=on",
    "net=cnn&width=4&attention=cbam&data=cifar10",
    "net=cnn&width=4&attention=eca&activation=sigmoid",
    "net=alexnet&width=4",
    "net=vgg&width=4",
    "net=googlenet&width=4",
    "net=googlenet&width=4&inception=naive",
    "net=googlenet&width=4&inception=factorised",
    "net=googlenet&width=4&auxiliary=on&dropout=0.3&smoothing=0.1",
    "net=resnet&width=4",
    "net=resnet&width=4&residual=off",
    "net=resnet&width=4&block=bottleneck&shortcut=zero-pad",
    "net=resnet&width=4&stages=1&shortcut=identity",
    "net=resnet&width=4&blocks=2&batchnorm=off&data=cifar10&attention=cbam",
    "net=resnet&width=4&join=concat",
    "net=resnet&width=4&stages=4&blocks=2&data=cifar10",
    "net=cnn&width=4&init=he&smoothing=0.1&augment=flip-crop&data=cifar10&schedule=one-cycle",
    "net=resnet&width=4&init=he&order=sorted&augment=flip&optimizer=sgd&nesterov=on",
    "net=mlp&width=16&order=stored&optimizer=adamw&schedule=one-cycle",
    "net=unet&width=4",
    "net=unet&width=4&blocks=1&join=add&activation=gelu",
    "net=unet&width=4&residual=off&data=fashion-mnist",
    "net=exercise1-dense",
    "net=exercise1",
    "net=exercise3&width=4&data=cifar10",
    "net=densenet&width=4",
    "net=mobilenet&width=4&data=cifar10",
    "net=mobilenet&width=4&blocks=1&activation=hardswish",
    "net=cnn&width=4&activation=leaky-relu",
    "net=cnn&width=4&activation=elu",
    "net=cnn&width=4&activation=silu&batchnorm=on",
    "net=own&layers=conv4,bn,relu,2x(:add(conv4,bn,relu,conv4,bn),act:relu),max,cat(conv4k1,gelu;avg3s1p1),gap,drop0.2,fc",
    "net=own&task=segment&layers=conv4,relu,:cat(max,conv8,relu,up,conv4),conv1k1",
];

/// The experiment of one of the links.
pub(crate) fn spec(link: &str) -> ExperimentSpec {
    spec_of(&format!(
        "{link}&train={TRAIN}&test={TEST}&batch=8&stop=steps&steps=20"
    ))
}

/// The experiment of a link, which must be without fault.
pub(crate) fn spec_of(link: &str) -> ExperimentSpec {
    let opened = link::open(link);
    assert_eq!(opened.problems, [], "{link}");
    resolve(&opened.choices).spec
}

/// The digest of a run: every step's loss, every test, and all of the network's numbers at the end.
pub(crate) async fn digest(link: &str, device: &Device) -> String {
    let spec = spec(link);
    let data = images(spec.data, TRAIN, TEST);
    let mut numbers = Vec::new();
    let (mut session, _) = Session::begin(spec, &data.facts, device).unwrap();
    loop {
        let events = session.advance(&data, 8).await.unwrap();
        for event in &events {
            match event {
                Event::Steps { losses, .. } => numbers.extend(losses),
                Event::Evaluated { loss, accuracy, .. } => numbers.extend([*loss, *accuracy]),
                Event::Failed { problem } => panic!("{link}: {problem}"),
                _ => {}
            }
        }
        if matches!(events.last(), Some(Event::Finished { .. })) {
            break;
        }
    }
    let state = session.state().await.unwrap();
    numbers.extend(state.weights.iter().flatten());
    numbers.extend(state.statistics.iter().flatten().flatten());
    assert!(numbers.iter().all(|number| number.is_finite()), "{link}");
    let bytes: Vec<u8> = numbers.iter().flat_map(|x| x.to_le_bytes()).collect();
    let hash = Sha256::digest(bytes);
    hash.iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// A bright square on dark noise; where it is says the class.
pub(crate) fn images(set: DataSet, train: u32, test: u32) -> Dataset {
    let shape = set.shape().unwrap();
    let draw = |count: u32, purpose| {
        let mut stream = Stream::new(1, purpose);
        let labels: Vec<u8> = (0..count).map(|at| (at as usize % CLASSES) as u8).collect();
        let pixels = labels
            .iter()
            .flat_map(|label| image(shape, *label, &mut stream));
        Samples {
            shape,
            pixels: pixels.collect(),
            labels,
        }
    };
    let names = (0..CLASSES).map(|class| class.to_string()).collect();
    Dataset::whole(draw(train, "train"), draw(test, "test"), names).unwrap()
}

fn image(shape: ImageShape, label: u8, stream: &mut Stream) -> Vec<u8> {
    const SIDE: usize = 8;
    let corner = [
        2 + 4 * usize::from(label % 5),
        4 + 12 * usize::from(label / 5),
    ];
    let mut pixel = |at: usize| {
        let (y, x) = (at % shape.area() / shape.width, at % shape.width);
        let inside = (corner[0]..corner[0] + SIDE).contains(&x)
            && (corner[1]..corner[1] + SIDE).contains(&y);
        stream.below(100) as u8 + if inside { 150 } else { 0 }
    };
    (0..shape.len()).map(&mut pixel).collect()
}
