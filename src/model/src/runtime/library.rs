//! Loading the shared library.

use crate::ModelError;
use ort::{environment::Environment, logging::LogLevel};
use std::{
    path::{Path, PathBuf},
    sync::Mutex,
};

/// The variable that names the shared library of ONNX Runtime.
pub const LIBRARY_VARIABLE: &str = "PROVE_ONNXRUNTIME";

/// The process's environment. ONNX Runtime allows one, and a loaded library stays loaded.
static ENVIRONMENT: Mutex<Option<(PathBuf, Environment)>> = Mutex::new(None);

/// The environment over the library at `path`, else at the place that [`LIBRARY_VARIABLE`] names.
pub(super) fn environment(path: Option<&Path>) -> Result<Environment, ModelError> {
    let failed = |detail: String| ModelError::Runtime { detail };
    let path = match path {
        Some(path) => path.to_owned(),
        None => std::env::var_os(LIBRARY_VARIABLE).filter(|value| !value.is_empty()).map(PathBuf::from).ok_or_else(|| {
            failed(format!("no library was given: run `prove setup --onnxruntime`, or set {LIBRARY_VARIABLE} to a libonnxruntime.so"))
        })?,
    };
    // `ort` takes a relative path for one beside the executable.
    let path = path.canonicalize().map_err(|error| {
        failed(format!(
            "cannot open {}: {error}; run `prove setup --onnxruntime`, or set {LIBRARY_VARIABLE} to a libonnxruntime.so",
            path.display()
        ))
    })?;
    let mut current = ENVIRONMENT.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    match &*current {
        Some((loaded, environment)) if *loaded == path => return Ok(environment.clone()),
        Some((loaded, _)) => {
            return Err(failed(format!("{} is loaded already, and {} cannot be loaded beside it", loaded.display(), path.display())));
        }
        None => {}
    }
    let builder = ort::init_from(&path).map_err(|error| failed(format!("{error}; a library of version 1.24 or newer is needed")))?;
    let environment = builder.with_name("prove").with_telemetry(false).build().map_err(|error| failed(error.to_string()))?;
    // Failures come back as errors; the log, which goes to standard error, repeats them.
    environment.set_log_level(LogLevel::Fatal);
    *current = Some((path, environment.clone()));
    Ok(environment)
}
