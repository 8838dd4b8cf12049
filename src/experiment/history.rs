//! What later versions of the link grammar changed, so that every link ever made opens; and what a spec means that was
//! written before it had all of its members.

use super::fields::{FIRST_LAYERS, UNTIL};
use super::{Augment, Init, Order, Task, VERSION};
use crate::base::error::{Code, Problem, Result, shown};

/// A parameter of a link: key and value, both decoded.
pub(super) type LinkParameter = (String, String);

/// Turns the parameters of one version into those of the next.
type Step = fn(Vec<LinkParameter>) -> Vec<LinkParameter>;

/// For each version after the first, the step that brings a link of the version before up to it. A step is
/// written with the change that needs it, and never changed afterwards.
const STEPS: [Step; VERSION as usize - 1] = [];

/// The version of a link that names none: the first. This never changes.
const UNSAID: u32 = 1;

/// Brings a link's parameters up to date, before anything else looks at them, and takes out the
/// version. A link of a later version is read as if it were of this one, with a problem.
pub(super) fn bring_up(parameters: Vec<LinkParameter>) -> (Vec<LinkParameter>, Option<Problem>) {
    let said = parameters.iter().find(|(key, _)| key == "v");
    let (version, problem) = match said.map_or(Ok(UNSAID), |(_, value)| version(value)) {
        Ok(version) => (version, None),
        Err(problem) => (VERSION, Some(problem)),
    };
    let rest = parameters.into_iter().filter(|(key, _)| key != "v");
    (walk(&STEPS, version, rest.collect()), problem)
}

fn version(text: &str) -> Result<u32> {
    let problem = |code| Problem::new(code).about("v").with("value", shown(text));
    match text.parse::<u32>() {
        Ok(0) => Err(problem(Code::OutOfRange)
            .with("min", 1)
            .with("max", VERSION)),
        Ok(version) if version > VERSION => Err(Problem::new(Code::LaterVersion)
            .with("version", version)
            .with("known", VERSION)),
        Ok(version) => Ok(version),
        Err(_) => Err(problem(Code::NotANumber)),
    }
}

/// Applies the steps from this version on.
fn walk(steps: &[Step], version: u32, parameters: Vec<LinkParameter>) -> Vec<LinkParameter> {
    let taken = steps.iter().skip(version as usize - 1);
    taken.fold(parameters, |parameters, step| step(parameters))
}

/// The order of samples before there was a choice.
pub(super) const fn order() -> Order {
    Order::Shuffled
}

/// The augmentation before there was one.
pub(super) const fn augment() -> Augment {
    Augment::None
}

/// The first weights before there was a choice.
pub(super) const fn init() -> Init {
    Init::PyTorch
}

/// The stages of a ResNet before there was a choice.
pub(super) const fn stages() -> u32 {
    3
}

/// What a network of one's own said of an image before there was one.
pub(super) const fn task() -> Task {
    Task::Classify
}

/// The text of a network of one's own before there was one.
pub(super) fn layers() -> String {
    FIRST_LAYERS.to_owned()
}

/// What was enough of a test before a run could end with that.
pub(super) const fn until() -> f64 {
    UNTIL
}

#[cfg(test)]
mod tests {
    use super::super::ExperimentSpec;
    use super::*;

    fn parameters(pairs: &[(&str, &str)]) -> Vec<LinkParameter> {
        let owned = |&(key, value): &(&str, &str)| (key.to_owned(), value.to_owned());
        pairs.iter().map(owned).collect()
    }

    /// As if version 2 had called `lr` `rate`.
    fn renamed(parameters: Vec<LinkParameter>) -> Vec<LinkParameter> {
        let rename = |(key, value)| match key {
            key if key == "lr" => ("rate".to_owned(), value),
            key => (key, value),
        };
        parameters.into_iter().map(rename).collect()
    }

    /// As if version 3 had left out `momentum`.
    fn without(parameters: Vec<LinkParameter>) -> Vec<LinkParameter> {
        let kept = parameters.into_iter().filter(|(key, _)| key != "momentum");
        kept.collect()
    }

    #[test]
    fn each_version_takes_the_steps_that_it_lacks_in_order() {
        let steps: [Step; 2] = [renamed, without];
        let link = parameters(&[("lr", "0.1"), ("momentum", "0.5")]);
        let from = |version| walk(&steps, version, link.clone());
        assert_eq!(from(1), parameters(&[("rate", "0.1")]));
        assert_eq!(from(2), parameters(&[("lr", "0.1")]));
        assert_eq!(from(3), link);
    }

    #[test]
    fn a_version_that_is_none_is_named() {
        for (text, code) in [
            ("0", Code::OutOfRange),
            ("2147483647", Code::LaterVersion),
            ("1.0", Code::NotANumber),
            ("", Code::NotANumber),
        ] {
            assert_eq!(version(text).unwrap_err().code, code, "{text}");
        }
        assert_eq!(version("1"), Ok(1));
    }

    #[test]
    fn a_spec_of_before_there_was_a_choice_means_what_was_done_then() {
        let spec = ExperimentSpec::default();
        let mut written = serde_json::to_value(&spec).unwrap();
        let later = [
            "order",
            "augment",
            "init",
            "smoothing",
            "nesterov",
            "stages",
            "auxiliary",
            "set",
            "task",
            "layers",
            "until",
        ];
        for key in later {
            assert!(written.as_object_mut().unwrap().remove(key).is_some());
        }
        let read: ExperimentSpec = serde_json::from_value(written.clone()).unwrap();
        assert_eq!(read, spec);
        // What was there from the first on is not made up.
        written.as_object_mut().unwrap().remove("net");
        assert!(serde_json::from_value::<ExperimentSpec>(written).is_err());
    }
}
