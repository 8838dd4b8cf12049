//! The kinds of problems. Their words stand in `www/locales/*.json` under `problem.<code>`.

use serde::{Deserialize, Serialize};

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $text:literal,)*) => {
        /// What kind of problem it is. The text form is stable: links, tests and locale files name it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        #[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
        pub enum Code {
            $($(#[$doc])* #[cfg_attr(test, ts(rename = $text))] $variant,)*
        }

        impl Code {
            /// Every code there is, for the test that each has its words.
            pub const ALL: &'static [Code] = &[$(Code::$variant),*];

            /// Whether it is an outcome of the experiment: another try comes to the same.
            pub const fn is_outcome(self) -> bool {
                matches!(self, Code::NotFinite | Code::TestNotFinite)
            }

            /// The code's stable text form.
            pub const fn text(self) -> &'static str {
                match self { $(Code::$variant => $text),* }
            }
        }
    };
}

codes! {
    /// A number outside its limits. `value`, `min`, `max`.
    OutOfRange = "out-of-range",
    /// A word that is not among the choices. `value`, `choices`.
    UnknownChoice = "unknown-choice",
    /// A text that is not a number. `value`.
    NotANumber = "not-a-number",
    /// A number with a fraction where only whole ones make sense. `value`.
    NotWhole = "not-whole",
    /// A text longer than any that is read. `found`, `limit`.
    TooLong = "too-long",
    /// A parameter of a link that no version knows. `key`, `value`.
    UnknownParameter = "unknown-parameter",
    /// A text that should be an experiment, and says none. `found`.
    NoExperiment = "no-experiment",
    /// A name in a list that is neither a setting nor a part of the page. `value`.
    UnknownName = "unknown-name",
    /// A goal of a list that cannot be asked for. `value`.
    UnknownGoal = "unknown-goal",
    /// A goal with an amount that there is not. `value`, `least`, `most`.
    GoalAmount = "goal-amount",
    /// A goal of which so many cannot be asked for. `value`, `least`, `most`.
    GoalCount = "goal-count",
    /// A goal that is asked for with another amount before. `value`.
    GoalRepeated = "goal-repeated",
    /// A link that asks for its result, and has none. No facts.
    GoalWithoutResult = "goal-without-result",
    /// A text that should hold what a person did, and is none. No facts.
    NotKept = "not-kept",
    /// Such a text with parts that were cut off or changed. `count`.
    KeptDamaged = "kept-damaged",
    /// Such a text without room for something: `reached`, `link`, `lab`, `words` or `runs`. `what`, `limit`.
    NoRoomFor = "no-room-for",
    /// A parameter without effect beside the others. `key`, `value`.
    DoesNotApply = "does-not-apply",
    /// A parameter that stands in a link twice; the first one counts. `key`.
    RepeatedParameter = "repeated-parameter",
    /// A link made by a later version. `version`, `known`.
    LaterVersion = "later-version",
    /// A claimed result that cannot be parsed. `value`.
    BadResult = "bad-result",
    /// A result after other steps than the experiment's. `steps`, `expected`.
    ResultDiffers = "result-differs",
    /// More problems than are told one by one. `count`.
    MoreProblems = "more-problems",
    /// A list with the wrong number of entries. `found`, `expected`.
    WrongCount = "wrong-count",
    /// A choice that the data set does not offer. `value`, `data`.
    NotForData = "not-for-data",
    /// A data set without masks under a network that marks pixels. `data`.
    NoMasks = "no-masks",
    /// A layer that takes images, where a vector reaches it. `layer`, `shape`.
    LayerNeedsImage = "layer-needs-image",
    /// A layer that takes a vector, where an image reaches it. `layer`, `shape`.
    LayerNeedsVector = "layer-needs-vector",
    /// A kernel larger than the padded image. `layer`, `kernel`, `shape`.
    KernelTooLarge = "kernel-too-large",
    /// Two shapes that should be added and differ. `layer`, `body`, `shortcut`.
    ShapesDiffer = "shapes-differ",
    /// Two images that should lie behind each other and differ in height or width. `layer`,
    /// `first`, `other`.
    SizesDiffer = "sizes-differ",
    /// A gate that does not fit what it should multiply. `layer`, `first`, `other`.
    GateDiffers = "gate-differs",
    /// A mask of another size than the image's, which no pixel of it could be compared with. `mask`,
    /// `image`.
    MaskDiffers = "mask-differs",
    /// Channels that cannot be divided into this number of groups. `layer`, `shape`, `filters`, `groups`.
    GroupsDoNotDivide = "groups-do-not-divide",
    /// Channels that cannot be divided into this number of groups for a normalization. `layer`, `shape`, `groups`.
    ChannelsDoNotDivide = "channels-do-not-divide",
    /// More padding than a window, or what is to be cut off, allows. `layer`, `shape`, `padding`, `most`.
    PaddingTooLarge = "padding-too-large",
    /// An output padding of a transposed convolution that is not smaller than its stride. `layer`, `shape`, `padding`, `stride`.
    OutputPaddingTooLarge = "output-padding-too-large",
    /// A layer with more numbers than can be counted. `layer`, `shape`, `limit`.
    LayerTooLarge = "layer-too-large",
    /// A kernel along the channels that has no middle. `layer`, `kernel`.
    EvenKernel = "even-kernel",
    /// Weights that are to be shuffled like the pixels where the first layer has none for each pixel.
    PixelWeights = "pixel-weights",
    /// A network that gives something else than a number for each class. `output`, `classes`.
    OutputDiffers = "output-differs",
    /// A sign in the text of a network where something else is expected. `found`, `expected`.
    UnexpectedSign = "unexpected-sign",
    /// A sign in the text of a network where a layer is expected. `found`.
    LayerExpected = "layer-expected",
    /// A bracket in the text of a network that is not closed.
    OpenBracket = "open-bracket",
    /// A word in the text of a network that is no layer. `found`, `known`.
    UnknownLayer = "unknown-layer",
    /// A letter behind a layer's word that is none of its settings. `word`, `known`.
    UnknownSetting = "unknown-setting",
    /// A setting of a layer that is written twice. `word`.
    RepeatedSetting = "repeated-setting",
    /// A layer without a number that it must have. `word`, `name`, `example`.
    SettingNeeded = "setting-needed",
    /// Two parts of a network with the same name in the same place. `name`.
    SameName = "same-name",
    /// A network with more layers than are read. `limit`.
    TooManyLayers = "too-many-layers",
    /// A network whose brackets lie deeper in one another than is read. `limit`.
    TooDeep = "too-deep",
    /// More weights than a browser can hold. `weights`, `limit`.
    TooManyWeights = "too-many-weights",
    /// A run that needs more memory than a browser gives, both in gigabytes, and the largest batch that
    /// would fit, 0 if none does. `needs`, `limit`, `batch`.
    TooMuchMemory = "too-much-memory",
    /// A file of an unknown format. `file`, `found`.
    UnknownFormat = "unknown-format",
    /// A web page that was saved in the place of a file. `file`.
    SavedPage = "saved-page",
    /// A file of data larger than any that is read, in megabytes. `file`, `found`, `limit`.
    DataTooLarge = "data-too-large",
    /// An archive that has to be unpacked first. `file`.
    Packed = "packed",
    /// A picture, which is no data set. `file`.
    Picture = "picture",
    /// A file among pictures that is none. `file`.
    NoPicture = "no-picture",
    /// A picture whose beginning does not say how large it is. `file`.
    DamagedPicture = "damaged-picture",
    /// A picture that this browser cannot decode. `file`.
    Undecodable = "undecodable",
    /// A picture whose pixels this browser gives as noise: a protection against fingerprinting. `file`.
    Noise = "noise",
    /// A file of a picture larger than any that is decoded, in megabytes. `file`, `found`, `limit`.
    PictureTooLarge = "picture-too-large",
    /// A picture with more pixels than any that is decoded. `file`, `width`, `height`, and the `limit` in millions.
    TooManyPixels = "too-many-pixels",
    /// More pictures than a set of this size can have. `limit`.
    TooManyPictures = "too-many-pictures",
    /// Too few or too many classes. `found`, `min`, `max`.
    ClassCount = "class-count",
    /// So few test images that one alone shows in the accuracy. `test`, `percent`.
    FewTests = "few-tests",
    /// Classes of very different size. `most`, `most_count`, `least`, `least_count`, and the accuracy of always answering with
    /// the largest, `percent`.
    Unbalanced = "unbalanced",
    /// A text that is no table. `file`.
    PlainText = "plain-text",
    /// A text whose letters are in no writing that is read. `file`.
    UnknownLetters = "unknown-letters",
    /// A pointer to a file, as Git LFS has it. `file`.
    Pointer = "pointer",
    /// A packed file that cannot be unpacked. `file`.
    Damaged = "damaged",
    /// A file that unpacks to more than is read, in megabytes. `file`, `limit`.
    Expands = "expands",
    /// An archive in which there is nothing that can be used. `file`.
    EmptyArchive = "empty-archive",
    /// An archive of one picture. `file`.
    PackedPictures = "packed-pictures",
    /// An archive of more files than are looked at. `file`, `limit`.
    TooManyMembers = "too-many-members",
    /// A file of data among pictures. `file`.
    BesidePictures = "beside-pictures",
    /// Images whose labels are nowhere, beside a set that is whole. `file`.
    ImagesAlone = "images-alone",
    /// Labels whose images are nowhere, beside a set that is whole. `file`.
    LabelsAlone = "labels-alone",
    /// An array of a form that is neither images nor labels, and the sides that images may have. `file`, `found`, `least`,
    /// `most`.
    UnfitArray = "unfit-array",
    /// A table of so many columns that its rows are neither images nor labels, and the sides that images may have. `file`,
    /// `columns`, `least`, `most`.
    UnfitTable = "unfit-table",
    /// A Python pickle without images and labels. `file`.
    UnfitPickle = "unfit-pickle",
    /// A row of a table that has another number of columns than the first one. `file`, `row`, `expected`, `found`.
    BadRow = "bad-row",
    /// A cell of a table that holds no number. `file`, `row`, `column`, `found`.
    BadCell = "bad-cell",
    /// A cell of a table that is longer than is read, in bytes. `file`, `row`, `column`, `limit`.
    LongCell = "long-cell",
    /// Pixels of a scale that no images have, such as those that were normalized already. `file`, `least`, `most`.
    OtherScale = "other-scale",
    /// An array or a table with entries that are no numbers (NaN) or endless. `file`.
    NotNumbers = "not-numbers",
    /// A file that is in no way part of a set that is whole. `file`.
    NotUsed = "not-used",
    /// A set for validation beside one for training and one for testing. `file`.
    ValidationAside = "validation-aside",
    /// A row of a table whose label's cell is empty. `file`, `row`, `column`.
    NoLabel = "no-label",
    /// More classes than are told apart. `file`, `limit`.
    TooManyClasses = "too-many-classes",
    /// A remark: of so many samples an even share is used. `file`, `found`, `used`.
    Thinned = "thinned",
    /// A file that ends too early. `file`, `expected`, `found`.
    Truncated = "truncated",
    /// A file whose content contradicts its own header. `file`, `expected`, `found`.
    BadContent = "bad-content",
    /// A downloaded file whose SHA-256 is not the manifest's. `file`, `expected`, `found`.
    BadChecksum = "bad-checksum",
    /// Images and labels that do not belong together. `images`, `labels`.
    CountsDiffer = "counts-differ",
    /// A file of images and one of labels that do not belong together. `images_file`, `images`,
    /// `labels_file`, `labels`.
    PairDiffers = "pair-differs",
    /// A remark: one image in seven of these files is for testing. `train`.
    HeldOut = "held-out",
    /// A remark: which files became the parts of a set. `train`, `test`.
    PartsOfFiles = "parts-of-files",
    /// A run of another set of a person's own than the one that is here. `expected`, `found`.
    OtherSet = "other-set",
    /// A text that is no fingerprint of a set. `value`.
    BadFingerprint = "bad-fingerprint",
    /// Training and test images of different sizes. `train`, `test`.
    SetsDiffer = "sets-differ",
    /// A third set where there are two. `file`.
    TooManySets = "too-many-sets",
    /// Too few images to train with. `found`, `needed`.
    TooFewImages = "too-few-images",
    /// A question about classes to a network that judges each pixel.
    NoClasses = "no-classes",
    /// A data set that is not there (yet). `data`.
    NoData = "no-data",
    /// A file that the network or its server does not give. `file`.
    Unreachable = "unreachable",
    /// A file that the server refuses. `file`, `status`.
    BadStatus = "bad-status",
    /// A web page in place of a file, such as a sign-in page. `file`.
    WebPage = "web-page",
    /// A file that the playground as one file does not hold. `file`.
    NotInFile = "not-in-file",
    /// A file of a person's own that the browser cannot read. `file`, `reason`.
    Unreadable = "unreadable",
    /// A file that stopped arriving. `file`, `seconds`.
    Stalled = "stalled",
    /// A loss in training that is not a finite number. `step`, `last`.
    NotFinite = "not-finite",
    /// A loss on the test images that is not a finite number. `step`, `last`.
    TestNotFinite = "test-not-finite",
    /// The program that trains cannot be loaded. `detail`.
    NoModule = "no-module",
    /// The program that trains has stopped by itself. `detail`.
    Crashed = "crashed",
    /// No WebGPU device to be had. `reason`.
    NoDevice = "no-device",
    /// The WebGPU device went away. `reason`.
    DeviceLost = "device-lost",
    /// A GPU whose loss on a run's first batch is not that of the CPU. `found`, `expected`.
    GpuDiffers = "gpu-differs",
    /// A file that holds no runs. `detail`.
    NotRuns = "not-runs",
    /// A file of runs that a later version wrote. `version`, `known`.
    LaterFile = "later-file",
    /// A file of runs larger than any that is read, in megabytes. `found`, `limit`.
    FileTooLarge = "file-too-large",
    /// A run in a file that contradicts itself. `run`, `detail`.
    BadRun = "bad-run",
    /// A layer, channel, weight or branch that a network does not have. `layer`, `wanted`.
    NoSuchNumber = "no-such-number",
    /// A layer without the weights that should be changed. `layer`.
    NoWeights = "no-weights",
    /// A layer without a kernel of three rows and columns or more. `layer`.
    NoKernel = "no-kernel",
    /// More changes by hand than one network takes. `limit`.
    TooManyTouches = "too-many-touches",
    /// A claim that is not looked at, since the run begins with other weights than its experiment.
    ClaimUnchecked = "claim-unchecked",
    /// A file that cannot be read. `file`, `detail`.
    NotRead = "not-read",
    /// A file that cannot be written. `file`, `detail`.
    NotWritten = "not-written",
    /// The bytes of a file, put out where people would see them.
    NoTerminal = "no-terminal",
    /// A file that should hold a network's weights, and is none.
    BadTensors = "bad-tensors",
    /// Weights in the form that `torch.save` had before archives.
    OldTensors = "old-tensors",
    /// A file of `torch.save` without a `state_dict`.
    NoStateDict = "no-state-dict",
    /// A file of weights without a tensor that the network has. `name`.
    TensorMissing = "tensor-missing",
    /// A file of weights with a tensor that the network does not have. `name`.
    TensorUnknown = "tensor-unknown",
    /// A tensor of another shape than the network's. `name`, `found`, `expected`.
    TensorDiffers = "tensor-differs",
    /// A tensor of a type that is not read. `name`, `kind`.
    TensorKind = "tensor-kind",
    /// A tensor with numbers that are not finite. `name`.
    TensorNotFinite = "tensor-not-finite",
    /// A worker that gives no answer. `seconds`.
    NoAnswer = "no-answer",
    /// A fault of the program. `detail`.
    Internal = "internal",
}

impl Serialize for Code {
    fn serialize<S: serde::Serializer>(
        &self,
        serializer: S,
    ) -> std::result::Result<S::Ok, S::Error> {
        serializer.serialize_str(self.text())
    }
}

impl<'de> Deserialize<'de> for Code {
    fn deserialize<D: serde::Deserializer<'de>>(
        deserializer: D,
    ) -> std::result::Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let known = Self::ALL.iter().find(|code| code.text() == text);
        known
            .copied()
            .ok_or_else(|| serde::de::Error::custom(format!("`{text}` is no kind of problem")))
    }
}
