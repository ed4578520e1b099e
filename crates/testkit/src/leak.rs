//! Looks for secrets in whatever leaves a process.
//!
//! A test chooses its secrets itself, with [`canary`], so that it knows what to look for. [`assert_no_leak`] finds them
//! raw, in base64 (standard and URL-safe, at each of the three alignments), in hexadecimal, as a list of bytes, URL-encoded and JSON-escaped,
//! also in layers of the last two, and by halves. The search shares no code with the redactor of the jobs: a form that the redactor
//! forgets must not be forgotten here for the same reason.

mod decode;
mod forms;
mod search;

use std::fmt;

use search::Patterns;

/// How every canary begins. A search of a whole test run can look for this alone.
pub const PREFIX: &str = "canary-";

/// The shortest secret that can be looked for. Shorter texts turn up by chance.
pub const MIN_LENGTH: usize = 8;

/// Makes a secret for a test: `canary-<name>-<16 hexadecimal digits>`, another one at each call.
///
/// Letters, digits and hyphens only, so that it may stand wherever a token may.
///
/// # Panics
///
/// When the operating system gives no randomness.
#[expect(clippy::expect_used, reason = "an operating system without randomness cannot run tests")]
pub fn canary(name: &str) -> String {
    let mut random = [0; 8];
    getrandom::fill(&mut random).expect("the operating system gives random bytes");
    format!("{PREFIX}{name}-{:016x}", u64::from_be_bytes(random))
}

/// The secrets of a test, each with a name that may be printed.
#[derive(Clone, Default)]
pub struct Canaries(Vec<(String, Vec<u8>)>);

impl Canaries {
    /// No secrets yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a secret under a name.
    ///
    /// # Panics
    ///
    /// When the value is shorter than [`MIN_LENGTH`] bytes.
    pub fn with(mut self, name: impl Into<String>, value: impl AsRef<[u8]>) -> Self {
        self.add(name, value);
        self
    }

    /// Adds a secret under a name.
    ///
    /// # Panics
    ///
    /// When the value is shorter than [`MIN_LENGTH`] bytes.
    pub fn add(&mut self, name: impl Into<String>, value: impl AsRef<[u8]>) {
        let (name, value) = (name.into(), value.as_ref());
        assert!(value.len() >= MIN_LENGTH, "the secret `{name}` is too short to be looked for");
        self.0.push((name, value.to_vec()));
    }

    /// Adds all secrets of `others`.
    pub fn extend(&mut self, others: &Self) {
        self.0.extend(others.0.iter().cloned());
    }

    /// How many secrets are looked for.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is nothing to look for: a search would prove nothing.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Names only.
impl fmt::Debug for Canaries {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}

/// A secret that was found. Holds its name, never its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leak {
    /// The name of the secret.
    pub name: String,
    /// How it was written, e.g. `base64`, or `raw, after JSON unescaping`.
    pub form: String,
}

impl fmt::Display for Leak {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` ({})", self.name, self.form)
    }
}

/// How a secret can be written: the words that [`Leak::form`] begins with.
pub const FORMS: &[&str] = &forms::FORMS;

/// How a text around it can be encoded, in up to four layers: the words that may follow in [`Leak::form`].
pub const DECODINGS: &[&str] = &decode::DECODINGS;

/// Every secret that stands in `bytes`, each once.
pub fn find_leaks(bytes: &[u8], canaries: &Canaries) -> Vec<Leak> {
    let patterns = Patterns::of(canaries.0.iter().map(|(_, value)| value.as_slice()));
    let found = patterns.find(bytes).into_iter();
    found.map(|(secret, form)| Leak { name: canaries.0[secret].0.clone(), form }).collect()
}

/// Fails the test if one of the secrets stands in `bytes`. `label` says where the bytes come from.
///
/// # Panics
///
/// When a secret is found, or when there is none to look for. The text names the secrets and repeats neither them nor
/// the bytes around them.
pub fn assert_no_leak(label: &str, bytes: &[u8], canaries: &Canaries) {
    assert!(!canaries.is_empty(), "{label}: there is no secret to look for");
    let leaks: Vec<String> = find_leaks(bytes, canaries).iter().map(ToString::to_string).collect();
    assert!(leaks.is_empty(), "{label} gives secrets away: {}", leaks.join(", "));
}

#[cfg(test)]
mod tests;
