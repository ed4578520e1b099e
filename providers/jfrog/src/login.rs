//! The platform's admin token, from the login secret.

use credjob::prelude::*;

use crate::{JfrogFailure, JfrogParams};

/// Reads the bearer token from an arbitrary secret, or from `access_token` of a custom credentials secret.
pub(crate) async fn login(job: &Job<JfrogParams>) -> Result<Secret<String>, Failure> {
    let secret = job.read_secret(&job.params().login_secret_id).await?;
    secret.expect_type(&[SecretType::Arbitrary, SecretType::CustomCredentials])?;
    let field = if secret.secret_type() == SecretType::Arbitrary { "/payload" } else { "/access_token" };
    Ok(bearer(&secret.pointer(field)?)?)
}

/// A text from a file often ends in a line break; anything else around or in a token is a mistake.
fn bearer(text: &Secret<String>) -> Result<Secret<String>, JfrogFailure> {
    let token = text.expose().trim();
    // RFC 6750 section 2.1: b64token.
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte);
    if token.is_empty() || !token.bytes().all(allowed) {
        return Err(JfrogFailure::BadLogin);
    }
    Ok(Secret::new(token.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(text: &str) -> Option<String> {
        bearer(&Secret::new(text.to_owned())).ok().map(|token| token.expose().clone())
    }

    #[test]
    fn space_around_a_token_is_taken_off() {
        assert_eq!(token(" eyJ2ZXIi.abc-_~+/x== \r\n").as_deref(), Some("eyJ2ZXIi.abc-_~+/x=="));
    }

    #[test]
    fn what_is_no_token_is_refused() {
        for text in ["", "\n", "two words", "a\nb", r#"{"access_token":"abc"}"#, "\"quoted\"", "gehöhr"] {
            assert_eq!(token(text), None, "{text:?}");
        }
    }
}
