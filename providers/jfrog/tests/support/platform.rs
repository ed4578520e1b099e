//! The stand-in as the conformance kit sees it.

use std::net::SocketAddr;

use credjob_testkit::target::{Credential, Provocation, Target, TargetError, TargetSettings};
use serde_json::Value;

use crate::life::ADMIN;
use crate::provocations::provocation;
use crate::stand_in::StandIn;

/// A platform without tokens behind a real socket.
pub(crate) struct Platform {
    pub(crate) stand_in: StandIn,
    address: SocketAddr,
}

impl Target for Platform {
    async fn start() -> Result<Self, TargetError> {
        let stand_in = StandIn::new(ADMIN);
        let address = crate::server::serve(stand_in.clone()).await?;
        Ok(Self { stand_in, address })
    }

    fn settings(&self) -> TargetSettings {
        TargetSettings::new()
            .param("jfrog_base_url", format!("http://{}", self.address))
            .secret("login_secret_id", ADMIN)
            .job_env("CREDJOB_ALLOWED_HOSTS", "127.0.0.1")
    }

    async fn live(&self) -> Result<Option<usize>, TargetError> {
        Ok(Some(self.stand_in.live()))
    }

    async fn works(&self, payload: &Value) -> Result<bool, TargetError> {
        Ok(payload["access_token"].as_str().is_some_and(|token| self.stand_in.accepts(token)))
    }

    async fn provoke(&self, code: &str, made: &Credential) -> Result<Option<Provocation>, TargetError> {
        Ok(provocation(self, code, made))
    }
}
