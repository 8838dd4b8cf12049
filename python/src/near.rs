//! The name that was probably meant where another one is written.

/// The one of these names that is nearest to `name`: written otherwise in capitals or underscores, begun with it, or reached by
/// changing few of its letters. Of several as near, the one for images, then the first.
pub(crate) fn near<'n>(name: &str, known: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    /// As many letters of a name are compared.
    const LONGEST: usize = 40;
    let letters = |name: &str| -> Vec<char> {
        let letters = name.chars().filter(|letter| *letter != '_');
        letters.flat_map(char::to_lowercase).take(LONGEST).collect()
    };
    let wanted = letters(name);
    let most = (wanted.len() / 3).max(1);
    let ranked = known.into_iter().filter(|other| *other != name);
    let ranked = ranked.filter_map(|other| {
        let found = letters(other);
        let begins = wanted.len() > 2 && found.starts_with(&wanted);
        let changes = match begins {
            true => usize::from(found.len() > wanted.len()),
            false => changes(&wanted, &found),
        };
        let is_near = begins || (changes <= most && changes < wanted.len().min(found.len()));
        is_near.then_some((changes, !other.contains("2d"), other))
    });
    ranked.min().map(|(.., name)| name)
}

/// How many letters are put in, left out, or put in the place of another, at the fewest (Levenshtein 1966).
fn changes(one: &[char], other: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (at, letter) in one.iter().enumerate() {
        let mut corner = row[0];
        row[0] = at + 1;
        for (below, wanted) in other.iter().enumerate() {
            let replaced = corner + usize::from(letter != wanted);
            corner = row[below + 1];
            row[below + 1] = replaced.min(corner + 1).min(row[below] + 1);
        }
    }
    row[other.len()]
}
