//! A real editor: Neovim opens a file, asks for code actions at its `sorry`s, chooses "Prove", and writes the file when Lean has no more to
//! say of it. What it does is in `tests/files/neovim/prove.lua`.

use crate::PROVE;
use std::{
    fs,
    process::{Command, Stdio},
};

const TEXT: &str = "/-- 𝔸 sorry -/ theorem 𝔸 («x\u{301}» : Nat) : /- 𝔸 -/ «x\u{301}» + 0 = «x\u{301}» := by sorry -- 𝔸\n\ntheorem swap (p q : Prop) (h : p ∨ q) : q ∨ p := by\n  sorry\n\ntheorem after : True := trivial\n";

#[test]
#[allow(clippy::print_stdout, reason = "a skipped test says so")]
fn neovim_has_every_sorry_of_a_file_proved() {
    let version = Command::new("nvim").arg("--version").output();
    if version.is_err() {
        println!("skipped: there is no nvim here (Debian's package neovim)");
        return;
    }
    for line_end in ["\n", "\r\n"] {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("Neovim.lean");
        fs::write(&file, TEXT.replace('\n', line_end)).expect("written");
        let output = Command::new("nvim")
            .args(["--headless", "--clean", "-n"])
            .arg(&file)
            .args(["-S", concat!(env!("CARGO_MANIFEST_DIR"), "/files/neovim/prove.lua")])
            .env("PROVE", PROVE)
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .output()
            .expect("nvim starts");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{said}");
        let text = fs::read_to_string(&file).expect("it is there");
        let mut rest = text.as_str();
        // What was there is there still, in its order, around what took the place of the `sorry`s.
        for piece in TEXT.replace('\n', line_end).replace(":= by sorry", ":= by \u{0}").replace("  sorry", "  \u{0}").split('\u{0}') {
            let at = rest.find(piece).unwrap_or_else(|| panic!("{piece:?} is gone: {text}"));
            rest = &rest[at + piece.len()..];
        }
        assert_eq!(text.matches("sorry").count(), 1, "only the one of the comment: {text}");
        assert_eq!(text.matches('\n').count(), text.matches(line_end).count(), "{text:?}");
        let checked = Command::new(PROVE).arg("check").arg(&file).stdin(Stdio::null()).output().expect("prove starts");
        assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));
    }
}
