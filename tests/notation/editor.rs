//! A network that is edited line by line: every edit that is offered gives a text, shapes are those of the network, and ways out
//! lead out.

use cnn_playground::arch::editor::{
    Action, BLOCKS, Edit, Line, LineKind, On, Outline, edit, outline, parts,
};
use cnn_playground::arch::own::TEMPLATES;
use cnn_playground::arch::summary::Summary;
use cnn_playground::arch::{build, notation};
use cnn_playground::base::ImageShape;

use super::{CLASSES, experiments, own};

const IMAGES: On = (
    ImageShape {
        channels: 1,
        height: 28,
        width: 28,
    },
    CLASSES,
);

fn list(text: &str) -> Outline {
    outline(&own(text), Some(IMAGES))
}

fn edited(text: &str, what: &Edit) -> (String, usize) {
    let edited = edit(&own(text), Some(IMAGES), what);
    let edited = edited.unwrap_or_else(|problem| panic!("{text}: {what:?}: {problem}"));
    (edited.layers, edited.line)
}

const fn done(action: Action, line: usize) -> Edit {
    match action {
        Action::Up => Edit::Up { line },
        Action::Down => Edit::Down { line },
        Action::Duplicate => Edit::Duplicate { line },
        Action::Residual => Edit::Residual { line },
        Action::Unwrap => Edit::Unwrap { line },
        Action::Branch => Edit::Branch { line },
        Action::Remove => Edit::Remove { line },
    }
}

/// Texts with everything in them.
fn texts() -> Vec<String> {
    let templates = TEMPLATES.iter().map(|(_, text)| (*text).to_owned());
    let mut texts: Vec<_> = templates.collect();
    texts.push(
        "conv8,bn,relu,a:2x(max,fc:fc),:add(conv4k1s2p0b1;id),drop0.25,scalec1,cat(id;fc3)".into(),
    );
    texts
}

#[test]
fn whatever_is_offered_gives_a_text_and_the_line_that_was_meant() {
    for text in texts() {
        for (at, line) in list(&text).lines.iter().enumerate() {
            for &action in &line.actions {
                let (after, to) = edited(&text, &done(action, at));
                let lines = list(&after).lines;
                assert!(to < lines.len(), "{text} {action:?} {after}");
                match action {
                    Action::Up => {
                        assert_eq!(edited(&after, &Edit::Down { line: to }), (text.clone(), at))
                    }
                    Action::Down => {
                        assert_eq!(edited(&after, &Edit::Up { line: to }), (text.clone(), at))
                    }
                    Action::Residual if line.kind != LineKind::Group => {
                        assert_eq!(edited(&after, &Edit::Unwrap { line: to }).0, text);
                    }
                    Action::Duplicate => {
                        assert_eq!(edited(&after, &Edit::Remove { line: to }).0, text);
                    }
                    _ => {}
                }
            }
            for (word, _) in parts().layers {
                let word = word.to_owned();
                let (after, to) = edited(&text, &Edit::Add { line: at, word });
                assert_eq!(
                    edited(&after, &Edit::Remove { line: to }).0,
                    text,
                    "{after}"
                );
            }
            for number in &line.numbers {
                let letter = number.letter.to_owned();
                let value = number.value;
                let (after, to) = edited(
                    &text,
                    &Edit::Number {
                        line: at,
                        letter,
                        value,
                    },
                );
                assert_eq!(to, at);
                let there = &list(&after).lines[at].numbers;
                let same = there
                    .iter()
                    .find(|one| one.letter == number.letter)
                    .unwrap();
                assert_eq!((same.value, same.written), (value, true), "{after}");
            }
        }
    }
}

#[test]
fn an_edit_that_cannot_be_is_refused() {
    let spec = own("conv8,add(relu),fc");
    for what in [
        Edit::Up { line: 0 },
        Edit::Down { line: 4 },
        Edit::Remove { line: 2 },
        Edit::Remove { line: 9 },
        Edit::Unwrap { line: 0 },
        Edit::Branch { line: 0 },
        Edit::Number {
            line: 0,
            letter: "z".into(),
            value: 1.0,
        },
        Edit::Number {
            line: 0,
            letter: "k".into(),
            value: f64::NAN,
        },
        Edit::Number {
            line: 0,
            letter: String::new(),
            value: -3.0,
        },
        Edit::Add {
            line: 0,
            word: "conw".into(),
        },
    ] {
        assert!(edit(&spec, Some(IMAGES), &what).is_err(), "{what:?}");
    }
}

#[test]
fn shapes_and_weights_are_those_of_the_network() {
    let mut seen = 0;
    for spec in experiments().into_iter().step_by(3) {
        // One's own images have the size that they have.
        let Some(shape) = spec.data.shape() else {
            continue;
        };
        let opened = cnn_playground::arch::own::opened(&spec, shape, CLASSES);
        // Some need too much memory for their batch.
        let Ok(network) = build(&opened, shape, CLASSES) else {
            continue;
        };
        seen += 1;
        let lines = outline(&opened, Some((shape, CLASSES))).lines;
        let weights: usize = lines.iter().map(|line| line.parameters).sum();
        assert_eq!(weights, network.weights(), "{}", opened.layers);
        let summary = Summary::of(&network);
        let last = lines
            .iter()
            .rev()
            .find(|line| line.kind == LineKind::Layer)
            .unwrap();
        let sizes = summary.rows.last().unwrap().output.clone();
        assert_eq!(last.output, Some(sizes), "{}", opened.layers);
        assert!(lines.iter().all(|line| !line.wrong));
    }
    assert!(seen > 20);
}

#[test]
fn what_comes_before_a_mistake_keeps_its_shapes() {
    let Outline { lines, .. } = list("conv8,relu,max,add(conv16),flatten,fc");
    let shown: Vec<_> = lines
        .iter()
        .map(
            |Line {
                 word,
                 output,
                 wrong,
                 ..
             }| (word.as_str(), output.clone(), *wrong),
        )
        .collect();
    let image = |channels, size| Some(vec![channels, size, size]);
    assert_eq!(
        shown,
        [
            ("conv2d", image(8, 28), false),
            ("relu", image(8, 28), false),
            ("max-pool", image(8, 14), false),
            ("add", None, true),
            ("", None, false),
            ("conv2d", image(16, 14), false),
            ("flatten", None, false),
            ("linear", None, false),
        ]
    );
}

#[test]
fn ways_out_of_a_mistake_lead_out() {
    let cases: &[(&str, &[&str])] = &[
        (
            "conv8,relu,add(conv16),gap,fc",
            &["projection", "same-channels", "remove"],
        ),
        (
            "conv8,relu,add(conv8s2),gap,fc",
            &["no-stride", "projection", "remove"],
        ),
        ("conv8,relu,add(conv8p0),gap,fc", &["same-size", "remove"]),
        ("conv8,relu,fc", &["flatten", "gap"]),
        (
            "conv8,max16,conv8k7p0,gap,fc",
            &["same-size", "small-kernel", "remove"],
        ),
        ("conv9,conv9g2,gap,fc", &["no-groups", "remove"]),
        ("conv9,gn2,gap,fc", &["one-group", "remove"]),
        ("conv8,gap,fc7", &["classes", "dense"]),
        ("conv8,relu", &["pooled-dense"]),
        ("cat(conv4;conv4s2),gap,fc", &["no-stride", "remove"]),
    ];
    for (text, expected) in cases {
        let ways = list(text).ways_out;
        let names: Vec<_> = ways.iter().map(|way| way.name).collect();
        assert_eq!(names, *expected, "{text}");
        for way in ways {
            let built = build(&own(&way.layers), IMAGES.0, CLASSES);
            assert!(built.is_ok(), "{text} → {}: {built:?}", way.layers);
        }
    }
    // A mistake that one edit does not mend: the next one comes later.
    let ways = list("conv8,add(conv16),add(conv8),gap,fc").ways_out;
    assert!(!ways.is_empty());
    assert_eq!(list("conv8,(").lines, []);
}

#[test]
fn every_block_fits_behind_a_convolution() {
    for channels in [8, 16, 64] {
        let text = format!("conv{channels},relu,gap,fc");
        for (name, _) in BLOCKS {
            let (after, at) = edited(
                &text,
                &Edit::Add {
                    line: 1,
                    word: (*name).to_owned(),
                },
            );
            let spec = own(&after);
            let built = build(&spec, IMAGES.0, CLASSES);
            assert!(built.is_ok(), "{name}: {after}: {built:?}");
            assert_eq!(at, 2);
            assert!(notation::read(&after, CLASSES).is_ok());
        }
    }
}
