//! How samples get to the device.

use burn::tensor::{Tensor, TensorData};

use super::Device;
use crate::base::error::{Code, Problem, Result};
use crate::base::{DataFacts, ImageShape};
use crate::data::{Batch, Dataset, Samples, Split, Transform};
use crate::event::Event;
use crate::experiment::{ExperimentSpec, Task};
use crate::kernels::DeviceSamples;
use crate::nn::Objective;

/// The largest buffer that every WebGPU device binds, in bytes.
const MOST_BYTES: usize = 128 << 20;

/// A batch on a device, without gradients.
pub(super) struct Given {
    /// `[batch, channels, height, width]`.
    pub(super) images: Tensor<4>,
    /// The targets.
    pub(super) objective: Objective,
    /// The number of samples.
    pub(super) count: u32,
}

impl Given {
    /// Copies a batch of images of this shape to a device.
    pub(super) fn upload(batch: Batch, shape: ImageShape, device: &Device) -> Self {
        let device = device.inner();
        let count = batch.len();
        let sizes = [count, shape.channels, shape.height, shape.width];
        Self {
            objective: Objective::upload(batch.targets, count, &device),
            images: Tensor::from_data(TensorData::new(batch.images, sizes), &device),
            count: count as u32,
        }
    }
}

/// Makes the batches of a run. A GPU gets all samples of a split as bytes as soon as they have arrived, and
/// makes its batches itself; where training images change from epoch to epoch, it gets each batch.
pub(super) struct Feed {
    transform: Transform,
    shape: ImageShape,
    /// Labels are below this: nothing on a GPU checks them any more.
    classes: usize,
    device: Device,
    training: Kept,
    test: Kept,
}

/// The samples of one split.
struct Kept {
    /// How many of them the run uses.
    wanted: usize,
    on_device: Option<DeviceSamples>,
}

impl Feed {
    /// For a run of this spec.
    ///
    /// # Errors
    /// As [`Transform::new`].
    pub(super) fn new(spec: &ExperimentSpec, facts: &DataFacts, device: &Device) -> Result<Self> {
        let kept = |wanted: u32| Kept {
            wanted: wanted as usize,
            on_device: None,
        };
        Ok(Self {
            transform: Transform::new(spec, facts)?,
            shape: facts.shape,
            classes: facts.classes.len(),
            device: device.clone(),
            training: kept(spec.train),
            test: kept(spec.test),
        })
    }

    /// The transform of each image.
    pub(super) fn transform(&self) -> &Transform {
        &self.transform
    }

    /// The batch of the samples at these positions of a split, which must have arrived.
    ///
    /// # Errors
    /// [`Code::NoData`] if they are another data set's: of another size, or with more classes.
    pub(super) fn give(&mut self, data: &Dataset, split: Split, indices: &[u32]) -> Result<Given> {
        let samples = data.samples(split);
        self.check(samples, indices)?;
        self.keep(samples, split)?;
        let on_device = self.kept(split).on_device.as_ref();
        if let Some((images, labels)) = on_device.and_then(|all| all.gather(indices)) {
            return Ok(Given {
                images,
                objective: Objective::Classes(labels),
                count: indices.len() as u32,
            });
        }
        Ok(self.upload(Batch::gather(samples, split, &self.transform, indices)))
    }

    /// The batch of the training samples at these positions, which must have arrived, as this epoch sees them; the first
    /// is 0.
    ///
    /// # Errors
    /// As [`Feed::give`].
    pub(super) fn teach(&mut self, data: &Dataset, epoch: u32, indices: &[u32]) -> Result<Given> {
        if !self.transform.augments() {
            return self.give(data, Split::Train, indices);
        }
        // Another image in each epoch, which a GPU does not keep.
        let samples = data.samples(Split::Train);
        self.check(samples, indices)?;
        Ok(self.upload(Batch::augmented(samples, &self.transform, epoch, indices)))
    }

    /// Whether these samples have the image size and the classes that the network was built for.
    fn check(&self, samples: &Samples, indices: &[u32]) -> Result<()> {
        let labels = &samples.labels;
        let is_known = |index: &u32| {
            let label = labels.get(*index as usize);
            label.is_some_and(|label| usize::from(*label) < self.classes)
        };
        if samples.shape == self.shape && indices.iter().all(is_known) {
            return Ok(());
        }
        Err(Problem::new(Code::NoData))
    }

    /// Copies all samples of a split to a GPU, once they have arrived and if they fit. Masks stay on the host.
    fn keep(&mut self, samples: &Samples, split: Split) -> Result<()> {
        let wanted = self.kept(split).wanted;
        let all_here = samples.len() >= wanted && self.transform.task() == Task::Classify;
        let fits = wanted * self.shape.len() <= MOST_BYTES;
        if self.kept(split).on_device.is_some() || !all_here || !fits {
            return Ok(());
        }
        // Once, since only a GPU keeps them.
        if cfg!(feature = "webgpu") {
            self.check(samples, &(0..wanted as u32).collect::<Vec<_>>())?;
        }
        let place = |index: usize, out: &mut [u8]| {
            self.transform
                .place(samples.image(index), split, index, out);
        };
        let (labels, tables) = (&samples.labels[..wanted], self.transform.tables());
        let on_device =
            DeviceSamples::upload(self.shape, place, labels, tables, &self.device.inner());
        self.kept(split).on_device = on_device;
        Ok(())
    }

    fn kept(&mut self, split: Split) -> &mut Kept {
        match split {
            Split::Train => &mut self.training,
            Split::Test => &mut self.test,
        }
    }

    /// A batch from the host.
    pub(super) fn upload(&self, batch: Batch) -> Given {
        Given::upload(batch, self.shape, &self.device)
    }
}

/// Whether the first `needed` samples of a split are not all here; says so.
pub(super) fn wait(data: &Dataset, split: Split, needed: usize, events: &mut Vec<Event>) -> bool {
    let loaded = data.samples(split).len();
    let missing = loaded < needed;
    if missing {
        events.push(Event::Waiting {
            split,
            loaded,
            needed,
        });
    }
    missing
}
