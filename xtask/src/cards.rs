//! `cargo xtask cards`: the pictures of link previews. They stand in the checkout, so that a bundle
//! needs no browser; a test says when their words have changed.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use png::{BitDepth, ColorType, Compression, Decoder, Encoder, Filter};

use crate::browser::Browser;
use crate::bundle::Previews;
use crate::host::Host;
use crate::npm;
use crate::project::Project;

/// What the pictures were drawn for, beside them.
const WORDS: &str = "words.json";

/// Draws every picture anew.
pub(crate) fn run(project: &Project, host: &Host) -> Result<()> {
    npm::install(project, host)?;
    let browser = Browser::find(host)?;
    let cards = Previews::new(project, None)?.cards();
    let folder = project.www().join("cards");
    let mut node = Command::new("node");
    node.arg(project.root.join("xtask/cards/render.mjs"))
        .arg(&folder);
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
    for card in cards.keys() {
        let path = folder.join(format!("{card}.png"));
        shrink(&path).with_context(|| path.display().to_string())?;
    }
    fs::write(
        folder.join(WORDS),
        format!("{}\n", serde_json::to_string_pretty(&cards)?),
    )?;
    println!("{} pictures are in {}", cards.len(), folder.display());
    Ok(())
}

/// Writes a picture of few colours with a palette.
fn shrink(path: &Path) -> Result<()> {
    /// Colours that a byte can tell apart.
    const MOST: usize = 256;
    let mut reader = Decoder::new(BufReader::new(File::open(path)?)).read_info()?;
    let mut pixels = vec![0; reader.output_buffer_size().context("too large")?];
    let info = reader.next_frame(&mut pixels)?;
    ensure!(info.bit_depth == BitDepth::Eight, "{:?}", info.bit_depth);
    let samples = info.color_type.samples();
    let mut known = BTreeMap::new();
    let mut palette = Vec::new();
    let mut indices = Vec::with_capacity(pixels.len() / samples);
    for pixel in pixels.chunks_exact(samples) {
        let next = known.len();
        let index = *known.entry(&pixel[..3]).or_insert_with(|| {
            palette.extend_from_slice(&pixel[..3]);
            next
        });
        if index == MOST {
            return Ok(());
        }
        indices.push(index as u8);
    }
    let mut encoder = Encoder::new(File::create(path)?, info.width, info.height);
    encoder.set_color(ColorType::Indexed);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_palette(palette);
    encoder.set_compression(Compression::High);
    encoder.set_filter(Filter::NoFilter);
    encoder.write_header()?.write_image_data(&indices)?;
    Ok(())
}

#[cfg(test)]
mod tests {
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
