//! The real system of a provider that cannot do without: its example `PROVIDER-target`, which speaks in the lines of `credjob dry-run`.
//!
//! It ends with its standard input, which this process holds: it cannot be left behind, however the bench ends.

use std::io::{BufRead as _, BufReader, Read as _};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, ChildStderr, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::offers::Offers;
use crate::command::{cannot_start, cargo, run};
use crate::failed::{Checked, Failed};
use crate::workspace;

/// How long a target may take until it is ready.
const READY_LIMIT: Duration = Duration::from_secs(60);

/// How long a target may take to end.
const STOP_LIMIT: Duration = Duration::from_secs(30);

/// What a target says when the system is not on this machine; the rest of the line is how to install it.
const MISSING: &str = " is not installed";

/// A target that runs. Dropping it ends it.
#[derive(Debug)]
pub(crate) struct Target {
    child: Child,
    /// What the job gets.
    pub(crate) offers: Offers,
}

/// How a start went.
#[derive(Debug)]
pub(crate) enum Start {
    Ready(Target),
    /// The system is not installed; this is how to install it.
    Missing(String),
}

impl Target {
    /// Builds the provider's target and starts it.
    pub(crate) fn start(provider: &str) -> Checked<Start> {
        let name = format!("{provider}-target");
        let manifest = workspace::manifest(provider);
        run(&mut cargo(&["build", "--locked", "--manifest-path", &manifest, "--example", &name]))?;
        let program = workspace::target_directory()?.join("debug/examples").join(name);
        Self::start_program(Command::new(program), READY_LIMIT)
    }

    fn start_program(mut program: Command, limit: Duration) -> Checked<Start> {
        // A Ctrl-C in the terminal is for this process: at its end the target tidies up.
        program.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0);
        let mut child = program.spawn().map_err(|error| cannot_start("target", &error))?;
        let (lines, words) = (lines(&mut child), child.stderr.take().map(listen));
        let mut target = Self { child, offers: Offers::default() };
        let what = match target.offered(&lines, limit)? {
            None => return Ok(Start::Ready(target)),
            Some(RecvTimeoutError::Timeout) => format!("was not ready after {} s", limit.as_secs()),
            Some(RecvTimeoutError::Disconnected) => "ended before it was ready".to_owned(),
        };
        drop(target);
        let words = words.and_then(|words| words.join().ok()).unwrap_or_default();
        if words.contains(MISSING) {
            return Ok(Start::Missing(words.trim().to_owned()));
        }
        Err(Failed::new(format!("the target {what}:\n{words}")))
    }

    /// Takes lines until `ready`; otherwise says why no more came.
    fn offered(&mut self, lines: &Receiver<String>, limit: Duration) -> Checked<Option<RecvTimeoutError>> {
        let started = Instant::now();
        loop {
            match lines.recv_timeout(limit.saturating_sub(started.elapsed())) {
                Ok(line) if line == "ready" => return Ok(None),
                Ok(line) => self.offers.take(&line)?,
                Err(why) => return Ok(Some(why)),
            }
        }
    }
}

impl Drop for Target {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let asked = Instant::now();
        while asked.elapsed() < STOP_LIMIT {
            if !matches!(self.child.try_wait(), Ok(None)) {
                return;
            }
            thread::sleep(Duration::from_millis(10));
        }
        // The system's own processes end with the target.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The lines of the target. They are read to their end, so that it never waits for a reader.
fn lines(child: &mut Child) -> Receiver<String> {
    let (sender, receiver) = channel();
    if let Some(stdout) = child.stdout.take() {
        thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                let _ = sender.send(line);
            }
        });
    }
    receiver
}

/// What the target says to people.
fn listen(mut stderr: ChildStderr) -> JoinHandle<String> {
    thread::spawn(move || {
        let mut words = Vec::new();
        let _ = stderr.read_to_end(&mut words);
        String::from_utf8_lossy(&words).into_owned()
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn start(script: &str, limit: Duration) -> Checked<Start> {
        let mut shell = Command::new("sh");
        shell.args(["-c", script]);
        Target::start_program(shell, limit)
    }

    #[test]
    fn a_target_offers_and_is_gone_when_it_is_dropped() {
        let script = "echo '--param url=x'; echo ready; cat >/dev/null; echo live 1";
        let Ok(Start::Ready(target)) = start(script, READY_LIMIT) else { panic!("it is ready") };
        assert_eq!(target.offers.environment, [("SM_URL_VALUE".to_owned(), "x".to_owned())]);
        let process = format!("/proc/{}", target.child.id());
        assert!(Path::new(&process).exists());
        drop(target);
        assert!(!Path::new(&process).exists());
    }

    #[test]
    fn a_missing_system_is_no_failure() {
        let start = start("echo 'X is not installed. Install it: y' >&2; exit 1", READY_LIMIT);
        assert!(matches!(&start, Ok(Start::Missing(how)) if how.ends_with("Install it: y")), "{start:?}");
    }

    #[test]
    fn a_target_that_fails_is_a_failure_with_its_words() {
        let early = start("echo broken >&2; exit 1", READY_LIMIT).expect_err("ended").to_string();
        assert!(early.contains("ended before it was ready:\nbroken"), "{early}");
        let late = start("cat >/dev/null", Duration::from_millis(50)).expect_err("late").to_string();
        assert!(late.contains("was not ready"), "{late}");
        start("echo hello; echo ready; cat >/dev/null", READY_LIMIT).expect_err("a strange line");
    }
}
