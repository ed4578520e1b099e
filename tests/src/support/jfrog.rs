//! The JFrog stand-in of the provider's own tests behind a server with scripted faults, as a target.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use credjob_testkit::leak::{Canaries, PREFIX, canary};
use credjob_testkit::server::{Answer, Asked, StandIn, StandInServer};
use credjob_testkit::target::{Target, TargetError, TargetSettings};
use serde_json::Value;

#[path = "../../../providers/jfrog/tests/support/stand_in.rs"]
#[expect(dead_code, clippy::doc_markdown, reason = "the provider's own tests use the rest of it")]
mod stand_in;

/// The calls of the provider, as `StandInServer::script` names them.
pub(crate) const CREATE: (&str, &str) = ("POST", "/access/api/v1/tokens");
pub(crate) const LIST: (&str, &str) = ("GET", "/access/api/v1/tokens");
pub(crate) const TRY: (&str, &str) = ("GET", "/access/api/v1/tokens/me");
pub(crate) const REVOKE: (&str, &str) = ("DELETE", "/access/api/v1/tokens/*");

/// The secrets among the fields of an answer.
const SECRET_FIELDS: [&str; 3] = ["access_token", "refresh_token", "reference_token"];

/// A JFrog platform on this machine.
pub(crate) struct JfrogTarget {
    pub(crate) server: StandInServer,
    platform: Arc<Platform>,
    login: String,
}

/// The stand-in, with `canary-` in front of every token it gives.
struct Platform {
    stand_in: stand_in::StandIn,
    given: Mutex<Vec<String>>,
    applied: Mutex<Vec<(SystemTime, String, String)>>,
}

impl JfrogTarget {
    /// The admin token of the platform.
    pub(crate) fn login(&self) -> &str {
        &self.login
    }

    /// When each request was applied, its method and its path.
    pub(crate) fn applied(&self) -> Vec<(SystemTime, String, String)> {
        self.platform.applied.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl StandIn for Platform {
    fn answer(&self, asked: &Asked) -> Answer {
        let applied = (SystemTime::now(), asked.method.clone(), asked.path.clone());
        self.applied.lock().unwrap_or_else(PoisonError::into_inner).push(applied);
        let authorization =
            asked.header("authorization").map(|header| header.replacen(&format!("Bearer {PREFIX}"), "Bearer ", 1));
        let (status, mut body) = self.stand_in.answer(stand_in::Asked {
            method: &asked.method,
            path: &asked.path,
            query: &asked.query,
            authorization: authorization.as_deref(),
            body: &asked.body,
        });
        for field in SECRET_FIELDS {
            if let Some(Value::String(token)) = body.get_mut(field) {
                token.insert_str(0, PREFIX);
                self.given.lock().unwrap_or_else(PoisonError::into_inner).push(token.clone());
            }
        }
        if body.is_null() { Answer::empty(status) } else { Answer::json(status, &body) }
    }
}

impl Target for JfrogTarget {
    async fn start() -> Result<Self, TargetError> {
        let login = canary("login");
        let admin = login.trim_start_matches(PREFIX);
        let platform = Arc::new(Platform {
            stand_in: stand_in::StandIn::new(admin),
            given: Mutex::default(),
            applied: Mutex::default(),
        });
        let server = StandInServer::start(Arc::clone(&platform)).await?;
        Ok(Self { server, platform, login })
    }

    fn settings(&self) -> TargetSettings {
        TargetSettings::new()
            .param("jfrog_base_url", self.server.url())
            .secret("login_secret_id", &self.login)
            .job_env("CREDJOB_ALLOWED_HOSTS", "127.0.0.1")
    }

    async fn live(&self) -> Result<Option<usize>, TargetError> {
        Ok(Some(self.platform.stand_in.live()))
    }

    async fn works(&self, payload: &Value) -> Result<bool, TargetError> {
        let token =
            payload["access_token"].as_str().ok_or_else(|| TargetError::new("the payload has no access_token"))?;
        let (status, _) = self.platform.stand_in.answer(stand_in::Asked {
            method: TRY.0,
            path: TRY.1,
            query: "",
            authorization: Some(&format!("Bearer {}", token.trim_start_matches(PREFIX))),
            body: b"",
        });
        Ok(status == 200)
    }

    fn canaries(&self) -> Canaries {
        let mut canaries = self.settings().canaries();
        for token in self.platform.given.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            canaries.add("a token of the platform", token);
        }
        canaries
    }
}
