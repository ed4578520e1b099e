//! The external system that a provider makes credentials in, as tests see it.

mod provocation;
mod settings;

use std::future::Future;

use serde_json::Value;

use crate::leak::Canaries;

pub use provocation::Provocation;
pub use settings::{LoginSecret, TargetSettings};

/// A system to create credentials in: the real one, started by the test, or a stand-in.
///
/// The author of a provider writes one; every test that needs the system then starts its own. Futures need not be `Send`.
///
/// | You supply | The kit asks |
/// |---|---|
/// | [`start`](Self::start) | for a system of its own in each test; a second one, to see that an id of the one is not taken for one of the other |
/// | [`settings`](Self::settings) | what a job needs to use it: parameters, login secrets, variables |
/// | [`live`](Self::live) | before and after each run: did somebody gain or lose a credential? |
/// | [`works`](Self::works) | whether a published credential does what its user wants, and a deleted one no more |
/// | [`provoke`](Self::provoke) | once for each failure code that the provider declares: how does it come about? |
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
    /// credentials cannot be counted. Nothing may come and go by itself.
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

    /// What makes a job fail with `code`; `None` if nobody has thought of that yet, for which the test
    /// `every_failure_code_can_happen` fails. A provider without codes of its own needs none of this.
    ///
    /// Each code gets a system of its own, in which `made` has just been created, so that this may break whatever it likes: revoke the login's rights, end
    /// the system, hang something on the credential. What it answers is the job that then fails:
    ///
    /// ```
    /// use credjob::http::Response;
    /// use credjob_testkit::target::{Credential, Provocation, Target, TargetError};
    /// # use credjob_testkit::target::TargetSettings;
    /// # struct Tokens;
    /// # impl Tokens { fn switch_off_new_tokens(&self) {} }
    /// # impl Target for Tokens {
    /// #     async fn start() -> Result<Self, TargetError> { Ok(Self) }
    /// #     fn settings(&self) -> TargetSettings { TargetSettings::new() }
    /// #     async fn live(&self) -> Result<Option<usize>, TargetError> { Ok(None) }
    /// #     async fn works(&self, _: &serde_json::Value) -> Result<bool, TargetError> { Ok(true) }
    /// // ...
    /// async fn provoke(&self, code: &str, made: &Credential) -> Result<Option<Provocation>, TargetError> {
    ///     let settings = self.settings();
    ///     Ok(Some(match code {
    ///         "TOKENS_BAD_BASE_URL" => Provocation::create(settings.param("base_url", "ftp://x")),
    ///         "TOKENS_LOGIN_REJECTED" => Provocation::create(settings.secret("login_secret_id", "canary-of-nobody")),
    ///         "TOKENS_BAD_ANSWER" => Provocation::create(settings).answering("POST", "/tokens", Response::new(200, "{}")),
    ///         "TOKENS_OTHER_SYSTEM" => Provocation::delete(&made.id, settings.param("base_url", "https://other.example.com")),
    ///         "TOKENS_NOT_ACCEPTED" => {
    ///             self.switch_off_new_tokens();
    ///             Provocation::create(settings)
    ///         }
    ///         "TOKENS_NO_RANDOMNESS" => Provocation::impossible("no operating system fails here on demand"),
    ///         _ => return Ok(None),
    ///     }))
    /// }
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Why the system could not be brought into that state.
    fn provoke(&self, code: &str, made: &Credential) -> impl Future<Output = Result<Option<Provocation>, TargetError>> {
        let _ = (code, made);
        async { Ok(None) }
    }

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

/// A credential that a job has published.
#[derive(Clone)]
#[non_exhaustive]
pub struct Credential {
    /// Its credentials id.
    pub id: String,
    /// The outputs, by their names in lower case.
    pub payload: Value,
}

impl Credential {
    pub(crate) fn new(id: String, payload: Value) -> Self {
        Self { id, payload }
    }
}

/// Without the payload: it is the secret.
impl std::fmt::Debug for Credential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credential").field("id", &self.id).finish_non_exhaustive()
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

    #[test]
    fn an_unknown_id_has_the_form_of_a_known_one() {
        assert_eq!(changed("1234"), "1231");
        assert_eq!(changed("sm-5f0e-aabbccddeef1@host:80"), "sm-5f0e-aabbccddeef0@host:80");
        assert_eq!(changed("rôle-abc"), "rôle-ab1");
        assert_eq!(changed("--"), "--");
    }
}
