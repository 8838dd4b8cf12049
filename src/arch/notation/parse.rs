//! From text to what is written there: parts with their names, repetitions and settings, and where each stands.

use winnow::Parser;
use winnow::combinator::opt;
use winnow::error::ParserError;
use winnow::stream::{LocatingSlice, Location};
use winnow::token::{any, take_while};

use super::{DEEPEST, Fault, JOINS, JoinWord, Stretch};
use crate::base::error::{Code, shown};
use crate::operation::notation::Given;

/// The text that is left to read.
type Input<'a> = LocatingSlice<&'a str>;

type Parsed<T> = Result<T, Fault>;

/// A part as it is written.
#[derive(Debug)]
pub(super) struct Part<'a> {
    /// Its name: nothing where none is written, an empty one where it passes its parent's on.
    pub(super) name: Option<(&'a str, Stretch)>,
    /// How often it is repeated, if that is written.
    pub(super) times: Option<(usize, Stretch)>,
    pub(super) item: Item<'a>,
    /// Where its layer stands, without name and repetition.
    pub(super) place: Stretch,
}

/// What a part is.
#[derive(Debug)]
pub(super) enum Item<'a> {
    /// A word, not yet looked up, and what follows it.
    Operation {
        word: &'a str,
        settings: Vec<Given<'a>>,
    },
    /// Parts in brackets.
    Group(Vec<Part<'a>>),
    /// Branches, each a sequence.
    Merge {
        join: &'static JoinWord,
        branches: Vec<Vec<Part<'a>>>,
    },
}

/// The parts of a whole network.
pub(super) fn network(text: &str) -> Parsed<Vec<Part<'_>>> {
    let mut input = Input::new(text);
    let parts = sequence(&mut input, 0)?;
    match input.is_empty() {
        true => Ok(parts),
        false => Err(unexpected(&input, ",")),
    }
}

fn sequence<'a>(input: &mut Input<'a>, depth: usize) -> Parsed<Vec<Part<'a>>> {
    let mut parts = vec![part(input, depth)?];
    while is_next(input, ',') {
        parts.push(part(input, depth)?);
    }
    Ok(parts)
}

fn part<'a>(input: &mut Input<'a>, depth: usize) -> Parsed<Part<'a>> {
    let name = opt(name).parse_next(input)?;
    let times = opt(times).parse_next(input)?;
    let start = input.current_token_start();
    let item = if is_next(input, '(') {
        Item::Group(within(input, depth, start, sequence)?)
    } else {
        layer(input, depth)?
    };
    Ok(Part {
        name,
        times,
        item,
        place: (start, input.previous_token_end()),
    })
}

/// A name and the colon behind it.
fn name<'a>(input: &mut Input<'a>) -> Parsed<(&'a str, Stretch)> {
    let start = input.current_token_start();
    let mut letters = take_while(0.., |letter: char| {
        letter.is_ascii_alphanumeric() || letter == '_'
    });
    let name: &str = letters.parse_next(input)?;
    let place = (start, start + name.len());
    if !is_next(input, ':') {
        return Err(Fault::from_input(input));
    }
    Ok((name, place))
}

/// A number and the `x` behind it.
fn times(input: &mut Input<'_>) -> Parsed<(usize, Stretch)> {
    let start = input.current_token_start();
    let digits: &str = take_while(1.., |digit: char| digit.is_ascii_digit()).parse_next(input)?;
    if !is_next(input, 'x') {
        return Err(Fault::from_input(input));
    }
    let times = digits.parse().unwrap_or(usize::MAX);
    Ok((times, (start, start + digits.len())))
}

/// A join with its branches, or an operation with its settings.
fn layer<'a>(input: &mut Input<'a>, depth: usize) -> Parsed<Item<'a>> {
    let letters: Parsed<&str> =
        take_while(1.., |letter: char| letter.is_ascii_lowercase()).parse_next(input);
    let Ok(word) = letters else {
        let (found, place) = next(input);
        return Err(Fault::new(Code::LayerExpected, place).with("found", found));
    };
    let bracket = input.current_token_start();
    let join = JOINS.iter().find(|known| known.word == word);
    if let Some(join) = join {
        if !is_next(input, '(') {
            return Err(unexpected(input, "("));
        }
        let branches = within(input, depth, bracket, |input, depth| {
            let mut branches = vec![sequence(input, depth)?];
            while is_next(input, ';') {
                branches.push(sequence(input, depth)?);
            }
            Ok(branches)
        })?;
        return Ok(Item::Merge { join, branches });
    }
    let mut settings = Vec::new();
    let mut letter = ("", bracket);
    loop {
        let number: Parsed<&str> =
            take_while(1.., |sign: char| sign.is_ascii_digit() || sign == '.').parse_next(input);
        let place = (letter.1, input.current_token_start());
        match number {
            Ok(number) => {
                let value = number.parse().map_err(|_| {
                    Fault::new(Code::NotANumber, place).with("value", shown(number))
                })?;
                let letter = letter.0;
                settings.push(Given {
                    letter,
                    value,
                    place,
                });
            }
            // The first number may be missing.
            Err(_) if letter.0.is_empty() => {}
            Err(_) => return Err(unexpected(input, "0 … 9")),
        }
        let start = input.current_token_start();
        let next: Parsed<&str> =
            take_while(1.., |letter: char| letter.is_ascii_lowercase()).parse_next(input);
        match next {
            Ok(next) => letter = (next, start),
            Err(_) => return Ok(Item::Operation { word, settings }),
        }
    }
}

/// What stands in a bracket that was opened at `open`, with the bracket that closes it.
fn within<'a, T>(
    input: &mut Input<'a>,
    depth: usize,
    open: usize,
    inner: impl Fn(&mut Input<'a>, usize) -> Parsed<T>,
) -> Parsed<T> {
    let bracket = (open, open + 1);
    if depth == DEEPEST {
        return Err(Fault::new(Code::TooDeep, bracket).with("limit", DEEPEST));
    }
    let found = inner(input, depth + 1)?;
    match (is_next(input, ')'), input.is_empty()) {
        (true, _) => Ok(found),
        (false, true) => Err(Fault::new(Code::OpenBracket, bracket)),
        (false, false) => Err(unexpected(input, ", ; )")),
    }
}

/// Whether this sign comes next, which is taken then.
fn is_next(input: &mut Input<'_>, sign: char) -> bool {
    let next: Parsed<Option<char>> = opt(sign).parse_next(input);
    matches!(next, Ok(Some(_)))
}

fn unexpected(input: &Input<'_>, expected: &str) -> Fault {
    let (found, place) = next(&mut input.clone());
    Fault::new(Code::UnexpectedSign, place)
        .with("found", found)
        .with("expected", expected)
}

/// The sign that comes next, and where it stands; at the end of the text, the last one.
fn next(input: &mut Input<'_>) -> (String, Stretch) {
    let start = input.current_token_start();
    let next: Parsed<char> = any.parse_next(input);
    match next {
        Ok(sign) => (sign.to_string(), (start, start + sign.len_utf8())),
        Err(_) => ("…".to_owned(), (start.saturating_sub(1), start)),
    }
}

impl ParserError<Input<'_>> for Fault {
    type Inner = Self;

    fn from_input(input: &Input<'_>) -> Self {
        let at = input.current_token_start();
        Self::new(Code::LayerExpected, (at, at + 1))
    }

    fn into_inner(self) -> Result<Self, Self> {
        Ok(self)
    }
}
