//! How a network that was changed by hand trains on, and what is said of such a run.

use burn::tensor::Device as Tensors;
use cnn_playground::arch::touch::{Touch, body, head, standing, touchable};
use cnn_playground::event::Event;
use cnn_playground::experiment::claim::Claim;
use cnn_playground::inside::{Answer, Inside, Question};
use cnn_playground::nn::State;
use cnn_playground::runs::{Run, RunView, Runs};
use cnn_playground::train::{Device, GivenWeights, Session};
use pollster::block_on;

use super::touch::{CNN, RESNET, first, plan, rows};
use super::{ask, mnist, spec};

/// Weights to begin from.
fn given(state: State) -> Option<GivenWeights> {
    let name = "weights.safetensors".to_owned();
    Some(GivenWeights { name, state })
}

fn cpu() -> Device {
    block_on(Device::open("cpu")).unwrap()
}

/// The run's state after some batches more.
fn after(session: &mut Session, data: &cnn_playground::data::Dataset, batches: u32) -> State {
    block_on(session.advance(data, batches)).unwrap();
    block_on(session.state()).unwrap()
}

#[test]
fn a_frozen_layer_keeps_its_bits_while_all_others_learn_and_what_is_off_stays_off() {
    let data = mnist(128, 50);
    let [one, two] = rows(CNN, "conv2d")[..] else {
        panic!()
    };
    for optimizer in ["sgd&momentum=0.9", "adam", "adamw"] {
        let spec = spec(&format!("{CNN}&decay=0.01&optimizer={optimizer}"));
        let (mut session, _) = Session::begin(spec.clone(), &data.facts, &cpu()).unwrap();
        let before = after(&mut session, &data, 2);
        let checkpoint = block_on(session.checkpoint()).unwrap().unwrap();
        let touches = [
            Touch::Freeze { row: one },
            Touch::Channel {
                row: two,
                channel: 1,
            },
        ];
        let touched = Session::resume_touched(&checkpoint, &data.facts, &cpu(), &touches);
        let (mut touched, started) = touched.unwrap();
        let now = after(&mut touched, &data, 1);
        // Convolution, scale and shift; the running statistics of the first normalization.
        assert_eq!(now.weights[..3], before.weights[..3], "{optimizer}");
        assert_eq!(now.statistics[0], before.statistics[0]);
        assert_ne!(now.statistics[1], before.statistics[1]);
        let seen = now.weights[3].len() / 8;
        for (array, (new, old)) in now.weights.iter().zip(&before.weights).enumerate().skip(3) {
            assert_ne!(new, old, "{optimizer} {array}");
        }
        let is_off = |state: &State| {
            let filter = state.weights[3][seen..2 * seen].iter();
            let others = state.weights[4..6].iter().map(|array| &array[1]);
            filter.chain(others).all(|number| *number == 0.0)
        };
        assert!(is_off(&now), "{optimizer}");
        // The next checkpoint knows of it, and says so.
        let next = block_on(touched.checkpoint()).unwrap().unwrap();
        let (mut again, told) = Session::resume(&next, &data.facts, &cpu()).unwrap();
        let said = |event: &Event| match event {
            Event::Started { touches, .. } => touches.clone(),
            other => panic!("{other:?}"),
        };
        assert_eq!((said(&started).len(), said(&told)), (2, said(&started)));
        assert_eq!(
            (said(&told)[0].step, said(&told)[0].layer.as_str()),
            (2, "conv1")
        );
        let (here, there) = (after(&mut touched, &data, 3), after(&mut again, &data, 3));
        assert_eq!(here, there, "{optimizer}");
        assert_eq!(here.weights[..3], before.weights[..3]);
        assert!(is_off(&here));
        // Without it the layer would have learned.
        let (mut plain, _) = Session::resume(&checkpoint, &data.facts, &cpu()).unwrap();
        assert_ne!(after(&mut plain, &data, 1).weights[0], before.weights[0]);
    }
}

#[test]
fn everything_frozen_trains_on_without_a_change() {
    let data = mnist(64, 50);
    let plan = plan(RESNET);
    let learned = |row: &usize| touchable(&plan, *row).is_some_and(|one| one.learned);
    let all = (0..plan.operations().len()).filter(learned);
    let all: Vec<Touch> = all.map(|row| Touch::Freeze { row }).collect();
    let begun = Session::begin_touched(spec(RESNET), &data.facts, &cpu(), None, &all);
    let (mut session, _) = begun.unwrap();
    assert_eq!(after(&mut session, &data, 2), first(RESNET));
}

#[test]
fn a_run_that_is_begun_without_a_touch_has_the_same_bits_and_one_with_other_weights_goes_on_from_those()
 {
    let data = mnist(64, 50);
    let (mut plain, _) = Session::begin(spec(RESNET), &data.facts, &cpu()).unwrap();
    let begin = |weights, touches: &[Touch]| {
        Session::begin_touched(spec(RESNET), &data.facts, &cpu(), weights, touches)
            .unwrap()
            .0
    };
    let trained = after(&mut plain, &data, 2);
    assert_eq!(after(&mut begin(None, &[]), &data, 2), trained);
    let other = begin(given(trained.clone()), &[]);
    assert_eq!(block_on(other.state()).unwrap(), trained);
    // A block without its shortcut trains, and other weights come of it.
    let cut = [Touch::Branch { join: 0, branch: 1 }];
    assert_ne!(after(&mut begin(None, &cut), &data, 2), trained);
    let wrong = given(first(CNN));
    let begun = Session::begin_touched(spec(RESNET), &data.facts, &cpu(), wrong, &[]);
    assert!(begun.is_err());
}

#[test]
fn what_was_touched_is_said_with_the_run_and_nothing_is_claimed_of_it() {
    let data = mnist(64, 50);
    let touches = [Touch::Layer { row: 0 }];
    let run = |touches: &[Touch]| {
        let begun = Session::begin_touched(spec(RESNET), &data.facts, &cpu(), None, touches);
        let (mut session, started) = begun.unwrap();
        let mut run = Run::new(spec(RESNET), Default::default(), "cpu");
        run.apply(&[started], 0.0, 0.0);
        run.apply(&block_on(session.advance(&data, 99)).unwrap(), 1.0, 1.0);
        run
    };
    let (plain, touched) = (run(&[]), run(&touches));
    assert!(Claim::of(&plain).is_some() && Claim::of(&touched).is_none());
    assert_eq!(touched.touches[0].layer, "conv1");
    // It is kept, and comes back; a run of before has none.
    let text = serde_json::to_string(&touched).unwrap();
    let back: Run = serde_json::from_str(&text).unwrap();
    assert_eq!(back.touches, touched.touches);
    let text = serde_json::to_string(&plain).unwrap();
    assert!(!text.contains("touches"));
    let mut runs = Runs::default();
    let mut place = |mut run: Run, id| {
        run.place.id = id;
        runs.restore(vec![run]);
        runs.finding().is_some()
    };
    assert!(!place(touched, 1));
    assert!(place(plain, 2));
    assert_eq!(runs.left_out(), [1]);
}

#[test]
fn a_run_from_given_weights_says_so_trains_its_last_layer_alone_where_the_others_are_frozen_and_claims_nothing()
 {
    let data = mnist(64, 50);
    let spec = spec(RESNET);
    let (mut plain, _) = Session::begin(spec.clone(), &data.facts, &cpu()).unwrap();
    let trained = after(&mut plain, &data, 2);
    let plan = plan(RESNET);
    let head = head(&plan).unwrap();
    assert_eq!(plan.operations()[head].0.path, "fc");
    let begin = |touches: &[Touch]| {
        let given = given(trained.clone());
        Session::begin_touched(spec.clone(), &data.facts, &cpu(), given, touches).unwrap()
    };
    let (mut session, started) = begin(&body(&plan));
    let now = after(&mut session, &data, 2);
    let (last, others) = now.weights.split_at(now.weights.len() - 2);
    assert_eq!(last, &trained.weights[..last.len()]);
    assert_eq!(now.statistics, trained.statistics);
    for (new, old) in others.iter().zip(&trained.weights[last.len()..]) {
        assert_ne!(new, old);
    }
    // The first of what is said of it, also after it was interrupted; nothing else is said of one without a change.
    let checkpoint = block_on(session.checkpoint()).unwrap().unwrap();
    let (_, again) = Session::resume(&checkpoint, &data.facts, &cpu()).unwrap();
    let said = |event: Event| match event {
        Event::Started { touches, .. } => touches,
        other => panic!("{other:?}"),
    };
    let told = said(started);
    assert_eq!(told, said(again));
    assert_eq!(told.len(), 1 + body(&plan).len());
    let (mut session, started) = begin(&[]);
    let mut run = Run::new(spec.clone(), Default::default(), "cpu");
    run.apply(&[started], 0.0, 0.0);
    run.apply(&block_on(session.advance(&data, 99)).unwrap(), 1.0, 1.0);
    let [only] = &run.touches[..] else { panic!() };
    assert_eq!((only.step, &*only.layer), (0, "weights.safetensors"));
    assert_eq!(only.touch, Touch::Given);
    assert!(Claim::of(&run).is_none());
    assert_eq!(RunView::of(&run).standing, run.touches);
}

#[test]
fn what_is_off_or_frozen_is_taken_back_and_what_was_learned_meanwhile_stays() {
    let data = mnist(128, 50);
    let [one, two] = rows(CNN, "conv2d")[..] else {
        panic!()
    };
    let spec = spec(&format!("{CNN}&optimizer=adam"));
    let (row, channel) = (two, 1);
    let held = [Touch::Freeze { row: one }, Touch::Channel { row, channel }];
    let begun = Session::begin_touched(spec.clone(), &data.facts, &cpu(), None, &held);
    let (mut session, _) = begun.unwrap();
    let before = after(&mut session, &data, 3);
    let checkpoint = block_on(session.checkpoint()).unwrap().unwrap();
    let back = [Touch::Thaw { row: one }, Touch::ChannelOn { row, channel }];
    let resumed = Session::resume_touched(&checkpoint, &data.facts, &cpu(), &back);
    let (mut session, started) = resumed.unwrap();
    let now = block_on(session.state()).unwrap();
    // The channel has its first numbers again: filter, scale and shift. Nothing else has changed.
    let first = first(CNN);
    let seen = now.weights[3].len() / 8;
    let mine = |state: &State| state.weights[3][seen..2 * seen].to_vec();
    assert_eq!(mine(&now), mine(&first));
    assert_eq!((now.weights[4][1], now.weights[5][1]), (1.0, 0.0));
    assert_eq!(now.weights[3][..seen], before.weights[3][..seen]);
    assert_ne!(now.weights[3][..seen], first.weights[3][..seen]);
    assert_eq!(now.weights[0], first.weights[0]);
    // Both learn from here on.
    let next = after(&mut session, &data, 2);
    assert_ne!(mine(&next), mine(&first));
    assert_ne!(next.weights[0], first.weights[0]);
    // All of it is in the record, and nothing of it holds.
    let Event::Started { touches, .. } = started else {
        panic!()
    };
    assert_eq!(touches.len(), 4);
    assert!(standing(&touches, |touched| touched.touch).is_empty());
    let mut run = Run::new(spec, Default::default(), "cpu");
    run.touches = touches;
    assert!(run.is_touched() && RunView::of(&run).standing.is_empty());
}

#[test]
fn a_changed_network_is_judged_as_a_run_judges_its_own() {
    let data = mnist(640, 50);
    // What barely trained marks nothing; with this bias it marks everything, and some of that is right.
    let change = |text: &str| match rows(text, "conv2d").last() {
        Some(&row) if text.contains("unet") => vec![Touch::Bias {
            row,
            channel: 0,
            value: 1000.0,
        }],
        _ => vec![Touch::Layer { row: 0 }],
    };
    for text in [
        "train=640&test=50&batch=16&epochs=2&net=cnn&width=4",
        "train=64&test=50&batch=32&epochs=1&net=unet&width=4",
    ] {
        let (mut session, _) = Session::begin(spec(text), &data.facts, &cpu()).unwrap();
        let events = block_on(session.advance(&data, 99)).unwrap();
        let tested = events.iter().rev().find_map(|event| match event {
            Event::Evaluated { accuracy, .. } => Some(f64::from(*accuracy)),
            _ => None,
        });
        let state = block_on(session.state()).unwrap();
        let mut inside = Inside::new(spec(text), &data.facts, &state, &Tensors::flex()).unwrap();
        let mut score = || match ask(&mut inside, &data, Question::Score { from: 0 }) {
            Answer::Scored(scored) => scored,
            other => panic!("{other:?}"),
        };
        let trained = score();
        assert_eq!((trained.done, trained.total), (50, 50));
        assert!((trained.score - tested.unwrap()).abs() < 1e-6, "{text}");
        inside.touch(Vec::new(), change(text)).unwrap();
        let Answer::Scored(off) = ask(&mut inside, &data, Question::Score { from: 0 }) else {
            panic!()
        };
        assert_ne!(off.score, trained.score, "{text}");
    }
}
