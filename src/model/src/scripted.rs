//! A generator that answers from a script, for tests: deterministic, with delays and faults on demand.

use crate::{Event, FinishReason, Generation, Generator, ModelError, Pending, Reply, Request, Sample, Usage};
use std::{collections::VecDeque, sync::Mutex, sync::PoisonError, time::Duration};

/// What a script says to one sample of a request.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The text, cut at the request's stop strings as any generator does.
    pub text: String,
    /// How it ends if no stop string comes first.
    pub finish: FinishReason,
    /// How long it takes. A delay needs a tokio runtime.
    pub delay: Duration,
    /// The request ends here with [`ModelError::Fault`] of this text, after the samples before.
    pub fault: Option<String>,
}

impl Answer {
    /// An answer that fails the request.
    pub fn fault(detail: impl Into<String>) -> Self {
        Answer { fault: Some(detail.into()), ..Answer::from("") }
    }

    /// The same answer, later.
    pub fn after(self, delay: Duration) -> Self {
        Answer { delay, ..self }
    }
}

impl From<&str> for Answer {
    fn from(text: &str) -> Self {
        Answer { text: text.to_owned(), finish: FinishReason::EndOfText, delay: Duration::ZERO, fault: None }
    }
}

/// The answer to sample `i` of a request.
type Script = dyn Fn(&Request, u32) -> Answer + Send + Sync;

/// A generator that answers from a script.
pub struct Scripted {
    script: Box<Script>,
    requests: Mutex<Vec<Request>>,
}

impl Scripted {
    /// Answers by a function of the request and the sample's number.
    pub fn new(script: impl Fn(&Request, u32) -> Answer + Send + Sync + 'static) -> Self {
        Scripted { script: Box::new(script), requests: Mutex::default() }
    }

    /// Answers from a list, one entry a sample, in the order in which the requests come; a fault once the list is empty.
    pub fn list(answers: impl IntoIterator<Item = impl Into<Answer>>) -> Self {
        let answers: VecDeque<Answer> = answers.into_iter().map(Into::into).collect();
        let answers = Mutex::new(answers);
        Scripted::new(move |_, _| {
            let next = answers.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
            next.unwrap_or_else(|| Answer::fault("the script has no further answer"))
        })
    }

    /// The requests so far.
    pub fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Generator for Scripted {
    fn generate(&self, request: Request) -> Pending<'_> {
        Box::pin(async move {
            request.validate()?;
            self.requests.lock().unwrap_or_else(PoisonError::into_inner).push(request.clone());
            let answers: Vec<Answer> = (0..request.samples).map(|sample| (self.script)(&request, sample)).collect();
            let (reply, generation) = Generation::pair();
            if answers.iter().all(|answer| answer.delay.is_zero()) {
                play(&request, answers, &reply);
            } else {
                tokio::spawn(async move {
                    let total = answers.iter().map(|answer| answer.delay).sum();
                    tokio::select! {
                        () = reply.cancelled() => {}
                        () = tokio::time::sleep(total) => play(&request, answers, &reply),
                    }
                });
            }
            Ok(generation)
        })
    }

    fn name(&self) -> &str {
        "scripted"
    }
}

/// Sends all answers. A script has no tokens; it counts the words.
fn play(request: &Request, answers: Vec<Answer>, reply: &Reply) {
    let mut usage = Usage::default();
    for (index, answer) in (0..).zip(answers) {
        if let Some(detail) = answer.fault {
            return reply.fail(ModelError::Fault(detail));
        }
        let (mut text, mut finish) = (answer.text, answer.finish);
        let found = request.stop.iter().filter_map(|stop| text.find(stop).map(|at| (at, stop))).min_by_key(|(at, _)| *at);
        if let Some((at, stop)) = found {
            text.truncate(at);
            finish = FinishReason::StopString(stop.clone());
        }
        usage.completion_tokens += text.split_whitespace().count() as u64;
        reply.send(Event::Text { sample: index, text: text.clone() });
        reply.send(Event::Sample(Sample { index, text, tokens: Vec::new(), finish }));
    }
    reply.send(Event::Done(usage));
}
