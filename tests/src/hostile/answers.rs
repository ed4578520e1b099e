//! Answers that no job asked for.

use std::time::Duration;

use serde_json::json;

use crate::support::gateway::Speech;

/// More than any job reads: 100 MB.
const HUGE: usize = 100_000_000;

/// Just below the largest body that a job reads (4 MiB).
const LARGE: usize = 4_000_000;

/// Longer than any text of an answer, and not so long that an unoptimised job is busy with it for seconds.
const LONG: usize = 1_000_000;

/// A piece of a long answer.
const PIECE: usize = 64 * 1024;

/// Every answer, with its name.
pub(super) fn all() -> Vec<(&'static str, Speech)> {
    let chunk = format!("{PIECE:x}\r\n{}\r\n", " ".repeat(PIECE));
    let million: Vec<String> = (0..1_000_000).map(|key| format!("\"{key}\":0")).collect();
    vec![
        ("100 MB with a length", endless(&format!("{OK}Content-Length: {HUGE}\r\n\r\n"), &" ".repeat(PIECE))),
        ("100 MB in chunks", endless(&format!("{OK}Transfer-Encoding: chunked\r\n\r\n"), &chunk)),
        ("headers without end", endless(OK, "X-More: and more\r\n")),
        ("a byte a second", slow(&format!("{OK}Content-Length: 1000\r\n\r\n"), " ", Duration::from_secs(1))),
        // At full speed the client skips 50 MB of them before it looks at the clock, which an unoptimised job does for seconds.
        ("1xx answers without end", slow("", "HTTP/1.1 100 Continue\r\n\r\n", Duration::from_millis(1))),
        ("HTTP/0.9", whole("<html>welcome</html>".as_bytes())),
        ("JSON 100 000 deep", Speech::answer("200 OK", &[JSON], "[".repeat(100_000))),
        ("a million keys", Speech::answer("200 OK", &[JSON], format!("{{{}}}", million.join(",")))),
        ("4 MB of small objects", Speech::answer("200 OK", &[JSON], format!("[{}0]", "{\"\":0},".repeat(LARGE / 7)))),
        ("as many small objects as are read", Speech::answer("403 Forbidden", &[JSON], most_objects())),
        ("a megabyte in one text", Speech::answer("200 OK", &[JSON], one_text())),
        ("a megabyte of escapes in a refusal", Speech::answer("403 Forbidden", &[JSON], escapes())),
        ("a gzip bomb", Speech::answer("200 OK", &[JSON, ("Content-Encoding", "gzip")], gzip_bomb())),
        ("no UTF-8", Speech::answer("200 OK", &[JSON], b"{\"access_token\":\"\xff\xfe\",\"id\":\"\xc3\"}\x80")),
    ]
}

const OK: &str = "HTTP/1.1 200 OK\r\n";
const JSON: (&str, &str) = ("Content-Type", "application/json");

fn endless(head: &str, piece: &str) -> Speech {
    slow(head, piece, Duration::ZERO)
}

fn slow(head: &str, piece: &str, pause: Duration) -> Speech {
    Speech { head: head.as_bytes().to_vec(), piece: piece.as_bytes().to_vec(), times: u64::MAX, pause }
}

fn whole(bytes: &[u8]) -> Speech {
    Speech { head: bytes.to_vec(), piece: Vec::new(), times: 0, pause: Duration::ZERO }
}

/// What every call looks for, in one text that is longer than anything it could be.
fn one_text() -> String {
    let long = "x".repeat(LONG);
    json!({ "access_token": long, "expires_in": 3600, "token_id": "0f2c3b4a-5d6e-4f70-8a91-b2c3d4e5f607" }).to_string()
}

/// A tree of just below 50 000 values, the most that are read: objects take the most memory of all.
fn most_objects() -> String {
    json!({ "errors": vec![json!({ "": 0 }); 24_990] }).to_string()
}

/// An error text of which each layer of decoding makes another one.
fn escapes() -> String {
    json!({ "errors": [{ "code": "odd", "message": "%25%5c\\u0025+".repeat(LONG / 14) }] }).to_string()
}

/// 100 MB of zeros in 630 kB (RFC 1951, fixed codes): a zero, and then "258 times what stood one byte before".
fn gzip_bomb() -> Vec<u8> {
    let mut bits = Bits::default();
    // The last block, with fixed codes; the literal 0.
    bits.push(0b011, 3);
    bits.push(u32::from(0b0011_0000_u8.reverse_bits()), 8);
    for _ in 0..HUGE / 258 {
        bits.push(u32::from(0b1100_0101_u8.reverse_bits()), 8);
        bits.push(0, 5);
    }
    bits.push(0, 7);
    bits.push(0, 7);
    [b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03".as_slice(), &bits.bytes].concat()
}

/// Packs bits, the lowest first.
#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    open: u32,
    count: u32,
}

impl Bits {
    fn push(&mut self, bits: u32, count: u32) {
        self.open |= bits << self.count;
        self.count += count;
        while self.count >= 8 {
            self.bytes.push(u8::try_from(self.open & 0xff).unwrap_or_default());
            self.open >>= 8;
            self.count -= 8;
        }
    }
}
