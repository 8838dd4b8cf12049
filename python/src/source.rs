//! The text as it was brought: a script, or the cells of a notebook one after the other; and where a place in it is.

use ruff_python_ast::ModModule;
use ruff_python_ast::token::TokenKind;
use ruff_python_parser::{Mode, ParseOptions, lexer, parse};
use ruff_text_size::Ranged;

use crate::fault::{Outcome, ReadingCause, ReadingFault, ReadingPlace};
use crate::plain::{Plain, plain};
use crate::reading::mark;
use crate::syntax;

/// The most characters that are read, of a notebook with its pictures too.
pub(crate) const LONGEST: usize = 20_000_000;
/// The most characters of Python.
const MOST_PYTHON: usize = 1_000_000;
/// How deep brackets and blocks may lie in one another.
const DEEPEST: usize = 60;
/// How many signs, dots and words may follow each other in one statement, outside its brackets or in them.
const MOST_SIGNS: usize = 400;

/// Python, and where its cells begin.
#[derive(Debug, Default)]
pub(crate) struct Source {
    pub(crate) text: String,
    /// It as it is shown, with the cells too that are passed over.
    pub(crate) shown: String,
    /// The first byte of each cell of a notebook, with its number there; nothing of a script.
    cells: Vec<(usize, usize)>,
    /// Bytes of the text with where they stand in what is shown, as far as the next one.
    from: Vec<(usize, usize)>,
}

impl Source {
    /// The Python of this text.
    pub(crate) fn read(text: &str) -> Outcome<Self> {
        if text.len() > LONGEST {
            return Err(ReadingFault::new(ReadingCause::TooLong).with("limit", LONGEST));
        }
        let mut source = Self::default();
        match text.trim_start().starts_with('{') {
            true => source.notebook(text)?,
            false => source.add(text)?,
        }
        Ok(source)
    }

    /// Puts a script, or a cell, behind what there is.
    fn add(&mut self, shown: &str) -> Outcome<()> {
        if self.shown.len() + shown.len() > MOST_PYTHON {
            return Err(ReadingFault::new(ReadingCause::TooLong).with("limit", MOST_PYTHON));
        }
        let Plain { text, from } = plain(shown);
        let (here, there) = (self.text.len(), self.shown.len());
        self.from.push((here, there));
        let moved = from.iter().map(|(at, stood)| (here + at, there + stood));
        self.from.extend(moved);
        self.text += &text;
        self.shown += shown;
        Ok(())
    }

    /// Where a byte of the text stands in what is shown.
    fn stood(&self, at: usize) -> usize {
        let behind = self.from.partition_point(|(from, _)| *from <= at);
        let (from, there) = behind
            .checked_sub(1)
            .map_or((0, 0), |known| self.from[known]);
        there + (at - from)
    }

    fn notebook(&mut self, text: &str) -> Outcome<()> {
        let whole: serde_json::Value =
            serde_json::from_str(text).map_err(|_| ReadingFault::new(ReadingCause::Notebook))?;
        // Before the fourth version cells were in sheets.
        let cells = whole
            .get("cells")
            .or_else(|| whole.pointer("/worksheets/0/cells"));
        let cells = cells.and_then(|cells| cells.as_array());
        let mut number = 0;
        for cell in cells.ok_or_else(|| ReadingFault::new(ReadingCause::Notebook))? {
            if cell.get("cell_type").and_then(|kind| kind.as_str()) != Some("code") {
                continue;
            }
            number += 1;
            let lines = cell.get("source").or_else(|| cell.get("input"));
            let text = match lines {
                Some(serde_json::Value::String(text)) => text.clone(),
                Some(serde_json::Value::Array(lines)) => {
                    lines.iter().filter_map(|line| line.as_str()).collect()
                }
                _ => continue,
            };
            // A cell in another language, or one that only the shell reads.
            if text.starts_with("%%") && !text.starts_with("%%time") {
                continue;
            }
            self.cells.push((self.text.len(), number));
            self.add(&(text + "\n"))?;
        }
        Ok(())
    }

    /// Its statements. What is nested too deep is refused before the parser, which calls itself, sees it. A cell of a
    /// notebook that cannot be read is passed over.
    pub(crate) fn parsed(&mut self) -> Outcome<ModModule> {
        loop {
            shallow(&self.text)?;
            let error = match parse(&self.text, ParseOptions::from(Mode::Module)) {
                Ok(parsed) => {
                    let module = parsed.try_into_module();
                    return module
                        .map(|module| module.into_syntax())
                        .ok_or_else(|| ReadingFault::new(ReadingCause::Syntax));
                }
                Err(error) => error,
            };
            let start = error.location.start().to_usize();
            let cell = self.cells.iter().rposition(|(begin, _)| *begin <= start);
            match cell.filter(|_| self.cells.len() > 1) {
                Some(cell) => self.pass_over(cell),
                None => {
                    return Err(syntax::fault(&error));
                }
            }
        }
    }

    /// Puts spaces in the place of a cell, and forgets that it is one.
    fn pass_over(&mut self, cell: usize) {
        let (start, _) = self.cells.remove(cell);
        let end = self
            .cells
            .get(cell)
            .map_or(self.text.len(), |(next, _)| *next);
        let blank: String = self.text[start..end]
            .bytes()
            .map(|byte| if byte == b'\n' { '\n' } else { ' ' })
            .collect();
        self.text.replace_range(start..end, &blank);
    }

    /// The fault with its line, and the text around it.
    pub(crate) fn located(&self, mut fault: Box<ReadingFault>) -> Box<ReadingFault> {
        if let Some((start, end)) = fault.at {
            fault.place = self.line(start);
            // What ends at a sign that was changed ends behind it.
            let last = end.saturating_sub(1).max(start);
            let mut end = self.stood(last) + (end - last);
            while end < self.shown.len() && !self.shown.is_char_boundary(end) {
                end += 1;
            }
            fault.mark = mark(&self.shown, (self.stood(start), end));
        }
        let made = fault.made_at.map(|made| self.line(made));
        fault.made = made.filter(|made| *made != fault.place);
        fault
    }

    /// What stands at a place, in one line.
    pub(crate) fn words(&self, (start, end): (usize, usize)) -> String {
        /// As many characters as a list of networks shows of each.
        const SHOWN: usize = 80;
        let text = self.text.get(start..end).unwrap_or_default();
        let words: Vec<_> = text.split_whitespace().collect();
        words.join(" ").chars().take(SHOWN).collect()
    }

    /// The cell and the line of a place.
    pub(crate) fn line(&self, at: usize) -> ReadingPlace {
        let found = self.cells.iter().rev().find(|(start, _)| *start <= at);
        let (start, cell) = found.copied().unwrap_or_default();
        let before = self.text.get(start..at).unwrap_or_default();
        let line = 1 + before.matches('\n').count();
        ReadingPlace { cell, line }
    }
}

/// Whether nothing lies deeper than the parser and all that follows its tree may call themselves.
fn shallow(text: &str) -> Outcome<()> {
    let mut lexer = lexer::lex(text, Mode::Module);
    let (mut brackets, mut blocks, mut signs) = (0_usize, 0_usize, 0_usize);
    loop {
        let kind = lexer.next_token();
        match kind {
            TokenKind::EndOfFile => return Ok(()),
            TokenKind::Lpar
            | TokenKind::Lsqb
            | TokenKind::Lbrace
            | TokenKind::FStringStart
            | TokenKind::TStringStart => {
                brackets += 1;
            }
            TokenKind::Rpar
            | TokenKind::Rsqb
            | TokenKind::Rbrace
            | TokenKind::FStringEnd
            | TokenKind::TStringEnd => {
                brackets = brackets.saturating_sub(1);
            }
            TokenKind::Indent => blocks += 1,
            TokenKind::Dedent => blocks = blocks.saturating_sub(1),
            TokenKind::Newline => (brackets, signs) = (0, 0),
            // What separates does not nest.
            TokenKind::Comma | TokenKind::Semi => signs = 0,
            TokenKind::Name
            | TokenKind::Int
            | TokenKind::Float
            | TokenKind::String
            | TokenKind::Comment
            | TokenKind::NonLogicalNewline
            | TokenKind::Equal => {}
            _ => signs += 1,
        }
        let deepest = brackets.max(blocks);
        if deepest > DEEPEST || signs > MOST_SIGNS {
            return Err(ReadingFault::new(ReadingCause::TooDeep).with("limit", DEEPEST));
        }
    }
}

/// Where a part of the tree stands.
pub(crate) fn place(part: &impl Ranged) -> (usize, usize) {
    let range = part.range();
    (range.start().to_usize(), range.end().to_usize())
}
