//! The repl as a [`Worker`]: a header's environment is made once and used for every body.

use super::{
    client::Repl,
    protocol::Command,
    report::{self, Shift},
};
use crate::session::imports::import_tokens;
use crate::{BoxFuture, Job, LeanCommand, MemoryGauge, Report, Spawner, Worker, WorkerError};
use prove_core::{Diagnostic, Elaboration, Position};
use std::time::Instant;

/// Starts workers that speak the repl's protocol. The program keeps every environment it ever made, so a pool of them wants a limit
/// on memory or on checks per worker.
#[derive(Clone, Debug)]
pub struct ReplSpawner {
    /// The command line, such as `lake exe repl` in a Lake project.
    pub command: LeanCommand,
}

impl Spawner for ReplSpawner {
    fn spawn<'a>(&'a self, header: &'a str) -> BoxFuture<'a, Result<Box<dyn Worker>, WorkerError>> {
        Box::pin(async move {
            let mut worker = ReplWorker { repl: Repl::start(&self.command)?, head: None };
            if !header.is_empty() {
                worker.elaborate_head(header).await?;
            }
            Ok(Box::new(worker) as Box<dyn Worker>)
        })
    }
}

struct ReplWorker {
    repl: Repl,
    /// The header elaborated last.
    head: Option<Head>,
}

struct Head {
    text: String,
    /// `None` if it has errors of its own: then it may be half of something that the body completes, and is never split off.
    env: Option<u64>,
    diagnostics: Vec<Diagnostic>,
}

impl ReplWorker {
    async fn elaborate_head(&mut self, text: &str) -> Result<(), WorkerError> {
        let answer = self.repl.command(&Command { cmd: text, ..Command::default() }).await?;
        let elaboration = Elaboration { diagnostics: report::diagnostics(&answer, Shift::NONE), tactics: Vec::new() };
        let env = elaboration.first_error().is_none().then_some(answer.env);
        self.head = Some(Head { text: text.to_owned(), env, diagnostics: elaboration.diagnostics });
        Ok(())
    }

    async fn elaborate(&mut self, job: &Job) -> Result<Report, WorkerError> {
        let began = Instant::now();
        let text = format!("{}{}", job.header, job.body);
        let split = match split(&job.header, &job.body) {
            // Imports are allowed in a first request only.
            split if import_tokens(&text[..split]) == import_tokens(&text) => split,
            _ => 0,
        };
        let at = Position::of_byte(&text, split);
        if split > 0 && self.head.as_ref().is_none_or(|head| head.text != text[..split]) {
            self.elaborate_head(&text[..split]).await?;
        }
        let mut env = self.head.as_ref().filter(|_| split > 0).and_then(|head| head.env);
        if job.goals_at.iter().any(|place| *place < at) {
            // Goals of the header are known only where the whole file is one request.
            env = None;
        }
        let (cmd, shift) = if env.is_some() { (&text[split..], Shift(at)) } else { (text.as_str(), Shift::NONE) };

        let trees = (job.tactics || !job.goals_at.is_empty()).then_some("substantive");
        let answer = self.repl.command(&Command { cmd, env, infotree: trees, all_tactics: None }).await?;
        let tactics = report::tactics(&answer.infotree, shift);
        let goals = job.goals_at.iter().map(|place| report::goals_at(&tactics, *place)).collect();
        let mut diagnostics = match &self.head {
            Some(head) if env.is_some() => head.diagnostics.clone(),
            _ => Vec::new(),
        };
        diagnostics.extend(report::diagnostics(&answer, shift));
        let tactics = if job.tactics { tactics } else { Vec::new() };
        Ok(Report { elaboration: Elaboration { diagnostics, tactics }, goals, millis: began.elapsed().as_secs_f64() * 1e3 })
    }
}

impl Worker for ReplWorker {
    fn check<'a>(&'a mut self, job: &'a Job) -> BoxFuture<'a, Result<Report, WorkerError>> {
        let limit = job.limits.wall;
        Box::pin(async move {
            let answer = tokio::time::timeout(limit, self.elaborate(job)).await;
            answer.unwrap_or(Err(WorkerError::Timeout { limit }))
        })
    }

    fn resident_bytes(&self) -> Option<u64> {
        self.repl.process.resident_bytes()
    }

    fn memory_gauge(&self) -> Option<MemoryGauge> {
        Some(self.repl.process.memory_gauge())
    }
}

/// Where the file may be cut in two requests: between header and body if a line ends there, otherwise at the header's last line, as
/// Lean's layout depends on columns.
fn split(header: &str, body: &str) -> usize {
    if header.ends_with('\n') || body.starts_with(['\n', '\r']) {
        header.len()
    } else {
        header.rfind('\n').map_or(0, |newline| newline + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_cut_between_lines() {
        assert_eq!(split("import A\n", "theorem"), 9);
        assert_eq!(split("import A", "\ntheorem"), 8);
        assert_eq!(split("import A\nopen B in ", "theorem"), 9);
        assert_eq!(split("import A ", "theorem"), 0);
        assert_eq!(split("", "theorem"), 0);
    }
}
