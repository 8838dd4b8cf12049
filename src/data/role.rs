//! What the words of people's folders and files say that data are for.

use super::Split;

/// What a word says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Train,
    Validation,
    Test,
}

impl Role {
    /// What a word in small letters says; nothing if it is none of these.
    pub(super) fn of(word: &str) -> Option<Self> {
        match word {
            "train" | "training" | "train_set" | "training_set" | "训练" | "训练集" => {
                Some(Self::Train)
            }
            "val" | "valid" | "validation" | "dev" | "验证" | "验证集" => {
                Some(Self::Validation)
            }
            "test" | "testing" | "test_set" | "t10k" | "测试" | "测试集" => Some(Self::Test),
            _ => None,
        }
    }

    /// The part that it is for: validation is done with the test images.
    pub(super) fn split(self) -> Split {
        match self {
            Self::Train => Split::Train,
            Self::Validation | Self::Test => Split::Test,
        }
    }
}
