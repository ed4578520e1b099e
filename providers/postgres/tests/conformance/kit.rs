//! The conformance kit, over a real server.

use credjob_testkit::target::{Credential, Provocation, Target, TargetError, TargetSettings, Time};
use postgres_provider::PostgresProvider;
use serde_json::{Value, json};

use crate::provocations::provocation;
use crate::support::server::Server;
use crate::support::{app, sql};

/// A private server with the schema `app`.
pub(crate) struct Database(pub(crate) Server);

impl Database {
    /// The inputs of a job that finds the server there.
    pub(crate) fn settings_at(&self, host: &str, port: u16) -> TargetSettings {
        Self::settings_with(&app::credentials_at(&self.0, host, port))
    }

    /// The inputs of a job that logs in with these service credentials.
    pub(crate) fn settings_with(credentials: &Value) -> TargetSettings {
        let login = json!({ "secret_type": "service_credentials", "credentials": credentials });
        TargetSettings::new().param("schema_name", "app").typed_secret("login_secret_id", login)
    }
}

impl Target for Database {
    /// The driver has sockets of its own, so time cannot stand still.
    const TIME: Time = Time::Scaled(20);

    async fn start() -> Result<Self, TargetError> {
        Ok(Self(app::server().await))
    }

    fn settings(&self) -> TargetSettings {
        self.settings_at("127.0.0.1", self.0.port)
    }

    async fn live(&self) -> Result<Option<usize>, TargetError> {
        Ok(Some(app::roles(&self.0).await.len()))
    }

    async fn works(&self, payload: &Value) -> Result<bool, TargetError> {
        let text = |key: &str| payload[key].as_str().unwrap_or_default();
        let Ok(client) = sql::connect(&self.0, "app", text("username"), text("password")).await else {
            return Ok(false);
        };
        Ok(client.simple_query("SELECT note FROM app.orders").await.is_ok())
    }

    async fn provoke(&self, code: &str, made: &Credential) -> Result<Option<Provocation>, TargetError> {
        Ok(provocation(self, code, made).await)
    }
}

credjob_testkit::conformance!(PostgresProvider, Database);
