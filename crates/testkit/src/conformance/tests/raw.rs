//! A provider with sockets of its own, for a system that speaks in lines: `ADD LABEL`, `DEL ID`, `LIST`.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use credjob::prelude::*;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

use crate::target::{Target, TargetError, TargetSettings, Time};

type Labels = Arc<Mutex<BTreeMap<String, String>>>;

/// The system; a label is the token as well.
pub(super) struct Lines {
    address: SocketAddr,
    labels: Labels,
}

impl Target for Lines {
    const TIME: Time = Time::Scaled(20);

    async fn start() -> Result<Self, TargetError> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let (address, labels) = (listener.local_addr()?, Labels::default());
        let served = Arc::clone(&labels);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(converse(stream, Arc::clone(&served)));
            }
        });
        Ok(Self { address, labels })
    }

    fn settings(&self) -> TargetSettings {
        TargetSettings::new().param("address", self.address.to_string())
    }

    async fn live(&self) -> Result<Option<usize>, TargetError> {
        Ok(Some(self.labels.lock().unwrap_or_else(PoisonError::into_inner).len()))
    }

    async fn works(&self, payload: &Value) -> Result<bool, TargetError> {
        Ok(self.labels.lock().unwrap_or_else(PoisonError::into_inner).values().any(|label| payload["token"] == *label))
    }
}

async fn converse(stream: TcpStream, labels: Labels) {
    let mut stream = BufReader::new(stream);
    let mut line = String::new();
    if stream.read_line(&mut line).await.is_ok() {
        let answer = {
            let mut labels = labels.lock().unwrap_or_else(PoisonError::into_inner);
            match line.trim_end().split_once(' ') {
                Some(("ADD", label)) => {
                    labels.insert(format!("id-{label}"), label.to_owned());
                    format!("id-{label}")
                }
                Some(("DEL", id)) => labels.remove(id).map_or("none", |_| "done").to_owned(),
                _ => labels.values().cloned().collect::<Vec<_>>().join(" "),
            }
        };
        // Nobody may listen any more.
        let _ = stream.write_all(format!("{answer}\n").as_bytes()).await;
    }
}

#[derive(Params)]
pub(super) struct RawParams {
    /// Where the system listens.
    address: String,
}

#[derive(Credentials)]
pub(super) struct RawToken {
    /// The token.
    token: Secret<String>,
}

/// A provider that keeps the rules, unless it forgets to list.
pub(super) struct Raw {
    pub(super) lists: bool,
}

async fn ask(job: &Job<RawParams>, line: &str) -> Result<String, Failure> {
    let asked = async {
        let mut stream = BufReader::new(TcpStream::connect(&job.params().address).await?);
        stream.write_all(format!("{line}\n").as_bytes()).await?;
        let mut answer = String::new();
        stream.read_line(&mut answer).await?;
        Ok::<_, std::io::Error>(answer.trim_end().to_owned())
    };
    asked.await.map_err(|error| Failure::new("CREDJOB_UNREACHABLE", "no answer").with_source(error).outcome_unknown())
}

impl CredentialsProvider for Raw {
    type Params = RawParams;
    type Credentials = RawToken;
    type Codes = ();

    async fn create(&self, job: &Job<RawParams>) -> Result<Created<RawToken>, Failure> {
        let marker = job.marker();
        let id = ask(job, &format!("ADD {marker}")).await?;
        Ok(Created::new(CredentialsId::new(id)?, RawToken { token: Secret::new(marker.to_string()) }))
    }

    async fn delete(&self, job: &Job<RawParams>, id: &CredentialsId) -> Result<Deletion, Failure> {
        let answer = ask(job, &format!("DEL {id}")).await?;
        Ok(if answer == "done" { Deletion::Deleted } else { Deletion::AlreadyGone })
    }

    async fn leftovers(&self, job: &Job<RawParams>, task: &TaskMarker) -> Result<Leftovers, Failure> {
        if !self.lists {
            return Ok(Leftovers::none());
        }
        let labels = ask(job, "LIST").await?;
        let found = labels.split(' ').filter(|label| task.finds(label));
        let found = found.map(|label| Ok(Leftover::new(CredentialsId::new(format!("id-{label}"))?, label)));
        Ok(Leftovers::Found(found.collect::<Result<_, Failure>>()?))
    }
}
