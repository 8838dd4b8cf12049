//! Work in parts that know nothing of each other: one after the other, or on several threads.
//!
//! What the threads do must not show in a result. So wherever parts are summed, what they are follows
//! from the sizes alone, with threads or without, and their sums are added in their order.

#[cfg(feature = "threads")]
use std::{
    cell::Cell,
    hint,
    sync::Mutex,
    sync::atomic::{AtomicUsize, Ordering},
};

/// Images of a part at least: each has the sums of all weights to itself.
const LEAST: usize = 8;
/// Parts of a batch at most.
const MOST: usize = 8;
/// Multiplications, about, from which on a second thread helps more than it costs to wake.
#[cfg(feature = "threads")]
const ENOUGH: usize = 1 << 18;
/// How often a thread looks whether the others are done, before it sleeps: for a fraction of a millisecond.
#[cfg(feature = "threads")]
const PATIENCE: usize = 1 << 17;
/// How often one looks for more to do, likewise: for a millisecond or two, as long as it is from one step to
/// the next.
#[cfg(feature = "threads")]
const LOOKS: usize = 1 << 15;
/// Pieces for each thread, so that one that comes late leaves the others some.
#[cfg(feature = "threads")]
const EACH: usize = 4;

/// Images of each part of a batch, whatever the number of threads.
pub(crate) fn images(batch: usize) -> usize {
    batch.div_ceil(MOST).max(LEAST)
}

/// Of so many things, which are computed the same wherever they are divided, those that should make a
/// piece; `cost` is of all of them, in multiplications.
#[cfg(feature = "threads")]
pub(crate) fn piece(count: usize, cost: usize) -> usize {
    let pieces = if cost < ENOUGH { 1 } else { EACH * threads() };
    count.div_ceil(pieces).max(1)
}

/// Of so many things, those that should make a piece: here, where there is one thread, all.
#[cfg(not(feature = "threads"))]
pub(crate) fn piece(count: usize, _cost: usize) -> usize {
    count.max(1)
}

#[cfg(feature = "threads")]
fn threads() -> usize {
    rayon::current_num_threads()
}

/// Works on every part; `scratch` makes what a thread needs for itself alone.
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

/// Has a helper look for more to do a little longer than rayon would: the next operation is soon here, and
/// to wake it would take longer.
#[cfg(feature = "threads")]
fn stay_awake() {
    thread_local! {
        static AWAKE: Cell<bool> = const { Cell::new(false) };
    }
    if AWAKE.get() {
        return;
    }
    rayon::spawn(|| {
        // The thread that hands out work may come upon this, and has better things to do.
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

/// Works on every part; `scratch` makes what they need besides.
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
    // Whoever comes when nothing is left needs none.
    let mut own = None;
    for part in parts {
        work(own.get_or_insert_with(&scratch), part);
    }
}

/// The sums of arrays of so many numbers, which lie one after the other.
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
