//! The `Retry-After` header (RFC 9110 section 10.2.3), read and waited for.

use std::time::{Duration, SystemTime};

use credjob::http::script::{Answer, Call, ScriptedTransport};
use credjob::http::{MIN_ATTEMPT, Request, Response, classify};
use tokio::time::Instant;

use crate::input::text;
use crate::service::{http, in_virtual_time, now};

/// What the requests may take.
const BUDGET: Duration = Duration::from_secs(60);

/// An input is the value of the header.
pub(super) fn check(data: &[u8]) {
    let value = text(data);
    let wait = read(&value);
    assert!(wait == expected(&value), "read as {wait:?}");
    if let Ok(seconds) = value.parse::<u32>() {
        dates_read_back(Duration::from_secs(seconds.into()));
    }
    is_waited_for(&value, wait.unwrap_or_default());
}

fn read(value: &str) -> Option<Duration> {
    classify(Ok(busy(value)), now()).cause().and_then(|cause| cause.retry_after)
}

fn busy(value: &str) -> Response {
    Response::new(503, "").with_header("retry-after", value)
}

/// Digits are seconds, and anything else a date or nothing; a date in the past means now.
fn expected(value: &str) -> Option<Duration> {
    // Other characters cannot stand in a header, so there is none.
    let value = Some(value).filter(|value| value.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\t')))?.trim();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        let seconds =
            value.bytes().fold(0_u64, |sum, digit| sum.saturating_mul(10).saturating_add(u64::from(digit - b'0')));
        return Some(Duration::from_secs(seconds));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    Some(date.duration_since(now()).unwrap_or(Duration::ZERO))
}

fn dates_read_back(distance: Duration) {
    let date = |time: SystemTime| httpdate::fmt_http_date(time);
    assert_eq!(read(&date(now() + distance)), Some(distance));
    if let Some(past) = now().checked_sub(distance).filter(|past| *past >= SystemTime::UNIX_EPOCH) {
        assert_eq!(read(&date(past)), Some(Duration::ZERO));
    }
}

/// A server that is busy once: asked again after the wait and not before, or given up at once.
fn is_waited_for(value: &str, wait: Duration) {
    let script = ScriptedTransport::new();
    script.expect(Call::any(), busy(value)).expect(Call::any(), Answer::status(200));
    in_virtual_time(async {
        let http = http(&script, BUDGET);
        let start = Instant::now();
        let answer = http.send(Request::get("ask", "https://x.example.com/")).await;
        let (took, requests) = (start.elapsed(), script.requests().len());
        if wait.checked_add(MIN_ATTEMPT).is_some_and(|needed| needed <= BUDGET) {
            assert!(answer.is_ok() && requests == 2, "{requests} requests instead of 2");
            assert!(took >= wait && took < BUDGET, "{took:?} instead of {wait:?}");
        } else {
            assert!(answer.is_err() && requests == 1 && took.is_zero(), "{requests} requests in {took:?}");
        }
    });
}
