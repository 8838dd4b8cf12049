//! More of the ways in which networks are written: what each becomes in the notation, and what cannot be taken exactly.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should fail")]

use cnn_playground_python::{Reading, ReadingCause, Request, read};

fn of(text: &str, network: Option<&str>) -> Reading {
    read(&Request {
        text: format!(
            "import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n{text}"
        ),
        network: network.map(str::to_owned),
        data: "cifar10".into(),
        facts: None,
    })
}

/// A class with these lines in its constructor and in `forward`, made once.
fn net(made: &[&str], forward: &[&str]) -> String {
    let lines = |lines: &[&str]| {
        let each = lines.iter().map(|line| format!("        {line}\n"));
        each.collect::<String>()
    };
    format!(
        "class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n{}    def forward(self, x):\n{}net = Net()\n",
        lines(made),
        lines(forward)
    )
}

#[track_caller]
fn becomes(text: &str, layers: &str, weights: usize, remarks: &[ReadingCause]) {
    let reading = of(text, None);
    assert_eq!(reading.fault, None, "{text}");
    assert_eq!(reading.layers.as_deref(), Some(layers), "{text}");
    assert_eq!(reading.weights, Some(weights), "{text}");
    let said: Vec<_> = reading.remarks.iter().map(|said| said.cause).collect();
    assert_eq!(said, remarks, "{text}");
}

const CONV: &str = "self.conv = nn.Conv2d(3, 16, 3, padding=1)";
const FC: &str = "self.fc = nn.Linear(16, 10)";
const PLAIN: usize = 448 + 170;

#[test]
fn an_output_that_is_there_twice_is_there_once() {
    let forward = [
        "logits = self.fc(self.conv(x).mean((2, 3)))",
        "return logits, F.softmax(logits, dim=1)",
    ];
    becomes(
        &net(&[CONV, FC], &forward),
        "conv16,gap,fc",
        PLAIN,
        &[ReadingCause::LossHas],
    );
}

#[test]
fn means_of_one_axis_after_the_other_are_the_mean_of_the_image() {
    for mean in [
        "x.mean(3).mean(2)",
        "torch.mean(x, 3, keepdim=True).mean(2, keepdim=True).flatten(1)",
    ] {
        let forward = ["x = self.conv(x)", &format!("return self.fc({mean})")];
        becomes(&net(&[CONV, FC], &forward), "conv16,gap,fc", PLAIN, &[]);
    }
    // Half of it is no layer here.
    let made = [CONV, "self.fc = nn.Linear(16 * 32, 10)"];
    let text = net(
        &made,
        &["x = self.conv(x).mean(3)", "return self.fc(x.flatten(1))"],
    );
    assert!(of(&text, None).fault.is_some());
}

#[test]
fn zeros_around_an_image_are_the_padding_of_the_convolution() {
    let row = |pad: &str| {
        format!(
            "net = nn.Sequential({pad}, nn.Conv2d(3, 16, 3), nn.Flatten(), nn.Linear(16384, 10))\n"
        )
    };
    let weights = 448 + 163_850;
    becomes(&row("nn.ZeroPad2d(1)"), "conv16,flatten,fc", weights, &[]);
    becomes(
        &row("nn.ZeroPad2d((1, 1, 1, 1))"),
        "conv16,flatten,fc",
        weights,
        &[],
    );
    let made = ["self.conv = nn.Conv2d(3, 16, 3)", FC];
    let forward = [
        "x = self.conv(F.pad(x, (1, 1, 1, 1)))",
        "return self.fc(x.mean((2, 3)))",
    ];
    becomes(&net(&made, &forward), "conv16,gap,fc", PLAIN, &[]);
    // On one side alone, or before what is no convolution, it is none.
    for other in ["nn.ZeroPad2d((0, 1, 0, 1))", "nn.ZeroPad2d(1), nn.ReLU()"] {
        let fault = of(&row(other), None).fault.unwrap();
        assert_eq!(
            (fault.cause, fault.place.line),
            (ReadingCause::Operation, 4),
            "{other}"
        );
    }
}

#[test]
fn windows_that_are_rounded_up_get_zeros_if_that_gives_as_many() {
    let row = |pool: &str, side: usize| {
        let size = 16 * side * side;
        format!(
            "net = nn.Sequential(nn.Conv2d(3, 16, 3, padding=1), {pool}, nn.Flatten(), nn.Linear({size}, 10))\n"
        )
    };
    let weights = |side: usize| 448 + 16 * side * side * 10 + 10;
    let taken = [ReadingCause::TakenAs];
    let pool = "nn.MaxPool2d(3, 2, ceil_mode=True)";
    becomes(
        &row(pool, 16),
        "conv16,max3s2p1,flatten,fc",
        weights(16),
        &taken,
    );
    let pool = "nn.MaxPool2d(2, ceil_mode=True)";
    becomes(&row(pool, 16), "conv16,max,flatten,fc", weights(16), &[]);
    // The mean of fewer pixels is another one.
    let pool = "nn.AvgPool2d(3, 2, ceil_mode=True)";
    assert_eq!(
        of(&row(pool, 16), None).fault.unwrap().cause,
        ReadingCause::Setting
    );
}

#[test]
fn adaptive_maxima_of_whole_parts_are_a_pooling() {
    let made = [
        CONV,
        "self.pool = nn.AdaptiveMaxPool2d((4, 4))",
        "self.fc = nn.Linear(256, 10)",
    ];
    let forward = [
        "x = F.adaptive_max_pool2d(self.conv(x), 32)",
        "return self.fc(self.pool(x).flatten(1))",
    ];
    becomes(
        &net(&made, &forward),
        "conv16,max8,flatten,fc",
        448 + 2570,
        &[],
    );
    let uneven = made.map(|line| {
        if line == made[1] {
            "self.pool = nn.AdaptiveMaxPool2d(5)"
        } else {
            line
        }
    });
    assert_eq!(
        of(&net(&uneven, &forward), None).fault.unwrap().cause,
        ReadingCause::Layer
    );
}

#[test]
fn decorators_of_the_text_do_what_they_do() {
    let text = "KNOWN = {}\ndef register(name):\n    def keep(kind):\n        KNOWN[name] = kind\n        return kind\n    return keep\n\
        @register('small')\nclass Small(nn.Module):\n    def __init__(self, width=8):\n        super().__init__()\n        \
        self.conv = nn.Conv2d(3, width, 3, padding=1)\n        self.fc = nn.Linear(width, 10)\n    @torch.no_grad()\n    \
        def forward(self, x):\n        return self.fc(self.conv(x).mean((2, 3)))\nmodel = KNOWN['small'](width=16)\n";
    becomes(text, "conv16,gap,fc", PLAIN, &[]);
}

#[test]
fn a_data_class_has_the_fields_that_it_is_made_with() {
    let head = "from dataclasses import dataclass, field\nfrom typing import NamedTuple\n@dataclass\nclass Config:\n    width: int = 8\n    \
        classes: int = 10\n    kernels: list = field(default_factory=lambda: [3])\nclass Size(NamedTuple):\n    height: int\n    width: int = 3\n";
    let made = [
        "config = Config(width=16)",
        "size = Size(3)",
        "self.conv = nn.Conv2d(3, config.width, (size.height, size.width), padding=config.kernels[0] // 2)",
        "self.fc = nn.Linear(config.width, config.classes)",
    ];
    let forward = ["return self.fc(self.conv(x).mean((2, 3)))"];
    becomes(
        &format!("{head}{}", net(&made, &forward)),
        "conv16,gap,fc",
        PLAIN,
        &[],
    );
}

#[test]
fn what_a_script_takes_from_its_command_line_is_its_default() {
    let head = "import argparse\nparser = argparse.ArgumentParser()\nparser.add_argument('-w', '--first-width', type=int, default=16)\n\
        parser.add_argument('--deep', action='store_true')\nargs = parser.parse_args()\n";
    let made = [
        "self.conv = nn.Conv2d(3, args.first_width, 5 if args.deep else 3, padding=1)",
        "self.fc = nn.Linear(args.first_width, 10)",
    ];
    let forward = ["return self.fc(self.conv(x).mean((2, 3)))"];
    becomes(
        &format!("{head}{}", net(&made, &forward)),
        "conv16,gap,fc",
        PLAIN,
        &[],
    );
}

#[test]
fn cases_are_followed() {
    let head = "def act(kind):\n    match kind:\n        case 'none' | None:\n            return nn.Identity()\n        \
        case (name, times) if times > 1:\n            return nn.Tanh()\n        case str() as name:\n            return getattr(nn, name)()\n        \
        case _:\n            raise ValueError(kind)\n";
    for (kind, layers) in [
        ("None", "conv16,gap,fc"),
        ("('tanh', 2)", "conv16,tanh,gap,fc"),
        ("'ReLU'", "conv16,relu,gap,fc"),
    ] {
        let made = [CONV, FC, &format!("self.act = act({kind})")];
        let forward = ["return self.fc(self.act(self.conv(x)).mean((2, 3)))"];
        becomes(
            &format!("{head}{}", net(&made, &forward)),
            layers,
            PLAIN,
            &[],
        );
    }
}

#[test]
fn functions_that_need_the_classes_of_the_data_make_networks() {
    let text = net(&["self.fc = nn.Linear(3072, classes)"], &["return self.fc(x.flatten(1))"])
        .replace("(self):", "(self, depth, classes):")
        .replace("net = Net()\n", "def conv3x3(inside, outside):\n    return nn.Conv2d(inside, outside, 3)\ndef net20(num_classes):\n    return Net(20, num_classes)\n");
    let reading = of(&text, Some("net20"));
    let names: Vec<_> = reading.networks.iter().map(|known| &*known.name).collect();
    assert_eq!(names, ["net20", "Net"]);
    assert_eq!(reading.layers.as_deref(), Some("flatten,fc"));
}

#[test]
fn the_classes_of_a_data_set_are_those_of_the_images() {
    let head =
        "from torchvision import datasets\ntrain = datasets.FashionMNIST('data', train=True)\n";
    let made = ["self.fc = nn.Linear(3072, len(train.classes))"];
    let text = format!("{head}{}", net(&made, &["return self.fc(x.flatten(1))"]));
    becomes(&text, "flatten,fc", 30_730, &[]);
}

#[test]
fn a_branch_that_is_left_out_now_and_then_is_there() {
    let head = "class DropPath(nn.Module):\n    def __init__(self, p):\n        super().__init__()\n        self.p = p\n    def forward(self, x):\n        \
        keep = torch.rand(x.shape[0], 1, 1, 1) < 1 - self.p\n        return x.div(1 - self.p) * keep\n";
    let made = [
        CONV,
        FC,
        "self.path = DropPath(0.1)",
        "self.drop = nn.Dropout(0.5, inplace=True)",
    ];
    let forward = [
        "x = self.conv(x)",
        "x = x + self.path(F.relu(x))",
        "return self.fc(self.drop(x.mean((2, 3))))",
    ];
    let text = format!("{head}{}", net(&made, &forward));
    becomes(
        &text,
        "conv16,add(relu),gap,drop,fc",
        PLAIN,
        &[ReadingCause::TakenAs],
    );
}

#[test]
fn modules_and_parameters_in_lists_are_found() {
    let made = [
        CONV,
        FC,
        "self.scales = nn.ParameterList([nn.Parameter(torch.ones(1)) for _ in range(2)])",
    ];
    let forward = [
        "x = self._modules['conv'](x) * self.scales[1]",
        "return self.fc(x.mean((2, 3)))",
    ];
    let reading = of(&net(&made, &forward), None);
    assert_eq!(reading.layers.as_deref(), Some("conv16,scale,gap,fc"));
    assert_eq!(
        (reading.weights, reading.declared),
        (Some(PLAIN + 1), Some(PLAIN + 2))
    );
}
