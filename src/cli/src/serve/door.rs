//! The daemon's second door: a socket in the file system, by which this program's other commands find it ([`crate::daemon`]).
//!
//! It is beside the token's file. Only its owner may connect, and the system tells a client whose process is behind it, which no port of the
//! loopback does.

use std::{
    fs::{self, Permissions},
    io,
    os::unix::{
        fs::{MetadataExt, PermissionsExt},
        net::UnixStream,
    },
    path::{Path, PathBuf},
};
use tokio::net::UnixListener;

/// The socket of the daemon with this token.
pub(crate) fn socket(token_file: &Path) -> PathBuf {
    let mut path = token_file.as_os_str().to_owned();
    path.push(".socket");
    path.into()
}

/// A socket that is there as long as this.
pub(super) struct Door {
    path: PathBuf,
    inode: u64,
}

impl Door {
    /// Opens one at `path`, where none or that of a dead daemon is. Needs a runtime.
    pub(super) fn open(path: &Path) -> io::Result<(UnixListener, Door)> {
        if UnixStream::connect(path).is_ok() {
            return Err(io::Error::new(io::ErrorKind::AddrInUse, "another daemon has it"));
        }
        // It gets its rights before it gets its name.
        let mut unnamed = path.as_os_str().to_owned();
        unnamed.push(format!("-{}", std::process::id()));
        let unnamed = PathBuf::from(unnamed);
        let opened = || {
            let listener = UnixListener::bind(&unnamed)?;
            fs::set_permissions(&unnamed, Permissions::from_mode(0o600))?;
            let inode = fs::metadata(&unnamed)?.ino();
            fs::rename(&unnamed, path)?;
            Ok((listener, Door { path: path.to_owned(), inode }))
        };
        opened().inspect_err(|_| drop(fs::remove_file(&unnamed)))
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        // Another daemon's may have taken its place.
        if fs::metadata(&self.path).is_ok_and(|there| there.ino() == self.inode) {
            let _ = fs::remove_file(&self.path);
        }
    }
}
