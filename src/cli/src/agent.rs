//! What settles problems: workers of a Lean, the judge, and a model if one was named.

use crate::{
    model::{self, ModelArgs},
    workers::{self, Workers},
};
use prove_agent::Agent;
use prove_lean::{Judge, JudgeLimits, Preamble, WorkerPool, toolchain::Toolchain};
use std::{num::NonZeroUsize, sync::Arc};

/// Requests under way at a time in one search: enough for two workers and what waits for a slow one, and for a small model's batch.
pub(crate) const WINDOW: NonZeroUsize = NonZeroUsize::new(4).unwrap();
const MODEL_WINDOW: NonZeroUsize = NonZeroUsize::new(16).unwrap();

/// The window of a search that was given none.
pub(crate) fn window(has_model: bool) -> NonZeroUsize {
    if has_model { MODEL_WINDOW } else { WINDOW }
}

/// The agent on this Lean with who is to make its checks, and how many they are. Needs a runtime.
pub(crate) async fn open(toolchain: Toolchain, workers: Option<&Workers>, model: &ModelArgs) -> anyhow::Result<(Agent, NonZeroUsize)> {
    let (pool, workers) = workers::open(workers, &toolchain).await?;
    Ok((with(toolchain, pool, model).await?, workers))
}

/// The agent on this Lean with this pool.
pub(crate) async fn with(toolchain: Toolchain, pool: WorkerPool, model: &ModelArgs) -> anyhow::Result<Agent> {
    let model = match model.model {
        Some(_) => Some(Arc::from(model::open(model).await.map_err(model::input)?)),
        None => None,
    };
    let preamble = Preamble::of(&toolchain);
    Ok(Agent { pool, judge: Judge::new(toolchain, JudgeLimits::default()), preamble, model })
}
