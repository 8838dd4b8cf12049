//! A class while it is written: its attributes, and the statements of its `forward`.

use std::collections::{BTreeMap, BTreeSet};

use super::NETWORK;
use super::call::Call;
use super::made::{How, Instance, Made, Plan, SHORTCUT, has_aside, has_merge, is_long, kinds};
use super::names;
use crate::arch::{Form, Join, Shaped};
use crate::operation::{Operation, Shape};

/// A class while it is written.
struct Class<'p> {
    plan: &'p mut Plan,
    is_network: bool,
    members: Vec<(String, Made)>,
    /// Attributes without weights, which are used wherever the same is needed, by what makes them.
    reused: BTreeMap<String, String>,
    steps: Vec<String>,
    /// Variables whose values are still needed.
    live: BTreeSet<String>,
    /// Variables of auxiliary logits.
    asides: Vec<String>,
}

/// What flows: an expression, and the variable that it may be put into.
#[derive(Debug, Clone)]
struct Flow {
    name: String,
    value: String,
    shape: Shape,
}

impl<'p> Class<'p> {
    fn new(plan: &'p mut Plan, is_network: bool) -> Self {
        Self {
            plan,
            is_network,
            members: Vec::new(),
            reused: BTreeMap::new(),
            steps: Vec::new(),
            live: BTreeSet::from(["x".to_owned()]),
            asides: Vec::new(),
        }
    }

    /// The attributes and the statements of the class of this part.
    fn written(mut self, part: &Shaped) -> (Vec<(String, Made)>, Vec<String>) {
        let start = Flow {
            name: "x".to_owned(),
            value: "x".to_owned(),
            shape: part.input,
        };
        let mut end = self.inside(part, start);
        if !self.asides.is_empty() {
            end = self.put(end);
            let asides = self.asides.join(", ");
            end.value = format!("({0}, {asides}) if self.training else {0}", end.name);
        }
        let shape = self.comment(end.shape);
        self.steps.push(format!("return {}{shape}", end.value));
        (self.members, self.steps)
    }

    /// What becomes of a value in a part that is written out here.
    fn inside(&mut self, part: &Shaped, flow: Flow) -> Flow {
        match &part.form {
            Form::Operation(operation) => self.operation(part, *operation, flow),
            Form::Sequential(parts) => {
                let own = &part.path;
                parts.iter().fold(flow, |flow, child| {
                    let is_plain = !self.is_network && !has_merge(child);
                    let is_open = child.path == *own || has_aside(child) || is_plain;
                    match &child.form {
                        Form::Operation(_) => self.inside(child, flow),
                        Form::Merge {
                            join: Join::Multiply,
                            ..
                        } => self.outside(child, flow),
                        _ if is_open => self.inside(child, flow),
                        _ => self.outside(child, flow),
                    }
                })
            }
            Form::Merge { join, branches } => self.merge(part, *join, branches, flow),
        }
    }

    /// The same for a part that is an attribute.
    fn outside(&mut self, part: &Shaped, flow: Flow) -> Flow {
        let Flow { name, value, .. } = self.put(flow);
        let made = self.plan.made(part, false);
        let attribute = self.member(part.name(), made);
        Flow {
            value: format!("self.{attribute}({value})"),
            name,
            shape: part.output,
        }
    }

    fn operation(&mut self, part: &Shaped, operation: Operation, flow: Flow) -> Flow {
        if matches!(operation, Operation::Identity(_)) {
            return flow;
        }
        let about = operation.about();
        let Flow { name, value, .. } = match about.is_attached() {
            true => flow,
            false => self.put(flow),
        };
        let made = self.plan.made(part, true);
        let attribute = match made.weights {
            0 => {
                let key = about.source(part.input).expression;
                match self.reused.get(&key) {
                    Some(known) => known.clone(),
                    None => {
                        let wanted = match operation {
                            Operation::Activation(_) => about.kind(),
                            _ => part.name(),
                        };
                        let known = self.member(
                            wanted.trim_end_matches(|sign: char| sign.is_ascii_digit()),
                            made,
                        );
                        self.reused.insert(key, known.clone());
                        known
                    }
                }
            }
            _ => self.member(part.name(), made),
        };
        Flow {
            value: format!("self.{attribute}({value})"),
            name,
            shape: part.output,
        }
    }

    /// The value in a variable: that which it is in already, or its own.
    fn put(&mut self, flow: Flow) -> Flow {
        let Flow { name, value, shape } = flow;
        if self.live.contains(&value) {
            return Flow { name, value, shape };
        }
        if name != value {
            let comment = self.comment(shape);
            self.steps.push(format!("{name} = {value}{comment}"));
        }
        Flow {
            value: name.clone(),
            name,
            shape,
        }
    }

    /// What a statement's value has for sizes, which are known of the network alone.
    fn comment(&self, shape: Shape) -> String {
        match self.is_network {
            true => format!("  # {shape}"),
            false => String::new(),
        }
    }

    fn member(&mut self, wanted: &str, made: Made) -> String {
        let wanted = names::attribute(wanted);
        let is_free = |name: &String| self.members.iter().all(|(known, _)| known != name);
        let stem = wanted.trim_end_matches(|sign: char| sign.is_ascii_digit());
        let mut further = (2..).map(|number| format!("{stem}{number}"));
        let name = match is_free(&wanted) {
            true => wanted,
            false => further.find(is_free).unwrap_or_default(),
        };
        self.members.push((name.clone(), made));
        name
    }

    /// A new variable.
    fn variable(&mut self, wanted: &str) -> String {
        let numbered = (2..).map(|number| format!("{wanted}{number}"));
        let mut all = std::iter::once(wanted.to_owned()).chain(numbered);
        let name = all
            .find(|name| !self.live.contains(name))
            .unwrap_or_default();
        self.live.insert(name.clone());
        name
    }

    fn merge(&mut self, part: &Shaped, join: Join, branches: &[Shaped], flow: Flow) -> Flow {
        let Flow { name, value, shape } = self.put(flow);
        if join == Join::Auxiliary {
            return self.aside(branches, Flow { name, value, shape });
        }
        let is_same =
            |branch: &Shaped| matches!(branch.form, Form::Operation(Operation::Identity(_)));
        let main = match branches.len() {
            2 => branches.iter().position(|branch| !is_same(branch)),
            _ => None,
        };
        let mut values = Vec::new();
        for (at, branch) in branches.iter().enumerate() {
            let is_inside = main == Some(at) || has_merge(branch);
            values.push(if is_same(branch) {
                match branch.name() == SHORTCUT && !self.is_network && main.is_some() {
                    true => {
                        let how = How::Same;
                        let (output, weights) = (branch.output, 0);
                        let attribute = self.member(
                            SHORTCUT,
                            Made {
                                how,
                                output,
                                weights,
                            },
                        );
                        format!("self.{attribute}({value})")
                    }
                    false => value.clone(),
                }
            } else if is_inside {
                let variable = self.variable(if join == Join::Multiply && at > 0 {
                    "gate"
                } else {
                    "out"
                });
                let start = Flow {
                    name: variable,
                    value: value.clone(),
                    shape,
                };
                let end = self.inside(branch, start);
                self.put(end).value
            } else {
                let made = self.plan.made(branch, true);
                let attribute = self.member(branch.name(), made);
                format!("self.{attribute}({value})")
            });
        }
        let joined = match join {
            Join::Add => values.join(" + "),
            Join::Concat => format!("torch.cat([{}], dim=1)", values.join(", ")),
            _ => {
                let gates =
                    values
                        .iter()
                        .zip(branches)
                        .enumerate()
                        .map(|(at, (value, gate))| match (at, gate.output, part.output) {
                            (1.., Shape::Vector(_), Shape::Image(_)) => {
                                format!("{value}[:, :, None, None]")
                            }
                            _ => value.clone(),
                        });
                gates.collect::<Vec<_>>().join(" * ")
            }
        };
        for made in values
            .iter()
            .filter(|made| **made != value && **made != name)
        {
            self.live.remove(made);
        }
        Flow {
            name,
            value: joined,
            shape: part.output,
        }
    }

    /// Auxiliary classifiers, and what goes on.
    fn aside(&mut self, branches: &[Shaped], flow: Flow) -> Flow {
        let (on, classifiers) = branches.split_at(1.min(branches.len()));
        for classifier in classifiers {
            let made = self.plan.made(classifier, true);
            let attribute = self.member("auxiliary", made);
            let variable = self.variable(&attribute);
            let comment = self.comment(classifier.output);
            self.steps.push(format!(
                "{variable} = self.{attribute}({}){comment}",
                flow.value
            ));
            self.asides.push(variable);
        }
        on.iter().fold(flow, |flow, on| self.inside(on, flow))
    }
}

impl Plan {
    pub(super) fn of(network: &Shaped) -> Self {
        let mut plan = Self::default();
        plan.count(network, true);
        plan.instance(network, true);
        plan
    }

    fn count(&mut self, part: &Shaped, is_branch: bool) {
        let is_stage = part.parts().iter().all(is_long);
        if !is_branch && !is_stage && !has_merge(part) && is_long(part) {
            *self.repeated.entry(kinds(part)).or_default() += 1;
        }
        let below = matches!(part.form, Form::Merge { .. });
        part.parts().iter().for_each(|part| self.count(part, below));
    }

    pub(super) fn made(&mut self, part: &Shaped, is_branch: bool) -> Made {
        let how = match &part.form {
            Form::Operation(operation) => self.call(part, *operation),
            Form::Sequential(parts) if !has_merge(part) => {
                if parts.iter().all(is_long) {
                    How::Sequence(parts.iter().map(|part| self.made(part, false)).collect())
                } else if !is_branch && is_long(part) && self.repeated.get(&kinds(part)) > Some(&1)
                {
                    How::Instance(self.instance(part, false))
                } else {
                    let all = part.operations().into_iter();
                    How::Sequence(all.map(|(part, _)| self.made(part, true)).collect())
                }
            }
            // A stage is its blocks.
            Form::Sequential(parts)
                if parts.iter().all(|block| {
                    block.path != part.path
                        && !matches!(block.form, Form::Operation(_) | Form::Merge { .. })
                }) =>
            {
                How::Sequence(parts.iter().map(|part| self.made(part, false)).collect())
            }
            _ => How::Instance(self.instance(part, false)),
        };
        Made {
            how,
            output: part.output,
            weights: part.weights(),
        }
    }

    fn call(&mut self, part: &Shaped, operation: Operation) -> How {
        let source = operation.about().source(part.input);
        if let Some(class) = source.class.filter(|class| !self.helpers.contains(class)) {
            self.helpers.push(class);
        }
        How::Call(Call::of(&source.expression), part.path.clone())
    }

    /// The number of a new instance that this part is.
    fn instance(&mut self, part: &Shaped, is_network: bool) -> usize {
        let (members, steps) = Class::new(self, is_network).written(part);
        let height = members.iter().map(|(_, made)| self.height(made)).max();
        self.instances.push(Instance {
            base: if is_network {
                NETWORK
            } else {
                names::class(part)
            },
            members,
            steps,
            channels: [part.input, part.output].map(Shape::channels),
            height: height.unwrap_or(0),
        });
        self.instances.len() - 1
    }

    fn height(&self, made: &Made) -> usize {
        match &made.how {
            How::Same | How::Call(..) => 0,
            How::Sequence(parts) => parts
                .iter()
                .map(|part| self.height(part))
                .max()
                .unwrap_or(0),
            How::Instance(at) => 1 + self.instances[*at].height,
        }
    }
}
