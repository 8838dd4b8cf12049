//! A network as text: from text to tree and back, from every family, and what is said of a text that is wrong.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should fail")]

#[path = "../drawn/mod.rs"]
mod drawn;
mod editor;
#[path = "../families/mod.rs"]
mod families;
mod random;

use cnn_playground::arch::notation::{self, DEEPEST, MOST_LAYERS};
use cnn_playground::arch::own::{self, Mark, TEMPLATES};
use cnn_playground::arch::{self, Layer};
use cnn_playground::base::ImageShape;
use cnn_playground::base::error::Problem;
use cnn_playground::experiment::{
    Choices, ExperimentSpec, FIELDS, Family, Task, Value, link, resolve, typed,
};
use cnn_playground::operation::Operation;
use cnn_playground::operation::notation::Stem;
use cnn_playground::view::View;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

const CLASSES: usize = 10;

/// The tree of a text.
fn read(text: &str) -> Layer {
    let read = notation::read(text, CLASSES);
    read.unwrap_or_else(|problem| panic!("{text}: {problem}"))
        .layer
}

/// The text of a tree, in which nothing follows the number of classes.
fn write(layer: &Layer) -> String {
    notation::write(layer, layer, CLASSES)
}

/// The experiment with a network of one's own.
fn own(text: &str) -> ExperimentSpec {
    let choices = [("net", "own"), ("layers", text)];
    let value = |(key, value): (&str, &str)| (key.to_owned(), Value::Word(value.to_owned()));
    let resolved = resolve(&choices.map(value).into());
    assert_eq!(resolved.problems, [], "{text}");
    resolved.spec
}

/// Why a network of one's own is impossible.
fn refusal(text: &str) -> Problem {
    let spec = own(text);
    let built = arch::build(&spec, spec.data.shape().unwrap(), CLASSES);
    built.err().unwrap_or_else(|| panic!("{text} is possible"))
}

#[test]
fn a_text_is_the_tree_that_it_says() {
    let tree = read("conv8,bn,relu,a:2x(max,fc:fc),:add(conv4k1s2p0b1;id),drop0.25,cat(id;fc3)");
    let text = format!("{tree:?}");
    for part in [
        "(\"conv1\", Operation(Conv2d(Conv2d { out_channels: 8, kernel: [3, 3], stride: 1, padding: [1, 1], dilation: 1, groups: 1, bias: false })))",
        "(\"bn1\", Operation(BatchNorm(BatchNorm)))",
        "(\"act1\", Operation(Activation(Relu)))",
        "(\"a1\", Sequential([(\"pool1\", Operation(MaxPool2d(MaxPool2d(Window { size: 2, stride: 2, padding: 0 })))), (\"fc\", \
         Operation(Linear(Linear { out_features: 10, bias: true })))]))",
        "(\"a2\", Sequential(",
        "(\"\", Merge { join: Add, branches: [(\"body\", Operation(Conv2d(Conv2d { out_channels: 4, kernel: [1, 1], stride: 2, padding: [0, 0], \
         dilation: 1, groups: 1, bias: true }))), (\"shortcut\", Operation(Identity(Identity)))] })",
        "(\"drop\", Operation(Dropout(Dropout { rate: 0.25 })))",
        "(\"cat1\", Merge { join: Concat, branches: [(\"branch1\", Operation(Identity(Identity))), (\"branch2\", \
         Operation(Linear(Linear { out_features: 3, bias: true })))] })",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
}

#[test]
fn a_text_in_its_shortest_form_comes_back() {
    for text in [
        "conv16,relu,max,flatten,fc10",
        "conv16,bn,relu,conv16b0,conv16,bn",
        "block:3x(:add(conv16,bn,relu,conv16,bn),act:relu)",
        "block7:3x(conv16,relu),0:2x(relu,tanh)",
        "2x(conv16,relu),2xconv3,conv5k5d2g5,max3s1p1,avg4",
        "mul(gap,fc4,relu,fc16,sigmoid:sigmoid),aux(flatten,fc10),cat(conv4;conv5;conv6),cat(new:conv5)",
        "conv4k1w7,conv4w5p0q1,convt8k3s2p1o1,avg3s1p1c0,aavg2w3,gn4,leaky,ln,scale0.1c1",
        "add(a:(conv4);(id)),add((conv4k1s2))",
        "one:conv16,three:conv16,conv16,up,convt8,pad16s2,cconv5,cpool,mlp4,drop,drop0.125",
    ] {
        assert_eq!(write(&read(text)), text);
    }
    // What can be said shorter is.
    for (long, short) in [
        ("conv1:conv16k3s1p1d1g1b1,act1:relu", "conv16,relu"),
        ("block1:(relu),block2:(relu)", "block:2x(relu)"),
        ("add(conv4;id)", "add(conv4)"),
        ("add(body:(conv4,relu);shortcut:id)", "add(conv4,relu)"),
        ("1x(relu)", "(relu)"),
    ] {
        let tree = read(long);
        assert_eq!(write(&tree), short);
        assert_eq!(read(short), tree, "{short}");
    }
}

/// Whether no two layers have the same path.
fn is_sound(text: &str) -> bool {
    match notation::read(text, CLASSES) {
        Ok(_) => true,
        Err(problem) => {
            assert!(
                ["same-name", "too-deep"].contains(&problem.code.text()),
                "{text}: {problem}"
            );
            false
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn a_tree_comes_back_from_its_text(tree in random::tree()) {
        let text = write(&tree);
        prop_assert_eq!(&typed::layers(&text), &text);
        if is_sound(&text) {
            prop_assert_eq!(read(&text), tree, "{}", text);
        }
    }

    #[test]
    fn no_text_is_too_strange(text in "[a-z0-9_.,;:()!]{0,60}|([cs(),;:x0-9]|conv|add\\(|mul\\(|fc|relu|max|[0-9]x){0,30}") {
        let text = typed::layers(&text);
        prop_assert_eq!(&typed::layers(&text), &text, "it is tidy already");
        match notation::read(&text, CLASSES) {
            Ok(sound) => {
                let again = write(&sound.layer);
                prop_assert_eq!(&read(&again), &sound.layer);
                prop_assert_eq!(write(&read(&again)), again);
            }
            Err(problem) => {
                let mark = Mark::of(&problem, &text);
                prop_assert!(mark.is_some() || text.is_empty(), "{text}: {problem}");
            }
        }
        let view = View::of(&own(&text).choices(), None);
        prop_assert_eq!(view.network.is_some(), view.refusal.is_none());
    }
}

/// Links for every family and every switch, and many more at random.
fn experiments() -> Vec<ExperimentSpec> {
    let known = |link: &&str| link::known_spec(link);
    let mut all: Vec<_> = families::EACH.iter().map(known).collect();
    let mut runner = TestRunner::deterministic();
    while all.len() < 1_000 {
        let mut choices = Choices::new();
        for field in FIELDS {
            let spec = resolve(&choices).spec;
            if (field.applies)(&spec) {
                let drawn = drawn::value(field, &spec).new_tree(&mut runner).unwrap();
                choices.insert(field.key.to_owned(), drawn.current());
            }
        }
        let spec = resolve(&choices).spec;
        if spec.net != Family::Own {
            all.push(spec);
        }
    }
    all
}

#[test]
fn every_family_with_every_switch_opens_as_ones_own_and_is_the_same_tree() {
    let (mut same, mut longest) = (0, 0);
    for spec in experiments() {
        let image = spec.data.shape().unwrap_or(ImageShape {
            channels: 3,
            height: 20,
            width: 24,
        });
        for classes in [CLASSES, 3] {
            let opened = own::opened(&spec, image, classes);
            let text = link::text(&opened);
            let read = link::open(&text);
            assert_eq!(read.problems, [], "{text}");
            assert_eq!(resolve(&read.choices).spec, opened, "{text}");
            longest = longest.max(opened.layers.len());
            let Ok(network) = arch::build(&spec, image, classes) else {
                continue;
            };
            // All that is not the network stays as it was, and the tree with its names follows the data set.
            assert_eq!((opened.net, opened.task()), (Family::Own, spec.task()));
            let others = [(opened.lr, spec.lr), (opened.smoothing, spec.smoothing)];
            assert!(others.iter().all(|(a, b)| a == b), "{text}");
            assert_eq!((opened.seed, opened.init), (spec.seed, spec.init), "{text}");
            assert_eq!(
                arch::build(&opened, image, classes).as_ref(),
                Ok(&network),
                "{text}"
            );
            if let Ok(other) = arch::build(&spec, image, classes + 1) {
                assert_eq!(
                    arch::build(&opened, image, classes + 1),
                    Ok(other),
                    "{text}"
                );
            }
            same += 1;
        }
    }
    println!("{same} are the same, the longest text has {longest} characters");
    assert!(same > 1_000 && longest < 2_400);
}

#[test]
fn a_resnet_20_and_a_small_googlenet_fit_a_link() {
    for (link, most) in [("net=resnet&blocks=3", 340), ("net=googlenet", 400)] {
        let spec = link::known_spec(link);
        let opened = own::opened(&spec, spec.data.shape().unwrap(), CLASSES);
        let text = opened.layers;
        println!("{} {text}", text.len());
        assert!(text.len() <= most, "{} characters: {text}", text.len());
    }
}

#[test]
fn a_mistake_is_named_with_its_place() {
    for (text, code, there) in [
        ("conv16,relu,,fc", "layer-expected", ","),
        ("conf16,relu,flatten,fc", "unknown-layer", "conf"),
        ("conv16z3,flatten,fc", "unknown-setting", "z3"),
        ("conv16k3k5,flatten,fc", "repeated-setting", "k5"),
        ("conv16k12,flatten,fc", "out-of-range", "k12"),
        ("conv16k2.5,flatten,fc", "not-whole", "k2.5"),
        ("conv16k1.2.3,flatten,fc", "not-a-number", "k1.2.3"),
        ("conv0,flatten,fc", "out-of-range", "0"),
        ("max3s2p2,flatten,fc", "out-of-range", "p2"),
        ("conv16k,flatten,fc", "unexpected-sign", ","),
        ("flatten,mlp,fc", "setting-needed", "mlp"),
        ("add(conv16,flatten,fc", "open-bracket", "("),
        ("conv16,(relu;tanh),fc", "unexpected-sign", ";"),
        ("add16,flatten,fc", "unexpected-sign", "1"),
        ("conv16!bn,fc", "unexpected-sign", "!"),
        ("0xconv16,flatten,fc", "out-of-range", "0"),
        ("a:conv16,a:relu,flatten,fc", "same-name", "a"),
        (":add(act1:conv1),act1:relu,flatten,fc", "same-name", "relu"),
        ("conv16,fc", "layer-needs-vector", "fc"),
        (
            "conv16k11p0,conv8k11p0,conv8k11p0,flatten,fc",
            "kernel-too-large",
            "conv8k11p0",
        ),
        ("conv16g3,flatten,fc", "groups-do-not-divide", "conv16g3"),
        (
            "conv16,add(conv8),flatten,fc",
            "shapes-differ",
            "add(conv8)",
        ),
        (
            "cat(conv8;conv8s2),flatten,fc",
            "sizes-differ",
            "cat(conv8;conv8s2)",
        ),
        (
            "conv16,mul(gap,fc8),flatten,fc",
            "gate-differs",
            "mul(gap,fc8)",
        ),
        ("conv16,pad8,flatten,fc", "layer-needs-image", "pad8"),
        ("gap,cconv2,fc", "even-kernel", "cconv2"),
        ("conv16,gap", "output-differs", "gap"),
        ("conv16,aux(flatten,fc3),gap,fc", "output-differs", "fc3"),
        ("8xup8,flatten,fc", "layer-too-large", "up8"),
    ] {
        let problem = refusal(text);
        assert_eq!(problem.code.text(), code, "{text}: {problem}");
        assert_eq!(problem.field.as_deref(), Some("layers"), "{text}");
        let mark = Mark::of(&problem, text).unwrap_or_else(|| panic!("{text}: {problem:?}"));
        assert_eq!(mark.there, there, "{text}: {problem}");
        assert_eq!(&text[mark.start..mark.end], there);
        assert!(
            problem
                .to_string()
                .contains(&format!("Characters {} to", mark.start + 1))
        );
    }
    let both = refusal("conv16,add(conv8),flatten,fc");
    assert_eq!(
        (&*both.params["body"], &*both.params["shortcut"]),
        ("8×28×28", "16×28×28")
    );
}

#[test]
fn what_is_larger_than_anything_is_refused_at_once() {
    let deep = format!("{}relu{}", "(".repeat(1_000), ")".repeat(1_000));
    let many = format!("{}relu{}", "999x(".repeat(DEEPEST), ")".repeat(DEEPEST));
    let wide = "relu,".repeat(MOST_LAYERS) + "relu";
    for (text, code) in [
        (deep, "too-deep"),
        (many, "too-many-layers"),
        (wide, "too-many-layers"),
    ] {
        let problem = notation::read(&text, CLASSES).unwrap_err();
        assert_eq!(problem.code.text(), code);
    }
    let text = "fc,".repeat(2_000);
    let long = [("net", "own"), ("layers", &*text)];
    let value = |(key, value): (&str, &str)| (key.to_owned(), Value::Word(value.to_owned()));
    assert_eq!(
        resolve(&long.map(value).into()).problems[0].code.text(),
        "too-long"
    );
    for text in [
        "conv4096k11,conv4096k11,gap,fc",
        "flatten,fc32768,fc32768,fc",
    ] {
        assert_eq!(refusal(text).code.text(), "too-many-weights", "{text}");
    }
}

#[test]
fn a_link_whose_text_is_wrong_keeps_it() {
    for text in ["conf16,fc", "add(conv16", "conv16!fc", "conv16,fc3"] {
        let opened = link::open(&format!("v=1&net=own&layers={text}"));
        assert_eq!(opened.problems, [], "{text}");
        let view = View::of(&opened.choices, None);
        assert_eq!(view.spec.layers, text);
        assert!(view.refusal.is_some() && view.mark.is_some());
        assert_eq!(view.link, format!("v=1&net=own&layers={text}"));
    }
}

#[test]
fn templates_are_possible_and_in_their_shortest_form() {
    let small = link::known_spec("net=cnn");
    let image = small.data.shape().unwrap();
    for (name, text) in TEMPLATES {
        let spec = own(text);
        let network = arch::build(&spec, image, CLASSES).unwrap();
        assert!(network.weights() > 1_000, "{name}");
        assert_eq!(typed::layers(text), *text);
    }
    // The one that a person starts from is the small CNN.
    let first = own::opened(&small, image, CLASSES);
    assert_eq!(first.layers, TEMPLATES[0].1);
    assert_eq!(first, own(TEMPLATES[0].1));
    assert_eq!(link::text(&first), "v=1&net=own");
    assert_eq!(first.task(), Task::Classify);
}

#[test]
fn no_word_is_read_as_another_ones() {
    let words = Operation::words();
    for known in &words {
        let is_letters = |text: &str| text.bytes().all(|byte| byte.is_ascii_lowercase());
        assert!(
            is_letters(known.word) && known.word != "x",
            "{}",
            known.word
        );
        for setting in &known.settings {
            assert!(is_letters(setting.letter) && setting.letter != "x");
            let together = format!("{}{}", known.word, setting.letter);
            let is_another = |other: &&str| *other == together && !setting.letter.is_empty();
            let mut others = words.iter().map(|other| other.word);
            assert_eq!(others.find(is_another), None);
        }
        let same = words
            .iter()
            .filter(|other| other.word == known.word)
            .count();
        assert_eq!(same, 1, "{}", known.word);
        let (Stem::Counted(stem) | Stem::Alone(stem)) = known.stem;
        assert!(is_letters(stem), "{stem}");
    }
}
