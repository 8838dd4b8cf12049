//! Tensors copied from a device to the host.

use burn::tensor::Tensor;

use crate::base::error::{Code, Problem, Result};

/// A tensor's values in row-major order, copied to the host.
///
/// # Errors
/// [`Code::DeviceLost`] if a GPU went away, [`Code::Internal`] if it fails in another way.
pub(crate) async fn numbers<const D: usize>(tensor: Tensor<D>) -> Result<Vec<f32>> {
    let data = tensor
        .into_data_async()
        .await
        .map_err(|error| problem(&error.to_string()))?;
    data.try_to_vec()
        .map_err(|error| Problem::internal(format!("{error:?}")))
}

/// Words of the errors of a device that is lost: known to be, or not yet, while what it had promised to
/// hand over cannot be had any more.
const LOST: [&str; 2] = ["is poisoned", "staging buffer"];

/// What a device's error says last, without the backtrace behind it.
fn problem(error: &str) -> Problem {
    let said = error.split("\nBacktrace:").next().unwrap_or_default();
    if !LOST.iter().any(|word| said.contains(word)) {
        return Problem::internal(said);
    }
    let reason = said.rsplit("Caused by:").next().unwrap_or_default();
    Problem::new(Code::DeviceLost).with("reason", reason.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lost_device_is_told_by_its_reason_alone() {
        let error = "An error happened during execution\nCaused by:\n  \
                     An error happened during execution\nCaused by:\n  \
                     the staging buffer could not be mapped: aborted\nBacktrace:\n   0: a::b";
        let found = problem(error);
        assert_eq!(found.code, Code::DeviceLost);
        assert_eq!(
            found.params["reason"],
            "the staging buffer could not be mapped: aborted"
        );
        let poisoned = "An error happened during execution\nCaused by:\n  \
                        The device is poisoned\nCaused by:\n  Destroyed: by the page";
        assert_eq!(problem(poisoned).params["reason"], "Destroyed: by the page");
        let other = problem("A compilation error\nBacktrace:\n   0: a::b");
        assert_eq!(other.code, Code::Internal);
        assert_eq!(other.params["detail"], "A compilation error");
    }
}
