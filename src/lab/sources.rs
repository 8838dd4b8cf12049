//! Where the facts of the page are from: one table of texts, and one of the words that rest on them.

use serde::Serialize;

/// A text that something rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Publication {
    /// Its authors and year.
    pub name: &'static str,
    /// What it is called.
    pub title: &'static str,
    /// Where it can be read.
    pub address: &'static str,
}

/// A part of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
#[serde(tag = "part", content = "at", rename_all = "kebab-case")]
pub enum Passage {
    /// A section, by its number.
    Section(&'static str),
    /// A table, by its number.
    Table(&'static str),
    /// A figure, by its number.
    Figure(&'static str),
    /// An appendix, by its letter.
    Appendix(&'static str),
    /// A file, by its name.
    File(&'static str),
    /// The abstract.
    Abstract,
}

/// A text, and where in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Reference {
    /// The text.
    pub work: &'static Publication,
    /// The places in it; none where it is short, or meant as a whole.
    pub places: &'static [Passage],
}

/// Words of the page, and what they rest on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Sourced {
    /// Their key in the locale files.
    pub key: &'static str,
    /// The texts.
    pub references: Vec<Reference>,
}

macro_rules! works {
    ($($id:ident: $name:literal, $title:literal, $address:literal;)*) => {
        $(static $id: Publication = Publication { name: $name, title: $title, address: $address };)*
        /// Every text.
        pub static WORKS: &[&Publication] = &[$(&$id),*];
    };
}

works! {
    LECUN_1989: "LeCun et al. 1989", "Handwritten Digit Recognition with a Back-Propagation Network", "https://proceedings.neurips.cc/paper/1989/hash/53c3bce66e43be4f209556518c2fcb54-Abstract.html";
    LECUN_ZIP: "LeCun et al. 1989", "Backpropagation Applied to Handwritten Zip Code Recognition", "https://doi.org/10.1162/neco.1989.1.4.541";
    LECUN_1998: "LeCun et al. 1998", "Gradient-Based Learning Applied to Document Recognition", "https://doi.org/10.1109/5.726791";
    BACKPROP: "LeCun et al. 1998", "Efficient BackProp", "https://doi.org/10.1007/3-540-49430-8_2";
    KRIZHEVSKY: "Krizhevsky et al. 2012", "ImageNet Classification with Deep Convolutional Neural Networks", "https://proceedings.neurips.cc/paper/2012/hash/c399862d3b9d6b76c8436e924a68c45b-Abstract.html";
    METZ: "Metz 2021", "The Secret Auction That Set Off the Race for AI Supremacy", "https://www.wired.com/story/secret-auction-race-ai-supremacy-google-microsoft-baidu/";
    ZEILER: "Zeiler, Fergus 2013", "Visualizing and Understanding Convolutional Networks", "https://arxiv.org/abs/1311.2901";
    LIN: "Lin et al. 2013", "Network In Network", "https://arxiv.org/abs/1312.4400";
    SIMONYAN: "Simonyan, Zisserman 2014", "Very Deep Convolutional Networks for Large-Scale Image Recognition", "https://arxiv.org/abs/1409.1556";
    SZEGEDY_2014: "Szegedy et al. 2014", "Going Deeper with Convolutions", "https://arxiv.org/abs/1409.4842";
    SRIVASTAVA: "Srivastava et al. 2014", "Dropout: A Simple Way to Prevent Neural Networks from Overfitting", "https://jmlr.org/papers/v15/srivastava14a.html";
    RUSSAKOVSKY: "Russakovsky et al. 2015", "ImageNet Large Scale Visual Recognition Challenge", "https://arxiv.org/abs/1409.0575";
    RECTIFIERS: "He et al. 2015", "Delving Deep into Rectifiers", "https://arxiv.org/abs/1502.01852";
    IOFFE: "Ioffe, Szegedy 2015", "Batch Normalization: Accelerating Deep Network Training by Reducing Internal Covariate Shift", "https://arxiv.org/abs/1502.03167";
    RONNEBERGER: "Ronneberger et al. 2015", "U-Net: Convolutional Networks for Biomedical Image Segmentation", "https://arxiv.org/abs/1505.04597";
    SZEGEDY_2015: "Szegedy et al. 2015", "Rethinking the Inception Architecture for Computer Vision", "https://arxiv.org/abs/1512.00567";
    HE: "He et al. 2015", "Deep Residual Learning for Image Recognition", "https://arxiv.org/abs/1512.03385";
    SZEGEDY_2016: "Szegedy et al. 2016", "Inception-v4, Inception-ResNet and the Impact of Residual Connections on Learning", "https://arxiv.org/abs/1602.07261";
    DUMOULIN: "Dumoulin, Visin 2016", "A guide to convolution arithmetic for deep learning", "https://arxiv.org/abs/1603.07285";
    HUANG: "Huang et al. 2016", "Densely Connected Convolutional Networks", "https://arxiv.org/abs/1608.06993";
    GOODFELLOW: "Goodfellow et al. 2016", "Deep Learning", "https://www.deeplearningbook.org/";
    HOWARD: "Howard et al. 2017", "MobileNets: Efficient Convolutional Neural Networks for Mobile Vision Applications", "https://arxiv.org/abs/1704.04861";
    VASWANI: "Vaswani et al. 2017", "Attention Is All You Need", "https://arxiv.org/abs/1706.03762";
    HU: "Hu et al. 2017", "Squeeze-and-Excitation Networks", "https://arxiv.org/abs/1709.01507";
    WOO: "Woo et al. 2018", "CBAM: Convolutional Block Attention Module", "https://arxiv.org/abs/1807.06521";
    TAN: "Tan, Le 2019", "EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks", "https://arxiv.org/abs/1905.11946";
    ARAUJO: "Araujo et al. 2019", "Computing Receptive Fields of Convolutional Neural Networks", "https://distill.pub/2019/computing-receptive-fields/";
    WANG: "Wang et al. 2020", "ECA-Net: Efficient Channel Attention for Deep Convolutional Neural Networks", "https://arxiv.org/abs/1910.03151";
    DOSOVITSKIY: "Dosovitskiy et al. 2020", "An Image is Worth 16x16 Words: Transformers for Image Recognition at Scale", "https://arxiv.org/abs/2010.11929";
    LIU_2021: "Liu et al. 2021", "Swin Transformer: Hierarchical Vision Transformer using Shifted Windows", "https://arxiv.org/abs/2103.14030";
    LIU_2022: "Liu et al. 2022", "A ConvNet for the 2020s", "https://arxiv.org/abs/2201.03545";
    COURSE: "OUCTheoryGroup", "colab_demo", "https://github.com/OUCTheoryGroup/colab_demo";
    CONV2D: "PyTorch", "torch.nn.Conv2d", "https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv2d.html";
    SGD: "PyTorch", "torch.optim.SGD", "https://docs.pytorch.org/docs/stable/generated/torch.optim.SGD.html";
    ONE_CYCLE: "PyTorch", "torch.optim.lr_scheduler.OneCycleLR", "https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.OneCycleLR.html";
}

/// What each text of the page rests on, where it is more than arithmetic or a measurement made for this page; in the
/// order of the locale files.
pub fn sources() -> Vec<Sourced> {
    use Passage::{Abstract, Appendix, Figure, File, Section, Table};
    macro_rules! sourced {
        ($($key:literal: $($work:ident [$($place:expr),*]),+;)*) => {
            vec![$(Sourced {
                key: $key,
                references: vec![$(Reference { work: &$work, places: &[$($place),*] }),+],
            }),*]
        };
    }
    sourced! {
        "tip.residual": HE [Section("3.2")], RONNEBERGER [Figure("1")];
        "tip.width": HUANG [Section("3")];
        "tip.stages": HE [Section("4.2"), Table("1")];
        "tip.block": HE [Figure("5")];
        "tip.shortcut": HE [Section("3.3")];
        "tip.inception": SZEGEDY_2014 [Figure("2")], IOFFE [Section("4.2")], SZEGEDY_2015 [Section("3.1")];
        "tip.auxiliary": SZEGEDY_2014 [Section("5")];
        "tip.batchnorm": IOFFE [Section("3")];
        "tip.dropout": SRIVASTAVA [];
        "tip.head": LIN [Section("3.2")];
        "tip.attention": HU [Section("3")], WOO [Section("3")], WANG [Section("3")], VASWANI [Section("3.2")];
        "tip.init": RECTIFIERS [Section("2.2")], CONV2D [];
        "tip.nesterov": SGD [];
        "tip.schedule": ONE_CYCLE [];
        "tip.smoothing": SZEGEDY_2015 [Section("7")];
        "tip.receptive-field": ARAUJO [];
        "tip.groups": HOWARD [Section("3.1")];
        "calculator.rule.output.conv2d": DUMOULIN [Section("2.4"), Section("5.1")], CONV2D [];
        "calculator.rule.weights.conv2d": GOODFELLOW [Section("9.2")], CONV2D [];
        "calculator.rule.weights.groups": CONV2D [], HOWARD [Section("3.1")];
        "calculator.example.inception-direct": SZEGEDY_2014 [Table("1")];
        "calculator.example.inception-reduced": SZEGEDY_2014 [Table("1")];
        "calculator.example.one-five": SZEGEDY_2015 [Section("3.1")];
        "calculator.example.two-threes": SZEGEDY_2015 [Section("3.1")];
        "calculator.example.head-dense": LIN [Section("3.2")];
        "calculator.example.head-conv": LIN [Section("3.2")];
        "calculator.example.block-basic": HE [Figure("5")];
        "calculator.example.block-bottleneck": HE [Figure("5")];
        "exercise.1": COURSE [File("05_01_ConvNet")];
        "exercise.2": COURSE [File("05_02_CNN_CIFAR10")];
        "exercise.3": COURSE [File("05_03_VGG_CIFAR10")];
        "exercise.5": COURSE [File("05_05_GoogLeNet_CIFAR10")];
        "exercise.6": COURSE [File("05_06_Resnet_CIFAR10")];
        "exercise.7": COURSE [File("202003_models/SENet_CIFAR10")];
        "timeline.lenet1.about": LECUN_1989 [], LECUN_ZIP [];
        "timeline.lenet.about": LECUN_1998 [Section("II-B"), Table("I")];
        "timeline.alexnet.about": KRIZHEVSKY [Section("6"), Table("2")];
        "timeline.auction.about": METZ [];
        "timeline.challenge.about": RUSSAKOVSKY [];
        "timeline.vgg.about": SIMONYAN [Table("1"), Table("2")];
        "timeline.googlenet.about": SZEGEDY_2014 [Table("2"), Table("3")];
        "timeline.resnet.about": HE [Table("4"), Table("5")];
        "timeline.resnet-cifar.about": HE [Section("4.2"), Table("6")];
        "timeline.densenet.about": HUANG [Table("3")];
        "timeline.mobilenet.about": HOWARD [Section("3.1"), Table("4")];
        "timeline.senet.about": HU [Abstract];
        "timeline.efficientnet.about": TAN [Table("2")];
        "timeline.vit.about": DOSOVITSKIY [Table("1"), Table("2")];
        "timeline.swin.about": LIU_2021 [Table("1")];
        "timeline.convnext.about": LIU_2022 [Table("1")];
        "lab.pixel-shuffle.why.1": GOODFELLOW [Section("9.2")];
        "lab.pixel-shuffle.why.4": COURSE [File("05_01_ConvNet")];
        "lab.parameters.why.1": GOODFELLOW [Section("9.2")];
        "lab.features.why.1": ARAUJO [];
        "lab.features.why.2": ARAUJO [], ZEILER [Figure("2")];
        "lab.features.formula.1": ARAUJO [];
        "lab.residual.said.degradation.higher": HE [Section("1"), Figure("1")];
        "lab.residual.why.1": HE [Figure("1"), Section("1"), Section("3.1")];
        "lab.residual.why.2": HE [Section("4.1")], CONV2D [], RECTIFIERS [Section("2.2")];
        "lab.residual.formula.1": HE [Section("3.2")];
        "lab.shortcuts.why.2": HE [Section("3.3"), Section("4.1"), Section("4.2"), Table("3")];
        "lab.shortcuts.why.3": HE [Figure("5")], COURSE [File("05_06_Resnet_CIFAR10")];
        "lab.shortcuts.formula.1": DUMOULIN [Section("2.4")];
        "lab.normalize.why.1": BACKPROP [Section("4.3")];
        "lab.epoch-batch.why.1": GOODFELLOW [Section("8.1.3")];
        "lab.epoch-batch.why.2": GOODFELLOW [Section("8.1.3")];
        "lab.lenet.why.1": LECUN_1998 [Section("II-B"), Appendix("A")], COURSE [File("05_02_CNN_CIFAR10")];
        "lab.lenet.why.2": GOODFELLOW [Section("6.3")];
        "lab.lenet.why.3": LECUN_1998 [Section("II-B")];
        "lab.families.table.originals": LECUN_1998 [Section("II-B")], KRIZHEVSKY [Section("3.5")], SIMONYAN [Table("1")], SZEGEDY_2014 [Table("1")], HE [Table("1")];
        "lab.families.why.1": LECUN_1989 [], KRIZHEVSKY [Section("3")], SIMONYAN [Section("2")], SZEGEDY_2014 [Section("5")], HE [Section("1")];
        "lab.families.why.2": SZEGEDY_2014 [Table("2")], HE [Table("5")], RUSSAKOVSKY [Section("6.4")];
        "lab.families.why.3": SIMONYAN [Table("2")], SZEGEDY_2014 [Table("1")];
        "lab.families.why.4": SZEGEDY_2014 [Section("1")], KRIZHEVSKY [Section("3.5")];
        "lab.families.formula.1": SIMONYAN [Table("1")];
        "lab.families.formula.2": SZEGEDY_2014 [Table("1")];
        "lab.inception.table.branches": SZEGEDY_2014 [Table("1")];
        "lab.inception.why.1": SZEGEDY_2014 [Section("4"), Figure("2")];
        "lab.inception.why.2": SZEGEDY_2014 [Table("1")];
        "lab.inception.why.3": SIMONYAN [Section("2.3")], IOFFE [Section("4.2")], SZEGEDY_2015 [Section("3.1")], SZEGEDY_2016 [Section("1")];
        "lab.conv1x1.why.1": LIN [Section("3.1")];
        "lab.conv1x1.why.2": SZEGEDY_2014 [Section("4")], HE [Figure("5")];
        "lab.conv1x1.why.3": LIN [Section("3.2")];
        "lab.attention.why.1": HU [Section("3")];
        "lab.attention.why.2": HU [Section("3")], WOO [Section("3")], WANG [Section("3")];
        "lab.attention.why.4": VASWANI [Section("3.2")];
        "lab.attention.formula.1": HU [Section("3.2")];
        "lab.attention.formula.2": WOO [Section("3")];
        "lab.attention.formula.3": WANG [Section("3")];
        "lab.unet.why.1": RONNEBERGER [Section("1")];
        "lab.unet.why.2": RONNEBERGER [Section("2"), Figure("1")];
        "lab.unet.why.3": RONNEBERGER [Section("2")], HE [Section("3.2")];
        "lab.unet.why.5": RONNEBERGER [Section("2"), Figure("1")];
        "lab.unet.formula.2": RONNEBERGER [Figure("1")];
    }
}
