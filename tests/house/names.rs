//! One name for one thing.

use std::collections::BTreeMap;

use super::rust::code;
use super::{expect_none, files, read};

#[test]
fn no_two_public_types_share_a_name() {
    let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for path in [
        files("src", &[".rs"]),
        files("kernels/src", &[".rs"]),
        files("python/src", &[".rs"]),
    ]
    .concat()
    {
        // Programs have types of their own, and what leaves through the boundary is named as JavaScript sees it.
        if ["src/bin/", "src/web/"]
            .iter()
            .any(|own| path.starts_with(own))
        {
            continue;
        }
        for line in code(&read(&path)).lines() {
            let mut words = line.split_whitespace();
            let kind = (words.next() == Some("pub"))
                .then(|| words.next())
                .flatten();
            if let (Some("struct" | "enum" | "trait" | "type"), Some(name)) = (kind, words.next()) {
                let name: String = name.chars().take_while(|c| c.is_alphanumeric()).collect();
                places.entry(name).or_default().push(path.clone());
            }
        }
    }
    assert!(places.len() > 100, "the types are read");
    let several = places.iter().filter(|(_, places)| places.len() > 1);
    let faults = several.map(|(name, places)| format!("{name}: {}", places.join(", ")));
    expect_none(&faults.collect::<Vec<_>>());
}
