//! The payload of `credentials_created` and its rules (PROTOCOL 1.5).

use std::fmt::{self, Write as _};

use zeroize::Zeroizing;

use crate::{FieldSpec, TypeSpec};

#[cfg(test)]
mod tests;

/// The most characters that one string of a payload may have (PROTOCOL 1.5).
pub const MAX_STRING_CHARS: usize = 100_000;

/// The most bytes that a payload may have as JSON: 1 MB, what PROTOCOL 1.5 recommends, as the service does not state a limit.
pub const MAX_PAYLOAD_BYTES: usize = 1_000_000;

/// One value of a payload. The service takes strings, integers and booleans, nothing else.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum PayloadValue<'a> {
    /// A string; the options of an enum and secret ids are strings too.
    Text(&'a str),
    /// An integer.
    Integer(i64),
    /// A boolean.
    Boolean(bool),
}

/// Names the kind and hides the value: it is a credential.
impl fmt::Debug for PayloadValue<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text(_) => "Text([redacted])",
            Self::Integer(_) => "Integer([redacted])",
            Self::Boolean(_) => "Boolean([redacted])",
        })
    }
}

/// The outputs that have a value, by their name in the schema: `private_key_base64` for `SMOUT_PRIVATE_KEY_BASE64`.
#[derive(Debug, Clone)]
pub struct Payload<'a>(pub Vec<(&'static str, PayloadValue<'a>)>);

impl Payload<'_> {
    /// Checks the payload against the declared outputs, before it is sent.
    ///
    /// # Errors
    /// Every broken rule, each with the name of the output and never with its value.
    pub fn check(&self, fields: &[FieldSpec]) -> Result<(), Vec<String>> {
        let mut broken = Vec::new();
        for (index, (key, value)) in self.0.iter().enumerate() {
            if self.0[..index].iter().any(|(earlier, _)| earlier == key) {
                broken.push(format!("{key}: is there twice"));
            }
            match fields.iter().find(|field| field.schema_name() == *key) {
                Some(field) => broken.extend(check_value(field, value).map(|what| format!("{key}: {what}"))),
                None => broken.push(format!("{key}: is not a declared output; names are lower case")),
            }
        }
        for field in fields.iter().filter(|field| field.required) {
            let name = field.schema_name();
            if !self.0.iter().any(|(key, _)| *key == name) {
                broken.push(format!("{name}: is required, but missing"));
            }
        }
        if self.json_len() > MAX_PAYLOAD_BYTES {
            broken.push(format!("the payload is larger than {MAX_PAYLOAD_BYTES} bytes"));
        }
        if broken.is_empty() { Ok(()) } else { Err(broken) }
    }

    /// The payload as a JSON object. It is written into one allocation, which is wiped on drop.
    pub fn to_json_object(&self) -> Zeroizing<String> {
        // A string that grows leaves copies of its content behind, so it gets its whole size at once.
        let mut json = Zeroizing::new(String::with_capacity(self.json_len()));
        json.push('{');
        for (index, (key, value)) in self.0.iter().enumerate() {
            if index > 0 {
                json.push(',');
            }
            push_text(&mut json, key);
            json.push(':');
            match value {
                PayloadValue::Text(text) => push_text(&mut json, text),
                PayloadValue::Integer(integer) => json.push_str(&integer.to_string()),
                PayloadValue::Boolean(boolean) => json.push_str(if *boolean { "true" } else { "false" }),
            }
        }
        json.push('}');
        json
    }

    /// The exact length of [`Self::to_json_object`] in bytes.
    fn json_len(&self) -> usize {
        let entries: usize = self
            .0
            .iter()
            .map(|(key, value)| {
                let value = match value {
                    PayloadValue::Text(text) => text_len(text),
                    PayloadValue::Integer(integer) => integer.to_string().len(),
                    PayloadValue::Boolean(boolean) => boolean.to_string().len(),
                };
                text_len(key) + ":".len() + value
            })
            .sum();
        "{}".len() + entries + self.0.len().saturating_sub(1)
    }
}

/// What is wrong with one value, if anything is.
fn check_value(field: &FieldSpec, value: &PayloadValue<'_>) -> Option<String> {
    match (field.ty, value) {
        (TypeSpec::Integer, PayloadValue::Integer(_)) | (TypeSpec::Boolean, PayloadValue::Boolean(_)) => None,
        (TypeSpec::Integer, _) => Some("must be an integer".to_owned()),
        (TypeSpec::Boolean, _) => Some("must be a boolean".to_owned()),
        (_, PayloadValue::Text("")) if field.required => Some("is required, but empty".to_owned()),
        (_, PayloadValue::Text(text)) if text.chars().nth(MAX_STRING_CHARS).is_some() => {
            Some(format!("is longer than {MAX_STRING_CHARS} characters"))
        }
        (TypeSpec::Enum(options), PayloadValue::Text(text)) if !options.contains(text) => {
            Some(format!("must be one of {}", options.join(", ")))
        }
        (_, PayloadValue::Text(_)) => None,
        (_, _) => Some("must be a string".to_owned()),
    }
}

/// Writes a JSON string (RFC 8259 section 7).
fn push_text(json: &mut String, text: &str) {
    json.push('"');
    for character in text.chars() {
        match character {
            '"' => json.push_str("\\\""),
            '\\' => json.push_str("\\\\"),
            '\n' => json.push_str("\\n"),
            '\r' => json.push_str("\\r"),
            '\t' => json.push_str("\\t"),
            control if control < ' ' => {
                // Writing to a string does not fail.
                let _ = write!(json, "\\u{:04x}", u32::from(control));
            }
            other => json.push(other),
        }
    }
    json.push('"');
}

/// The length of what [`push_text`] writes.
fn text_len(text: &str) -> usize {
    let content: usize = text
        .bytes()
        .map(|byte| match byte {
            b'"' | b'\\' | b'\n' | b'\r' | b'\t' => 2,
            0..b' ' => 6,
            _ => 1,
        })
        .sum();
    content + "\"\"".len()
}
