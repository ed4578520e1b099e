//! What a job is given to use a system.

use std::fmt;

use serde_json::{Map, Value};

use crate::leak::Canaries;

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
