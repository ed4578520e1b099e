//! From an answer to an outcome: the table of DESIGN section 6, for any request.

use std::time::SystemTime;

use crate::{Attempt, Cause, Response, TransportError, TransportFault, retry_after::retry_after};

/// Says what one attempt did. `wall` is the time of day, against which a `Retry-After` date is read.
///
/// | Answer | Outcome |
/// |---|---|
/// | 2xx | applied |
/// | no connection, no name, no TLS session, 429 | not sent |
/// | any other 4xx except 408 | refused (also 401: only the caller knows whether a fresh token may help) |
/// | everything else: timeout, reset, 408, 1xx, 3xx, 5xx, a truncated or oversized body | unknown |
pub fn classify(result: Result<Response, TransportError>, wall: SystemTime) -> Attempt<Response> {
    let response = match result {
        Ok(response) => response,
        Err(TransportError::NotSent(fault)) => return Attempt::NotSent(fault.into()),
        Err(TransportError::Unknown(fault)) => return Attempt::Unknown(fault.into()),
    };
    let status = response.status;
    if (200..300).contains(&status) {
        return Attempt::Applied(response);
    }
    let mut cause = Cause::new(format!("status {status}"));
    cause.status = Some(status);
    cause.retry_after = retry_after(&response, wall);
    cause.response = Some(response);
    match status {
        429 => Attempt::NotSent(cause),
        408 => Attempt::Unknown(cause),
        400..500 => Attempt::Refused(cause),
        // Redirects are off; the same URL would answer the same again.
        300..400 => Attempt::Unknown(cause.lasting()),
        _ => Attempt::Unknown(cause),
    }
}

impl From<TransportFault> for Cause {
    fn from(fault: TransportFault) -> Self {
        Self { detail: fault.detail, lasting: fault.lasting, ..Self::new(fault.text) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Outcome;

    fn status(status: u16) -> Attempt<Response> {
        classify(Ok(Response::new(status, "")), SystemTime::UNIX_EPOCH)
    }

    #[test]
    fn every_2xx_is_applied() {
        for code in [200, 201, 202, 204, 299] {
            assert_eq!(status(code).outcome(), Outcome::Applied, "{code}");
        }
    }

    #[test]
    fn too_many_requests_is_not_sent() {
        assert_eq!(status(429).outcome(), Outcome::NotSent);
    }

    #[test]
    fn other_4xx_are_refused() {
        for code in [400, 401, 403, 404, 405, 409, 410, 412, 422, 451, 499] {
            assert_eq!(status(code).outcome(), Outcome::Refused, "{code}");
        }
    }

    #[test]
    fn a_request_timeout_is_unknown() {
        assert_eq!(status(408).outcome(), Outcome::Unknown);
    }

    #[test]
    fn everything_else_is_unknown() {
        for code in [100, 199, 300, 301, 307, 399, 500, 502, 503, 504, 599, 600] {
            assert_eq!(status(code).outcome(), Outcome::Unknown, "{code}");
        }
    }

    #[test]
    fn only_a_redirect_is_lasting() {
        let lasting = |code| status(code).cause().is_some_and(|cause| cause.lasting);
        assert!(lasting(302));
        for code in [408, 429, 500, 503] {
            assert!(!lasting(code), "{code}");
        }
    }

    #[test]
    fn a_refusal_keeps_status_body_and_retry_after() {
        let answer = Response::new(429, "busy").with_header("retry-after", "7");
        let attempt = classify(Ok(answer), SystemTime::UNIX_EPOCH);
        let cause = attempt.cause().unwrap();
        assert_eq!(cause.status, Some(429));
        assert_eq!(cause.response.as_ref().unwrap().bytes(), b"busy");
        assert_eq!(cause.retry_after.unwrap().as_secs(), 7);
    }

    #[test]
    fn a_transport_that_did_not_send_is_not_sent() {
        let attempt = classify(Err(TransportError::not_sent("no connection")), SystemTime::UNIX_EPOCH);
        assert_eq!(attempt.outcome(), Outcome::NotSent);
        assert_eq!(attempt.cause().unwrap().text, "no connection");
    }

    #[test]
    fn a_transport_that_lost_the_answer_is_unknown() {
        let error = TransportError::unknown("cut off").with_detail("os error 104").lasting();
        let attempt = classify(Err(error), SystemTime::UNIX_EPOCH);
        assert_eq!(attempt.outcome(), Outcome::Unknown);
        let cause = attempt.cause().unwrap();
        assert!(cause.lasting);
        assert_eq!(cause.detail.as_ref().unwrap().to_string(), "os error 104");
    }
}
