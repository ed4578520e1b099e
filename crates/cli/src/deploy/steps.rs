//! What is done, in order.

use super::deployment::Deployment;

/// One step of a deployment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    Target,
    CheckConfiguration,
    Authorization,
    ServiceId,
    Profile,
    Link,
    Policy,
    ApiKeySecret,
    Job,
    Configuration,
    KeepRuns,
}

impl Step {
    /// The steps of a deployment: the job is there before the configuration, which reads its declarations once.
    pub(crate) fn all(deployment: &Deployment) -> Vec<Self> {
        let mut steps = vec![Self::Target, Self::CheckConfiguration, Self::Authorization];
        if deployment.job.trusted_profile.is_some() {
            steps.extend([Self::Profile, Self::Link, Self::Policy]);
        } else {
            steps.extend([Self::ServiceId, Self::Policy, Self::ApiKeySecret]);
        }
        steps.extend([Self::Job, Self::Configuration]);
        if deployment.job.keep_runs.is_some() {
            steps.push(Self::KeepRuns);
        }
        steps
    }

    /// What the step does, for people.
    pub(crate) fn title(self, deployment: &Deployment) -> String {
        let job = &deployment.job;
        match self {
            Self::Target => "point ibmcloud at the region and the Code Engine project".to_owned(),
            Self::CheckConfiguration => {
                format!("see whether the configuration {} exists and fits", deployment.configuration)
            }
            Self::Authorization => "let Secrets Manager start jobs in the project (Viewer, Writer)".to_owned(),
            Self::ServiceId => format!("the service ID {}, which the job works as", deployment.service_id()),
            Self::Profile => {
                format!("the trusted profile {}, which the job works as", job.trusted_profile.as_deref().unwrap_or(""))
            }
            Self::Link => format!("let only the job {} use the trusted profile", job.name),
            Self::Policy => format!("what the job may do: {}, in one secret group only", job.roles().join(" and ")),
            Self::ApiKeySecret => {
                format!("the secret {}: an API key that Secrets Manager renews", deployment.api_key_secret())
            }
            Self::Job => format!("the Code Engine job {}", job.name),
            Self::Configuration => format!("the configuration {} in Secrets Manager", deployment.configuration),
            Self::KeepRuns => "keep completed job runs (a new configuration has them removed at once)".to_owned(),
        }
    }
}
