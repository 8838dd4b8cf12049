//! Which room may use which: the floors that stand in ARCHITECTURE.md, and no cycle between files.

use std::collections::{BTreeMap, BTreeSet};

use super::document::between;
use super::graph::{Graph, cycles};
use super::rust::{Module, arrows, modules};
use super::{expect_none, files, read};

/// The floor of each room, from a table whose rows are floors from top to bottom.
fn floors(mark: &str) -> BTreeMap<String, usize> {
    let table = between(mark);
    let rows: Vec<&str> = table
        .lines()
        .filter(|line| line.starts_with("| `"))
        .collect();
    let count = rows.len();
    let names = rows.iter().enumerate().flat_map(|(at, row)| {
        let first = row
            .trim_start_matches('|')
            .split('|')
            .next()
            .unwrap_or_default();
        let names = first.split('`').skip(1).step_by(2);
        names.map(move |name| (name.to_owned(), count - at))
    });
    let floors: BTreeMap<_, _> = names.collect();
    assert!(floors.len() > 5, "the table {mark} is read");
    floors
}

/// What of these arrows between rooms does not go down.
fn not_down(floors: &BTreeMap<String, usize>, arrows: &[(String, String, String)]) -> Vec<String> {
    let mut faults = BTreeSet::new();
    for (from, to, said) in arrows.iter().filter(|(from, to, _)| from != to) {
        match (floors.get(from), floors.get(to)) {
            (Some(one), Some(other)) if one > other => {}
            (Some(_), Some(_)) => {
                faults.insert(format!(
                    "{said}: `{from}` may not use `{to}`, which is not on a lower floor"
                ));
            }
            (one, _) => {
                let room = if one.is_none() { from } else { to };
                faults.insert(format!(
                    "{said}: ARCHITECTURE.md does not say on which floor `{room}` is"
                ));
            }
        }
    }
    faults.into_iter().collect()
}

#[test]
fn a_room_of_the_core_uses_only_lower_floors() {
    let floors = floors("floors of the core");
    let arrows: Vec<_> = arrows(&modules("src"))
        .into_iter()
        .filter(|(from, to)| !from.is_empty() && !to.is_empty())
        .map(|(from, to)| {
            let said = format!("{} uses {}", from.join("::"), to.join("::"));
            (from[0].clone(), to[0].clone(), said)
        })
        .collect();
    assert!(arrows.len() > 100, "the imports are read");
    expect_none(&not_down(&floors, &arrows));
}

#[test]
fn no_files_of_a_crate_use_each_other_in_a_circle() {
    for crate_folder in ["src", "kernels/src", "python/src", "xtask/src"] {
        // Between the children of each module; a module and what lies below it are one.
        let mut levels: BTreeMap<Module, Graph> = BTreeMap::new();
        for (from, to) in arrows(&modules(crate_folder)) {
            let common = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
            if let (Some(one), Some(other)) = (from.get(common), to.get(common)) {
                let graph = levels.entry(from[..common].to_vec()).or_default();
                graph.entry(one.clone()).or_default().insert(other.clone());
            }
        }
        let faults: Vec<String> = levels
            .iter()
            .flat_map(|(level, graph)| cycles(graph).into_iter().map(move |cycle| (level, cycle)))
            .map(|(level, cycle)| format!("{crate_folder}/{}: {cycle}", level.join("/")))
            .collect();
        expect_none(&faults);
    }
}

/// Which module of the page imports which, as paths below `www`.
fn page_imports() -> Vec<(String, String)> {
    let mut found = Vec::new();
    for path in files("www", &[".js"]) {
        let inner = path.strip_prefix("www/").unwrap();
        let folder: Vec<&str> = inner.split('/').collect();
        let text = read(&path);
        let names = text.lines().filter_map(|line| {
            let line = line.trim_start();
            // A module's name stands behind `from`, `import` or `import(`; a comment begins with a star or a slash.
            let behind = line
                .split_once(" from '")
                .or_else(|| line.split_once("import '"))
                .or_else(|| line.split_once("import('"))?
                .1;
            let comment = line.starts_with('*') || line.starts_with('/');
            behind
                .split('\'')
                .next()
                .filter(|name| !comment && name.starts_with('.'))
        });
        for name in names {
            let mut parts = folder[..folder.len() - 1].to_vec();
            for part in name.split('/') {
                match part {
                    "." => {}
                    ".." => drop(parts.pop()),
                    part => parts.push(part),
                }
            }
            found.push((inner.to_owned(), parts.join("/")));
        }
    }
    found
}

/// The room of a module of the page: its folder, or itself where it lies beside the rooms.
fn page_room(path: &str) -> String {
    match path.split('/').collect::<Vec<_>>()[..] {
        ["app", "core.d.ts"] | ["pkg" | "vendor", ..] => "built".to_owned(),
        ["app", room, _, ..] => format!("app/{room}"),
        [room, _] if room != "app" => room.to_owned(),
        _ => path.to_owned(),
    }
}

#[test]
fn a_room_of_the_page_uses_only_lower_floors() {
    let mut floors = floors("floors of the page");
    floors.insert("built".to_owned(), 0);
    let arrows: Vec<_> = page_imports()
        .into_iter()
        .map(|(from, to)| {
            (
                page_room(&from),
                page_room(&to),
                format!("{from} imports {to}"),
            )
        })
        .collect();
    assert!(arrows.len() > 100, "the imports are read");
    expect_none(&not_down(&floors, &arrows));
}

#[test]
fn no_modules_of_the_page_import_each_other_in_a_circle() {
    let mut graph = Graph::new();
    for (from, to) in page_imports() {
        graph.entry(from).or_default().insert(to);
    }
    expect_none(&cycles(&graph));
}
