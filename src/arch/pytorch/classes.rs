//! Blocks that differ only in their numbers as one class, whose parameters those numbers are.

use std::collections::BTreeMap;

use super::NETWORK;
use super::call::{Argument, Call};
use super::made::{How, Instance, Made, Plan, SHORTCUT};

/// A class.
#[derive(Debug)]
pub(super) struct Class {
    /// Its name.
    pub(super) name: String,
    /// What its constructor takes.
    pub(super) parameters: Vec<Parameter>,
    /// One of the instances, whose structure it is.
    pub(super) model: usize,
    /// What stands in the place of each argument of the model's members.
    pub(super) values: Vec<String>,
    /// Where only some instances have a shortcut of their own: when.
    pub(super) condition: Option<&'static str>,
}

/// What a constructor takes.
#[derive(Debug, Clone)]
pub(super) struct Parameter {
    /// Its name.
    pub(super) name: String,
    /// What it is where nothing is given.
    pub(super) usual: Option<String>,
    counts: bool,
    /// What each instance is given; nothing where it does not matter.
    each: Vec<Option<String>>,
}

/// All classes, each behind those that it uses, and how each instance is made.
pub(super) fn all(plan: &mut Plan) -> (Vec<Class>, Vec<Call>) {
    let blank = Call {
        function: String::new(),
        arguments: Vec::new(),
    };
    let mut calls = vec![blank; plan.instances.len()];
    let mut classes: Vec<Class> = Vec::new();
    let highest = plan.instances.iter().map(|instance| instance.height).max();
    for height in 0..=highest.unwrap_or(0) {
        let here = (0..plan.instances.len()).filter(|&at| plan.instances[at].height == height);
        let mut alike: BTreeMap<(usize, String), Vec<usize>> = BTreeMap::new();
        let mut firsts: BTreeMap<String, usize> = BTreeMap::new();
        for at in here {
            let key = skeleton(&plan.instances[at], &calls);
            let first = *firsts.entry(key.clone()).or_insert(at);
            alike.entry((first, key)).or_default().push(at);
        }
        for group in alike.into_values() {
            for members in parted(plan, &group, &calls) {
                let mut class = generalized(plan, &members, &calls);
                class.name = free(&classes, plan.instances[class.model].base);
                for (number, &at) in members.iter().enumerate() {
                    let arguments = class.parameters.iter().map(|it| it.argument(number));
                    calls[at] = Call {
                        function: class.name.clone(),
                        arguments: arguments.collect(),
                    };
                }
                classes.push(class);
            }
        }
    }
    (classes, calls)
}

impl Parameter {
    /// What this instance is given for it.
    fn argument(&self, number: usize) -> Argument {
        let value = self.each[number].clone().or_else(|| self.usual.clone());
        Argument {
            name: self.usual.as_ref().map(|_| self.name.clone()),
            value: value.unwrap_or_default(),
            usual: self.usual.clone(),
            counts: self.counts,
            label: Some(self.name.clone()),
        }
    }
}

fn free(classes: &[Class], base: &str) -> String {
    let numbered = (2..).map(|number| format!("{base}{number}"));
    let mut all = std::iter::once(base.to_owned()).chain(numbered);
    let is_free = |name: &String| classes.iter().all(|class| class.name != *name);
    all.find(is_free).unwrap_or_default()
}

/// What instances of one class have in common; a shortcut may differ.
fn skeleton(instance: &Instance, calls: &[Call]) -> String {
    let members = instance.members.iter().map(|(name, made)| match &name[..] {
        SHORTCUT => name.clone(),
        _ => format!("{name}: {}", shape(made, calls)),
    });
    let members: Vec<_> = members.collect();
    format!("{} {members:?} {:?}", instance.base, instance.steps)
}

fn shape(made: &Made, calls: &[Call]) -> String {
    match &made.how {
        How::Same => String::new(),
        How::Call(call, _) => call.skeleton(),
        How::Sequence(parts) => {
            let parts: Vec<_> = parts.iter().map(|part| shape(part, calls)).collect();
            format!("[{}]", parts.join("; "))
        }
        How::Instance(at) => calls[*at].skeleton(),
    }
}

fn shortcut(instance: &Instance) -> Option<&Made> {
    let mut members = instance.members.iter();
    members
        .find(|(name, _)| name == SHORTCUT)
        .map(|(_, made)| made)
}

/// Instances that are alike but for their shortcuts, as those that one class can have: all of them, if what they are given says
/// which have one.
fn parted(plan: &mut Plan, group: &[usize], calls: &[Call]) -> Vec<Vec<usize>> {
    let mut kinds: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for &at in group {
        let kind = shortcut(&plan.instances[at]).map(|made| shape(made, calls));
        kinds.entry(kind.unwrap_or_default()).or_default().push(at);
    }
    if kinds.len() == 2
        && kinds.contains_key("")
        && generalized(plan, group, calls).condition.is_some()
    {
        return vec![group.to_vec()];
    }
    for &at in kinds.get("").into_iter().flatten() {
        let instance = &mut plan.instances[at];
        instance
            .members
            .retain(|(name, made)| name != SHORTCUT || !matches!(made.how, How::Same));
        if shortcut(instance).is_none() {
            for step in &mut instance.steps {
                if let Some((before, rest)) = step.split_once(&format!("self.{SHORTCUT}("))
                    && let Some((variable, behind)) = rest.split_once(')')
                {
                    *step = format!("{before}{variable}{behind}");
                }
            }
        }
    }
    kinds.into_values().collect()
}

/// What a module and those in it are given, each with what it may be called.
fn given(made: &Made, label: &str, calls: &[Call], all: &mut Vec<(String, Argument)>) {
    match &made.how {
        How::Same => {}
        How::Call(call, _) => all.extend(
            call.arguments
                .iter()
                .map(|it| (label.to_owned(), it.clone())),
        ),
        How::Instance(at) => {
            let arguments = calls[*at].arguments.iter();
            all.extend(arguments.map(|it| (label.to_owned(), it.clone())));
        }
        How::Sequence(parts) => {
            let learning = parts
                .iter()
                .filter(|part| part.weights > 0 && is_layer(part))
                .count();
            let mut number = 0;
            for part in parts {
                number += usize::from(is_layer(part));
                let label = match learning {
                    0 | 1 => label.to_owned(),
                    _ => format!("{label}{number}"),
                };
                given(part, &label, calls, all);
            }
        }
    }
}

/// Whether it is a layer whose outputs have a number of their own.
fn is_layer(made: &Made) -> bool {
    match &made.how {
        How::Call(call, _) => {
            ["nn.Conv2d", "nn.Linear", "nn.ConvTranspose2d"].contains(&&*call.function)
        }
        How::Instance(_) => true,
        How::Same | How::Sequence(_) => false,
    }
}

/// The class of these instances.
fn generalized(plan: &Plan, group: &[usize], calls: &[Call]) -> Class {
    let has_own = |at: &usize| {
        !matches!(
            shortcut(&plan.instances[*at]).map(|made| &made.how),
            None | Some(How::Same)
        )
    };
    let model = group.iter().copied().find(has_own).unwrap_or(group[0]);
    let channels = |end: usize| -> Vec<Option<String>> {
        group
            .iter()
            .map(|&at| Some(plan.instances[at].channels[end].to_string()))
            .collect()
    };
    let ends = match plan.instances[model].base {
        NETWORK => Vec::new(),
        _ => vec![channels(0), channels(1)],
    };
    let mut parameters = Vec::new();
    let mut values = Vec::new();
    for (place, (name, made)) in plan.instances[model].members.iter().enumerate() {
        let of = |made: &Made| {
            let mut all = Vec::new();
            given(made, name, calls, &mut all);
            all
        };
        let all: Vec<_> = group
            .iter()
            .map(|&at| of(&plan.instances[at].members[place].1))
            .collect();
        for (number, (label, argument)) in of(made).into_iter().enumerate() {
            let each = all
                .iter()
                .map(|given| Some(given.get(number)?.1.value.clone()))
                .collect();
            values.push(value(&mut parameters, &ends, &label, &argument, each));
        }
    }
    // What may be left out stands last.
    parameters.sort_by_key(|it: &Parameter| it.usual.is_some());
    let some = group.iter().any(has_own) && !group.iter().all(has_own);
    let condition = some.then(|| {
        CONDITIONS.into_iter().find(|words| {
            (0..group.len())
                .all(|number| holds(words, &parameters, number) == Some(has_own(&group[number])))
        })
    });
    Class {
        name: String::new(),
        parameters,
        model,
        values,
        condition: condition.flatten(),
    }
}

/// What may say that a shortcut has work to do.
const CONDITIONS: [&str; 3] = [
    "stride != 1 or in_channels != out_channels",
    "stride != 1",
    "in_channels != out_channels",
];

/// Whether one of [`CONDITIONS`] holds for an instance; nothing where its parameters are missing.
fn holds(words: &str, parameters: &[Parameter], number: usize) -> Option<bool> {
    let value = |name: &str| {
        let known = parameters.iter().find(|it| it.name == name);
        known.map_or_else(
            || name.parse::<u32>().ok().map(|_| name.to_owned()),
            |it| it.each[number].clone(),
        )
    };
    let mut any = false;
    for one in words.split(" or ") {
        let (left, right) = one.split_once(" != ")?;
        any |= value(left)? != value(right)?;
    }
    Some(any)
}

/// Whether two vectors say the same wherever both say something.
fn agree(one: &[Option<String>], two: &[Option<String>]) -> bool {
    one.iter()
        .zip(two)
        .all(|(one, two)| one.is_none() || two.is_none() || one == two)
}

/// What stands for an argument in the class: the number itself if it is always the same, else a parameter.
fn value(
    parameters: &mut Vec<Parameter>,
    ends: &[Vec<Option<String>>],
    label: &str,
    argument: &Argument,
    each: Vec<Option<String>>,
) -> String {
    let constant = agree(&each, &vec![Some(argument.value.clone()); each.len()]);
    let is_end = argument.counts && ends.iter().any(|end| agree(end, &each));
    if constant && !is_end {
        // What only some instances have may be what all are given.
        let given = parameters.iter().find(|it| {
            each.contains(&None)
                && Some(&it.name) == argument.name.as_ref()
                && agree(&it.each, &each)
        });
        return given.map_or_else(|| argument.value.clone(), |it| it.name.clone());
    }
    let counts = argument.counts || argument.name.as_deref() == Some("groups");
    let name = if is_end {
        match (agree(&ends[0], &each), ends[0] == ends[1]) {
            (_, true) => "channels".to_owned(),
            (true, false) => "in_channels".to_owned(),
            (false, false) => "out_channels".to_owned(),
        }
    } else {
        match &argument.name {
            Some(name) => name.clone(),
            None => match &argument.label {
                Some(label) => label.clone(),
                None if label.starts_with("conv") => "middle".to_owned(),
                None => label.to_owned(),
            },
        }
    };
    let known = parameters
        .iter_mut()
        .find(|it| it.counts == counts && agree(&it.each, &each) && (counts || it.name == name));
    if let Some(known) = known {
        for (known, new) in known.each.iter_mut().zip(each) {
            *known = known.take().or(new);
        }
        return known.name.clone();
    }
    let taken = |name: &String| parameters.iter().any(|it| it.name == *name);
    let numbered = (2..).map(|number| format!("{name}{number}"));
    let mut all = std::iter::once(name.clone()).chain(numbered);
    let name = all.find(|name| !taken(name)).unwrap_or_default();
    let usual = argument.usual.clone();
    parameters.push(Parameter {
        name: name.clone(),
        usual,
        counts,
        each,
    });
    name
}
