//! What is printed.

use std::fmt::Arguments;
use std::io::{self, ErrorKind, Write};

use cnn_playground::base::error::{Problem, Result};

/// Prints a line. Ends the program, without a word, as soon as nobody reads on: `cnn-playground … | head -1`.
///
/// # Errors
/// [`Code::Internal`](cnn_playground::base::error::Code::Internal) if it cannot be written, such as to a full disk.
pub(crate) fn line(text: Arguments) -> Result<()> {
    match writeln!(io::stdout(), "{text}") {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => std::process::exit(0),
        written => written.map_err(Problem::internal),
    }
}

/// `println!`, without its panic.
macro_rules! say {
    ($($text:tt)*) => { $crate::out::line(format_args!($($text)*))? };
}
pub(crate) use say;
