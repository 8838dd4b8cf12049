//! Modules and classes as text.

use super::SourceWords;
use super::call::Call;
use super::classes::Class;
use super::made::{How, Instance, Made, SHORTCUT};

/// The longest line, comments left out.
const WIDTH: usize = 120;

/// As many modules that are made alike are made in a loop.
const LOOP: usize = 3;

/// What is needed to write a module.
pub(super) struct Writer<'w> {
    /// How each instance is made.
    pub(super) calls: &'w [Call],
    /// The words of comments, where there are any.
    pub(super) words: Option<&'w SourceWords>,
}

impl Writer<'_> {
    /// The members of a class, each a line of its constructor, or several.
    pub(super) fn members(&self, class: &Class, model: &Instance) -> String {
        let mut values = class.values.iter().cloned();
        let mut text = String::new();
        for (name, made) in &model.members {
            let indent = "        ";
            let (indent, condition) = match class.condition.filter(|_| name == SHORTCUT) {
                Some(condition) => ("            ", Some(condition)),
                None => (indent, None),
            };
            let made = self.made(
                made,
                indent.len(),
                &format!("self.{name} = "),
                "",
                &mut values,
            );
            if let Some(condition) = condition {
                text += &format!("        self.{name} = nn.Identity()\n        if {condition}:\n");
            }
            text += &made;
        }
        text
    }

    /// A module between what stands before and behind it, as lines.
    fn made(
        &self,
        made: &Made,
        indent: usize,
        before: &str,
        behind: &str,
        values: &mut impl Iterator<Item = String>,
    ) -> String {
        let space = " ".repeat(indent);
        let note = self.note(made, before.is_empty());
        let parts = match &made.how {
            How::Same => return format!("{space}{before}nn.Identity(){behind}\n"),
            How::Call(call, _) => {
                return format!("{space}{before}{}{behind}{note}\n", call.with(values));
            }
            How::Instance(at) => {
                return format!(
                    "{space}{before}{}{behind}{note}\n",
                    self.calls[*at].with(values)
                );
            }
            How::Sequence(parts) => parts,
        };
        let mut lines: Vec<(String, usize)> = Vec::new();
        for part in parts {
            let line = self.made(part, indent + 4, "", ",", values);
            match lines.last_mut() {
                Some((known, times)) if *known == line => *times += 1,
                _ => lines.push((line, 1)),
            }
        }
        let flat = |line: &String| {
            let line = line.split("  #").next().unwrap_or_default().trim();
            line.trim_end_matches(',').to_owned()
        };
        let lines: Vec<_> = lines
            .into_iter()
            .flat_map(
                |(line, times)| match times >= LOOP && !line.trim_end().contains('\n') {
                    true => {
                        let all = format!("{space}    *[{} for _ in range({times})],", flat(&line));
                        let note = line
                            .split_once("  #")
                            .map_or("", |(_, note)| note.trim_end());
                        vec![if note.is_empty() {
                            format!("{all}\n")
                        } else {
                            format!("{all}  #{note}\n")
                        }]
                    }
                    false => vec![line; times],
                },
            )
            .collect();
        let is_short = parts.iter().all(|part| matches!(part.how, How::Call(..)));
        let one: Vec<_> = lines.iter().map(flat).collect();
        let one = format!("{space}{before}nn.Sequential({}){behind}", one.join(", "));
        if is_short && one.len() <= WIDTH {
            return format!("{one}{note}\n");
        }
        format!(
            "{space}{before}nn.Sequential(\n{}{space}){behind}\n",
            lines.concat()
        )
    }

    /// What a module learns, as a comment; of one in a sequence also what leaves it, which `forward` does not say.
    fn note(&self, made: &Made, is_within: bool) -> String {
        let Some(words) = self.words.filter(|_| made.weights > 0) else {
            return String::new();
        };
        let count = words
            .parameters
            .replace("{count}", &made.weights.to_string());
        match is_within {
            true => format!("  # {}, {count}", made.output),
            false => format!("  # {count}"),
        }
    }
}
