//! The machine that a pickle is a program for, as far as arrays and lists need it
//! (<https://github.com/python/cpython/blob/main/Lib/pickletools.py>).
//!
//! Values are small copies: slices of the file, or places in a list of lists. What a program repeats or nests takes no
//! more memory than its steps.

use std::collections::BTreeMap;

/// More steps than any data set's pickle has: one of CIFAR-100 takes half a million.
const MOST_STEPS: usize = 2_000_000;

/// A value on the machine's stack.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::data::formats) enum Value<'a> {
    /// A value that no data set needs.
    Other,
    /// Where a list begins on the stack.
    Mark,
    /// Whole numbers, and 0 and 1 for false and true.
    Number(i64),
    Bytes(&'a [u8]),
    Text(&'a str),
    /// A name that Python would import, without its module.
    Global(&'a str),
    List(usize),
    Tuple(usize),
    /// Keys and values in turn.
    Dict(usize),
    /// What a call would give: the callable, its arguments, and its state, if it is given one.
    Made(usize),
    /// What is kept beside the program: what this says of it.
    Beside(usize),
}

/// What a program leaves.
#[derive(Debug)]
pub(in crate::data::formats) struct Built<'a> {
    pub(in crate::data::formats) top: Value<'a>,
    lists: Vec<Vec<Value<'a>>>,
}

impl<'a> Built<'a> {
    pub(in crate::data::formats) fn list(&self, at: usize) -> &[Value<'a>] {
        &self.lists[at]
    }
}

struct Machine<'a> {
    rest: &'a [u8],
    stack: Vec<Value<'a>>,
    memo: BTreeMap<usize, Value<'a>>,
    lists: Vec<Vec<Value<'a>>>,
}

/// Runs a program to its end; `None` where it is cut off, too long, or does what no data set needs.
pub(in crate::data::formats) fn run(program: &[u8]) -> Option<Built<'_>> {
    let mut machine = Machine {
        rest: program,
        stack: Vec::new(),
        memo: BTreeMap::new(),
        lists: Vec::new(),
    };
    for _ in 0..MOST_STEPS {
        let code = *machine.take(1)?.first()?;
        if code == b'.' {
            let top = machine.stack.pop()?;
            let lists = machine.lists;
            return Some(Built { top, lists });
        }
        if let Some(value) = machine.step(code)? {
            machine.stack.push(value);
        }
    }
    None
}

impl<'a> Machine<'a> {
    /// One step; what it gives is pushed.
    fn step(&mut self, code: u8) -> Option<Option<Value<'a>>> {
        use Value::{Beside, Bytes, Dict, Global, List, Made, Mark, Number, Other, Text, Tuple};
        Some(Some(match code {
            // The protocol, and the length of what follows.
            0x80 => return self.take(1).map(|_| None),
            0x95 => return self.take(8).map(|_| None),
            b'(' => Mark,
            b'N' => Other,
            0x88 => Number(1),
            0x89 => Number(0),
            b'K' => Number(self.length(1)? as i64),
            b'M' => Number(self.length(2)? as i64),
            b'J' => self.whole(4)?,
            0x8a => {
                let length = self.length(1)?;
                self.whole(length)?
            }
            b'I' | b'L' => Number(self.line()?.trim_end_matches('L').parse().ok()?),
            b'F' => self.line().map(|_| Other)?,
            b'G' => self.take(8).map(|_| Other)?,
            b'U' | b'C' => Bytes(self.counted(1)?),
            b'T' | b'B' => Bytes(self.counted(4)?),
            0x8e | 0x96 => Bytes(self.counted(8)?),
            0x8c => text(self.counted(1)?),
            b'X' => text(self.counted(4)?),
            0x8d => text(self.counted(8)?),
            b'S' => Text(self.line()?.trim_matches(['\'', '"'])),
            b'V' => Text(self.line()?),
            b'c' => {
                self.line()?;
                Global(self.line()?)
            }
            0x93 => match (self.stack.pop()?, self.stack.pop()?) {
                (Text(name), _) => Global(name),
                _ => return None,
            },
            0x85..=0x87 => {
                let start = self.stack.len().checked_sub(usize::from(code - 0x84))?;
                let items = self.stack.split_off(start);
                Tuple(self.list(items))
            }
            b')' => Tuple(self.list(Vec::new())),
            b']' => List(self.list(Vec::new())),
            b'}' => Dict(self.list(Vec::new())),
            b't' | b'l' | b'd' => {
                let items = self.above_mark()?;
                let at = self.list(items);
                match code {
                    b't' => Tuple(at),
                    b'l' => List(at),
                    _ => Dict(at),
                }
            }
            // A call, or a new object; its state comes with a `b`.
            b'R' | 0x81 => {
                let start = self.stack.len().checked_sub(2)?;
                let call = self.stack.split_off(start);
                Made(self.list(call))
            }
            b'Q' => {
                let said = self.stack.pop()?;
                Beside(self.list(vec![said]))
            }
            b'a' | b'b' => return self.extend(1),
            b's' => return self.extend(2),
            b'e' | b'u' => {
                let items = self.above_mark()?;
                self.stack.extend(&items);
                return self.extend(items.len());
            }
            b'0' => return self.stack.pop().map(|_| None),
            b'1' => return self.above_mark().map(|_| None),
            b'2' => *self.stack.last()?,
            b'p' | b'q' | b'r' | 0x94 => {
                let place = match code {
                    0x94 => self.memo.len(),
                    _ => self.place(code - b'p')?,
                };
                self.memo.insert(place, *self.stack.last()?);
                return Some(None);
            }
            b'g' | b'h' => {
                let place = self.place(code - b'g')?;
                *self.memo.get(&place)?
            }
            b'j' => {
                let place = self.place(2)?;
                *self.memo.get(&place)?
            }
            _ => return None,
        }))
    }

    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        Some(taken)
    }

    fn line(&mut self) -> Option<&'a str> {
        let end = self.rest.iter().position(|&byte| byte == b'\n')?;
        let line = self.take(end + 1)?;
        std::str::from_utf8(&line[..end]).ok()
    }

    /// A length of so many bytes, the least significant one first.
    fn length(&mut self, bytes: usize) -> Option<usize> {
        let bytes = self.take(bytes)?.iter().rev();
        let length = bytes.fold(0, |sum, &byte| sum << 8 | u64::from(byte));
        usize::try_from(length).ok()
    }

    /// A whole number of so many bytes, with its sign.
    fn whole(&mut self, bytes: usize) -> Option<Value<'a>> {
        let bytes = self.take(bytes)?;
        let is_negative = bytes.last().is_some_and(|&byte| byte > 127);
        let start = if is_negative { -1_i64 } else { 0 };
        let add = |number: i64, &byte: &u8| number << 8 | i64::from(byte);
        let number = bytes.iter().rev().fold(start, add);
        (bytes.len() <= 8).then_some(Value::Number(number))
    }

    /// Bytes behind their length.
    fn counted(&mut self, bytes: usize) -> Option<&'a [u8]> {
        let length = self.length(bytes)?;
        self.take(length)
    }

    /// A place in the memo: as a line, a byte or four.
    fn place(&mut self, form: u8) -> Option<usize> {
        match form {
            0 => self.line()?.parse().ok(),
            1 => self.length(1),
            _ => self.length(4),
        }
    }

    fn list(&mut self, items: Vec<Value<'a>>) -> usize {
        self.lists.push(items);
        self.lists.len() - 1
    }

    fn above_mark(&mut self) -> Option<Vec<Value<'a>>> {
        let is_mark = |&value: &Value| value == Value::Mark;
        let mark = self.stack.iter().rposition(is_mark)?;
        let items = self.stack.split_off(mark + 1);
        self.stack.pop();
        Some(items)
    }

    /// Adds the last items to the list, dictionary or object below them.
    fn extend(&mut self, count: usize) -> Option<Option<Value<'a>>> {
        let start = self.stack.len().checked_sub(count)?;
        let items = self.stack.split_off(start);
        match *self.stack.last()? {
            Value::List(at) | Value::Dict(at) | Value::Made(at) => self.lists[at].extend(items),
            _ => return None,
        }
        Some(None)
    }
}

/// Text, or bytes where it is none.
fn text(bytes: &[u8]) -> Value<'_> {
    std::str::from_utf8(bytes).map_or(Value::Bytes(bytes), Value::Text)
}
