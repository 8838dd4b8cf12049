//! All weights packed into one buffer, and the optimizer's step over it.

use burn::tensor::{Device, Shape, Tensor, TensorData};
use burn_cubecl::tensor::CubeTensor;

use super::super::{AdamStep, Moved, SgdStep};
use super::cube::{self, ARRAYS, Spans};
use super::{back, plain};

/// Each array begins at a multiple of this many values: the alignment that a device may require of a binding.
const ALIGNED: usize = 64;
const BYTES: usize = size_of::<f32>();

/// Arrays that are slices of one buffer.
struct Packed {
    whole: CubeTensor,
    /// The offset and the length of each array, in values.
    spans: Vec<[usize; 2]>,
}

impl Packed {
    /// `None` unless all arrays are slices of the same buffer.
    fn of(arrays: &[Tensor<1>]) -> Option<Self> {
        let parts: Vec<_> = arrays.iter().map(plain).collect::<Option<_>>()?;
        let first = parts.first()?;
        let memory = first.handle.memory.descriptor();
        let mut spans = Vec::new();
        for part in &parts {
            if !std::ptr::eq(part.handle.memory.descriptor(), memory) {
                return None;
            }
            let start = part.handle.offset_start.unwrap_or(0) as usize / BYTES;
            spans.push([start, part.meta.num_elements()]);
        }
        let mut handle = first.handle.clone();
        handle.offset_start = None;
        handle.offset_end = None;
        let count = handle.size() as usize / BYTES;
        let whole = CubeTensor::new_contiguous(
            first.client.clone(),
            first.device.clone(),
            Shape::from([count]),
            handle,
            first.dtype,
        );
        Some(Self { whole, spans })
    }

    fn beside(&self) -> CubeTensor {
        cube::empty(&self.whole, [self.whole.meta.num_elements()])
    }

    /// The same slices of another buffer with this layout.
    fn views(&self, whole: &CubeTensor) -> Vec<Tensor<1>> {
        let view = |[start, count]: &[usize; 2]| {
            let mut handle = whole.handle.clone();
            let size = handle.size();
            handle.offset_start = Some((start * BYTES) as u64);
            handle.offset_end = Some(size - ((start + count) * BYTES) as u64);
            back(CubeTensor::new_contiguous(
                whole.client.clone(),
                whole.device.clone(),
                Shape::from([*count]),
                handle,
                whole.dtype,
            ))
        };
        self.spans.iter().map(view).collect()
    }

    /// Runs `step` on groups of as many arrays as one kernel takes.
    fn each(
        &self,
        gradients: &[Tensor<1>],
        step: impl Fn([&CubeTensor; ARRAYS], Spans),
    ) -> Option<()> {
        let gradients: Vec<_> = gradients.iter().map(plain).collect::<Option<_>>()?;
        for (spans, gradients) in self.spans.chunks(ARRAYS).zip(gradients.chunks(ARRAYS)) {
            let mut all = ([&self.whole; ARRAYS], Spans::default());
            for (index, (span, gradient)) in spans.iter().zip(gradients).enumerate() {
                all.0[index] = gradient;
                all.1[index] = *span;
            }
            step(all.0, all.1);
        }
        Some(())
    }
}

/// [`super::super::pack`], if the device is this backend's.
pub(in super::super) fn pack(arrays: &[Vec<f32>], device: &Device) -> Option<Vec<Tensor<1>>> {
    plain(&Tensor::<1>::empty([1], device))?;
    let (mut numbers, mut spans) = (Vec::new(), Vec::new());
    for array in arrays {
        spans.push([numbers.len(), array.len()]);
        numbers.extend_from_slice(array);
        numbers.resize(numbers.len().next_multiple_of(ALIGNED), 0.0);
    }
    let count = numbers.len();
    let whole = plain(&Tensor::<1>::from_data(
        TensorData::new(numbers, [count]),
        device,
    ))?;
    let packed = Packed { whole, spans };
    Some(packed.views(&packed.whole))
}

/// [`super::super::adam`], if the weights are packed on this backend.
pub(in super::super) fn adam(
    weights: &[Tensor<1>],
    gradients: &[Tensor<1>],
    [first, second]: [&[Tensor<1>]; 2],
    step: AdamStep,
) -> Option<Moved<2>> {
    let packed = Packed::of(weights)?;
    let (first, second) = (Packed::of(first)?, Packed::of(second)?);
    let new = packed.beside();
    packed.each(gradients, |gradients, spans| {
        let flat = [&packed.whole, &new, &first.whole, &second.whole];
        cube::adam(flat, gradients, spans, step);
    })?;
    let moments = [&first, &second].map(|moment| moment.views(&moment.whole));
    Some((packed.views(&new), moments))
}

/// [`super::super::sgd`], if the weights are packed on this backend.
pub(in super::super) fn sgd(
    weights: &[Tensor<1>],
    gradients: &[Tensor<1>],
    velocities: &[Tensor<1>],
    step: SgdStep,
) -> Option<Moved<1>> {
    let packed = Packed::of(weights)?;
    let velocity = Packed::of(velocities)?;
    let new = packed.beside();
    packed.each(gradients, |gradients, spans| {
        cube::sgd(
            [&packed.whole, &new, &velocity.whole],
            gradients,
            spans,
            step,
        );
    })?;
    Some((packed.views(&new), [velocity.views(&velocity.whole)]))
}
