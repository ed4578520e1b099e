//! Stands between a job and everything that it talks to. It lets calls through, or says what the test says in their place, byte by byte:
//! also what no HTTP server would say.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use credjob_testkit::leak::MIN_LENGTH;
use credjob_testkit::process::Program;
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

/// A call of a job, as far as the tests tell them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Step {
    Token,
    SecretRead,
    Create,
    Try,
    List,
    Revoke,
    TaskUpdate,
    TaskRead,
    VersionList,
}

/// What is said in place of an answer: a head, and a piece again and again.
#[derive(Clone)]
pub(crate) struct Speech {
    pub(crate) head: Vec<u8>,
    pub(crate) piece: Vec<u8>,
    pub(crate) times: u64,
    /// Before each piece.
    pub(crate) pause: Duration,
}

/// Decides what a call meets, from the secrets that went through so far; `None` lets it through.
type Plan = Box<dyn Fn(Step, &[Seen]) -> Option<Speech> + Send + Sync>;

/// A secret that went through, by the field that held it.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) field: String,
    pub(crate) value: String,
}

/// Fields of requests and answers that hold a secret.
const SECRET_FIELDS: [&str; 6] =
    ["access_token", "refresh_token", "reference_token", "payload", "private_key_base64", "apikey"];

/// What IAM gives in place of a refresh token (PROTOCOL 3.1).
const NO_TOKEN: &str = "not_supported";

pub(crate) struct Gateway {
    address: SocketAddr,
    shared: Arc<Shared>,
    serving: JoinHandle<()>,
}

struct Shared {
    service: SocketAddr,
    platform: Option<SocketAddr>,
    plan: Mutex<Plan>,
    seen: Mutex<Vec<Seen>>,
    calls: Mutex<Vec<Step>>,
}

impl Gateway {
    /// Listens in front of the service and, if there is one, of the platform.
    pub(crate) async fn start(service: &str, platform: Option<SocketAddr>) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a port");
        let address = listener.local_addr().expect("it has an address");
        let service = service.trim_start_matches("http://").parse().expect("an address of this machine");
        let shared = Arc::new(Shared {
            service,
            platform,
            plan: Mutex::new(Box::new(|_, _| None)),
            seen: Mutex::default(),
            calls: Mutex::default(),
        });
        let serving = tokio::spawn(serve(listener, Arc::clone(&shared)));
        Self { address, shared, serving }
    }

    fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The same job, which talks to the gateway only.
    pub(crate) fn job(&self, job: Program) -> Program {
        let job = job.env("SM_INSTANCE_URL", self.url()).env("CREDJOB_IAM_URL", self.url());
        if self.shared.platform.is_some() { job.env("SM_JFROG_BASE_URL_VALUE", self.url()) } else { job }
    }

    /// From now on calls meet this.
    pub(crate) fn plan(&self, plan: impl Fn(Step, &[Seen]) -> Option<Speech> + Send + Sync + 'static) {
        *locked(&self.shared.plan) = Box::new(plan);
    }

    /// The secrets that went through.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        locked(&self.shared.seen).clone()
    }

    /// How many calls of this kind met the plan or went through.
    pub(crate) fn calls(&self, step: Step) -> usize {
        locked(&self.shared.calls).iter().filter(|call| **call == step).count()
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Shared {
    fn meet(&self, step: Step) -> Option<Speech> {
        locked(&self.calls).push(step);
        locked(&self.plan)(step, &locked(&self.seen))
    }

    fn note(&self, field: &str, value: &str) {
        let seen = Seen { field: field.to_owned(), value: value.to_owned() };
        let mut all = locked(&self.seen);
        if value.len() >= MIN_LENGTH && value != NO_TOKEN && !all.contains(&seen) {
            all.push(seen);
        }
    }

    /// Notes the secrets in a message: those of its JSON or form, and the one that it logs in with.
    fn learn(&self, head: &str, body: &[u8]) {
        if let Some(token) = header(head, "authorization").and_then(|value| value.strip_prefix("Bearer ")) {
            self.note("authorization", token);
        }
        for (name, value) in String::from_utf8_lossy(body).split('&').filter_map(|pair| pair.split_once('=')) {
            if SECRET_FIELDS.contains(&name) {
                self.note(name, value);
            }
        }
        self.learn_json(&serde_json::from_slice(body).unwrap_or_default());
    }

    fn learn_json(&self, json: &Value) {
        for (name, value) in json.as_object().into_iter().flatten() {
            match value {
                Value::String(text) if SECRET_FIELDS.contains(&name.as_str()) => self.note(name, text),
                nested => self.learn_json(nested),
            }
        }
    }
}

async fn serve(listener: TcpListener, shared: Arc<Shared>) {
    let mut connections = JoinSet::new();
    loop {
        if let Ok((stream, _)) = listener.accept().await {
            let shared = Arc::clone(&shared);
            // An error is a job that has closed its end.
            connections.spawn(async move { drop(converse(stream, &shared).await) });
            while connections.try_join_next().is_some() {}
        }
    }
}

/// One request, one answer, and the end of the connection.
async fn converse(mut stream: TcpStream, shared: &Shared) -> io::Result<()> {
    let (head, body) = read_message(&mut stream).await?;
    shared.learn(&head, &body);
    let (step, upstream) = route(&head, shared).ok_or(io::ErrorKind::InvalidInput)?;
    if let Some(speech) = shared.meet(step) {
        return say(&mut stream, &speech).await;
    }
    let mut upstream = TcpStream::connect(upstream).await?;
    upstream.write_all(closing(&head).as_bytes()).await?;
    upstream.write_all(&body).await?;
    let mut answer = Vec::new();
    upstream.read_to_end(&mut answer).await?;
    let start = end_of_head(&answer).unwrap_or(answer.len());
    shared.learn("", &answer[start..]);
    stream.write_all(&answer).await
}

async fn say(stream: &mut TcpStream, speech: &Speech) -> io::Result<()> {
    stream.write_all(&speech.head).await?;
    for _ in 0..speech.times {
        if !speech.pause.is_zero() {
            tokio::time::sleep(speech.pause).await;
        }
        stream.write_all(&speech.piece).await?;
    }
    stream.shutdown().await
}

/// Which call it is, and who would answer it.
fn route(head: &str, shared: &Shared) -> Option<(Step, SocketAddr)> {
    let mut words = head.split(' ');
    let (method, target) = (words.next()?, words.next()?);
    let path = target.split('?').next()?;
    let segments: Vec<&str> = path.trim_matches('/').split('/').collect();
    Some(match (method, segments.as_slice()) {
        ("POST", ["identity", "token"]) => (Step::Token, shared.service),
        ("PUT", ["api", "v2", "secrets", _, "tasks", _]) => (Step::TaskUpdate, shared.service),
        ("GET", ["api", "v2", "secrets", _, "tasks", _]) => (Step::TaskRead, shared.service),
        ("GET", ["api", "v2", "secrets", _, "versions"]) => (Step::VersionList, shared.service),
        ("GET", ["api", "v2", "secrets", _]) => (Step::SecretRead, shared.service),
        ("POST", ["access", "api", "v1", "tokens"]) => (Step::Create, shared.platform?),
        ("GET", ["access", "api", "v1", "tokens", "me"]) => (Step::Try, shared.platform?),
        ("GET", ["access", "api", "v1", "tokens"]) => (Step::List, shared.platform?),
        ("DELETE", ["access", "api", "v1", "tokens", _]) => (Step::Revoke, shared.platform?),
        _ => return None,
    })
}

/// The head of a message, and its body if it has a length.
async fn read_message(stream: &mut TcpStream) -> io::Result<(String, Vec<u8>)> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = end_of_head(&bytes) {
            break end;
        }
        if stream.read_buf(&mut bytes).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    };
    let mut body = bytes.split_off(end);
    let head = String::from_utf8_lossy(&bytes).into_owned();
    let length = header(&head, "content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    while body.len() < length {
        if stream.read_buf(&mut body).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    Ok((head, body))
}

fn end_of_head(bytes: &[u8]) -> Option<usize> {
    bytes.windows(4).position(|window| window == b"\r\n\r\n").map(|at| at + 4)
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let mut fields = head.lines().filter_map(|line| line.split_once(':'));
    fields.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
}

/// The same head, but its connection ends with the answer.
fn closing(head: &str) -> String {
    format!("{}\r\nConnection: close\r\n\r\n", head.trim_end())
}

fn locked<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Speech {
    /// A whole answer: a status line, header lines, a body.
    pub(crate) fn answer(status: &str, headers: &[(&str, &str)], body: impl AsRef<[u8]>) -> Self {
        let body = body.as_ref();
        let lines: Vec<String> = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let head = format!(
            "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n{}\r\n",
            body.len(),
            lines.concat()
        );
        Self { head: [head.as_bytes(), body].concat(), piece: Vec::new(), times: 0, pause: Duration::ZERO }
    }
}
