//! What can go wrong with one request.

use std::fmt;
use std::str::FromStr;

/// What happens to one request of a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Fault {
    /// Nothing: the request is handled. Lets a script hit a later request.
    Pass,
    /// The connection is closed without an answer, and nothing is applied.
    RequestLost,
    /// The request is applied, then the connection is closed without an answer.
    ResponseLost,
    /// No answer ever comes, and nothing is applied.
    HangBefore,
    /// The request is applied, but no answer ever comes.
    HangAfter,
    /// This status with the service's error body, and nothing is applied.
    Status(u16),
    /// The request is applied, but answered with this status and the service's error body.
    StatusAfter(u16),
    /// Status 200 with half a JSON text, and nothing is applied.
    Garbage,
    /// The request is applied, but answered with status 200 and half a JSON text.
    GarbageAfter,
    /// Status 200 with an HTML page, as a proxy sends it, and nothing is applied.
    Html,
}

/// What the command line accepts, for error texts and `--help`.
pub(crate) const FAULT_WORDS: &str = "pass, request-lost, response-lost, hang-before, hang-after, status-NNN, status-after-NNN, garbage, garbage-after, html";

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pass => formatter.write_str("pass"),
            Self::RequestLost => formatter.write_str("request-lost"),
            Self::ResponseLost => formatter.write_str("response-lost"),
            Self::HangBefore => formatter.write_str("hang-before"),
            Self::HangAfter => formatter.write_str("hang-after"),
            Self::Status(status) => write!(formatter, "status-{status}"),
            Self::StatusAfter(status) => write!(formatter, "status-after-{status}"),
            Self::Garbage => formatter.write_str("garbage"),
            Self::GarbageAfter => formatter.write_str("garbage-after"),
            Self::Html => formatter.write_str("html"),
        }
    }
}

impl FromStr for Fault {
    type Err = String;

    /// Reads a word such as `response-lost` or `status-503`.
    ///
    /// # Errors
    ///
    /// A text that names every fault that exists; a status outside 200 to 599 is refused.
    fn from_str(word: &str) -> Result<Self, Self::Err> {
        let unknown = || format!("there is no fault `{word}`; the faults are {FAULT_WORDS}");
        let status = |digits: &str| match digits.parse::<u16>() {
            Ok(status @ 200..=599) => Ok(status),
            Ok(_) => Err(format!("the status of the fault `{word}` must be from 200 to 599")),
            Err(_) => Err(unknown()),
        };
        match word {
            "pass" => Ok(Self::Pass),
            "request-lost" => Ok(Self::RequestLost),
            "response-lost" => Ok(Self::ResponseLost),
            "hang-before" => Ok(Self::HangBefore),
            "hang-after" => Ok(Self::HangAfter),
            "garbage" => Ok(Self::Garbage),
            "garbage-after" => Ok(Self::GarbageAfter),
            "html" => Ok(Self::Html),
            _ => match (word.strip_prefix("status-after-"), word.strip_prefix("status-")) {
                (Some(digits), _) => status(digits).map(Self::StatusAfter),
                (None, Some(digits)) => status(digits).map(Self::Status),
                (None, None) => Err(unknown()),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_reads_back() {
        let all = [
            Fault::Pass,
            Fault::RequestLost,
            Fault::ResponseLost,
            Fault::HangBefore,
            Fault::HangAfter,
            Fault::Status(503),
            Fault::StatusAfter(500),
            Fault::Garbage,
            Fault::GarbageAfter,
            Fault::Html,
        ];
        for fault in all {
            assert_eq!(fault.to_string().parse(), Ok(fault));
        }
    }

    #[test]
    fn an_unknown_fault_lists_all() {
        assert!("lost".parse::<Fault>().unwrap_err().contains(FAULT_WORDS));
        assert!("status-teapot".parse::<Fault>().unwrap_err().contains(FAULT_WORDS));
    }

    #[test]
    fn a_status_must_be_one() {
        assert!("status-42".parse::<Fault>().unwrap_err().contains("200 to 599"));
    }
}
