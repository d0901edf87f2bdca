//! The order in which a native Lean is looked for.

use super::{NativeLean, Project, ToolchainError, elan};
use std::{
    env,
    ffi::OsString,
    path::{Path, PathBuf},
};

/// Where to look.
#[derive(Clone, Debug, Default)]
pub struct Request<'a> {
    /// The Lake project that the user named.
    pub lean_project: Option<&'a Path>,
    /// The file to work on.
    pub file: Option<&'a Path>,
    /// Of the process.
    pub environment: Environment,
}

/// What discovery reads of the process's environment.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    /// `PATH`.
    pub path: OsString,
    /// elan's folder.
    pub elan_home: Option<PathBuf>,
}

impl Environment {
    /// Of this process.
    pub fn of_process() -> Self {
        let elan_home = env::var_os("ELAN_HOME").map(PathBuf::from).or_else(|| Some(env::home_dir()?.join(".elan")));
        Environment { path: env::var_os("PATH").unwrap_or_default(), elan_home }
    }

    /// The program of this name on `PATH`.
    pub fn find(&self, program: &str) -> Option<PathBuf> {
        env::split_paths(&self.path).filter(|folder| folder.is_absolute()).map(|folder| folder.join(program)).find(|path| path.is_file())
    }
}

/// What was found.
#[derive(Debug, Default)]
pub struct Discovered {
    /// The native Lean to use. Without one the embedded Lean is used.
    pub native: Option<NativeLean>,
    /// What was looked at before and could not be used.
    pub passed_over: Vec<ToolchainError>,
}

/// Looks for a native Lean: the project named by the user, the project around the file, `lean` on `PATH`. It is an error if the first
/// cannot be used. Runs `lean` and `lake`, but nothing that would download.
pub fn discover(request: &Request<'_>) -> Result<Discovered, ToolchainError> {
    let environment = &request.environment;
    if let Some(root) = request.lean_project {
        let native = NativeLean::of_project(environment, Project::at(root)?)?;
        return Ok(Discovered { native: Some(native), passed_over: Vec::new() });
    }
    let mut passed_over = Vec::new();
    let project = request.file.and_then(Project::around);
    let in_project = project.is_some();
    if let Some(project) = project {
        match NativeLean::of_project(environment, project) {
            Ok(native) => return Ok(Discovered { native: Some(native), passed_over }),
            Err(error) => passed_over.push(error),
        }
    }
    // Inside a project whose Lean cannot be used, elan's proxy would stand for that same Lean.
    if let Some(lean) = environment.find("lean").filter(|lean| !(in_project && elan::is_proxy(lean))) {
        let folder = request.file.and_then(Path::parent).filter(|folder| folder.is_dir()).unwrap_or(Path::new("."));
        match NativeLean::alone(&lean, folder) {
            Ok(native) => return Ok(Discovered { native: Some(native), passed_over }),
            Err(error) => passed_over.push(error),
        }
    }
    Ok(Discovered { native: None, passed_over })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::toolchain::{EmbeddedLean, LeanVersion, Toolchain};
    use std::{fs, os::unix::fs::PermissionsExt};

    /// A machine: a home of elan, a `bin` on `PATH`, and a project.
    struct Machine {
        folder: tempfile::TempDir,
        environment: Environment,
    }

    impl Machine {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            for name in ["bin", "elan", "project/sub", "elsewhere"] {
                fs::create_dir_all(folder.path().join(name)).unwrap();
            }
            fs::write(folder.path().join("project/lakefile.toml"), "name = \"p\"\n").unwrap();
            fs::write(folder.path().join("project/lean-toolchain"), "leanprover/lean4:v4.28.0\n").unwrap();
            let environment = Environment { path: folder.path().join("bin").into(), elan_home: Some(folder.path().join("elan")) };
            Machine { folder, environment }
        }

        fn path(&self, name: &str) -> PathBuf {
            self.folder.path().join(name)
        }

        fn script(&self, name: &str, script: &str) {
            let (path, draft) = (self.path(name), self.path(&format!("{name}.draft")));
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&draft, format!("#!/bin/sh\n{script}\n")).unwrap();
            fs::set_permissions(&draft, fs::Permissions::from_mode(0o755)).unwrap();
            fs::rename(draft, path).unwrap();
        }

        /// `lean` and `lake` of a version in a toolchain's folder.
        fn toolchain(&self, folder: &str, version: &str) {
            let root = self.path(folder);
            let lean = format!(
                "case $1 in --version) echo 'Lean (version {version}, x86_64, commit 0, Release)';; --print-prefix) echo {};; esac",
                root.display()
            );
            self.script(&format!("{folder}/bin/lean"), &lean);
            self.script(&format!("{folder}/bin/lake"), r#"echo LEAN_PATH=$PWD/.lake/build/lib/lean; echo OTHER=1"#);
        }

        fn discover(&self, lean_project: Option<&str>, file: Option<&str>) -> Result<Discovered, ToolchainError> {
            let (lean_project, file) = (lean_project.map(|name| self.path(name)), file.map(|name| self.path(name)));
            discover(&Request { lean_project: lean_project.as_deref(), file: file.as_deref(), environment: self.environment.clone() })
        }
    }

    #[test]
    fn nothing_is_found_on_a_bare_machine() {
        let found = Machine::new().discover(None, Some("elsewhere/A.lean")).unwrap();
        assert!(found.native.is_none() && found.passed_over.is_empty());
    }

    #[test]
    fn the_project_around_the_file_is_run_in_its_own_environment() {
        let machine = Machine::new();
        machine.toolchain("elan/toolchains/leanprover--lean4---v4.28.0", "4.28.0");
        machine.toolchain("bin/..", "9.9.9");
        machine.script("bin/elan", "");
        fs::create_dir_all(machine.path("project/.lake/build/lib/lean/Mathlib")).unwrap();
        fs::write(machine.path("project/.lake/build/lib/lean/Mathlib.olean"), "").unwrap();
        let native = machine.discover(None, Some("project/sub/A.lean")).unwrap().native.unwrap();
        assert_eq!(native.program, machine.path("elan/toolchains/leanprover--lean4---v4.28.0/bin/lean"));
        assert_eq!(native.version.to_string(), "4.28.0");
        let toolchain = Toolchain::Native(native);
        let command = toolchain.lean();
        assert_eq!(command.cwd, Some(machine.path("project")));
        let path = machine.path("project/.lake/build/lib/lean");
        assert_eq!(command.env, [("LEAN_PATH".into(), path.into_os_string())]);
        assert!(toolchain.has_module("Mathlib") && !toolchain.has_module("Mathlib.Order.Basic"));
        // and for a file outside it, the Lean on PATH
        let native = machine.discover(None, Some("elsewhere/A.lean")).unwrap().native.unwrap();
        assert_eq!((native.version.to_string(), native.project), ("9.9.9".to_owned(), None));
    }

    #[test]
    fn a_project_that_cannot_be_used_is_an_error_if_named_and_a_note_if_not() {
        let machine = Machine::new();
        let note = |file: &str| machine.discover(None, Some(file)).unwrap().passed_over.remove(0);
        assert!(matches!(machine.discover(Some("elsewhere"), None), Err(ToolchainError::NotAProject { .. })));
        assert!(matches!(machine.discover(Some("project"), None), Err(ToolchainError::NoLake { .. })));
        assert!(matches!(note("project/A.lean"), ToolchainError::NoLake { .. }));

        machine.toolchain("bin/..", "4.27.0");
        assert!(matches!(note("project/A.lean"), ToolchainError::WrongVersion { .. }));
        machine.script("bin/elan", "");
        assert!(matches!(note("project/A.lean"), ToolchainError::NotInstalled { .. }));
        assert!(machine.discover(None, Some("project/A.lean")).unwrap().native.is_none());
    }

    #[test]
    fn a_project_without_its_dependencies_is_not_given_to_lake() {
        let machine = Machine::new();
        machine.toolchain("bin/..", "4.28.0");
        machine.script("bin/lake", "touch ran");
        let refused = |package: &str| match machine.discover(Some("project"), None) {
            Err(ToolchainError::NotBuilt { package: found, .. }) => assert_eq!(found, package),
            other => panic!("{other:?}"),
        };
        fs::write(machine.path("project/lakefile.toml"), "[[require]]\nname = \"mathlib\"\n").unwrap();
        refused("list (lake-manifest.json)");
        let manifest = r#"{"packagesDir": ".lake/packages", "packages": [{"name": "mathlib", "type": "git"}]}"#;
        fs::write(machine.path("project/lake-manifest.json"), manifest).unwrap();
        refused("mathlib");
        assert!(!machine.path("project/ran").exists());
        fs::create_dir_all(machine.path("project/.lake/packages/mathlib")).unwrap();
        machine.discover(Some("project"), None).unwrap();
        assert!(machine.path("project/ran").exists());
    }

    #[test]
    fn a_lean_that_answers_nonsense_is_passed_over() {
        let machine = Machine::new();
        machine.script("bin/lean", "echo hello");
        let found = machine.discover(None, None).unwrap();
        assert!(found.native.is_none());
        assert!(matches!(found.passed_over[..], [ToolchainError::Probe { .. }]));
    }

    #[test]
    fn the_embedded_lean_is_given_its_files_by_its_host() {
        let embedded = EmbeddedLean {
            host: "/bin/prove".into(),
            image: "/cache/image".into(),
            library: "/cache/lib".into(),
            version: LeanVersion::parse("4.28.0-pre").unwrap(),
        };
        let toolchain = Toolchain::Embedded(embedded);
        assert_eq!(toolchain.lean().arg("--worker").to_string(), "/bin/prove lean --image /cache/image --library /cache/lib -- --worker");
        let compile = toolchain.compile(Path::new("/tmp/x/Candidate.lean"), Path::new("/tmp/x/out.olean")).to_string();
        let (host, lean) = compile.split_once(" -- ").unwrap();
        assert!(host.contains("--input /work/Candidate.lean=/tmp/x/Candidate.lean"), "{host}");
        for part in ["", ".private", ".server"] {
            assert!(host.contains(&format!("--output /work/Candidate.olean{part}=/tmp/x/out.olean{part}")), "{host}");
        }
        assert_eq!(lean, "-R /work -o /work/Candidate.olean /work/Candidate.lean");
    }
}
