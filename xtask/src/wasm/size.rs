//! What a module's code weighs, by the crate that each function's name begins with.

use std::collections::BTreeMap;

use anyhow::Result;
use wasmparser::{KnownCustom, Name, Parser, Payload, TypeRef};

/// Bytes of code of each crate, the heaviest first. A generic function counts for the crate that it is
/// written in, whichever crate uses it.
pub(crate) fn by_crate(code: &[u8]) -> Result<Vec<(String, usize)>> {
    let (mut imported, mut bodies, mut names) = (0, Vec::new(), BTreeMap::new());
    for payload in Parser::new(0).parse_all(code) {
        match payload? {
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    imported += usize::from(matches!(import?.ty, TypeRef::Func(_)));
                }
            }
            Payload::CodeSectionEntry(body) => bodies.push(body.range().len()),
            Payload::CustomSection(section) => {
                if let KnownCustom::Name(all) = section.as_known() {
                    for part in all {
                        if let Name::Function(functions) = part? {
                            for function in functions {
                                let function = function?;
                                names.insert(function.index as usize, function.name);
                            }
                        }
                    }
                }
            }
            _ => {}
        }
    }
    let mut sizes = BTreeMap::<String, usize>::new();
    for (index, size) in bodies.into_iter().enumerate() {
        let name = names.get(&(imported + index)).copied().unwrap_or("");
        *sizes.entry(crate_of(name).to_owned()).or_default() += size;
    }
    let mut sizes: Vec<_> = sizes.into_iter().collect();
    sizes.sort_by_key(|(_, size)| std::cmp::Reverse(*size));
    Ok(sizes)
}

/// `burn_flex` of `<burn_flex::tensor::FlexTensor as core::clone::Clone>::clone`.
fn crate_of(name: &str) -> &str {
    let start = name.find(|letter: char| letter.is_ascii_alphanumeric() || letter == '_');
    let name = &name[start.unwrap_or(name.len())..];
    let name = name.strip_prefix("dyn ").unwrap_or(name);
    let end = name.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
    match end {
        Some(end) if name[end..].starts_with("::") || name[end..].starts_with('[') => &name[..end],
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_counts_for_the_crate_that_its_name_begins_with() {
        for (name, expected) in [
            ("burn_flex::ops::cat::cat::h1", "burn_flex"),
            (
                "<burn_flex::T as core::clone::Clone>::clone::h1",
                "burn_flex",
            ),
            ("<&mut serde_json::de::D as serde::D>::next", "other"),
            ("core[c5930c85a12de822]::num::fmt", "core"),
            ("<dyn core::any::Any>::is", "core"),
            ("__wasm_call_ctors", "other"),
            ("", "other"),
        ] {
            assert_eq!(crate_of(name), expected, "{name}");
        }
    }

    #[test]
    fn all_code_is_counted() {
        let mut module = walrus::Module::default();
        for name in ["a::one", "a::two", "b::three"] {
            let mut function = walrus::FunctionBuilder::new(&mut module.types, &[], &[]);
            function
                .name(name.to_owned())
                .func_body()
                .i32_const(1)
                .drop();
            let id = function.finish(Vec::new(), &mut module.funcs);
            module.exports.add(name, id);
        }
        let sizes = by_crate(&module.emit_wasm()).unwrap();
        assert_eq!(sizes.len(), 2);
        assert_eq!((&*sizes[0].0, sizes[0].1), ("a", 2 * sizes[1].1));
    }
}
