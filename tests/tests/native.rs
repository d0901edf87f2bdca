//! The native route: a Lake project, a `lean` and a `lake` on `PATH`, and Landlock around them. Where no native Lean can be had, `lean`
//! is a script that puts the embedded one behind the command line of a native one, so that everything but Lean itself is as it
//! will be: discovery, the project's search path, the confined session and judge, files read from the disk.

use prove_lean::sandbox;
use prove_tests::native;
use serde_json::Value;
use std::{
    fs,
    net::TcpListener,
    path::Path,
    process::{Command, Stdio},
};

const PROVE: &str = env!("CARGO_BIN_EXE_prove-tested");

/// Whether processes can be confined here; says so if not.
#[allow(clippy::print_stdout, reason = "a skipped test says so")]
fn can_confine() -> bool {
    let available = sandbox::available();
    if let Err(error) = &available {
        println!("skipped: {error}");
    }
    available.is_ok()
}

/// The standard output of a shell script run under confinement, or free.
fn shell(confined: bool, folder: &Path, script: &str) -> String {
    let mut command = match confined {
        true => Command::new(PROVE),
        false => Command::new("/bin/bash"),
    };
    if confined {
        command.args(["confine", "--write"]).arg(folder).args(["--", "/bin/bash"]);
    }
    let output = command.args(["-c", script]).current_dir(folder).stderr(Stdio::null()).output().expect("it starts");
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// The version of the running Linux.
fn linux() -> (u32, u32) {
    let release = fs::read_to_string("/proc/sys/kernel/osrelease").expect("it is Linux");
    let mut numbers = release.split(|c: char| !c.is_ascii_digit()).map(|n| n.parse().unwrap_or(0));
    (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0))
}

#[test]
#[allow(clippy::print_stdout, reason = "a skipped part says so")]
fn a_confined_process_reaches_no_file_no_server_and_no_process() {
    if !can_confine() {
        return;
    }
    let outside = tempfile::tempdir().expect("a folder");
    let inside = tempfile::tempdir().expect("a folder");
    let secret = outside.path().join("secret");
    fs::write(&secret, "secret").expect("written");
    let server = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = server.local_addr().expect("an address").port();
    let secret = secret.display();
    // What is kept off, and since which Linux.
    let attempts = [
        ("read", (5, 13), format!("cat {secret}")),
        ("write", (5, 13), format!("echo x >> {secret} && echo written")),
        ("make", (5, 13), format!("mkdir {secret}.d && echo made")),
        ("connect", (6, 7), format!("exec 3<>/dev/tcp/127.0.0.1/{port} && echo connected")),
        ("signal", (6, 12), format!("kill -0 {} && echo alive", std::process::id())),
    ];
    for (what, since, script) in &attempts {
        if linux() < *since {
            println!("skipped: {what}: this Linux is older than {since:?}");
            continue;
        }
        assert_eq!(shell(true, inside.path(), script), "", "{what}");
        assert_ne!(shell(false, inside.path(), script), "", "{what} would work without confinement");
    }
    assert_eq!(shell(true, inside.path(), "echo x > own; cat own; echo gone > /dev/null"), "x\n");
}

#[test]
fn a_file_of_a_lake_project_is_solved_and_judged_by_its_confined_lean() {
    let folder = tempfile::tempdir().expect("a folder");
    native::machine(PROVE, folder.path());
    let file = folder.path().join("project/A.lean");
    let text = "theorem a (p q : Prop) (h : p ∧ q) : q ∧ p := by\n  sorry\n\ntheorem b (n : Nat) : n < n := by\n  sorry\n";
    fs::write(&file, text).expect("written");
    let output = Command::new(PROVE)
        .args(["solve", "--json", "--in-place", "--budget", "checks=40"])
        .arg(&file)
        .env("PATH", native::path(folder.path()))
        .stdin(Stdio::null())
        .output()
        .expect("prove starts");
    let lines: Vec<Value> = String::from_utf8_lossy(&output.stdout).lines().map(|l| serde_json::from_str(l).expect("JSON")).collect();
    assert_eq!(lines.len(), 2, "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!((&lines[0]["verdict"], &lines[1]["verdict"]), (&"proved".into(), &"rejected".into()), "{lines:?}");
    let audit = lines[0]["audits"].as_array().expect("audits").iter().find(|a| a["audit"] == "fresh_process").expect("it is there");
    assert_eq!((&audit["lean"], &audit["confined"]), (&"4.28.0".into(), &can_confine().into()));
    let solved = fs::read_to_string(&file).expect("it is there");
    assert!(solved.contains("theorem b (n : Nat) : n < n := by\n  sorry\n") && !solved.starts_with(text), "{solved}");
}
