//! What settles problems: workers of a Lean, the judge, and a model if one was named.

use crate::{
    model::{self, ModelArgs},
    toolchain,
};
use prove_agent::Agent;
use prove_lean::{Judge, JudgeLimits, PoolConfig, Preamble, SessionSpawner, WorkerPool, toolchain::Toolchain};
use std::{num::NonZeroUsize, sync::Arc};

/// Requests under way at a time in one search: enough for two workers and what waits for a slow one, and for a small model's batch.
pub(crate) const WINDOW: NonZeroUsize = NonZeroUsize::new(4).unwrap();
const MODEL_WINDOW: NonZeroUsize = NonZeroUsize::new(16).unwrap();

/// The window of a search that was given none.
pub(crate) fn window(has_model: bool) -> NonZeroUsize {
    if has_model { MODEL_WINDOW } else { WINDOW }
}

/// As many workers as were asked for, or as there are processors.
pub(crate) fn workers(asked: Option<NonZeroUsize>) -> NonZeroUsize {
    asked.or(std::thread::available_parallelism().ok()).unwrap_or(NonZeroUsize::MIN)
}

/// The agent on this Lean. Needs a runtime.
pub(crate) async fn open(toolchain: Toolchain, workers: NonZeroUsize, model: &ModelArgs) -> anyhow::Result<Agent> {
    let pool = PoolConfig { workers, ..toolchain::pool_config(&toolchain) };
    let model = match model.model {
        Some(_) => Some(Arc::from(model::open(model).await.map_err(model::input)?)),
        None => None,
    };
    let pool = WorkerPool::new(pool, SessionSpawner::new(toolchain.lean()));
    let preamble = Preamble::of(&toolchain);
    Ok(Agent { pool, judge: Judge::new(toolchain, JudgeLimits::default()), preamble, model })
}
