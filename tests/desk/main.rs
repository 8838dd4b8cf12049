//! The page and its worker, driven through random orders of presses, answers, delays, failures and crashes.
//! Messages arrive in the order in which they were sent, each way, but as late as they like.

mod engine;
mod world;

use cnn_playground::base::error::{Code, Problem};
use cnn_playground::data::Split;
use cnn_playground::desk::{Phase, Step};
use cnn_playground::event::Event;
use engine::{PER_EPOCH, TOTAL};
use proptest::prelude::*;
use world::{Luck, Move, World, moves};

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn the_worker_comes_to_what_the_page_wants_whatever_happens(moves in prop::collection::vec(moves(), 1..120)) {
        let mut world = World::default();
        for next in moves {
            match next {
                Move::WishArrives => world.wish_arrives(),
                Move::ReportArrives => world.report_arrives(),
                Move::Works(luck) => drop(world.works(luck)),
                Move::DataComes => world.data_comes(),
                Move::Crash => world.crash(),
                pressed => world.press(pressed),
            }
            // A pause shows at once, and nothing that is wanted no more looks busy.
            let wish = world.page.wish();
            prop_assert!(wish.is_some() || !world.page.phase().is_busy());
            prop_assert!(wish.is_none_or(|wish| wish.until != Some(0)) || !world.page.phase().is_busy());
        }
        world.settle();
        // Nothing is left busy, and no wish is left open but a pause's.
        let phase = world.page.phase();
        prop_assert!(!phase.is_busy() && phase != Phase::Pausing, "{phase:?} for ever: {world:?}");
        if let Some(wish) = world.page.wish() {
            prop_assert_eq!(phase, Phase::Paused);
            prop_assert!(wish.until.is_some());
        }
    }

    #[test]
    fn what_is_asked_for_is_handed_over(moves in prop::collection::vec(moves(), 1..80)) {
        let mut world = World::default();
        world.press(Move::Run);
        for next in moves {
            match next {
                Move::WishArrives => world.wish_arrives(),
                Move::ReportArrives => world.report_arrives(),
                Move::Works(_) => drop(world.works(Luck::Good)),
                Move::DataComes => world.data_comes(),
                Move::Pause | Move::Continue | Move::OneStep => world.press(next),
                _ => {}
            }
        }
        world.press(Move::Pause);
        world.settle();
        if world.page.phase() == Phase::Paused && world.engine.step > 0 {
            // A paused run can be gone on with after a reload from where it is, in a test too.
            prop_assert_eq!(world.run.checkpoint, world.engine.checkpoint());
            let (weights, checkpoints) = (world.weights, world.checkpoints);
            world.press(Move::Look);
            world.press(Move::Keep);
            world.settle();
            prop_assert_eq!((world.weights, world.checkpoints), (weights + 1, checkpoints + 1));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn a_run_that_is_left_and_gone_on_with_again_and_again_has_the_same_curve(moves in prop::collection::vec(moves(), 1..120)) {
        let mut world = World::default();
        world.press(Move::Run);
        for next in moves {
            match next {
                Move::WishArrives => world.wish_arrives(),
                Move::ReportArrives => world.report_arrives(),
                Move::Works(_) => drop(world.works(Luck::Good)),
                Move::DataComes => world.data_comes(),
                // The page begins a run without a checkpoint from its start.
                Move::Crash if world.run.checkpoint.is_some() => world.crash(),
                Move::Pause | Move::Continue | Move::OneStep | Move::Look | Move::Keep | Move::GoOn => world.press(next),
                _ => {}
            }
        }
        world.press(if world.page.phase() == Phase::Failed { Move::GoOn } else { Move::Continue });
        world.settle();
        prop_assert_eq!(world.page.phase(), Phase::Done);
        prop_assert_eq!((world.run.steps, &world.run.tests[..]), (TOTAL, &[PER_EPOCH, 2 * PER_EPOCH, TOTAL][..]));
    }
}

/// A world in which a run is on and has made a few steps.
fn running() -> World {
    let mut world = World::default();
    world.press(Move::Run);
    world.wish_arrives();
    while world.engine.step == 0 {
        world.works(Luck::Good);
    }
    world
}

#[test]
fn a_run_goes_from_the_press_to_its_end() {
    let mut world = World::default();
    world.press(Move::Run);
    assert_eq!(world.page.phase(), Phase::Starting);
    world.settle();
    assert_eq!(
        (world.page.phase(), world.engine.step),
        (Phase::Done, TOTAL)
    );
    assert_eq!(world.page.wish(), None);
}

#[test]
fn data_that_comes_after_the_end_of_a_job_does_not_end_the_next_one() {
    let mut world = World::default();
    world.press(Move::FetchAhead);
    world.settle();
    world.press(Move::Run);
    world.wish_arrives();
    world.data_comes();
    world.report_arrives();
    assert_eq!(world.page.phase(), Phase::Starting);
    world.settle();
    assert_eq!(world.run.steps, TOTAL);
}

#[test]
fn two_presses_before_the_worker_is_there_are_one_run() {
    let mut world = World::default();
    world.press(Move::Run);
    world.press(Move::Run);
    world.settle();
    assert_eq!((world.engine.job, world.page.phase()), (2, Phase::Done));
}

#[test]
fn a_run_that_could_not_begin_leaves_the_worker_idle() {
    let mut world = World::default();
    world.press(Move::Run);
    world.settle();
    world.press(Move::Run);
    world.wish_arrives();
    world.works(Luck::Bad);
    world.report_arrives();
    assert_eq!(world.page.phase(), Phase::Failed);
    assert_eq!(world.works(Luck::Good), Step::Rest);
    assert!(world.reports.is_empty());
}

#[test]
fn a_pause_before_the_run_has_begun_is_obeyed_and_can_be_taken_back() {
    let mut world = World::default();
    world.press(Move::Run);
    world.press(Move::Pause);
    assert_eq!(world.page.phase(), Phase::Pausing);
    world.settle();
    assert_eq!((world.page.phase(), world.engine.step), (Phase::Paused, 0));
    world.press(Move::Continue);
    world.settle();
    assert_eq!(
        (world.page.phase(), world.engine.step),
        (Phase::Done, TOTAL)
    );
}

#[test]
fn a_pause_while_data_is_missing_is_obeyed() {
    let mut world = running();
    while world.worker.phase(1) != Phase::Loading {
        world.works(Luck::NoData);
    }
    world.press(Move::Pause);
    world.wish_arrives();
    let seen: Vec<Step> = (0..3).map(|_| world.works(Luck::NoData)).collect();
    assert!(
        seen.contains(&Step::Pause) && !seen.iter().any(|step| matches!(step, Step::Bring { .. }))
    );
}

#[test]
fn once_the_images_are_here_it_says_what_it_does_with_them() {
    let mut world = running();
    while world.engine.step == 0 {
        world.works(Luck::Good);
    }
    for (split, phase) in [
        (Split::Train, Phase::Training),
        (Split::Test, Phase::Testing),
    ] {
        let (loaded, needed) = (1, 2);
        world.worker.happened(&[Event::Waiting {
            split,
            loaded,
            needed,
        }]);
        assert_eq!(world.worker.phase(1), Phase::Loading);
        world.worker.arrived();
        assert_eq!(world.worker.phase(1), phase);
    }
}

#[test]
fn single_steps_are_single() {
    let mut world = World::default();
    world.press(Move::StepAnew);
    for step in 1..=PER_EPOCH + 2 {
        world.settle();
        assert_eq!(
            (world.page.phase(), world.engine.step, world.run.steps),
            (Phase::Paused, step, step)
        );
        world.press(Move::OneStep);
    }
}

#[test]
fn a_run_that_fails_by_itself_is_over() {
    let mut world = running();
    let problem = Problem::new(Code::NotFinite);
    world.worker.happened(&[Event::Failed { problem }]);
    world.tell(1, Vec::new());
    world.settle();
    assert_eq!(world.page.phase(), Phase::Failed);
}
