//! What the machine has.

use serde::Serialize;
use std::{fmt, path::Path};

/// Processor, memory and disk.
#[derive(Debug, Serialize)]
pub(super) struct Machine {
    os: &'static str,
    arch: &'static str,
    cores: Option<usize>,
    memory_mb: Option<u64>,
    memory_available_mb: Option<u64>,
    /// Of the disk that the cache folder is on.
    disk_available_mb: Option<u64>,
}

impl Machine {
    pub(super) fn look(home: &Path) -> Self {
        let meminfo = std::fs::read_to_string("/proc/meminfo").unwrap_or_default();
        Machine {
            os: std::env::consts::OS,
            arch: std::env::consts::ARCH,
            cores: std::thread::available_parallelism().ok().map(usize::from),
            memory_mb: kilobytes(&meminfo, "MemTotal:").map(|kilobytes| kilobytes / 1000),
            memory_available_mb: kilobytes(&meminfo, "MemAvailable:").map(|kilobytes| kilobytes / 1000),
            disk_available_mb: prove_provision::available_space(home).map(|bytes| bytes / 1_000_000),
        }
    }
}

fn kilobytes(meminfo: &str, name: &str) -> Option<u64> {
    meminfo.lines().find_map(|line| line.strip_prefix(name))?.split_whitespace().next()?.parse().ok()
}

impl fmt::Display for Machine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = |value: Option<u64>| value.map_or_else(|| "?".to_owned(), |value| value.to_string());
        write!(
            f,
            "{} {}, {} cores, {} of {} MB memory free, {} MB disk free",
            self.os,
            self.arch,
            number(self.cores.map(|cores| cores as u64)),
            number(self.memory_available_mb),
            number(self.memory_mb),
            number(self.disk_available_mb),
        )
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn meminfo_is_read_by_name() {
        let text = "MemTotal:       24000000 kB\nMemFree: 1 kB\nMemAvailable:   nonsense\n";
        assert_eq!(super::kilobytes(text, "MemTotal:"), Some(24_000_000));
        assert_eq!(super::kilobytes(text, "MemAvailable:"), None);
        assert_eq!(super::kilobytes("", "MemTotal:"), None);
    }
}
