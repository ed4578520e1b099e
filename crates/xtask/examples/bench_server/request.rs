//! One HTTP request as a server sees it.

use std::io::{BufRead, Read};

/// The largest body that a server reads; a job's are a few kilobytes.
const MAX_BODY: u64 = 1_000_000;

/// A request: enough to send it again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) path: String,
    /// `Content-Type`, `Authorization`, `Accept` and the like: everything but what belongs to the connection.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

/// Headers that the sender makes for its connection.
const OF_CONNECTION: [&str; 5] = ["host", "content-length", "connection", "user-agent", "accept-encoding"];

/// Reads the next request of a connection; `None` at its end.
pub(crate) fn read(from: &mut impl BufRead) -> Option<Request> {
    let mut line = String::new();
    from.read_line(&mut line).ok()?;
    let mut words = line.split_whitespace();
    let (method, path) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut headers = Vec::new();
    let mut length = 0;
    loop {
        let mut line = String::new();
        from.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(':') else {
            break;
        };
        let (name, value) = (name.to_lowercase(), value.trim());
        if name == "content-length" {
            length = value.parse().ok()?;
        }
        if !OF_CONNECTION.contains(&name.as_str()) {
            headers.push((name, value.to_owned()));
        }
    }
    let mut body = Vec::new();
    from.take(length.min(MAX_BODY)).read_to_end(&mut body).ok()?;
    Some(Request { method, path, headers, body })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_read_with_its_body_and_no_more() {
        let mut bytes: &[u8] =
            b"PUT /a HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nAccept: y\r\n\r\n{}GET /b HTTP/1.1\r\n\r\n";
        let first = read(&mut bytes).expect("one");
        assert_eq!(first.path, "/a");
        assert_eq!(first.headers, [("accept".to_owned(), "y".to_owned())]);
        assert_eq!(first.body, b"{}");
        assert_eq!(read(&mut bytes).expect("another").path, "/b");
        assert_eq!(read(&mut bytes), None);
    }
}
