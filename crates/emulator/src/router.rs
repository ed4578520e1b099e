//! The routes of the API (PROTOCOL 4.1).

use std::future::{Ready, ready};
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::State as Shares;
use axum::http::{Response, Uri};
use axum::routing::{delete, get, post, put};

use crate::answer::{Answer, Reply};
use crate::ask::{Ask, Incoming, parse_form};
use crate::errors::ServiceError;
use crate::handlers::{configurations, groups, locks, not_implemented, secrets, tasks, versions};
use crate::shared::Shared;
use crate::state::State;
use crate::time_travel::{self, CLOCK_PATH};

/// Where Secrets Manager is.
pub(crate) const API_PATH: &str = "/api/v2";

/// A handler of an authenticated request. It runs under the lock of the state and does no I/O.
type Handler = fn(&Ask, &mut State) -> Reply;

/// Every route of the emulator: IAM and Secrets Manager on one origin.
pub(crate) fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/identity/token", post(token))
        .route(CLOCK_PATH, get(time_travel::read).post(time_travel::advance))
        .nest(API_PATH, api())
        .fallback(|uri: Uri| ready(Answer::refusal(&ServiceError::not_found(uri.path())).into_response()))
        .method_not_allowed_fallback(wrong_method)
        .with_state(shared)
}

fn api() -> Router<Arc<Shared>> {
    Router::new()
        .route("/secrets", get(on(secrets::list)).post(on(secrets::create)))
        .route("/secrets/{id}", get(on(secrets::read)).delete(on(secrets::delete)))
        .route("/secrets/{id}/metadata", get(on(secrets::read_metadata)).patch(on(secrets::patch)))
        .route("/secrets/{id}/actions", post(on(secrets::act)))
        .route("/secret_groups/{group}/secret_types/{secret_type}/secrets/{name}", get(on(secrets::read_by_name)))
        .route("/secrets/{secret_id}/tasks", get(on(tasks::list)))
        .route("/secrets/{secret_id}/tasks/{id}", put(on(tasks::update)).get(on(tasks::read)).delete(on(tasks::delete)))
        .route("/secrets/{secret_id}/versions", get(on(versions::list)).post(on(versions::create)))
        .route("/secrets/{secret_id}/versions/{id}", get(on(versions::read)))
        .route(
            "/secrets/{secret_id}/versions/{id}/metadata",
            get(on(versions::read_metadata)).patch(on(versions::patch)),
        )
        .route("/secrets/{secret_id}/versions/{id}/secret_data", delete(on(versions::delete_data)))
        .route("/secrets/{secret_id}/versions/{id}/actions", post(on(versions::act)))
        .route("/secrets_locks", get(on(locks::list_secrets)))
        .route("/secrets/{id}/locks", get(on(locks::list)))
        .route("/secrets/{id}/locks_bulk", post(on(locks::create)).delete(on(locks::delete)))
        .route("/secrets/{secret_id}/versions/{id}/locks", get(on(locks::list_version)))
        .route(
            "/secrets/{secret_id}/versions/{id}/locks_bulk",
            post(on(locks::create_version)).delete(on(locks::delete_version)),
        )
        .route("/secret_groups", get(on(groups::list)).post(on(groups::create)))
        .route("/secret_groups/{id}", get(on(groups::read)).patch(on(groups::patch)).delete(on(groups::delete)))
        .route("/configurations", get(on(configurations::list)).post(on(configurations::create)))
        .route(
            "/configurations/{name}",
            get(on(configurations::read)).patch(on(configurations::patch)).delete(on(configurations::delete)),
        )
        .merge(missing_parts())
}

/// Endpoints of the service that the emulator does not have yet.
fn missing_parts() -> Router<Arc<Shared>> {
    let missing = || on(not_implemented);
    Router::new()
        .route("/configurations/{name}/actions", post(missing()))
        .route("/notifications/registration", post(missing()).get(missing()).delete(missing()))
        .route("/notifications/registration/test", get(missing()))
}

fn on(handler: Handler) -> impl Fn(Shares<Arc<Shared>>, Incoming) -> Ready<Response<Body>> + Clone + Send + 'static {
    move |Shares(shared), incoming| {
        let reply = shared.with(|state, now| handler(&incoming.authenticated(now)?, state));
        ready(reply.unwrap_or_else(|error| Answer::refusal(&error)).into_response())
    }
}

/// `POST /identity/token`.
fn token(Shares(shared): Shares<Arc<Shared>>, Incoming { body, .. }: Incoming) -> Ready<Response<Body>> {
    let form = parse_form(&String::from_utf8_lossy(&body));
    let answer = shared.with(|state, now| match state.iam.log_in(&form, now) {
        Ok(body) => Answer::ok(body),
        Err(error) => Answer { status: error.status, body: Some(error.body(&state.identity.url)) },
    });
    ready(answer.into_response())
}

fn wrong_method() -> Ready<Response<Body>> {
    ready(Answer::refusal(&ServiceError::method_not_allowed()).into_response())
}
