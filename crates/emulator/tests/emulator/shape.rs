//! Comparing an answer with a documented example, key by key.

use serde_json::Value;

/// Parses an example of `tests/fixtures`.
pub(crate) fn fixture(text: &str) -> Value {
    serde_json::from_str(text).expect("the fixture is JSON")
}

/// Asserts that an answer has exactly the keys of the example, at every depth. Texts that differ from run to run (ids,
/// dates, identities, tokens) must have the form of the example; all other values must be equal.
pub(crate) fn assert_like(example: &Value, answer: &Value) {
    let mut differences = Vec::new();
    compare("", example, answer, &mut differences);
    assert!(differences.is_empty(), "{differences:#?}\nin {answer:#}");
}

fn compare(place: &str, example: &Value, answer: &Value, differences: &mut Vec<String>) {
    match (example, answer) {
        (Value::Object(expected), Value::Object(found)) => {
            for (key, value) in expected {
                match found.get(key) {
                    Some(other) => compare(&format!("{place}/{key}"), value, other, differences),
                    None => differences.push(format!("{place}/{key} is missing")),
                }
            }
            let extra = found.keys().filter(|key| !expected.contains_key(*key));
            differences.extend(extra.map(|key| format!("{place}/{key} is not in the example")));
        }
        (Value::Array(expected), Value::Array(found)) if expected.len() == found.len() => {
            for (index, (value, other)) in expected.iter().zip(found).enumerate() {
                compare(&format!("{place}/{index}"), value, other, differences);
            }
        }
        (Value::String(expected), Value::String(found))
            if form(expected) == form(found) && form(expected).is_some() => {}
        _ if example == answer => {}
        _ => differences.push(format!("{place}: expected {example}, found {answer}")),
    }
}

/// The kind of a text that differs from run to run.
fn form(text: &str) -> Option<&'static str> {
    let is_uuid = |text: &str| text.len() == 36 && text.split('-').map(str::len).eq([8, 4, 4, 4, 12]);
    if text == "00000000-0000-0000-0000-000000000000" {
        return None;
    }
    let dated = text.len() >= 20 && text.ends_with('Z') && text.as_bytes()[10] == b'T';
    [
        ("uuid", is_uuid(text)),
        ("task id", text.strip_prefix("sm-task-").is_some_and(is_uuid)),
        ("access reference", text.strip_prefix("sm-access-").is_some_and(is_uuid)),
        ("crn", text.starts_with("crn:v1:bluemix:public:secrets-manager:us-south:a/") && text.contains(":secret:")),
        ("date", dated),
        ("identity", text.starts_with("IBMid-") || text.strip_prefix("iam-ServiceId-").is_some_and(is_uuid)),
        ("url", text.starts_with("http") && !text.contains("apidocs")),
        ("jwt", text.split('.').count() == 3 && text.starts_with("eyJ")),
    ]
    .into_iter()
    .find_map(|(name, fits)| fits.then_some(name))
}
