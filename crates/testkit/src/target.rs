//! The external system that a provider makes credentials in, as tests see it.

use std::fmt;
use std::future::Future;

use serde_json::{Map, Value};

use crate::leak::Canaries;

/// A system to create credentials in: the real one, started by the test, or a stand-in.
///
/// The author of a provider writes one; every test that needs the system then starts its own. Futures need not be `Send`.
pub trait Target: Sized {
    /// How time passes while the conformance kit runs jobs against it. [`Time::Virtual`] unless the provider talks to the
    /// system by anything else than [`Job::http`](credjob::Job::http).
    const TIME: Time = Time::Virtual;

    /// Starts the system: on a random port, in a temporary directory, with nothing in it.
    ///
    /// # Errors
    ///
    /// Why it cannot be started, and what to install if a program is missing. A test never skips silently.
    fn start() -> impl Future<Output = Result<Self, TargetError>>;

    /// What a job needs to use the system.
    fn settings(&self) -> TargetSettings;

    /// How many credentials live in the system; `None` for a provider that keeps nothing outside Secrets Manager, whose
    /// credentials cannot be counted.
    ///
    /// # Errors
    ///
    /// Why the system cannot say.
    fn live(&self) -> impl Future<Output = Result<Option<usize>, TargetError>>;

    /// Tries the credential that `payload` holds, as its user would. Whether it works.
    ///
    /// # Errors
    ///
    /// Why it could not be tried. A credential that does not work is no error.
    fn works(&self, payload: &Value) -> impl Future<Output = Result<bool, TargetError>>;

    /// A credentials id that has the form of `id`, but that no credential in the system has. The default changes the last
    /// letter or digit of its longest word.
    fn unknown_id(&self, id: &str) -> String {
        changed(id)
    }

    /// Every secret that the system knows so far and that may leave no job: logins and the credentials it made.
    fn canaries(&self) -> Canaries {
        self.settings().canaries()
    }
}

/// How time passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Time {
    /// Back-off and pauses cost nothing; time stands still while a request is under way.
    Virtual,
    /// So many times faster than it does, for drivers with sockets of their own: at 20 the two seconds between two looks
    /// take a tenth of one, and a timeout of 5 s must be enough for what takes a quarter of a second.
    Scaled(u32),
}

/// The same text with another letter or digit at the end of its first longest word.
fn changed(id: &str) -> String {
    let mut longest = 0..0;
    let mut start = 0;
    for word in id.split(|c: char| !c.is_ascii_alphanumeric()) {
        if word.len() > longest.len() {
            longest = start..start + word.len();
        }
        // What separates two words may be longer than one byte.
        start += word.len();
        start += id[start..].chars().next().map_or(0, char::len_utf8);
    }
    let mut changed = id.to_owned();
    if let Some(last) = longest.last() {
        // `0` and `1` are hexadecimal digits, and digits.
        changed.replace_range(last..=last, if &id[last..=last] == "1" { "0" } else { "1" });
    }
    changed
}

/// The inputs of a job, all but those that the test itself is about.
#[derive(Clone, Default)]
#[non_exhaustive]
pub struct TargetSettings {
    /// Parameters of the secret: name in lower case, and value.
    pub params: Map<String, Value>,
    /// Parameters that refer to a secret, and that secret.
    pub secrets: Vec<LoginSecret>,
    /// Variables of the deployed job, such as `CREDJOB_ALLOWED_HOSTS`.
    pub job_env: Vec<(String, String)>,
}

/// A secret that is stored before the job runs; the parameter `param` gets its id.
#[derive(Clone)]
pub struct LoginSecret {
    /// The parameter, in lower case.
    pub param: String,
    /// The fields of its prototype that make it a secret of its type: `secret_type` and, for an arbitrary one, `payload`.
    pub prototype: Value,
}

impl TargetSettings {
    /// No inputs at all.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets a parameter.
    pub fn param(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.params.insert(name.to_owned(), value.into());
        self
    }

    /// Makes a parameter refer to an arbitrary secret with this payload.
    pub fn secret(self, param: &str, payload: &str) -> Self {
        self.typed_secret(param, serde_json::json!({ "secret_type": "arbitrary", "payload": payload }))
    }

    /// Makes a parameter refer to a secret with this prototype, which needs no name.
    pub fn typed_secret(mut self, param: &str, prototype: Value) -> Self {
        self.secrets.push(LoginSecret { param: param.to_owned(), prototype });
        self
    }

    /// Sets a variable of the job.
    pub fn job_env(mut self, name: &str, value: &str) -> Self {
        self.job_env.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The texts of the stored secrets that are long enough to be looked for.
    pub fn canaries(&self) -> Canaries {
        let mut canaries = Canaries::new();
        for LoginSecret { param, prototype } in &self.secrets {
            for (field, text) in texts(prototype).filter(|(field, _)| *field != "secret_type") {
                if text.len() >= crate::leak::MIN_LENGTH {
                    canaries.add(format!("{param}/{field}"), text);
                }
            }
        }
        canaries
    }
}

/// The texts directly in an object and one object deeper.
fn texts(object: &Value) -> impl Iterator<Item = (&str, &str)> {
    let fields = object.as_object().into_iter().flatten();
    fields.flat_map(|(name, value)| {
        let inner = value.as_object().into_iter().flatten().map(|(name, value)| (name.as_str(), value));
        [(name.as_str(), value)].into_iter().chain(inner).filter_map(|(name, value)| Some((name, value.as_str()?)))
    })
}

/// Names only: parameters may, and secrets do, hold what must not be printed.
impl fmt::Debug for TargetSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TargetSettings")
            .field("params", &self.params.keys())
            .field("secrets", &self.secrets)
            .field("job_env", &self.job_env.iter().map(|(name, _)| name).collect::<Vec<_>>())
            .finish()
    }
}

/// Without the prototype: it holds the secret.
impl fmt::Debug for LoginSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LoginSecret").field("param", &self.param).finish_non_exhaustive()
    }
}

/// Why a target could not do what a test needs. The text says what to install or do.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct TargetError(String);

impl TargetError {
    /// An error with this text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

impl From<std::io::Error> for TargetError {
    fn from(error: std::io::Error) -> Self {
        Self(error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> TargetSettings {
        let nested = serde_json::json!({ "secret_type": "kv", "data": { "user": "app", "password": "canary-nested" } });
        TargetSettings::new()
            .param("base_url", "http://127.0.0.1:1")
            .secret("login", "canary-plain")
            .typed_secret("other", nested)
            .job_env("CREDJOB_DEADLINE", "20s")
    }

    #[test]
    fn an_unknown_id_has_the_form_of_a_known_one() {
        assert_eq!(changed("1234"), "1231");
        assert_eq!(changed("sm-5f0e-aabbccddeef1@host:80"), "sm-5f0e-aabbccddeef0@host:80");
        assert_eq!(changed("rôle-abc"), "rôle-ab1");
        assert_eq!(changed("--"), "--");
    }

    #[test]
    fn the_texts_of_all_secrets_are_looked_for() {
        let names = format!("{:?}", settings().canaries());
        assert_eq!(names, r#"{"login/payload", "other/password"}"#);
    }

    #[test]
    fn debug_shows_names_only() {
        let text = format!("{:?}", settings());
        assert!(text.contains("base_url") && text.contains("login"), "{text}");
        assert!(!text.contains("canary") && !text.contains("127.0.0.1") && !text.contains("20s"), "{text}");
    }
}
