//! ReLU and 2×2 max pooling of a convolution's output, row by row as the convolution produces it.

/// Side of the window, and its stride.
pub(crate) const SIDE: usize = 2;
/// Marker in `places`: no value in the window was positive, so no gradient flows.
const NONE: u8 = 4;

/// The largest value of each window and its position, or 0 and the marker. The value of row `y` and column
/// `x` is `values[y * pitch + x]`, and `bias` is added to each.
pub(crate) fn forward(
    values: &[f32],
    pitch: usize,
    bias: f32,
    width: usize,
    output: &mut [f32],
    winners: &mut [u8],
) {
    let rows = output
        .chunks_exact_mut(width)
        .zip(winners.chunks_exact_mut(width));
    for (row, (output, winners)) in rows.enumerate() {
        let upper = &values[row * SIDE * pitch..][..width * SIDE];
        let lower = &values[(row * SIDE + 1) * pitch..][..width * SIDE];
        let windows = upper
            .as_chunks::<SIDE>()
            .0
            .iter()
            .zip(lower.as_chunks::<SIDE>().0);
        for (([a, b], [c, d]), (output, winner)) in windows.zip(output.iter_mut().zip(winners)) {
            let (mut best, mut place) = (-bias, NONE);
            for (index, value) in [*a, *b, *c, *d].into_iter().enumerate() {
                // NaN wins, so that it is not lost.
                let wins = value > best || value.is_nan();
                best = if wins { value } else { best };
                place = if wins { index as u8 } else { place };
            }
            *output = best + bias;
            *winner = place;
        }
    }
}

/// Routes each window's gradient to the position of its largest value; zeros elsewhere.
pub(crate) fn backward(
    gradient: &[f32],
    winners: &[u8],
    width: usize,
    pitch: usize,
    values: &mut [f32],
) {
    let rows = gradient
        .chunks_exact(width)
        .zip(winners.chunks_exact(width));
    for (row, (gradient, winners)) in rows.enumerate() {
        let (upper, lower) = values[row * SIDE * pitch..].split_at_mut(pitch);
        let upper = upper[..width * SIDE].as_chunks_mut::<SIDE>().0;
        let lower = lower[..width * SIDE].as_chunks_mut::<SIDE>().0;
        for (((gradient, winner), upper), lower) in
            gradient.iter().zip(winners).zip(upper).zip(lower)
        {
            let of = |place: u8| if *winner == place { *gradient } else { 0.0 };
            *upper = [of(0), of(1)];
            *lower = [of(2), of(3)];
        }
    }
}
