//! Lists of the classes' names, as they lie beside CIFAR and EMNIST.

use super::letters::{self, Letters};
use super::{Head, OpenedFile, Source};
use crate::base::MAX_CLASSES;
use crate::base::error::{Code, Problem, Result, shown};
use crate::data::fault::read_up_to;
use crate::data::part::Content;

/// The longest list that is read, in bytes.
const LONGEST: usize = 65_536;

pub(super) fn is(head: &Head) -> bool {
    let file = head.file();
    let ends = [
        "batches.meta.txt",
        "label_names.txt",
        "mapping.txt",
        "classes.txt",
    ];
    ends.iter().any(|end| file.ends_with(end))
        && !letters::plain(head.bytes).iter().any(|&byte| byte < 9)
}

pub(super) fn read(source: Source, opened: &mut OpenedFile) -> Result<()> {
    let name = source.name.clone();
    let bytes = read_up_to(&name, &mut source.reader(), LONGEST)?;
    let bytes = letters::plain(&bytes);
    let text = Letters::of(&bytes, opened.decoder).read(&name, &bytes)?;
    let lines: Vec<&str> = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    if lines.len() > MAX_CLASSES {
        return Err(Problem::new(Code::TooManyClasses)
            .with("file", name)
            .with("limit", MAX_CLASSES));
    }
    let names = mapping(&lines).unwrap_or_else(|| lines.iter().map(|line| shown(line)).collect());
    opened.push(&name, Content::Names(names));
    Ok(())
}

/// EMNIST's: on each line the label, and the codes of its signs.
fn mapping(lines: &[&str]) -> Option<Vec<String>> {
    let mut names = Vec::new();
    for line in lines {
        let mut numbers = line.split_whitespace().map(|word| word.parse::<u32>().ok());
        let (label, code) = (numbers.next()?? as usize, numbers.next()??);
        if label >= MAX_CLASSES {
            return None;
        }
        names.resize(names.len().max(label + 1), String::new());
        names[label] = char::from_u32(code)?.to_string();
    }
    Some(names)
}
