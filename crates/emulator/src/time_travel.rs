//! `/emulator/clock`: the emulator's clock over HTTP. It stands outside `/api`, because the service has nothing like it.
//!
//! - `GET /emulator/clock` answers `{"now": "2026-03-01T09:00:00.120Z"}`.
//! - `POST /emulator/clock?advance=20d` jumps forward by seconds, or by a number with the unit `s`, `m`, `h` or `d`, and
//!   answers the same. Only with [`crate::Options::time_travel`]; otherwise 403.
//!
//! Neither asks for a token: the port is a loopback port. A request of a web page (with `Origin`) is refused.

use std::future::{Ready, ready};
use std::sync::Arc;

use axum::body::Body;
use axum::extract::State as Shares;
use axum::http::header::ORIGIN;
use axum::http::{HeaderMap, Response, Uri};
use serde_json::json;

use crate::answer::{Answer, Reply};
use crate::ask::parse_form;
use crate::errors::ServiceError;
use crate::patterns::duration;
use crate::shared::Shared;
use crate::times::rfc3339;

/// Where the clock is.
pub(crate) const CLOCK_PATH: &str = "/emulator/clock";

pub(crate) fn read(Shares(shared): Shares<Arc<Shared>>) -> Ready<Response<Body>> {
    ready(now(&shared).into_response())
}

#[expect(clippy::needless_pass_by_value, reason = "axum hands what it extracts over by value")]
pub(crate) fn advance(Shares(shared): Shares<Arc<Shared>>, headers: HeaderMap, uri: Uri) -> Ready<Response<Body>> {
    let from_a_page = headers.contains_key(ORIGIN);
    let reply = if from_a_page { Err(ServiceError::forbidden()) } else { jump(&shared, uri.query().unwrap_or("")) };
    ready(reply.unwrap_or_else(|error| Answer::refusal(&error)).into_response())
}

fn jump(shared: &Shared, query: &str) -> Reply {
    if !shared.look(|state, _| state.settings.time_travel) {
        return Err(ServiceError { message: NOT_ALLOWED.to_owned(), ..ServiceError::forbidden() });
    }
    let form = parse_form(query);
    let by = form.get("advance").ok_or_else(|| ServiceError::missing("advance"))?;
    let by = duration(by)
        .ok_or_else(|| ServiceError::invalid("advance", "must be seconds, or a number with unit s, m, h or d"))?;
    shared.clock.advance(by);
    Ok(now(shared))
}

/// What is due by now happens before the answer.
fn now(shared: &Shared) -> Answer {
    Answer::ok(json!({ "now": shared.look(|_, now| rfc3339(now)) }))
}

const NOT_ALLOWED: &str = "This emulator was not started with time travel.";
