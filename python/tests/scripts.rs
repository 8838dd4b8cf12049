//! Whole scripts: what makes no network is passed over, and no text takes long.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should fail")]

use std::thread;
use std::time::{Duration, Instant};

use cnn_playground_python::{Reading, ReadingCause, Request, read};

const NETWORK: &str = "\
import torch, argparse
import torch.nn as nn
class Net(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.conv = nn.Conv2d(3, width, 3)
        self.head = nn.Linear(width * 30 * 30, 10)
    def forward(self, x):
        return self.head(self.conv(x).relu().flatten(1))
";

/// What is read of the network with these lines behind it.
fn after(lines: &str) -> Reading {
    of(format!("{NETWORK}{lines}"))
}

/// What is read of this text, on as small a stack as a browser gives.
fn of(text: String) -> Reading {
    let request = Request {
        text,
        network: None,
        data: "cifar10".into(),
        facts: None,
    };
    let small = thread::Builder::new().stack_size(900 << 10);
    small.spawn(move || read(&request)).unwrap().join().unwrap()
}

#[test]
fn layers_in_a_row_are_a_network_where_there_is_no_other() {
    let row = "nn.Sequential(nn.Flatten(), nn.Linear(3072, 7))";
    let alone = of(format!("import torch.nn as nn\n{row}\n"));
    assert_eq!((alone.fault, alone.weights), (None, Some(7 * 3_073)));
    let beside = after(&format!("head = {row}\n{row}\n"));
    assert_eq!(beside.network.as_deref(), Some("head"));
}

#[test]
fn layers_that_learn_the_size_of_their_input_have_it() {
    let lazy = of("from torch import nn
net = nn.Sequential(nn.LazyConv2d(4, kernel_size=3), nn.LazyBatchNorm2d(), nn.Flatten(), nn.LazyLinear(10))
"
    .into());
    assert_eq!(lazy.fault, None);
    // 3 × 3 of three channels and a bias for each of 4 filters, their scales and shifts, 30 × 30 pixels of each.
    assert_eq!(lazy.weights, Some(4 * 28 + 4 * 2 + 10 * (4 * 900 + 1)));
}

#[test]
fn a_module_that_lightning_trains_is_one() {
    let text = after("").text.replace(
        "class Net(nn.Module):",
        "import pytorch_lightning as pl\nclass Net(pl.LightningModule):",
    );
    let read = of(format!("{text}net = Net(4)\n"));
    assert_eq!((read.fault, read.network.as_deref()), (None, Some("net")));
}

#[test]
fn of_several_results_the_first_is_the_networks() {
    let text = after("").text;
    let both = text.replace("return ", "y = self.conv(x)\n        return ");
    let both = both.replace(".flatten(1))", ".flatten(1)), y");
    let (one, two) = (
        of(format!("{text}net = Net(4)\n")),
        of(format!("{both}net = Net(4)\n")),
    );
    assert_eq!((two.fault, two.layers), (None, one.layers));
    let remarks: Vec<_> = two.remarks.iter().map(|remark| remark.cause).collect();
    assert_eq!(remarks, [ReadingCause::TakenAs]);
}

#[test]
fn a_character_may_be_named() {
    let named = after("print('\\N{BULLET} \\N{no such name}')\nnet = Net(3)\n");
    assert_eq!((named.fault, named.network.as_deref()), (None, Some("net")));
}

#[test]
fn what_depends_on_the_machine_is_not_needed() {
    let read = after(
        "device = torch.device('cuda' if torch.cuda.is_available() else 'cpu')
net = Net(4).to(device)
optimizer = torch.optim.Adam(net.parameters(), lr=0.002)
",
    );
    assert_eq!((read.fault, read.network.as_deref()), (None, Some("net")));
    assert_eq!(read.weights, Some(4 * 28 + 4 * 900 * 10 + 10));
    let made = read.networks.iter().map(|network| &*network.made);
    assert_eq!(made.collect::<Vec<_>>(), ["Net(4)"]);
    assert_eq!(
        read.offers,
        [[("optimizer", "adam"), ("lr", "0.002"), ("decay", "0")]
            .map(|(key, value)| (key.to_owned(), value.to_owned()))]
    );
}

#[test]
fn what_cannot_be_known_does_not_hold_in_a_script() {
    let read = after(
        "def main():
    args = argparse.ArgumentParser().parse_args()
    use_cuda = not args.no_cuda and torch.cuda.is_available()
    if use_cuda:
        raise ValueError()
    model = Net(5)
if __name__ == '__main__':
    main()
",
    );
    assert_eq!(read.fault, None);
    assert_eq!(read.weights, Some(5 * 28 + 5 * 900 * 10 + 10));
}

#[test]
fn a_class_is_made_as_the_function_that_tries_it_makes_it() {
    let read =
        after("def test():\n    net = Net(6)\n    print(net(torch.randn(1, 3, 32, 32)).size())\n");
    assert_eq!((read.fault, read.network.as_deref()), (None, Some("Net")));
    assert_eq!(read.weights, Some(6 * 28 + 6 * 900 * 10 + 10));
}

#[test]
fn an_argument_that_is_missing_is_named_with_the_line_of_the_class() {
    let fault = after("").fault.unwrap();
    assert_eq!((fault.cause, fault.place.line), (ReadingCause::Making, 3));
    let mark = fault.mark.unwrap();
    assert_eq!(
        (&*mark.before, &*mark.there, &*mark.after),
        (
            "import torch, argparse\nimport torch.nn as nn\nclass ",
            "Net",
            "(nn.Module):"
        )
    );
    assert_eq!(&NETWORK[mark.start..mark.end], "Net");
    assert_eq!(fault.facts["name"], "width");
}

#[test]
fn no_text_takes_long_or_ends_the_reader() {
    let texts = [
        "x = []\nfor i in range(20000):\n    x = [x]\n",
        "def f():\n    x = ()\n    for i in range(400000):\n        x = (x,)\nf()\n",
        "class A: pass\ndef f():\n    o = A()\n    for i in range(90000):\n        p = A()\n        p.n = o\n        o = p\nf()\n",
        "def f(g):\n    return lambda: g\ndef h():\n    g = None\n    for i in range(90000):\n        g = f(g)\nh()\n",
        "def f():\n    x = list(range(900000))\n    for i in range(90000):\n        x.insert(0, 1)\nf()\n",
        "def f():\n    x = list(range(900000))\n    for i in range(90000):\n        x.reverse()\nf()\n",
        "def f():\n    x = 'a' * 900000\n    for i in range(90000):\n        x[3]\nf()\n",
        "def f():\n    x = 'a' * 900000\n    for i in range(90000):\n        'ab' in x\nf()\n",
        "class A: pass\ndef f():\n    o = A()\n    for i in range(90000):\n        setattr(o, 'a%d' % i, 1)\nf()\n",
        "def f():\n    x = ['a']\n    for i in range(40):\n        x = [x, x]\n    return str(x)\nf()\n",
        "def f():\n    i = 0\n    while True:\n        i = i + 1\nf()\n",
    ];
    for text in texts {
        let started = Instant::now();
        let read = after(&format!("{text}net = Net(3)\n"));
        assert_eq!(
            (read.fault, read.network.as_deref()),
            (None, Some("net")),
            "{text}"
        );
        assert!(started.elapsed() < Duration::from_secs(60), "{text}");
    }
}
