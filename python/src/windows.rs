//! Windows that do not fit as they are, and zeros around an image.

use cnn_playground::base::{ImageShape, Window};
use cnn_playground::operation::{MaxPool2d, Operation, Shape};

use crate::fault::{Outcome, ReadingCause, ReadingFault};
use crate::machine::Machine;
use crate::tensor::{Graph, Step, Tensor};
use crate::value::{Given, Value};

impl<'a> Machine<'a> {
    /// A pooling whose last window may lie partly outside of the image (`ceil_mode=True`): as it is, where none does; else with
    /// zeros on both sides, which gives as many windows, if that is so.
    pub(crate) fn rounded_up(
        &mut self,
        operation: Operation,
        tensor: &Tensor,
        name: &str,
    ) -> Outcome<Operation> {
        let window = match operation {
            Operation::MaxPool2d(pool) => pool.0,
            Operation::AveragePool2d(pool) => pool.window,
            _ => return Ok(operation),
        };
        let sides = tensor.sizes.get(2..).unwrap_or_default();
        let (size, stride) = (window.size as i64, window.stride.max(1) as i64);
        // How many windows there are, rounded down; and rounded up, as long as one begins within the image.
        let down = |side: i64, padding: i64| (side + 2 * padding - size).div_euclid(stride) + 1;
        let up = |side: i64, padding: i64| {
            let more = -(-(side + 2 * padding - size)).div_euclid(stride) + 1;
            more - i64::from((more - 1) * stride >= side + padding)
        };
        let padding = window.padding as i64;
        let fits = |other: i64| {
            let mut sides = sides.iter();
            sides.all(|&side| down(side, other) == up(side, padding))
        };
        if fits(padding) {
            return Ok(operation);
        }
        let padding = padding + 1;
        if let Operation::MaxPool2d(_) = operation
            && 2 * padding <= size
            && fits(padding)
        {
            let remark = ReadingFault::new(ReadingCause::TakenAs)
                .with("name", "ceil_mode=True")
                .with("as", format!("padding={padding}"));
            self.traced()?.remark(remark);
            let padding = padding as usize;
            return Ok(MaxPool2d(Window { padding, ..window }).into());
        }
        let fault = ReadingFault::new(ReadingCause::Setting)
            .with("name", "ceil_mode")
            .with("value", "True");
        Err(fault
            .with("usual", "False")
            .with("of", format!("nn.{name}")))
    }

    /// The largest number of each part, where the parts are squares of one size.
    pub(crate) fn largest_of_parts(
        &mut self,
        tensor: &Tensor,
        given: &Given<'a>,
    ) -> Outcome<Tensor> {
        let wanted = given.get(0, "output_size").unwrap_or(Value::None);
        let shown = self.shown(&wanted, false)?;
        let fault = || {
            ReadingFault::new(ReadingCause::Layer)
                .with("name", format!("nn.AdaptiveMaxPool2d({shown})"))
        };
        let sizes: Vec<_> = wanted.values().unwrap_or_else(|| vec![wanted.clone(); 2]);
        let ([_, _, height, width], [rows, columns]) = (&tensor.sizes[..], &sizes[..]) else {
            return Err(fault());
        };
        // What is not said stays.
        let parts = |wanted: &Value<'a>, side: i64| match wanted {
            Value::None => Ok(side),
            other => other.int(),
        };
        let (rows, columns) = (parts(rows, *height)?, parts(columns, *width)?);
        let is_whole = rows > 0 && columns > 0 && height % rows == 0 && width % columns == 0;
        if !is_whole || height / rows != width / columns {
            return Err(fault());
        }
        match usize::try_from(height / rows) {
            Ok(1) => Ok(tensor.clone()),
            Ok(size) => self.traced()?.apply(MaxPool2d(Window::tiles(size)), tensor),
            Err(_) => Err(fault()),
        }
    }

    /// An image with zeros around it: a convolution that comes next has them as its padding.
    pub(crate) fn bordered_by(&mut self, tensor: &Tensor, sizes: &Value<'a>) -> Outcome<Tensor> {
        let each = sizes.values().unwrap_or_else(|| vec![sizes.clone(); 4]);
        let each: Outcome<Vec<_>> = each.iter().map(Value::int).collect();
        let each = each?;
        let graph = self.traced()?;
        let fault = || {
            ReadingFault::new(ReadingCause::Operation).with("what", format!("F.pad(x, {each:?})"))
        };
        let node = graph.settled(tensor)?;
        let four: Option<[i64; 4]> = each[..].try_into().ok();
        match (four, graph.nodes[node].shape) {
            (Some([0, 0, 0, 0]), _) => Ok(tensor.clone()),
            (Some([left, right, above, below]), Shape::Image(image))
                if left == right && above == below && left.min(above) >= 0 =>
            {
                /// Wider than any padding.
                const MOST: i64 = 64;
                if left.max(above) > MOST {
                    return Err(fault());
                }
                let [rows, columns] = [above as usize, left as usize];
                let shape = Shape::Image(ImageShape {
                    height: image.height + 2 * rows,
                    width: image.width + 2 * columns,
                    ..image
                });
                graph.step(Step::Border([rows, columns]), tensor, shape)
            }
            _ => Err(fault()),
        }
    }
}

impl Graph {
    /// The operation with the zeros that were put around its input before, and where it is then applied.
    pub(crate) fn with_border(&self, operation: Operation, at: usize) -> (Operation, usize) {
        let node = &self.nodes[at];
        let (Operation::Conv2d(mut conv), Step::Border(border)) = (operation, &node.step) else {
            return (operation, at);
        };
        for ((padding, more), kernel) in conv.padding.iter_mut().zip(border).zip(conv.kernel) {
            *padding += more;
            if *padding >= kernel {
                return (operation, at);
            }
        }
        (conv.into(), node.inputs[0])
    }
}
