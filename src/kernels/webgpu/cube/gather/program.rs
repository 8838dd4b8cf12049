//! The kernel of a gather.

use cubecl::prelude::*;

use super::{Tile, UNITS};

/// Sizes that are passed at launch.
#[derive(CubeType, CubeLaunch, Clone, Copy)]
pub(super) struct Sizes {
    channels: usize,
    filters: usize,
    /// Rows and columns of the input, and of the output.
    height: usize,
    width: usize,
    out_height: usize,
    out_width: usize,
    /// Output rows of one phase, and threads that share each.
    rows: usize,
    strips: usize,
    /// Positions of threads: batch × rows × strips.
    positions: usize,
}

/// What a thread reads, as indices.
#[derive(CubeType, Clone, Copy)]
struct Place {
    /// The first value of its image.
    image: usize,
    /// Row and column of its first tap. Those before the image wrap around, as do the sums that lead back into it.
    row: usize,
    column: usize,
    /// The first weight of its first filter, and the distance between those of two filters and of two channels.
    weight: usize,
    per_filter: usize,
    per_channel: usize,
}

#[cube(launch_unchecked)]
pub(super) fn convolve(
    images: &[f32],
    weights: &[f32],
    bias: &[f32],
    output: &mut [f32],
    sizes: &Sizes,
    #[comptime] plan: Tile,
) {
    let (phase_row, phase_column) = if comptime!(plan.phases() > 1) {
        let phase = CUBE_POS_Z as usize;
        (
            phase / comptime!(plan.phases()),
            phase % comptime!(plan.phases()),
        )
    } else {
        (0usize.runtime(), 0usize.runtime())
    };
    let position = CUBE_POS_X as usize * UNITS + UNIT_POS as usize;
    let place = min(position, sizes.positions - 1);
    let line = place / sizes.strips;
    let column = (place - line * sizes.strips) * plan.pixels;
    let number = line / sizes.rows;
    let row = line - number * sizes.rows;
    let filter = CUBE_POS_Y as usize * plan.filters;
    let (per_filter, per_channel) = if comptime!(plan.backward) {
        (
            comptime!(plan.taps()).runtime(),
            sizes.filters * comptime!(plan.taps()),
        )
    } else {
        (
            sizes.channels * comptime!(plan.taps()),
            comptime!(plan.taps()).runtime(),
        )
    };
    let from = Place {
        image: number * sizes.channels * sizes.height * sizes.width,
        row: row * comptime!(plan.walk()) - comptime!(plan.origin(0)),
        column: column * comptime!(plan.walk()) - comptime!(plan.origin(1)),
        weight: filter * per_filter,
        per_filter,
        per_channel,
    };
    let mut sums = Array::<f32>::new(comptime!(plan.pixels * plan.filters));
    if comptime!(plan.written()) {
        add_rows(images, weights, &mut sums, &from, sizes, plan);
    } else {
        add_taps(
            images,
            weights,
            &mut sums,
            &from,
            phase_row,
            phase_column,
            sizes,
            plan,
        );
    }

    let row = row * comptime!(plan.phases()) + phase_row;
    if position < sizes.positions && row < sizes.out_height {
        #[unroll]
        for each in 0..plan.filters {
            if comptime!(plan.all_filters) || filter + each < sizes.filters {
                let mut summand = f32::new(0.0);
                if comptime!(plan.bias) {
                    summand = bias[filter + each];
                }
                let target = ((number * sizes.filters + filter + each) * sizes.out_height + row)
                    * sizes.out_width;
                #[unroll]
                for pixel in 0..plan.pixels {
                    let column = (column + pixel) * comptime!(plan.phases()) + phase_column;
                    if comptime!(plan.all_columns) || column < sizes.out_width {
                        let sum = sums[comptime!(pixel * plan.filters + each)];
                        output[target + column] = finish(sum, summand, plan);
                    }
                }
            }
        }
    }
}

/// The bias and the ReLU after a sum.
#[cube]
fn finish(sum: f32, bias: f32, #[comptime] plan: Tile) -> f32 {
    let biased = if comptime!(plan.bias) {
        sum + bias
    } else {
        sum
    };
    if comptime!(plan.relu) {
        // Not `max`, which may turn NaN into 0.
        select(biased < 0.0, 0.0, biased)
    } else {
        biased
    }
}

/// The weight at index `at` of a thread's first filter, for its filter number `each`, clamped to the last filter.
#[cube]
fn weigh(
    weights: &[f32],
    at: usize,
    each: usize,
    from: &Place,
    sizes: &Sizes,
    #[comptime] plan: Tile,
) -> f32 {
    if comptime!(plan.all_filters) {
        weights[at + each * from.per_filter]
    } else {
        let filter = min(CUBE_POS_Y as usize * plan.filters + each, sizes.filters - 1);
        weights[at + filter * from.per_filter - from.weight]
    }
}

/// Sums the taps of all channels, one row of the kernel at a time, since the windows of neighbouring pixels overlap.
#[cube]
fn add_rows(
    images: &[f32],
    weights: &[f32],
    sums: &mut Array<f32>,
    from: &Place,
    sizes: &Sizes,
    #[comptime] plan: Tile,
) {
    let area = sizes.height * sizes.width;
    for channel in 0..sizes.channels {
        let plane = from.image + channel * area;
        let weight = from.weight + channel * from.per_channel;
        // Not unrolled, so that the kernel stays short.
        for tap in 0..comptime!(plan.kernel[0]) {
            let row = if comptime!(plan.backward) {
                from.row + comptime!(plan.reach(0, 0)) - tap
            } else {
                from.row + tap
            };
            let values = read_row(images, plane, row, from.column, sizes, plan);
            let weight = weight + tap * comptime!(plan.kernel[1]);
            let mut factors = Sequence::<f32>::new();
            #[unroll]
            for each in 0..plan.filters {
                #[unroll]
                for column in 0..comptime!(plan.kernel[1]) {
                    factors.push(weigh(weights, weight + column, each, from, sizes, plan));
                }
            }
            #[unroll]
            for each in 0..plan.filters {
                #[unroll]
                for pixel in 0..plan.pixels {
                    // Sum over the taps first: some devices keep `sums` in memory, not in registers.
                    let mut products = Sequence::<f32>::new();
                    #[unroll]
                    for column in 0..comptime!(plan.kernel[1]) {
                        let value = *values.index(comptime!(
                            pixel * plan.walk() + plan.reach(1, column) - plan.first(1)
                        ));
                        let factor = *factors.index(comptime!(each * plan.kernel[1] + column));
                        if comptime!(column == 0) {
                            products.push(factor * value);
                        } else {
                            let before = *products.index(comptime!(column - 1));
                            products.push(before + factor * value);
                        }
                    }
                    sums[comptime!(pixel * plan.filters + each)] +=
                        *products.index(comptime!(plan.kernel[1] - 1));
                }
            }
        }
    }
}

/// The window of a thread in one row of the input, with zeros outside.
#[cube]
fn read_row(
    images: &[f32],
    plane: usize,
    row: usize,
    column: usize,
    sizes: &Sizes,
    #[comptime] plan: Tile,
) -> Sequence<f32> {
    let row_there = row < sizes.height;
    let mut begin = plane + row * sizes.width;
    if comptime!(plan.rows_bounded()) {
        begin = select(row_there, begin, 0);
    }
    let mut values = Sequence::<f32>::new();
    #[unroll]
    for index in 0..comptime!(plan.window()) {
        let column = column + comptime!(plan.first(1) + index);
        if comptime!(plan.surely(index)) {
            let value = images[begin + column];
            if comptime!(plan.rows_bounded()) {
                values.push(select(row_there, value, 0.0));
            } else {
                values.push(value);
            }
        } else {
            let there = row_there & (column < sizes.width);
            let value = images[select(there, begin + column, 0)];
            values.push(select(there, value, 0.0));
        }
    }
    values
}

/// Sums the taps that the phase depends on, one at a time.
#[cube]
fn add_taps(
    images: &[f32],
    weights: &[f32],
    sums: &mut Array<f32>,
    from: &Place,
    phase_row: usize,
    phase_column: usize,
    sizes: &Sizes,
    #[comptime] plan: Tile,
) {
    let area = sizes.height * sizes.width;
    let phases = comptime!(plan.phases());
    let (down, right) = (
        phase_row + comptime!(plan.reach(0, 0)),
        phase_column + comptime!(plan.reach(1, 0)),
    );
    let (first_row, first_column) = (down % phases, right % phases);
    let (down, right) = (down / phases, right / phases);
    for channel in 0..sizes.channels {
        let plane = from.image + channel * area;
        let weight = from.weight + channel * from.per_channel;
        let mut row = from.row + down;
        for tap_row in range_stepped(first_row, comptime!(plan.kernel[0]), phases) {
            let row_there = row < sizes.height;
            let begin = plane + row * sizes.width;
            let weight = weight + tap_row * comptime!(plan.kernel[1]);
            let mut column = from.column + right;
            for tap in range_stepped(first_column, comptime!(plan.kernel[1]), phases) {
                let mut factors = Sequence::<f32>::new();
                #[unroll]
                for each in 0..plan.filters {
                    factors.push(weigh(weights, weight + tap, each, from, sizes, plan));
                }
                #[unroll]
                for pixel in 0..plan.pixels {
                    let column = column + comptime!(pixel * plan.walk());
                    let there = row_there & (column < sizes.width);
                    let value = images[select(there, begin + column, 0)];
                    let value = select(there, value, 0.0);
                    #[unroll]
                    for each in 0..plan.filters {
                        sums[comptime!(pixel * plan.filters + each)] +=
                            *factors.index(each) * value;
                    }
                }
                if comptime!(plan.backward) {
                    column -= 1;
                } else {
                    column += 1;
                }
            }
            if comptime!(plan.backward) {
                row -= 1;
            } else {
                row += 1;
            }
        }
    }
}
