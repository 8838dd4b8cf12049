//! Tables as text (CSV): a row for each image, its label before or behind its pixels, or nowhere.

use csv_core::{ReadFieldResult, Reader, ReaderBuilder};

use super::label;
use super::letters::{self, Letters};
use super::stranger::is_text;
use super::{Head, OpenedFile, Source};
use crate::base::error::{Code, Problem, Result, shown};
use crate::base::{ImageShape, SIDES};
use crate::data::array::{grey, square};
use crate::data::fault::{bad, truncated};
use crate::data::limits::Share;
use crate::data::part::{Class, Content, Images, Labels};

/// The longest field that is read, in bytes.
const LONGEST: usize = 64;
/// More columns than the largest images of three colours have.
const MOST_COLUMNS: usize = 3 * 64 * 64 + 2;
/// What columns are called that number the rows.
const NUMBERED: [&str; 5] = ["", "id", "index", "imageid", "unnamed: 0"];

/// A table whose columns are neither images nor labels.
fn unfit(name: &str, columns: impl ToString) -> Problem {
    Problem::new(Code::UnfitTable)
        .with("file", name)
        .with("columns", columns)
        .with("least", SIDES.start())
        .with("most", SIDES.end())
}

/// A text whose first two lines have the same fields, at most two of which are no numbers in the second.
pub(super) fn is(head: &Head) -> bool {
    let bytes = &*letters::plain(head.bytes);
    let delimiter = delimiter(&String::from_utf8_lossy(bytes));
    let Some(delimiter) = delimiter.filter(|_| is_text(bytes)) else {
        return false;
    };
    let mut rows = Rows::new(head.name, bytes, delimiter, None);
    let (mut first, mut second) = (Row::default(), Row::default());
    let has_first = rows.next(&mut first).unwrap_or_default();
    // The first line alone may be longer than the beginning, and then nothing or a part is left.
    let is_whole = rows.next(&mut second).unwrap_or_default();
    let (columns, others) = (first.ends.len(), second.ends.len());
    let is_cut = others < columns;
    let judged = if is_cut { &first } else { &second };
    let is_word = |field: &&str| label::number(field).is_none();
    let words = judged.fields().filter(is_word).count();
    match is_cut {
        true => has_first && columns > 16 && first.fields().all(|field| field.len() < 16),
        false => is_whole && columns == others && columns > 1 && words <= 2 && words < columns,
    }
}

/// What stands between the fields of the first line: where there are tabs or semicolons outside of quotes, commas are decimal ones
/// or part of a name.
fn delimiter(text: &str) -> Option<u8> {
    let line = text.lines().next()?;
    let outside: String = line.split('"').step_by(2).collect();
    let is_there = |byte: &u8| outside.bytes().any(|other| other == *byte);
    b"\t;,".iter().copied().find(|byte| is_there(byte))
}

pub(super) fn read(source: Source, opened: &mut OpenedFile) -> Result<()> {
    let name = source.name.clone();
    let bytes = source.bytes()?;
    let bytes = &*letters::plain(&bytes);
    let letters = Letters::of(bytes, opened.decoder);
    let first = &bytes[..bytes.len().min(1 << 20)];
    let delimiter = delimiter(&String::from_utf8_lossy(first)).unwrap_or(b',');
    // As the reader counts them: a line of nothing but separators is one, and a carriage return alone ends one.
    let lines = bytes.split(|byte| matches!(byte, b'\n' | b'\r'));
    let rows = lines.filter(|line| !line.is_empty()).count();
    let mut rows_left = Rows::new(&name, bytes, delimiter, Some(letters));
    let mut row = Row::default();
    rows_left.next(&mut row)?;
    let columns = Columns::new(&name, &row.fields().collect::<Vec<_>>())?;
    let mut table = Table::new(
        &name,
        columns,
        rows.saturating_sub(usize::from(columns.has_header)),
    );
    if !columns.has_header {
        table.take(&row)?;
    }
    while rows_left.next(&mut row)? {
        table.take(&row)?;
    }
    for content in table.contents()? {
        opened.push(&name, content);
    }
    Ok(())
}

/// A row: its fields, one behind the other.
#[derive(Default)]
struct Row {
    text: String,
    /// Where each field ends.
    ends: Vec<usize>,
}

impl Row {
    fn fields(&self) -> impl Iterator<Item = &str> {
        let starts = std::iter::once(&0).chain(&self.ends);
        starts
            .zip(&self.ends)
            .map(|(&start, &end)| &self.text[start..end])
    }
}

/// The rows of a table, whose fields are bounded.
struct Rows<'a> {
    name: &'a str,
    rest: &'a [u8],
    reader: Reader,
    row: usize,
    /// As what the fields are read; where nobody asks for words, none.
    letters: Option<Letters>,
}

impl<'a> Rows<'a> {
    fn new(name: &'a str, rest: &'a [u8], delimiter: u8, letters: Option<Letters>) -> Self {
        Self {
            name,
            rest,
            reader: ReaderBuilder::new().delimiter(delimiter).build(),
            row: 0,
            letters,
        }
    }

    /// Reads the next row into this one; whether there was another.
    fn next(&mut self, row: &mut Row) -> Result<bool> {
        row.text.clear();
        row.ends.clear();
        let mut field = [0; LONGEST];
        let mut length = 0;
        self.row += 1;
        loop {
            let (result, taken, given) = self.reader.read_field(self.rest, &mut field[length..]);
            self.rest = &self.rest[taken..];
            length += given;
            match result {
                // An empty rest ends the last row.
                ReadFieldResult::InputEmpty => {}
                ReadFieldResult::OutputFull => {
                    return Err(Problem::new(Code::LongCell)
                        .with("file", self.name)
                        .with("row", self.row)
                        .with("column", row.ends.len() + 1)
                        .with("limit", LONGEST));
                }
                ReadFieldResult::End => return Ok(false),
                ReadFieldResult::Field { record_end } => {
                    let field = &field[..length];
                    let text = match self.letters {
                        Some(letters) => letters.read(self.name, field)?,
                        None => String::from_utf8_lossy(field),
                    };
                    row.text.push_str(text.trim());
                    row.ends.push(row.text.len());
                    length = 0;
                    if record_end {
                        return Ok(true);
                    }
                    if row.ends.len() > MOST_COLUMNS {
                        return Err(unfit(self.name, format!("> {MOST_COLUMNS}")));
                    }
                }
            }
        }
    }
}

/// What the columns hold.
#[derive(Debug, Clone, Copy)]
struct Columns {
    has_header: bool,
    count: usize,
    /// The first one numbers the rows.
    is_numbered: bool,
    /// What the others are, without the label.
    shape: Option<ImageShape>,
    /// Which end the header says that the label is at; at neither end if there is none.
    label: Label,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Label {
    First,
    Last,
    /// One of both, which the values tell.
    Either,
    Nowhere,
}

/// Whether a header only counts its columns, from 0 or 1 on, as pandas does where nobody named them; before them the column that
/// numbers the rows may be unnamed.
fn is_counted(head: &[&str]) -> bool {
    let counted = head.strip_prefix(&[""]).unwrap_or(head);
    let from = |first: usize| {
        let mut fields = counted.iter().zip(first..);
        fields.all(|(field, number)| *field == number.to_string())
    };
    counted.len() > 2 && (from(0) || from(1))
}

impl Columns {
    fn new(name: &str, head: &[&str]) -> Result<Self> {
        let words = head
            .iter()
            .filter(|field| label::number(field).is_none())
            .count();
        let lower: Vec<_> = head.iter().map(|field| field.to_lowercase()).collect();
        // Of a row without header, one word may be the label.
        let has_header = words > 1
            || words == head.len()
            || is_counted(head)
            || lower.iter().any(|word| label::is_name(word));
        let is_numbered = has_header && NUMBERED.contains(&&*lower[0]);
        let count = head.len();
        let values = count - usize::from(is_numbered);
        let first = usize::from(is_numbered);
        let says = |at: usize| {
            let is_odd = || label::is_odd(&lower[first..], at != first);
            has_header && (label::is_name(&lower[at]) || is_odd())
        };
        let (shape, label) = match (square(values), square(values.saturating_sub(1))) {
            (_, Some(shape)) if says(count - 1) => (Some(shape), Label::Last),
            (_, Some(shape)) if says(first) => (Some(shape), Label::First),
            (Some(shape), _) => (Some(shape), Label::Nowhere),
            (None, Some(shape)) => (Some(shape), Label::Either),
            // Labels alone.
            (None, None) if values == 1 => (None, Label::First),
            (None, None) => return Err(unfit(name, count)),
        };
        Ok(Self {
            has_header,
            count,
            is_numbered,
            shape,
            label,
        })
    }
}

/// A table as it is read.
struct Table<'a> {
    name: &'a str,
    columns: Columns,
    share: Share,
    row: usize,
    /// The values of what may be labels.
    first: Vec<Class>,
    last: Vec<Class>,
    /// The numbers of the rows that are kept, of all columns that may be pixels.
    numbers: Vec<f32>,
}

impl<'a> Table<'a> {
    fn new(name: &'a str, columns: Columns, rows: usize) -> Self {
        Self {
            name,
            columns,
            share: Share::of(rows, 4 * columns.count),
            row: 0,
            first: Vec::new(),
            last: Vec::new(),
            numbers: Vec::new(),
        }
    }

    fn take(&mut self, row: &Row) -> Result<()> {
        let place = self.row + 1 + usize::from(self.columns.has_header);
        if row.ends.len() != self.columns.count {
            return Err(Problem::new(Code::BadRow)
                .with("file", self.name)
                .with("row", place)
                .with("expected", self.columns.count)
                .with("found", row.ends.len()));
        }
        let fields = || row.fields().skip(usize::from(self.columns.is_numbered));
        let class = |field: &str| match label::number(field) {
            Some(number) if number.fract() == 0.0 && number.abs() < 1e15 => {
                Class::Number(number as i64)
            }
            _ => Class::Name(shown(field)),
        };
        let last = fields().count().saturating_sub(1);
        let may_be = |label| self.columns.label == label || self.columns.label == Label::Either;
        for (label, at) in [(Label::First, 0), (Label::Last, last)] {
            if may_be(label) && fields().nth(at).is_some_and(str::is_empty) {
                let column = at + 1 + usize::from(self.columns.is_numbered);
                return Err(Problem::new(Code::NoLabel)
                    .with("file", self.name)
                    .with("row", place)
                    .with("column", column));
            }
        }
        if may_be(Label::First) {
            self.first.extend(fields().next().map(class));
        }
        if may_be(Label::Last) {
            self.last.extend(fields().last().map(class));
        }
        if self.columns.shape.is_some() && self.share.has(self.row) {
            for (at, field) in fields().enumerate() {
                let is_end =
                    (at == 0 && may_be(Label::First)) || (at == last && may_be(Label::Last));
                let number = match label::number(field) {
                    Some(number) => number as f32,
                    None if is_end => f32::NAN,
                    None => return Err(cell(self.name, place, at + 1, field.as_bytes())),
                };
                self.numbers.push(number);
            }
        }
        self.row += 1;
        Ok(())
    }

    fn contents(mut self) -> Result<Vec<Content>> {
        let is_first = match self.columns.label {
            Label::Either => label::is_first(&self.first, &self.last),
            label => label == Label::First,
        };
        let said = std::mem::take(if is_first {
            &mut self.first
        } else {
            &mut self.last
        });
        let labels = Labels::new(self.name, said)?;
        let Some(shape) = self.columns.shape else {
            return Ok(vec![Content::Labels(labels)]);
        };
        let has_label = self.columns.label != Label::Nowhere;
        let size = shape.len() + usize::from(has_label);
        let skip = usize::from(has_label && is_first);
        let rows = self.numbers.chunks_exact(size);
        let pixels = rows.flat_map(|row| &row[skip..][..shape.len()]);
        // An even share is chosen by the number of lines: a row of several lines would shift it.
        if self.row == 0 {
            return Err(truncated(self.name, 1, 0));
        }
        if self.share.is_part() && self.share.of != self.row {
            return Err(bad(self.name, self.share.of, self.row));
        }
        let images = Images {
            shape,
            pixels: grey(self.name, pixels)?,
            of: self.row,
        };
        Ok(vec![match has_label {
            true => Content::Samples(images, labels),
            false => Content::Images(images),
        }])
    }
}

/// A cell that holds no number.
fn cell(name: &str, row: usize, column: usize, found: &[u8]) -> Problem {
    Problem::new(Code::BadCell)
        .with("file", name)
        .with("row", row)
        .with("column", column)
        .with("found", shown(&String::from_utf8_lossy(found)))
}
