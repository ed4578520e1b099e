//! Secret groups (PROTOCOL 4.6).

use std::time::SystemTime;

use serde_json::{Value, json};

use crate::times::rfc3339;

/// A secret group.
#[derive(Clone, Debug)]
pub(crate) struct Group {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) created_by: String,
    pub(crate) created_at: SystemTime,
    pub(crate) updated_at: SystemTime,
}

impl Group {
    /// The id and name of the group that always exists.
    pub(crate) const DEFAULT: &'static str = "default";

    pub(crate) fn default_group(by: &str, now: SystemTime) -> Self {
        Self {
            id: Self::DEFAULT.to_owned(),
            name: Self::DEFAULT.to_owned(),
            description: String::new(),
            created_by: by.to_owned(),
            created_at: now,
            updated_at: now,
        }
    }

    pub(crate) fn to_json(&self) -> Value {
        json!({
            "id": self.id,
            "name": self.name,
            // Always present: the models of the SDKs require it.
            "description": self.description,
            "created_by": self.created_by,
            "created_at": rfc3339(self.created_at),
            "updated_at": rfc3339(self.updated_at),
        })
    }
}
