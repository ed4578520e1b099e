//! The external system of `credjob dry-run`: a stand-in on this machine. Start your real system here if it runs on a laptop.
//!
//! Prints the lines that `dry-run` reads, then `ready`; ends with its standard input, and says how many tokens are left.

use std::io::{self, Read as _, Write as _};
use std::sync::Arc;

use credjob_testkit::server::StandInServer;

#[path = "../tests/support/stand_in.rs"]
#[expect(dead_code, reason = "the tests use the rest of it")]
mod stand_in;

use stand_in::System;

/// Accepted by this process only, and only on this machine.
const LOGIN: &str = "login-token-of-the-stand-in";

#[tokio::main]
async fn main() -> io::Result<()> {
    let system = Arc::new(System::new(LOGIN));
    let server = StandInServer::start(Arc::clone(&system)).await?;
    // Readable by this user only, as every file that `tempfile` makes.
    let mut login = tempfile::NamedTempFile::new()?;
    login.write_all(LOGIN.as_bytes())?;
    println!("--param base_url={}", server.url());
    println!("--secret login_secret_id=@{}", login.path().display());
    println!("--job-env CREDJOB_ALLOWED_HOSTS=127.0.0.1");
    println!("ready");
    // On a thread of its own: the system goes on answering meanwhile.
    let ended = tokio::task::spawn_blocking(|| io::stdin().read_to_end(&mut Vec::new())).await;
    ended.map_err(io::Error::other)??;
    println!("live {}", system.live());
    Ok(())
}
