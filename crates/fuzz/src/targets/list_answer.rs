//! Lists: of tasks, versions and locks (PROTOCOL 4.2, 4.4, 4.7).

use credjob::client::{ClientError, LockQuery};
use serde_json::Value;

use crate::judge::is_presentable;
use crate::service::{Answer, SECRET, ask, parsed};

/// The longest error text: a message of the service has at most 500 characters, a code and a trace 128 each.
const MAX_TEXT: usize = 2000;

/// An input is an answer: the status in the first line, then the body.
pub(super) fn check(data: &[u8]) {
    let answer = Answer::read(data);
    let body: Option<Value> = serde_json::from_slice(&answer.body).ok();
    ask(&answer, async |service| {
        let secret = parsed(SECRET);
        let tasks = service.tasks(&secret).await;
        let tasks = tasks.map(|tasks| tasks.iter().map(|task| task.id.to_string()).collect());
        judge(&answer, body.as_ref(), tasks, "tasks", &["id"]);

        let versions = service.versions(&secret).await;
        let owners = versions.map(|versions| {
            let owner = |id: Option<String>| id.unwrap_or_default();
            versions.into_iter().flat_map(|version| [version.id.to_string(), owner(version.credentials_id)]).collect()
        });
        judge(&answer, body.as_ref(), owners, "versions", &["id", "credentials_id"]);

        let locks = service.locks(&secret, None, &LockQuery::default()).await;
        let locks = locks.map(|page| page.locks.into_iter().map(|lock| lock.name).collect());
        judge(&answer, body.as_ref(), locks, "locks", &["name"]);
    });
}

/// `read` holds the texts of these keys of every item, in order; a missing one is empty.
fn judge(answer: &Answer, body: Option<&Value>, read: Result<Vec<String>, ClientError>, list: &str, keys: &[&str]) {
    match read {
        Ok(read) => {
            assert!(answer.is_success(), "a list of {list} from an answer {}", answer.status);
            let Some(body) = body else { return };
            let items = body[list].as_array().cloned().unwrap_or_default();
            let texts = items.iter().flat_map(|item| keys.iter().map(|key| item[*key].as_str().unwrap_or_default()));
            assert!(texts.eq(read.iter().map(String::as_str)), "the {list} are not those of the answer");
        }
        Err(error) => is_presentable(&error.to_string(), MAX_TEXT),
    }
}
