//! What the editor said of itself in `initialize`.

use serde_json::Value;
use std::path::PathBuf;

/// What it can do.
#[derive(Clone, Copy, Debug)]
pub(super) struct Client {
    /// `workspace/applyEdit`.
    pub(super) applies_edits: bool,
    /// Edits that name the version they are for.
    pub(super) versioned_edits: bool,
    /// Progress that the server begins.
    pub(super) shows_progress: bool,
    /// Our own notification `$/prove/tree`.
    pub(super) shows_trees: bool,
}

impl Client {
    pub(super) fn new(params: &Value) -> Client {
        let has = |path: &str| params["capabilities"].pointer(path) == Some(&Value::Bool(true));
        Client {
            applies_edits: has("/workspace/applyEdit"),
            versioned_edits: has("/workspace/workspaceEdit/documentChanges"),
            shows_progress: has("/window/workDoneProgress"),
            shows_trees: has("/experimental/proveTree"),
        }
    }
}

/// The folder of the workspace.
pub(super) fn root(params: &Value) -> Option<PathBuf> {
    let folder = params["workspaceFolders"][0]["uri"].as_str().or(params["rootUri"].as_str());
    folder.and_then(path).or_else(|| params["rootPath"].as_str().map(PathBuf::from))
}

/// The path of a `file:` address.
pub(super) fn path(uri: &str) -> Option<PathBuf> {
    url::Url::parse(uri).ok()?.to_file_path().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_workspace_is_found_however_it_is_named() {
        let a = Some(PathBuf::from("/tmp/a b"));
        assert_eq!(root(&json!({"workspaceFolders": [{"uri": "file:///tmp/a%20b"}], "rootUri": "file:///x"})), a);
        assert_eq!(root(&json!({"workspaceFolders": null, "rootUri": "file:///tmp/a%20b"})), a);
        assert_eq!(root(&json!({"rootUri": null, "rootPath": "/tmp/a b"})), a);
        assert_eq!(root(&json!({"rootUri": "untitled:x"})), None);
    }
}
