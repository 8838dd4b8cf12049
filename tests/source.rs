//! A network as PyTorch source: its text, as a course would write it.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should fail")]

use cnn_playground::arch::pytorch;
use cnn_playground::experiment::{link, resolve};

#[test]
fn the_pytorch_source_is_what_one_would_write() {
    let spec = resolve(&link::open("net=lenet1&pool=max").choices).spec;
    let expected = r#"from torch import nn


class Network(nn.Module):
    """v=1&net=lenet1&pool=max

    3246 parameters; takes [batch, 1, 28, 28], gives [batch, 10]
    """

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 4, kernel_size=5)  # 104 parameters
        self.tanh = nn.Tanh()
        self.pool = nn.MaxPool2d(2)
        self.conv2 = nn.Conv2d(4, 12, kernel_size=5)  # 1212 parameters
        self.flatten = nn.Flatten()
        self.fc1 = nn.Linear(192, 10)  # 1930 parameters

    def forward(self, x):
        x = self.tanh(self.conv1(x))  # 4×24×24
        x = self.pool(x)  # 4×12×12
        x = self.tanh(self.conv2(x))  # 12×8×8
        x = self.pool(x)  # 12×4×4
        x = self.flatten(x)  # 192
        return self.fc1(x)  # 10
"#;
    assert_eq!(
        pytorch::of(&spec, None, &pytorch::SourceWords::english()).unwrap(),
        expected
    );
}

#[test]
fn the_pytorch_source_draws_hes_first_weights_where_they_were_chosen() {
    let of = |text| {
        pytorch::of(
            &resolve(&link::open(text).choices).spec,
            None,
            &pytorch::SourceWords::english(),
        )
        .unwrap()
    };
    let plain = of("net=lenet1");
    assert!(!plain.contains("init."), "{plain}");
    let expected = r#"
        self.fc1 = nn.Linear(192, 10)  # 1930 parameters
        for layer in self.modules():
            if isinstance(layer, (nn.Conv1d, nn.Conv2d, nn.ConvTranspose2d, nn.Linear)):
                nn.init.kaiming_normal_(layer.weight, mode="fan_in", nonlinearity="relu")
                if layer.bias is not None:
                    nn.init.zeros_(layer.bias)

    def forward(self, x):
"#;
    let source = of("net=lenet1&init=he");
    assert!(source.contains(expected), "{source}");
}

#[test]
fn blocks_that_differ_in_numbers_are_one_class_as_a_course_writes_it() {
    let of = |text| {
        let spec = resolve(&link::open(text).choices).spec;
        pytorch::of(&spec, None, &pytorch::SourceWords::english()).unwrap()
    };
    let source = of("net=resnet&width=8&blocks=4");
    for expected in [
        r#"class BasicBlock(nn.Module):
    def __init__(self, in_channels, out_channels, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, out_channels, kernel_size=3, stride=stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(out_channels)
        self.relu = nn.ReLU()
        self.conv2 = nn.Conv2d(out_channels, out_channels, kernel_size=3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.shortcut = nn.Identity()
        if stride != 1 or in_channels != out_channels:
            self.shortcut = nn.Sequential(
                nn.Conv2d(in_channels, out_channels, kernel_size=1, stride=stride, bias=False),
                nn.BatchNorm2d(out_channels),
            )

    def forward(self, x):
        out = self.relu(self.bn1(self.conv1(x)))
        out = self.bn2(self.conv2(out))
        return self.relu(out + self.shortcut(x))
"#,
        r#"
        self.stage2 = nn.Sequential(
            BasicBlock(8, 16, stride=2),  # 16×14×14, 3680 parameters
            *[BasicBlock(16, 16) for _ in range(3)],  # 16×14×14, 4672 parameters
        )
"#,
    ] {
        assert!(source.contains(expected), "{source}");
    }
    let classes = |text| of(text).matches("\nclass ").count();
    assert_eq!(classes("net=resnet&block=bottleneck&blocks=3"), 2);
    assert_eq!(classes("net=googlenet"), 2);
    assert_eq!(classes("net=mobilenet"), 2);
    assert_eq!(classes("net=unet"), 2);
    // A dense layer, what is between two stages, and the network.
    assert_eq!(classes("net=densenet"), 3);
}
