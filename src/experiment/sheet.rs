//! Tables that a spreadsheet wrote, among other text: the page's own table of a class, also as a spreadsheet saved or copied
//! it, with whatever stands between its cells.

/// A program that opens a table takes a text that begins so for a formula, and runs it; the last four are those of a Chinese or
/// Japanese keyboard.
pub(crate) const FORMULA: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];

/// What stands before a text in a cell that a spreadsheet would take for a formula.
pub(crate) const GUARD: char = '\'';

/// What may stand between two cells.
const BETWEEN: [char; 3] = [',', ';', '\t'];

/// The columns that are read.
const NAME: &str = "name";
const LINK: &str = "link";

/// Where a table has what.
struct Head {
    between: char,
    name: usize,
    link: usize,
}

impl Head {
    fn of(line: &str) -> Option<Self> {
        let line = line.trim_start_matches('\u{feff}');
        BETWEEN.into_iter().find_map(|between| {
            let heads = cells(line, between);
            let at = |wanted: &str| {
                let mut heads = heads.iter();
                heads.position(|head| head.trim().eq_ignore_ascii_case(wanted))
            };
            let (name, link) = (at(NAME)?, at(LINK)?);
            Some(Self {
                between,
                name,
                link,
            })
        })
    }

    /// A line of the table as `name: link`; nothing if its cell for one has none.
    fn row(&self, line: &str, has_link: impl Fn(&str) -> bool) -> Option<String> {
        let cells = cells(line, self.between);
        let (name, link) = (cells.get(self.name)?, cells.get(self.link)?);
        let name = match name.strip_prefix(GUARD) {
            Some(guarded) if guarded.starts_with(FORMULA) => guarded,
            _ => name,
        };
        has_link(link).then(|| format!("{}: {}", name.trim(), link.trim()))
    }
}

/// The cells of a line, without the quotes around them.
pub(crate) fn cells(line: &str, between: char) -> Vec<String> {
    let (mut cells, mut cell) = (Vec::new(), String::new());
    let mut quoted = false;
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        if quoted && letter == '"' {
            // Two of them are one of the text.
            match letters.next_if_eq(&'"') {
                Some(quote) => cell.push(quote),
                None => quoted = false,
            }
        } else if letter == '"' && cell.is_empty() {
            quoted = true;
        } else if letter == between && !quoted {
            cells.push(std::mem::take(&mut cell));
        } else {
            cell.push(letter);
        }
    }
    cells.push(cell);
    cells
}

/// The same text with each line of a table that names people and their links as one that a person would write. A table goes on
/// as long as its lines have links, which `has_link` tells.
pub(super) fn lines(text: &str, has_link: impl Fn(&str) -> bool) -> String {
    let mut table: Option<Head> = None;
    let mut lines = String::new();
    for line in text.lines() {
        let row = table.as_ref().and_then(|head| head.row(line, &has_link));
        if row.is_none() {
            table = Head::of(line);
        }
        lines += row.as_deref().unwrap_or(line);
        lines.push('\n');
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_what_stands_within_its_quotes() {
        for (line, expected) in [
            ("a,b,,", &["a", "b", "", ""][..]),
            ("\"a, \"\"b\"\"\",c", &["a, \"b\"", "c"]),
            ("a \"b\",c", &["a \"b\"", "c"]),
            ("\"a", &["a"]),
        ] {
            assert_eq!(cells(line, ','), expected, "{line}");
        }
    }

    #[test]
    fn only_what_stands_under_a_head_is_a_table() {
        let text = "Ann, #v=1\nlink;Name\r\n#v=1&net=mlp;'=Bob\n\nEve, #v=1\nname,age\nx,3";
        let expected = "Ann, #v=1\nlink;Name\n=Bob: #v=1&net=mlp\n\nEve, #v=1\nname,age\nx,3\n";
        assert_eq!(lines(text, |cell| cell.contains('#')), expected);
    }
}
