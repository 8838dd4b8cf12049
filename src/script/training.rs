//! The network's training, and its test.

use super::Experiment;
use crate::arch::AUXILIARY_WEIGHT;
use crate::arch::pytorch;
use crate::experiment::{Init, Optimizer, Schedule, Stop};
use crate::operation::Shape;

impl Experiment<'_> {
    /// All behind the network.
    pub(super) fn training(&self) -> String {
        let spec = self.spec;
        let mut text = String::from("network = Network().to(device)\n");
        text += &self.first_weights();
        text += &format!("criterion = {}\n", self.criterion());
        text += &format!("optimizer = {}\n", self.optimizer());
        let steps = spec.total_steps();
        let (schedule, then) = match self.schedule(steps) {
            Some(made) => (
                format!("scheduler = torch.optim.lr_scheduler.{made}\n"),
                "        scheduler.step()\n",
            ),
            None => (String::new(), ""),
        };
        text += &schedule;
        text += &format!("\n\n{}\n\n", self.test());
        let epochs = match spec.stop {
            Stop::Epochs | Stop::Accuracy => spec.epochs,
            Stop::Steps => steps.div_ceil(spec.steps_per_epoch()),
        };
        let (before, end) = match spec.stop {
            Stop::Epochs | Stop::Accuracy => ("", String::new()),
            Stop::Steps => (
                "step = 0\n",
                format!("        step += 1\n        if step == {steps}:\n            break\n"),
            ),
        };
        let learned = match pytorch::has_auxiliary(&self.network) {
            false => "        loss = criterion(network(images), targets)\n".to_owned(),
            true => format!(
                "        logits, auxiliary = network(images)\n        loss = criterion(logits, targets) + {AUXILIARY_WEIGHT} * criterion(auxiliary, targets)\n"
            ),
        };
        let score = if self.has_scenes() { "IoU" } else { "accuracy" };
        let enough = match spec.stop {
            Stop::Accuracy => format!("    if score >= {}:\n        break\n", spec.until),
            _ => String::new(),
        };
        text += &format!(
            "{before}for epoch in range({epochs}):
    network.train()
    for images, targets in train_loader:
        images, targets = images.to(device), targets.to(device)
{learned}        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
{then}{end}    loss, score = test()
    print(f\"epoch {{epoch + 1}}: test loss {{loss:.4f}}, {score} {{score:.1%}}\")
{enough}"
        );
        text
    }

    /// The first layer's weights, moved as the pixels are.
    fn first_weights(&self) -> String {
        let Shape::Image(image) = self.network.input else {
            return String::new();
        };
        let mut all = self.network.operations().into_iter();
        let first = all.find(|(part, operation)| !operation.parameters(part.input).is_empty());
        let names = pytorch::prefixes(&self.network);
        let first = first.and_then(|(part, _)| names.get(&part.path));
        match first.filter(|_| self.spec.init == Init::Permuted) {
            None => String::new(),
            Some(name) => format!(
                "with torch.no_grad():\n    weight = network.{name}.weight\n    weight.copy_(weight.unflatten(1, ({}, -1))[:, :, ORDER].flatten(1))\n",
                image.channels
            ),
        }
    }

    fn criterion(&self) -> String {
        match (self.has_scenes(), self.spec.smoothing) {
            (true, _) => "nn.BCEWithLogitsLoss()".to_owned(),
            (false, 0.0) => "nn.CrossEntropyLoss()".to_owned(),
            (false, share) => format!("nn.CrossEntropyLoss(label_smoothing={share})"),
        }
    }

    fn optimizer(&self) -> String {
        let spec = self.spec;
        let mut given = format!("network.parameters(), lr={}", spec.lr);
        let name = match spec.optimizer {
            Optimizer::Sgd => {
                if spec.momentum != 0.0 {
                    given += &format!(", momentum={}", spec.momentum);
                }
                if spec.nesterov {
                    given += ", nesterov=True";
                }
                "SGD"
            }
            Optimizer::Adam => "Adam",
            Optimizer::AdamW => "AdamW",
        };
        // Only AdamW's is not 0 by itself.
        if spec.decay != 0.0 || spec.optimizer == Optimizer::AdamW {
            given += &format!(", weight_decay={}", spec.decay);
        }
        format!("torch.optim.{name}({given})")
    }

    /// The schedule, which goes on after each step.
    fn schedule(&self, steps: u32) -> Option<String> {
        match self.spec.schedule {
            Schedule::Constant => None,
            Schedule::Cosine => Some(format!("CosineAnnealingLR(optimizer, T_max={steps})")),
            Schedule::OneCycle => Some(format!(
                "OneCycleLR(optimizer, max_lr={}, total_steps={steps}, cycle_momentum=False)",
                self.spec.lr
            )),
            Schedule::Step => Some(format!(
                "MultiStepLR(optimizer, milestones=[{}, {}], gamma=0.1)",
                steps.div_ceil(2),
                (3 * steps).div_ceil(4)
            )),
        }
    }

    fn test(&self) -> String {
        let (loss, score) = match self.has_scenes() {
            false => (
                "nn.functional.cross_entropy(logits, targets, reduction=\"sum\")",
                "        score += (logits.argmax(1) == targets).sum().item()\n",
            ),
            true => (
                "len(images) * nn.functional.binary_cross_entropy_with_logits(logits, targets)",
                UNION,
            ),
        };
        format!(
            "@torch.no_grad()
def test():
    network.eval()
    loss, score = 0.0, 0.0
    for images, targets in test_loader:
        images, targets = images.to(device), targets.to(device)
        logits = network(images)
        loss += {loss}.item()
{score}    return loss / len(test_set), score / len(test_set)
"
        )
    }
}

/// The intersection over union of each mask.
const UNION: &str = "        marked, wanted = logits.flatten(1) > 0, targets.flatten(1) > 0
        either = (marked | wanted).sum(1)
        score += torch.where(either > 0, (marked & wanted).sum(1) / either.clamp(min=1), 1).sum().item()
";
