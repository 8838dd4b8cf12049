//! `cargo xtask cards`: the pictures of link previews, and the page's icons as an app. They stand in the checkout, so that a bundle
//! needs no browser; a test says when their words have changed.

use std::fs;
use std::io::Write;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

use crate::browser::Browser;
use crate::bundle::Previews;
use crate::host::Host;
use crate::npm;
use crate::project::Project;

/// What the pictures were drawn for, beside them.
const WORDS: &str = "words.json";

/// Draws every picture and icon anew.
pub(crate) fn run(project: &Project, host: &Host) -> Result<()> {
    npm::install(project, host)?;
    let browser = Browser::find(host)?;
    let cards = Previews::new(project, None)?.cards();
    let folder = project.www().join("cards");
    let mut node = Command::new("node");
    node.arg(project.root.join("xtask/cards/render.mjs"))
        .arg(project.www());
    let mut drawing = node
        .env("CHROME", browser.program)
        .stdin(Stdio::piped())
        .spawn()?;
    let mut input = drawing
        .stdin
        .take()
        .context("no way to tell what to draw")?;
    input.write_all(&serde_json::to_vec(&cards)?)?;
    drop(input);
    ensure!(drawing.wait()?.success(), "the pictures could not be drawn");
    fs::write(
        folder.join(WORDS),
        format!("{}\n", serde_json::to_string_pretty(&cards)?),
    )?;
    println!("{} pictures are in {}", cards.len(), folder.display());
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::fs::File;
    use std::io::BufReader;

    use png::Decoder;

    use super::*;

    #[test]
    fn every_page_has_its_picture_with_its_present_words() {
        let project = Project::find().unwrap();
        let folder = project.www().join("cards");
        let cards = Previews::new(&project, None).unwrap().cards();
        let drawn: BTreeMap<String, [String; 3]> =
            serde_json::from_slice(&fs::read(folder.join(WORDS)).unwrap()).unwrap();
        assert_eq!(drawn, cards, "draw them anew: cargo xtask cards");
        for card in cards.keys() {
            let file = File::open(folder.join(format!("{card}.png"))).unwrap();
            let reader = Decoder::new(BufReader::new(file)).read_info().unwrap();
            assert_eq!(
                [reader.info().width, reader.info().height],
                Previews::CARD,
                "{card}"
            );
        }
    }
}
