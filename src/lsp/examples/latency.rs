//! What the proxy adds to a message's way: a storm of edits goes to `prove lsp` in front of `cat`, which gives back what it gets, and to `cat`
//! alone.
//!
//! ```sh
//! cargo run -p prove-lsp --example latency -- target/debug/prove
//! ```

#![allow(clippy::print_stdout, reason = "it is there to print")]

use std::{
    collections::HashMap,
    io::{BufRead, BufReader, Write},
    process::{ChildStdin, Command, Stdio},
    sync::mpsc::{Receiver, channel},
    time::{Duration, Instant},
};

/// Edits in a burst, and bursts, one every ten milliseconds: two thousand edits a second for ten seconds.
const BURST: usize = 20;
const BURSTS: usize = 1000;
/// Lines of the document.
const LINES: usize = 3000;

fn main() {
    let program = std::env::args().nth(1).expect("usage: latency PROVE");
    let alone = measure(&mut Command::new("cat"), false);
    let through = measure(Command::new(&program).args(["lsp", "--", "cat"]), true);
    let row = |name: &str, times: &[Duration]| {
        let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize].as_secs_f64() * 1e3;
        println!("{name:20} {:8.3} {:8.3} {:8.3} ms", at(0.5), at(0.99), at(1.0));
    };
    println!("{} edits, there and back   median      p99      max", BURST * BURSTS);
    row("cat", &alone);
    row("prove lsp -- cat", &through);
}

/// The times from writing an edit to reading it again, sorted.
fn measure(command: &mut Command, initialize: bool) -> Vec<Duration> {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("it starts");
    let mut input = child.stdin.take().expect("a pipe");
    let output = child.stdout.take().expect("a pipe");
    let (sender, echoes) = channel();
    std::thread::spawn(move || {
        let mut output = BufReader::new(output);
        while let Some(payload) = read(&mut output) {
            if sender.send((Instant::now(), payload)).is_err() {
                return;
            }
        }
    });
    if initialize {
        say(&mut input, r#"{"id":0,"method":"initialize","params":{"capabilities":{}}}"#);
    }
    let text = (0..LINES).map(|n| format!("theorem t{n} (a b : Nat) : a + b = b + a := by omega -- 𝔸\\n")).collect::<String>();
    say(
        &mut input,
        &format!(
            r#"{{"method":"textDocument/didOpen","params":{{"textDocument":{{"uri":"file:///a","languageId":"lean4","version":0,"text":"{text}"}}}}}}"#
        ),
    );
    while !echoes.recv().expect("an echo").1.contains("didOpen") {}
    let mut sent = HashMap::new();
    let mut times = Vec::with_capacity(BURST * BURSTS);
    let began = Instant::now();
    for burst in 0..BURSTS {
        for place in 0..BURST {
            let version = 1 + burst * BURST + place;
            let line = version * 37 % LINES;
            let at = format!(r#"{{"line":{line},"character":8}}"#);
            let edit = format!(
                r#"{{"method":"textDocument/didChange","params":{{"textDocument":{{"uri":"file:///a","version":{version}}},"contentChanges":[{{"range":{{"start":{at},"end":{at}}},"text":"x"}}]}}}}"#
            );
            sent.insert(version, Instant::now());
            say(&mut input, &edit);
        }
        collect(&echoes, &sent, &mut times, began + Duration::from_millis(10 * (burst as u64 + 1)));
    }
    while times.len() < BURST * BURSTS {
        collect(&echoes, &sent, &mut times, Instant::now() + Duration::from_millis(10));
    }
    drop(input);
    child.wait().expect("it ends");
    times.sort();
    times
}

/// Takes in echoes until a moment.
fn collect(echoes: &Receiver<(Instant, String)>, sent: &HashMap<usize, Instant>, times: &mut Vec<Duration>, until: Instant) {
    while let Ok((at, payload)) = echoes.recv_timeout(until.saturating_duration_since(Instant::now())) {
        let version = payload.split("\"version\":").nth(1).and_then(|rest| rest.split('}').next()?.parse().ok());
        times.extend(version.and_then(|version: usize| sent.get(&version)).map(|sent| at - *sent));
    }
}

fn say(input: &mut ChildStdin, payload: &str) {
    input.write_all(format!("Content-Length: {}\r\n\r\n{payload}", payload.len()).as_bytes()).expect("it reads");
}

fn read(output: &mut impl BufRead) -> Option<String> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if output.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim() {
            "" => break,
            line => length = line.strip_prefix("Content-Length: ")?.parse().ok()?,
        }
    }
    let mut payload = vec![0; length];
    output.read_exact(&mut payload).ok()?;
    String::from_utf8(payload).ok()
}
