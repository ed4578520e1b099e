//! The servers that `cargo xtask bench` measures against: IAM, Secrets Manager and the platform of `jfrog`, each on a port of its own, over
//! plain HTTP or TLS, with as little work as possible.
//!
//! A process of its own, so that its time on a CPU can be told from that of the job. The first line on standard output is a JSON object with the
//! addresses and the ids that a job needs. Each line on standard input is answered with what arrived since the one before; the end of standard
//! input ends the process.

mod answer;
mod log;
mod options;
mod request;
mod serve;
mod tls;

use std::io::Write as _;
use std::process::ExitCode;
use std::sync::Arc;

use serde_json::json;

use answer::{CREDENTIALS, LOGIN, SECRET, TASK};
use log::Log;
use options::Options;
use serve::Service;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("bench_server: {problem}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), String> {
    let options = Options::parse(std::env::args().skip(1))?;
    let tls = options.ca_file.as_deref().map(tls::with_new_authority).transpose()?;
    let log = Arc::new(Log::default());
    let service = Service { login: Arc::new(options.login), delay: options.delay, tls, log: Arc::clone(&log) };
    say(&json!({
        "iam": serve::listen(&service)?, "service": serve::listen(&service)?, "platform": serve::listen(&service)?,
        "task": TASK, "secret": SECRET, "login": LOGIN, "credentials": CREDENTIALS,
    }))?;
    for _ in std::io::stdin().lines().map_while(Result::ok) {
        say(&log.take())?;
    }
    Ok(())
}

fn say(line: &serde_json::Value) -> Result<(), String> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}").and_then(|()| out.flush()).map_err(|error| format!("nobody listens: {error}"))
}
