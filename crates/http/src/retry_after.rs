//! The `Retry-After` header (RFC 9110 section 10.2.3): seconds or a date.

use std::time::{Duration, SystemTime};

use crate::Response;

/// How long the server asks to wait; `None` when it does not say or what it says is neither seconds nor a date.
/// A date in the past means "now".
pub(crate) fn retry_after(response: &Response, wall: SystemTime) -> Option<Duration> {
    let value = response.header("retry-after")?.trim();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        // Digits only: the one way to fail is a number above u64, which is "never" like any huge number.
        return Some(Duration::from_secs(value.parse().unwrap_or(u64::MAX)));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    Some(date.duration_since(wall).unwrap_or(Duration::ZERO))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 1994-11-06 08:49:37 UTC, the date of RFC 9110's example.
    const EXAMPLE: Duration = Duration::from_secs(784_111_777);

    fn read(value: &str) -> Option<Duration> {
        let wall = SystemTime::UNIX_EPOCH + EXAMPLE;
        retry_after(&Response::new(503, "").with_header("retry-after", value), wall)
    }

    #[test]
    fn seconds_are_read() {
        assert_eq!(read("120"), Some(Duration::from_secs(120)));
        assert_eq!(read(" 0 "), Some(Duration::ZERO));
    }

    #[test]
    fn a_date_counts_from_the_wall_clock() {
        assert_eq!(read("Sun, 06 Nov 1994 08:50:07 GMT"), Some(Duration::from_secs(30)));
    }

    #[test]
    fn a_date_in_the_past_means_now() {
        assert_eq!(read("Sun, 06 Nov 1994 08:00:00 GMT"), Some(Duration::ZERO));
    }

    #[test]
    fn a_huge_number_means_never() {
        assert_eq!(read("99999999999999999999999"), Some(Duration::from_secs(u64::MAX)));
    }

    #[test]
    fn anything_else_is_ignored() {
        for value in ["", "soon", "-1", "1.5", "+3", "Sun, 99 Nov 1994 08:49:37 GMT"] {
            assert_eq!(read(value), None, "{value}");
        }
    }
}
