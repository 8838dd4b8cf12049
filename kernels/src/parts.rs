//! Independent parts of a computation, run one after the other or on several threads.
//!
//! The number of threads must not change a result. So wherever parts are summed, how a batch is split depends
//! on its size alone, and the partial sums are added in a fixed order.

#[cfg(feature = "threads")]
use std::{
    cell::Cell,
    hint,
    sync::Mutex,
    sync::atomic::{AtomicUsize, Ordering},
};

/// Fewest images of a part: each part has its own sums for all weights.
const LEAST: usize = 8;
/// Most parts of a batch.
const MOST: usize = 8;
/// Multiplications from which waking a second thread pays.
#[cfg(feature = "threads")]
const ENOUGH: usize = 1 << 18;
/// Spins while waiting for the other threads, before sleeping: a fraction of a millisecond.
#[cfg(feature = "threads")]
const PATIENCE: usize = 1 << 17;
/// Spins before an idle thread sleeps: 1–2 ms, about the pause between two steps.
#[cfg(feature = "threads")]
const LOOKS: usize = 1 << 15;
/// Pieces for each thread, so that the others can take over the pieces of a thread that starts late.
#[cfg(feature = "threads")]
const EACH: usize = 4;

/// Images of each part of a batch, whatever the number of threads.
pub(crate) fn images(batch: usize) -> usize {
    batch.div_ceil(MOST).max(LEAST)
}

/// Items per piece. The result must not depend on where the items are split. `cost`: multiplications for all
/// of them.
#[cfg(feature = "threads")]
pub(crate) fn piece(count: usize, cost: usize) -> usize {
    let pieces = if cost < ENOUGH { 1 } else { EACH * threads() };
    count.div_ceil(pieces).max(1)
}

/// Items per piece: with one thread, all of them.
#[cfg(not(feature = "threads"))]
pub(crate) fn piece(count: usize, _cost: usize) -> usize {
    count.max(1)
}

#[cfg(feature = "threads")]
fn threads() -> usize {
    rayon::current_num_threads()
}

/// Runs `work` on every part; `scratch` allocates a buffer for each thread.
#[cfg(feature = "threads")]
pub(crate) fn each<P: Send, S>(
    parts: impl Iterator<Item = P> + Send,
    cost: usize,
    scratch: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, P) + Sync,
) {
    let helpers = if cost < ENOUGH { 0 } else { threads() - 1 };
    if helpers == 0 {
        return in_order(parts, scratch, work);
    }
    let parts = Mutex::new(parts);
    let next = || parts.lock().ok()?.next();
    let share = || in_order(std::iter::from_fn(next), &scratch, &work);
    let busy = AtomicUsize::new(0);
    rayon::scope(|scope| {
        for _ in 0..helpers {
            scope.spawn(|_| {
                busy.fetch_add(1, Ordering::AcqRel);
                share();
                busy.fetch_sub(1, Ordering::AcqRel);
                stay_awake();
            });
        }
        share();
        let mut patience = PATIENCE;
        while patience > 0 && busy.load(Ordering::Acquire) > 0 {
            patience -= 1;
            hint::spin_loop();
        }
    });
}

/// Keeps a thread spinning a little longer than rayon would: the next operation comes soon, and waking the
/// thread would take longer.
#[cfg(feature = "threads")]
fn stay_awake() {
    thread_local! {
        static AWAKE: Cell<bool> = const { Cell::new(false) };
    }
    if AWAKE.get() {
        return;
    }
    rayon::spawn(|| {
        // Not on the thread that hands out work, which has more to do.
        if rayon::current_thread_index() == Some(0) || AWAKE.replace(true) {
            return;
        }
        let mut looks = 0;
        while looks < LOOKS {
            let found = rayon::yield_now() == Some(rayon::Yield::Executed);
            looks = if found { 0 } else { looks + 1 };
        }
        AWAKE.set(false);
    });
}

/// Runs `work` on every part; `scratch` allocates the buffer that they share.
#[cfg(not(feature = "threads"))]
pub(crate) fn each<P, S>(
    parts: impl Iterator<Item = P>,
    _cost: usize,
    scratch: impl Fn() -> S,
    work: impl Fn(&mut S, P),
) {
    in_order(parts, scratch, work);
}

fn in_order<P, S>(
    parts: impl Iterator<Item = P>,
    scratch: impl Fn() -> S,
    work: impl Fn(&mut S, P),
) {
    // Allocate scratch only when there is a part to work on.
    let mut own = None;
    for part in parts {
        work(own.get_or_insert_with(&scratch), part);
    }
}

/// The elementwise sum of arrays of `numbers` values that follow one another.
pub(crate) fn total(mut arrays: Vec<f32>, numbers: usize) -> Vec<f32> {
    let (sums, rest) = arrays.split_at_mut(numbers);
    for array in rest.chunks_exact(numbers.max(1)) {
        for (sum, value) in sums.iter_mut().zip(array) {
            *sum += value;
        }
    }
    arrays.truncate(numbers);
    arrays
}
