//! `docs/embedding.md` names what `www/embed.d.ts` says: each command, message, event, method and code of an error, and no
//! command, message or event that is none.

use std::collections::BTreeSet;

use super::read;

type Names = BTreeSet<String>;

/// What stands in a text between two marks.
fn between<'a>(text: &'a str, from: &str, to: &str) -> &'a str {
    let (_, rest) = text.split_once(from).unwrap();
    rest.split(to).next().unwrap()
}

/// What stands between quotes of this kind.
fn quoted(text: &str, quote: char) -> impl Iterator<Item = &str> {
    text.split(quote).skip(1).step_by(2)
}

/// The kinds of message that a type of the protocol names.
fn kinds(text: &str) -> Names {
    let named = text.split("type: '").skip(1);
    named
        .filter_map(|rest| rest.split('\'').next())
        .map(str::to_owned)
        .collect()
}

/// The names in the first column of a table, without what stands behind `with`.
fn rows(document: &str, head: &str) -> Names {
    let lines = between(document, head, "\n\n").lines();
    let cells = lines.filter_map(|line| line.strip_prefix("| ")?.split(" |").next());
    let named = cells.filter_map(|cell| cell.split(" with ").next());
    named
        .flat_map(|cell| quoted(cell, '`'))
        .map(str::to_owned)
        .collect()
}

#[test]
fn the_document_names_what_the_types_say() {
    let types = read("www/embed.d.ts");
    let document = read("docs/embedding.md");
    let commands = kinds(between(
        &types,
        "export type Command",
        "/** Over the port, to the parent",
    ));
    assert!(commands.len() > 4, "{commands:?}");
    assert_eq!(rows(&document, "| command | what it does |"), commands);

    let mut messages = kinds(between(&types, "export type Message", "/** Something"));
    messages.insert("error".to_owned());
    assert!(messages.remove("answer"), "told of beside the table");
    assert_eq!(
        rows(&document, "| event | when | what it holds |"),
        messages
    );

    let events = between(&types, "interface CnnPlaygroundEventMap {", "}\n");
    let events = events
        .lines()
        .filter_map(|line| line.split_once(": CustomEvent"));
    let events: Names = events.map(|(name, _)| name.trim().to_owned()).collect();
    let told = quoted(between(&document, "- **Events**", ".\n"), '`');
    let told: Names = told
        .filter(|name| *name != "detail")
        .map(str::to_owned)
        .collect();
    assert_eq!(told, events);

    let methods = between(&types, "interface CnnPlaygroundElement", "\n}");
    let methods = methods
        .lines()
        .filter_map(|line| line.trim().split_once('('));
    for (method, _) in methods.filter(|(name, _)| !name.starts_with("addEventListener")) {
        assert!(document.contains(&format!("`{method}(")), "{method}()");
    }
    let codes = between(&types, "interface Fault {", "path?");
    // The first one is the kind of the message, and the element's own are not the protocol's.
    for code in quoted(codes, '\'')
        .skip(1)
        .filter(|code| !code.starts_with("no-"))
    {
        assert!(document.contains(&format!("`{code}`")), "{code}");
    }
}
