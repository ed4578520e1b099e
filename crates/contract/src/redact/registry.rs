//! The values to look for, and the search.

use std::ops::Range;

use zeroize::Zeroizing;

use super::encodings::patterns;
use super::views::each_view;

/// All patterns, by their first byte, the longest first. Every copy is wiped when dropped.
pub(super) struct Registry {
    by_first_byte: [Vec<Zeroizing<Vec<u8>>>; 256],
    empty: bool,
}

impl Registry {
    pub(super) const fn new() -> Self {
        Self { by_first_byte: [const { Vec::new() }; 256], empty: true }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.empty
    }

    pub(super) fn register(&mut self, value: &[u8]) {
        for pattern in patterns(value) {
            self.insert(pattern);
        }
    }

    pub(super) fn wipe(&mut self) {
        *self = Self::new();
    }

    /// Where registered values stand, in any encoding: sorted, apart from each other, never empty ranges.
    pub(super) fn spans(&self, text: &[u8]) -> Vec<Range<usize>> {
        if self.empty {
            return Vec::new();
        }
        let mut spans = Vec::new();
        self.search(text, |span| spans.push(span));
        each_view(text, |view| self.search(view.bytes(), |span| spans.push(view.origin(&span))));
        merged(spans)
    }

    fn insert(&mut self, pattern: Zeroizing<Vec<u8>>) {
        let Some(&first) = pattern.first() else { return };
        let bucket = &mut self.by_first_byte[usize::from(first)];
        if bucket.contains(&pattern) {
            return;
        }
        let at = bucket.partition_point(|known| known.len() >= pattern.len());
        bucket.insert(at, pattern);
        self.empty = false;
    }

    /// The longest match at every position, also inside an earlier match: two secrets may overlap, and both must go as
    /// a whole.
    fn search(&self, text: &[u8], mut found: impl FnMut(Range<usize>)) {
        for (at, &first) in text.iter().enumerate() {
            let candidates = &self.by_first_byte[usize::from(first)];
            if let Some(pattern) = candidates.iter().find(|pattern| text[at..].starts_with(pattern)) {
                found(at..at + pattern.len());
            }
        }
    }
}

fn merged(mut spans: Vec<Range<usize>>) -> Vec<Range<usize>> {
    spans.sort_by_key(|span| span.start);
    let mut merged: Vec<Range<usize>> = Vec::with_capacity(spans.len());
    for span in spans {
        match merged.last_mut() {
            Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
            _ => merged.push(span),
        }
    }
    merged
}
