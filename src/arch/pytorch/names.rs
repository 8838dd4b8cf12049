//! What classes and attributes are called.

use crate::arch::{Form, Join, Shaped};
use crate::operation::Operation;

/// Words that Python keeps for itself, and attributes that every module has.
const RESERVED: &str = " False None True and as assert async await break class continue def del elif else except finally for from \
    global if import in is lambda nonlocal not or pass raise return try while with yield \
    T_destination add_module apply bfloat16 buffers call_super_init children compile cpu cuda double dump_patches eval extra_repr \
    float forward get_buffer get_extra_state get_parameter get_submodule half ipu load_state_dict modules mtia named_buffers \
    named_children named_modules named_parameters parameters register_backward_hook register_buffer register_forward_hook \
    register_forward_pre_hook register_full_backward_hook register_full_backward_pre_hook register_load_state_dict_post_hook \
    register_load_state_dict_pre_hook register_module register_parameter register_state_dict_post_hook \
    register_state_dict_pre_hook requires_grad_ set_extra_state set_submodule share_memory state_dict to to_empty train training \
    type xpu zero_grad ";

/// An attribute's name, from that of a part.
pub(super) fn attribute(wanted: &str) -> String {
    let wanted = wanted.replace('-', "_");
    if wanted.is_empty()
        || wanted.starts_with('_')
        || wanted.starts_with(|sign: char| sign.is_ascii_digit())
    {
        return format!("part{wanted}");
    }
    match RESERVED.contains(&format!(" {wanted} ")) {
        true => format!("{wanted}_"),
        false => wanted,
    }
}

/// What the class of a part is to be called: as the papers call such a part.
pub(super) fn class(part: &Shaped) -> &'static str {
    match &part.form {
        Form::Merge { join, branches } => joined(*join, branches),
        Form::Sequential(parts) => {
            let joins = parts.iter().filter_map(|part| match &part.form {
                Form::Merge { join, branches } => Some((*join, branches)),
                _ => None,
            });
            let joins: Vec<_> = joins.collect();
            match joins.iter().find(|(join, _)| *join != Join::Multiply) {
                Some((join, branches)) => joined(*join, branches),
                None if joins.len() == parts.len() => "CBAM",
                None => plain(part),
            }
        }
        Form::Operation(_) => "Block",
    }
}

fn joined(join: Join, branches: &[Shaped]) -> &'static str {
    match (join, branches) {
        (Join::Multiply, [_, gates @ ..]) => gate(gates),
        (Join::Add, [body, ..]) => match kernels(body)[..] {
            [[3, 3], [3, 3]] => "BasicBlock",
            [[1, 1], [3, 3], [1, 1]] => "Bottleneck",
            _ => "ResidualBlock",
        },
        (
            Join::Concat,
            [
                Shaped {
                    form: Form::Operation(Operation::Identity(_)),
                    ..
                },
                _,
            ],
        ) => "DenseLayer",
        (Join::Concat, [_, _, _, ..]) => "Inception",
        _ => "ConcatBlock",
    }
}

fn gate(gates: &[Shaped]) -> &'static str {
    let mut all = gates.iter().flat_map(Shaped::operations);
    let known = all.find_map(|(_, operation)| match operation {
        Operation::PooledMlp(_) => Some("ChannelAttention"),
        Operation::ChannelPool(_) => Some("SpatialAttention"),
        Operation::ChannelConv(_) => Some("EfficientChannelAttention"),
        Operation::Linear(_) => Some("SqueezeExcitation"),
        _ => None,
    });
    known.unwrap_or("Gate")
}

/// The kernels of the convolutions that are in no gate.
fn kernels(part: &Shaped) -> Vec<[usize; 2]> {
    match &part.form {
        Form::Operation(Operation::Conv2d(conv)) => vec![conv.kernel],
        Form::Merge {
            join: Join::Multiply,
            ..
        } => Vec::new(),
        _ => part.parts().iter().flat_map(kernels).collect(),
    }
}

fn plain(part: &Shaped) -> &'static str {
    let operations = part.operations();
    let is_depthwise =
        |operation: &Operation| matches!(operation, Operation::Conv2d(conv) if conv.groups > 1);
    let is_pool = |operation: &Operation| {
        matches!(
            operation,
            Operation::MaxPool2d(_) | Operation::AveragePool2d(_)
        )
    };
    match kernels(part)[..] {
        _ if operations
            .iter()
            .any(|(_, operation)| is_depthwise(operation)) =>
        {
            "SeparableConv"
        }
        [[3, 3], [3, 3]] => "DoubleConv",
        [_] if operations
            .last()
            .is_some_and(|(_, operation)| is_pool(operation)) =>
        {
            "Transition"
        }
        _ => "Block",
    }
}
