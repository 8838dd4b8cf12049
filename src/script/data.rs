//! Images, and what is done with them.

use super::Experiment;
use crate::base::error::Result;
use crate::data::transform::{fixed_permutation, statistics};
use crate::experiment::{Augment, DataSet, Normalize, Order, Permute};

/// The longest line of a list.
const WIDTH: usize = 120;

impl Experiment<'_> {
    /// All up to the loaders of batches.
    pub(super) fn data(&self) -> Result<String> {
        let spec = self.spec;
        let mut blocks = Vec::new();
        if self.has_order() {
            let order = fixed_permutation(self.facts.shape.area(), spec.seed);
            let order = lines(order.iter().map(u32::to_string));
            blocks.push(format!(
                "# {}\nORDER = torch.tensor([\n{order}])\n",
                self.words.fixed
            ));
        }
        let moved = self.moved();
        if moved.is_some() {
            blocks.push(format!("\n{PERMUTED}\n"));
        }
        blocks.push(self.transforms());
        let (train, test) = match (self.has_scenes(), spec.augment) {
            (true, _) => ("transforms.ToTensor()", "transforms.ToTensor()"),
            (false, Augment::None) => ("prepare", "prepare"),
            (false, _) => ("augment", "prepare"),
        };
        blocks.push(self.sets(train, test));
        if self.has_scenes() {
            blocks.push(format!("\n{}", self.scenes(moved)?));
        } else if spec.permute == Permute::PerImage {
            let class = EACH.replace("{each}", &self.words.each);
            blocks.push(format!(
                "\n{}",
                class.replace("{seed}", &spec.seed.to_string())
            ));
        }
        let shuffle = match spec.order {
            Order::Shuffled => ", shuffle=True",
            Order::Stored | Order::Sorted => "",
        };
        blocks.push(format!(
            "train_loader = DataLoader(train_set, batch_size={}{shuffle})\ntest_loader = DataLoader(test_set, batch_size={TEST_BATCH})\n",
            spec.batch
        ));
        Ok(blocks.join("\n"))
    }

    /// What is done with an image, or with the scene that is made of it.
    fn transforms(&self) -> String {
        if self.has_scenes() {
            return format!("prepare = {}\n", composed(&self.scale()));
        }
        let (sized, mut last) = (self.sized(), vec!["transforms.ToTensor()".to_owned()]);
        last.extend(self.scale());
        if self.spec.permute == Permute::Fixed {
            last.push("transforms.Lambda(lambda image: permuted(image, ORDER))".to_owned());
        }
        let prepare = composed(&[&sized[..], &last].concat());
        let augment = match &self.changes()[..] {
            [] => String::new(),
            changes => format!(
                "augment = {}\n",
                composed(&[&sized, changes, &last].concat())
            ),
        };
        format!("prepare = {prepare}\n{augment}")
    }

    /// The order of a scene's pixels, where they move.
    fn moved(&self) -> Option<&'static str> {
        match self.spec.permute {
            Permute::Off => None,
            Permute::Fixed => Some("ORDER"),
            Permute::PerImage => Some("torch.randperm(image.numel(), generator=draw)"),
        }
    }

    /// How images of one's own get the size that the network takes.
    fn sized(&self) -> Vec<String> {
        let shape = self.facts.shape;
        let resize = format!("transforms.Resize(({}, {}))", shape.height, shape.width);
        let grey = "transforms.Grayscale()".to_owned();
        match (self.spec.data, shape.channels) {
            (DataSet::File, 1) => vec![resize, grey],
            (DataSet::File, _) => vec![resize],
            _ => Vec::new(),
        }
    }

    /// How training images are changed at random.
    fn changes(&self) -> Vec<String> {
        let shape = self.facts.shape;
        let crop = format!(
            "transforms.RandomCrop(({}, {}), padding=4)",
            shape.height, shape.width
        );
        let flip = "transforms.RandomHorizontalFlip()".to_owned();
        match self.spec.augment {
            Augment::None => Vec::new(),
            Augment::Flip => vec![flip],
            Augment::FlipCrop => vec![flip, crop],
        }
    }

    /// What becomes of values from 0 to 1.
    fn scale(&self) -> Vec<String> {
        match self.spec.normalize {
            Normalize::Unit => Vec::new(),
            Normalize::Raw => vec!["transforms.Lambda(lambda image: 255 * image)".to_owned()],
            _ => {
                let [mean, deviation] = statistics(self.spec, self.facts);
                let list = |numbers: Vec<f64>| {
                    let all: Vec<_> = numbers
                        .iter()
                        .map(|number| format!("{}", *number as f32))
                        .collect();
                    format!("[{}]", all.join(", "))
                };
                vec![format!(
                    "transforms.Normalize({}, {})",
                    list(mean),
                    list(deviation)
                )]
            }
        }
    }

    /// The samples, as many as the experiment uses.
    fn sets(&self, train: &str, test: &str) -> String {
        let spec = self.spec;
        let made = |split: &str, transform: &str| match spec.data {
            DataSet::File => format!("datasets.ImageFolder(\"{split}\", transform={transform})"),
            known => {
                let name = match known {
                    DataSet::FashionMnist => "FashionMNIST",
                    DataSet::Cifar10 => "CIFAR10",
                    _ => "MNIST",
                };
                let is_train = if split == "train" { "True" } else { "False" };
                format!(
                    "datasets.{name}(\"data\", train={is_train}, download=True, transform={transform})"
                )
            }
        };
        let own = match spec.data {
            DataSet::File => format!("# {}\n", self.words.own),
            _ => String::new(),
        };
        let first = match spec.order {
            Order::Sorted => format!(
                "sorted(range({}), key=lambda index: int(train_set.targets[index]))",
                spec.train
            ),
            Order::Shuffled | Order::Stored => format!("range({})", spec.train),
        };
        format!(
            "{own}train_set = {}\ntrain_set = Subset(train_set, {first})\ntest_set = {}\ntest_set = Subset(test_set, range({}))\n",
            made("train", train),
            made("test", test),
            spec.test
        )
    }
}

/// Images in a test batch, of which nothing depends but the time.
const TEST_BATCH: usize = 500;

/// A list of transforms, on a line if it is short.
fn composed(all: &[String]) -> String {
    let one = format!("transforms.Compose([{}])", all.join(", "));
    match one.len() < WIDTH - 20 {
        true => one,
        false => {
            let each: String = all.iter().map(|it| format!("    {it},\n")).collect();
            format!("transforms.Compose([\n{each}])")
        }
    }
}

/// Numbers in lines, each with its comma.
fn lines(numbers: impl Iterator<Item = String>) -> String {
    let mut all = vec![String::from("   ")];
    for number in numbers {
        match all.last_mut() {
            Some(line) if line.len() + number.len() + 2 <= WIDTH => *line += &format!(" {number},"),
            _ => all.push(format!("    {number},")),
        }
    }
    all.join("\n") + "\n"
}

const PERMUTED: &str = "def permuted(image, order):
    return image.flatten(1)[:, order].reshape(image.shape)
";

const EACH: &str = r#"class Permuted(Dataset):
    """{each}"""

    def __init__(self, samples, seed):
        self.samples, self.seed = samples, seed

    def __len__(self):
        return len(self.samples)

    def __getitem__(self, index):
        image, label = self.samples[index]
        draw = torch.Generator().manual_seed(self.seed + index)
        return permuted(image, torch.randperm(image[0].numel(), generator=draw)), label


train_set = Permuted(train_set, {seed})
test_set = Permuted(test_set, {seed} + len(train_set))
"#;
