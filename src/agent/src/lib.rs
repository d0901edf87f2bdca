//! Settles one `sorry`: `prove-search`'s algorithms over Lean and a prover model, with the judge's last word.
//!
//! The search crate knows neither Lean nor any model. Here are its [`ProofEnv`](prove_search::ProofEnv) over Lean workers ([`LeanEnv`]),
//! its [`Policy`](prove_search::Policy) over rules and a model ([`Proposers`]), and the strategies put together.

mod court;
mod env;
mod holes;
mod lesson;
mod mend;
mod panel;
mod policy;
mod rollout;
mod settle;
mod strategies;
mod target;

pub use env::LeanEnv;
pub use lesson::{Lesson, LessonKind, lessons};
pub use mend::{Change, Focus, Mended, Sketched};
pub use panel::{Claim, judge_all};
pub use policy::{Asked, ModelOptions, ModelPolicy, Prompts, Proposers};
pub use rollout::{Rollout, Sampled};
pub use settle::{Agent, Candidate, Problem, Settings, Settled};
pub use strategies::StrategyName;
pub use target::Target;
