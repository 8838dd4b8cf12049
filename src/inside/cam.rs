//! Which places of the picture speak for a class: Grad-CAM. Selvaraju et al. 2017,
//! <https://arxiv.org/abs/1610.02391>: each channel of the last convolution is weighted by the mean
//! gradient of the class's logit with respect to it, and what remains positive of the sum is shown.

use burn::tensor::Tensor;
use serde::Serialize;

use super::gates::gates;
use super::network::{most, softmax};
use super::{Inside, Tiles, palette};
use crate::arch::{Shape, Shaped};
use crate::base::ImageShape;
use crate::base::error::Result;
use crate::nn::{Flow, numbers};

/// Which places speak for a class.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Explained {
    /// For which class.
    pub class: usize,
    /// How certain the network is of each class.
    pub probabilities: Vec<f32>,
    /// The layer that was looked at: the last one with places.
    pub row: usize,
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
        let Some((row, image)) = last_map(self.plan()) else {
            return Ok(None);
        };
        let input = self.input()?;
        let mut maps = None;
        let logits = self.network.watch(input, &mut |at, flow| match flow {
            Flow::Image(tensor) if at == row => {
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
            row,
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

/// The last operation whose output has places, gates left out, if the network itself gives a vector.
fn last_map(plan: &Shaped) -> Option<(usize, ImageShape)> {
    if matches!(plan.output, Shape::Image(_)) {
        return None;
    }
    let beside = gates(plan, 0);
    let operations = plan.operations().into_iter().enumerate();
    let maps = operations.filter_map(|(row, (part, _))| match part.output {
        Shape::Image(image) if image.area() > 1 => Some((row, image)),
        _ => None,
    });
    maps.rev()
        .find(|(row, _)| !beside.iter().any(|rows| rows.contains(row)))
}
