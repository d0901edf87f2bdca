//! A graph loaded onto a device.

use super::{Binding, Failure, check, library, memory::DeviceMemory, placement};
use crate::{Device, ModelError};
use ort::{
    AsPointer,
    environment::Environment,
    ep,
    memory::{AllocationDevice, AllocatorType, MemoryInfo, MemoryType},
    session::{
        RunOptions,
        builder::{GraphOptimizationLevel, SessionBuilder},
    },
    value::{Outlet, ValueType},
};
use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

pub(crate) use ort::value::TensorElementType as Element;

/// How a session is opened.
#[derive(Clone, Debug)]
pub(crate) struct SessionOptions {
    pub(crate) library: Option<PathBuf>,
    pub(crate) device: Device,
    pub(crate) threads: usize,
}

/// A graph that can be run.
pub(crate) struct Session {
    pub(super) session: ort::session::Session,
    pub(crate) inputs: Vec<Io>,
    pub(crate) outputs: Vec<Io>,
    memory: Arc<DeviceMemory>,
    interrupt: Interrupt,
    busy: Duration,
}

/// Ends a run of a session from another thread.
#[derive(Clone)]
pub(crate) struct Interrupt {
    run: Arc<RunOptions>,
    raised: Arc<AtomicBool>,
}

impl Interrupt {
    fn new() -> Result<Self, Failure> {
        Ok(Interrupt { run: Arc::new(RunOptions::new()?), raised: Arc::new(AtomicBool::new(false)) })
    }

    /// Makes the run that is going on, or else the next one, fail as soon as ONNX Runtime notices.
    pub(crate) fn raise(&self) {
        self.raised.store(true, Ordering::SeqCst);
        let _ = self.run.terminate();
    }

    /// Whether it was raised since it was last asked; runs go on as usual from here.
    pub(crate) fn take(&self) -> bool {
        let raised = self.raised.swap(false, Ordering::SeqCst);
        if raised {
            let _ = self.run.unterminate();
        }
        raised
    }
}

/// An input or output of a graph.
#[derive(Clone, Debug)]
pub(crate) struct Io {
    pub(crate) name: String,
    /// `None` for what is not a tensor.
    pub(crate) element: Option<Element>,
    /// Sizes; `None` for those that vary.
    pub(crate) dims: Vec<Option<usize>>,
}

/// How long a thread of the pool looks for work before it sleeps, in microseconds. Waking a sleeping thread costs about as much; a
/// thread that spins longer takes the core from Lean.
const SPIN_MICROSECONDS: &str = "50";

impl Session {
    /// Loads the graph in `file`.
    pub(crate) fn open(file: &Path, options: &SessionOptions) -> Result<Self, ModelError> {
        let environment = library::environment(options.library.as_deref())?;
        let bad_file = |Failure(detail): Failure| ModelError::File {
            path: file.to_owned(),
            detail: format!("ONNX Runtime cannot load it: {detail}; if a file is missing or cut short, copy or export the model again"),
        };
        let mut builder = builder(&environment, options)?;
        let session = builder.commit_from_file(file).map_err(|error| bad_file(error.into()))?;
        Session::on(options, session)
    }

    /// A session over a graph that was made here.
    pub(super) fn build(
        options: &SessionOptions,
        commit: impl FnOnce(&SessionBuilder) -> Result<ort::session::Session, Failure>,
    ) -> Result<Self, ModelError> {
        let environment = library::environment(options.library.as_deref())?;
        let session = commit(&builder(&environment, options)?).map_err(|Failure(detail)| ModelError::Runtime { detail })?;
        Session::on(options, session)
    }

    fn on(options: &SessionOptions, session: ort::session::Session) -> Result<Self, ModelError> {
        let provider = options.device.provider();
        let (name, index, execution_provider) = match options.device {
            Device::Cpu => (AllocationDevice::CPU, 0, "CPUExecutionProvider"),
            Device::Cuda { index } => (AllocationDevice::CUDA, index, "CUDAExecutionProvider"),
        };
        let failed = |Failure(detail)| ModelError::Provider { provider, detail };
        let elsewhere = placement::misplaced(&session, execution_provider).map_err(failed)?;
        if !elsewhere.is_empty() {
            return Err(failed(Failure(format!(
                "it cannot run {} of this graph, and the CPU would: export the model for this device and precision",
                elsewhere.join(", ")
            ))));
        }
        let place = || -> Result<_, Failure> {
            let device = MemoryInfo::new(name, index, AllocatorType::Device, MemoryType::Default)?;
            Ok((DeviceMemory::new(&session, device)?, Interrupt::new()?))
        };
        let (memory, interrupt) = place().map_err(failed)?;
        let (inputs, outputs) = (session.inputs().iter().map(Io::of).collect(), session.outputs().iter().map(Io::of).collect());
        Ok(Session { session, inputs, outputs, memory, interrupt, busy: Duration::ZERO })
    }

    pub(crate) fn input(&self, name: &str) -> Option<&Io> {
        self.inputs.iter().find(|io| io.name == name)
    }

    pub(crate) fn output(&self, name: &str) -> Option<&Io> {
        self.outputs.iter().find(|io| io.name == name)
    }

    /// The session's device, to allocate there.
    pub(crate) fn memory(&self) -> &Arc<DeviceMemory> {
        &self.memory
    }

    /// The session's device.
    pub(crate) fn device(&self) -> &MemoryInfo<'static> {
        self.memory.info()
    }

    /// Runs the graph on what is bound.
    pub(crate) fn run(&mut self, binding: &Binding) -> Result<(), Failure> {
        let start = Instant::now();
        // SAFETY: the pointers are to live objects, and `&mut self` keeps other runs of this session away. The memory behind the
        // binding lives: its views hold their buffers, and host tensors are owned beside it by the caller.
        let result =
            check(unsafe { (ort::api().RunWithBinding)(self.session.ptr().cast_mut(), self.interrupt.run.ptr(), binding.io.ptr()) });
        self.busy += start.elapsed();
        result
    }

    /// To end a run from another thread.
    pub(crate) fn interrupt(&self) -> Interrupt {
        self.interrupt.clone()
    }

    /// Time spent inside [`Session::run`] so far.
    pub(crate) fn busy(&self) -> Duration {
        self.busy
    }
}

/// Settings of a session. A provider that does not work is an error.
fn builder(environment: &Environment, options: &SessionOptions) -> Result<SessionBuilder, ModelError> {
    let configure = || -> Result<SessionBuilder, Failure> {
        Ok(ort::session::Session::builder(environment)?
            .with_optimization_level(GraphOptimizationLevel::All)?
            .with_intra_threads(options.threads)?
            .with_inter_threads(1)?
            .with_config_entry("session.intra_op.spin_duration_us", SPIN_MICROSECONDS)?
            .with_config_entry(placement::RECORDED, "1")?
            // Patterns are planned per input shape, and shapes change all the time here.
            .with_memory_pattern(false)?)
    };
    let builder = configure().map_err(|Failure(detail)| ModelError::Runtime { detail })?;
    let Device::Cuda { index } = options.device else { return Ok(builder) };
    let cuda = ep::CUDA::default().with_device_id(index).build().error_on_failure();
    builder.with_execution_providers([cuda]).map_err(|error| ModelError::Provider {
        provider: "CUDA",
        detail: format!("{error}; it needs the library of the package onnxruntime-gpu, its providers beside it, and CUDA"),
    })
}

impl Io {
    fn of(outlet: &Outlet) -> Self {
        let (element, dims) = match outlet.dtype() {
            ValueType::Tensor { ty, shape, .. } => (Some(*ty), shape.iter().map(|&dim| usize::try_from(dim).ok()).collect()),
            _ => (None, Vec::new()),
        };
        Io { name: outlet.name().to_owned(), element, dims }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{folder, library};

    /// What runs on the CPU is found to, whatever the layout and precision; so it would be where a GPU was asked for.
    #[test]
    fn operators_left_to_another_provider_are_found() {
        let options = SessionOptions { library: Some(library()), device: Device::Cpu, threads: 1 };
        for (model, operators) in [
            ("llama-prove", &["GroupQueryAttention", "MatMul"][..]),
            ("llama-int4", &["GroupQueryAttention", "MatMulNBits"]),
            ("qwen2-genai", &["GroupQueryAttention", "MatMul"]),
            ("deepseek_v3-optimum", &["MatMul"]),
        ] {
            let Session { session, .. } = Session::open(&folder(model).join("model.onnx"), &options).expect("a graph for the CPU");
            let elsewhere = placement::misplaced(&session, "CUDAExecutionProvider").expect("a recorded assignment");
            assert!(operators.iter().all(|&operator| elsewhere.iter().any(|found| found == operator)), "{model}: {elsewhere:?}");
        }
    }
}
