//! Text as people copy it, as Python: the signs of word processors and of Chinese keyboards, prompts, line numbers, an
//! indentation that all lines share, and what only IPython reads. Lines stay lines, so that they are counted as the person sees them.

/// A text as Python, with where its parts stood.
#[derive(Debug, Default)]
pub(crate) struct Plain {
    pub(crate) text: String,
    /// Bytes of the text from which on others were taken away or changed, with where they stood.
    pub(crate) from: Vec<(usize, usize)>,
}

/// A sign, and the byte at which what it stands for begins.
type Sign = (char, usize);

/// The Python of a text.
pub(crate) fn plain(shown: &str) -> Plain {
    let signs = signs(shown);
    let mut lines: Vec<&[Sign]> = signs.split_inclusive(|(sign, _)| *sign == '\n').collect();
    fenced(&mut lines);
    prompted(&mut lines);
    numbered(&mut lines);
    indented(&mut lines);
    let mut plain = Plain::default();
    for &(sign, at) in lines.into_iter().flatten() {
        let known = plain.from.last().copied().unwrap_or_default();
        if plain.text.len() + known.1 != at + known.0 {
            plain.from.push((plain.text.len(), at));
        }
        plain.text.push(sign);
    }
    plain
}

/// What somebody means who cannot type it, or whose program writes it: outside of strings.
fn meant(sign: char) -> Option<char> {
    Some(match sign {
        '\u{a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => ' ',
        // What is not seen.
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' => return None,
        '\u{2060}'..='\u{2064}' | '\u{feff}' => return None,
        '\u{2018}'..='\u{201b}' | '\u{2032}' => '\'',
        '\u{201c}'..='\u{201f}' | '\u{2033}' => '"',
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        '、' => ',',
        '。' => '.',
        '【' => '[',
        '】' => ']',
        // The full width of ASCII.
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(sign) - 0xfee0)?,
        other => other,
    })
}

/// The signs of a text as Python has them. What stands in strings and comments stays.
fn signs(shown: &str) -> Vec<Sign> {
    let mut all: Vec<Sign> = Vec::with_capacity(shown.len());
    // The sign that ends the string, how many of it do, and whether one that looks like it does too.
    let mut string: Option<(char, usize, bool)> = None;
    let mut is_comment = false;
    // Outside of all brackets a line that begins with one of these is IPython's.
    let (mut depth, mut begins, mut goes_on) = (0_usize, true, false);
    let mut letters = shown.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        let is_end = letter == '\n';
        if is_comment {
            is_comment = !is_end;
            begins = is_end;
            all.push((letter, at));
            continue;
        }
        let Some(sign) = meant(letter).or(string.map(|_| letter)) else {
            continue;
        };
        let Some((quote, times, is_loose)) = string else {
            if begins && depth == 0 && matches!(sign, '%' | '!') {
                is_comment = true;
                // A block of nothing else is a block.
                all.extend("pass #".chars().map(|sign| (sign, at)));
                continue;
            }
            match sign {
                '(' | '[' | '{' => depth += 1,
                ')' | ']' | '}' => depth = depth.saturating_sub(1),
                _ => {}
            }
            begins = (is_end && !goes_on) || (begins && (sign == ' ' || sign == '\t'));
            goes_on = sign == '\\';
            is_comment = sign == '#';
            all.push((sign, at));
            if sign == '\'' || sign == '"' {
                let is_loose = sign != letter;
                let same = |ahead: &str| {
                    let mut ahead = ahead.chars().map(|one| (one, meant(one)));
                    (0..2).all(|_| {
                        ahead
                            .next()
                            .is_some_and(|(one, is)| one == sign || (is_loose && is == Some(sign)))
                    })
                };
                let is_triple = same(shown.get(at + letter.len_utf8()..).unwrap_or_default());
                for (at, _) in (0..if is_triple { 2 } else { 0 }).filter_map(|_| letters.next()) {
                    all.push((sign, at));
                }
                string = Some((sign, if is_triple { 3 } else { 1 }, is_loose));
            }
            continue;
        };
        let ends = |letter: char| letter == quote || (is_loose && meant(letter) == Some(quote));
        if letter == '\\' {
            all.push((letter, at));
            all.extend(letters.next().map(|(at, letter)| (letter, at)));
        } else if ends(letter) {
            all.push((quote, at));
            let mut left = times - 1;
            while left > 0
                && let Some(&(at, letter)) = letters.peek()
                && ends(letter)
            {
                all.push((quote, at));
                letters.next();
                left -= 1;
            }
            string = string.filter(|_| left > 0);
        } else {
            all.push((letter, at));
            string = string.filter(|_| times > 1 || !is_end);
        }
    }
    all
}

/// A line without its end and the spaces at its ends.
fn words(line: &[Sign]) -> String {
    let words: String = line.iter().map(|(sign, _)| *sign).collect();
    words.trim().to_owned()
}

/// The end of a line, alone.
fn emptied(line: &[Sign]) -> &[Sign] {
    let end = line.iter().position(|(sign, _)| *sign == '\n');
    &line[end.unwrap_or(line.len())..]
}

/// How many spaces and tabs a line begins with.
fn indentation(line: &[Sign]) -> usize {
    let is_space = |(sign, _): &&Sign| *sign == ' ' || *sign == '\t';
    line.iter().take_while(is_space).count()
}

/// Keeps what stands between the marks of code in a text of Markdown.
fn fenced(lines: &mut [&[Sign]]) {
    let is_fence = |line: &[Sign]| words(line).starts_with("```");
    let fences: Vec<_> = (0..lines.len()).filter(|at| is_fence(lines[*at])).collect();
    let mut is_inside = fences.len() < 2;
    for line in lines.iter_mut() {
        let fence = is_fence(line);
        is_inside ^= fence && fences.len() > 1;
        if fence || !is_inside {
            *line = emptied(line);
        }
    }
}

/// How many signs of a line are the prompt of Python or of IPython.
fn prompt(line: &[Sign]) -> Option<usize> {
    let start = indentation(line);
    let text: String = line[start..].iter().map(|(sign, _)| *sign).collect();
    let whole = text.trim_end();
    for mark in [">>> ", "... ", "...: "] {
        if text.starts_with(mark) || whole == mark.trim_end() {
            return Some(start + mark.len().min(whole.len().max(mark.trim_end().len())));
        }
    }
    let (number, _) = text.strip_prefix("In [")?.split_once("]: ")?;
    let is_number = number.chars().all(|digit| digit.is_ascii_digit());
    is_number.then(|| start + "In []: ".len() + number.len())
}

/// Takes the prompts of a session away, and what was answered there.
fn prompted(lines: &mut [&[Sign]]) {
    let first = lines.iter().find(|line| !words(line).is_empty());
    let is_session = |line: &[Sign]| !words(line).starts_with('.') && prompt(line).is_some();
    if !first.is_some_and(|line| is_session(line)) {
        return;
    }
    for line in lines.iter_mut() {
        *line = match prompt(line) {
            Some(length) => &line[length.min(line.len() - emptied(line).len())..],
            None => emptied(line),
        };
    }
}

/// The number that a line begins with, and how many signs it takes.
fn number(line: &[Sign]) -> Option<(u64, usize)> {
    let start = indentation(line);
    let digits = line[start..].iter().map(|(sign, _)| *sign);
    let digits: String = digits.take_while(char::is_ascii_digit).take(9).collect();
    let mut end = start + digits.len();
    if let Some(('.' | ':' | '|' | ')', _)) = line.get(end) {
        end += 1;
    }
    let is_apart = line.get(end).is_none_or(|(sign, _)| sign.is_whitespace());
    digits
        .parse()
        .ok()
        .filter(|_| is_apart)
        .map(|number| (number, end))
}

/// Takes the numbers of lines away, if each line that is not empty begins with the one that follows.
fn numbered(lines: &mut [&[Sign]]) {
    let written = lines.iter().filter(|line| !words(line).is_empty());
    let numbers: Option<Vec<_>> = written.map(|line| number(line)).collect();
    let counts = numbers.is_some_and(|numbers| {
        numbers.len() > 1 && numbers.windows(2).all(|pair| pair[0].0 < pair[1].0)
    });
    for line in lines.iter_mut().filter(|_| counts) {
        let end = number(line).map_or(0, |(_, end)| end);
        *line = &line[end..];
    }
}

/// Takes away as much indentation as the first statement has.
fn indented(lines: &mut [&[Sign]]) {
    let first = lines.iter().find(|line| {
        let words = words(line);
        !words.is_empty() && !words.starts_with('#')
    });
    let Some(first) = first.copied() else { return };
    let shared = &first[..indentation(first)];
    for line in lines.iter_mut() {
        let same = line.iter().zip(shared);
        let same = same
            .take_while(|((sign, _), (other, _))| sign == other)
            .count();
        *line = &line[same..];
    }
}
