//! The prover model that comes with the program: part of its binary, laid out in the cache folder where ONNX Runtime can open it.
//!
//! What it is, how it was trained and what it can do is in `models/README.md`.

use anyhow::Context;
use prove_provision::Home;
use std::{
    fs, io,
    path::{Path, PathBuf},
};

macro_rules! files {
    ($($name:literal),+) => {
        [$(($name, include_bytes!(concat!("../../../models/prover/", $name)).as_slice())),+]
    };
}

const FILES: [(&str, &[u8]); 5] = files!["config.json", "generation_config.json", "model.onnx", "model.onnx.data", "tokenizer.json"];

/// The model's folder. Its name comes from what is in it, so a folder that is there is the right one.
pub(crate) fn folder(home: &Home) -> anyhow::Result<PathBuf> {
    let mut hasher = blake3::Hasher::new();
    for (name, bytes) in FILES {
        hasher.update(name.as_bytes()).update(&bytes.len().to_le_bytes()).update(bytes);
    }
    let models = home.root().join("models");
    let folder = models.join(&hasher.finalize().to_hex()[..16]);
    if !folder.is_dir() {
        lay_out(&models, &folder).with_context(|| format!("{}: the bundled model cannot be written", folder.display()))?;
    }
    Ok(folder)
}

/// Writes a folder beside its place and puts it there in one step. Who comes second finds it there.
fn lay_out(models: &Path, folder: &Path) -> io::Result<()> {
    fs::create_dir_all(models)?;
    let partial = tempfile::Builder::new().prefix("partial-").tempdir_in(models)?;
    for (name, bytes) in FILES {
        fs::write(partial.path().join(name), bytes)?;
    }
    match fs::rename(partial.path(), folder) {
        Err(_) if folder.is_dir() => Ok(()),
        renamed => renamed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_model_is_laid_out_once_and_whole() {
        let home = tempfile::tempdir().unwrap();
        let first = folder(&Home::at(home.path())).unwrap();
        assert_eq!(folder(&Home::at(home.path())).unwrap(), first);
        for (name, bytes) in FILES {
            assert_eq!(fs::read(first.join(name)).unwrap(), bytes, "{name}");
        }
        let all: Vec<_> = fs::read_dir(home.path().join("models")).unwrap().collect();
        assert_eq!(all.len(), 1, "{all:?}");
    }
}
