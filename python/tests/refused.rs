//! What PyTorch itself refuses is refused, with what was probably meant; and what people copy with their code is no part of it.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should fail")]

use cnn_playground_python::{Reading, ReadingCause, Request, read};

fn of(text: &str) -> Reading {
    read(&Request {
        text: text.to_owned(),
        network: None,
        data: "mnist".into(),
        facts: None,
    })
}

/// A network for MNIST with this layer in front.
fn row(layer: &str) -> String {
    format!(
        "import torch.nn as nn\nnet = nn.Sequential(\n    {layer},\n    nn.Flatten(),\n    nn.Linear(784, 10))\n"
    )
}

/// A class with these lines in it.
fn class(start: &str, forward: &str) -> String {
    format!(
        "class Net(nn.Module):\n    def __init__(self):\n        {start}\n        self.fc1 = nn.Linear(784, 10)\n    def forward(self, x):\n        {forward}\nnet = Net()\n"
    )
}

#[test]
fn what_pytorch_refuses_is_refused_with_what_was_meant() {
    use ReadingCause as Why;
    let begun = "super().__init__()";
    let flat = "return self.fc1(x.flatten(1))";
    assert_eq!(of(&class(begun, flat)).fault, None);
    let tried = [
        (row("nn.Conv2D(1, 8, 3)"), Why::NotInTorch, 3, "nn.Conv2d"),
        (row("nn.Relu()"), Why::NotInTorch, 3, "nn.ReLU"),
        (row("nn.relu()"), Why::NotInTorch, 3, "nn.ReLU"),
        (
            row("nn.MaxPooling2D(2)"),
            Why::NotInTorch,
            3,
            "nn.MaxPool2d",
        ),
        (row("nn.Batchnorm(1)"), Why::NotInTorch, 3, "nn.BatchNorm2d"),
        (
            row("nn.Conv2d(1, 8, 3, pading=1)"),
            Why::ArgumentUnknown,
            3,
            "padding=…",
        ),
        (row("nn.Conv2d(1, 8)"), Why::Argument, 3, ""),
        (row("nn.Conv2d(1, 16 / 2, 3)"), Why::Float, 3, ""),
        (row("nn.ReLU"), Why::NotLayer, 2, "nn.ReLU()"),
        (row("F.relu"), Why::NotLayer, 2, "nn.ReLU()"),
        (row("[nn.ReLU()]"), Why::NotLayer, 2, "nn.Sequential(*[…])"),
        (class("pass", flat), Why::Super, 4, ""),
        (
            class(begun, "return self.fc2(x.flatten(1))"),
            Why::Attribute,
            6,
            "fc1",
        ),
        (
            class(begun, "return fc1(x.flatten(1))"),
            Why::Name,
            6,
            "self.fc1",
        ),
        (
            class(begun, "return F.rellu(self.fc1(x.flatten(1)))"),
            Why::NotInTorch,
            6,
            "F.relu",
        ),
        (
            class(begun, flat).replace("nn.Module", "nn.module"),
            Why::NotInTorch,
            1,
            "nn.Module",
        ),
        (class(begun, "self.fc1(x.flatten(1))"), Why::Nothing, 5, ""),
        (
            class(begun, flat).replace("= Net()", "= Net(3)"),
            Why::Arguments,
            7,
            "",
        ),
        (
            class(begun, flat)
                .replace("(self)", "(self, n=784)")
                .replace("784,", "n,")
                .replace("= Net()", "= Net(16 / 2)"),
            Why::Float,
            4,
            "",
        ),
    ];
    for (text, cause, line, meant) in tried {
        let fault = of(&text).fault;
        let found = fault.unwrap_or_else(|| panic!("taken: {text}"));
        let near = found.near.as_deref().unwrap_or_default();
        assert_eq!(
            (found.cause, found.place.line, near),
            (cause, line, meant),
            "{text}"
        );
    }
}

#[test]
fn what_pytorch_takes_is_taken() {
    let taken = [
        "nn.Dropout(1 / 4)",
        "nn.Dropout(p=0.5, inplace=False)",
        "nn.Conv2d(1, 1, (3, 3), padding='same')",
        "nn.Conv2d(1, 1, 1, device=None, dtype=None)",
        "nn.modules.activation.ReLU(True)",
        "nn.Identity(3, what=4)",
        "nn.Tanh()",
        "nn.BatchNorm2d(1, 1e-5, 0.1, True)",
    ];
    for layer in taken {
        assert_eq!(of(&row(layer)).fault, None, "{layer}");
    }
    // What has no layers yet may be set before the module is one.
    let early = class(
        "self.width = 3\n        super().__init__()",
        "return self.fc1(x.flatten(1))",
    );
    assert_eq!(of(&early).fault, None);
}

#[test]
fn batch_normalization_is_of_as_many_axes_as_its_name_says() {
    let layers = |norm: &str| {
        format!(
            "net = nn.Sequential(nn.Flatten(), nn.Linear(784, 8, bias=False), {norm}, nn.Linear(8, 10))\n"
        )
    };
    let text = |norm: &str| format!("import torch.nn as nn\n{}", layers(norm));
    let taken = of(&text("nn.BatchNorm1d(8)"));
    assert_eq!(taken.fault, None);
    let refused = [
        (text("nn.BatchNorm2d(8)"), "layer-needs-image"),
        (text("nn.BatchNorm1d(9)"), "input"),
        (row("nn.BatchNorm1d(1)"), "layer-needs-vector"),
    ];
    for (text, code) in refused {
        let fault = of(&text).fault.unwrap_or_else(|| panic!("taken: {text}"));
        let found = match &fault.problem {
            Some(problem) => problem.code.text(),
            None => fault.cause.text(),
        };
        assert_eq!(found, code, "{text}");
    }
}

#[test]
fn where_no_network_comes_of_the_text_the_line_with_its_layers_says_why() {
    let many = of(
        "import torch.nn as nn\nx = 1 + 'a'\nmodel = nn.Sequential(*[nn.Conv2d(1, 1, 1) for _ in range(10 ** 6)])\n",
    );
    let fault = many.fault.unwrap();
    assert_eq!((fault.cause, fault.place.line), (ReadingCause::TooMuch, 3));
    let skipped = of(
        "import torch.nn as nn\nmatch 3:\n    case {}:\n        n = 8\nnet = nn.Sequential(nn.Linear(784, n))\n",
    );
    let fault = skipped.fault.unwrap();
    assert_eq!((fault.cause, fault.place.line), (ReadingCause::Language, 2));
    // A script without layers is no network, whatever fails in it.
    let none = of("x = 1 + 'a'\n").fault.unwrap();
    assert_eq!(none.cause, ReadingCause::NoModule);
}

#[test]
fn what_is_copied_with_the_code_is_no_part_of_it() {
    let code = "import torch.nn as nn\nmodel = nn.Sequential(\n    nn.Conv2d(1, 1, 3, padding_mode='zeros', padding=1),\n    nn.Flatten(), nn.Linear(784, 10))  # ‘so’, 这样\n";
    let lines = |prefix: &dyn Fn(usize, &str) -> String| -> String {
        let lines = code.lines().enumerate();
        lines
            .map(|(at, line)| prefix(at, line) + line + "\n")
            .collect()
    };
    let copies = [
        code.replace(", ", ",\u{a0}")
            .replace("    ", "\u{a0}\u{a0} \u{a0}"),
        code.replace("'zeros'", "‘zeros’"),
        code.replace("'zeros'", "“zeros”"),
        code.replace("(1, 1,", "（１，1，")
            .replace("import ", "\u{200b}import\u{3000}"),
        lines(&|_, _| "    ".into()),
        lines(&|_, _| "\t".into()),
        lines(&|_, line| {
            if line.starts_with(' ') {
                "... "
            } else {
                ">>> "
            }
            .into()
        }),
        lines(&|at, line| match line.starts_with(' ') {
            true => "   ...: ".into(),
            false => format!("In [{}]: ", at + 1),
        }) + "Out[2]: it's\n",
        lines(&|at, _| format!("{:>3} ", at + 9)),
        lines(&|at, _| format!("{}: ", at + 1)),
        format!("Like “so”:\n```python\n{code}```\nIt's a network.\n"),
    ];
    let plain = of(code);
    assert_eq!(plain.fault, None);
    for copy in copies {
        let read = of(&copy);
        assert_eq!(read.fault, None, "{copy}");
        assert_eq!(read.layers, plain.layers, "{copy}");
        assert_eq!(read.text, copy);
    }
    // Signs in strings stay, and a text that ends in the middle of one is no other text.
    let kept = of(
        "import torch.nn as nn\nx = {'，“': 784}\nnet = nn.Sequential(nn.Flatten(), nn.Linear(x['，“'], 10))\n",
    );
    assert_eq!(kept.fault, None);
}

#[test]
fn a_place_is_marked_where_it_stands_in_the_text_that_was_brought() {
    let head = "import torch.nn as nn\n";
    let net = "net = nn.Sequential（nn.Conv2D(1, ‘ä’，3)）\n";
    let brought = [
        (format!("{head}{net}"), 2),
        (format!(">>> {head}>>> {net}"), 2),
        (format!("\u{3000}\u{a0}{head}\u{3000}\u{a0}{net}"), 2),
        (format!("So:\n```\n7 {head}8 {net}```\n"), 4),
    ];
    for (text, line) in brought {
        let fault = of(&text).fault.unwrap();
        let mark = fault.mark.unwrap();
        assert_eq!(
            (fault.place.line, &*mark.there),
            (line, "nn.Conv2D"),
            "{text}"
        );
        let units: Vec<u16> = text.encode_utf16().collect();
        let marked = String::from_utf16(&units[mark.start..mark.end]).unwrap();
        assert_eq!(marked, "nn.Conv2D");
    }
    let wide = of("net = （1，\n").fault.unwrap();
    assert_eq!(wide.cause, ReadingCause::Unclosed);
}

#[test]
fn what_only_ipython_reads_is_passed_over_and_a_remainder_is_not() {
    let plain = "import torch.nn as nn\nk = (10\n     % 7)\nnet = nn.Sequential(nn.Flatten(), nn.Linear(784, 7 + k))\n";
    let copied = format!(
        "%matplotlib inline\n!pip install torch (\nif True:\n    %time\n{plain}x = 7 \\\n% 4\n"
    );
    let (expected, found) = (of(plain), of(&copied));
    assert_eq!(found.fault, None);
    assert_eq!((&found.layers, found.fault), (&expected.layers, None));
    assert!(expected.layers.is_some());
}
