//! How far open a network's gates are: the attention weights of squeeze-and-excitation (Hu et al.
//! 2017, <https://arxiv.org/abs/1709.01507>), CBAM (Woo et al. 2018,
//! <https://arxiv.org/abs/1807.06521>) and ECA (Wang et al. 2019, <https://arxiv.org/abs/1910.03151>).

use serde::Serialize;

use super::{Insight, Tiles, palette};
use crate::arch::Shape;
use crate::error::Result;

/// A gate's output for the picture.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Gate {
    /// The operation that gives it.
    pub row: usize,
    /// Its path.
    pub path: String,
    /// Of a gate for each channel, how far each is open, 0 to 1; nothing for a gate for each place.
    pub channels: Vec<f32>,
    /// Of a gate for each place, how far each is open.
    pub places: Option<Tiles>,
    /// The least open.
    pub lowest: f32,
    /// The most open.
    pub highest: f32,
}

impl Insight {
    /// Every gate, in order.
    pub(super) async fn gates(&mut self) -> Result<Vec<Gate>> {
        let operations = self.plan().operations();
        let gate = |path: &str| {
            let names = path.split('.').scan(String::new(), |path, name| {
                path.push_str(name);
                path.push('.');
                Some((name.starts_with("gate"), path.clone()))
            });
            names.filter(|(is, _)| *is).map(|(_, path)| path).last()
        };
        let paths: Vec<_> = operations
            .iter()
            .map(|(part, _)| part.path.clone())
            .collect();
        let each: Vec<_> = paths.iter().map(|path| gate(&format!("{path}."))).collect();
        // The last operation of each gate gives its output.
        let ends = (0..each.len())
            .filter(|&row| each[row].is_some() && each.get(row + 1) != Some(&each[row]));
        let ends: Vec<usize> = ends.collect();
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
