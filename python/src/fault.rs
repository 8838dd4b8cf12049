//! Why a network cannot be taken: a code, the place, and facts. The words are in the page's locales, under `pasted.fault`.

use std::collections::BTreeMap;

use cnn_playground::arch::own::Mark;
use cnn_playground::base::error::Problem;
use serde::Serialize;

/// The outcome of anything that may meet what cannot be taken.
pub(crate) type Outcome<T> = Result<T, Box<ReadingFault>>;

macro_rules! causes {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)*) => {
        /// Why something cannot be taken, or is taken as something else.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum ReadingCause {
            $($(#[$doc])* $name,)*
        }

        impl ReadingCause {
            /// All of them, for the test that each has its words.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// Its stable text form.
            pub const fn text(self) -> &'static str {
                match self { $(Self::$name => $text),* }
            }
        }

        impl Serialize for ReadingCause {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_str(self.text())
            }
        }
    };
}

causes! {
    /// More text than is read. `limit`.
    TooLong = "too-long",
    /// A notebook that is none.
    Notebook = "notebook",
    /// What Python cannot read.
    Syntax = "syntax",
    /// A sign that Python does not have. `sign`.
    Sign = "sign",
    /// A bracket or a string that does not end.
    Unclosed = "unclosed",
    /// Lines of a block that begin at different places, or a block without lines.
    Indentation = "indentation",
    /// A sign that is missing. `sign`.
    Expected = "expected",
    /// Several statements in one line, or a sign missing between two values.
    OneLine = "one-line",
    /// A value that is missing.
    NoValue = "no-value",
    /// Arguments with names before those without.
    Order = "order",
    /// What cannot be given a value.
    Target = "target",
    /// Brackets, blocks or signs nested deeper than is read. `limit`.
    TooDeep = "too-deep",
    /// More steps, values or calls than are made.
    TooMuch = "too-much",
    /// A word of Python that is not known here. `what`.
    Language = "language",
    /// A name that has no value. `name`.
    Name = "name",
    /// An attribute that an object does not have. `name`, `of`.
    Attribute = "attribute",
    /// What comes from elsewhere, so that its value is not known. `name`.
    Unknown = "unknown",
    /// Values that do not go together. `what`.
    Type = "type",
    /// What is looked for and is not there. `key`.
    Missing = "missing",
    /// An argument that is missing. `name`, `of`.
    Argument = "argument",
    /// An argument that there is not. `name`, `of`.
    ArgumentUnknown = "argument-unknown",
    /// An argument that is given twice. `name`, `of`.
    ArgumentTwice = "argument-twice",
    /// More arguments than there are. `of`, `limit`, `found`.
    Arguments = "arguments",
    /// A number with a point where a whole one is needed. `value`.
    Float = "float",
    /// Something else where a whole number is needed. `of`, `name`, `value`.
    Whole = "whole",
    /// A name that PyTorch does not have. `name`.
    NotInTorch = "not-in-torch",
    /// Layers that an object is given before it is a module. `of`.
    Super = "super",
    /// A module that does not say what it makes of its input. `of`.
    Forward = "forward",
    /// What stands in a row of layers and is none. `of`, `what`.
    NotLayer = "not-layer",
    /// What a layer is called with and is no tensor. `of`, `what`.
    NotTensor = "not-tensor",
    /// A way through the network that ends without a result. `of`.
    Nothing = "nothing",
    /// A network that nothing makes, and that cannot be made without an argument. `name`, `of`.
    Making = "making",
    /// An exception that the code raises itself. `what`.
    Raised = "raised",
    /// No network in the text.
    NoModule = "no-module",
    /// What makes the network, and whose layers are not in the text. `name`.
    Elsewhere = "elsewhere",
    /// Code for Keras. `name`.
    Keras = "keras",
    /// A layer or a function that the playground has not. `name`.
    Layer = "layer",
    /// An argument of a layer that the playground cannot follow. `name`, `value`, `of`, `usual`.
    Setting = "setting",
    /// A layer made for another input than what reaches it. `name`, `expected`, `found`, `shape`, `of`, `made`.
    Input = "input",
    /// What does not change the shape to one that has as many numbers. `shape`, `target`.
    View = "view",
    /// Shapes that meet and do not fit. `first`, `other`, `of`.
    Shapes = "shapes",
    /// A layer with weights that is used more than once. `name`.
    Shared = "shared",
    /// Paths that cross, so that no branches can be made of them. `name`.
    Crossing = "crossing",
    /// The result is no tensor that comes from the input.
    Result = "result",
    /// A way of calculating with tensors that the playground has no layer for. `what`.
    Operation = "operation",
    /// The text of the network is longer than a link holds. `found`, `limit`.
    Link = "link",
    /// A problem of the playground's own, with its own words.
    Core = "core",

    /// The last activation is part of the loss here. `name`.
    LossHas = "loss-has",
    /// Something is taken as something else. `name`, `as`.
    TakenAs = "taken-as",
    /// An argument is another here. `name`, `value`, `of`, `usual`.
    SettingIs = "setting-is",
    /// The last layer has another number of outputs than the data has classes. `found`, `classes`.
    Classes = "classes",
    /// Layers that are made and not used. `name`, `weights`.
    Unused = "unused",
}

impl ReadingCause {
    /// Whether PyTorch, or Python, stops there as well.
    pub(crate) const fn is_pytorchs(self) -> bool {
        matches!(
            self,
            Self::Argument
                | Self::ArgumentUnknown
                | Self::ArgumentTwice
                | Self::Arguments
                | Self::Float
                | Self::Whole
                | Self::NotInTorch
                | Self::Super
                | Self::NotLayer
        )
    }
}

/// A line of the text.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "python.d.ts"))]
pub struct ReadingPlace {
    /// The cell of the notebook, from 1 on, in which the line is counted; 0 where there are none.
    pub cell: usize,
    /// The line, from 1 on; 0 if none.
    pub line: usize,
}

/// What cannot be taken.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "python.d.ts"))]
pub struct ReadingFault {
    /// Why.
    #[cfg_attr(test, ts(type = "string"))]
    pub cause: ReadingCause,
    /// Where it is.
    #[serde(flatten)]
    pub place: ReadingPlace,
    /// The text around that place, and what stands there.
    #[cfg_attr(test, ts(type = "Mark | null"))]
    pub mark: Option<Mark>,
    /// What the words need.
    pub facts: BTreeMap<String, String>,
    /// The playground's own problem, if it is one.
    #[cfg_attr(test, ts(type = "Problem | null"))]
    pub problem: Option<Problem>,
    /// What was probably meant.
    pub near: Option<String>,
    /// Where the layer is made that it is about, if it is made elsewhere.
    pub made: Option<ReadingPlace>,
    /// Where the text stands, in bytes, until the line is known.
    #[serde(skip)]
    #[cfg_attr(test, ts(skip))]
    pub(crate) at: Option<(usize, usize)>,
    /// Where the layer was made.
    #[serde(skip)]
    #[cfg_attr(test, ts(skip))]
    pub(crate) made_at: Option<usize>,
}

impl ReadingFault {
    pub(crate) fn new(cause: ReadingCause) -> Box<Self> {
        Box::new(Self {
            cause,
            place: ReadingPlace::default(),
            mark: None,
            facts: BTreeMap::new(),
            problem: None,
            at: None,
            near: None,
            made: None,
            made_at: None,
        })
    }

    pub(crate) fn of(problem: Problem) -> Box<Self> {
        let mut fault = Self::new(ReadingCause::Core);
        fault.problem = Some(problem);
        fault
    }

    pub(crate) fn with(mut self: Box<Self>, name: &str, value: impl ToString) -> Box<Self> {
        /// As much as a message shows.
        const SHOWN: usize = 120;
        let value = value.to_string();
        let cut = value.char_indices().nth(SHOWN);
        let value = cut.map_or(value.clone(), |(cut, _)| format!("{}…", &value[..cut]));
        self.facts.insert(name.to_owned(), value);
        self
    }

    /// The same, with what was probably meant.
    pub(crate) fn near(mut self: Box<Self>, meant: Option<impl Into<String>>) -> Box<Self> {
        self.near = meant.map(Into::into);
        self
    }

    /// The name of what is not known.
    pub(crate) fn unknown(&self) -> &str {
        self.facts.get("name").map_or("", String::as_str)
    }

    /// The same, at this place of the text if it has none yet.
    pub(crate) fn placed(mut self: Box<Self>, start: usize, end: usize) -> Box<Self> {
        self.at.get_or_insert((start, end));
        self
    }
}

/// A value that is not of the type that is needed.
pub(crate) fn unfit<T>(what: impl ToString) -> Outcome<T> {
    Err(ReadingFault::new(ReadingCause::Type).with("what", what))
}
