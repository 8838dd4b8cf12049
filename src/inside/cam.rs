//! Which places of the picture speak for a class: Grad-CAM. Selvaraju et al. 2017,
//! <https://arxiv.org/abs/1610.02391>: each channel of the last image that the network makes is weighted
//! by the mean gradient of the class's logit with respect to it, and the positive part of the sum is
//! shown. All that the classifier sees goes through that image: behind branches it is what they become.

use burn::tensor::Tensor;
use serde::Serialize;

use super::network::{most, softmax};
use super::{Inside, Tiles, palette};
use crate::arch::{Form, Shaped};
use crate::base::ImageShape;
use crate::base::error::Result;
use crate::kernels::numbers;
use crate::nn::Seen;
use crate::operation::Flow;
use crate::operation::Shape;

/// Which places speak for a class.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Explained {
    /// For which class.
    pub class: usize,
    /// How certain the network is of each class.
    pub probabilities: Vec<f32>,
    /// The path of the part whose output was looked at: the last one with places.
    pub path: String,
    /// How much each place speaks for the class, over the picture; nothing speaks for it where it
    /// is transparent.
    pub heat: Tiles,
    /// The line and the column, in the picture, of the middle of the place that speaks most.
    pub strongest: (usize, usize),
}

impl Inside {
    /// For this class, or the one that the network takes the picture for. Nothing if no layer has
    /// places, or if the network judges each pixel.
    pub(super) async fn explain(&mut self, class: Option<usize>) -> Result<Option<Explained>> {
        let Some(last) = LastImage::of(self.plan()) else {
            return Ok(None);
        };
        let (image, seen, path) = (last.shape, last.seen(), last.part.path.clone());
        let input = self.input()?;
        let mut maps = None;
        let logits = self.network.watch(input, &mut |at, flow| match flow {
            Flow::Image(tensor) if at == seen => {
                let leaf = Tensor::from_inner(tensor.inner()).require_grad();
                maps = Some(leaf.clone());
                Flow::Image(leaf)
            }
            other => other,
        });
        let Some(maps) = maps else {
            return Ok(None);
        };
        let values = numbers(logits.clone().inner()).await?;
        let class = class.unwrap_or_else(|| most(&values)).min(values.len() - 1);
        let gradients = logits.slice([0..1, class..class + 1]).sum().backward();
        let slopes = match maps.grad(&gradients) {
            Some(slopes) => numbers(slopes).await?,
            None => return Ok(None),
        };
        let maps = numbers(maps.inner()).await?;
        let mut heat = vec![0.0_f32; image.area()];
        let channels = maps.chunks_exact(image.area());
        for (map, slopes) in channels.zip(slopes.chunks_exact(image.area())) {
            let weight = slopes.iter().sum::<f32>() / image.area() as f32;
            for (heat, value) in heat.iter_mut().zip(map) {
                *heat += weight * value;
            }
        }
        for heat in &mut heat {
            *heat = heat.max(0.0);
        }
        let at = most(&heat);
        let middle =
            |place: usize, places: usize, pixels: usize| (2 * place + 1) * pixels / (2 * places);
        let whole = self.facts.shape;
        let largest = palette::largest(&heat);
        Ok(Some(Explained {
            class,
            probabilities: softmax(&values),
            path,
            strongest: (
                middle(at / image.width, image.height, whole.height),
                middle(at % image.width, image.width, whole.width),
            ),
            heat: Tiles {
                width: image.width,
                height: image.height,
                count: 1,
                pixels: palette::signed(&heat, largest).into(),
                largest,
            },
        }))
    }
}

/// The last image on the way to a network's logits.
struct LastImage<'a> {
    /// What it leaves: an operation, or a place where branches become one.
    part: &'a Shaped,
    shape: ImageShape,
    /// Operations done there.
    done: usize,
}

impl<'a> LastImage<'a> {
    /// What enters the first part, of those that everything goes through, out of which no image comes:
    /// a part that has branches is looked at as a whole. Nothing if that is the picture itself, or if
    /// the network gives an image.
    fn of(network: &'a Shaped) -> Option<Self> {
        let (mut within, mut done, mut last) = (network, 0, None);
        while let Form::Sequential(parts) = &within.form {
            let end = parts
                .iter()
                .position(|part| places(part.output).is_none())?;
            done += operations(&parts[..end]);
            last = parts[..end].last().or(last);
            within = &parts[end];
        }
        let mut part = last?;
        while let Form::Sequential(parts) = &part.form {
            part = parts.last()?;
        }
        let shape = places(part.output)?;
        Some(Self { part, shape, done })
    }

    /// Where a hook sees it.
    fn seen(&self) -> Seen {
        match self.part.form {
            Form::Merge { .. } => Seen::Join { after: self.done },
            _ => Seen::Operation(self.done - 1),
        }
    }
}

/// An image's size, if it has more than one place.
fn places(shape: Shape) -> Option<ImageShape> {
    match shape {
        Shape::Image(image) if image.area() > 1 => Some(image),
        _ => None,
    }
}

fn operations(parts: &[Shaped]) -> usize {
    parts.iter().map(|part| part.operations().len()).sum()
}
