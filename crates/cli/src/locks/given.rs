//! What the flags of the lock commands say, checked before anything is sent.

use credjob_client::{LockMode, LockQuery, NewLock};
use serde_json::Value;

use super::args::{NamesArgs, NewLocksArgs, QueryArgs};
use crate::problem::Problem;
use crate::service::{json_of, word};

/// What `--sort` may say.
const SORT_KEYS: [&str; 6] = ["created_at", "updated_at", "name", "-created_at", "-updated_at", "-name"];
/// Locks of one request (PROTOCOL 4.5).
const MAX_LOCKS: usize = 1000;

pub(crate) fn query(arguments: &QueryArgs) -> Result<LockQuery, Problem> {
    if let Some(sort) = &arguments.sort {
        word("--sort", sort, &SORT_KEYS)?;
    }
    if arguments.search.as_ref().is_some_and(|search| !(2..=128).contains(&search.chars().count())) {
        return Err(Problem::usage("--search: takes 2 to 128 characters").hint("leave it out to list every lock"));
    }
    Ok(LockQuery {
        offset: Some(arguments.offset),
        limit: Some(arguments.limit),
        sort: arguments.sort.clone(),
        search: arguments.search.clone(),
    })
}

/// The service supports the second mode, but not for the secrets that this tool is about (PROTOCOL 6.1).
pub(crate) fn mode(arguments: &NewLocksArgs) -> Result<Option<LockMode>, Problem> {
    let Some(mode) = &arguments.mode else { return Ok(None) };
    if mode == LockMode::RemovePreviousAndDelete.as_str() {
        return Err(Problem::usage("--mode: Secrets Manager does not support remove_previous_and_delete for custom credentials")
            .hint("use --mode remove_previous, then delete the data of the previous version (DELETE .../versions/previous/secret_data)"));
    }
    word("--mode", mode, &[LockMode::RemovePrevious.as_str()])?;
    Ok(Some(LockMode::RemovePrevious))
}

pub(crate) fn locks(arguments: &NewLocksArgs) -> Result<Vec<NewLock>, Problem> {
    let wrong = |what: String| {
        Problem::usage(format!("--locks: {what}"))
            .hint(r#"for example: --locks '[{"name":"app-1","description":"used by app 1","attributes":{"cluster":"c-17"}}]'"#)
    };
    let json = json_of("--locks", &arguments.locks)?;
    // A file may hold the body of the API call as well as IBM's list.
    let list = json.get("locks").unwrap_or(&json).as_array().ok_or_else(|| wrong("takes a JSON array".to_owned()))?;
    if !(1..=MAX_LOCKS).contains(&list.len()) {
        return Err(wrong(format!("takes 1 to {MAX_LOCKS} locks")));
    }
    list.iter()
        .enumerate()
        .map(|(index, lock)| one_lock(lock).map_err(|what| wrong(format!("lock {} {what}", index + 1))))
        .collect()
}

fn one_lock(lock: &Value) -> Result<NewLock, &'static str> {
    let lock = lock.as_object().ok_or("is no JSON object")?;
    if lock.keys().any(|key| !["name", "description", "attributes"].contains(&key.as_str())) {
        return Err("has another field than name, description and attributes");
    }
    let name = lock.get("name").and_then(Value::as_str).filter(|name| is_name(name)).ok_or(NAME)?;
    let description = match lock.get("description") {
        None | Some(Value::Null) => None,
        Some(text) => Some(text.as_str().ok_or("has a description that is no text")?.to_owned()),
    };
    let attributes = match lock.get("attributes") {
        None | Some(Value::Null) => None,
        Some(object) => Some(object.as_object().ok_or("has attributes that are no JSON object")?.clone()),
    };
    Ok(NewLock { name: name.to_owned(), description, attributes })
}

pub(crate) fn names(arguments: &NamesArgs) -> Result<Vec<String>, Problem> {
    // A name is never empty here: an empty list would mean all locks.
    match arguments.name.iter().find(|name| !is_name(name)) {
        Some(name) => Err(Problem::usage(format!("--name: the lock `{}` {NAME}", name.escape_debug()))
            .hint("credjob secret-locks --id ID lists the names")),
        None => Ok(arguments.name.clone()),
    }
}

const NAME: &str = "needs a name: a letter, then 1 to 63 letters, digits, dashes, dots and underscores";

fn is_name(text: &str) -> bool {
    let rest = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    (2..=64).contains(&text.len())
        && text.as_bytes().first().is_some_and(u8::is_ascii_alphabetic)
        && text.bytes().all(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(locks: &str, mode: Option<&str>) -> NewLocksArgs {
        NewLocksArgs { locks: locks.to_owned(), mode: mode.map(str::to_owned) }
    }

    #[test]
    fn locks_are_read_as_ibm_writes_them() {
        let text = r#"[{"name":"lock-1","description":"d","attributes":{"a":1}},{"name":"lock-2"}]"#;
        let read = locks(&given(text, None)).expect("good");
        assert_eq!((read[0].name.as_str(), read[1].description.as_deref()), ("lock-1", None));
        assert_eq!(locks(&given(&format!(r#"{{"locks":{text}}}"#), None)).expect("good"), read);
    }

    #[test]
    fn wrong_locks_are_refused_by_their_place() {
        for wrong in [
            "{}",
            "[]",
            "[1]",
            r#"[{"name":"a"}]"#,
            r#"[{"name":"ab","colour":"red"}]"#,
            r#"[{"name":"ab","attributes":1}]"#,
        ] {
            let text = locks(&given(wrong, None)).expect_err("refused").to_string();
            assert!(text.contains("--locks: ") && text.contains("hint: "), "{text}");
        }
    }

    #[test]
    fn the_unsupported_mode_is_a_clear_refusal() {
        let text = mode(&given("[]", Some("remove_previous_and_delete"))).expect_err("refused").to_string();
        assert!(text.contains("does not support") && text.contains("--mode remove_previous,"), "{text}");
        let text = mode(&given("[]", Some("remove_previos"))).expect_err("refused").to_string();
        assert!(text.contains("did you mean `remove_previous`?"), "{text}");
    }

    #[test]
    fn an_empty_name_does_not_mean_all() {
        let names = names(&NamesArgs { name: vec![String::new()] });
        assert!(names.is_err());
    }
}
