//! What a name can stand for.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use ruff_python_ast::{Expr, Parameters, Stmt};

use crate::fault::{Outcome, ReadingCause, ReadingFault, unfit};
use crate::kept::{Kept, end};
use crate::tensor::{Tensor, Weight};

/// Names with their values; the outer ones last.
#[derive(Debug, Default)]
pub(crate) struct Scope<'a> {
    pub(crate) names: RefCell<BTreeMap<Rc<str>, Value<'a>>>,
    pub(crate) outer: Option<Rc<Scope<'a>>>,
    /// Names that belong to the module, or to a function around this one.
    pub(crate) elsewhere: RefCell<Vec<Rc<str>>>,
}

impl<'a> Scope<'a> {
    pub(crate) fn within(outer: &Rc<Self>) -> Rc<Self> {
        let outer = Some(Rc::clone(outer));
        Rc::new(Self {
            outer,
            names: RefCell::default(),
            elsewhere: RefCell::default(),
        })
    }

    pub(crate) fn get(&self, name: &str) -> Option<Value<'a>> {
        let mut scope = self;
        loop {
            if let Some(value) = scope.names.borrow().get(name) {
                return Some(value.clone());
            }
            scope = scope.outer.as_deref()?;
        }
    }

    pub(crate) fn set(&self, name: &str, value: Value<'a>) {
        if self.elsewhere.borrow().iter().any(|other| **other == *name) {
            let mut scope = self.outer.as_deref();
            while let Some(outer) = scope {
                if outer.outer.is_none() || outer.names.borrow().contains_key(name) {
                    outer.names.borrow_mut().insert(name.into(), value);
                    return;
                }
                scope = outer.outer.as_deref();
            }
        } else {
            self.names.borrow_mut().insert(name.into(), value);
        }
    }
}

impl Drop for Scope<'_> {
    fn drop(&mut self) {
        end((self.names.take(), self.outer.take()));
    }
}

/// A function, or an expression that is one.
#[derive(Debug)]
pub(crate) struct Function<'a> {
    pub(crate) name: &'a str,
    pub(crate) parameters: Option<&'a Parameters>,
    pub(crate) defaults: BTreeMap<&'a str, Value<'a>>,
    pub(crate) body: Body<'a>,
    pub(crate) scope: Rc<Scope<'a>>,
    /// The class in whose body it stands.
    pub(crate) class: RefCell<Option<Rc<Class<'a>>>>,
    /// How it is reached from an object.
    pub(crate) access: Access,
}

/// What a function does.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Body<'a> {
    Statements(&'a [Stmt]),
    Expression(&'a Expr),
}

/// How a function in a class is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    Method,
    Static,
    Class,
    Property,
}

/// A class, of the text or of PyTorch's.
#[derive(Debug)]
pub(crate) struct Class<'a> {
    pub(crate) name: Rc<str>,
    /// Itself, and those that it inherits from, the nearest first.
    pub(crate) order: RefCell<Vec<Rc<Class<'a>>>>,
    pub(crate) attributes: RefCell<Attributes<'a>>,
    /// Whether it is PyTorch's.
    pub(crate) is_torch: bool,
}

impl<'a> Class<'a> {
    pub(crate) fn get(self: &Rc<Self>, name: &str) -> Option<Value<'a>> {
        self.lineage()
            .iter()
            .find_map(|class| class.attributes.borrow().get(name))
    }

    /// Itself and those above it.
    pub(crate) fn lineage(self: &Rc<Self>) -> Vec<Rc<Self>> {
        let mut all = vec![Rc::clone(self)];
        all.extend(self.order.borrow().iter().cloned());
        all
    }

    /// The nearest of PyTorch's classes.
    pub(crate) fn torch(self: &Rc<Self>) -> Option<Rc<Self>> {
        self.lineage().into_iter().find(|class| class.is_torch)
    }

    pub(crate) fn is(self: &Rc<Self>, other: &Rc<Self>) -> bool {
        let lineage = self.lineage();
        lineage.iter().any(|class| {
            Rc::ptr_eq(class, other) || class.is_torch && other.is_torch && class.name == other.name
        }) || other.is_torch && *other.name == *"Module" && self.torch().is_some()
    }
}

/// Names and values in the order in which they came.
#[derive(Debug, Default, Clone)]
pub(crate) struct Attributes<'a>(pub(crate) Kept<(Rc<str>, Value<'a>)>);

impl<'a> Attributes<'a> {
    pub(crate) fn get(&self, name: &str) -> Option<Value<'a>> {
        self.0
            .iter()
            .find(|(known, _)| **known == *name)
            .map(|(_, value)| value.clone())
    }

    pub(crate) fn set(&mut self, name: &str, value: Value<'a>) {
        match self.0.iter_mut().find(|(known, _)| **known == *name) {
            Some((_, place)) => *place = value,
            None => self.0.push((name.into(), value)),
        }
    }
}

/// An object of a class.
#[derive(Debug)]
pub(crate) struct Object<'a> {
    pub(crate) class: Rc<Class<'a>>,
    pub(crate) attributes: RefCell<Attributes<'a>>,
    /// What PyTorch's constructor was called with.
    pub(crate) made: RefCell<Option<Rc<Given<'a>>>>,
    /// Where that was.
    pub(crate) place: Cell<(usize, usize)>,
    /// Whether `Module.__init__` has run, which it must before the object may have layers.
    pub(crate) is_begun: Cell<bool>,
    pub(crate) id: usize,
}

impl<'a> Object<'a> {
    /// The modules in it, with their names.
    pub(crate) fn children(&self) -> Vec<(Rc<str>, Rc<Object<'a>>)> {
        let attributes = self.attributes.borrow();
        let modules = attributes.0.iter().filter_map(|(name, value)| match value {
            Value::Object(object) if object.is_module() => {
                Some((Rc::clone(name), Rc::clone(object)))
            }
            _ => None,
        });
        modules.collect()
    }

    /// Whether the object may have this: a module that has not been set up may have no layers and weights yet.
    pub(crate) fn may_hold(&self, value: &Value<'a>) -> Outcome<()> {
        let is_kept = match value {
            Value::Object(part) => part.is_module(),
            Value::Weight(weight) => weight.is_learned,
            _ => false,
        };
        match is_kept && self.is_module() && !self.is_begun.get() {
            true => Err(ReadingFault::new(ReadingCause::Super).with("of", &self.class.name)),
            false => Ok(()),
        }
    }

    pub(crate) fn is_module(&self) -> bool {
        self.class.torch().is_some()
    }
}

/// Arguments of a call.
#[derive(Debug, Default, Clone)]
pub(crate) struct Given<'a> {
    pub(crate) values: Vec<Value<'a>>,
    pub(crate) named: Vec<(Rc<str>, Value<'a>)>,
    /// Where the call stands.
    pub(crate) place: (usize, usize),
}

impl<'a> Given<'a> {
    pub(crate) fn of(values: Vec<Value<'a>>) -> Self {
        Self {
            values,
            ..Self::default()
        }
    }

    /// The argument of this name, or at this place.
    pub(crate) fn get(&self, at: usize, name: &str) -> Option<Value<'a>> {
        self.values.get(at).cloned().or_else(|| self.named(name))
    }

    pub(crate) fn named(&self, name: &str) -> Option<Value<'a>> {
        self.named
            .iter()
            .find(|(known, _)| **known == *name)
            .map(|(_, value)| value.clone())
    }
}

/// A list, and what else holds values.
pub(crate) type Shared<T> = Rc<RefCell<Kept<T>>>;

/// A value.
#[derive(Debug, Clone)]
pub(crate) enum Value<'a> {
    None,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(Rc<str>),
    List(Shared<Value<'a>>),
    Tuple(Rc<Kept<Value<'a>>>),
    Dict(Shared<(Value<'a>, Value<'a>)>),
    Set(Shared<Value<'a>>),
    Slice(Rc<[Value<'a>; 3]>),
    Ellipsis,
    Function(Rc<Function<'a>>),
    Class(Rc<Class<'a>>),
    Object(Rc<Object<'a>>),
    /// A function with what it is called on.
    Bound(Rc<(Value<'a>, Value<'a>)>),
    /// A method of a value that is not the text's.
    Method(Rc<(Value<'a>, Rc<str>)>),
    /// The classes above one, for an object.
    Super(Rc<(Rc<Class<'a>>, Value<'a>)>),
    /// A function that is given some of its arguments.
    Partial(Rc<(Value<'a>, Given<'a>)>),
    /// Something of Python's or PyTorch's, by its path.
    Known(Rc<str>),
    Tensor(Tensor),
    Weight(Weight),
    /// Something from elsewhere, of which only the name is known.
    Unknown(Rc<str>),
}

impl<'a> Value<'a> {
    pub(crate) fn text(text: impl Into<Rc<str>>) -> Self {
        Self::Text(text.into())
    }

    pub(crate) fn list(values: Vec<Self>) -> Self {
        Self::List(Rc::new(RefCell::new(values.into())))
    }

    pub(crate) fn tuple(values: Vec<Self>) -> Self {
        Self::Tuple(Rc::new(values.into()))
    }

    pub(crate) fn dict(items: Vec<(Self, Self)>) -> Self {
        Self::Dict(Rc::new(RefCell::new(items.into())))
    }

    pub(crate) fn known(path: impl Into<Rc<str>>) -> Self {
        Self::Known(path.into())
    }

    /// What Python calls its type.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::None => "NoneType",
            Self::Bool(_) => "bool",
            Self::Int(_) => "int",
            Self::Float(_) => "float",
            Self::Text(_) => "str",
            Self::List(_) => "list",
            Self::Tuple(_) => "tuple",
            Self::Dict(_) => "dict",
            Self::Set(_) => "set",
            Self::Slice(_) => "slice",
            Self::Ellipsis => "ellipsis",
            Self::Class(_) => "type",
            Self::Object(_) | Self::Super(_) => "object",
            Self::Tensor(_) => "Tensor",
            Self::Weight(_) => "Parameter",
            Self::Unknown(_) => "unknown",
            Self::Function(_)
            | Self::Bound(_)
            | Self::Method(_)
            | Self::Partial(_)
            | Self::Known(_) => "function",
        }
    }

    pub(crate) fn int(&self) -> Outcome<i64> {
        match self {
            Self::Int(value) => Ok(*value),
            Self::Bool(value) => Ok(i64::from(*value)),
            Self::Unknown(name) => Err(unknown(name)),
            Self::Float(value) => {
                let fault = ReadingFault::new(ReadingCause::Float);
                Err(fault.with("value", format!("{value:?}")))
            }
            other => unfit(format!("int ← {}", other.kind())),
        }
    }

    pub(crate) fn number(&self) -> Outcome<f64> {
        match self {
            Self::Float(value) => Ok(*value),
            other => other.int().map(|value| value as f64),
        }
    }

    /// The values of a list, a tuple, a set, or the keys of a dictionary.
    pub(crate) fn values(&self) -> Option<Vec<Self>> {
        match self {
            Self::List(values) | Self::Set(values) => Some(values.borrow().to_vec()),
            Self::Tuple(values) => Some(values.to_vec()),
            Self::Dict(items) => Some(items.borrow().iter().map(|(key, _)| key.clone()).collect()),
            Self::Text(text) => Some(
                text.chars()
                    .map(|letter| Self::text(letter.to_string()))
                    .collect(),
            ),
            _ => None,
        }
    }

    /// Whether it is the same thing, as `is` says.
    pub(crate) fn is(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::List(a), Self::List(b)) | (Self::Set(a), Self::Set(b)) => Rc::ptr_eq(a, b),
            (Self::Dict(a), Self::Dict(b)) => Rc::ptr_eq(a, b),
            (Self::Object(a), Self::Object(b)) => Rc::ptr_eq(a, b),
            (Self::Class(a), Self::Class(b)) => {
                Rc::ptr_eq(a, b) || a.is_torch && b.is_torch && a.name == b.name
            }
            (Self::Function(a), Self::Function(b)) => Rc::ptr_eq(a, b),
            (Self::Tensor(a), Self::Tensor(b)) => a == b,
            (Self::None, Self::None) | (Self::Ellipsis, Self::Ellipsis) => true,
            (Self::Bool(a), Self::Bool(b)) => a == b,
            (Self::Int(a), Self::Int(b)) => a == b,
            (Self::Text(a), Self::Text(b)) | (Self::Known(a), Self::Known(b)) => a == b,
            _ => false,
        }
    }

    /// Whether it is equal, as far as so many comparisons tell.
    pub(crate) fn equals(&self, other: &Self) -> bool {
        /// More than any list of numbers of layers has.
        const MOST: usize = 10_000;
        self.alike(other, 20, &mut { MOST })
    }

    fn alike(&self, other: &Self, depth: usize, left: &mut usize) -> bool {
        let mut all = |a: &[Self], b: &[Self]| {
            depth > 0
                && a.len() == b.len()
                && a.iter().zip(b).all(|(a, b)| {
                    *left = left.saturating_sub(1);
                    *left > 0 && a.alike(b, depth - 1, left)
                })
        };
        match (self, other) {
            (
                Self::Bool(_) | Self::Int(_) | Self::Float(_),
                Self::Bool(_) | Self::Int(_) | Self::Float(_),
            ) => self.number().ok() == other.number().ok(),
            (Self::List(a), Self::List(b)) => all(&a.borrow(), &b.borrow()),
            (Self::Tuple(a), Self::Tuple(b)) => all(a, b),
            _ => self.is(other),
        }
    }
}

/// That a value comes from elsewhere.
pub(crate) fn unknown(name: &str) -> Box<ReadingFault> {
    ReadingFault::new(ReadingCause::Unknown).with("name", name)
}
