//! The same requests, sent by one curl process.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::request::Request;
use super::server::Seen;
use crate::failed::{Checked, Failed};

/// A curl configuration that sends the requests of a job again.
#[derive(Debug)]
pub(crate) struct Replay {
    config: PathBuf,
}

impl Replay {
    /// Writes the configuration, and one file per body, into `folder`.
    pub(crate) fn of(seen: &Seen, folder: &Path) -> Checked<Self> {
        let mut parts = Vec::new();
        for (number, (address, request)) in seen.requests.iter().enumerate() {
            let body = folder.join(format!("body-{number}"));
            write(&body, &request.body)?;
            parts.push(part(address, request, &body));
        }
        let config = folder.join("curl.config");
        write(&config, parts.join("next\n").as_bytes())?;
        Ok(Self { config })
    }

    /// The curl process.
    pub(crate) fn command(&self, curl: &str) -> Command {
        let mut command = Command::new(curl);
        command.arg("--disable").arg("--config").arg(&self.config);
        command
    }
}

/// The options of one request in curl's configuration syntax.
fn part(address: &str, request: &Request, body: &Path) -> String {
    let mut lines = vec![
        format!("url = \"{}{}\"", address, quoted(&request.path)),
        format!("request = \"{}\"", quoted(&request.method)),
        "silent".to_owned(),
        "show-error".to_owned(),
        "fail".to_owned(),
        "output = \"/dev/null\"".to_owned(),
    ];
    for (name, value) in &request.headers {
        lines.push(format!("header = \"{}: {}\"", quoted(name), quoted(value)));
    }
    if !request.body.is_empty() {
        lines.push(format!("data-binary = \"@{}\"", quoted(&body.display().to_string())));
    }
    lines.join("\n") + "\n"
}

fn quoted(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}

fn write(path: &Path, bytes: &[u8]) -> Checked {
    std::fs::write(path, bytes).map_err(|error| Failed::new(format!("cannot write {}: {error}", path.display())))
}

/// Checks that curl sent what the job sent: same methods, addresses and bodies. The order may differ where a job sends two at a time.
pub(crate) fn same(job: &Seen, curl: &Seen) -> Checked {
    let essence = |seen: &Seen| -> Vec<_> {
        let mut list: Vec<_> = seen
            .requests
            .iter()
            .map(|(address, request)| {
                (address.clone(), request.method.clone(), request.path.clone(), request.body.clone())
            })
            .collect();
        list.sort();
        list
    };
    if essence(job) == essence(curl) {
        return Ok(());
    }
    Err(Failed::new("curl did not send the requests that the job sent"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_becomes_curl_options() {
        let request = Request {
            method: "POST".into(),
            path: "/a?b=\"c\"".into(),
            headers: vec![("accept".into(), "application/json".into())],
            body: b"x".to_vec(),
        };
        let text = part("http://127.0.0.1:1", &request, Path::new("/tmp/body-0"));
        assert!(text.starts_with("url = \"http://127.0.0.1:1/a?b=\\\"c\\\"\"\nrequest = \"POST\"\n"), "{text}");
        assert!(text.ends_with("header = \"accept: application/json\"\ndata-binary = \"@/tmp/body-0\"\n"), "{text}");
    }
}
