//! Calls that make modules, taken apart: the function and what it is given.

/// A call that makes a module.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Call {
    /// What is called.
    pub(super) function: String,
    /// What it is given, defaults included.
    pub(super) arguments: Vec<Argument>,
}

/// One of the values that a call is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Argument {
    /// Its name, unless its place says which it is.
    pub(super) name: Option<String>,
    /// It, as it is written.
    pub(super) value: String,
    /// What it is where nothing is given.
    pub(super) usual: Option<String>,
    /// Whether it counts channels or features.
    pub(super) counts: bool,
    /// What a parameter may be called whose value it is, if it has no name.
    pub(super) label: Option<String>,
}

/// Functions whose first values count channels or features: how many of them do.
const COUNTS: [(&str, usize); 8] = [
    ("nn.Conv2d", 2),
    ("nn.ConvTranspose2d", 2),
    ("nn.Linear", 2),
    ("nn.BatchNorm1d", 1),
    ("nn.BatchNorm2d", 1),
    ("PooledMLP", 2),
    ("ZeroPad", 2),
    ("Scale", 1),
];

/// What convolutions and dense layers are given that may be left out, with its default.
const USUAL: [(&str, &str); 6] = [
    ("stride", "1"),
    ("padding", "0"),
    ("output_padding", "0"),
    ("dilation", "1"),
    ("groups", "1"),
    ("bias", "True"),
];

impl Call {
    /// The call that an operation's source is.
    pub(super) fn of(expression: &str) -> Self {
        let (function, rest) = expression.split_once('(').unwrap_or((expression, ""));
        let counting = COUNTS.iter().find(|(name, _)| *name == function);
        let counting = counting.map_or(0, |(_, count)| *count);
        let given = parts(rest.strip_suffix(')').unwrap_or(rest));
        let mut arguments: Vec<_> = given
            .into_iter()
            .enumerate()
            .map(|(at, text)| {
                let name = text.split_once('=').filter(|(name, _)| {
                    name.chars()
                        .all(|sign| sign.is_ascii_lowercase() || sign == '_')
                });
                Argument {
                    name: name.map(|(name, _)| name.to_owned()),
                    value: name.map_or(text, |(_, value)| value).to_owned(),
                    usual: None,
                    counts: at < counting,
                    label: (function == "nn.Linear" || function == "PooledMLP")
                        .then(|| "hidden".to_owned()),
                }
            })
            .collect();
        if function.starts_with("nn.Conv") {
            let named = arguments.iter().take_while(|argument| {
                argument.name.is_none() || argument.name.as_deref() == Some("kernel_size")
            });
            let options = arguments.split_off(named.count());
            arguments.extend(USUAL.iter().map(|(name, usual)| {
                let mut given = options.iter();
                let given = given.find(|option| option.name.as_deref() == Some(*name));
                Argument {
                    name: Some((*name).to_owned()),
                    value: given.map_or_else(|| (*usual).to_owned(), |given| given.value.clone()),
                    usual: Some((*usual).to_owned()),
                    counts: false,
                    label: None,
                }
            }));
        }
        Self {
            function: function.to_owned(),
            arguments,
        }
    }

    /// What two calls have in common that differ only in what they are given.
    pub(super) fn skeleton(&self) -> String {
        let names = self.arguments.iter();
        let names: Vec<_> = names.map(|it| it.name.as_deref().unwrap_or("_")).collect();
        format!("{}({})", self.function, names.join(","))
    }

    /// The call as it is written, with these values in the place of its own.
    pub(super) fn with(&self, values: &mut impl Iterator<Item = String>) -> String {
        let mut given = Vec::new();
        for argument in &self.arguments {
            let value = values.next().unwrap_or_default();
            if argument.usual.as_ref() != Some(&value) {
                given.push(match &argument.name {
                    Some(name) => format!("{name}={value}"),
                    None => value,
                });
            }
        }
        format!("{}({})", self.function, given.join(", "))
    }
}

/// What stands between the commas of a call, but for those within brackets.
fn parts(text: &str) -> Vec<&str> {
    let (mut all, mut start, mut depth) = (Vec::new(), 0, 0_usize);
    for (at, sign) in text.char_indices() {
        match sign {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                all.push(text[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    all.push(text[start..].trim());
    all.retain(|part| !part.is_empty());
    all
}
