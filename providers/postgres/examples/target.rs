//! The external system of `credjob dry-run`: a private PostgreSQL server on this machine, with an application's database.
//!
//! Prints the lines that `dry-run` reads, then `ready`; ends with its standard input, after saying how many roles of the
//! provider are left. Without PostgreSQL it says what to install.

#![expect(clippy::expect_used, reason = "the private server proves what it expects")]
#![expect(clippy::doc_markdown, reason = "PostgreSQL is a name, not code")]

use std::io::{self, Read as _, Write as _};
use std::process::ExitCode;

#[path = "../tests/support/mod.rs"]
#[expect(dead_code, reason = "the tests use the rest of it")]
mod support;

use support::{app, install};

#[tokio::main(flavor = "current_thread")]
async fn main() -> io::Result<ExitCode> {
    if let Err(how) = install::installed() {
        eprintln!("{how}");
        return Ok(ExitCode::FAILURE);
    }
    let server = app::server().await;
    // Readable by this user only, as every file that `tempfile` makes.
    let mut login = tempfile::NamedTempFile::new()?;
    login.write_all(app::credentials(&server).to_string().as_bytes())?;
    login.flush()?;

    let mut out = io::stdout();
    writeln!(out, "--param schema_name=app")?;
    writeln!(out, "--secret login_secret_id=kv:@{}", login.path().display())?;
    writeln!(out, "ready")?;
    out.flush()?;

    let ended = tokio::task::spawn_blocking(|| io::stdin().read_to_end(&mut Vec::new())).await;
    ended.map_err(io::Error::other)??;
    writeln!(out, "live {}", app::roles(&server).await.len())?;
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}
