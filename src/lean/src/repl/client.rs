//! The pipes of a repl process: requests out, answers in, in step.

use super::protocol::{Command, CommandAnswer, Refusal, TacticAnswer};
use crate::{LeanCommand, WorkerError, process::LeanProcess};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::json;
use std::path::Path;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    process::{ChildStdin, ChildStdout},
    sync::mpsc::{self, Receiver, Sender, error::TryRecvError},
    task::JoinSet,
};

/// The longest answer that is read.
const MAX_ANSWER: usize = 64 << 20;

/// A running repl process. After a failure of its pipes or its protocol, or when the future of a request was dropped, it answers no
/// more; after a refusal it goes on. Dropping it kills its process group.
pub struct Repl {
    pub(super) process: LeanProcess,
    stdin: ChildStdin,
    answers: Receiver<Result<Vec<u8>, WorkerError>>,
    /// A request is under way, or was given up.
    out_of_step: bool,
    last_env: Option<u64>,
    /// Aborted when dropped.
    _reader: JoinSet<()>,
}

impl Repl {
    /// Starts the process, for instance `lake exe repl`.
    ///
    /// # Errors
    /// [`WorkerError::Spawn`].
    pub fn start(command: &LeanCommand) -> Result<Repl, WorkerError> {
        let (process, stdin, stdout) = LeanProcess::spawn(command)?;
        // One answer may be read ahead; a process that prints unasked is then stopped by its full pipe.
        let (sender, answers) = mpsc::channel(1);
        let mut reader = JoinSet::new();
        reader.spawn(read_answers(stdout, sender));
        Ok(Repl { process, stdin, answers, out_of_step: false, last_env: None, _reader: reader })
    }

    /// Runs commands.
    ///
    /// # Errors
    /// The process died, broke its protocol, or refused the request.
    pub async fn command(&mut self, command: &Command<'_>) -> Result<CommandAnswer, WorkerError> {
        let answer: CommandAnswer = self.request(command).await??;
        self.fresh_env(answer.env)?;
        Ok(answer)
    }

    /// Runs a tactic on a stored proof state. Steers only: see the module's head.
    ///
    /// A tactic that fails is a [`Refusal`] or, if Lean went on after the error, an error among the answer's messages.
    ///
    /// # Errors
    /// The process died or broke its protocol.
    pub async fn tactic(&mut self, proof_state: u64, tactic: &str) -> Result<Result<TacticAnswer, Refusal>, WorkerError> {
        self.request(&json!({"tactic": tactic, "proofState": proof_state})).await
    }

    /// Writes an environment to a file.
    ///
    /// # Errors
    /// As for [`Repl::command`].
    pub async fn pickle_env(&mut self, env: u64, to: &Path) -> Result<(), WorkerError> {
        let _: CommandAnswer = self.request(&json!({"pickleTo": to, "env": env})).await??;
        Ok(())
    }

    /// Reads an environment from a file and gives its number.
    ///
    /// # Errors
    /// As for [`Repl::command`].
    pub async fn unpickle_env(&mut self, from: &Path) -> Result<u64, WorkerError> {
        let answer: CommandAnswer = self.request(&json!({"unpickleEnvFrom": from})).await??;
        self.fresh_env(answer.env)
    }

    /// Writes a proof state to a file.
    ///
    /// # Errors
    /// As for [`Repl::command`].
    pub async fn pickle_proof_state(&mut self, proof_state: u64, to: &Path) -> Result<TacticAnswer, WorkerError> {
        Ok(self.request(&json!({"pickleTo": to, "proofState": proof_state})).await??)
    }

    /// Reads a proof state from a file.
    ///
    /// # Errors
    /// As for [`Repl::command`].
    pub async fn unpickle_proof_state(&mut self, from: &Path) -> Result<TacticAnswer, WorkerError> {
        Ok(self.request(&json!({"unpickleProofStateFrom": from})).await??)
    }

    /// Every new environment has a number above all earlier ones, so an old one shows that the answer is not to this request.
    fn fresh_env(&mut self, env: u64) -> Result<u64, WorkerError> {
        if self.last_env.is_some_and(|last| env <= last) {
            self.out_of_step = true;
            return Err(WorkerError::Protocol(format!("the repl numbered a new environment {env}, which is not new")));
        }
        self.last_env = Some(env);
        Ok(env)
    }

    async fn request<A: DeserializeOwned>(&mut self, request: &impl Serialize) -> Result<Result<A, Refusal>, WorkerError> {
        if std::mem::replace(&mut self.out_of_step, true) {
            return Err(WorkerError::Protocol("an earlier request to the repl was given up".into()));
        }
        match self.answers.try_recv() {
            Err(TryRecvError::Empty) => {}
            Err(TryRecvError::Disconnected) => return Err(self.process.died().await),
            Ok(Err(error)) => return Err(error),
            Ok(Ok(_)) => return Err(WorkerError::Protocol("the repl spoke without being asked".into())),
        }
        let mut line = serde_json::to_vec(request).map_err(|error| WorkerError::Protocol(error.to_string()))?;
        line.extend(b"\n\n");
        if let Err(error) = self.send(&line).await {
            return Err(if error.kind() == std::io::ErrorKind::BrokenPipe { self.process.died().await } else { error.into() });
        }
        let answer = match self.answers.recv().await {
            Some(answer) => answer?,
            None => return Err(self.process.died().await),
        };
        let value = parse(&answer)?;
        self.out_of_step = false;
        Ok(value)
    }

    async fn send(&mut self, line: &[u8]) -> std::io::Result<()> {
        self.stdin.write_all(line).await?;
        self.stdin.flush().await
    }
}

/// An answer, or the refusal in its place. An answer is an object with an `env` or a `proofState`: any other JSON, an empty object
/// above all, must not pass for an answer that has nothing to say.
fn parse<A: DeserializeOwned>(answer: &[u8]) -> Result<Result<A, Refusal>, WorkerError> {
    let broken = |what: String| WorkerError::Protocol(format!("the repl's answer {what}: {}", excerpt(answer)));
    let keys: std::collections::HashMap<String, serde::de::IgnoredAny> =
        serde_json::from_slice(answer).map_err(|error| broken(format!("is no JSON object ({error})")))?;
    if !keys.contains_key("env") && !keys.contains_key("proofState") {
        return match serde_json::from_slice::<Refusal>(answer) {
            Ok(refusal) => Ok(Err(refusal)),
            Err(_) => Err(broken("has neither an environment nor a proof state".into())),
        };
    }
    serde_json::from_slice(answer).map(Ok).map_err(|error| broken(format!("cannot be read ({error})")))
}

fn excerpt(bytes: &[u8]) -> String {
    String::from_utf8_lossy(&bytes[..bytes.len().min(200)]).into_owned()
}

async fn read_answers(mut stdout: ChildStdout, answers: Sender<Result<Vec<u8>, WorkerError>>) {
    let mut blocks = Blocks::default();
    let mut chunk = vec![0; 64 << 10];
    loop {
        while let Some(block) = blocks.next_block() {
            if answers.send(Ok(block)).await.is_err() {
                return;
            }
        }
        if blocks.pending.len() > MAX_ANSWER {
            let error = WorkerError::Protocol(format!("an answer of the repl is longer than {MAX_ANSWER} bytes"));
            let _ = answers.send(Err(error)).await;
            return;
        }
        match stdout.read(&mut chunk).await {
            // Half an answer at the end is no answer.
            Ok(0) => return,
            Ok(n) => blocks.pending.extend_from_slice(&chunk[..n]),
            Err(error) => {
                let _ = answers.send(Err(error.into())).await;
                return;
            }
        }
    }
}

/// Cuts the output into the pieces between blank lines.
#[derive(Default)]
struct Blocks {
    pending: Vec<u8>,
    /// The start of the first line not looked at yet.
    line: usize,
    /// Up to where its end was searched for.
    searched: usize,
}

impl Blocks {
    fn next_block(&mut self) -> Option<Vec<u8>> {
        while let Some(length) = self.pending[self.searched..].iter().position(|byte| *byte == b'\n') {
            let end = self.searched + length + 1;
            self.searched = end;
            let blank = self.pending[self.line..end].trim_ascii().is_empty();
            self.line = end;
            if blank {
                let block: Vec<u8> = self.pending.drain(..end).collect();
                (self.line, self.searched) = (0, 0);
                if !block.trim_ascii().is_empty() {
                    return Some(block);
                }
            }
        }
        self.searched = self.pending.len();
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn blocks(chunks: &[&[u8]]) -> Vec<String> {
        let mut blocks = Blocks::default();
        let mut found = Vec::new();
        for chunk in chunks {
            blocks.pending.extend_from_slice(chunk);
            while let Some(block) = blocks.next_block() {
                found.push(String::from_utf8_lossy(&block).trim().to_owned());
            }
        }
        found
    }

    #[test]
    fn only_a_whole_answer_is_an_answer() {
        for (bytes, part) in [
            ("{}", "neither an environment"),
            ("[]", "no JSON object"),
            ("null", "no JSON object"),
            ("{\"env\": 0", "no JSON object"),
            ("{\"env\": -1}", "cannot be read"),
            ("{\"env\": 0, \"messages\": [{}]}", "cannot be read"),
            ("{\"messages\": []}", "neither an environment"),
        ] {
            let error = parse::<CommandAnswer>(bytes.as_bytes()).unwrap_err().to_string();
            assert!(error.contains(part), "{bytes} gave {error}");
        }
        assert_eq!(parse::<CommandAnswer>(b"{\"env\": 7}").unwrap().unwrap().env, 7);
        let refusal = parse::<CommandAnswer>(b"{\"message\": \"Unknown environment.\"}").unwrap().unwrap_err();
        assert_eq!(refusal.message, "Unknown environment.");
    }

    proptest! {
        #[test]
        fn answers_are_found_however_the_pipe_cuts_them(lines in prop::collection::vec("[a-z{} ]{0,3}", 0..12), cut in 1usize..6) {
            let text = lines.join("\n") + "\n";
            let chunks: Vec<&[u8]> = text.as_bytes().chunks(cut).collect();
            let mut expected: Vec<String> = Vec::new();
            let mut current = String::new();
            for line in &lines {
                if !line.trim().is_empty() {
                    current += line;
                    current.push('\n');
                } else if !current.is_empty() {
                    expected.push(std::mem::take(&mut current).trim().to_owned());
                }
            }
            prop_assert_eq!(blocks(&chunks), expected);
        }
    }
}
