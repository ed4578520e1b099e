//! The external system, as its author models it.

use credjob::http::{Response, WireRequest};

use super::call::Call;

/// A credential that works.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Live {
    /// The id by which it is deleted.
    pub id: String,
    /// The name, label or description that can hold a marker; empty if there is none.
    pub marker: String,
}

impl Live {
    /// A credential that works.
    pub fn new(id: impl Into<String>, marker: impl Into<String>) -> Self {
        Self { id: id.into(), marker: marker.into() }
    }
}

/// A model of an external system: what it holds. Each schedule gets a new one.
pub trait System: Send + 'static {
    /// Every credential that works now, with the text that can hold its marker.
    fn live(&self) -> Vec<Live>;

    /// Puts a credential there that somebody else made, with this text where a marker could stand. Its id.
    fn add_existing(&mut self, text: &str) -> String;
}

/// A model of an external system behind HTTP.
pub trait HttpSystem: System {
    /// What a request is for. Requests to IAM and Secrets Manager do not come here.
    fn call_of(request: &WireRequest) -> Call;

    /// Does what the request asks, and answers as the real system does.
    ///
    /// With [`View::Lagging`] a replica answers that knows nothing of the last two seconds: for
    /// [`Call::List`] and [`Call::Delete`] only. A model may ignore it.
    fn answer(&mut self, request: &WireRequest, view: View) -> Response;
}

/// Who answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// The system as it is.
    Current,
    /// A replica that knows nothing of the last two seconds.
    Lagging,
}
