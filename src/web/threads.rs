//! More than one thread: rayon's pool, whose threads are workers that the page's script starts.

use std::mem;
use std::sync::{Mutex, PoisonError};

use js_sys::Array;
use rayon::{ThreadBuilder, ThreadPoolBuilder};
use wasm_bindgen::prelude::*;

/// Threads that no worker runs yet.
static WAITING: Mutex<Vec<ThreadBuilder>> = Mutex::new(Vec::new());

/// Makes the worker that calls it the first of this number of threads. Gives the module and its memory, which
/// each of the other workers begins with before it calls [`run_thread`].
#[wasm_bindgen(js_name = beginThreads)]
pub fn begin_threads(count: usize) -> Result<Array, JsValue> {
    let pool = ThreadPoolBuilder::new()
        .num_threads(count)
        .use_current_thread()
        .spawn_handler(|thread| {
            let mut waiting = WAITING.lock().unwrap_or_else(PoisonError::into_inner);
            waiting.push(thread);
            Ok(())
        })
        .build()
        .map_err(|error| JsValue::from_str(&error.to_string()))?;
    // It lasts as long as the module.
    mem::forget(pool);
    Ok(Array::of2(&wasm_bindgen::module(), &wasm_bindgen::memory()))
}

/// Is one of the threads, until the worker ends.
#[wasm_bindgen(js_name = runThread)]
pub fn run_thread() {
    let thread = WAITING.lock().ok().and_then(|mut waiting| waiting.pop());
    if let Some(thread) = thread {
        thread.run();
    }
}
