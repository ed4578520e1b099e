//! JSON from outside, in bounded memory.

use serde::de::DeserializeOwned;

/// The most values in one JSON text. A tree of small objects takes up to 320 bytes for each of them, eighty times its text, so this bounds a tree to
/// 16 MB. The largest answer that a job needs, a list of tokens, has ten values for each.
pub const MAX_JSON_VALUES: usize = 50_000;

/// Why a text is no JSON of the shape that is needed. It says where, never what: serde's own text quotes the value that it stumbled over.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum JsonError {
    /// It is not JSON, or nested more than 127 deep.
    #[error("not JSON (line {line}, column {column})")]
    Syntax {
        /// Counted from 1.
        line: usize,
        /// Counted in bytes.
        column: usize,
    },
    /// It is JSON of another shape.
    #[error("JSON without what is needed (line {line}, column {column})")]
    Shape {
        /// Counted from 1.
        line: usize,
        /// Counted in bytes.
        column: usize,
    },
    /// It has more than [`MAX_JSON_VALUES`].
    #[error("JSON with more than {MAX_JSON_VALUES} values")]
    TooManyValues,
}

/// Reads a JSON text.
///
/// # Errors
/// [`JsonError`] if it is not JSON, has another shape or too many values.
pub fn json<T: DeserializeOwned>(text: &[u8]) -> Result<T, JsonError> {
    if values(text) > MAX_JSON_VALUES {
        return Err(JsonError::TooManyValues);
    }
    serde_json::from_slice(text).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        match error.classify() {
            serde_json::error::Category::Data => JsonError::Shape { line, column },
            _ => JsonError::Syntax { line, column },
        }
    })
}

/// How many values a text has at most: each but the first follows a comma or opens an array or an object.
fn values(text: &[u8]) -> usize {
    let (mut count, mut quoted, mut escaped) = (1, false, false);
    for byte in text {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => quoted = !quoted,
            b',' | b'[' | b'{' if !quoted => count += 1,
            _ => {}
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json as value};

    use super::*;

    #[test]
    fn json_is_read() {
        assert_eq!(json::<Value>(br#"{"a": [1, "x,y"]}"#), Ok(value!({ "a": [1, "x,y"] })));
    }

    #[test]
    fn what_is_not_json_is_told_by_its_place() {
        assert_eq!(json::<Value>(b"[1,\n?]").unwrap_err().to_string(), "not JSON (line 2, column 1)");
        let shape = json::<u32>(br#""canary-shape""#).unwrap_err().to_string();
        assert_eq!(shape, "JSON without what is needed (line 1, column 14)");
    }

    #[test]
    fn values_are_counted_outside_texts() {
        assert_eq!(values(br#"{"a,b":"[\",{\\","c":[1,2]}"#), 5);
        assert!(values(b"1") == 1 && values(b"") == 1);
    }

    #[test]
    fn too_many_values_are_refused_before_they_are_read() {
        let list = |count: usize| format!("[{}]", vec!["{}"; count].join(","));
        assert!(json::<Value>(list(MAX_JSON_VALUES / 2 - 1).as_bytes()).is_ok());
        assert_eq!(json::<Value>(list(MAX_JSON_VALUES).as_bytes()), Err(JsonError::TooManyValues));
    }

    #[test]
    fn deep_json_is_refused_and_does_not_overflow_the_stack() {
        for open in ["[", r#"{"a":"#] {
            let error = json::<Value>(open.repeat(MAX_JSON_VALUES / 2).as_bytes()).unwrap_err();
            assert!(matches!(error, JsonError::Syntax { .. }), "{error}");
        }
    }
}
