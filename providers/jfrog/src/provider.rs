//! The job: what Secrets Manager asks for.

use credjob::prelude::*;

use crate::api::Platform;
use crate::base_url::BaseUrl;
use crate::failure::UNREVOCABLE_UP_TO;
use crate::login::login;
use crate::token_name::TokenName;
use crate::{JfrogFailure, JfrogParams, JfrogToken};

/// Makes and revokes JFrog access tokens.
#[derive(Debug, Clone, Copy)]
pub struct JfrogProvider;

impl CredentialsProvider for JfrogProvider {
    type Params = JfrogParams;
    type Credentials = JfrogToken;
    type Codes = JfrogFailure;

    async fn create(&self, job: &Job<JfrogParams>) -> Result<Created<JfrogToken>, Failure> {
        let params = job.params();
        let platform = platform(job)?;
        if (1..=UNREVOCABLE_UP_TO).contains(&params.expires_in_seconds) && !params.force_revocable {
            return Err(JfrogFailure::UnrevocableExpiry.into());
        }
        let login = login(job).await?;
        let minted = platform.mint(&login, params, &job.marker()).await?;
        Ok(Created::new(minted.name.to_credentials_id()?, minted.token))
    }

    async fn delete(&self, job: &Job<JfrogParams>, id: &CredentialsId) -> Result<Deletion, Failure> {
        let name: TokenName = id.as_str().parse().map_err(|_| JfrogFailure::BadCredentialsId)?;
        let platform = platform(job)?;
        // Before anything is asked: another platform would say that the token is gone.
        let id = name.id_on(platform.host())?;
        platform.revoke(&login(job).await?, id).await
    }

    /// Tries the new token, if its audience includes the service that can be asked.
    async fn verify(&self, job: &Job<JfrogParams>, created: &Created<JfrogToken>) -> Result<(), Failure> {
        if !reaches_access(&job.params().audience) {
            return Ok(());
        }
        platform(job)?.try_token(&created.credentials.access_token).await
    }

    async fn leftovers(&self, job: &Job<JfrogParams>, task: &TaskMarker) -> Result<Leftovers, Failure> {
        let platform = platform(job)?;
        Ok(Leftovers::Found(platform.leftovers(&login(job).await?, task).await?))
    }
}

fn platform(job: &Job<JfrogParams>) -> Result<Platform<'_>, JfrogFailure> {
    Ok(Platform::new(job.http(), BaseUrl::parse(&job.params().jfrog_base_url)?))
}

/// Whether the Access service is among those that accept the token: `*@*`, or `jfac@` and an instance.
fn reaches_access(audience: &str) -> bool {
    audience
        .split_whitespace()
        .any(|service| service == "*" || service.starts_with("*@") || service.starts_with("jfac@"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_service_includes_access() {
        for audience in ["*@*", "jfac@*", "jfrt@01 jfac@01"] {
            assert!(reaches_access(audience), "{audience}");
        }
    }

    #[test]
    fn other_services_do_not() {
        for audience in ["jfrt@*", "jfrt@01 jfxr@01"] {
            assert!(!reaches_access(audience), "{audience}");
        }
    }
}
