//! One axis of a convolution: which input contributes to which output through which tap of the kernel.
//!
//! With a stride of `s`, the padded input and the taps split into `s` phases. Tap `t` only reads inputs of
//! phase `t mod s`, so within a phase the convolution has a stride of one.

/// The sizes along one axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Axis {
    /// Input values, without padding.
    pub(crate) input: usize,
    /// Taps.
    pub(crate) kernel: usize,
    pub(crate) stride: usize,
    /// Zeros on either side.
    pub(crate) padding: usize,
}

impl Axis {
    /// Output values.
    pub(crate) fn output(self) -> usize {
        (self.input + 2 * self.padding - self.kernel) / self.stride + 1
    }

    /// Phases that some tap is in.
    pub(crate) fn phases(self) -> usize {
        self.stride.min(self.kernel)
    }

    /// The first place of a phase that is not padding.
    pub(crate) fn first(self, phase: usize) -> usize {
        self.padding.saturating_sub(phase).div_ceil(self.stride)
    }

    /// One past the last place of a phase that is not padding.
    pub(crate) fn end(self, phase: usize) -> usize {
        (self.input + self.padding)
            .saturating_sub(phase)
            .div_ceil(self.stride)
    }

    /// Which input stands at a place of a phase that is not padding.
    pub(crate) fn source(self, phase: usize, place: usize) -> usize {
        place * self.stride + phase - self.padding
    }

    /// By how many places the last tap of a phase reads ahead.
    fn reach(self, phase: usize) -> usize {
        (self.kernel - 1 - phase) / self.stride
    }

    /// Places of a phase that outputs read.
    fn read(self, phase: usize) -> usize {
        self.output() + self.reach(phase)
    }

    /// Places that any phase needs.
    pub(crate) fn places(self) -> usize {
        (0..self.phases())
            .map(|phase| self.read(phase))
            .max()
            .unwrap_or(0)
    }

    /// Zeros that are read past the end of a row that lies a pitch before the next one: those before the next row, and
    /// behind the last one as many.
    pub(crate) fn beyond(self) -> usize {
        self.places().saturating_sub(self.pitch())
    }

    /// Zeros that the output's gradient needs before it, for the input's gradient.
    pub(crate) fn before(self) -> usize {
        let missing = |phase| self.reach(phase).saturating_sub(self.first(phase));
        (0..self.phases()).map(missing).max().unwrap_or(0)
    }

    /// Zeros that it needs behind it.
    pub(crate) fn behind(self) -> usize {
        let missing = |phase| self.end(phase).saturating_sub(self.output());
        (0..self.phases()).map(missing).max().unwrap_or(0)
    }

    /// The least distance between two rows that lie one behind the other, along this axis, so that
    /// what is read past the end of a row are the zeros before the next one.
    pub(crate) fn pitch(self) -> usize {
        let of_phase = |phase| {
            let (first, end) = (self.first(phase), self.end(phase));
            end.max(self.read(phase).saturating_sub(first))
        };
        let input = (0..self.phases()).map(of_phase).max().unwrap_or(0);
        let output = self.output() + self.before().max(self.behind());
        input.max(output)
    }
}
