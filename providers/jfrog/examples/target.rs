//! The external system of `credjob dry-run`: a stand-in for a JFrog platform on this machine.
//!
//! Prints the lines that `dry-run` reads (DESIGN section 10), then `ready`; ends with its standard input, after saying how
//! many tokens it still holds.

#![expect(clippy::doc_markdown, reason = "JFrog is a name, not code")]
#![expect(clippy::expect_used, reason = "the server of the stand-in proves what it expects")]

use std::io::{self, Read as _, Write as _};

#[path = "../tests/support/mod.rs"]
#[expect(dead_code, reason = "the tests use the rest of it")]
mod support;

use support::stand_in::StandIn;

/// Accepted by this process only, and only on this machine.
const ADMIN_TOKEN: &str = "admin-token-of-the-stand-in";

#[tokio::main(flavor = "current_thread")]
async fn main() -> io::Result<()> {
    let platform = StandIn::new(ADMIN_TOKEN);
    let address = support::server::serve(platform.clone()).await?;
    // Readable by this user only, as every file that `tempfile` makes.
    let mut login = tempfile::NamedTempFile::new()?;
    login.write_all(ADMIN_TOKEN.as_bytes())?;
    login.flush()?;

    let mut out = io::stdout();
    writeln!(out, "--param jfrog_base_url=http://{address}")?;
    writeln!(out, "--secret login_secret_id=arbitrary:@{}", login.path().display())?;
    writeln!(out, "--job-env CREDJOB_ALLOWED_HOSTS=127.0.0.1")?;
    writeln!(out, "ready")?;
    out.flush()?;

    // A thread of its own: the platform goes on answering meanwhile.
    let ended = tokio::task::spawn_blocking(|| io::stdin().read_to_end(&mut Vec::new())).await;
    ended.map_err(io::Error::other)??;
    writeln!(out, "live {}", platform.live())?;
    out.flush()
}
