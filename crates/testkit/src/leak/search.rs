//! Many secrets, looked for in one walk over a text and what decoding makes of it.

use std::collections::BTreeMap;

use super::decode::{View, views};
use super::forms::{FORMS, HALF, patterns};

/// Everything that gives one of many secrets away, by its first byte.
pub(super) struct Patterns(Vec<Vec<Pattern>>);

struct Pattern {
    secret: usize,
    /// Its place in [`FORMS`].
    form: usize,
    bytes: Vec<u8>,
}

impl Patterns {
    pub(super) fn of<'a>(secrets: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let mut all = Self((0..256).map(|_| Vec::new()).collect());
        for (secret, value) in secrets.into_iter().enumerate() {
            for (form, bytes) in patterns(value) {
                let form = FORMS.iter().position(|known| *known == form).unwrap_or(FORMS.len() - 1);
                // No pattern is empty.
                all.0[usize::from(bytes[0])].push(Pattern { secret, form, bytes });
            }
        }
        all
    }

    /// The secrets that stand in `bytes`: their numbers, each once, and how they are written. A whole secret says more than half of one, a simple
    /// decoding more than a deep one.
    pub(super) fn find(&self, bytes: &[u8]) -> BTreeMap<usize, String> {
        let views = views(bytes);
        let mut best: BTreeMap<usize, (bool, usize, usize)> = BTreeMap::new();
        for (number, view) in views.iter().enumerate() {
            for (at, first) in view.bytes.iter().enumerate() {
                for Pattern { secret, form, bytes: pattern } in &self.0[usize::from(*first)] {
                    let found = (FORMS[*form] == HALF, number, *form);
                    let better = best.get(secret).is_none_or(|best| found < *best);
                    if better && view.bytes[at..].starts_with(pattern) {
                        best.insert(*secret, found);
                    }
                }
            }
        }
        let name = |view: &View<'_>, form: usize| {
            [FORMS[form]].into_iter().chain(view.decoded.iter().copied()).collect::<Vec<_>>()
        };
        best.into_iter().map(|(secret, (_, view, form))| (secret, name(&views[view], form).join(", after "))).collect()
    }
}
