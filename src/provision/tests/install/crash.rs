//! Kills and races, with real processes: this test binary starts itself again as the installing process.

use crate::fixture::{Fixture, HOST, Steps, quiet};
use prove_provision::{Event, Home, Installation, Prepare, ProvisionError, Source, Step, Trust};
use std::{
    io::Write,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

const HOME: &str = "PROVE_TEST_HOME";
const TARBALL: &str = "PROVE_TEST_TARBALL";
const ABORT_AT: &str = "PROVE_TEST_ABORT_AT";
const HANG_AT: &str = "PROVE_TEST_HANG_AT";

/// The body of the started processes; as a test of its own it does nothing. It dies at the event of the given number, without
/// running any destructor, as by `kill -9`, or hangs there until it is killed. Markers in the cache folder tell where it is.
#[test]
fn installing_process() {
    let (Some(home), Some(tarball)) = (std::env::var_os(HOME), std::env::var_os(TARBALL)) else { return };
    let number = |name| std::env::var(name).ok().and_then(|text: String| text.parse::<usize>().ok());
    let (abort_at, hang_at) = (number(ABORT_AT), number(HANG_AT));
    let fixture = Fixture::new();
    let home = Home::at(home);
    let events = AtomicUsize::new(0);
    let mark = |name| std::fs::write(home.root().join(name), "").unwrap();
    let observer = |event: Event<'_>| {
        if let Event::Waiting { .. } = event {
            mark("waiting");
        }
        let number = Some(events.fetch_add(1, Ordering::Relaxed));
        if number == abort_at {
            std::process::abort();
        }
        if number == hang_at {
            mark("hanging");
            std::thread::sleep(Duration::from_secs(3600));
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

fn start(fixture: &Fixture, variable: Option<(&str, usize)>) -> Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "crash::installing_process"]).env(HOME, fixture.home.root()).env(TARBALL, &fixture.tarball);
    command.envs(variable.map(|(name, event)| (name, event.to_string())));
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// Waits until the process has left its marker.
fn wait_for(fixture: &Fixture, marker: &str, child: &mut Child) {
    while !fixture.home.root().join(marker).exists() {
        assert!(child.try_wait().unwrap().is_none(), "ended before it was {marker}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn preparations(fixture: &Fixture) -> usize {
    std::fs::read_to_string(fixture.home.root().join("preparations.log")).unwrap_or_default().lines().count()
}

#[test]
fn a_kill_at_any_event_is_survived_and_finished_steps_are_kept() {
    let mut survived = 0;
    for event in 0.. {
        let fixture = Fixture::new();
        if start(&fixture, Some((ABORT_AT, event))).wait().unwrap().success() {
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
fn a_process_killed_with_the_lock_does_not_keep_it() {
    let fixture = Fixture::new();
    let mut holder = start(&fixture, Some((HANG_AT, 1)));
    wait_for(&fixture, "hanging", &mut holder);
    let mut waiter = start(&fixture, None);
    wait_for(&fixture, "waiting", &mut waiter);
    holder.kill().unwrap();
    assert!(!holder.wait().unwrap().success());
    assert!(waiter.wait().unwrap().success());
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
