//! An experiment as a Python script and as a notebook. What PyTorch makes of the scripts is looked at by `fixtures/exported.py`.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should fail")]

use cnn_playground::base::{DataFacts, ImageShape};
use cnn_playground::experiment::link;
use cnn_playground::script::{self, ScriptWords};

fn facts(channels: usize, side: usize) -> DataFacts {
    DataFacts {
        shape: ImageShape {
            channels,
            height: side,
            width: side,
        },
        classes: (0..10).map(|class| class.to_string()).collect(),
        train: 60_000,
        test: 10_000,
        mean: [0.5, 0.25, 0.125][..channels].to_vec(),
        deviation: [0.25, 0.5, 0.5][..channels].to_vec(),
        fingerprint: String::new(),
        untrained: Vec::new(),
        untested: Vec::new(),
        coarse: None,
        cautions: Vec::new(),
    }
}

fn script(link: &str) -> String {
    let spec = link::known_spec(link);
    let shape = spec.data.shape().unwrap();
    let facts = facts(shape.channels, shape.height);
    script::script(&spec, &facts, &ScriptWords::english()).unwrap()
}

#[test]
fn the_script_is_what_one_would_write() {
    let text = script(
        "net=lenet1&pool=max&data=cifar10&train=1000&test=200&optimizer=sgd&schedule=cosine&augment=flip&epochs=2",
    );
    let (data, rest) = text.split_once("# Network\n").unwrap();
    let training = rest.split_once("# Training and test\n").unwrap().1;
    let expected = r#"
import torch
from torch import nn
from torch.utils.data import DataLoader, Subset
from torchvision import datasets, transforms

torch.manual_seed(1)
device = "cuda" if torch.cuda.is_available() else "cpu"


# Data

prepare = transforms.Compose([
    transforms.ToTensor(),
    transforms.Normalize([0.5, 0.25, 0.125], [0.25, 0.5, 0.5]),
])
augment = transforms.Compose([
    transforms.RandomHorizontalFlip(),
    transforms.ToTensor(),
    transforms.Normalize([0.5, 0.25, 0.125], [0.25, 0.5, 0.5]),
])

train_set = datasets.CIFAR10("data", train=True, download=True, transform=augment)
train_set = Subset(train_set, range(1000))
test_set = datasets.CIFAR10("data", train=False, download=True, transform=prepare)
test_set = Subset(test_set, range(200))

train_loader = DataLoader(train_set, batch_size=64, shuffle=True)
test_loader = DataLoader(test_set, batch_size=500)


"#;
    assert!(data.ends_with(expected), "{data}");
    let expected = r#"
network = Network().to(device)
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(network.parameters(), lr=0.05, momentum=0.9)
scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=32)


@torch.no_grad()
def test():
    network.eval()
    loss, score = 0.0, 0.0
    for images, targets in test_loader:
        images, targets = images.to(device), targets.to(device)
        logits = network(images)
        loss += nn.functional.cross_entropy(logits, targets, reduction="sum").item()
        score += (logits.argmax(1) == targets).sum().item()
    return loss / len(test_set), score / len(test_set)


for epoch in range(2):
    network.train()
    for images, targets in train_loader:
        images, targets = images.to(device), targets.to(device)
        loss = criterion(network(images), targets)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        scheduler.step()
    loss, score = test()
    print(f"epoch {epoch + 1}: test loss {loss:.4f}, accuracy {score:.1%}")
"#;
    assert_eq!(training, expected);
}

#[test]
fn a_notebook_has_the_code_of_the_script_in_its_cells() {
    let spec = link::known_spec("net=mlp&permute=fixed&init=permuted");
    let (facts, words) = (facts(1, 28), ScriptWords::english());
    let script = script::script(&spec, &facts, &words).unwrap();
    let text = script::notebook(&spec, &facts, &words).unwrap();
    let whole: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(
        (&whole["nbformat"], &whole["nbformat_minor"]),
        (&4.into(), &5.into())
    );
    let cells = whole["cells"].as_array().unwrap();
    let lines = |cell: &serde_json::Value| -> String {
        let all = cell["source"].as_array().unwrap();
        all.iter().map(|line| line.as_str().unwrap()).collect()
    };
    let code = cells.iter().filter(|cell| cell["cell_type"] == "code");
    let code: Vec<_> = code.map(lines).collect();
    assert_eq!(code.len(), 4);
    let mut rest = &*script;
    for cell in &code {
        rest = rest
            .split_once(&**cell)
            .unwrap_or_else(|| panic!("{cell}\nis not in\n{rest}"))
            .1;
    }
    assert_eq!(rest.trim(), "");
}

#[test]
fn what_is_enough_ends_the_script_too() {
    let enough = "    if score >= 0.9:\n        break\n";
    assert!(script("net=mlp&stop=accuracy&until=0.9").ends_with(enough));
    assert!(!script("net=mlp").contains("break"));
}
