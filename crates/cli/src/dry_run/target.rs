//! The provider's `examples/target.rs`: it starts the external system, or a scripted stand-in, and says which inputs to use.
//!
//! Its lines are `--param NAME=VALUE`, `--secret NAME=[TYPE:]@FILE` and `--job-env NAME=VALUE`, then `ready`. It stops at the end of its
//! standard input and then prints `live N`: how many credentials are left in the system.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

use super::given::Given;
use crate::problem::Problem;

/// The example, in the provider's directory.
pub(crate) const FILE: &str = "examples/target.rs";

/// How long a target may take until it is ready. The slowest real server that was tried needs 9 s (SERVERS 2); one that installs itself needs more.
const READY_LIMIT: Duration = Duration::from_secs(180);

/// How long a target may take to stop. The slowest real server that was tried needs 9 s (SERVERS 2).
const STOP_LIMIT: Duration = Duration::from_secs(30);

/// A target that runs. Dropping it kills it.
#[derive(Debug)]
pub(crate) struct Target {
    child: Child,
    stdin: ChildStdin,
    lines: Lines<BufReader<ChildStdout>>,
    words: Words,
}

/// What the target says to people: its standard error.
type Words = Arc<Mutex<String>>;

/// Whether the provider in `directory` has a target.
pub(crate) fn exists(directory: &Path) -> bool {
    directory.join(FILE).is_file()
}

impl Target {
    /// Starts the target and reads its lines until it is ready.
    pub(crate) async fn start(program: &PathBuf) -> Result<(Self, Given), Problem> {
        Self::start_within(Command::new(program), READY_LIMIT).await
    }

    async fn start_within(mut command: Command, limit: Duration) -> Result<(Self, Given), Problem> {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            // A Ctrl-C in the terminal is for this command: the target stays until the jobs have cleaned up in it.
            .process_group(0)
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| cannot_start(&format!("{error}")))?;
        let (Some(stdin), Some(stdout), Some(stderr)) = (child.stdin.take(), child.stdout.take(), child.stderr.take())
        else {
            return Err(cannot_start("its pipes are missing"));
        };
        let words = Words::default();
        tokio::spawn(listen(BufReader::new(stderr), Arc::clone(&words)));
        let mut target = Self { child, stdin, lines: BufReader::new(stdout).lines(), words };
        match tokio::time::timeout(limit, target.offers()).await {
            Ok(given) => Ok((target, given?)),
            Err(_) => Err(target.failure(&format!("was not ready after {} s", limit.as_secs()))),
        }
    }

    /// Reads lines until `ready`.
    async fn offers(&mut self) -> Result<Given, Problem> {
        let mut given = Given::default();
        loop {
            let line = self.lines.next_line().await;
            let Ok(Some(line)) = line else {
                // Its last words may still be in the pipe.
                let _ = tokio::time::timeout(STOP_LIMIT, self.child.wait()).await;
                tokio::task::yield_now().await;
                return Err(self.failure("ended before it was ready"));
            };
            let taken = match line.trim_end().split_once(' ') {
                None if line.trim_end() == "ready" => return Ok(given),
                Some(("--param", text)) => given.add_param(text),
                Some(("--secret", text)) => given.add_secret(text),
                Some(("--job-env", text)) => given.add_job_env(text),
                _ => Err(self.failure("printed a line that is none of --param, --secret, --job-env and ready")),
            };
            taken.map_err(Problem::of_target)?;
        }
    }

    /// Ends the target and returns how many credentials are left in its system.
    pub(crate) async fn stop(mut self) -> Result<u64, Problem> {
        drop(self.stdin);
        let ending = async {
            let mut live = None;
            while let Ok(Some(line)) = self.lines.next_line().await {
                if let Some(number) = line.trim().strip_prefix("live ") {
                    live = number.trim().parse().ok();
                }
            }
            let _ = self.child.wait().await;
            live
        };
        let live = tokio::time::timeout(STOP_LIMIT, ending).await;
        let failure = |what: String| failure(&self.words, &what);
        match live {
            Ok(Some(live)) => Ok(live),
            Ok(None) => Err(failure("did not say how many credentials are left (`live N`)".into())),
            Err(_) => Err(failure(format!("did not stop within {} s of the end of its input", STOP_LIMIT.as_secs()))),
        }
    }

    fn failure(&self, what: &str) -> Problem {
        failure(&self.words, what)
    }
}

/// Keeps what the target says, for the case that it fails.
async fn listen(mut stderr: BufReader<tokio::process::ChildStderr>, words: Words) {
    let mut chunk = [0; 4096];
    while let Ok(length @ 1..) = stderr.read(&mut chunk).await {
        words.lock().unwrap_or_else(PoisonError::into_inner).push_str(&String::from_utf8_lossy(&chunk[..length]));
    }
}

fn failure(words: &Words, what: &str) -> Problem {
    let words = words.lock().unwrap_or_else(PoisonError::into_inner);
    Problem::cannot_start(format!("the target {what}"))
        .output(credjob_contract::redact::redact(&words).into_owned())
        .hint("run `cargo run --example target` in the provider's directory to see it alone, or give the inputs yourself with --no-target")
}

fn cannot_start(why: &str) -> Problem {
    Problem::cannot_start(format!("the target cannot be started: {why}"))
        .hint("give the inputs yourself with --no-target")
}

#[cfg(test)]
mod tests {
    use super::*;
    /// Starts a target written as a shell script.
    async fn start(script: &str, limit: Duration) -> Result<(Target, Given), Problem> {
        let mut shell = Command::new("sh");
        shell.arg("-c").arg(script);
        Target::start_within(shell, limit).await
    }

    #[tokio::test]
    async fn a_target_offers_inputs_and_counts_what_is_left() {
        let script = "echo '--param url=http://127.0.0.1:1'; echo '--secret login=kv:@/tmp/x'; echo '--job-env A=b c'; echo ready; cat >/dev/null; echo live 3";
        let (target, given) = start(script, READY_LIMIT).await.expect("ready");
        assert_eq!(given.params["url"], "http://127.0.0.1:1");
        assert_eq!(given.secrets["login"].secret_type, "kv");
        assert_eq!(given.job_env["A"], "b c");
        assert_eq!(target.stop().await.expect("stopped"), 3);
    }

    #[tokio::test]
    async fn a_target_that_ends_early_is_reported_with_its_words() {
        let script = "echo no server here >&2; exit 1";
        let text = start(script, READY_LIMIT).await.expect_err("ended").to_string();
        assert!(text.contains("no server here"), "{text}");
        assert!(text.contains("ended before it was ready"), "{text}");
    }

    #[tokio::test]
    async fn a_target_with_a_strange_line_is_reported() {
        let script = "echo hello world; echo ready; cat >/dev/null";
        let text = start(script, READY_LIMIT).await.expect_err("odd").to_string();
        assert!(text.contains("none of --param"), "{text}");
    }

    #[tokio::test]
    async fn a_target_that_is_never_ready_is_given_up() {
        let script = "exec cat";
        let text = start(script, Duration::from_millis(50)).await.expect_err("late").to_string();
        assert!(text.contains("was not ready"), "{text}");
    }

    #[tokio::test]
    async fn a_target_that_does_not_count_is_reported() {
        let script = "echo ready; cat >/dev/null";
        let (target, _) = start(script, READY_LIMIT).await.expect("ready");
        let text = target.stop().await.expect_err("mute").to_string();
        assert!(text.contains("live N"), "{text}");
    }
}
