//! What a sequence of changes comes to: what was taken back, replaced or switched off with more no longer stands.

use super::{Touch, Touchable};

/// What a touch is about.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum About {
    /// An operation, by its row.
    Row(usize),
    /// Where branches meet.
    Join(usize),
    /// All of the network.
    Network,
}

impl Touch {
    /// What it is about.
    pub(super) const fn about(self) -> About {
        match self {
            Self::Given => About::Network,
            Self::Branch { join, .. } | Self::BranchOn { join, .. } => About::Join(join),
            Self::Weight { row, .. }
            | Self::Bias { row, .. }
            | Self::Kernel { row, .. }
            | Self::Channel { row, .. }
            | Self::Layer { row }
            | Self::Freeze { row }
            | Self::ChannelOn { row, .. }
            | Self::LayerOn { row }
            | Self::Thaw { row } => About::Row(row),
        }
    }

    /// What takes it back, or what it takes back. A number that was typed in is replaced by another one.
    const fn counterpart(self) -> Option<Self> {
        Some(match self {
            Self::Channel { row, channel } => Self::ChannelOn { row, channel },
            Self::ChannelOn { row, channel } => Self::Channel { row, channel },
            Self::Layer { row } => Self::LayerOn { row },
            Self::LayerOn { row } => Self::Layer { row },
            Self::Branch { join, branch } => Self::BranchOn { join, branch },
            Self::BranchOn { join, branch } => Self::Branch { join, branch },
            Self::Freeze { row } => Self::Thaw { row },
            Self::Thaw { row } => Self::Freeze { row },
            Self::Weight { .. } | Self::Bias { .. } | Self::Kernel { .. } | Self::Given => {
                return None;
            }
        })
    }

    /// The channel whose numbers it sets, or switches on or off.
    const fn channel(self) -> Option<usize> {
        match self {
            Self::Weight { channel, .. }
            | Self::Bias { channel, .. }
            | Self::Kernel { channel, .. }
            | Self::Channel { channel, .. }
            | Self::ChannelOn { channel, .. } => Some(channel),
            _ => None,
        }
    }

    /// Whether nothing is left of an earlier change after this one.
    fn replaces(self, before: Self) -> bool {
        if self.about() != before.about() {
            return false;
        }
        let channel = before.channel();
        match (self, before) {
            (
                Self::Weight {
                    channel, input, at, ..
                },
                Self::Weight {
                    channel: other,
                    input: from,
                    at: number,
                    ..
                },
            ) => (channel, input, at) == (other, from, number),
            (Self::Bias { .. }, Self::Bias { .. })
            | (Self::Kernel { .. }, Self::Kernel { .. } | Self::Weight { .. }) => {
                self.channel() == channel
            }
            (Self::Channel { .. } | Self::ChannelOn { .. }, _) => self.channel() == channel,
            (Self::Layer { .. } | Self::LayerOn { .. }, _) => channel.is_some(),
            _ => false,
        }
    }
}

/// What still holds after a sequence of changes, in their order.
pub fn standing<T: Clone>(all: &[T], of: impl Fn(&T) -> Touch) -> Vec<T> {
    let mut kept: Vec<T> = Vec::new();
    for one in all {
        let touch = of(one);
        let (count, back) = (kept.len(), touch.counterpart());
        if kept.iter().any(|before| of(before) == touch) {
            continue;
        }
        kept.retain(|before| Some(of(before)) != back);
        if kept.len() == count {
            kept.retain(|before| !touch.replaces(of(before)));
            kept.push(one.clone());
        }
    }
    kept
}

/// Whether a change is of something that is off.
pub(super) fn covered(touch: Touch, standing: &[Touch]) -> bool {
    let is_off = |off: &Touch| matches!(off, Touch::Channel { .. } | Touch::Layer { .. });
    let mut offs = standing.iter().filter(|off| is_off(off));
    offs.any(|off| *off != touch && off.counterpart() != Some(touch) && off.replaces(touch))
}

/// What a press can change at a channel of a row beside its numbers: what is off or frozen there can be taken back.
pub fn offers(touchable: &Touchable, channel: usize, all: &[Touch]) -> Vec<Touch> {
    let row = touchable.row;
    let standing = standing(all, |touch| *touch);
    let branch = |branch| {
        let join = touchable.block?;
        Some(Touch::Branch { join, branch })
    };
    let each = [
        touchable.channel.then_some(Touch::Channel { row, channel }),
        touchable.learned.then_some(Touch::Layer { row }),
        branch(1),
        branch(0),
        touchable.learned.then_some(Touch::Freeze { row }),
    ];
    let offered = |touch: Touch| match standing.contains(&touch) {
        true => touch.counterpart(),
        false => Some(touch),
    };
    each.into_iter().flatten().filter_map(offered).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROW: usize = 3;

    fn weight(at: usize, value: f32) -> Touch {
        let (row, channel, input) = (ROW, 1, 0);
        Touch::Weight {
            row,
            channel,
            input,
            at,
            value,
        }
    }

    fn of(all: &[Touch]) -> Vec<Touch> {
        standing(all, |touch| *touch)
    }

    const OFF: Touch = Touch::Channel {
        row: ROW,
        channel: 1,
    };
    const ON: Touch = Touch::ChannelOn {
        row: ROW,
        channel: 1,
    };

    #[test]
    fn what_was_replaced_or_taken_back_or_is_off_does_not_stand() {
        let kernel = Touch::Kernel {
            row: ROW,
            channel: 1,
            pattern: crate::arch::touch::Pattern::Blur,
        };
        let freeze = Touch::Freeze { row: ROW };
        assert_eq!(of(&[weight(0, 1.0), weight(0, 2.0)]), [weight(0, 2.0)]);
        let both = [weight(0, 1.0), weight(1, 2.0)];
        assert_eq!(of(&both), both);
        assert_eq!(of(&[both[0], both[1], kernel]), [kernel]);
        assert_eq!(of(&[kernel, both[0]]), [kernel, both[0]]);
        assert_eq!(of(&[both[0], kernel, OFF]), [OFF]);
        assert_eq!(
            of(&[OFF, Touch::Layer { row: ROW }]),
            [Touch::Layer { row: ROW }]
        );
        assert_eq!(of(&[freeze, OFF, freeze]), [freeze, OFF]);
        assert_eq!(of(&[OFF, freeze, ON]), [freeze]);
        assert_eq!(of(&[freeze, Touch::Thaw { row: ROW }]), []);
        // What a run has gone on with is taken back by a change that stands by itself.
        assert_eq!(of(&[ON]), [ON]);
        // A number of what is off is none.
        assert!(covered(weight(0, 1.0), &[OFF]));
        assert!(!covered(ON, &[OFF]) && !covered(OFF, &[OFF]));
    }

    #[test]
    fn what_is_off_or_frozen_is_offered_back() {
        let touchable = Touchable {
            row: ROW,
            patterns: Vec::new(),
            channel: true,
            learned: true,
            block: None,
        };
        let layer = Touch::Layer { row: ROW };
        let freeze = Touch::Freeze { row: ROW };
        assert_eq!(offers(&touchable, 1, &[]), [OFF, layer, freeze]);
        let thaw = Touch::Thaw { row: ROW };
        assert_eq!(offers(&touchable, 1, &[OFF, freeze]), [ON, layer, thaw]);
        assert_eq!(offers(&touchable, 1, &[OFF, ON]), [OFF, layer, freeze]);
        let other = Touch::Channel {
            row: ROW,
            channel: 0,
        };
        assert_eq!(offers(&touchable, 0, &[OFF]), [other, layer, freeze]);
    }
}
