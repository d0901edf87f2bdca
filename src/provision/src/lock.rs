//! One process at a time works on a folder.

use crate::{Event, Observer, ProvisionError, disk};
use std::{
    fs::{File, TryLockError},
    path::Path,
};

/// An advisory lock, held until dropped or until the process ends, however it ends.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock at `path`, telling the observer if another process has to be waited for. The file stays behind: removing a lock
    /// file that a third process is about to take would let two in.
    pub(crate) fn take(path: &Path, observer: &dyn Observer) -> Result<Self, ProvisionError> {
        if let Some(parent) = path.parent() {
            disk::create_dir(parent)?;
        }
        let file = File::options().create(true).truncate(false).write(true).open(path).map_err(ProvisionError::at(path))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                observer.event(Event::Waiting { lock: path });
                file.lock().map_err(ProvisionError::at(path))?;
            }
            Err(TryLockError::Error(error)) => return Err(ProvisionError::at(path)(error)),
        }
        Ok(Lock { _file: file })
    }
}
