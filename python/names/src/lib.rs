//! What the parser of Python asks for names of characters, as in `"\N{BULLET}"`.
//!
//! The table of all names would be almost half of what the module `python` weighs, and no network depends on which
//! character it is.

/// The character of any name.
pub fn character(_name: &str) -> Option<char> {
    Some(char::REPLACEMENT_CHARACTER)
}
