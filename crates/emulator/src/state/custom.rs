//! What only custom credentials secrets have: parameters, a policy of rotation, and counters of tasks.

use std::time::{Duration, SystemTime};

use serde_json::{Value, json};

use crate::errors::ServiceError;
use crate::fields::{Fields, Object};
use crate::patterns;

/// One day, the shortest TTL of this type and the pause between attempts of a deletion.
pub(crate) const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// The longest TTL of this type (PROTOCOL 6.5).
const MAX_TTL_DAYS: u32 = 90;
/// Longest text of a TTL (PROTOCOL 4.3).
const MAX_TTL_TEXT: usize = 10;

/// The extras of a custom credentials secret (PROTOCOL 5.4).
#[derive(Clone, Debug)]
pub(crate) struct Custom {
    pub(crate) configuration: String,
    pub(crate) parameters: Object,
    pub(crate) rotation: Option<Rotation>,
    pub(crate) ttl: Option<Duration>,
    pub(crate) next_rotation: Option<SystemTime>,
    /// Tasks made for the secret, also those that were removed.
    pub(crate) task_count: u64,
    pub(crate) last_failed_task: Option<String>,
    /// `None` until the first version is active.
    pub(crate) last_rotation_failed: Option<bool>,
}

impl Custom {
    /// Reads a `ttl`: 1 to 90 days (PROTOCOL 4.3).
    pub(crate) fn read_ttl(fields: Fields<'_>) -> Result<Option<Duration>, ServiceError> {
        let Some(text) = fields.text("ttl", 1..=MAX_TTL_TEXT)? else { return Ok(None) };
        let ttl = patterns::duration(text).filter(|ttl| (DAY..=DAY * MAX_TTL_DAYS).contains(ttl));
        ttl.map(Some).ok_or_else(|| ServiceError::invalid("ttl", "must be a duration from 1d to 90d"))
    }

    /// A rotation interval must not be longer than the TTL (PROTOCOL 6.4).
    pub(crate) fn check_policy(rotation: Option<&Rotation>, ttl: Option<Duration>) -> Result<(), ServiceError> {
        let interval = rotation.and_then(|rotation| rotation.interval);
        if interval.zip(ttl).is_some_and(|(interval, ttl)| interval > ttl) {
            return Err(ServiceError::invalid("rotation", "must not have an interval longer than the ttl"));
        }
        Ok(())
    }

    /// When the next automatic rotation is due if one interval starts now.
    pub(crate) fn rotation_after(&self, now: SystemTime) -> Option<SystemTime> {
        Some(now + self.rotation.as_ref()?.interval?)
    }
}

/// A `rotation` object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rotation {
    /// The interval of an enabled policy.
    pub(crate) interval: Option<Duration>,
    json: Value,
}

impl Rotation {
    const HOUR: Duration = Duration::from_secs(60 * 60);
    /// The shortest interval of this type (PROTOCOL 6.4).
    const MIN: Duration = Duration::from_secs(6 * 60 * 60);
    /// A month counts 30 days here.
    const MONTH: Duration = Duration::from_secs(30 * 24 * 60 * 60);

    /// Reads a policy: off, or an interval from 6 hours to 3 months.
    pub(crate) fn read(fields: Fields<'_>) -> Result<Option<Self>, ServiceError> {
        let Some(object) = fields.object("rotation")? else { return Ok(None) };
        let rotation = Fields(object);
        let auto_rotate = rotation.flag("auto_rotate")?.ok_or_else(|| ServiceError::missing("rotation.auto_rotate"))?;
        if !auto_rotate {
            return Ok(Some(Self { interval: None, json: json!({ "auto_rotate": false }) }));
        }
        let count = rotation.number("interval")?.ok_or_else(|| ServiceError::missing("rotation.interval"))?;
        let unit = rotation.required_text("unit", 3..=5)?;
        let length = match unit {
            "hour" => Self::HOUR,
            "day" => DAY,
            "month" => Self::MONTH,
            _ => return Err(ServiceError::invalid("rotation.unit", "must be hour, day or month")),
        };
        let interval = u32::try_from(count).ok().and_then(|count| length.checked_mul(count));
        let interval = interval.filter(|interval| (Self::MIN..=Self::MONTH * 3).contains(interval));
        let interval = interval
            .ok_or_else(|| ServiceError::invalid("rotation", "must have an interval from 6 hours to 3 months"))?;
        let json = json!({ "auto_rotate": true, "interval": count, "unit": unit });
        Ok(Some(Self { interval: Some(interval), json }))
    }

    pub(crate) fn to_json(&self) -> &Value {
        &self.json
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rotation(value: Value) -> Result<Option<Rotation>, ServiceError> {
        let mut body = Object::new();
        body.insert("rotation".to_owned(), value);
        Rotation::read(Fields(&body))
    }

    #[test]
    fn an_interval_is_from_six_hours_to_three_months() {
        for (interval, unit) in [(6, "hour"), (1, "day"), (90, "day"), (3, "month")] {
            assert!(
                rotation(json!({ "auto_rotate": true, "interval": interval, "unit": unit })).is_ok(),
                "{interval} {unit}"
            );
        }
        for (interval, unit) in [(5, "hour"), (0, "day"), (91, "day"), (4, "month"), (1, "week")] {
            assert!(
                rotation(json!({ "auto_rotate": true, "interval": interval, "unit": unit })).is_err(),
                "{interval} {unit}"
            );
        }
    }

    #[test]
    fn a_policy_can_be_off() {
        let off = rotation(json!({ "auto_rotate": false })).unwrap().unwrap();
        assert_eq!(off.interval, None);
        assert!(rotation(json!({})).is_err());
    }

    #[test]
    fn the_interval_must_fit_into_the_ttl() {
        let policy = rotation(json!({ "auto_rotate": true, "interval": 31, "unit": "day" })).unwrap();
        assert!(Custom::check_policy(policy.as_ref(), Some(DAY * 30)).is_err());
        assert!(Custom::check_policy(policy.as_ref(), Some(DAY * 31)).is_ok());
        assert!(Custom::check_policy(policy.as_ref(), None).is_ok());
    }
}
