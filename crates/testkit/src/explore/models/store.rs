//! What the model systems hold.

use std::time::Duration;

use tokio::time::Instant;

use super::super::{Live, View};

/// How far a replica lags behind.
const LAG: Duration = Duration::from_secs(2);

/// Credentials by id.
#[derive(Debug, Default)]
pub(super) struct Store {
    credentials: Vec<Stored>,
    made: u32,
}

#[derive(Debug)]
struct Stored {
    live: Live,
    /// When it was made; `None` if it was there before.
    since: Option<Instant>,
}

impl Store {
    pub(super) fn live(&self) -> Vec<Live> {
        self.credentials.iter().map(|one| one.live.clone()).collect()
    }

    pub(super) fn add_existing(&mut self, text: &str) -> String {
        self.add(text, None)
    }

    pub(super) fn create(&mut self, marker: &str) -> String {
        self.add(marker, Some(Instant::now()))
    }

    /// Whether there was such a credential.
    pub(super) fn delete(&mut self, id: &str, view: View) -> bool {
        let found = self.credentials.iter().position(|one| one.live.id == id && one.is_seen(view));
        found.map(|at| self.credentials.remove(at)).is_some()
    }

    pub(super) fn list(&self, view: View) -> Vec<Live> {
        self.credentials.iter().filter(|one| one.is_seen(view)).map(|one| one.live.clone()).collect()
    }

    pub(super) fn has(&self, id: &str) -> bool {
        self.credentials.iter().any(|one| one.live.id == id)
    }

    fn add(&mut self, text: &str, since: Option<Instant>) -> String {
        self.made += 1;
        let id = format!("cred-{}", self.made);
        self.credentials.push(Stored { live: Live::new(id.clone(), text), since });
        id
    }
}

impl Stored {
    fn is_seen(&self, view: View) -> bool {
        view == View::Current || self.since.is_none_or(|since| since.elapsed() >= LAG)
    }
}
