//! How locks look: tables for people, documents for programs.

use credjob_client::{Lock, LockPage, LockedVersion, SecretLocks};
use serde_json::{Value, json};

use crate::service::Table;

/// A page of locks.
pub(crate) fn page(page: &LockPage) -> String {
    if page.locks.is_empty() {
        return "no locks\n".to_owned();
    }
    let mut table = Table::new(&["NAME", "VERSION", "CREATED", "CREATED BY", "DESCRIPTION"]);
    for lock in &page.locks {
        let version = lock.secret_version_alias.as_deref().or(lock.secret_version_id.as_deref());
        table.row([
            lock.name.as_str(),
            version.unwrap_or(""),
            lock.created_at.as_deref().unwrap_or(""),
            lock.created_by.as_deref().unwrap_or(""),
            lock.description.as_deref().unwrap_or(""),
        ]);
    }
    let shown = page.locks.len() as u64;
    let more = if shown < page.total_count {
        format!("\n{shown} of {} locks; --all-pages lists them all\n", page.total_count)
    } else {
        String::new()
    };
    table.render() + &more
}

pub(crate) fn page_document(page: &LockPage) -> Value {
    let locks: Vec<Value> = page.locks.iter().map(lock_document).collect();
    json!({ "total_count": page.total_count, "locks": locks })
}

fn lock_document(lock: &Lock) -> Value {
    let mut document = json!({ "name": lock.name });
    let fields = [
        ("description", &lock.description),
        ("secret_version_id", &lock.secret_version_id),
        ("secret_version_alias", &lock.secret_version_alias),
        ("created_by", &lock.created_by),
        ("created_at", &lock.created_at),
        ("updated_at", &lock.updated_at),
    ];
    for (name, value) in fields {
        if let Some(value) = value {
            document[name] = json!(value);
        }
    }
    if let Some(attributes) = &lock.attributes {
        document["attributes"] = json!(attributes);
    }
    document
}

/// Every locked version after a change.
pub(crate) fn versions(locks: &SecretLocks) -> String {
    if locks.versions.is_empty() {
        return "the secret has no locks\n".to_owned();
    }
    let mut table = Table::new(&["VERSION", "ALIAS", "LOCKS"]);
    for version in &locks.versions {
        table.row([
            version.version_id.as_str(),
            version.version_alias.as_deref().unwrap_or(""),
            &version.locks.join(", "),
        ]);
    }
    table.render()
}

pub(crate) fn versions_document(locks: &SecretLocks) -> Value {
    let version = |version: &LockedVersion| {
        json!({
            "version_id": version.version_id, "version_alias": version.version_alias, "locks": version.locks,
            "payload_available": version.payload_available,
        })
    };
    let versions: Vec<Value> = locks.versions.iter().map(version).collect();
    json!({ "secret_id": locks.secret_id.as_str(), "secret_name": locks.secret_name, "versions": versions })
}
