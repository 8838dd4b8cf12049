//! Calls: of functions, of classes, of objects.

use std::rc::Rc;

use crate::fault::{Outcome, ReadingCause, ReadingFault, unfit};
use crate::machine::{Machine, Next};
use crate::near::near;
use crate::refused::layer_of;
use crate::value::{
    Access, Attributes, Body, Class, Function, Given, Object, Scope, Value, unknown,
};

/// What makes whole networks.
const ELSEWHERE: [&str; 7] = [
    "torchvision.models.",
    "torch.hub.load",
    "timm.",
    "transformers.",
    "segmentation_models_pytorch.",
    "tensorflow.keras.",
    "keras.",
];

/// Classes, as many define them, that leave out a branch now and then while training.
const PASSES_ON: [&str; 3] = ["DropPath", "StochasticDepth", "DropConnect"];

/// Layers that a book's own library has, and PyTorch's that they are.
const FLATTENS: &str = "d2lzh_pytorch.FlattenLayer";

impl<'a> Machine<'a> {
    /// What comes of calling this.
    pub(crate) fn call(
        &mut self,
        function: &Value<'a>,
        mut given: Given<'a>,
    ) -> Outcome<Value<'a>> {
        self.charge(1 + given.values.len())?;
        match function {
            Value::Function(function) => self.run(function, given),
            Value::Bound(bound) => {
                given.values.insert(0, bound.0.clone());
                self.call(&bound.1, given)
            }
            Value::Partial(partial) => {
                let mut all = partial.1.clone();
                all.values.append(&mut given.values);
                for (name, value) in given.named {
                    all.named.retain(|(known, _)| *known != name);
                    all.named.push((name, value));
                }
                all.place = given.place;
                self.deeper(|machine| machine.call(&partial.0, all))
            }
            Value::Class(class) => self.deeper(|machine| machine.construct(class, given)),
            Value::Object(object) if object.is_module() => {
                self.deeper(|machine| machine.forward(object, given))
            }
            Value::Object(object) => match object.class.get("__call__") {
                Some(method) => {
                    given.values.insert(0, function.clone());
                    self.call(&method, given)
                }
                None => unfit(format!("{}()", object.class.name)),
            },
            Value::Method(method) => {
                self.deeper(|machine| machine.method(&method.0, &method.1, given))
            }
            Value::Known(path) => self.deeper(|machine| machine.known(path, given)),
            Value::Unknown(name) => {
                self.recipe.called(name, &given);
                self.settled(name, &given);
                if name.ends_with(FLATTENS) {
                    let class = self.torch_class("Flatten", true);
                    return self.call(&Value::Class(class), given);
                }
                if &**name == "dataclasses.field" {
                    return match (given.named("default"), given.named("default_factory")) {
                        (Some(value), _) => Ok(value),
                        (None, Some(maker)) => self.call(&maker, Given::default()),
                        _ => Ok(Value::None),
                    };
                }
                if ELSEWHERE.iter().any(|path| name.starts_with(path)) {
                    self.elsewhere
                        .get_or_insert_with(|| (name.to_string(), given.place));
                }
                // A network that is wrapped, as for several devices, is the network.
                if let (Some(Value::Object(object)), true) =
                    (given.values.first(), name.ends_with("DataParallel"))
                {
                    return Ok(Value::Object(Rc::clone(object)));
                }
                match given
                    .values
                    .iter()
                    .any(|value| matches!(value, Value::Tensor(_)))
                {
                    true => Err(unknown(name)),
                    false => Ok(Value::unknown(format!("{name}()"))),
                }
            }
            other => unfit(format!("{}()", other.kind())),
        }
    }

    fn run(&mut self, function: &Rc<Function<'a>>, given: Given<'a>) -> Outcome<Value<'a>> {
        let scope = Scope::within(&function.scope);
        if let Some(class) = &*function.class.borrow() {
            scope.set("__class__", Value::Class(Rc::clone(class)));
            if let Some(first) = given.values.first() {
                scope.set("__self__", first.clone());
            }
        }
        self.bind(function, given, &scope)?;
        self.calls += 1;
        let done = self.deeper(|machine| match function.body {
            Body::Expression(body) => machine.value(body, &scope),
            Body::Statements(body) => Ok(match machine.block(body, &scope)? {
                Next::Return(value) => value,
                _ => Value::None,
            }),
        });
        self.calls -= 1;
        done
    }

    /// Gives the parameters their values.
    fn bind(
        &mut self,
        function: &Function<'a>,
        given: Given<'a>,
        scope: &Scope<'a>,
    ) -> Outcome<()> {
        let fault = |cause: ReadingCause, name: &str| {
            ReadingFault::new(cause)
                .with("name", name)
                .with("of", function.name)
        };
        // What a method is called on is not counted.
        let is_method = function.class.borrow().is_some() && function.access != Access::Static;
        let found = given.values.len().saturating_sub(usize::from(is_method));
        let too_many = |limit: usize| {
            ReadingFault::new(ReadingCause::Arguments)
                .with("of", function.name)
                .with("limit", limit.saturating_sub(usize::from(is_method)))
                .with("found", found)
        };
        let Some(parameters) = function.parameters else {
            return match given.values.is_empty() {
                true => Ok(()),
                false => Err(too_many(0)),
            };
        };
        let mut values = given.values.into_iter();
        let mut named = given.named;
        let mut taken = |name: &str| {
            let at = named.iter().position(|(known, _)| **known == *name)?;
            Some(named.remove(at).1)
        };
        let placed = parameters.posonlyargs.iter().chain(&parameters.args);
        for (parameter, is_placed) in placed
            .map(|one| (one, true))
            .chain(parameters.kwonlyargs.iter().map(|one| (one, false)))
        {
            let name = parameter.parameter.name.as_str();
            if !is_placed && let Some(rest) = &parameters.vararg {
                let all: Vec<_> = values.by_ref().collect();
                if !all.is_empty() {
                    scope.set(rest.name.as_str(), Value::tuple(all));
                }
            }
            let value = if is_placed { values.next() } else { None };
            let value = value
                .or_else(|| taken(name))
                .or_else(|| function.defaults.get(name).cloned());
            scope.set(
                name,
                value.ok_or_else(|| fault(ReadingCause::Argument, name))?,
            );
        }
        if let Some(rest) = &parameters.vararg {
            let all: Vec<_> = values.by_ref().collect();
            if !scope.names.borrow().contains_key(rest.name.as_str()) || !all.is_empty() {
                scope.set(rest.name.as_str(), Value::tuple(all));
            }
        }
        if values.next().is_some() {
            return Err(too_many(
                parameters.posonlyargs.len() + parameters.args.len(),
            ));
        }
        match (&parameters.kwarg, named.first()) {
            (Some(rest), _) => {
                let items = named
                    .into_iter()
                    .map(|(name, value)| (Value::Text(name), value));
                let items: Vec<_> = items.collect();
                scope.set(rest.name.as_str(), Value::dict(items));
                Ok(())
            }
            (None, Some((name, _))) => {
                let known = parameters.iter_non_variadic_params();
                let known: Vec<_> = known.map(|one| one.parameter.name.as_str()).collect();
                let cause = match known.contains(&&**name) {
                    true => ReadingCause::ArgumentTwice,
                    false => ReadingCause::ArgumentUnknown,
                };
                let meant = near(name, known).map(|meant| format!("{meant}=…"));
                Err(fault(cause, name)
                    .near(meant.filter(|_| cause == ReadingCause::ArgumentUnknown)))
            }
            (None, None) => Ok(()),
        }
    }

    fn construct(&mut self, class: &Rc<Class<'a>>, given: Given<'a>) -> Outcome<Value<'a>> {
        self.objects += 1;
        let object = Rc::new(Object {
            class: Rc::clone(class),
            attributes: Attributes::default().into(),
            made: None.into(),
            place: given.place.into(),
            is_begun: false.into(),
            id: self.objects,
        });
        let value = Value::Object(Rc::clone(&object));
        let is_network = !class.is_torch || *class.name == *"Sequential";
        let is_root = self.building == 0 && is_network && object.is_module();
        self.building += 1;
        let constructor = class.get("__init__");
        let done = match constructor {
            Some(constructor) => {
                let mut given = given;
                given.values.insert(0, value.clone());
                self.call(&constructor, given)
            }
            None => self.initialize(class, &object, given),
        };
        self.building = self.building.saturating_sub(1);
        done.map_err(|fault| {
            let (start, end) = object.place.get();
            let fault = fault.placed(start, end);
            if is_root && fault.cause.is_pytorchs() {
                self.refused.push((Rc::clone(class), fault.clone()));
            }
            fault
        })?;
        if is_root {
            self.roots.push(object);
        }
        Ok(value)
    }

    /// The constructor of one of PyTorch's classes, or of one from elsewhere.
    pub(crate) fn initialize(
        &mut self,
        class: &Rc<Class<'a>>,
        object: &Rc<Object<'a>>,
        given: Given<'a>,
    ) -> Outcome<Value<'a>> {
        let Some(torch) = class.torch() else {
            return self.filled(object, given);
        };
        object.is_begun.set(true);
        let set =
            |name: &str, value: &Value<'a>| object.attributes.borrow_mut().set(name, value.clone());
        match &*torch.name {
            "Sequential" => {
                let parts = match (given.values.first(), given.values.len()) {
                    (Some(Value::Dict(items)), 1) => items.borrow().to_vec(),
                    _ => given
                        .values
                        .iter()
                        .enumerate()
                        .map(|(at, value)| (Value::text(at.to_string()), value.clone()))
                        .collect(),
                };
                for (name, value) in parts {
                    let name = self.shown(&name, false)?;
                    match value {
                        Value::Object(part) if part.is_module() => set(&name, &Value::Object(part)),
                        Value::Unknown(name) => return Err(unknown(&name)),
                        other => return Err(self.no_layer("nn.Sequential", &other)),
                    }
                }
            }
            "ModuleList" => {
                if let Some(values) = given.values.first() {
                    let values = self.iterate(values)?;
                    for (at, value) in values.iter().enumerate() {
                        let is_layer = matches!(value, Value::Object(part) if part.is_module());
                        if !is_layer && !matches!(value, Value::Unknown(_) | Value::None) {
                            return Err(self.no_layer("nn.ModuleList", value));
                        }
                        set(&at.to_string(), value);
                    }
                }
            }
            "ModuleDict" => {
                if let Some(Value::Dict(items)) = given.values.first() {
                    for (name, value) in items.borrow().iter() {
                        if let Value::Text(name) = name {
                            set(name, value);
                        }
                    }
                }
            }
            "ParameterList" => {
                let values = given.values.first().map(|values| self.iterate(values));
                for (at, value) in values.transpose()?.unwrap_or_default().iter().enumerate() {
                    set(&at.to_string(), value);
                }
            }
            "Module" => {}
            name => {
                self.accepted(name, &given)?;
                object.place.set(given.place);
                *object.made.borrow_mut() = Some(Rc::new(given));
            }
        }
        Ok(Value::None)
    }

    /// That something stands where a layer is needed, with how it would be one.
    fn no_layer(&self, of: &str, value: &Value<'a>) -> Box<ReadingFault> {
        let (what, meant) = match value {
            Value::Class(class) if class.is_torch => {
                (class.name.to_string(), Some(format!("nn.{}()", class.name)))
            }
            Value::Class(class) => (class.name.to_string(), Some(format!("{}()", class.name))),
            Value::Known(path) => {
                let name = path.rsplit('.').next().unwrap_or(path);
                let layer = layer_of(name).map(|layer| format!("nn.{layer}()"));
                (name.to_owned(), layer)
            }
            Value::List(_) | Value::Tuple(_) => {
                (value.kind().to_owned(), Some(format!("{of}(*[…])")))
            }
            other => (other.kind().to_owned(), None),
        };
        let fault = ReadingFault::new(ReadingCause::NotLayer).with("of", of);
        fault.with("what", what).near(meant)
    }

    /// What a module makes of what it is called with.
    pub(crate) fn forward(
        &mut self,
        object: &Rc<Object<'a>>,
        mut given: Given<'a>,
    ) -> Outcome<Value<'a>> {
        if let (Some(graph), Some(Value::Tensor(_)), true) = (
            &mut self.graph,
            given.values.first(),
            PASSES_ON.contains(&&*object.class.name),
        ) {
            graph.remark(
                ReadingFault::new(ReadingCause::TakenAs)
                    .with("name", &object.class.name)
                    .with("as", "nn.Identity"),
            );
            return Ok(given.values.remove(0));
        }
        let before = self.graph.as_mut().map(|graph| graph.object);
        let done = match object.class.get("forward") {
            Some(forward) => {
                given.values.insert(0, Value::Object(Rc::clone(object)));
                self.call(&forward, given)
            }
            None => {
                if let Some(graph) = &mut self.graph {
                    graph.object = Some(object.id);
                    graph.made.insert(object.id, object.place.get());
                }
                self.torch_forward(object, given)
            }
        };
        if let (Some(graph), Some(before)) = (&mut self.graph, before) {
            graph.object = before;
        }
        done
    }
}
