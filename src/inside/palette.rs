//! Colours of values, readable on light and on dark backgrounds: the hue is the sign, the opacity the size, so that zero
//! is transparent.

/// Below zero.
const BELOW: [u8; 3] = [0x2f, 0x7d, 0xe0];
/// Above zero.
const ABOVE: [u8; 3] = [0xe8, 0x6a, 0x17];

/// The largest absolute value, and never zero.
pub(super) fn largest(values: &[f32]) -> f32 {
    let most = values.iter().fold(0.0_f32, |most, v| most.max(v.abs()));
    if most > 0.0 && most.is_finite() {
        most
    } else {
        1.0
    }
}

/// The smallest and the largest value; zeros of none.
pub(super) fn ends(values: &[f32]) -> (f32, f32) {
    let pick = |of: fn(f32, f32) -> f32| values.iter().copied().reduce(of).unwrap_or_default();
    (pick(f32::min), pick(f32::max))
}

/// `[values, 4]`: each value's colour, where `largest` is opaque.
pub(super) fn signed(values: &[f32], largest: f32) -> Vec<u8> {
    let colour = |&value: &f32| {
        let [red, green, blue] = if value < 0.0 { BELOW } else { ABOVE };
        let opacity = (value.abs() / largest).min(1.0) * 255.0;
        [red, green, blue, opacity.round() as u8]
    };
    values.iter().flat_map(colour).collect()
}

/// `[images, area, 4]` of `[images, channels, area]`, one channel (grey) or three (colours); each
/// value from 0 to 1, clipped.
pub(super) fn opaque(values: &[f32], channels: usize, area: usize) -> Vec<u8> {
    let byte = |value: f32| (value * 255.0).round() as u8;
    crate::data::preview::rgba(values, channels, area, byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hue_is_the_sign_and_the_opacity_the_size() {
        let pixels = signed(&[-2.0, 0.0, 1.0], 2.0);
        assert_eq!(pixels[..4], [0x2f, 0x7d, 0xe0, 255]);
        assert_eq!(pixels[7], 0);
        assert_eq!(pixels[8..], [0xe8, 0x6a, 0x17, 128]);
        assert_eq!((largest(&[0.5, -3.0]), largest(&[0.0])), (3.0, 1.0));
        assert_eq!(
            (ends(&[0.5, -3.0, 2.0]), ends(&[])),
            ((-3.0, 2.0), (0.0, 0.0))
        );
    }
}
