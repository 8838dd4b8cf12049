//! What PyTorch itself refuses: names that it does not have, and arguments that its layers do not take.
//!
//! `torch.txt` is what it has: `python/tests/signatures.py` writes it from PyTorch.

use crate::fault::{Outcome, ReadingCause, ReadingFault};
use crate::machine::Machine;
use crate::near::near;
use crate::value::{Given, Value};

/// A line for what else `torch.nn` has, one for its functions, and one for each layer with its arguments.
const TORCH: &str = include_str!("torch.txt");

/// An argument of a layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Argument {
    name: &'static str,
    /// Whether it has to be a whole number, or several.
    is_whole: bool,
    /// Whether it may be a word as well.
    may_be_word: bool,
    may_be_left_out: bool,
    /// Whether only its name tells that it is meant.
    is_named: bool,
}

/// What stands behind a name in the list.
fn row(name: &str) -> Option<&'static str> {
    let mut lines = TORCH.lines().filter_map(|line| line.split_once(' '));
    lines
        .find(|(known, _)| *known == name)
        .map(|(_, rest)| rest)
}

fn layers() -> impl Iterator<Item = &'static str> {
    let names = TORCH.lines().skip(2);
    names.map(|line| line.split(' ').next().unwrap_or(line))
}

/// The arguments of a layer; nothing of one that takes any.
fn arguments(name: &str) -> Option<Vec<Argument>> {
    let row = row(name)?;
    let each = row.split(' ').map(|word| {
        let named = word.trim_end_matches('=');
        let (name, kind) = named.split_once(':').unwrap_or((named, ""));
        Argument {
            name: name.trim_start_matches('*'),
            is_whole: kind.starts_with("int"),
            may_be_word: kind.ends_with("str"),
            may_be_left_out: word.ends_with('='),
            is_named: name.starts_with('*'),
        }
    });
    let each: Vec<_> = each.collect();
    (!each.iter().any(|argument| argument.name == "...")).then_some(each)
}

/// Whether `torch.nn` has this name.
pub(crate) fn is_in_nn(name: &str) -> Outcome<()> {
    let others = row("nn").unwrap_or_default().split(' ');
    let names = || layers().chain(others.clone());
    match names().any(|known| known == name) {
        true => Ok(()),
        false => Err(absent("nn", name, near(name, names()))),
    }
}

/// Whether `torch.nn.functional` has this function.
pub(crate) fn is_function(name: &str) -> Outcome<()> {
    let names = || row("functional").unwrap_or_default().split(' ');
    match names().any(|known| known == name) {
        true => Ok(()),
        false => Err(absent("F", name, near(name, names()))),
    }
}

/// The layer that does what a function of this name does: `relu` is `ReLU`.
pub(crate) fn layer_of(function: &str) -> Option<&'static str> {
    let letters = |name: &str| name.replace('_', "").to_lowercase();
    layers().find(|layer| letters(layer) == letters(function))
}

fn absent(of: &str, name: &str, meant: Option<&str>) -> Box<ReadingFault> {
    let fault = ReadingFault::new(ReadingCause::NotInTorch).with("name", format!("{of}.{name}"));
    fault.near(meant.map(|meant| format!("{of}.{meant}")))
}

impl<'a> Machine<'a> {
    /// Whether PyTorch's layer of this name can be made with these arguments.
    ///
    /// # Errors
    /// [`ReadingCause::Argument`], [`ReadingCause::ArgumentUnknown`], [`ReadingCause::ArgumentTwice`], [`ReadingCause::Arguments`],
    /// [`ReadingCause::Float`], [`ReadingCause::Whole`]
    pub(crate) fn accepted(&mut self, layer: &str, given: &Given<'a>) -> Outcome<()> {
        let Some(arguments) = arguments(layer) else {
            return Ok(());
        };
        self.charge(arguments.len())?;
        let of = format!("nn.{layer}");
        let fault = |cause, name: &str| {
            ReadingFault::new(cause)
                .with("name", name)
                .with("of", of.clone())
        };
        let placed: Vec<_> = arguments.iter().filter(|one| !one.is_named).collect();
        if given.values.len() > placed.len() {
            let fault = ReadingFault::new(ReadingCause::Arguments).with("of", of);
            return Err(fault
                .with("limit", placed.len())
                .with("found", given.values.len()));
        }
        for (name, _) in &given.named {
            if !arguments.iter().any(|one| one.name == &**name) {
                let meant = near(name, arguments.iter().map(|one| one.name));
                let meant = meant.map(|meant| format!("{meant}=…"));
                return Err(fault(ReadingCause::ArgumentUnknown, name).near(meant));
            }
            let is_placed = placed[..given.values.len()]
                .iter()
                .any(|one| one.name == &**name);
            if is_placed {
                return Err(fault(ReadingCause::ArgumentTwice, name));
            }
        }
        for (at, argument) in arguments.iter().enumerate() {
            let placed = given.values.get(at).filter(|_| !argument.is_named);
            match placed.cloned().or_else(|| given.named(argument.name)) {
                Some(value) if argument.is_whole => self.whole(*argument, &of, &value)?,
                None if !argument.may_be_left_out => {
                    return Err(fault(ReadingCause::Argument, argument.name));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Whether an argument is a whole number, or several.
    fn whole(&mut self, argument: Argument, of: &str, value: &Value<'a>) -> Outcome<()> {
        let each = match value {
            Value::Tuple(_) | Value::List(_) => self.iterate(value)?,
            other => vec![other.clone()],
        };
        for one in each {
            match one {
                Value::Float(number) => {
                    let value = format!("{}={number:?}", argument.name);
                    return Err(ReadingFault::new(ReadingCause::Float).with("value", value));
                }
                Value::Text(_) if argument.may_be_word => {}
                Value::Text(_) | Value::Dict(_) | Value::Object(_) | Value::Class(_) => {
                    let fault = ReadingFault::new(ReadingCause::Whole).with("of", of);
                    let shown = self.shown(value, true)?;
                    return Err(fault.with("name", argument.name).with("value", shown));
                }
                _ => {}
            }
        }
        Ok(())
    }
}
