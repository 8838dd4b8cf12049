//! Trains small convolutional networks, natively or in a browser, and shows what each choice does.
//!
//! In reading order: an experiment is data ([`experiment`]), a network is data ([`arch`]), images become
//! batches ([`data`]), the layer tree becomes modules ([`nn`]), and a run turns batches into
//! events ([`train`]), from which its record and all that is concluded follow ([`runs`]). Only `web` knows
//! that there is a browser.

pub mod arch;
pub mod base;
pub mod comparison;
pub mod data;
pub mod desk;
pub mod event;
pub mod experiment;
pub mod lab;
pub mod operation;
pub mod runs;
pub mod script;
pub mod view;

#[cfg(feature = "train")]
pub mod inside;
#[cfg(feature = "train")]
pub mod kernels;
#[cfg(feature = "train")]
pub mod nn;
#[cfg(feature = "train")]
pub mod train;

#[cfg(all(test, feature = "train"))]
mod contract;
#[cfg(all(target_arch = "wasm32", not(feature = "library")))]
#[allow(
    unreachable_pub,
    reason = "these leave the crate through wasm-bindgen, which wants them public"
)]
mod web;
