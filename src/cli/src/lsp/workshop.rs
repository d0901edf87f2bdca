//! The prover behind the language server: a daemon, or agents that are opened when first needed, one for each Lake project.

use super::{Errand, LspArgs, errand::bad};
use crate::{
    agent,
    daemon::{self, Makeup},
    toolchain,
};
use prove_agent::Agent;
use prove_lean::{
    BoxFuture,
    toolchain::{Project, Toolchain},
};
use prove_lsp::{Action, Ask, Outcome, Prover, Watch};
use std::{collections::HashMap, path::PathBuf, sync::Arc, time::Duration};
use tokio::{runtime::Handle, sync::Mutex, task::JoinSet};

/// A prover whose work is done on another runtime than the messages that pass: those wait for nothing.
pub(super) struct Apart {
    pub(super) workshop: Arc<Workshop>,
    pub(super) runtime: Handle,
}

impl Prover for Apart {
    fn work<'a>(&'a self, ask: &'a Ask, watch: &'a Watch) -> BoxFuture<'a, Outcome> {
        let (workshop, ask, watch) = (self.workshop.clone(), ask.clone(), watch.clone());
        let mut work = JoinSet::new();
        work.spawn_on(async move { workshop.outcome(&ask, &watch).await }, &self.runtime);
        Box::pin(async move {
            match work.join_next().await {
                Some(Ok(outcome)) => outcome,
                _ => bad("a fault of the prover".to_owned()),
            }
        })
    }
}

/// The agents of one server.
pub(super) struct Workshop {
    args: Arc<LspArgs>,
    /// Both by the root of the Lake project; `None` is for files outside any.
    toolchains: Mutex<HashMap<Option<PathBuf>, Toolchain>>,
    agents: Mutex<HashMap<Option<PathBuf>, Arc<Agent>>>,
}

impl Workshop {
    pub(super) fn new(args: Arc<LspArgs>) -> Workshop {
        Workshop { args, toolchains: Mutex::default(), agents: Mutex::default() }
    }

    fn project(&self, ask: &Ask) -> Option<PathBuf> {
        self.args.lean_project.clone().or_else(|| Some(Project::around(ask.path.as_deref()?)?.root))
    }

    async fn toolchain(&self, ask: &Ask) -> anyhow::Result<Toolchain> {
        let project = self.project(ask);
        let mut toolchains = self.toolchains.lock().await;
        if let Some(toolchain) = toolchains.get(&project) {
            return Ok(toolchain.clone());
        }
        let (args, path) = (self.args.clone(), ask.path.clone());
        let toolchain = tokio::task::spawn_blocking(move || toolchain::find(args.lean_project.as_deref(), path.as_deref())).await??;
        toolchains.insert(project, toolchain.clone());
        Ok(toolchain)
    }

    async fn agent(&self, ask: &Ask, toolchain: Toolchain) -> anyhow::Result<Arc<Agent>> {
        let project = self.project(ask);
        let mut agents = self.agents.lock().await;
        if let Some(agent) = agents.get(&project) {
            return Ok(agent.clone());
        }
        let agent = Arc::new(agent::open(toolchain, agent::workers(self.args.workers), &self.args.model).await?);
        agents.insert(project, agent.clone());
        Ok(agent)
    }

    async fn outcome(&self, ask: &Ask, watch: &Watch) -> Outcome {
        self.work(ask, watch).await.unwrap_or_else(|error| bad(format!("{error:#}")))
    }

    async fn work(&self, ask: &Ask, watch: &Watch) -> anyhow::Result<Outcome> {
        let LspArgs { timeout, more_time, format, max_tokens, model, daemon, .. } = &*self.args;
        let errand = Errand {
            action: ask.action,
            site: ask.site,
            name: ask.path.as_ref().map_or(ask.uri.to_string(), |path| path.display().to_string()),
            text: ask.text.to_string(),
            tree: ask.wants_tree,
            seconds: if ask.action == Action::ProveLonger { *more_time } else { *timeout },
            max_tokens: *max_tokens,
        };
        watch.line("starting Lean");
        let toolchain = self.toolchain(ask).await?;
        // Asked each time: a daemon may come and go.
        if let Some(daemon) = daemon.find(&Makeup::new(&toolchain, model, *format, errand.seconds), false).await {
            match daemon.edit(&errand, watch).await {
                Ok(outcome) => return Ok(outcome),
                Err(error) => daemon::say(&error),
            }
        }
        let agent = self.agent(ask, toolchain).await?;
        Ok(errand.run(&agent, Duration::from_secs(errand.seconds), *format, watch).await)
    }
}
