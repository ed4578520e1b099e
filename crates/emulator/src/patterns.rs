//! The patterns of PROTOCOL 5.3, by hand: nested repetition is dangerous in some engines and clear in none.

use std::time::Duration;

use credjob_contract::{SecretId, TaskId};

/// A UUID in lower case, any version.
pub(crate) fn is_uuid(text: &str) -> bool {
    text.parse::<SecretId>().is_ok()
}

/// `sm-task-` and a UUID.
pub(crate) fn is_task_id(text: &str) -> bool {
    text.parse::<TaskId>().is_ok()
}

/// The name of a secret, group or configuration: letters, digits, `_`, `-`, `.`; begins with no dash or dot, ends with
/// a letter or digit.
pub(crate) fn is_name(text: &str) -> bool {
    let bytes = text.as_bytes();
    let first = bytes.first().is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
    let last = bytes.last().is_some_and(u8::is_ascii_alphanumeric);
    first && last && bytes.len() >= 2 && bytes.iter().all(|byte| is_name_byte(*byte))
}

/// The name of a lock: a letter, then 1 to 63 letters, digits, dashes, dots and underscores.
pub(crate) fn is_lock_name(text: &str) -> bool {
    let bytes = text.as_bytes();
    (2..=64).contains(&bytes.len())
        && bytes.first().is_some_and(u8::is_ascii_alphabetic)
        && bytes.iter().all(|byte| is_name_byte(*byte))
}

fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')
}

/// A duration as `ttl` and `task_timeout` write it: digits, then nothing (seconds), `s`, `m`, `h` or `d`.
///
/// The service's pattern also lets a comma stand for the unit, by mistake; it is refused here.
pub(crate) fn duration(text: &str) -> Option<Duration> {
    let (digits, seconds) = match text.as_bytes().last()? {
        b's' => (&text[..text.len() - 1], 1),
        b'm' => (&text[..text.len() - 1], 60),
        b'h' => (&text[..text.len() - 1], 3600),
        b'd' => (&text[..text.len() - 1], 86_400),
        _ => (text, 1),
    };
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    digits.parse::<u64>().ok()?.checked_mul(seconds).map(Duration::from_secs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_pattern() {
        for good in ["crm-token", "_a", "a.b", "a--b", "ab"] {
            assert!(is_name(good), "{good}");
        }
        for bad in ["a", "", "-ab", "ab-", "a b", ".ab", "ab_", "é1"] {
            assert!(!is_name(bad), "{bad}");
        }
    }

    #[test]
    fn lock_names_begin_with_a_letter() {
        for good in ["ab", "lock-1", "a._-", &format!("a{}", "1".repeat(63))] {
            assert!(is_lock_name(good), "{good}");
        }
        for bad in ["", "a", "1a", "-a", "a b", "a*", &"a".repeat(65)] {
            assert!(!is_lock_name(bad), "{bad}");
        }
    }

    #[test]
    fn durations_have_an_optional_unit() {
        assert_eq!(duration("90"), Some(Duration::from_secs(90)));
        assert_eq!(duration("15m"), Some(Duration::from_secs(900)));
        assert_eq!(duration("2h"), Some(Duration::from_secs(7200)));
        assert_eq!(duration("30d"), Some(Duration::from_secs(2_592_000)));
        for bad in ["", "m", "1,", "1.5h", "-1s", "10 m", "99999999999999999999d", "1é"] {
            assert_eq!(duration(bad), None, "{bad}");
        }
    }
}
