//! From the client's errors to the command's: the client speaks to the author of a job, this speaks to the person who typed.

use credjob_client::{ClientError, IamError, ServiceError};

use crate::problem::Problem;

/// A call failed.
pub(crate) fn failed(error: &ClientError) -> Problem {
    match error {
        ClientError::Iam(error) => no_token(error),
        ClientError::NotFound { subject, error } => {
            Problem::refused(format!("Secrets Manager does not have {subject} ({error})"))
                .hint("check the ids, and that --service-url names the right instance")
        }
        ClientError::Forbidden { subject, role, error } => {
            Problem::refused(format!("your login may not use {subject} ({error})"))
                .hint(format!("it needs the service role {role} on the secret's group"))
        }
        ClientError::Refused { subject, error } => {
            Problem::refused(format!("Secrets Manager refused the request for {subject} ({error})")).hint(advice(error))
        }
        other => Problem::cannot_start(other.to_string()).hint(UNREACHABLE),
    }
}

/// There is no token.
pub(crate) fn no_token(error: &IamError) -> Problem {
    match error {
        IamError::KeyRejected { host, error } => Problem::refused(format!(
            "IAM at {host} does not know the API key ({error})"
        ))
        .hint("export SECRETS_MANAGER_APIKEY with a key of this account; the emulator prints a new one at each start"),
        IamError::Refused { host, error } => Problem::refused(format!("IAM at {host} refused a token ({error})"))
            .hint("check SECRETS_MANAGER_APIKEY, or the trusted profile and who may use it"),
        other => Problem::cannot_start(other.to_string()).hint(UNREACHABLE),
    }
}

/// What a person can do about a refusal.
pub(crate) fn advice(error: &ServiceError) -> &'static str {
    match error.status {
        400 => "the service's text names what it does not accept",
        401 => "log in again: the token was not accepted twice",
        409 => "wait until no task of the secret is queued or processing: credjob secret-tasks --watch --secret-id ID",
        412 => "remove the locks first: credjob secret-locks --id ID shows them",
        _ => "the service's text says why",
    }
}

const UNREACHABLE: &str =
    "check --service-url and the network; HTTPS_PROXY is honoured, private endpoints answer only inside IBM Cloud";
