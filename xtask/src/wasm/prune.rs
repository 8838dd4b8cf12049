//! Removes code from a module that no run can reach, which the compiler cannot know.
//!
//! burn-flex looks up at run time what the numbers of a tensor are, and has most operations for every type;
//! here they are `f32`, and labels and masks whole numbers. CubeCL can read its programs from text and has
//! a path through every view for quantized numbers; here programs are only built, of plain numbers. Where a
//! function is for such things alone, its name says so. Its body becomes a trap, and `wasm-opt` drops what only it
//! called. Should such a function be called after all, the run ends with an error and not with a wrong result.

use walrus::{FunctionBuilder, FunctionId, FunctionKind, TypeId};

use super::Module;

/// This file, which is part of what the module is made from.
pub(super) const RULES: &str = include_str!("prune.rs");

/// In the module for GPUs: what names of functions for quantized numbers, and for reading programs, contain.
const ON_GPU: [&str; 2] = ["cubecl_std::quant::", "pliron::parsable::"];

/// In the modules for the CPU: crates of matrix products for other types.
const CRATES: [&str; 4] = ["gemm_c32::", "gemm_c64::", "gemm_f16::", "gemm_f64::"];
/// The crate of the operations, and how the names of those for such types go on.
const OPERATIONS: &str = "burn_flex::ops::";
const TYPES: [&str; 3] = ["_f64", "_f16", "_bf16"];

/// Replaces the bodies of these functions, and tells how many there were.
pub(super) fn prune(which: Module, module: &mut walrus::Module) -> usize {
    let is_unreached = |name: &str| match which {
        Module::Core | Module::Python => false,
        Module::Cpu | Module::Threads => is_for_other_types(name),
        Module::Webgpu => ON_GPU.iter().any(|part| name.contains(part)),
    };
    let found: Vec<(FunctionId, TypeId)> = module
        .funcs
        .iter()
        .filter(|function| matches!(function.kind, FunctionKind::Local(_)))
        .filter(|function| function.name.as_deref().is_some_and(is_unreached))
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

/// Whether a function of burn-flex of this name is for numbers that the playground does not have.
fn is_for_other_types(name: &str) -> bool {
    let operation = name.split_once(OPERATIONS);
    let kind = operation.map(|(_, rest)| rest.split_once("::").map_or(rest, |(_, path)| path));
    CRATES.iter().any(|of| name.contains(of))
        || kind.is_some_and(|path| {
            path.split("::")
                .any(|part| TYPES.iter().any(|kind| part.ends_with(kind)))
        })
}

#[cfg(test)]
mod tests {
    use walrus::ValType;

    use super::*;

    #[test]
    fn only_names_of_other_types_are_unreached() {
        for name in [
            "burn_flex::ops::conv::conv3d_f64::h631103dad011493a",
            "burn_flex::ops::mask::mask_where_bf16::{{closure}}::h1",
            "gemm_f64::microkernel::scalar::f64::x2x4::h2",
        ] {
            assert!(is_for_other_types(name), "{name}");
        }
        for name in [
            "burn_flex::ops::conv::conv3d_f32::h631103dad011493a",
            "burn_flex::ops::matmul::matmul::h01c84087d86d429d",
            "core::num::flt2dec::to_f64",
            "cnn_playground::nn::forward_f64",
        ] {
            assert!(!is_for_other_types(name), "{name}");
        }
    }

    #[test]
    fn a_pruned_function_traps_and_the_rest_stays() {
        let mut module = walrus::Module::default();
        let mut add = |name: &str| {
            let mut function =
                FunctionBuilder::new(&mut module.types, &[ValType::I32], &[ValType::I32]);
            function.name(name.to_owned()).func_body().i32_const(1);
            let argument = module.locals.add(ValType::I32);
            let id = function.finish(vec![argument], &mut module.funcs);
            module.exports.add(name, id);
        };
        add("burn_flex::ops::conv::conv3d_f64::h1");
        add("burn_flex::ops::conv::conv3d_f32::h1");
        add("cubecl_std::quant::view::run_with_quant_type::h1");
        assert_eq!(prune(Module::Core, &mut module), 0);
        assert_eq!(prune(Module::Cpu, &mut module), 1);
        assert_eq!(prune(Module::Webgpu, &mut module), 1);
        let read = walrus::Module::from_buffer(&module.emit_wasm()).unwrap();
        let sizes: Vec<_> = read.funcs.iter_local().map(|(_, one)| one.size()).collect();
        assert_eq!(sizes.len(), 3);
        assert!(
            read.funcs
                .iter()
                .all(|function| read.types.get(function.ty()).params().len() == 1)
        );
    }
}
