//! Every question, asked of every family of networks and of every switch.

use cnn_playground::arch::{Form, Join, Shaped, Summary};
use cnn_playground::data::{Dataset, Split};
use cnn_playground::inside::{Answer, Inside, Question, Tiles};
use cnn_playground::operation::{Operation, Shape};
use pollster::block_on;

use super::families::EACH;
use super::{SIZE, ask, look, made, mnist, spec};

/// Test images, as few as a run can have, and the patches that are shown of them.
const IMAGES: usize = 10;
const PATCHES: usize = 9;

/// What is asked, of one network.
struct Asked {
    text: &'static str,
    plan: Shaped,
    inside: Inside,
    data: Dataset,
}

/// Calls `$test` on every network, one after the other.
fn each(test: impl Fn(&mut Asked)) {
    for &text in EACH {
        let data = mnist(1, IMAGES);
        let spec = spec(text);
        let plan = cnn_playground::arch::build(&spec, data.facts.shape, 10).unwrap();
        let mut inside = made(&format!("{text}&test={IMAGES}"), &data, |_| {});
        look(&mut inside, data.samples(Split::Test).image(0).to_vec());
        test(&mut Asked {
            text,
            plan,
            inside,
            data,
        });
    }
}

impl Asked {
    fn ask(&mut self, question: Question) -> Answer {
        ask(&mut self.inside, &self.data, question)
    }

    /// What a question that has no answer here is refused with.
    fn refusal(&mut self, question: Question) -> &'static str {
        let test = self.data.samples(Split::Test);
        block_on(self.inside.ask(question, test))
            .unwrap_err()
            .code
            .text()
    }

    /// What leaves each row.
    fn shapes(&self) -> Vec<Shape> {
        let operations = self.plan.operations();
        operations.iter().map(|(part, _)| part.output).collect()
    }

    fn names_classes(&self) -> bool {
        self.plan.output == Shape::Vector(10)
    }
}

/// Height, width and how many.
fn check(tiles: &Tiles, sizes: (usize, usize), count: usize, text: &str) {
    assert_eq!(
        (tiles.height, tiles.width, tiles.count),
        (sizes.0, sizes.1, count),
        "{text}"
    );
    assert_eq!(tiles.pixels.len(), count * sizes.0 * sizes.1 * 4, "{text}");
}

#[test]
fn kernels_are_those_of_the_first_layer() {
    each(|asked| {
        let text = asked.text;
        let (size, count) = match asked.plan.operations()[0].1 {
            Operation::Conv2d(conv) => ((conv.kernel[0], conv.kernel[1]), conv.out_channels),
            // The first layer is a dense one.
            _ => ((SIZE, SIZE), 128),
        };
        let Answer::Kernels(Some(kernels)) = asked.ask(Question::Kernels) else {
            panic!("{text}")
        };
        check(&kernels, size, count, text);
    });
}

#[test]
fn maps_and_neurons_have_the_shapes_of_their_rows() {
    each(|asked| {
        let (text, shapes) = (asked.text, asked.shapes());
        let rows = (0..shapes.len()).collect();
        let Answer::Maps(maps) = asked.ask(Question::Maps { rows, channels: 3 }) else {
            panic!("{text}")
        };
        assert_eq!(maps.len(), shapes.len(), "{text}");
        for (row, (map, shape)) in maps.iter().zip(&shapes).enumerate() {
            let text = format!("{text}, row {row}");
            let (sizes, count) = match *shape {
                Shape::Image(image) => ((image.height, image.width), image.channels.min(3)),
                Shape::Vector(features) => ((1, features), 1),
            };
            check(&map.tiles, sizes, count, &text);
            assert_eq!((map.row, map.channels), (row, shape.channels()), "{text}");
            assert!(map.lowest <= map.mean && map.mean <= map.highest, "{text}");
            assert!(map.lowest.is_finite() && map.highest.is_finite(), "{text}");
            let channel = shape.channels() - 1;
            let (y, x) = match *shape {
                Shape::Image(image) => (image.height - 1, image.width - 1),
                Shape::Vector(_) => (0, 0),
            };
            let Answer::Neuron(unit) = asked.ask(Question::Neuron { row, channel, y, x }) else {
                panic!("{text}")
            };
            assert!((map.lowest..=map.highest).contains(&unit.value), "{text}");
            let window = unit.window;
            assert!(
                window.height > 0 && window.top + window.height <= SIZE,
                "{text}"
            );
            assert!(
                window.width > 0 && window.left + window.width <= SIZE,
                "{text}"
            );
            assert_eq!(
                unit.whole,
                (window.height, window.width) == (SIZE, SIZE),
                "{text}"
            );
        }
        let beyond = shapes.len();
        let (rows, channels) = (vec![beyond], 1);
        assert_eq!(
            asked.refusal(Question::Maps { rows, channels }),
            "internal",
            "{text}"
        );
    });
}

#[test]
fn what_excites_a_channel_is_found_in_every_row() {
    each(|asked| {
        let text = asked.text;
        for (row, shape) in asked.shapes().into_iter().enumerate() {
            let text = format!("{text}, row {row}");
            let channel = shape.channels() - 1;
            let images = IMAGES;
            let question = Question::Patches {
                row,
                channel,
                images,
            };
            let Answer::Patches(found) = asked.ask(question) else {
                panic!("{text}")
            };
            check(&found.tiles, (SIZE, SIZE), PATCHES, &text);
            assert_eq!(
                (found.images, found.patches.len()),
                (IMAGES, PATCHES),
                "{text}"
            );
            let values: Vec<f32> = found.patches.iter().map(|patch| patch.value).collect();
            assert!(values.is_sorted_by(|a, b| a >= b), "{text}: {values:?}");
            let (afresh, steps) = (true, 2);
            let question = Question::Ascend {
                row,
                channel,
                afresh,
                steps,
            };
            let Answer::Ascended(ascended) = asked.ask(question) else {
                panic!("{text}")
            };
            assert_eq!(ascended.steps, 2, "{text}");
            assert!(ascended.value.is_finite(), "{text}");
            check(&ascended.tiles, (SIZE, SIZE), 1, &text);
        }
    });
}

/// The edge of the last image before the classifier, gates left out; nothing where there is none.
fn last_places(plan: &Shaped) -> Option<usize> {
    if let Shape::Image(_) = plan.output {
        return None;
    }
    let operations = plan.operations().into_iter().rev();
    let mut images = operations.filter_map(|(part, _)| match part.output {
        Shape::Image(image) if image.area() > 1 && !part.path.contains("attention") => {
            Some(image.height)
        }
        _ => None,
    });
    images.next()
}

#[test]
fn what_speaks_for_a_class_is_as_large_as_the_last_image() {
    each(|asked| {
        let text = asked.text;
        for class in [None, Some(7)] {
            let Answer::Explained(found) = asked.ask(Question::Explain { class }) else {
                panic!("{text}")
            };
            assert_eq!(
                found.as_ref().map(|one| one.heat.height),
                last_places(&asked.plan),
                "{text}"
            );
            let Some(found) = found else { continue };
            check(&found.heat, (found.heat.height, found.heat.height), 1, text);
            assert!(class.is_none_or(|class| class == found.class), "{text}");
            assert_eq!(found.probabilities.len(), 10, "{text}");
            assert!(
                found.strongest.0 < SIZE && found.strongest.1 < SIZE,
                "{text}"
            );
        }
    });
}

/// How many gates there are.
fn gates(part: &Shaped) -> usize {
    let own = match &part.form {
        Form::Merge {
            join: Join::Multiply,
            branches,
        } => branches.len() - 1,
        _ => 0,
    };
    own + part.parts().iter().map(gates).sum::<usize>()
}

#[test]
fn every_gate_is_shown() {
    each(|asked| {
        let text = asked.text;
        let Answer::Gates(found) = asked.ask(Question::Gates) else {
            panic!("{text}")
        };
        assert_eq!(found.len(), gates(&asked.plan), "{text}");
        assert_eq!(found.is_empty(), !text.contains("attention"), "{text}");
        for gate in found {
            assert!(
                (0.0..=gate.highest).contains(&gate.lowest) && gate.highest <= 1.0,
                "{text}"
            );
            assert_eq!(gate.path, asked.plan.operations()[gate.row].0.path);
        }
    });
}

#[test]
fn every_row_has_statistics_and_a_share_of_images_that_it_tells_apart() {
    each(|asked| {
        let (text, rows) = (asked.text, asked.shapes().len());
        let Answer::Statistics(found) = asked.ask(Question::Statistics { images: IMAGES }) else {
            panic!("{text}")
        };
        assert_eq!(found.len(), rows, "{text}");
        for (one, (_, operation)) in found.iter().zip(asked.plan.operations()) {
            assert!(one.mean.is_finite() && one.deviation.is_finite(), "{text}");
            let nonlinear = matches!(operation, Operation::Activation(_));
            assert_eq!(one.dead.is_some(), nonlinear, "{text}, row {}", one.row);
        }
        let Answer::Separable(found) = asked.ask(Question::Separable { images: IMAGES }) else {
            panic!("{text}")
        };
        assert_eq!(
            (found.rows.len(), found.images),
            (rows, IMAGES / 2),
            "{text}"
        );
        let shares = found.rows.iter().chain([&found.input]);
        assert!(
            shares.into_iter().all(|share| (0.0..=1.0).contains(share)),
            "{text}"
        );
    });
}

#[test]
fn a_network_judges_all_test_images_or_has_no_classes() {
    each(|asked| {
        let text = asked.text;
        if !asked.names_classes() {
            for question in [Question::Classify, Question::Judge { from: 0 }] {
                assert_eq!(asked.refusal(question), "no-classes", "{text}");
            }
            return;
        }
        let Answer::Classified(classified) = asked.ask(Question::Classify) else {
            panic!("{text}")
        };
        assert!(
            (classified.probabilities.iter().sum::<f32>() - 1.0).abs() < 1e-5,
            "{text}"
        );
        check(&classified.seen, (SIZE, SIZE), 2, text);
        let Answer::Judged(judged) = asked.ask(Question::Judge { from: 0 }) else {
            panic!("{text}")
        };
        assert_eq!((judged.done, judged.total), (IMAGES, IMAGES), "{text}");
        let all: u32 = judged.matrix.iter().flatten().sum();
        assert_eq!(all as usize, IMAGES, "{text}");
        let wrong = judged.mistakes.len();
        assert_eq!(judged.right as usize + wrong, IMAGES, "{text}");
        check(&judged.tiles, (SIZE, SIZE), wrong, text);
    });
}

/// What the page leaves out of its lists is what only passes on its input.
#[test]
fn rows_that_pass_on_what_they_get_show_nothing_new() {
    each(|asked| {
        let text = asked.text;
        let rows = Summary::of(&asked.plan).rows;
        let all = Question::Maps {
            rows: (0..rows.len()).collect(),
            channels: usize::MAX,
        };
        let Answer::Maps(maps) = asked.ask(all) else {
            panic!("{text}")
        };
        for row in 1..rows.len() {
            let (before, here) = (&maps[row - 1], &maps[row]);
            let follows = rows[row].input == rows[row - 1].output;
            if rows[row].passes_on && follows && rows[row - 1].path != rows[row].path {
                let same = (here.lowest, here.highest) == (before.lowest, before.highest);
                assert!(
                    same || rows[row].kind == "identity",
                    "{text}: {}",
                    rows[row].path
                );
            }
        }
        let silent: Vec<_> = rows
            .iter()
            .filter(|row| row.passes_on)
            .map(|row| row.kind)
            .collect();
        let known = ["identity", "flatten", "dropout"];
        assert!(
            silent.iter().all(|kind| known.contains(kind)),
            "{text}: {silent:?}"
        );
    });
}
