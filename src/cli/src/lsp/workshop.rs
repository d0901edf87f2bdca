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
use tokio::{
    runtime::Handle,
    sync::{Mutex, OnceCell},
    task::JoinSet,
};

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
    /// By the root of the Lake project; `None` is for files outside any.
    places: Mutex<HashMap<Option<PathBuf>, Arc<Place>>>,
}

/// A Lean, and the agent on it once one was needed.
struct Place {
    toolchain: Toolchain,
    agent: OnceCell<Agent>,
}

impl Workshop {
    pub(super) fn new(args: Arc<LspArgs>) -> Workshop {
        Workshop { args, places: Mutex::default() }
    }

    async fn place(&self, ask: &Ask) -> anyhow::Result<Arc<Place>> {
        let project = self.args.lean_project.clone().or_else(|| Some(Project::around(ask.path.as_deref()?)?.root));
        let mut places = self.places.lock().await;
        if let Some(place) = places.get(&project) {
            return Ok(place.clone());
        }
        let (args, path) = (self.args.clone(), ask.path.clone());
        let toolchain = tokio::task::spawn_blocking(move || toolchain::find(args.lean_project.as_deref(), path.as_deref())).await??;
        let place = Arc::new(Place { toolchain, agent: OnceCell::new() });
        places.insert(project, place.clone());
        Ok(place)
    }

    async fn outcome(&self, ask: &Ask, watch: &Watch) -> Outcome {
        self.work(ask, watch).await.unwrap_or_else(|error| bad(format!("{error:#}")))
    }

    async fn work(&self, ask: &Ask, watch: &Watch) -> anyhow::Result<Outcome> {
        let LspArgs { timeout, more_time, workers, format, max_tokens, model, daemon, .. } = &*self.args;
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
        let place = self.place(ask).await?;
        // Asked each time: a daemon may come and go.
        if let Some(daemon) = daemon.find(&Makeup::new(&place.toolchain, model, *format, errand.seconds), false).await {
            match daemon.edit(&errand, watch).await {
                Ok(outcome) => return Ok(outcome),
                Err(error) => daemon::say(&error),
            }
        }
        let open = async || anyhow::Ok(agent::open(place.toolchain.clone(), workers.as_ref(), model).await?.0);
        let agent = place.agent.get_or_try_init(open).await?;
        Ok(errand.run(agent, Duration::from_secs(errand.seconds), *format, watch).await)
    }
}
