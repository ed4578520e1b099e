//! Configurations of the custom credentials engine (PROTOCOL 4.7).

use std::time::{Duration, SystemTime};

use serde_json::{Value, json};

use crate::errors::ServiceError;
use crate::patterns;
use crate::schema::Schema;
use crate::times::rfc3339;

/// The one type of configuration that the emulator has.
pub(crate) const CONFIG_TYPE: &str = "custom_credentials_configuration";

/// A `custom_credentials_configuration`.
#[derive(Clone, Debug)]
pub(crate) struct Configuration {
    pub(crate) name: String,
    pub(crate) created_by: String,
    pub(crate) created_at: SystemTime,
    pub(crate) updated_at: SystemTime,
    pub(crate) api_key_ref: Option<String>,
    pub(crate) job_name: String,
    pub(crate) project_id: String,
    pub(crate) region: String,
    pub(crate) task_timeout: TaskTimeout,
    /// The declarations of the job when the configuration was created.
    pub(crate) schema: Schema,
    /// The IAM id that jobs of this configuration act as.
    pub(crate) job_iam_id: String,
}

impl Configuration {
    pub(crate) const TYPE: &'static str = CONFIG_TYPE;

    pub(crate) fn to_json(&self) -> Value {
        let mut configuration = json!({
            "config_type": CONFIG_TYPE,
            "name": self.name,
            "secret_type": "custom_credentials",
            "created_by": self.created_by,
            "created_at": rfc3339(self.created_at),
            "updated_at": rfc3339(self.updated_at),
            "code_engine": { "job_name": self.job_name, "project_id": self.project_id, "region": self.region },
            "task_timeout": self.task_timeout.text,
            "schema": self.schema.to_json(),
        });
        if let Some(reference) = &self.api_key_ref {
            configuration["api_key_ref"] = json!(reference);
            configuration["code_engine_key_ref"] = json!(format!("sm-access-{reference}"));
        }
        configuration
    }
}

/// How long a task may be `processing`; the text is echoed as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TaskTimeout {
    pub(crate) duration: Duration,
    text: String,
}

impl TaskTimeout {
    const MIN: Duration = Duration::from_secs(5 * 60);
    const MAX: Duration = Duration::from_secs(24 * 60 * 60);
    /// Longest text (PROTOCOL 2.2).
    const MAX_LENGTH: usize = 6;

    /// Reads e.g. `900` or `15m` (PROTOCOL 2.2).
    pub(crate) fn parse(text: &str) -> Result<Self, ServiceError> {
        let duration = patterns::duration(text).filter(|_| text.len() <= Self::MAX_LENGTH);
        let fits = duration.filter(|duration| (Self::MIN..=Self::MAX).contains(duration));
        let wrong = || ServiceError::invalid("task_timeout", "must be a duration from 5m to 24h");
        Ok(Self { duration: fits.ok_or_else(wrong)?, text: text.to_owned() })
    }
}

impl Default for TaskTimeout {
    /// Ten minutes (PROTOCOL 2.2).
    fn default() -> Self {
        Self { duration: Duration::from_secs(10 * 60), text: "10m".to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timeout_is_from_five_minutes_to_a_day() {
        for good in ["5m", "300", "24h", "1d", "15m"] {
            assert!(TaskTimeout::parse(good).is_ok(), "{good}");
        }
        for bad in ["", "4m", "299", "25h", "2d", "0000600", "soon"] {
            assert!(TaskTimeout::parse(bad).is_err(), "{bad}");
        }
    }
}
