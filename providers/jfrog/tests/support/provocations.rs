//! How each failure code of the provider comes about.

use credjob::http::Response;
use credjob_testkit::target::{Credential, Provocation, Target as _};

use crate::platform::Platform;
use crate::{TOKENS, web_page};

/// A job that ends with `code`, in a platform that is brought into the state for it.
pub(crate) fn provocation(platform: &Platform, code: &str, made: &Credential) -> Option<Provocation> {
    let settings = platform.settings();
    // A platform that answers a request for a token with JSON that names none.
    let nameless = Provocation::create(settings.clone()).answering("POST", TOKENS, Response::new(200, "{}"));
    Some(match code {
        "JFROG_BAD_BASE_URL" => Provocation::create(settings.param("jfrog_base_url", "http://example.jfrog.io")),
        "JFROG_UNREVOCABLE_EXPIRY" => Provocation::create(settings.param("expires_in_seconds", 21_600)),
        "JFROG_BAD_LOGIN" => Provocation::create(settings.secret("login_secret_id", r#"{"token":"canary-in-json"}"#)),
        "JFROG_LOGIN_REJECTED" => Provocation::create(settings.secret("login_secret_id", "canary-expired-token")),
        "JFROG_NOT_PERMITTED" => Provocation::create(settings.param("expires_in_seconds", 9_999_999_999_i64)),
        "JFROG_PARAMETERS_REFUSED" => Provocation::create(settings.param("scope", "no-such-scope")),
        "JFROG_NO_TOKEN_API" => {
            let elsewhere = format!("{}/elsewhere", settings.params["jfrog_base_url"].as_str()?);
            Provocation::create(settings.param("jfrog_base_url", elsewhere))
        }
        "JFROG_UNNAMED_TOKEN" => nameless,
        "JFROG_TOKEN_MISSING" => {
            platform.stand_in.forget_reference_tokens();
            Provocation::create(settings.param("include_reference_token", true))
        }
        "JFROG_BAD_CREDENTIALS_ID" => Provocation::delete("me", settings),
        "JFROG_OTHER_PLATFORM" => {
            Provocation::delete(&made.id, settings.param("jfrog_base_url", "https://other.jfrog.io"))
        }
        "JFROG_FOREIGN_TOKEN" => Provocation::delete(&platform.stand_in.foreign_token(), settings),
        "JFROG_UNEXPECTED_STATUS" => {
            let revoking = format!("{TOKENS}/*");
            Provocation::delete(&made.id, settings).answering("DELETE", &revoking, Response::new(202, ""))
        }
        "JFROG_WEB_PAGE" => Provocation::create(settings).answering("GET", &format!("{TOKENS}/me"), web_page()),
        "JFROG_TOKEN_NOT_ACCEPTED" => {
            platform.stand_in.refuse_new_tokens();
            Provocation::create(settings)
        }
        // The task is told why creating failed; that its leftovers cannot be listed stands in the log.
        "JFROG_BAD_LIST" => nameless.answering("GET", TOKENS, Response::new(200, "[]")).in_log(),
        _ => return None,
    })
}
