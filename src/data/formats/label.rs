//! Which column of a table is the label: the first or the last one.

use std::collections::BTreeMap;

use crate::base::MAX_CLASSES;
use crate::data::part::Class;

/// What the label's column is called, in small letters.
const NAMES: [&str; 20] = [
    "label", "labels", "class", "classes", "target", "targets", "digit", "digits", "letter",
    "category", "species", "kind", "name", "truth", "y", "标签", "类别", "分类", "數字", "標籤",
];

/// The number in a field, whose decimal point may be a comma.
pub(super) fn number(field: &str) -> Option<f64> {
    let parse = |text: &str| text.parse().ok();
    parse(field).or_else(|| parse(&field.replacen(',', ".", 1)))
}

/// Whether a word of a header, in small letters, is a name of the label.
pub(super) fn is_name(word: &str) -> bool {
    NAMES.contains(&word)
}

/// Whether a header names the column at one end otherwise than all the rest, which differ in a number alone: `species`, then
/// `pixel0`, `pixel1`, … `words` are without a column that numbers the rows.
pub(super) fn is_odd(words: &[String], at_last: bool) -> bool {
    let stem = |word: &String| {
        let is_of_number = |sign: char| sign.is_ascii_digit() || "x_-. ".contains(sign);
        word.trim_end_matches(is_of_number).to_owned()
    };
    let Some(((end, rest), true)) = (match at_last {
        true => words.split_last(),
        false => words.split_first(),
    })
    .map(|split| (split, words.len() > 2)) else {
        return false;
    };
    let of_rest = stem(&rest[0]);
    let is_numbered = |word: &String| word.ends_with(|sign: char| sign.is_ascii_digit());
    rest.iter()
        .all(|word| stem(word) == of_rest && is_numbered(word))
        && stem(end) != of_rest
}

/// What speaks for a column being the label, the strongest first.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Signs {
    has_words: bool,
    /// A label is no fraction.
    is_whole: bool,
    /// There are at least two classes, and each comes twice on the average.
    repeats: bool,
    /// The classes are the numbers from one to another.
    is_counted: bool,
    /// The share of the largest class if all were of one size, by its own, in thousandths: at the rim of images nearly all
    /// pixels are the same.
    balance: usize,
}

impl Signs {
    fn of(column: &[Class]) -> Self {
        let mut counts: BTreeMap<&Class, usize> = BTreeMap::new();
        for class in column {
            // More values than classes can be: no label.
            if counts.len() <= MAX_CLASSES || counts.contains_key(class) {
                *counts.entry(class).or_default() += 1;
            }
        }
        let names = |is_fraction: bool| {
            let mut classes = counts.keys();
            classes.any(
                |class| matches!(class, Class::Name(name) if number(name).is_some() == is_fraction),
            )
        };
        let numbers = counts.keys().filter_map(|class| match class {
            Class::Number(number) => Some(*number),
            Class::Name(_) => None,
        });
        let (least, most) = (numbers.clone().min(), numbers.max());
        let classes = counts.len();
        let may_be = (2..=MAX_CLASSES).contains(&classes);
        let largest = counts.values().copied().max().unwrap_or(1);
        let span = least.zip(most).map(|(least, most)| most.abs_diff(least));
        Self {
            has_words: names(false),
            is_whole: !names(true),
            repeats: may_be && column.len() >= 2 * classes,
            is_counted: may_be && span == Some(classes as u64 - 1),
            balance: if may_be {
                1000 * column.len() / (classes * largest)
            } else {
                0
            },
        }
    }
}

/// Whether the first column is the label rather than the last, by what stands in them.
pub(super) fn is_first(first: &[Class], last: &[Class]) -> bool {
    Signs::of(first) >= Signs::of(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(values: impl IntoIterator<Item = i64>) -> Vec<Class> {
        values.into_iter().map(Class::Number).collect()
    }

    #[test]
    fn a_label_has_few_values_that_come_often_and_evenly() {
        let digits = column((0..500).map(|at| at * 7 % 10));
        let labels = [
            digits.clone(),
            // Two classes of very different size; and labels of −1 and 1.
            column((0..500).map(|at| i64::from(at % 10 == 0))),
            column((0..500).map(|at| at % 2 * 2 - 1)),
        ];
        let pixels = [
            // Always white; nearly always, else any of sixteen; any grey at all, each two or three times.
            column([0; 500]),
            column((0..500).map(|at| if at % 12 == 0 { at / 12 % 17 } else { 0 })),
            column((0..500).map(|at| at * 89 % 256)),
        ];
        for (at, label) in labels.iter().enumerate() {
            for (pixel_at, pixel) in pixels.iter().enumerate() {
                // −1 and 1 leave a gap, as greys do.
                if (at, pixel_at) == (2, 1) {
                    continue;
                }
                assert!(is_first(label, pixel), "{at} {pixel_at}");
                assert!(!is_first(pixel, label), "{at} {pixel_at}");
            }
        }
        let words: Vec<Class> = (0..9).map(|at| Class::Name(format!("w{at}"))).collect();
        assert!(is_first(&words, &digits) && !is_first(&digits, &words));
    }

    #[test]
    fn a_header_names_the_label_or_everything_else() {
        let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        for (header, first, last) in [
            ("species pixel0 pixel1 pixel2", true, false),
            ("p0 p1 p2 kind", false, true),
            ("what 1x1 1x2 1x3", true, false),
            ("pixel0 pixel1 pixel2 pixel3", false, false),
            ("a b c d", false, false),
            ("label x", false, false),
        ] {
            let words = words(header);
            assert_eq!(
                (is_odd(&words, false), is_odd(&words, true)),
                (first, last),
                "{header}"
            );
        }
        assert!(is_name("labels") && !is_name("pixel0"));
    }
}
