//! The modules of a crate, and which of them each one uses.

use std::collections::{BTreeMap, BTreeSet};

use super::{files, read};

/// A module's path from the root of its crate: `["nn", "kernels"]`.
pub(crate) type Module = Vec<String>;

/// The modules of a crate with their code: without comments and without the tests at its end.
pub(crate) fn modules(folder: &str) -> BTreeMap<Module, String> {
    let sources = files(folder, &[".rs"]).into_iter();
    let of_the_crate = sources.filter(|path| !path.starts_with("src/bin/"));
    of_the_crate
        .map(|path| (module_of(folder, &path), code(&read(&path))))
        .collect()
}

fn module_of(folder: &str, path: &str) -> Module {
    let inner = path.strip_prefix(folder).unwrap().trim_start_matches('/');
    let mut parts: Module = inner
        .trim_end_matches(".rs")
        .split('/')
        .map(str::to_owned)
        .collect();
    let last = parts.last().map(String::as_str);
    if matches!(last, Some("mod" | "lib" | "main")) {
        parts.pop();
    }
    parts
}

/// A source without comments and without the tests at its end.
pub(crate) fn code(source: &str) -> String {
    let end = source
        .find("#[cfg(test)]\nmod tests")
        .unwrap_or(source.len());
    let lines = source[..end].lines();
    let without = lines.map(|line| match line.find("//") {
        // An address is no comment.
        Some(at) if !line[..at].ends_with(':') => &line[..at],
        _ => line,
    });
    without.flat_map(|line| [line, "\n"]).collect()
}

/// A path as it stands in the code, and whether it is offered to others (`pub use`).
struct Path {
    segments: Vec<String>,
    offered: bool,
}

/// The paths that a module names: those of its `use` lines, and those within its code that begin with `crate` or `super`.
fn paths(code: &str) -> Vec<Path> {
    let mut found = Vec::new();
    let mut rest = code;
    let mut body = String::new();
    while let Some(at) = rest.find("use ") {
        let before = &rest[..at];
        let line = before.rsplit('\n').next().unwrap_or_default().trim();
        let Some(end) = rest[at..].find(';').filter(|_| is_visibility(line)) else {
            body += &rest[..at + 4];
            rest = &rest[at + 4..];
            continue;
        };
        body += before;
        let tree: String = rest[at + 4..at + end]
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        expand(&tree, &[], !line.is_empty(), &mut found);
        rest = &rest[at + end..];
    }
    body += rest;
    for root in ["crate::", "super::"] {
        for (at, _) in body.match_indices(root) {
            let is_part = |c: char| c.is_alphanumeric() || c == '_';
            let whole = !body[..at].ends_with(|c| is_part(c) || c == ':');
            let text = &body[at..];
            let end = text.find(|c| !is_part(c) && c != ':').unwrap_or(text.len());
            let segments = text[..end].split("::").map(str::to_owned).collect();
            found.extend(whole.then_some(Path {
                segments,
                offered: false,
            }));
        }
    }
    found
}

fn is_visibility(text: &str) -> bool {
    text.is_empty() || text == "pub" || (text.starts_with("pub(") && text.ends_with(')'))
}

/// Every path of a `use` tree.
fn expand(tree: &str, before: &[String], offered: bool, found: &mut Vec<Path>) {
    let tree = tree.trim();
    let (path, group) = match tree.split_once('{') {
        Some((path, group)) => (path, group.trim_end().strip_suffix('}')),
        None => (tree, None),
    };
    // Of `A as B`, A.
    let path = path.split(" as ").next().unwrap_or_default();
    let names = path
        .split("::")
        .map(str::trim)
        .filter(|name| !name.is_empty());
    let segments: Vec<String> = before
        .iter()
        .cloned()
        .chain(names.map(str::to_owned))
        .collect();
    let Some(group) = group else {
        found.push(Path { segments, offered });
        return;
    };
    let (mut open, mut begin) = (0, 0);
    for (at, sign) in group.char_indices().chain([(group.len(), ',')]) {
        match sign {
            '{' => open += 1,
            '}' => open -= 1,
            ',' if open == 0 => {
                let part = group[begin..at].trim();
                if !part.is_empty() {
                    expand(part, &segments, offered, found);
                }
                begin = at + 1;
            }
            _ => {}
        }
    }
}

/// Which module uses which of the same crate. What a module offers of another (`pub use`) belongs to that other one.
pub(crate) fn arrows(modules: &BTreeMap<Module, String>) -> BTreeSet<(Module, Module)> {
    let paths: BTreeMap<&Module, Vec<Path>> = modules
        .iter()
        .map(|(module, code)| (module, paths(code)))
        .collect();
    let mut arrows = BTreeSet::new();
    for (module, named) in &paths {
        for path in named {
            if let Some(other) = resolve(&paths, module, &path.segments, 0)
                && other != **module
            {
                arrows.insert(((*module).clone(), other));
            }
        }
    }
    arrows
}

/// The module that a path leads to, if it is one of this crate.
fn resolve(
    paths: &BTreeMap<&Module, Vec<Path>>,
    from: &Module,
    segments: &[String],
    depth: usize,
) -> Option<Module> {
    const DEEPEST: usize = 8;
    let mut at = from.clone();
    let mut rest = segments;
    match rest.first()?.as_str() {
        "crate" => (at, rest) = (Module::new(), &rest[1..]),
        "self" => rest = &rest[1..],
        "super" => {
            while rest.first().is_some_and(|name| name == "super") {
                at.pop()?;
                rest = &rest[1..];
            }
        }
        name => {
            // A child of this module; anything else is another crate's.
            let child = [from.as_slice(), &[name.to_owned()]].concat();
            paths.contains_key(&child).then_some(())?;
        }
    }
    while let Some(name) = rest.first() {
        let child = [at.as_slice(), std::slice::from_ref(name)].concat();
        if !paths.contains_key(&child) {
            break;
        }
        (at, rest) = (child, &rest[1..]);
    }
    let offered = rest.first().filter(|_| depth < DEEPEST).and_then(|name| {
        let mut offers = paths.get(&at)?.iter().filter(|path| path.offered);
        let path = offers.find(|path| path.segments.last() == Some(name))?;
        resolve(paths, &at, &path.segments, depth + 1)
    });
    Some(offered.unwrap_or(at))
}

#[test]
fn a_use_tree_is_every_path_in_it() {
    let code =
        code("pub use a::{self, b::{C, d as D}, E}; // use x;\nlet y = crate::f::g(super::H);\n");
    let found: Vec<String> = paths(&code)
        .iter()
        .map(|path| path.segments.join("::"))
        .collect();
    let expected = [
        "a::self",
        "a::b::C",
        "a::b::d",
        "a::E",
        "crate::f::g",
        "super::H",
    ];
    assert_eq!(found, expected);
}
