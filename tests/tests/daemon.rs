//! `--daemon`: other commands have their work done by a running `prove serve`. The clients here cannot start a Lean, so that what they prove is
//! the daemon's; those that are to fall back can.

use prove_tests::daemon;
use serde_json::Value;
use std::{
    fs,
    io::{BufRead, BufReader, Read},
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    time::Duration,
};

const PROVE: &str = env!("CARGO_BIN_EXE_prove-tested");
const NO_LEAN: &str = "/nonexistent/lean";

/// A running daemon with one worker and no model.
struct Daemon {
    process: daemon::Daemon,
    /// Holds its token and what it has to work on.
    folder: tempfile::TempDir,
}

impl Daemon {
    fn start(arguments: &[&str]) -> Daemon {
        let folder = tempfile::tempdir().expect("a folder");
        Daemon { process: Daemon::start_in(folder.path(), arguments), folder }
    }

    fn start_in(folder: &Path, arguments: &[&str]) -> daemon::Daemon {
        daemon::Daemon::start(PROVE, folder, |it| it.args(["--model", "none", "--workers", "1"]).args(arguments))
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, text).expect("written");
        path
    }

    /// `prove COMMAND --daemon=… --json FILE`.
    fn client(&self, command: &str, file: &Path, arguments: &[&str]) -> Command {
        let mut client = Command::new(PROVE);
        client.arg(command).arg(self.option()).args(["--json"]).args(arguments).arg(file);
        if command == "solve" {
            client.args(["--model", "none"]);
        }
        client.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        client
    }

    fn option(&self) -> String {
        format!("--daemon={}", self.folder.path().join("token").display())
    }
}

/// The verdict lines and what was said on standard error.
fn told(output: &Output) -> (Vec<Value>, String) {
    let lines = String::from_utf8_lossy(&output.stdout).lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    (lines, String::from_utf8_lossy(&output.stderr).into_owned())
}

/// Name, verdict, and whether the daemon came to it.
fn verdict(line: &Value) -> (&str, &str, bool) {
    (line["name"].as_str().expect("a name"), line["verdict"].as_str().expect("a verdict"), line["daemon"] == true)
}

const EASY: &str = "theorem a (p q : Prop) (h : p ∧ q) : q ∧ p := by\n  sorry\n\ntheorem b (n : Nat) : n < n + 1 := by sorry\n";

#[test]
fn two_clients_at_once_have_sorries_filled_and_files_judged() {
    let daemon = Daemon::start(&[]);
    let (first, second) = (daemon.file("First.lean", EASY), daemon.file("Second.lean", EASY));
    let solve = |file: &Path| daemon.client("solve", file, &["--in-place"]).env("PROVE_LEAN_EXE", NO_LEAN).spawn().expect("prove starts");
    let clients = [solve(&first), solve(&second)];
    for client in clients {
        let output = client.wait_with_output().expect("it ends");
        let (lines, said) = told(&output);
        assert_eq!(lines.iter().map(verdict).collect::<Vec<_>>(), [("a", "proved", true), ("b", "proved", true)], "{said}");
        assert_eq!((output.status.code(), said.as_str()), (Some(0), ""));
    }
    let text = fs::read_to_string(&first).expect("it is there");
    assert!(!text.contains("sorry"), "{text}");

    let statements = daemon.file("Statements.lean", EASY);
    let against = ["--against", statements.to_str().expect("UTF-8")];
    let check = |file: &Path, arguments: &[&str]| {
        told(&daemon.client("check", file, arguments).env("PROVE_LEAN_EXE", NO_LEAN).output().expect("prove runs"))
    };
    let (lines, said) = check(&first, &against);
    assert_eq!(lines.iter().map(verdict).collect::<Vec<_>>(), [("a", "proved", true), ("b", "proved", true)], "{said}");
    let cheat = daemon.file("Cheat.lean", "axiom x : False\ntheorem b (n : Nat) : n < n + 1 := x.elim\n");
    let (lines, said) = check(&cheat, &[]);
    assert_eq!(lines.iter().map(verdict).collect::<Vec<_>>(), [("b", "rejected", true)], "{said}");
    assert_eq!((&lines[0]["kind"], &lines[0]["file"]), (&"axiom".into(), &cheat.display().to_string().into()));
}

#[test]
fn a_daemon_killed_in_the_middle_loses_nothing() {
    let mut daemon = Daemon::start(&[]);
    let hard =
        "theorem a : 1 + 1 = 2 := by sorry\n\ntheorem b (f : Nat → Nat) (h : ∀ n, f (n + 1) > f (f n)) : ∀ n, f n = n := by\n  sorry\n";
    let file = daemon.file("Two.lean", hard);
    let mut client = daemon.client("solve", &file, &["--in-place", "--timeout", "10"]).spawn().expect("prove starts");
    let mut lines = BufReader::new(client.stdout.take().expect("piped")).lines().map(|line| line.expect("UTF-8"));
    let first: Value = serde_json::from_str(&lines.next().expect("a line")).expect("JSON");
    // Into the middle of the second search.
    std::thread::sleep(Duration::from_secs(2));
    daemon.process.child.kill().expect("it runs");
    let second: Value = serde_json::from_str(&lines.next().expect("a line")).expect("JSON");
    let mut said = String::new();
    client.stderr.take().expect("piped").read_to_string(&mut said).expect("UTF-8");
    assert_eq!((verdict(&first), &second["daemon"]), (("a", "proved", true), &Value::Null), "{second} {said}");
    assert!(second["cost"]["checks"].as_u64() > Some(0) && said.starts_with("the daemon is not used: it broke off"), "{second} {said}");
    assert_eq!(client.wait().expect("it ends").code(), Some(1));
    let text = fs::read_to_string(&file).expect("it is there");
    assert_eq!(text.matches("sorry").count(), 1, "{text}");

    // The dead daemon's socket is in nobody's way.
    assert!(daemon.folder.path().join("token.socket").exists());
    daemon.process.child.wait().expect("it ends");
    daemon.process = Daemon::start_in(daemon.folder.path(), &[]);
    let solved = daemon.client("solve", &daemon.file("Again.lean", EASY), &[]).env("PROVE_LEAN_EXE", NO_LEAN).output().expect("prove runs");
    assert_eq!(solved.status.code(), Some(0), "{}", String::from_utf8_lossy(&solved.stderr));
    // One that is told to end takes its socket along.
    assert!(Command::new("kill").arg(daemon.process.child.id().to_string()).status().expect("kill runs").success());
    daemon.process.child.wait().expect("it ends");
    assert!(!daemon.folder.path().join("token.socket").exists());
}

#[test]
fn a_daemon_that_does_not_fit_is_not_used_and_that_is_said() {
    let daemon = Daemon::start(&["--timeout", "50"]);
    let file = daemon.file("One.lean", "theorem a : 1 + 1 = 2 := by sorry\n");
    let solve = |arguments: &[&str]| {
        let (lines, said) = told(&daemon.client("solve", &file, arguments).output().expect("prove runs"));
        assert_eq!(lines.iter().map(verdict).collect::<Vec<_>>(), [("a", "proved", false)], "{said}");
        said
    };
    let said = solve(&["--timeout", "100"]);
    assert!(said.contains("it gives a search 50 s at most"), "{said}");
    // Whoever changes the token after the daemon has read it sends a wrong one.
    let token = daemon.folder.path().join("token");
    let kept = fs::read_to_string(&token).expect("it is there");
    fs::write(&token, "0".repeat(64)).expect("written");
    let said = solve(&["--timeout", "50"]);
    assert!(said.contains("401") && said.contains("Bearer TOKEN"), "{said}");
    fs::write(&token, kept).expect("written");
    let other = daemon.folder.path().join("other");
    let nobody = Command::new(PROVE)
        .args(["solve", "--model", "none", "--timeout", "50", &format!("--daemon={}", other.display())])
        .arg(&file)
        .output()
        .expect("prove runs");
    let said = String::from_utf8_lossy(&nobody.stderr).into_owned();
    assert!(nobody.status.code() == Some(0) && said.contains("`prove serve` starts one"), "{said}");
}
