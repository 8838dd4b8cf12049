//! The layers that look at a window of what enters them: what lies in it, and what comes of that.

use super::entering::{Entering, Steps, largest};
use super::network::most;
use super::terms::{ChannelTerm, How, Position};
use crate::base::Window;
use crate::operation::{Conv2d, ConvTranspose2d};

/// A window with more numbers than this is only averaged, not written out.
const WRITTEN: usize = 49;

/// Where a window begins along an axis.
pub(super) const fn start(at: usize, window: Window) -> isize {
    (at * window.stride) as isize - window.padding as isize
}

/// What a convolution sums up at a place.
pub(super) fn convolution(
    conv: Conv2d,
    arrays: &[Vec<f32>],
    place: Position,
    entering: &Entering<'_>,
    most: usize,
) -> Option<How> {
    let (weights, image) = (arrays.first()?, entering.image()?);
    let Position { channel, y, x, .. } = place;
    let seen = image.channels / conv.groups;
    let first = channel / (conv.out_channels / conv.groups) * seen;
    let start = |axis: usize, at: usize| (at * conv.stride) as isize - conv.padding[axis] as isize;
    let (top, left) = (start(0, y), start(1, x));
    let [rows, columns] = conv.kernel;
    let step = Steps {
        edges: conv.kernel,
        apart: conv.dilation,
    };
    let area = rows * columns;
    let middle = conv.span().map(|span| (span / 2) as isize);
    let channels = (0..seen).map(|at| {
        let from = (channel * seen + at) * area;
        let weights = weights[from..from + area].to_vec();
        let values = entering.window(first + at, top, left, step);
        let from = entering.place(first + at, top + middle[0], left + middle[1]);
        ChannelTerm::of(first + at, values, weights, from)
    });
    let (channels, bias) = (channels.collect(), arrays.get(1));
    Some(summed(channels, columns, most, bias, channel))
}

/// What a transposed convolution sums up at a place: the numbers whose squares reach it, each times the weight that lies there.
pub(super) fn transposed(
    conv: ConvTranspose2d,
    arrays: &[Vec<f32>],
    place: Position,
    entering: &Entering<'_>,
    most: usize,
) -> Option<How> {
    let (weights, image) = (arrays.first()?, entering.image()?);
    let Position { channel, y, x, .. } = place;
    // The number of the kernel that lies at the place, and the line or column whose square that is.
    let reaching = |at: usize| {
        let taps = (0..conv.kernel).rev();
        let pairs = taps.filter_map(move |tap| {
            let from = (at + conv.padding).checked_sub(tap)?;
            from.is_multiple_of(conv.stride)
                .then(|| (tap, (from / conv.stride) as isize))
        });
        pairs.collect::<Vec<_>>()
    };
    let (rows, columns) = (reaching(y), reaching(x));
    let pairs = || {
        rows.iter()
            .flat_map(|row| columns.iter().map(move |column| (row, column)))
    };
    let area = conv.kernel * conv.kernel;
    let channels = (0..image.channels).map(|at| {
        let first = (at * conv.out_channels + channel) * area;
        let weights: Vec<f32> = pairs()
            .filter_map(|((row, _), (column, _))| weights.get(first + row * conv.kernel + column))
            .copied()
            .collect();
        let values: Vec<_> = pairs()
            .map(|((_, y), (_, x))| entering.at(at, *y, *x))
            .collect();
        let from = rows.get(rows.len() / 2).zip(columns.get(columns.len() / 2));
        let from = from.and_then(|((_, y), (_, x))| entering.place(at, *y, *x));
        ChannelTerm::of(at, values, weights, from)
    });
    let (channels, bias) = (channels.collect(), arrays.get(1));
    Some(summed(channels, columns.len(), most, bias, channel))
}

/// What a convolution along the channels sums up at one of them.
pub(super) fn along_channels(
    kernel: usize,
    arrays: &[Vec<f32>],
    place: Position,
    entering: &Entering<'_>,
) -> Option<How> {
    let weights = arrays.first()?;
    let values = (0..kernel).map(|tap| {
        let at = (place.channel + tap).checked_sub(kernel / 2)?;
        entering.output.values.get(at).copied()
    });
    let from = entering.row.map(|row| Position { row, ..place });
    let term = ChannelTerm::of(0, values.collect(), weights.clone(), from);
    Some(summed(vec![term], kernel, 1, None, place.channel))
}

/// The channels' sums together, and the bias of the channel that leaves.
fn summed(
    channels: Vec<ChannelTerm>,
    edge: usize,
    most: usize,
    bias: Option<&Vec<f32>>,
    channel: usize,
) -> How {
    let (channels, others) = largest(channels, most, |channel| channel.sum);
    How::Convolution {
        edge,
        sum: channels.iter().map(|channel| channel.sum).sum::<f32>() + others.sum,
        channels,
        others,
        bias: bias.and_then(|bias| bias.get(channel)).copied(),
    }
}

/// The largest number of a square window with this corner.
pub(super) fn maximum(
    edge: usize,
    channel: usize,
    [top, left]: [isize; 2],
    entering: &Entering<'_>,
) -> How {
    let step = Steps {
        edges: [edge; 2],
        apart: 1,
    };
    let values = entering.window(channel, top, left, step);
    let winner = winner(&values);
    let at = |offset: usize| offset as isize;
    let from = entering.place(channel, top + at(winner / edge), left + at(winner % edge));
    How::Maximum {
        edge,
        values,
        winner,
        from,
    }
}

/// Which number is the first of the largest.
fn winner(values: &[Option<f32>]) -> usize {
    let values = values.iter();
    let values: Vec<f32> = values
        .map(|value| value.unwrap_or(f32::NEG_INFINITY))
        .collect();
    most(&values)
}

/// The mean of a window of so many lines and columns with this corner in a channel. What lies beyond the map is zero where it
/// `counts`, else it is not there.
pub(super) fn average(
    edges: [usize; 2],
    (channel, [top, left]): (usize, [isize; 2]),
    counts: bool,
    entering: &Entering<'_>,
) -> How {
    let step = Steps { edges, apart: 1 };
    let values = entering.window(channel, top, left, step);
    let [rows, columns] = edges;
    let middle = |from: isize, size: usize| from + (size / 2) as isize;
    How::Average {
        edge: columns,
        count: match counts {
            true => values.len(),
            false => values.iter().flatten().count(),
        },
        values: if values.len() <= WRITTEN {
            values
        } else {
            Vec::new()
        },
        from: entering.place(channel, middle(top, rows), middle(left, columns)),
    }
}

/// The mean (channel 0) or the largest (channel 1) of all channels at a place.
pub(super) fn over_channels(
    channel: usize,
    [y, x]: [usize; 2],
    entering: &Entering<'_>,
) -> Option<How> {
    let image = entering.image()?;
    let (y, x) = (y as isize, x as isize);
    let values = (0..image.channels).map(|channel| entering.at(channel, y, x));
    let values: Vec<_> = values.collect();
    let edge = (1..).find(|edge| edge * edge >= values.len()).unwrap_or(1);
    if channel == 0 {
        return Some(How::Average {
            edge,
            count: values.len(),
            values,
            from: None,
        });
    }
    let winner = winner(&values);
    Some(How::Maximum {
        edge,
        values,
        winner,
        from: entering.place(winner, y, x),
    })
}
