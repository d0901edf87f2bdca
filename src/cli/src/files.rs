//! Files that are always whole: written beside their place and put there in one step.

use std::{
    io::{BufWriter, Write},
    path::Path,
};

/// Replaces a file by what `fill` writes. What there was keeps its rights.
pub(crate) fn replace(path: &Path, fill: impl FnOnce(&mut dyn Write) -> std::io::Result<()>) -> std::io::Result<()> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // The rights of a new file are those that the user's mask leaves.
    let rights = std::os::unix::fs::PermissionsExt::from_mode(0o666);
    let mut file = BufWriter::new(tempfile::Builder::new().permissions(rights).tempfile_in(folder)?);
    fill(&mut file)?;
    let file = file.into_inner().map_err(std::io::IntoInnerError::into_error)?;
    if let Ok(metadata) = std::fs::metadata(path) {
        file.as_file().set_permissions(metadata.permissions())?;
    }
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}
