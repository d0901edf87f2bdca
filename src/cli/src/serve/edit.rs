//! `/edit`: what an editor's code action asks for, on the daemon's warm workers. The answer is server-sent events: what a search lets see,
//! and at the end what to change.

use super::{Daemon, http::Answer};
use crate::lsp::Errand;
use futures_util::stream;
use prove_lsp::{Seen, Watch};
use std::{sync::Arc, time::Duration};
use tokio::task::JoinSet;

/// Answers `/edit`. Dropping the answer gives the work up.
pub(super) fn edit(daemon: Arc<Daemon>, errand: Errand) -> Answer {
    let (watch, seen) = Watch::alone();
    let mut work = JoinSet::new();
    work.spawn(async move {
        let wall = Duration::from_secs(errand.seconds).min(daemon.longest_check);
        let outcome = errand.run(&daemon.agent, wall, daemon.format, &watch).await;
        watch.seen(Seen::Done(outcome));
    });
    let events = stream::unfold((seen, work), |(mut seen, work)| async move {
        let (_, event) = seen.recv().await?;
        Some((serde_json::to_string(&event).ok()?, (seen, work)))
    });
    Answer::Events(Box::pin(events))
}
