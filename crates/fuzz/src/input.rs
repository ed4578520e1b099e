//! How a target reads its input.

use std::borrow::Cow;
use std::ffi::OsString;

/// Stands where a secret or any other value is: an error text that repeats values is caught by it.
pub(crate) const CANARY: &str = "canary-0f1e2d3c4b5a6978";

/// The input as text. Bytes that are no UTF-8 are replaced.
pub(crate) fn text(data: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(data)
}

/// The first line, and the rest without the line break between them.
pub(crate) fn first_line(data: &[u8]) -> (&[u8], &[u8]) {
    match data.iter().position(|&byte| byte == b'\n') {
        Some(at) => (&data[..at], &data[at + 1..]),
        None => (data, &[]),
    }
}

/// An environment, one `NAME=VALUE` a line; in an input with NUL bytes they separate, as in `/proc/self/environ`, so that a value
/// can hold line breaks. What has no `=` is left out.
#[cfg(unix)]
pub(crate) fn environment(data: &[u8]) -> Vec<(OsString, OsString)> {
    use std::os::unix::ffi::OsStrExt as _;

    let separator = if data.contains(&0) { 0 } else { b'\n' };
    let own = |bytes: &[u8]| std::ffi::OsStr::from_bytes(bytes).to_owned();
    let pair = |entry: &[u8]| {
        let at = entry.iter().position(|&byte| byte == b'=')?;
        Some((own(&entry[..at]), own(&entry[at + 1..])))
    };
    data.split(|&byte| byte == separator).filter_map(pair).collect()
}

/// The parts of an input between lines that hold nothing but `---`.
pub(crate) fn sections(data: &[u8]) -> Vec<&[u8]> {
    const MARK: &[u8] = b"\n---\n";
    let mut sections = Vec::new();
    let mut rest = data;
    while let Some(at) = rest.windows(MARK.len()).position(|window| window == MARK) {
        sections.push(&rest[..at]);
        rest = &rest[at + MARK.len()..];
    }
    sections.push(rest);
    sections
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_are_what_stands_between_the_marks() {
        assert_eq!(sections(b"a\n---\nb\n\n---\n"), [&b"a"[..], b"b\n", b""]);
        assert_eq!(sections(b"one"), [b"one"]);
    }

    #[test]
    fn a_line_is_cut_off() {
        assert_eq!(first_line(b"200\n{}"), (&b"200"[..], &b"{}"[..]));
        assert_eq!(first_line(b"200"), (&b"200"[..], &b""[..]));
    }

    #[test]
    fn an_environment_is_separated_by_lines_or_nul() {
        let pair = |name: &str, value: &str| (OsString::from(name), OsString::from(value));
        assert_eq!(environment(b"A=1\nB\nC==\n"), [pair("A", "1"), pair("C", "=")]);
        assert_eq!(environment(b"A=1\n2\0B="), [pair("A", "1\n2"), pair("B", "")]);
    }
}
