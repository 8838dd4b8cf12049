//! Values that something holds, let go of without calling itself too often.

use std::cell::Cell;

/// What is held. A chain of things that hold one another may be far longer than calls can lie in one another, and letting
/// go of one lets go of the next: what lies deeper than [`DEEPEST_END`] is left where it is.
#[derive(Debug, Clone)]
pub(crate) struct Kept<T>(Vec<T>);

/// As deep as anything goes that makes a network.
const DEEPEST_END: usize = 500;

thread_local! {
    static ENDING: Cell<usize> = const { Cell::new(0) };
}

/// Lets go of something that may hold others.
pub(crate) fn end<T>(held: T) {
    let depth = ENDING.get();
    if depth >= DEEPEST_END {
        std::mem::forget(held);
        return;
    }
    ENDING.set(depth + 1);
    drop(held);
    ENDING.set(depth);
}

impl<T> Drop for Kept<T> {
    fn drop(&mut self) {
        if !self.0.is_empty() {
            end(std::mem::take(&mut self.0));
        }
    }
}

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> From<Vec<T>> for Kept<T> {
    fn from(values: Vec<T>) -> Self {
        Self(values)
    }
}

impl<T> std::ops::Deref for Kept<T> {
    type Target = Vec<T>;

    fn deref(&self) -> &Vec<T> {
        &self.0
    }
}

impl<T> std::ops::DerefMut for Kept<T> {
    fn deref_mut(&mut self) -> &mut Vec<T> {
        &mut self.0
    }
}
