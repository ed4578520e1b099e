//! The same requests, sent by one curl process.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::seen::{Request, Seen};
use crate::failed::{Checked, Failed};

/// A curl configuration that sends the requests of a job again.
#[derive(Debug)]
pub(crate) struct Replay {
    curl: String,
    config: PathBuf,
}

impl Replay {
    /// Writes the configuration, and one file per body, into `folder`. Over TLS, curl trusts `ca_file`.
    pub(crate) fn of(curl: &str, seen: &Seen, ca_file: Option<&Path>, folder: &Path) -> Checked<Self> {
        let mut parts = Vec::new();
        for (number, request) in seen.requests.iter().enumerate() {
            let body = folder.join(format!("body-{number}"));
            write(&body, &request.body)?;
            parts.push(part(request, ca_file, &body));
        }
        let config = folder.join("curl.config");
        write(&config, &parts.join("next\n"))?;
        Ok(Self { curl: curl.to_owned(), config })
    }

    /// The curl process.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(&self.curl);
        command.arg("--disable").arg("--config").arg(&self.config);
        command
    }
}

/// The options of one request in curl's configuration syntax.
fn part(request: &Request, ca_file: Option<&Path>, body: &Path) -> String {
    let mut lines = vec![
        format!("url = \"{}{}\"", request.address, quoted(&request.path)),
        format!("request = \"{}\"", quoted(&request.method)),
        "silent".to_owned(),
        "show-error".to_owned(),
        "fail".to_owned(),
        "output = \"/dev/null\"".to_owned(),
    ];
    if let Some(ca_file) = ca_file {
        lines.push(format!("cacert = \"{}\"", quoted(&ca_file.display().to_string())));
    }
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

fn write(path: &Path, text: &str) -> Checked {
    std::fs::write(path, text).map_err(|error| Failed::new(format!("cannot write {}: {error}", path.display())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_becomes_curl_options() {
        let request = Request {
            address: "https://127.0.0.1:1".into(),
            method: "POST".into(),
            path: "/a?b=\"c\"".into(),
            headers: vec![("accept".into(), "application/json".into())],
            body: "x".into(),
            status: 200,
        };
        let text = part(&request, Some(Path::new("/tmp/ca.pem")), Path::new("/tmp/body-0"));
        assert!(text.starts_with("url = \"https://127.0.0.1:1/a?b=\\\"c\\\"\"\nrequest = \"POST\"\n"), "{text}");
        let end = "cacert = \"/tmp/ca.pem\"\nheader = \"accept: application/json\"\ndata-binary = \"@/tmp/body-0\"\n";
        assert!(text.ends_with(end), "{text}");
    }
}
