//! Tensors copied from a device to the host.

use burn::tensor::Tensor;

use crate::base::error::{Problem, Result};

/// A tensor's values in row-major order, copied to the host.
///
/// # Errors
/// [`crate::base::error::Code::Internal`] if the device does not answer.
pub(crate) async fn numbers<const D: usize>(tensor: Tensor<D>) -> Result<Vec<f32>> {
    let data = tensor
        .into_data_async()
        .await
        .map_err(|error| Problem::internal(format!("{error:?}")))?;
    data.try_to_vec()
        .map_err(|error| Problem::internal(format!("{error:?}")))
}
