//! The newest gradients of a run, as the drawing of its network shows them: how wide each edge is.

use serde::Serialize;

use super::run::Run;

/// The powers of ten between which an edge grows: from a layer that hardly learns to one whose gradient explodes. The same for
/// every network, so that two can be compared.
const EXPONENTS: (f32, f32) = (-5.0, 1.0);

/// The gradient of one layer.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export_to = "core.d.ts"))]
pub struct Gradient {
    /// The layer's path.
    pub path: String,
    /// The L2 norm.
    pub norm: f32,
    /// Where its logarithm lies between 0.00001 and 10, from 0 to 1.
    pub share: f32,
}

impl Gradient {
    /// Those of the last step at which they were measured; none before the first.
    pub fn newest(run: &Run) -> Vec<Self> {
        let Some(last) = run.gradients.last() else {
            return Vec::new();
        };
        let (low, high) = EXPONENTS;
        let each = run.layers.iter().zip(&last.norms);
        let each = each.map(|(path, &norm)| Self {
            path: path.clone(),
            norm,
            share: ((norm.log10() - low) / (high - low)).clamp(0.0, 1.0),
        });
        each.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::Choices;
    use crate::experiment::link::known_spec;
    use crate::runs::GradientNorms;

    #[test]
    fn an_edge_is_as_wide_as_the_logarithm_of_its_gradient() {
        let mut run = Run::new(known_spec("net=cnn"), Choices::new(), "cpu");
        run.layers = ["a", "b", "c", "d"].map(str::to_owned).to_vec();
        assert!(Gradient::newest(&run).is_empty());
        for norms in [vec![9.0; 4], vec![0.01, 0.0, 1e-9, 500.0]] {
            run.gradients.push(GradientNorms { step: 1, norms });
        }
        let shares: Vec<f32> = Gradient::newest(&run).iter().map(|one| one.share).collect();
        assert!((shares[0] - 0.5).abs() < 1e-6);
        assert_eq!(shares[1..], [0.0, 0.0, 1.0]);
    }
}
