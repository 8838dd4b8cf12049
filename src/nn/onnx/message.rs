//! The messages of ONNX that a network needs, of those in <https://github.com/onnx/onnx/blob/main/onnx/onnx.proto>. What that file
//! has as optional is so here, so that a zero is written too.

use prost::Message;

/// A file.
#[derive(Clone, PartialEq, Message)]
pub(super) struct Model {
    #[prost(int64, tag = "1")]
    pub(super) ir_version: i64,
    #[prost(string, tag = "2")]
    pub(super) producer_name: String,
    #[prost(message, optional, tag = "7")]
    pub(super) graph: Option<Graph>,
    #[prost(message, repeated, tag = "8")]
    pub(super) opset_import: Vec<Opset>,
    #[prost(message, repeated, tag = "14")]
    pub(super) metadata: Vec<Entry>,
}

/// Which version of the operators.
#[derive(Clone, PartialEq, Message)]
pub(super) struct Opset {
    #[prost(string, optional, tag = "1")]
    pub(super) domain: Option<String>,
    #[prost(int64, tag = "2")]
    pub(super) version: i64,
}

/// A fact about the file.
#[derive(Clone, PartialEq, Message)]
pub(super) struct Entry {
    #[prost(string, tag = "1")]
    pub(super) key: String,
    #[prost(string, tag = "2")]
    pub(super) value: String,
}

/// The computation.
#[derive(Clone, PartialEq, Message)]
pub(super) struct Graph {
    #[prost(message, repeated, tag = "1")]
    pub(super) nodes: Vec<Node>,
    #[prost(string, tag = "2")]
    pub(super) name: String,
    #[prost(message, repeated, tag = "5")]
    pub(super) arrays: Vec<Array>,
    #[prost(message, repeated, tag = "11")]
    pub(super) inputs: Vec<Described>,
    #[prost(message, repeated, tag = "12")]
    pub(super) outputs: Vec<Described>,
}

/// A step.
#[derive(Clone, PartialEq, Message)]
pub(super) struct Node {
    #[prost(string, repeated, tag = "1")]
    pub(super) inputs: Vec<String>,
    #[prost(string, repeated, tag = "2")]
    pub(super) outputs: Vec<String>,
    #[prost(string, tag = "3")]
    pub(super) name: String,
    #[prost(string, tag = "4")]
    pub(super) kind: String,
    #[prost(message, repeated, tag = "5")]
    pub(super) attributes: Vec<Attribute>,
}

/// What a node is told. `kind` says which of the values it has.
#[derive(Clone, PartialEq, Message)]
pub(super) struct Attribute {
    #[prost(string, tag = "1")]
    pub(super) name: String,
    #[prost(float, optional, tag = "2")]
    pub(super) number: Option<f32>,
    #[prost(int64, optional, tag = "3")]
    pub(super) whole: Option<i64>,
    #[prost(bytes = "vec", optional, tag = "4")]
    pub(super) word: Option<Vec<u8>>,
    #[prost(int64, repeated, packed = "false", tag = "8")]
    pub(super) wholes: Vec<i64>,
    #[prost(int32, tag = "20")]
    pub(super) kind: i32,
}

/// Which value an [`Attribute`] has.
pub(super) mod kind {
    pub(in super::super) const NUMBER: i32 = 1;
    pub(in super::super) const WHOLE: i32 = 2;
    pub(in super::super) const WORD: i32 = 3;
    pub(in super::super) const WHOLES: i32 = 7;
}

/// An array of numbers. `kind` says which.
#[derive(Clone, PartialEq, Message)]
pub(super) struct Array {
    #[prost(int64, repeated, packed = "false", tag = "1")]
    pub(super) sizes: Vec<i64>,
    #[prost(int32, tag = "2")]
    pub(super) kind: i32,
    #[prost(string, tag = "8")]
    pub(super) name: String,
    #[prost(bytes = "vec", tag = "9")]
    pub(super) bytes: Vec<u8>,
}

/// What the numbers of an [`Array`] are.
pub(super) mod numbers {
    pub(in super::super) const F32: i32 = 1;
    pub(in super::super) const I64: i32 = 7;
}

/// What enters or leaves.
#[derive(Clone, PartialEq, Message)]
pub(super) struct Described {
    #[prost(string, tag = "1")]
    pub(super) name: String,
    #[prost(message, optional, tag = "2")]
    pub(super) is: Option<Type>,
}

/// Of which type it is: always a tensor.
#[derive(Clone, PartialEq, Message)]
pub(super) struct Type {
    #[prost(message, optional, tag = "1")]
    pub(super) tensor: Option<Tensor>,
}

/// A tensor's numbers and sizes.
#[derive(Clone, PartialEq, Message)]
pub(super) struct Tensor {
    #[prost(int32, tag = "1")]
    pub(super) kind: i32,
    #[prost(message, optional, tag = "2")]
    pub(super) shape: Option<Sizes>,
}

/// Its sizes, outermost first.
#[derive(Clone, PartialEq, Message)]
pub(super) struct Sizes {
    #[prost(message, repeated, tag = "1")]
    pub(super) all: Vec<Size>,
}

/// One of them: a number, or a name for any number.
#[derive(Clone, PartialEq, Message)]
pub(super) struct Size {
    #[prost(int64, optional, tag = "1")]
    pub(super) count: Option<i64>,
    #[prost(string, optional, tag = "2")]
    pub(super) name: Option<String>,
}
