//! The `main` of every job binary: `schema`, `docs`, `--version`, `--help`, or one run.

use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use credjob_contract::{Credentials, Environment, Exit, JobConfig, Params, Problem, ReportableProblem, codes};
use credjob_http::{Clock, OsRandom, ReqwestTransport, Roots, TlsError};

use crate::watchdog::Watchdog;
use crate::{CredentialsProvider, World, docs, life, logging, panics, signals};

/// Name and version of the provider's own package.
#[derive(Debug, Clone, Copy)]
pub struct Program {
    /// `CARGO_PKG_NAME`.
    pub name: &'static str,
    /// `CARGO_PKG_VERSION`.
    pub version: &'static str,
    /// `CARGO_PKG_DESCRIPTION`.
    pub description: &'static str,
}

/// What [`run!`](crate::run) expands to a call of.
pub fn main<P: CredentialsProvider>(provider: &P, program: Program) -> ExitCode {
    let arguments: Vec<_> = std::env::args_os().skip(1).collect();
    let arguments: Vec<_> = arguments.iter().map(|argument| argument.to_string_lossy()).collect();
    match arguments.iter().map(AsRef::as_ref).collect::<Vec<_>>().as_slice() {
        [] => run(provider),
        ["schema"] => schema::<P>(),
        ["docs"] => print(&docs::markdown::<P>()),
        ["--version" | "-V"] => print(&format!("{} {}\n", program.name, program.version)),
        ["--help" | "-h" | "help"] => print(&help(program)),
        _ => {
            complain(&format!("unknown arguments; try `{} --help`", program.name));
            exit(Exit::CannotAddress)
        }
    }
}

fn run<P: CredentialsProvider>(provider: &P) -> ExitCode {
    let started = Instant::now();
    let log = std::env::var("CREDJOB_LOG").ok().filter(|filter| !filter.is_empty());
    let log_problem = logging::start(log.as_deref());
    panics::install_hook();
    if let Some(problem) = log_problem {
        tracing::warn!(event = "bad_log_filter", "{problem}");
    }
    let mut environment = match Environment::read(std::env::vars_os()) {
        Ok(environment) => environment,
        Err(problems) => {
            let problems: Vec<String> = problems.iter().map(Problem::to_string).collect();
            tracing::error!(
                event = "cannot_address_task",
                problems = problems.join("; "),
                "the secret task cannot be addressed; this program is started by Secrets Manager, or locally by `credjob dry-run`"
            );
            return exit(Exit::CannotAddress);
        }
    };
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            tracing::error!(event = "no_runtime", error = %error, "the operating system refused what a run needs");
            return exit(Exit::NothingReported);
        }
    };
    let transport = Arc::new(transport(&mut environment));
    let watchdog = Watchdog::start(started + environment.settings.deadline);
    let ending = runtime.block_on(async {
        let stop = signals::listen().unwrap_or_else(|error| {
            tracing::warn!(event = "no_signals", error = %error, "signals cannot be heard; only the deadline ends this run early");
            crate::StopSignal::never()
        });
        let world = World {
            transport,
            clock: Clock::system(),
            random: Arc::new(OsRandom),
            stop,
            watchdog,
        };
        life::live(provider, environment, world).await
    });
    logging::write_line(&summary_line(&ending.summary));
    // A blocking task must not hold the process.
    runtime.shutdown_background();
    logging::close();
    exit(ending.exit)
}

/// A transport that trusts the roots that the settings name. Files that cannot be used are reported on the task, over the
/// bundled roots.
fn transport(environment: &mut Environment) -> ReqwestTransport {
    let settings = &environment.settings;
    let roots = Roots { ssl_cert_file: settings.ssl_cert_file.clone(), ca_file: settings.ca_file.clone() };
    let files = roots.ssl_cert_file.is_some() || roots.ca_file.is_some();
    let transport = ReqwestTransport::new(roots);
    // The bundled roots need no check, and no time before the first request.
    let Some(Err(error)) = files.then(|| transport.prepare()) else { return transport };
    let problem = match error {
        TlsError::File { variable, file, reason } => {
            Problem::new(variable, format!("cannot use {}: {reason}", file.display()))
        }
        other => Problem::new("SSL_CERT_FILE", other.to_string()),
    };
    environment.problems.push(ReportableProblem { code: codes::BAD_ENVIRONMENT, problem });
    ReqwestTransport::new(Roots::default())
}

/// The summary in the form of the other log lines.
fn summary_line(summary: &serde_json::Value) -> String {
    let mut line = serde_json::json!({ "timestamp": logging::now(), "level": "INFO", "target": "credjob" });
    if let (Some(line), Some(summary)) = (line.as_object_mut(), summary.as_object()) {
        line.extend(summary.clone());
    }
    line.to_string()
}

fn schema<P: CredentialsProvider>() -> ExitCode {
    match JobConfig::from_specs(P::Params::FIELDS, P::Credentials::FIELDS) {
        Ok(config) => print(&config.to_json()),
        Err(problems) => {
            for problem in problems {
                complain(&problem.to_string());
            }
            exit(Exit::CannotAddress)
        }
    }
}

fn help(program: Program) -> String {
    let Program { name, version, description } = program;
    format!(
        "{name} {version}\n{description}\n\n\
         A credjob provider: Secrets Manager starts it without arguments, once for each secret task.\n\n\
         Usage: {name} [schema | docs | --version | --help]\n\n\
         \x20 (no argument)  works on the task that the SM_* variables name\n\
         \x20 schema         prints job_config.json: the inputs and outputs of the job\n\
         \x20 docs           prints inputs, outputs, error codes and exit codes as Markdown\n\n\
         Examples:\n\
         \x20 {name} schema > job_config.json\n\
         \x20 credjob dry-run --bin ./{name}\n\n\
         Variables of the job: CREDJOB_DEADLINE, CREDJOB_ALLOWED_HOSTS, CREDJOB_CA_FILE, CREDJOB_LOG, CREDJOB_IAM_URL,\n\
         CREDJOB_TRUSTED_PROFILE_ID, CREDJOB_TRUSTED_PROFILE_NAME, CREDJOB_CR_TOKEN_FILE, SSL_CERT_FILE, HTTPS_PROXY.\n\
         Exit codes: {}.\n",
        Exit::ALL.iter().map(|exit| format!("{} {}", exit.code(), exit.meaning())).collect::<Vec<_>>().join("; ")
    )
}

fn print(text: &str) -> ExitCode {
    match io::stdout().write_all(text.as_bytes()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => exit(Exit::CannotAddress),
    }
}

fn complain(text: &str) {
    // Nowhere is left to tell that standard error is closed.
    let _ = writeln!(io::stderr(), "{text}");
}

fn exit(exit: Exit) -> ExitCode {
    ExitCode::from(exit.code())
}
