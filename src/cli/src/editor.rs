//! `prove editor`: makes VS Code ready for `prove`, and takes that back.
//!
//! Two things are done: the extension is installed by VS Code's own command line, and the user's settings say where this program is. Nothing is
//! put in front of Lean's server. The Lean 4 extension runs as many servers as there are projects open and asks each of its programs for
//! versions and builds; and a server's commands exist once in an editor. So beside it our extension has a server of its own, for the actions
//! only (`prove lsp --actions-only`), and what the Lean 4 extension does it does as ever.

use crate::{files::replace, output::InputError};
use anyhow::Context;
use jsonc_parser::{ParseOptions, cst::CstRootNode};
use prove_core::ExitCode;
use std::{
    ffi::OsStr,
    io::{ErrorKind, Write, stdout},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// The extension's name: publisher and name of its manifest.
const EXTENSION: &str = "prove.prove";
/// The setting with this program's path.
const PATH_KEY: &str = "prove.path";
/// The commands of VS Code and its like, and the folders of their settings.
const EDITORS: [(&str, &str); 5] =
    [("code", "Code"), ("code-insiders", "Code - Insiders"), ("codium", "VSCodium"), ("cursor", "Cursor"), ("windsurf", "Windsurf")];

/// What `prove editor` does.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum EditorCommand {
    /// Install the VS Code extension and tell it where this program is.
    Setup(SetupArgs),
    /// Take back what `prove editor setup` did.
    Undo(PlaceArgs),
}

/// Arguments of `prove editor setup`.
#[derive(Debug, clap::Args)]
pub(crate) struct SetupArgs {
    /// The packaged extension: `npm ci && npm run package` in editors/vscode writes it.
    #[arg(long, value_name = "FILE", default_value = "editors/vscode/prove.vsix")]
    vsix: PathBuf,
    #[command(flatten)]
    place: PlaceArgs,
}

/// Which editor.
#[derive(Debug, clap::Args)]
pub(crate) struct PlaceArgs {
    /// The editor's command; by default the first on PATH of code, code-insiders, codium, cursor and windsurf.
    #[arg(long, value_name = "PROGRAM")]
    code: Option<PathBuf>,
    /// The user's settings of an editor that prove does not know.
    #[arg(long, value_name = "FILE")]
    settings: Option<PathBuf>,
}

/// Runs `prove editor`.
pub(crate) fn run(command: EditorCommand) -> anyhow::Result<ExitCode> {
    match command {
        EditorCommand::Setup(SetupArgs { vsix, place }) => {
            if !vsix.is_file() {
                let remedy = "run `npm ci && npm run package` in editors/vscode, and name the file that it writes with --vsix";
                return Err(InputError::new(format!("{}: there is no packaged extension", vsix.display()), remedy).into());
            }
            let editor = Editor::find(&place)?;
            let here = std::env::current_exe()?;
            let here = here.to_str().ok_or_else(|| InputError::plain(format!("{}: not UTF-8", here.display())))?;
            // The settings first: they can be refused, and then nothing has been done.
            let old = editor.settings_text()?;
            let new = with_path(&old, Some(here)).map_err(|error| editor.broken(&error))?;
            editor.run([OsStr::new("--install-extension"), vsix.as_os_str(), OsStr::new("--force")])?;
            editor.write(&old, &new)?;
            writeln!(stdout(), "{EXTENSION} is installed, and {PATH_KEY} in {} is {here}", editor.settings.display())?;
        }
        EditorCommand::Undo(place) => {
            let editor = Editor::find(&place)?;
            let old = editor.settings_text()?;
            let new = with_path(&old, None).map_err(|error| editor.broken(&error))?;
            editor.write(&old, &new)?;
            editor.run(["--uninstall-extension", EXTENSION].map(OsStr::new))?;
            writeln!(stdout(), "{EXTENSION} is uninstalled, and {PATH_KEY} is out of {}", editor.settings.display())?;
        }
    }
    Ok(ExitCode::Proved)
}

/// An editor of the VS Code family.
struct Editor {
    program: PathBuf,
    settings: PathBuf,
}

impl Editor {
    fn find(place: &PlaceArgs) -> anyhow::Result<Editor> {
        let on_path = || {
            let path = std::env::var_os("PATH").unwrap_or_default();
            let find = |name: &str| std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file());
            EDITORS.iter().find_map(|(name, _)| find(name))
        };
        let program = place.code.clone().or_else(on_path).ok_or_else(|| {
            InputError::new(
                "VS Code's command line is not on PATH",
                "name it with --code; VS Code itself has \"Shell Command: Install 'code' command in PATH\"",
            )
        })?;
        let name = program.file_stem().and_then(OsStr::to_str).unwrap_or_default();
        let folder = EDITORS.iter().find(|(known, _)| *known == name).map(|(_, folder)| *folder);
        // On every system VS Code keeps its settings where this names the place.
        let settings = place.settings.clone().or_else(|| Some(dirs::config_dir()?.join(folder?).join("User/settings.json")));
        let settings = settings.ok_or_else(|| {
            InputError::new(
                format!("{}: prove does not know where this editor has its settings", program.display()),
                "name the file with --settings",
            )
        })?;
        Ok(Editor { program, settings })
    }

    /// The settings as they are; nothing where there is no file.
    fn settings_text(&self) -> anyhow::Result<String> {
        match std::fs::read_to_string(&self.settings) {
            Ok(text) => Ok(text),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(String::new()),
            Err(error) => Err(InputError::plain(format!("{}: {error}", self.settings.display())).into()),
        }
    }

    fn broken(&self, error: &str) -> anyhow::Error {
        InputError::new(format!("{}: {error}", self.settings.display()), "repair the file first; nothing has been changed").into()
    }

    fn write(&self, old: &str, new: &str) -> anyhow::Result<()> {
        if old == new {
            return Ok(());
        }
        let shown = || self.settings.display().to_string();
        std::fs::create_dir_all(self.settings.parent().unwrap_or(Path::new("."))).with_context(shown)?;
        replace(&self.settings, |file| file.write_all(new.as_bytes())).with_context(shown)
    }

    /// Runs the editor's command line.
    fn run<'a>(&self, arguments: impl IntoIterator<Item = &'a OsStr>) -> anyhow::Result<()> {
        let output =
            Command::new(&self.program).args(arguments).stdin(Stdio::null()).output().map_err(|error| {
                InputError::new(format!("{}: {error}", self.program.display()), "name the editor's command with --code")
            })?;
        let said = String::from_utf8_lossy(&output.stderr);
        anyhow::ensure!(output.status.success(), "{}: {}: {}", self.program.display(), output.status, said.trim());
        Ok(())
    }
}

/// Settings with the program's path set, or taken out. Comments and everything else stay as they are.
fn with_path(settings: &str, path: Option<&str>) -> Result<String, String> {
    let root = CstRootNode::parse(settings, &ParseOptions::default()).map_err(|error| error.to_string())?;
    if root.value().is_none() && path.is_none() {
        return Ok(settings.to_owned());
    }
    let object = root.object_value_or_create().ok_or("it is no JSON object")?;
    match (object.get(PATH_KEY), path) {
        (Some(property), Some(path)) => property.set_value(path.into()),
        (Some(property), None) => property.remove(),
        (None, Some(path)) => drop(object.append(PATH_KEY, path.into())),
        (None, None) => {}
    }
    Ok(root.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_keep_their_comments_and_get_back_what_they_were() {
        for settings in ["{\n    // mine\n    \"editor.fontSize\": 14, // big\n    \"lean4.x\": [1,  2]\n}\n", "{}", "{\n    \"a\": 1\n}\n"]
        {
            let set = with_path(settings, Some("/bin/prove")).expect("an object");
            assert!(
                set.contains("\"prove.path\": \"/bin/prove\"")
                    && set.contains(settings.split('\n').nth(1).unwrap_or("{").trim_end_matches('}')),
                "{set}"
            );
            let moved = with_path(&set, Some("/opt/prove")).expect("an object");
            assert_eq!(moved, set.replace("/bin/", "/opt/"));
            let undone = with_path(&moved, None).expect("an object");
            assert_eq!(undone.split_whitespace().collect::<String>(), settings.split_whitespace().collect::<String>());
        }
    }

    #[test]
    fn settings_that_are_not_there_or_broken() {
        assert_eq!(with_path("", None), Ok(String::new()));
        assert_eq!(
            with_path("", Some("/p")).map(|text| text.split_whitespace().collect::<String>()),
            Ok("{\"prove.path\":\"/p\"}".to_owned())
        );
        assert!(with_path("{", Some("/p")).is_err() && with_path("[1]", Some("/p")).is_err());
    }
}
