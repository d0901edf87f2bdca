//! Shows what provisioning does: bars on a terminal, one line per step elsewhere.

use indicatif::{ProgressBar, ProgressStyle};
use prove_provision::{Event, Observer, Step};
use std::{
    io::{IsTerminal, Write, stderr},
    sync::{Mutex, PoisonError},
    time::Duration,
};

/// Renders the events of one installation on standard error.
pub(crate) struct Progress {
    /// What is being installed.
    subject: &'static str,
    bar: Mutex<Option<ProgressBar>>,
}

impl Progress {
    pub(crate) fn new(subject: &'static str) -> Self {
        Progress { subject, bar: Mutex::new(None) }
    }

    fn text(&self, step: Step) -> String {
        match step {
            Step::Fetch => format!("fetching {}", self.subject),
            Step::Unpack => format!("unpacking {}", self.subject),
            Step::Prepare => format!("compiling {} for this machine", self.subject),
            Step::Verify => format!("verifying {}", self.subject),
        }
    }

    fn start(&self, step: Step, total: u64) -> Option<ProgressBar> {
        let once = if step == Step::Prepare { " (once, some minutes)" } else { "" };
        let text = self.text(step) + once;
        if !stderr().is_terminal() {
            line(&text);
            return None;
        }
        let (bar, template) = match total {
            0 => (ProgressBar::new_spinner(), "{spinner} {msg} {elapsed}"),
            total => (ProgressBar::new(total), "{spinner} {msg} {bar:30} {bytes}/{total_bytes} {elapsed}"),
        };
        bar.enable_steady_tick(Duration::from_millis(200));
        let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
        Some(bar.with_style(style).with_message(text))
    }
}

impl Observer for Progress {
    fn event(&self, event: Event<'_>) {
        let mut bar = self.bar.lock().unwrap_or_else(PoisonError::into_inner);
        match event {
            Event::Waiting { lock } => line(&format!("waiting for another prove that holds {}", lock.display())),
            Event::Started { step, total } => *bar = self.start(step, total),
            Event::Progress { done, .. } => bar.iter().for_each(|bar| bar.set_position(done)),
            Event::Finished { step, took } => {
                bar.take().iter().for_each(ProgressBar::finish_and_clear);
                line(&format!("{} took {:.1} s", self.text(step), took.as_secs_f64()));
            }
        }
    }
}

/// Progress is not worth failing for: what standard error does not take is lost.
fn line(text: &str) {
    let _ = writeln!(stderr(), "{text}");
}
