//! Kills and races, with real processes: this test binary starts itself again as the installing process.

use crate::fixture::{Fixture, HOST, Steps, quiet};
use prove_provision::{Event, Home, Installation, Prepare, ProvisionError, Source, Step, Trust};
use std::{
    io::Write,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicUsize, Ordering},
};

const HOME: &str = "PROVE_TEST_HOME";
const TARBALL: &str = "PROVE_TEST_TARBALL";
const ABORT_AT: &str = "PROVE_TEST_ABORT_AT";

/// The body of the started processes; as a test of its own it does nothing. It dies at the event of the given number, without
/// running any destructor, as by `kill -9`.
#[test]
fn installing_process() {
    let (Some(home), Some(tarball)) = (std::env::var_os(HOME), std::env::var_os(TARBALL)) else { return };
    let abort_at = std::env::var(ABORT_AT).ok().and_then(|text| text.parse::<usize>().ok());
    let fixture = Fixture::new();
    let home = Home::at(home);
    let events = AtomicUsize::new(0);
    let observer = |_: Event<'_>| {
        if Some(events.fetch_add(1, Ordering::Relaxed)) == abort_at {
            std::process::abort();
        }
    };
    let log = home.root().join("preparations.log");
    let host = |_: &Path, out: &Path| {
        std::fs::write(out.join("half"), b"half")?;
        std::fs::rename(out.join("half"), out.join("lean.cwasm"))?;
        writeln!(std::fs::File::options().create(true).append(true).open(&log)?, "prepared")?;
        Ok(())
    };
    let prepare = Prepare { run: &host, ..HOST };
    Installation::new(&home, &fixture.pins).install(&Source::Tarball(PathBuf::from(tarball)), &prepare, Trust::Stamps, &observer).unwrap();
}

fn start(fixture: &Fixture, abort_at: Option<usize>) -> Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "crash::installing_process"]).env(HOME, fixture.home.root()).env(TARBALL, &fixture.tarball);
    if let Some(event) = abort_at {
        command.env(ABORT_AT, event.to_string());
    }
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

fn preparations(fixture: &Fixture) -> usize {
    std::fs::read_to_string(fixture.home.root().join("preparations.log")).unwrap_or_default().lines().count()
}

#[test]
fn a_kill_at_any_event_is_survived_and_finished_steps_are_kept() {
    let mut survived = 0;
    for event in 0.. {
        let fixture = Fixture::new();
        if start(&fixture, Some(event)).wait().unwrap().success() {
            break;
        }
        survived += 1;
        let fetched = fixture.place().root().join("lean.wasm").exists();
        let unpacked = fixture.place().root().join("lib").exists();
        let source = if fetched { fixture.no_source() } else { fixture.source() };
        let steps = Steps::default();
        fixture.place().install(&source, &HOST, Trust::Stamps, &steps.observer()).unwrap();
        let taken = steps.taken();
        assert_eq!(taken.contains(&Step::Fetch), !fetched, "killed at event {event}");
        assert!(!unpacked || !taken.contains(&Step::Unpack), "killed at event {event}");
        fixture.place().verify(HOST.key, &quiet).unwrap();
        assert!(!fixture.files().iter().any(|file| file.contains(".partial-")), "{event}: {:?}", fixture.files());
    }
    // two events around each of three steps, and progress in between
    assert!(survived >= 8, "only {survived} events");
}

#[test]
fn processes_started_at_once_do_the_work_once() {
    let fixture = Fixture::new();
    let children: Vec<Child> = (0..6).map(|_| start(&fixture, None)).collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    assert_eq!(preparations(&fixture), 1);
    fixture.place().verify(HOST.key, &quiet).unwrap();
}

#[test]
fn a_process_that_dies_with_the_lock_does_not_keep_it() {
    let fixture = Fixture::new();
    let mut dying = start(&fixture, Some(1));
    let mut waiting = start(&fixture, None);
    assert!(!dying.wait().unwrap().success());
    assert!(waiting.wait().unwrap().success());
    assert_eq!(preparations(&fixture), 1);
}

#[test]
fn whoever_waits_says_so() {
    let fixture = Fixture::new();
    let lock = fixture.place().root().with_extension("lock");
    std::fs::create_dir_all(lock.parent().unwrap()).unwrap();
    let held = std::fs::File::create(&lock).unwrap();
    held.lock().unwrap();
    let held = std::sync::Mutex::new(Some(held));
    let release = |event: Event<'_>| {
        if let Event::Waiting { lock: path } = event {
            assert_eq!(path, lock);
            held.lock().unwrap().take();
        }
    };
    let result: Result<_, ProvisionError> = fixture.place().install(&fixture.source(), &HOST, Trust::Stamps, &release);
    result.unwrap();
    assert!(held.lock().unwrap().is_none(), "nobody waited");
}
