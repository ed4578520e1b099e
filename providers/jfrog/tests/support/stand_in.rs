//! JFrog's token API in memory, behaving as PROVIDERS section 1 says. Knows nothing of HTTP servers.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};

/// The path of the tokens.
const TOKENS: &str = "/access/api/v1/tokens";
/// Below this expiry a token is not revocable: `revocable-expiry-threshold`.
const REVOCABLE_FROM: i64 = 21_600;
/// The longest expiry that the platform allows.
const MAX_EXPIRY: i64 = 10 * 365 * 86_400;

/// A platform. Clones share it.
#[derive(Clone)]
pub(crate) struct StandIn {
    admin: Arc<str>,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    tokens: BTreeMap<String, Token>,
    requests: Vec<String>,
    random: u64,
    gives_no_reference_tokens: bool,
    refuses_new_tokens: bool,
}

struct Token {
    /// The access token itself; made when it is added.
    text: String,
    username: String,
    description: Option<String>,
    refreshable: bool,
    revocable: bool,
    standing: Standing,
}

#[derive(PartialEq)]
enum Standing {
    Live,
    Revoked,
    /// Another platform of the circle of trust issued it.
    Foreign,
}

/// A request as the platform sees it. `path` is decoded, `query` is not.
#[derive(Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    pub(crate) query: &'a str,
    pub(crate) authorization: Option<&'a str>,
    pub(crate) body: &'a [u8],
}

/// Who asks.
enum Caller {
    Admin,
    Token(String),
}

impl StandIn {
    /// A platform without tokens, but with this admin token.
    pub(crate) fn new(admin: &str) -> Self {
        Self { admin: admin.into(), state: Arc::default() }
    }

    /// How many tokens still work.
    pub(crate) fn live(&self) -> usize {
        self.state().tokens.values().filter(|token| token.is_live()).count()
    }

    /// Whether a token works.
    pub(crate) fn accepts(&self, token: &str) -> bool {
        let state = self.state();
        !state.refuses_new_tokens && state.tokens.values().any(|known| known.is_live() && known.text == token)
    }

    /// `METHOD path` of every request so far.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.state().requests.clone()
    }

    /// The descriptions of the tokens that still work.
    pub(crate) fn descriptions(&self) -> Vec<String> {
        self.state()
            .tokens
            .values()
            .filter(|token| token.is_live())
            .filter_map(|token| token.description.clone())
            .collect()
    }

    /// A token that somebody else made, and its id.
    pub(crate) fn strangers_token(&self, description: &str) -> String {
        self.state().add(Token::new("somebody", Some(description.to_owned())))
    }

    /// A token that another platform of the circle of trust issued: it cannot be revoked here.
    pub(crate) fn foreign_token(&self) -> String {
        self.state().add(Token { standing: Standing::Foreign, ..Token::new("somebody", None) })
    }

    /// From now on a platform before 7.38.10, which knows no reference tokens.
    pub(crate) fn forget_reference_tokens(&self) {
        self.state().gives_no_reference_tokens = true;
    }

    /// From now on no token but the admin's is accepted.
    pub(crate) fn refuse_new_tokens(&self) {
        self.state().refuses_new_tokens = true;
    }

    /// Answers a request with a status and a JSON body (`null` = no body).
    pub(crate) fn answer(&self, asked: Asked<'_>) -> (u16, Value) {
        let mut state = self.state();
        state.requests.push(format!("{} {}", asked.method, asked.path));
        let Some(caller) = self.caller(&state, asked.authorization) else {
            return error(401, "UNAUTHORIZED", "Token failed verification");
        };
        match (asked.method, asked.path.strip_prefix(TOKENS)) {
            ("POST", Some("")) => state.create(&caller, asked.body),
            ("GET", Some("")) => state.list(&caller, asked.query),
            ("GET", Some(path)) if path.len() > 1 => state.read(&caller, &path[1..]),
            ("DELETE", Some(path)) if path.len() > 1 => state.revoke(&caller, &path[1..]),
            _ => error(404, "NOT_FOUND", "no such route"),
        }
    }

    fn caller(&self, state: &State, authorization: Option<&str>) -> Option<Caller> {
        let token = authorization?.strip_prefix("Bearer ")?;
        if token == &*self.admin {
            return Some(Caller::Admin);
        }
        let found = state.tokens.iter().find(|(_, known)| known.is_live() && known.text == token);
        let found = found.filter(|_| !state.refuses_new_tokens);
        found.map(|(id, _)| Caller::Token(id.clone()))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn create(&mut self, caller: &Caller, body: &[u8]) -> (u16, Value) {
        let Ok(order) = serde_json::from_slice::<Value>(body) else {
            return error(400, "BAD_REQUEST", "the body is not JSON");
        };
        let text = |key: &str| order.get(key).and_then(Value::as_str);
        for (key, longest) in [("username", 255), ("scope", 500), ("audience", 255), ("description", 1024)] {
            if text(key).is_some_and(|text| text.chars().count() > longest) {
                return error(400, "BAD_REQUEST", &format!("{key} is too long"));
            }
        }
        let expiry = match order.get("expires_in").map(Value::as_i64) {
            None => 365 * 86_400,
            Some(Some(expiry)) if expiry >= 0 => expiry,
            Some(_) => return error(400, "BAD_REQUEST", "expires_in is not a non-negative number"),
        };
        let scope = text("scope").unwrap_or("applied-permissions/user");
        if !scope.starts_with("applied-permissions/") && !scope.starts_with("system:") {
            return error(400, "BAD_REQUEST", "unknown scope");
        }
        let Caller::Admin = caller else {
            return error(403, "FORBIDDEN", "only an admin creates tokens for others");
        };
        if expiry > MAX_EXPIRY {
            return error(403, "FORBIDDEN", "expires_in is above the maximum");
        }
        let flag = |key: &str| order.get(key).and_then(Value::as_bool).unwrap_or(false);
        let token = Token {
            refreshable: flag("refreshable"),
            revocable: expiry == 0 || expiry >= REVOCABLE_FROM || flag("force_revocable"),
            ..Token::new(text("username").unwrap_or("admin"), text("description").map(ToOwned::to_owned))
        };
        let id = self.add(token);
        let mut answer = json!({
            "token_id": id, "access_token": self.tokens[&id].text, "expires_in": expiry, "scope": scope,
            "token_type": "Bearer",
        });
        if flag("refreshable") {
            // The id is no secret; this is one, and must not look like the id.
            answer["refresh_token"] = json!(format!("refresh-{}", id.chars().rev().collect::<String>()));
        }
        if flag("include_reference_token") && !self.gives_no_reference_tokens {
            answer["reference_token"] = json!(format!("{:0<64}", format!("ref{}", id.replace('-', ""))));
        }
        (200, answer)
    }

    fn list(&self, caller: &Caller, query: &str) -> (u16, Value) {
        let pattern = query.split('&').find_map(|pair| pair.strip_prefix("description="));
        // The markers need no decoding; the wildcard works only at the end.
        let described = |token: &Token| match pattern.map(|pattern| (pattern, pattern.strip_suffix('*'))) {
            None => true,
            Some((_, Some(prefix))) => token.description.as_deref().is_some_and(|text| text.starts_with(prefix)),
            Some((exact, None)) => token.description.as_deref() == Some(exact),
        };
        let visible = |id: &str| match caller {
            Caller::Admin => true,
            Caller::Token(own) => self.tokens[id].username == self.tokens[own].username,
        };
        let listed = self.tokens.iter().filter(|(id, token)| token.is_live() && described(token) && visible(id));
        let tokens: Vec<Value> = listed.map(|(id, token)| token.described(id)).collect();
        (200, json!({ "tokens": tokens }))
    }

    fn read(&self, caller: &Caller, id: &str) -> (u16, Value) {
        match (caller, id) {
            (Caller::Token(own), "me") => (200, self.tokens[own].described(own)),
            (Caller::Admin, "me") => (200, json!({ "token_id": "00000000-0000-4000-8000-00000000ad31" })),
            (caller, id) => match self.tokens.get(id) {
                None => error(404, "NOT_FOUND", "no such token"),
                Some(token) => match caller {
                    Caller::Token(own) if self.tokens[own].username != token.username => {
                        error(403, "FORBIDDEN", "not your token")
                    }
                    _ => (200, token.described(id)),
                },
            },
        }
    }

    fn revoke(&mut self, caller: &Caller, id: &str) -> (u16, Value) {
        let Caller::Admin = caller else {
            return error(403, "FORBIDDEN", "only an admin revokes the tokens of others");
        };
        match self.tokens.get_mut(id) {
            Some(token) if token.standing == Standing::Foreign => {
                error(400, "BAD_REQUEST", "the token was issued by another instance")
            }
            Some(token) if token.is_live() => {
                // The trap: the platform says yes, and a token that expires soon goes on working.
                if token.revocable {
                    token.standing = Standing::Revoked;
                }
                (200, Value::Null)
            }
            _ => (204, Value::Null),
        }
    }

    fn add(&mut self, mut token: Token) -> String {
        let (high, low) = (self.next_random(), self.next_random());
        let id = format!(
            "{:08x}-{:04x}-4{:03x}-8{:03x}-{:012x}",
            high >> 32,
            high >> 16 & 0xffff,
            high & 0xfff,
            low >> 48 & 0xfff,
            low & 0xffff_ffff_ffff
        );
        token.text = format!("eyJ2ZXIiOiIyIn0.{id}.");
        for _ in 0..4 {
            // Writing to a `String` cannot fail.
            let _ = write!(token.text, "{:016x}", self.next_random());
        }
        self.tokens.insert(id.clone(), token);
        id
    }

    /// A number that differs from all before it (SplitMix64).
    fn next_random(&mut self) -> u64 {
        self.random = self.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.random ^ self.random >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }
}

impl Token {
    fn new(username: &str, description: Option<String>) -> Self {
        Self {
            text: String::new(),
            username: username.to_owned(),
            description,
            refreshable: false,
            revocable: true,
            standing: Standing::Live,
        }
    }

    fn is_live(&self) -> bool {
        self.standing == Standing::Live
    }

    fn described(&self, id: &str) -> Value {
        let mut value = json!({
            "token_id": id, "subject": format!("jfac@01stand1n/users/{}", self.username), "issued_at": 1_800_000_000,
            "issuer": "jfac@01stand1n", "refreshable": self.refreshable,
        });
        if let Some(description) = &self.description {
            value["description"] = json!(description);
        }
        value
    }
}

fn error(status: u16, code: &str, message: &str) -> (u16, Value) {
    (status, json!({ "errors": [{ "code": code, "message": message }] }))
}
