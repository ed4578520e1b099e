//! Keys and tokens (PROTOCOL 3).

use std::collections::HashMap;
use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::principal::Principal;
use crate::random;
use crate::times::epoch_seconds;

/// The grant of an API key.
pub(crate) const GRANT_API_KEY: &str = "urn:ibm:params:oauth:grant-type:apikey";
/// The grant of a compute resource token.
pub(crate) const GRANT_CR_TOKEN: &str = "urn:ibm:params:oauth:grant-type:cr-token";
/// The name of the emulator's one trusted profile.
const PROFILE_NAME: &str = "credjob-emulator-jobs";

/// The identities that can log in, and the tokens they got.
#[derive(Debug)]
pub(crate) struct Iam {
    keys: HashMap<String, ApiKey>,
    tokens: HashMap<String, Token>,
    cr_token: String,
    profile_id: String,
    profile: Principal,
    lifetime: Duration,
}

#[derive(Debug)]
struct ApiKey {
    principal: Principal,
    valid_from: SystemTime,
}

#[derive(Debug)]
struct Token {
    principal: Principal,
    expires: SystemTime,
}

/// A refusal of the token endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct IamError {
    pub(crate) status: u16,
    pub(crate) code: &'static str,
    pub(crate) message: &'static str,
}

/// The one refusal that the sources document; a key that is not valid yet gets it too.
const KEY_NOT_FOUND: IamError =
    IamError { status: 400, code: "BXNIM0415E", message: "Provided API key could not be found" };
/// Code and text of the following three are not stated; only the status is certain.
const PROPERTY_MISSING: IamError = IamError { status: 400, code: "BXNIM0109E", message: "Property missing or empty" };
const GRANT_NOT_SUPPORTED: IamError =
    IamError { status: 400, code: "BXNIM0105E", message: "The grant type is not supported" };
const CR_TOKEN_REJECTED: IamError = IamError {
    status: 400,
    code: "BXNIM0147E",
    message: "The compute resource token or the trusted profile was not accepted",
};

impl Iam {
    /// An IAM whose trusted profile acts as `profile`, and whose tokens live for `lifetime`.
    pub(crate) fn new(profile: Principal, lifetime: Duration) -> Self {
        let cr_token = format!("crt-{}", random::api_key());
        let profile_id = format!("Profile-{}", random::uuid());
        Self { keys: HashMap::new(), tokens: HashMap::new(), cr_token, profile_id, profile, lifetime }
    }

    pub(crate) fn cr_token(&self) -> &str {
        &self.cr_token
    }

    pub(crate) fn profile_id(&self) -> &str {
        &self.profile_id
    }

    /// Makes a key for an identity, valid from a date on.
    pub(crate) fn issue_key(&mut self, principal: Principal, valid_from: SystemTime) -> String {
        let key = random::api_key();
        self.keys.insert(key.clone(), ApiKey { principal, valid_from });
        key
    }

    /// Whose form this is, valid or not: decides whether a scripted fault is meant for it.
    pub(crate) fn claimed_by(&self, form: &HashMap<String, String>) -> Option<&Principal> {
        match form.get("grant_type").map(String::as_str) {
            Some(GRANT_API_KEY) => self.keys.get(form.get("apikey")?).map(|key| &key.principal),
            Some(GRANT_CR_TOKEN) => Some(&self.profile),
            _ => None,
        }
    }

    /// Answers `POST /identity/token`.
    pub(crate) fn log_in(&mut self, form: &HashMap<String, String>, now: SystemTime) -> Result<Value, IamError> {
        let field = |name: &str| form.get(name).map(String::as_str).filter(|value| !value.is_empty());
        let principal = match field("grant_type").ok_or(PROPERTY_MISSING)? {
            GRANT_API_KEY => {
                let key = self.keys.get(field("apikey").ok_or(PROPERTY_MISSING)?);
                key.filter(|key| key.valid_from <= now).ok_or(KEY_NOT_FOUND)?.principal.clone()
            }
            GRANT_CR_TOKEN => {
                let token = field("cr_token").ok_or(PROPERTY_MISSING)?;
                let (id, name) = (field("profile_id"), field("profile_name"));
                if id.is_none() && name.is_none() {
                    return Err(PROPERTY_MISSING);
                }
                let known = id.is_none_or(|id| id == self.profile_id) && name.is_none_or(|name| name == PROFILE_NAME);
                if token != self.cr_token || !known {
                    return Err(CR_TOKEN_REJECTED);
                }
                self.profile.clone()
            }
            _ => return Err(GRANT_NOT_SUPPORTED),
        };
        Ok(self.issue_token(principal, now))
    }

    fn issue_token(&mut self, principal: Principal, now: SystemTime) -> Value {
        self.tokens.retain(|_, token| token.expires > now);
        let issued = epoch_seconds(now);
        let expiration = issued + self.lifetime.as_secs();
        let access_token = jwt(&principal.iam_id, issued, expiration);
        let expires = SystemTime::UNIX_EPOCH + Duration::from_secs(expiration);
        self.tokens.insert(access_token.clone(), Token { principal, expires });
        json!({
            "access_token": access_token,
            "refresh_token": "not_supported",
            "token_type": "Bearer",
            "expires_in": self.lifetime.as_secs(),
            "expiration": expiration,
            "scope": "ibm openid",
        })
    }

    /// The identity behind an `Authorization` header, if the token is known and has not expired.
    pub(crate) fn bearer(&self, header: Option<&str>, now: SystemTime) -> Option<&Principal> {
        let (scheme, token) = header?.split_once(' ')?;
        let token = self.tokens.get(token.trim()).filter(|token| token.expires > now)?;
        scheme.eq_ignore_ascii_case("bearer").then_some(&token.principal)
    }
}

impl IamError {
    /// The error body of PROTOCOL 3.1.
    pub(crate) fn body(self, url: &str) -> Value {
        json!({
            "errorCode": self.code,
            "errorMessage": self.message,
            "context": { "requestId": random::uuid(), "requestType": "incoming.Identity_Token", "url": url, "locale": "en_US" },
        })
    }
}

/// A token that every SDK can decode. Its signature is none: nobody checks it but the emulator, which knows its tokens.
fn jwt(iam_id: &str, issued: u64, expiration: u64) -> String {
    let header = json!({ "kid": "credjob-emulator", "alg": "RS256" });
    let claims = json!({
        "iam_id": iam_id, "sub": iam_id, "iss": "https://iam.cloud.ibm.com/identity", "jti": random::uuid(),
        "iat": issued, "exp": expiration, "scope": "ibm openid",
    });
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.{}", part(&header), part(&claims), URL_SAFE_NO_PAD.encode("not signed"))
}

#[cfg(test)]
#[path = "iam/tests.rs"]
mod tests;
