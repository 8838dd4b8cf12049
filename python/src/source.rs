//! The text as it was brought: a script, or the cells of a notebook one after the other; and where a place in it is.

use ruff_python_ast::ModModule;
use ruff_python_ast::token::TokenKind;
use ruff_python_parser::{Mode, ParseOptions, lexer, parse};
use ruff_text_size::Ranged;

use crate::fault::{Outcome, ReadingCause, ReadingFault, ReadingPlace};
use crate::reading::mark;

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
}

impl Source {
    /// The Python of this text.
    pub(crate) fn read(text: &str) -> Outcome<Self> {
        if text.len() > LONGEST {
            return Err(ReadingFault::new(ReadingCause::TooLong).with("limit", LONGEST));
        }
        let source = match text.trim_start().starts_with('{') {
            true => Self::notebook(text)?,
            false => Self {
                text: text.trim_start_matches('\u{feff}').to_owned(),
                ..Self::default()
            },
        };
        match source.text.len() > MOST_PYTHON {
            true => Err(ReadingFault::new(ReadingCause::TooLong).with("limit", MOST_PYTHON)),
            false => Ok(Self {
                shown: source.text.clone(),
                ..source
            }),
        }
    }

    fn notebook(text: &str) -> Outcome<Self> {
        let whole: serde_json::Value =
            serde_json::from_str(text).map_err(|_| ReadingFault::new(ReadingCause::Notebook))?;
        // Before the fourth version cells were in sheets.
        let cells = whole
            .get("cells")
            .or_else(|| whole.pointer("/worksheets/0/cells"));
        let cells = cells.and_then(|cells| cells.as_array());
        let mut source = Self::default();
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
            source.cells.push((source.text.len(), number));
            source.text += &text;
            source.text += "\n";
        }
        Ok(source)
    }

    /// Its statements. What is nested too deep is refused before the parser, which calls itself, sees it. A cell of a
    /// notebook that cannot be read is passed over.
    pub(crate) fn parsed(&mut self) -> Outcome<ModModule> {
        loop {
            shallow(&self.text)?;
            let error = match parse(&self.text, ParseOptions::from(Mode::Ipython)) {
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
                    let fault = ReadingFault::new(ReadingCause::Syntax).with("found", &error.error);
                    return Err(fault.placed(start, error.location.end().to_usize()));
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
            fault.mark = mark(&self.shown, (start, end));
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
    let mut lexer = lexer::lex(text, Mode::Ipython);
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
