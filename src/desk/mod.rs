//! What the page and its training worker say to each other, and what each side makes of it.
//!
//! The page never gives orders. It says what it wants, all of it each time ([`Wish`]); the worker asks
//! for the latest wish before every call into the engine and does the one thing that is missing most
//! ([`Worker::next`]). Every report names the job that it is of and where the worker is ([`Phase`]), so
//! the page can tell what is old ([`Page::hear`]).
//!
//! ```text
//!            Wish: the job, its work, until which step, what is asked for
//!   Page ───────────────────────────────────────────────────────────────────▶ Worker
//!        ◀───────────────────────────────────────────────────────────────────
//!            Report: the job, the phase, and what happened
//!
//!   a job at the worker:   New ─data─▶ Here ─begin─▶ Begun ⇄ Waiting (for data) ─▶ Over
//! ```
//!
//! Both sides are plain values without clocks, threads or promises: `tests/desk/main.rs` drives them through
//! random orders of presses, answers, failures and crashes. The JavaScript around them
//! (`www/worker/desk.js`, `www/app/run/training.js`) does as it is told.

mod doubt;
mod pace;
mod page;
mod wish;
mod worker;

pub use doubt::doubt;
pub use pace::{Moment, Pace, speed_between};
pub use page::Page;
pub use wish::{Phase, Wish, Work};
pub use worker::{Step, Worker};
