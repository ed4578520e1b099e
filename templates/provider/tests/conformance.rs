//! The rules that every provider keeps, and the real job against a local Secrets Manager.

use std::sync::Arc;

use credjob::http::Response;
use credjob_testkit::emulated::Emulated;
use credjob_testkit::server::StandInServer;
use credjob_testkit::target::{Credential, Provocation, Target, TargetError, TargetSettings};
use serde_json::Value;

#[path = "support/stand_in.rs"]
mod stand_in;

use stand_in::System;

const LOGIN: &str = "canary-login-token-of-the-stand-in";

/// The stand-in, as the tests see it. Start your real system here if it runs on a laptop.
struct Running {
    system: Arc<System>,
    server: StandInServer,
}

impl Target for Running {
    async fn start() -> Result<Self, TargetError> {
        let system = Arc::new(System::new(LOGIN));
        let server = StandInServer::start(Arc::clone(&system)).await?;
        Ok(Self { system, server })
    }

    fn settings(&self) -> TargetSettings {
        TargetSettings::new()
            .param("base_url", self.server.url())
            .secret("login_secret_id", LOGIN)
            .job_env("CREDJOB_ALLOWED_HOSTS", "127.0.0.1")
    }

    async fn live(&self) -> Result<Option<usize>, TargetError> {
        Ok(Some(self.system.live()))
    }

    async fn works(&self, payload: &Value) -> Result<bool, TargetError> {
        Ok(payload["token"].as_str().is_some_and(|token| self.system.accepts(token)))
    }

    /// How each code of `src/failure.rs` comes about: inputs that differ, answers that your system gives in trouble.
    async fn provoke(&self, code: &str, made: &Credential) -> Result<Option<Provocation>, TargetError> {
        let settings = self.settings();
        let of_another_system = format!("{}.example.com", made.id);
        Ok(Some(match code {
            "{{code_prefix}}_LOGIN_REJECTED" => {
                Provocation::create(settings.secret("login_secret_id", "canary-another-token"))
            }
            "{{code_prefix}}_BAD_ANSWER" => {
                Provocation::create(settings).answering("POST", "/tokens", Response::new(201, "{}"))
            }
            "{{code_prefix}}_BAD_CREDENTIALS_ID" => Provocation::delete(&of_another_system, settings),
            "{{code_prefix}}_TOKEN_NOT_ACCEPTED" => {
                Provocation::create(settings).answering("GET", "/me", Response::new(401, ""))
            }
            _ => return Ok(None),
        }))
    }
}

credjob_testkit::conformance!({{crate_name}}_provider::{{type_prefix}}Provider, Running);

/// A system, and the job in a Secrets Manager that uses it.
async fn start(login: &str) -> (Arc<System>, StandInServer, Emulated) {
    let system = Arc::new(System::new(LOGIN));
    let server = StandInServer::start(Arc::clone(&system)).await.expect("a free port");
    let settings = TargetSettings::new()
        .param("base_url", server.url())
        .secret("login_secret_id", login)
        .job_env("CREDJOB_ALLOWED_HOSTS", "127.0.0.1");
    let program = env!("CARGO_BIN_EXE_{{project_name}}");
    let emulated = Emulated::with(program, &settings).start().await.expect("an emulator");
    (system, server, emulated)
}

#[tokio::test]
async fn a_secret_lives_its_whole_life() {
    let (system, _server, emulated) = start(LOGIN).await;
    let pending = emulated.create().await.expect("a task");
    assert_eq!(emulated.wait(&pending).await.task["status"], "credentials_created");
    assert_eq!(system.live(), 1);
    let deletion = emulated.delete_data(&pending.secret_id, "current").await.expect("a task");
    assert_eq!(emulated.wait(&deletion).await.task["status"], "credentials_deleted");
    assert_eq!(system.live(), 0);
}

#[tokio::test]
async fn a_refused_login_is_reported_and_nothing_is_created() {
    let (system, _server, emulated) = start("canary-another-token").await;
    let pending = emulated.create().await.expect("a task");
    let ended = emulated.wait(&pending).await;
    assert_eq!(ended.task["errors"][0]["code"], "{{code_prefix}}_LOGIN_REJECTED");
    assert_eq!(system.live(), 0);
}
