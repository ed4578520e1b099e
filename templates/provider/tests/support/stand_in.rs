//! A token system in memory, as strict as the real one where the provider depends on it.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use credjob_testkit::leak::canary;
use credjob_testkit::server::{Answer, Asked, StandIn};
use serde_json::{Value, json};

/// The system: its tokens by id.
pub struct System {
    login: String,
    tokens: Mutex<BTreeMap<String, Token>>,
}

struct Token {
    label: String,
    value: String,
}

impl System {
    /// A system without tokens that accepts `login`.
    pub fn new(login: &str) -> Self {
        Self { login: login.to_owned(), tokens: Mutex::default() }
    }

    /// How many tokens are left.
    pub fn live(&self) -> usize {
        self.tokens().len()
    }

    /// Whether a token works.
    pub fn accepts(&self, token: &str) -> bool {
        self.is_token(Some(token))
    }

    fn tokens(&self) -> MutexGuard<'_, BTreeMap<String, Token>> {
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn create(&self, order: &Value) -> Answer {
        let Some(label) = order["label"].as_str() else {
            return Answer::empty(400);
        };
        let id = format!("token-{label}");
        // A random one: it shares no part with the label, which the log shows.
        let value = canary("token");
        let token = Token { label: label.to_owned(), value: value.clone() };
        self.tokens().insert(id.clone(), token);
        Answer::json(201, &json!({ "id": id, "token": value }))
    }

    fn list(&self, query: &str) -> Answer {
        let prefix = query.strip_prefix("label=").unwrap_or_default();
        let tokens: Vec<Value> = self
            .tokens()
            .iter()
            .filter(|(_, token)| token.label.starts_with(prefix))
            .map(|(id, token)| json!({ "id": id, "label": token.label }))
            .collect();
        Answer::json(200, &json!({ "tokens": tokens }))
    }

    fn is_token(&self, bearer: Option<&str>) -> bool {
        self.tokens().values().any(|token| bearer == Some(&token.value))
    }
}

impl StandIn for System {
    fn answer(&self, asked: &Asked) -> Answer {
        let bearer = asked.bearer();
        if (asked.method.as_str(), asked.path.as_str()) == ("GET", "/me") {
            return Answer::empty(if self.is_token(bearer) { 200 } else { 401 });
        }
        if bearer != Some(&self.login) {
            return Answer::empty(401);
        }
        match (asked.method.as_str(), asked.path.strip_prefix("/tokens").unwrap_or_default()) {
            ("POST", "") => self.create(&asked.json()),
            ("GET", "") => self.list(&asked.query),
            ("DELETE", id) => match self.tokens().remove(id.trim_start_matches('/')) {
                Some(_) => Answer::empty(204),
                None => Answer::empty(404),
            },
            _ => Answer::empty(404),
        }
    }
}
