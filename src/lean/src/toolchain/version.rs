//! Lean's version numbers, as `lean --version` prints them and `lean-toolchain` names them.

use std::fmt;

/// `4.28.0`, `4.28.0-pre`, `4.28.0-rc1`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeanVersion {
    /// Major, minor and patch number.
    pub release: (u32, u32, u32),
    /// What follows the hyphen.
    pub pre: Option<String>,
}

impl LeanVersion {
    /// Parses `4.28.0` and its like, with or without a leading `v`.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.strip_prefix('v').unwrap_or(text);
        let (numbers, pre) = match text.split_once('-') {
            Some((numbers, pre)) => (numbers, Some(pre)),
            None => (text, None),
        };
        let mut numbers = numbers.split('.').map(|number| number.parse().ok());
        let release = (numbers.next()??, numbers.next()??, numbers.next()??);
        let fits = |pre: &str| !pre.is_empty() && pre.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte));
        (numbers.next().is_none() && pre.is_none_or(fits)).then(|| LeanVersion { release, pre: pre.map(str::to_owned) })
    }

    /// Finds the version in the output of `lean --version`: `Lean (version 4.28.0, x86_64-unknown-linux-gnu, commit …, Release)`.
    pub fn in_output(output: &str) -> Option<Self> {
        let (_, rest) = output.split_once("Lean (version ")?;
        LeanVersion::parse(rest.split([',', ')']).next()?.trim())
    }

    /// The version that a toolchain's name fixes: `leanprover/lean4:v4.28.0` does, `stable` does not.
    pub fn of_toolchain(name: &str) -> Option<Self> {
        LeanVersion::parse(name.rsplit(':').next()?)
    }
}

impl fmt::Display for LeanVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (major, minor, patch) = self.release;
        write!(f, "{major}.{minor}.{patch}")?;
        self.pre.iter().try_for_each(|pre| write!(f, "-{pre}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(version: Option<LeanVersion>) -> Option<String> {
        version.map(|version| version.to_string())
    }

    #[test]
    fn versions_are_found_in_what_lean_prints() {
        let release = "Lean (version 4.28.0, x86_64-unknown-linux-gnu, commit 7d4b7a0, Release)\n";
        assert_eq!(text(LeanVersion::in_output(release)).as_deref(), Some("4.28.0"));
        let old = "Lean (version 4.0.0-nightly-2023-06-27, commit bb8cc08de85f, Release)";
        assert_eq!(text(LeanVersion::in_output(old)).as_deref(), Some("4.0.0-nightly-2023-06-27"));
        for output in ["", "Lean (version ", "Lean (version four)", "Lean (version 3.51, commit x)", "error: no default toolchain"] {
            assert_eq!(LeanVersion::in_output(output), None, "{output}");
        }
    }

    #[test]
    fn toolchain_names_fix_a_version_or_do_not() {
        assert_eq!(text(LeanVersion::of_toolchain("leanprover/lean4:v4.28.0-rc1")).as_deref(), Some("4.28.0-rc1"));
        assert_eq!(text(LeanVersion::of_toolchain("4.9.1")).as_deref(), Some("4.9.1"));
        assert_eq!(LeanVersion::of_toolchain("leanprover/lean4:nightly-2025-03-19"), None);
        assert_eq!(LeanVersion::of_toolchain("stable"), None);
    }
}
