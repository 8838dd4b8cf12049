//! Where a network runs.

use std::sync::{Arc, OnceLock};

use crate::base::error::{Code, Problem, Result};

/// Storage buffers that a program binds at most: the eight arrays of batch normalization's statistics, and one with their
/// sizes.
#[cfg(feature = "webgpu")]
const MOST_BUFFERS: u32 = 9;

/// An open device, CPU or GPU: the training code is the same for both.
#[derive(Debug, Clone)]
pub struct Device {
    inner: burn::tensor::Device,
    lost: Arc<OnceLock<String>>,
}

impl Device {
    /// Opens `"cpu"` or `"webgpu"`, as far as this build has it.
    ///
    /// # Errors
    /// [`Code::NoDevice`] with the reason.
    pub async fn open(name: &str) -> Result<Self> {
        match name {
            #[cfg(feature = "cpu")]
            "cpu" => Ok(Self {
                inner: burn::tensor::Device::flex(),
                lost: Arc::default(),
            }),
            #[cfg(feature = "webgpu")]
            "webgpu" => Self::webgpu().await,
            other => Err(Problem::new(Code::NoDevice)
                .with("reason", format!("this build has no device {other}"))),
        }
    }

    #[cfg(feature = "webgpu")]
    async fn webgpu() -> Result<Self> {
        #[cfg(target_arch = "wasm32")]
        constructors::run();
        let opened = burn::tensor::Device::wgpu_options()
            .init_with_setup_async()
            .await;
        let refused = |reason: String| Problem::new(Code::NoDevice).with("reason", reason);
        let (inner, setup) = opened.map_err(|error| {
            refused(
                error
                    .to_string()
                    .lines()
                    .next()
                    .unwrap_or_default()
                    .to_owned(),
            )
        })?;
        let buffers = setup.device.limits().max_storage_buffers_per_shader_stage;
        if buffers < MOST_BUFFERS {
            return Err(refused(format!(
                "its programs may bind {buffers} storage buffers, and {MOST_BUFFERS} are needed"
            )));
        }
        let lost = Arc::<OnceLock<String>>::default();
        let seen = Arc::clone(&lost);
        setup
            .device
            .set_device_lost_callback(move |reason, message| {
                // Only the first loss counts.
                let _ = seen.set(format!("{reason:?}: {message}"));
            });
        Ok(Self { inner, lost })
    }

    /// The device without gradients.
    pub fn inner(&self) -> burn::tensor::Device {
        self.inner.clone()
    }

    /// The device that keeps gradients.
    pub(super) fn with_gradients(&self) -> burn::tensor::Device {
        self.inner.clone().autodiff()
    }

    /// Takes note of a loss that an answer which did not come tells of: often sooner than the browser.
    pub fn hear(&self, problem: &Problem) {
        if problem.code == Code::DeviceLost {
            let reason = problem.params.get("reason").cloned();
            // Only the first loss counts.
            let _ = self.lost.set(reason.unwrap_or_default());
        }
    }

    /// Why the device went away, if it did.
    pub fn lost(&self) -> Option<String> {
        self.lost.get().cloned()
    }
}

/// The static constructors by which CubeCL registers its operations. Unless they are called explicitly, the linker
/// calls all of them at the start of each exported function, hundreds of times a step.
#[cfg(all(feature = "webgpu", target_arch = "wasm32"))]
#[allow(unsafe_code, reason = "the linker's function has no safe name")]
mod constructors {
    unsafe extern "C" {
        fn __wasm_call_ctors();
    }

    /// Runs them; a second time does nothing.
    pub(super) fn run() {
        // SAFETY: all of them are of the crate `inventory`, whose constructors may run repeatedly.
        unsafe { __wasm_call_ctors() }
    }
}

#[cfg(all(test, feature = "cpu"))]
mod tests {
    use super::*;

    #[test]
    fn an_answer_that_does_not_come_says_that_the_device_is_lost() {
        let device = Device {
            inner: burn::tensor::Device::flex(),
            lost: Arc::default(),
        };
        device.hear(&Problem::internal("something else"));
        assert_eq!(device.lost(), None);
        for reason in ["not mapped", "a later one"] {
            device.hear(&Problem::new(Code::DeviceLost).with("reason", reason));
            assert_eq!(device.lost().as_deref(), Some("not mapped"));
        }
    }
}
