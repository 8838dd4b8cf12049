//! What a script says of training: offered, not imposed.

use ruff_python_ast::{Expr, StmtFor};

use crate::value::{Given, Value};

/// Fields of which the later ones say nothing without the first.
const TOGETHER: [&[&str]; 2] = [
    &["optimizer", "lr", "momentum", "nesterov", "decay"],
    &["normalize", "mean", "std"],
];

/// What was found, as choices of the playground: a field's key and its value as text, in the order of the script.
#[derive(Debug, Default)]
pub(crate) struct Recipe {
    choices: Vec<(String, String)>,
}

impl Recipe {
    fn set(&mut self, key: &str, value: impl ToString) {
        self.choices.retain(|(known, _)| known != key);
        self.choices.push((key.to_owned(), value.to_string()));
    }

    /// The choices, those together that belong together. One number for all channels is one for each.
    pub(crate) fn offers(&self, channels: usize) -> Vec<Vec<(String, String)>> {
        let mut offers: Vec<Vec<(String, String)>> = Vec::new();
        for (key, value) in &self.choices {
            let value = match TOGETHER[1][1..].contains(&&**key) && !value.contains(',') {
                true => vec![&**value; channels].join(","),
                false => value.clone(),
            };
            let choice = (key.clone(), value);
            let same = |offer: &&mut Vec<(String, String)>| {
                TOGETHER.iter().any(|group| {
                    [key, &offer[0].0]
                        .iter()
                        .all(|one| group.contains(&&***one))
                })
            };
            match offers.iter_mut().find(same) {
                Some(offer) => offer.push(choice),
                None => offers.push(vec![choice]),
            }
        }
        offers
    }

    /// A call of something from elsewhere.
    pub(crate) fn called(&mut self, path: &str, given: &Given<'_>) {
        let name = path.rsplit('.').next().unwrap_or(path);
        let number =
            |at: usize, name: &str| given.get(at, name).and_then(|value| value.number().ok());
        match name {
            "SGD" | "Adam" | "AdamW" => {
                self.set("optimizer", name.to_lowercase());
                let usual = if name == "SGD" { 0.01 } else { 0.001 };
                self.set("lr", number(1, "lr").unwrap_or(usual));
                if name == "SGD" {
                    self.set("momentum", number(2, "momentum").unwrap_or(0.0));
                    if matches!(given.named("nesterov"), Some(Value::Bool(true))) {
                        self.set("nesterov", "on");
                    }
                }
                let usual = if name == "AdamW" { 0.01 } else { 0.0 };
                self.set("decay", number(usize::MAX, "weight_decay").unwrap_or(usual));
            }
            "DataLoader" => {
                // The first one is that of the training images.
                if let Some(batch) = number(1, "batch_size")
                    .filter(|_| !self.choices.iter().any(|(key, _)| key == "batch"))
                {
                    self.set("batch", batch);
                }
            }
            "CosineAnnealingLR" => self.set("schedule", "cosine"),
            "OneCycleLR" => self.set("schedule", "one-cycle"),
            "RandomHorizontalFlip" if !self.choices.iter().any(|(key, _)| key == "augment") => {
                self.set("augment", "flip")
            }
            "RandomCrop" => self.set("augment", "flip-crop"),
            "Normalize" => {
                let list = |at: usize, name: &str| {
                    let values = given.get(at, name)?.values()?;
                    let each: Result<Vec<_>, _> = values.iter().map(Value::number).collect();
                    Some(
                        each.ok()?
                            .iter()
                            .map(f64::to_string)
                            .collect::<Vec<_>>()
                            .join(","),
                    )
                };
                if let (Some(mean), Some(std)) = (list(0, "mean"), list(1, "std")) {
                    self.set("normalize", "custom");
                    self.set("mean", mean);
                    self.set("std", std);
                }
            }
            _ => {}
        }
    }

    /// A loop of the script: how many epochs it goes through.
    pub(crate) fn loops(&mut self, repeated: &StmtFor) {
        let (Expr::Name(name), Expr::Call(call)) = (&*repeated.target, &*repeated.iter) else {
            return;
        };
        if !name.id.as_str().to_lowercase().contains("epoch") {
            return;
        }
        let numbers: Vec<i64> = call
            .arguments
            .args
            .iter()
            .filter_map(|argument| match argument {
                Expr::NumberLiteral(literal) => match &literal.value {
                    ruff_python_ast::Number::Int(value) => value.as_i64(),
                    _ => None,
                },
                _ => None,
            })
            .collect();
        match numbers[..] {
            [epochs] => self.set("epochs", epochs),
            [from, to] => self.set("epochs", to - from),
            _ => {}
        }
    }
}
