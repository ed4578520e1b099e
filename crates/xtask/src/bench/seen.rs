//! What reached the servers.

use serde_json::Value;

use crate::failed::{Checked, Failed};

/// Requests and connections of some runs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) requests: Vec<Request>,
    pub(crate) connections: usize,
}

/// A request: enough to send it again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Request {
    /// The address it was sent to: scheme, host and port.
    pub(crate) address: String,
    pub(crate) method: String,
    pub(crate) path: String,
    /// `Content-Type`, `Authorization`, `Accept` and the like: everything but what belongs to the connection.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
    /// Of its answer.
    pub(crate) status: u64,
}

impl Seen {
    /// Reads a line of the servers.
    pub(crate) fn parse(line: &str) -> Option<Self> {
        let line: Value = serde_json::from_str(line).ok()?;
        let requests = line["requests"].as_array()?.iter().map(request).collect::<Option<_>>()?;
        Some(Self { requests, connections: usize::try_from(line["connections"].as_u64()?).ok()? })
    }

    /// Fails if a run did anything but report success, whatever its exit code.
    pub(crate) fn check(&self) -> Checked {
        if let Some(strange) = self.requests.iter().find(|request| request.status == 404) {
            let asked = format!("{} {}", strange.method, strange.path);
            return Err(Failed::new(format!(
                "the job asked the servers of the bench for what they do not have: {asked}"
            ))
            .hint("teach crates/xtask/examples/bench_server/answer.rs the answer"));
        }
        let mut reports = self.requests.iter().filter(|request| request.method == "PUT").peekable();
        if reports.peek().is_none() {
            return Err(Failed::new("the job has reported nothing"));
        }
        let mut reports = reports.map(|request| serde_json::from_str(&request.body).unwrap_or_default());
        match reports.find(|report: &Value| report["status"] == "failed") {
            Some(failed) => Err(Failed::new(format!("a run has failed: {}", failed["errors"]))),
            None => Ok(()),
        }
    }

    /// Checks that curl sent what the job sent: same methods, addresses and bodies. The order may differ where a job sends two at a time.
    pub(crate) fn check_same(&self, curl: &Self) -> Checked {
        let essence = |seen: &Self| {
            let mut list: Vec<_> = seen
                .requests
                .iter()
                .map(|request| [&request.address, &request.method, &request.path, &request.body].map(Clone::clone))
                .collect();
            list.sort();
            list
        };
        if essence(self) == essence(curl) {
            return Ok(());
        }
        Err(Failed::new("curl did not send the requests that the job sent"))
    }
}

fn request(line: &Value) -> Option<Request> {
    let text = |name: &str| line[name].as_str().map(str::to_owned);
    let header = |header: &Value| Some((header[0].as_str()?.to_owned(), header[1].as_str()?.to_owned()));
    Some(Request {
        address: text("address")?,
        method: text("method")?,
        path: text("path")?,
        headers: line["headers"].as_array()?.iter().map(header).collect::<Option<_>>()?,
        body: text("body")?,
        status: line["status"].as_u64()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reported(body: &str, status: u64) -> Seen {
        let line = serde_json::json!({"connections": 1, "requests": [{
            "address": "http://127.0.0.1:1", "method": "PUT", "path": "/task", "headers": [["accept", "x"]], "body": body, "status": status,
        }]});
        Seen::parse(&line.to_string()).expect("a line of the servers")
    }

    #[test]
    fn only_success_is_measured() {
        reported(r#"{"status":"credentials_created"}"#, 200).check().expect("created");
        let failed = reported(r#"{"status":"failed","errors":[{"code":"x"}]}"#, 200).check().expect_err("failed");
        assert!(failed.to_string().contains(r#"[{"code":"x"}]"#), "{failed}");
        Seen::default().check().expect_err("nothing");
    }

    #[test]
    fn a_request_without_an_answer_is_named() {
        let strange = reported("", 404).check().expect_err("strange").to_string();
        assert!(strange.contains("PUT /task"), "{strange}");
    }

    #[test]
    fn other_requests_are_not_the_same() {
        let (one, other) = (reported("a", 200), reported("b", 200));
        one.check_same(&one).expect("the same");
        one.check_same(&other).expect_err("another body");
    }

    #[test]
    fn half_a_line_is_none() {
        assert_eq!(Seen::parse(r#"{"connections": 1, "requests": [{}]}"#), None);
    }
}
