//! Leaves out of a module what no run of the playground can reach, but no compiler can know of.
//!
//! burn-flex looks up at run time what the numbers of a tensor are, so every operation is there for every
//! type; the playground's are `f32`, its labels `i32`, its masks `bool`. burn's dispatch has every operation
//! once more for gradients whose activations are recomputed, which nobody switches on. A function for any
//! of these is known by the types in its name. Its body becomes a trap, and `wasm-opt` drops what only
//! it called. Should a call go there after all, the run stops with an error; it cannot go wrong silently.

use walrus::{FunctionBuilder, FunctionId, FunctionKind, Module, TypeId};

/// Crates whose functions are for one type of number each.
const TYPED: [&str; 5] = ["burn_flex", "gemm", "gemm_common", "gemm_f32", "gemm_f64"];
/// Types that no tensor here has.
const NEVER: [&str; 3] = ["f64", "half::bfloat::bf16", "half::binary16::f16"];
/// What else no function here is for.
const UNUSED: [&str; 1] = ["BalancedCheckpointing"];

/// Replaces the bodies of these functions, and tells how many there were.
pub(super) fn prune(module: &mut Module) -> usize {
    let unreached = |name: &String| is_unreached(&plain(name));
    let found: Vec<(FunctionId, TypeId)> = module
        .funcs
        .iter()
        .filter(|function| matches!(function.kind, FunctionKind::Local(_)))
        .filter(|function| function.name.as_ref().is_some_and(unreached))
        .map(|function| (function.id(), function.ty()))
        .collect();
    for (id, kind) in &found {
        let kind = module.types.get(*kind);
        let (parameters, results) = (kind.params().to_vec(), kind.results().to_vec());
        let mut trap = FunctionBuilder::new(&mut module.types, &parameters, &results);
        trap.func_body().unreachable();
        let locals = parameters.iter().map(|kind| module.locals.add(*kind));
        let trap = trap.local_func(locals.collect());
        module.funcs.get_mut(*id).kind = FunctionKind::Local(trap);
    }
    found.len()
}

/// A name without the hashes of its crates.
fn plain(name: &str) -> String {
    let mut plain = String::with_capacity(name.len());
    let mut rest = name;
    while let Some((before, behind)) = rest.split_once('[') {
        plain += before;
        match behind.split_once(']') {
            Some((hash, behind)) if is_hash(hash) => rest = behind,
            _ => {
                plain.push('[');
                rest = behind;
            }
        }
    }
    plain + rest
}

fn is_hash(text: &str) -> bool {
    text.len() > 8 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Whether a function is for what the playground never has.
fn is_unreached(name: &str) -> bool {
    UNUSED.iter().any(|word| name.contains(word))
        || is_of(name, &TYPED) && NEVER.iter().any(|kind| has_argument(name, kind))
}

/// Whether a path within one of these crates comes first in a name.
fn is_of(name: &str, crates: &[&str]) -> bool {
    let path = name.trim_start_matches(['<', '&', '(']);
    let first = path.split("::").next().unwrap_or_default();
    crates.contains(&first)
}

/// Whether a type is by itself an argument of something generic.
fn has_argument(name: &str, kind: &str) -> bool {
    name.match_indices(kind).any(|(at, _)| {
        let before = name[..at].trim_end().ends_with(['<', ',']);
        let behind = name[at + kind.len()..].starts_with(['>', ',']);
        before && behind
    })
}
