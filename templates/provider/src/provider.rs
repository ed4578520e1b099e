//! The job: what Secrets Manager asks for.

use credjob::prelude::*;

use crate::api::Api;
use crate::{ {{type_prefix}}Failure, {{type_prefix}}Params, {{type_prefix}}Token };

/// Makes and deletes {{project_name}} tokens.
#[derive(Debug, Clone, Copy)]
pub struct {{type_prefix}}Provider;

impl CredentialsProvider for {{type_prefix}}Provider {
    type Params = {{type_prefix}}Params;
    type Credentials = {{type_prefix}}Token;
    type Codes = {{type_prefix}}Failure;

    async fn create(&self, job: &Job<Self::Params>) -> Result<Created<Self::Credentials>, Failure> {
        let login = login(job).await?;
        let api = api(job);
        let made = api.create(&login, &job.marker(), job.params().access).await?;
        Ok(Created::new(api.credentials_id(&made.id)?, {{type_prefix}}Token { token: made.token }))
    }

    async fn delete(&self, job: &Job<Self::Params>, id: &CredentialsId) -> Result<Deletion, Failure> {
        api(job).delete(&login(job).await?, id).await
    }

    /// Optional: try the new credential before it is published.
    async fn verify(&self, job: &Job<Self::Params>, created: &Created<Self::Credentials>) -> Result<(), Failure> {
        api(job).check(&created.credentials.token).await
    }

    /// Optional, and worth it: without a list, a lost answer cannot be cleaned up after.
    async fn leftovers(&self, job: &Job<Self::Params>, task: &TaskMarker) -> Result<Leftovers, Failure> {
        Ok(Leftovers::Found(api(job).list(&login(job).await?, task).await?))
    }
}

fn api(job: &Job<{{type_prefix}}Params>) -> Api<'_> {
    Api::new(job.http(), &job.params().base_url)
}

async fn login(job: &Job<{{type_prefix}}Params>) -> Result<Secret<String>, Failure> {
    let secret = job.read_secret(&job.params().login_secret_id).await?;
    secret.expect_type(&[SecretType::Arbitrary])?;
    Ok(secret.pointer("/payload")?)
}
