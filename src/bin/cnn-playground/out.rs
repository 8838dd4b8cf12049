//! What is printed.

use std::fmt::Arguments;
use std::io::{self, ErrorKind, IsTerminal, Write};

use cnn_playground::base::error::{Code, Problem, Result};

/// Prints a line. Ends the program, without a word, as soon as nobody reads on: `cnn-playground … | head -1`.
///
/// # Errors
/// [`Code::Internal`](cnn_playground::base::error::Code::Internal) if it cannot be written, such as to a full disk.
pub(crate) fn line(text: Arguments) -> Result<()> {
    ended(writeln!(io::stdout(), "{text}"))
}

/// Puts out a file, for a pipe or another file: [`Code::NoTerminal`](cnn_playground::base::error::Code::NoTerminal) where people
/// would see its bytes. Otherwise as [`line`].
pub(crate) fn bytes(bytes: &[u8]) -> Result<()> {
    let mut out = io::stdout();
    if out.is_terminal() {
        return Err(Problem::new(Code::NoTerminal));
    }
    ended(out.write_all(bytes).and_then(|()| out.flush()))
}

fn ended(written: io::Result<()>) -> Result<()> {
    match written {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => std::process::exit(0),
        written => written.map_err(Problem::internal),
    }
}

/// `println!`, without its panic.
macro_rules! say {
    ($($text:tt)*) => { $crate::out::line(format_args!($($text)*))? };
}
pub(crate) use say;
