//! The bounded output of a process.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The last bytes of one output stream. Clones share them.
#[derive(Clone, Debug)]
pub(crate) struct Output(Arc<Mutex<Tail>>);

#[derive(Debug)]
struct Tail {
    bytes: VecDeque<u8>,
    limit: usize,
    truncated: bool,
}

impl Output {
    pub(crate) fn new(limit: usize) -> Self {
        Self(Arc::new(Mutex::new(Tail { bytes: VecDeque::new(), limit, truncated: false })))
    }

    pub(crate) fn push(&self, bytes: &[u8]) {
        let mut tail = self.tail();
        tail.bytes.extend(bytes);
        let excess = tail.bytes.len().saturating_sub(tail.limit);
        tail.bytes.drain(..excess);
        tail.truncated |= excess > 0;
    }

    /// The bytes as text, and whether older ones were dropped.
    pub(crate) fn text(&self) -> (String, bool) {
        let tail = self.tail();
        let (front, back) = tail.bytes.as_slices();
        let bytes = [front, back].concat();
        (String::from_utf8_lossy(&bytes).into_owned(), tail.truncated)
    }

    fn tail(&self) -> MutexGuard<'_, Tail> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_last_bytes_are_kept() {
        let output = Output::new(4);
        output.push(b"abc");
        assert_eq!(output.text(), ("abc".to_owned(), false));
        output.push(b"defg");
        assert_eq!(output.text(), ("defg".to_owned(), true));
    }
}
