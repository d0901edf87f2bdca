//! A program that follows the documented protocol of leanprover-community/repl, unless its script has a fault for a text.
//!
//! Like the real one it prints JSON over several lines with a blank line after it, numbers environments and proof states from 0,
//! leaves out empty lists, counts lines from 1 and columns in code points, and takes imports in a first request only. Its Lean is
//! very small: `bad` is an error, `sorry` is a sorry, `simp` is a tactic that closes the first of its goals.

use crate::{
    lsp_peer::{close_stdout, flood, write},
    script::{claim, claim_start, hang, honest_message, kill_self, stop_self},
};
use serde_json::{Value, json};
use std::{io::BufRead, path::Path, time::Duration};

#[derive(Default)]
struct Peer {
    /// The texts elaborated into each environment, joined.
    envs: Vec<String>,
    /// The goals of each proof state.
    states: Vec<Vec<String>>,
    last: Value,
}

pub(crate) fn play() -> ! {
    match claim_start().as_deref() {
        Some("kill") => kill_self(),
        Some("exit") => std::process::exit(0),
        Some("stop") => stop_self(),
        _ => {}
    }
    let mut peer = Peer::default();
    let mut request = String::new();
    for line in std::io::stdin().lock().lines().map_while(Result::ok) {
        if !line.trim().is_empty() {
            request += &line;
        } else if !request.is_empty() {
            let parsed: Value = serde_json::from_str(&std::mem::take(&mut request)).expect("a JSON request");
            peer.serve(&parsed);
        }
    }
    std::process::exit(0)
}

impl Peer {
    fn serve(&mut self, request: &Value) {
        let fault = request["cmd"].as_str().and_then(claim).unwrap_or_default();
        match fault.as_str() {
            "kill" => kill_self(),
            "exit_zero" => std::process::exit(0),
            "stop" => stop_self(),
            "hang" => hang(),
            "close_stdout" => close_stdout(),
            "garbage_flood" => flood(),
            "garbage" => write(b"\xff\xfe not JSON\n\n"),
            "empty_object" => write(b"{}\n\n"),
            "null" => write(b"null\n\n"),
            "refusal" => write(b"{\"message\": \"internal exception\"}\n\n"),
            "stale_answer" => print(&self.last),
            _ => {
                let answer = self.answer(request);
                let bytes = printed(&answer);
                match fault.as_str() {
                    "kill_in_answer" => {
                        write(&bytes[..bytes.len() / 2]);
                        kill_self()
                    }
                    "exit_in_answer" => {
                        // All but the blank line: who stops short cannot be trusted to have said everything.
                        write(&bytes[..bytes.len() - 2]);
                        std::process::exit(0)
                    }
                    "drip" => bytes.chunks(1).for_each(|byte| {
                        write(byte);
                        std::thread::sleep(Duration::from_millis(20));
                    }),
                    "slow" => {
                        std::thread::sleep(Duration::from_millis(50));
                        write(&bytes);
                    }
                    "duplicate_answer" => {
                        write(&bytes);
                        write(&bytes);
                    }
                    "kill_after_answer" => {
                        write(&bytes);
                        kill_self()
                    }
                    _ => write(&bytes),
                }
                self.last = answer;
            }
        }
    }

    fn answer(&mut self, request: &Value) -> Value {
        if let Some(tactic) = request["tactic"].as_str() {
            return self.tactic(tactic, &request["proofState"]);
        }
        if let Some(file) = request["pickleTo"].as_str() {
            return self.pickle(Path::new(file), request);
        }
        if let Some(file) = request["unpickleEnvFrom"].as_str() {
            self.envs.push(std::fs::read_to_string(file).expect("a pickle"));
            return json!({"env": self.envs.len() - 1});
        }
        if let Some(file) = request["unpickleProofStateFrom"].as_str() {
            let goals = std::fs::read_to_string(file).expect("a pickle");
            return self.new_state(goals.lines().map(str::to_owned).collect());
        }
        self.command(request)
    }

    fn command(&mut self, request: &Value) -> Value {
        let text = request["cmd"].as_str().expect("a command");
        let before = match request["env"].as_u64() {
            None => String::new(),
            Some(env) => match self.envs.get(env as usize) {
                Some(text) => text.clone(),
                None => return json!({"message": "Unknown environment."}),
            },
        };
        let mut messages = Vec::new();
        let mut say =
            |severity: &str, at: &Value, data: &str| messages.push(json!({"severity": severity, "pos": at, "endPos": at, "data": data}));
        if request["env"].is_u64() && text.starts_with("import") {
            say("error", &place(text, 0), "invalid 'import' command, it must be used in the beginning of the file");
        }
        let whole = before + text;
        say("info", &place(text, 0), &honest_message(&whole));
        for (at, _) in text.match_indices("bad") {
            say("error", &place(text, at), "unknown identifier 'bad'");
        }
        let mut sorries = Vec::new();
        for (at, word) in text.match_indices("sorry") {
            self.states.push(vec!["n : ℕ\n⊢ n = n".into()]);
            say("warning", &place(text, at), "declaration uses `sorry`");
            let state = self.states.len() - 1;
            sorries.push(
                json!({"pos": place(text, at), "endPos": place(text, at + word.len()), "goal": "n : ℕ\n⊢ n = n", "proofState": state}),
            );
        }
        let simps: Vec<_> = text.match_indices("simp").collect();
        let mut tactics = Vec::new();
        let mut trees = Vec::new();
        for (i, (at, word)) in simps.iter().enumerate() {
            let goals: Vec<String> = (i..simps.len()).map(|j| format!("case g{j}\n⊢ {j} = {j}")).collect();
            self.states.push(goals.clone());
            let (start, end) = (place(text, *at), place(text, at + word.len()));
            let state = self.states.len() - 1;
            tactics.push(
                json!({"tactic": word, "pos": start, "endPos": end, "goals": goals.join("\n\n"), "proofState": state, "usedConstants": []}),
            );
            let syntax = json!({"range": {"synthetic": false, "start": start, "finish": end}, "pp": word, "kind": "Lean.Parser.Tactic.simp", "argKinds": []});
            let node = json!({"stx": syntax, "name": "Lean.Parser.Tactic.simp", "goalsBefore": goals, "goalsAfter": goals[1..]});
            trees.push(json!({"kind": "TacticInfo", "node": node, "children": []}));
        }
        self.envs.push(whole);
        let mut answer = json!({"env": self.envs.len() - 1, "messages": messages});
        if !sorries.is_empty() {
            answer["sorries"] = sorries.into();
        }
        if request["allTactics"] == true && !tactics.is_empty() {
            answer["tactics"] = tactics.into();
        }
        if request["infotree"] == "substantive" && !trees.is_empty() {
            answer["infotree"] = trees.into();
        }
        answer
    }

    fn tactic(&mut self, tactic: &str, state: &Value) -> Value {
        let Some(goals) = state.as_u64().and_then(|state| self.states.get(state as usize)).cloned() else {
            return json!({"message": "Unknown proof state."});
        };
        match tactic {
            "simp" => self.new_state(goals.into_iter().skip(1).collect()),
            _ => json!({"message": "Lean error:\nunknown tactic"}),
        }
    }

    fn new_state(&mut self, goals: Vec<String>) -> Value {
        self.states.push(goals.clone());
        let status = if goals.is_empty() { "Completed" } else { "Incomplete: open goals remain" };
        json!({"proofState": self.states.len() - 1, "goals": goals, "proofStatus": status})
    }

    fn pickle(&mut self, file: &Path, request: &Value) -> Value {
        if let Some(env) = request["env"].as_u64() {
            std::fs::write(file, &self.envs[env as usize]).expect("a pickle");
            return json!({"env": env});
        }
        let goals = self.states[request["proofState"].as_u64().expect("a state") as usize].clone();
        std::fs::write(file, goals.join("\n").replace('\n', " ")).expect("a pickle");
        self.new_state(goals)
    }
}

fn place(text: &str, offset: usize) -> Value {
    let before = &text[..offset];
    let column = before.rsplit('\n').next().unwrap_or("").chars().count();
    json!({"line": 1 + before.matches('\n').count(), "column": column})
}

fn printed(answer: &Value) -> Vec<u8> {
    let mut bytes = serde_json::to_vec_pretty(answer).expect("JSON");
    bytes.extend(b"\n\n");
    bytes
}

fn print(answer: &Value) {
    write(&printed(answer));
}
