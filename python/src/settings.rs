//! What comes from elsewhere, and what is known of it all the same: settings that a script takes from its command line have
//! defaults, and a data set has as many classes as that of the page.

use std::rc::Rc;

use crate::machine::Machine;
use crate::value::{Given, Value};

/// What a script's `argparse` gives: a parser, and the settings that it found.
const PARSER: &str = "argparse.ArgumentParser()";

impl Value<'_> {
    /// Something from elsewhere, by as much of its path as is kept.
    pub(crate) fn unknown(path: String) -> Self {
        Self::Unknown(path.chars().take(80).collect::<String>().into())
    }
}

impl<'a> Machine<'a> {
    /// A call of something from elsewhere: `parser.add_argument('--depth', default=28)` is a setting.
    pub(crate) fn settled(&mut self, path: &str, given: &Given<'a>) {
        if !(path.starts_with(PARSER) && path.ends_with(".add_argument")) {
            return;
        }
        let names = given.values.iter().filter_map(|value| match value {
            Value::Text(name) => Some(name),
            _ => None,
        });
        // The longest one is what it is called: `-d, --depth`.
        let longest = names.max_by_key(|name| name.len());
        let dest = match given.named("dest") {
            Some(Value::Text(name)) => Some(name),
            _ => longest.map(|name| name.trim_start_matches('-').replace('-', "_").into()),
        };
        let Some(dest) = dest else { return };
        let action = given.named("action");
        let value = given.named("default").or(match action {
            Some(Value::Text(action)) if *action == *"store_true" => Some(Value::Bool(false)),
            Some(Value::Text(action)) if *action == *"store_false" => Some(Value::Bool(true)),
            _ => None,
        });
        // Without a default it is None, but it may also be one that has to be given.
        if let Some(value) = value {
            self.settings.retain(|(known, _)| *known != dest);
            self.settings.push((dest, value));
        }
    }

    /// The setting of this name, where the path leads to what the parser found.
    pub(crate) fn setting_of(&self, path: &str, name: &str) -> Option<Value<'a>> {
        let rest = path.strip_prefix(PARSER)?;
        let is_found = rest.starts_with(".parse_args()") || rest.starts_with(".parse_known_args()");
        let mut known = self.settings.iter().filter(|_| is_found);
        known
            .find(|(known, _)| **known == *name)
            .map(|(_, value)| value.clone())
    }

    /// How many classes there are, where a text asks a data set: `len(train_data.classes)`.
    pub(crate) fn classes_of(&self, path: &Rc<str>) -> Option<i64> {
        let is_asked = path.contains("datasets.") && path.ends_with(".classes");
        is_asked.then_some(self.classes_of_data as i64)
    }
}
