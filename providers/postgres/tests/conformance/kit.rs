//! The conformance kit, over a real server.

use credjob_testkit::target::{Target, TargetError, TargetSettings, Time};
use postgres_provider::PostgresProvider;
use serde_json::{Value, json};

use crate::support::server::Server;
use crate::support::{app, sql};

/// A private server with the schema `app`.
struct Database(Server);

impl Target for Database {
    /// The driver has sockets of its own, so time cannot stand still.
    const TIME: Time = Time::Scaled(20);

    async fn start() -> Result<Self, TargetError> {
        Ok(Self(app::server().await))
    }

    fn settings(&self) -> TargetSettings {
        let login = json!({ "secret_type": "service_credentials", "credentials": app::credentials(&self.0) });
        TargetSettings::new().param("schema_name", "app").typed_secret("login_secret_id", login)
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
}

credjob_testkit::conformance!(PostgresProvider, Database);
