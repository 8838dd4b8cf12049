//! The program of a gather: what one thread of it does.

use cubecl::prelude::*;

use super::{Four, PIXELS, Tile, UNITS};

/// Places of a thread's pixels.
#[derive(CubeType)]
struct Places {
    /// Where each one's first tap is in the input's first channel.
    starts: Sequence<usize>,
    /// Its row and column.
    rows: Sequence<usize>,
    columns: Sequence<usize>,
}

#[cube(launch_unchecked)]
pub(super) fn convolve(
    images: &[f32],
    weights: &[f32],
    bias: &[f32],
    output: &mut [f32],
    positions: usize,
    #[comptime] plan: Tile,
) {
    let lattice = comptime!(plan.lattice());
    let phase = CUBE_POS_Z as usize;
    let (phase_row, phase_column) = (
        phase / comptime!(plan.phases()),
        phase % comptime!(plan.phases()),
    );
    let first = CUBE_POS_X as usize * comptime!(UNITS * PIXELS) + UNIT_POS as usize;
    let mut places = Places {
        starts: Sequence::new(),
        rows: Sequence::new(),
        columns: Sequence::new(),
    };
    let mut numbers = Sequence::<usize>::new();
    let mut cells = Sequence::<usize>::new();
    #[unroll]
    for pixel in 0..PIXELS {
        let position = min(first + comptime!(pixel * UNITS), positions - 1);
        let number = position / comptime!(lattice[0] * lattice[1]);
        let cell = position % comptime!(lattice[0] * lattice[1]);
        let row = cell / comptime!(lattice[1]) * comptime!(plan.walk());
        let column = cell % comptime!(lattice[1]) * comptime!(plan.walk());
        let corner = comptime!(plan.origin(0) * plan.input[1] + plan.origin(1));
        // Before the first row or column these wrap, and back again where they meet the input.
        let start = number * comptime!(plan.channels * plan.area());
        places
            .starts
            .push(start + row * comptime!(plan.input[1]) + column - corner);
        places.rows.push(row - comptime!(plan.origin(0)));
        places.columns.push(column - comptime!(plan.origin(1)));
        numbers.push(number);
        cells.push(cell);
    }
    let mut sums = Array::<Four>::new(comptime!(PIXELS * plan.fours));
    accumulate(
        images,
        weights,
        &mut sums,
        &places,
        phase_row,
        phase_column,
        plan,
    );

    let filter = CUBE_POS_Y as usize * comptime!(4 * plan.fours);
    #[unroll]
    for pixel in 0..PIXELS {
        let cell = *cells.index(pixel);
        let row = cell / comptime!(lattice[1]) * comptime!(plan.phases()) + phase_row;
        let column = cell % comptime!(lattice[1]) * comptime!(plan.phases()) + phase_column;
        let there = first + comptime!(pixel * UNITS) < positions
            && row < comptime!(plan.output[0])
            && column < comptime!(plan.output[1]);
        if there {
            let target = (*numbers.index(pixel) * comptime!(plan.filters) + filter)
                * comptime!(plan.output_area())
                + row * comptime!(plan.output[1])
                + column;
            #[unroll]
            for lane in 0..comptime!(4 * plan.fours) {
                if filter + lane < comptime!(plan.filters) {
                    let sum =
                        sums[comptime!(pixel * plan.fours + lane / 4)].extract(comptime!(lane % 4));
                    output[target + comptime!(lane * plan.output_area())] =
                        finish(sum, bias, filter + lane, plan);
                }
            }
        }
    }
}

/// A sum with what comes behind it.
#[cube]
fn finish(sum: f32, bias: &[f32], filter: usize, #[comptime] plan: Tile) -> f32 {
    let biased = if comptime!(plan.bias) {
        sum + bias[filter]
    } else {
        sum
    };
    if comptime!(plan.relu) {
        // Not `max`, which may lose a value that is no number.
        select(biased < 0.0, 0.0, biased)
    } else {
        biased
    }
}

/// Adds up all taps of all channels.
#[cube]
fn accumulate(
    images: &[f32],
    weights: &[f32],
    sums: &mut Array<Four>,
    places: &Places,
    phase_row: usize,
    phase_column: usize,
    #[comptime] plan: Tile,
) {
    let depth = comptime!(plan.depth());
    let line = comptime!(plan.taps() * plan.fours);
    let mut held = Shared::<[Four]>::new_slice(comptime!(depth * line));
    for chunk in 0..comptime!(plan.channels.div_ceil(depth)) {
        let first = chunk * depth;
        sync_cube();
        for index in range_stepped(UNIT_POS as usize, comptime!(depth * line), UNITS) {
            let tap = index % comptime!(depth * plan.taps());
            let four = index / comptime!(depth * plan.taps());
            held[tap * comptime!(plan.fours) + four] = weigh(weights, first, tap, four, plan);
        }
        sync_cube();
        for channel in 0..min(depth, plan.channels - first) {
            let plane = (first + channel) * comptime!(plan.area());
            // Not unrolled, so that the program stays short.
            for row in 0..comptime!(plan.kernel[0]) {
                let down = if comptime!(plan.backward) {
                    phase_row + comptime!(plan.reach(0, 0)) - row
                } else {
                    row
                };
                let line = channel * line + row * comptime!(plan.kernel[1] * plan.fours);
                if comptime!(plan.phases() > 1) {
                    if down % comptime!(plan.phases()) == 0 {
                        let down = down / comptime!(plan.phases());
                        taps(
                            images,
                            &held,
                            sums,
                            places,
                            plane,
                            line,
                            down,
                            phase_column,
                            plan,
                        );
                    }
                } else {
                    taps(
                        images,
                        &held,
                        sums,
                        places,
                        plane,
                        line,
                        down,
                        phase_column,
                        plan,
                    );
                }
            }
        }
    }
}

/// The taps of one row of the kernel, for all pixels and filters of the thread.
#[cube]
fn taps(
    images: &[f32],
    held: &Shared<[Four]>,
    sums: &mut Array<Four>,
    places: &Places,
    plane: usize,
    line: usize,
    down: usize,
    phase_column: usize,
    #[comptime] plan: Tile,
) {
    let from = plane + down * comptime!(plan.input[1]);
    let mut rows_there = Sequence::<bool>::new();
    #[unroll]
    for pixel in 0..PIXELS {
        rows_there.push(*places.rows.index(pixel) + down < comptime!(plan.input[0]));
    }
    #[unroll]
    for column in 0..comptime!(plan.kernel[1]) {
        let across = phase_column + comptime!(plan.reach(1, column));
        let held_at = line + comptime!(column * plan.fours);
        if comptime!(plan.phases() > 1) {
            if across % comptime!(plan.phases()) == 0 {
                let across = across / comptime!(plan.phases());
                tap(
                    images,
                    held,
                    sums,
                    places,
                    &rows_there,
                    from,
                    held_at,
                    across,
                    plan,
                );
            }
        } else {
            tap(
                images,
                held,
                sums,
                places,
                &rows_there,
                from,
                held_at,
                across,
                plan,
            );
        }
    }
}

/// One tap.
#[cube]
fn tap(
    images: &[f32],
    held: &Shared<[Four]>,
    sums: &mut Array<Four>,
    places: &Places,
    rows_there: &Sequence<bool>,
    from: usize,
    held_at: usize,
    across: usize,
    #[comptime] plan: Tile,
) {
    let mut factors = Sequence::<Four>::new();
    #[unroll]
    for four in 0..comptime!(plan.fours) {
        factors.push(held[held_at + four]);
    }
    #[unroll]
    for pixel in 0..PIXELS {
        let index = *places.starts.index(pixel) + from + across;
        let value = if comptime!(plan.bounded()) {
            let column = *places.columns.index(pixel) + across;
            let there = *rows_there.index(pixel) & (column < comptime!(plan.input[1]));
            select(there, images[select(there, index, 0)], 0.0)
        } else {
            images[index]
        };
        #[unroll]
        for four in 0..comptime!(plan.fours) {
            sums[comptime!(pixel * plan.fours + four)] += *factors.index(four) * Four::new(value);
        }
    }
}

/// Four filters' weights of one tap of a chunk of channels, zeros where there are none.
#[cube]
fn weigh(weights: &[f32], first: usize, tap: usize, four: usize, #[comptime] plan: Tile) -> Four {
    let channel = first + tap / comptime!(plan.taps());
    let filter = (CUBE_POS_Y as usize * comptime!(plan.fours) + four) * 4;
    let mut result = Four::new(0.0);
    #[unroll]
    for lane in 0..4 {
        let there =
            (channel < comptime!(plan.channels)) & (filter + lane < comptime!(plan.filters));
        let line = if comptime!(plan.backward) {
            channel * comptime!(plan.filters) + filter + lane
        } else {
            (filter + lane) * comptime!(plan.channels) + channel
        };
        let index = line * comptime!(plan.taps()) + tap % comptime!(plan.taps());
        result.insert(lane, select(there, weights[select(there, index, 0)], 0.0));
    }
    result
}
