//! The attention weights of a network: squeeze-and-excitation (Hu et al.
//! 2017, <https://arxiv.org/abs/1709.01507>), CBAM (Woo et al. 2018,
//! <https://arxiv.org/abs/1807.06521>) and ECA (Wang et al. 2019, <https://arxiv.org/abs/1910.03151>).

use std::ops::Range;

use serde::Serialize;

use super::{Inside, Tiles, palette};
use crate::arch::{Form, Join, Shaped};
use crate::base::error::Result;
use crate::operation::Shape;

/// The weights of one gate for the picture.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Gate {
    /// The operation that gives it.
    pub row: usize,
    /// Its path.
    pub path: String,
    /// Channel attention: the weight of each channel, 0 to 1; nothing for spatial attention.
    pub channels: Vec<f32>,
    /// Spatial attention: the weight of each position.
    pub places: Option<Tiles>,
    /// The smallest weight.
    pub lowest: f32,
    /// The largest weight.
    pub highest: f32,
}

impl Inside {
    /// Every gate, in order.
    pub(super) async fn gates(&mut self) -> Result<Vec<Gate>> {
        let ends: Vec<usize> = gates(self.plan(), 0)
            .iter()
            .map(|rows| rows.end - 1)
            .collect();
        let operations = self.plan().operations();
        let paths: Vec<_> = operations
            .iter()
            .map(|(part, _)| part.path.clone())
            .collect();
        let all = self.look_through().await?;
        let gates = ends.into_iter().filter_map(|row| {
            let activation = all.get(row)?;
            let values = &activation.values;
            let places = match activation.shape {
                Shape::Image(image) if image.area() > 1 => Some(Tiles {
                    width: image.width,
                    height: image.height,
                    count: image.channels,
                    pixels: palette::signed(values, 1.0).into(),
                    largest: 1.0,
                }),
                _ => None,
            };
            Some(Gate {
                row,
                path: paths.get(row)?.clone(),
                channels: if places.is_none() {
                    values.clone()
                } else {
                    Vec::new()
                },
                places,
                lowest: values.iter().copied().fold(f32::INFINITY, f32::min),
                highest: values.iter().copied().fold(f32::NEG_INFINITY, f32::max),
            })
        });
        Ok(gates.collect())
    }
}

/// The rows of each gate, where `before` rows come before this part.
pub(super) fn gates(part: &Shaped, before: usize) -> Vec<Range<usize>> {
    let gated = matches!(
        part.form,
        Form::Merge {
            join: Join::Multiply,
            ..
        }
    );
    let mut found = Vec::new();
    let mut from = before;
    for (at, child) in part.parts().iter().enumerate() {
        let to = from + child.operations().len();
        if gated && at > 0 {
            found.push(from..to);
        } else {
            found.extend(gates(child, from));
        }
        from = to;
    }
    found
}
