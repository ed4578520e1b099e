//! JSON that holds secrets.

use std::fmt;

use credjob_contract::redact::REDACTED;
use credjob_http::JsonError;
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use zeroize::Zeroize;

use crate::leaves;

/// The most texts of one secret: each becomes a dozen patterns that every log line is searched for. Service credentials have some dozens.
pub(crate) const MAX_TEXTS: usize = 1000;

/// A tree with more than [`MAX_TEXTS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooManyTexts;

/// A JSON tree with secret texts in it. All of them are known to the redactor; `Debug` shows none; they are wiped on drop.
#[derive(Clone)]
pub struct SecretJson(Value);

impl SecretJson {
    /// Takes over a tree and registers its texts with the redactor, except locators such as host names.
    pub(crate) fn new(tree: Value) -> Result<Self, TooManyTexts> {
        // Whatever becomes of it, it is wiped.
        let tree = Self(tree);
        if texts(&tree.0) > MAX_TEXTS {
            return Err(TooManyTexts);
        }
        leaves::register(&tree.0);
        Ok(tree)
    }

    /// Parses a text that holds a JSON object or array. Other texts are no tree: `12345` is a password, not a number.
    pub(crate) fn parse(text: &str) -> Result<Option<Self>, TooManyTexts> {
        let begins = |bracket| text.trim_start().starts_with(bracket);
        if !begins('{') && !begins('[') {
            return Ok(None);
        }
        match credjob_http::json(text.as_bytes()) {
            Ok(tree) => Self::new(tree).map(Some),
            Err(JsonError::TooManyValues) => Err(TooManyTexts),
            Err(_) => Ok(None),
        }
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

/// A tree in an answer. One with too many texts does not fail the reading: that would look like an answer to ask for again.
pub(crate) fn read<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Result<SecretJson, TooManyTexts>>, D::Error> {
    Ok(Option::<Value>::deserialize(deserializer)?.map(SecretJson::new))
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

fn texts(tree: &Value) -> usize {
    match tree {
        Value::String(_) => 1,
        Value::Array(items) => items.iter().map(texts).sum(),
        Value::Object(fields) => fields.values().map(texts).sum(),
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
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
        let tree = SecretJson::new(json!({"token": "json-canary-debug"})).unwrap();
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
        assert!(SecretJson::parse("12345678").unwrap().is_none());
    }

    #[test]
    fn a_quoted_text_is_no_tree() {
        assert!(SecretJson::parse(r#""quoted""#).unwrap().is_none());
    }

    #[test]
    fn a_tree_with_too_many_texts_is_refused() {
        let texts = |count: usize| json!({ "list": vec!["text"; count] });
        assert!(SecretJson::new(texts(MAX_TEXTS)).is_ok());
        assert!(SecretJson::new(texts(MAX_TEXTS + 1)).is_err());
        assert!(SecretJson::parse(&texts(MAX_TEXTS + 1).to_string()).is_err());
        assert!(SecretJson::parse(&format!("[{}]", vec!["1"; 60_000].join(","))).is_err());
    }

    #[test]
    fn an_object_is_a_tree() {
        assert!(SecretJson::parse(r#" {"a": 1} "#).unwrap().is_some());
    }
}
