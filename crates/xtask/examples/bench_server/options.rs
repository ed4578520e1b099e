//! What the bench asks of its servers.

use std::path::PathBuf;
use std::time::Duration;

use serde_json::{Value, json};

/// The arguments.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Options {
    /// `--tls FILE`: serve TLS, and write the certificate of the authority that was made for it to this file.
    pub(crate) ca_file: Option<PathBuf>,
    /// `--delay MILLISECONDS`: how long each request waits for its answer.
    pub(crate) delay: Duration,
    /// `--login JSON`: what belongs to its type in the login secret. Without it, the secret is a token.
    pub(crate) login: Value,
}

impl Options {
    pub(crate) fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let token = json!({"secret_type": "arbitrary", "payload": "canary-bench-login-token"});
        let mut options = Self { ca_file: None, delay: Duration::ZERO, login: token };
        while let Some(name) = arguments.next() {
            let value = arguments.next().ok_or_else(|| format!("{name} has no value"))?;
            match name.as_str() {
                "--tls" => options.ca_file = Some(value.into()),
                "--delay" => {
                    options.delay = Duration::from_millis(value.parse().map_err(|_| format!("{value} is no number"))?);
                }
                "--login" => {
                    options.login = serde_json::from_str(&value).map_err(|_| "--login is no JSON".to_owned())?;
                }
                _ => return Err(format!("unknown argument {name}")),
            }
        }
        Ok(options)
    }
}
