//! Digests: a short text that names bytes by their content.

use sha2::{Digest, Sha256};

/// Hexadecimal digits of a short digest, 64 bits: enough against accidents, not against a forger.
pub const DIGITS: usize = 16;

/// Whether a text can be a short digest.
pub fn is_short(text: &str) -> bool {
    let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    text.len() == DIGITS && text.bytes().all(is_digit)
}

/// The first digits of the SHA-256 of these bytes, one piece behind the other; the length of each counts, too.
pub fn short<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut digest = Sha256::new();
    for piece in pieces {
        digest.update((piece.len() as u64).to_le_bytes());
        digest.update(piece);
    }
    let digits = digest
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect::<String>();
    digits[..DIGITS].to_owned()
}

/// The SHA-256 of these bytes in lower-case hexadecimal digits.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
