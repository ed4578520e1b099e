//! JSON that holds secrets.

use std::fmt;

use credjob_contract::redact::REDACTED;
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use zeroize::Zeroize;

use crate::leaves;

/// A JSON tree with secret texts in it. All of them are known to the redactor; `Debug` shows none; they are wiped on drop.
#[derive(Clone)]
pub struct SecretJson(Value);

impl SecretJson {
    /// Takes over a tree and registers its texts with the redactor, except locators such as host names.
    pub(crate) fn new(tree: Value) -> Self {
        leaves::register(&tree);
        Self(tree)
    }

    /// Parses a text that holds a JSON object or array. Other texts are no tree: `12345` is a password, not a number.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let tree = Self(serde_json::from_str(text).ok()?);
        (tree.0.is_object() || tree.0.is_array()).then(|| {
            leaves::register(&tree.0);
            tree
        })
    }

    /// The tree. What you copy out of it is yours to keep secret: wrap it in `Secret`.
    pub fn expose(&self) -> &Value {
        &self.0
    }

    /// Whether there is nothing in it: `null`, `{}`, `[]`.
    pub fn is_empty(&self) -> bool {
        match &self.0 {
            Value::Null => true,
            Value::Array(items) => items.is_empty(),
            Value::Object(fields) => fields.is_empty(),
            _ => false,
        }
    }
}

impl<'de> Deserialize<'de> for SecretJson {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Value::deserialize(deserializer).map(Self::new)
    }
}

impl fmt::Debug for SecretJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretJson({REDACTED})")
    }
}

impl Drop for SecretJson {
    fn drop(&mut self) {
        wipe(&mut self.0);
    }
}

/// Overwrites every text of the tree. Keys, numbers and booleans stay: they are names and settings.
fn wipe(tree: &mut Value) {
    match tree {
        Value::String(text) => text.zeroize(),
        Value::Array(items) => items.iter_mut().for_each(wipe),
        Value::Object(fields) => fields.values_mut().for_each(wipe),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn debug_shows_no_value() {
        let tree = SecretJson::new(json!({"token": "json-canary-debug"}));
        assert_eq!(format!("{tree:?}"), "SecretJson([redacted])");
    }

    #[test]
    fn wiping_reaches_nested_texts() {
        let mut tree = json!({"a": [{"b": "deep"}, "flat"], "n": 5});
        wipe(&mut tree);
        assert_eq!(tree, json!({"a": [{"b": ""}, ""], "n": 5}));
    }

    #[test]
    fn a_bare_number_is_no_tree() {
        assert!(SecretJson::parse("12345678").is_none());
    }

    #[test]
    fn a_quoted_text_is_no_tree() {
        assert!(SecretJson::parse(r#""quoted""#).is_none());
    }

    #[test]
    fn an_object_is_a_tree() {
        assert!(SecretJson::parse(r#" {"a": 1} "#).is_some());
    }
}
