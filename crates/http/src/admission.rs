//! What is checked before a request leaves the process.

use credjob_contract::is_loopback_host;

use crate::{HostGuard, HttpError, Request};

/// A whole request, to a host that the job's owner allows, over https (http for this machine only), without a login in
/// the URL.
pub(crate) fn admit(request: &Request, guard: &HostGuard) -> Result<(), HttpError> {
    let operation = request.operation();
    let bad = |what: &str| {
        let what = match request.host_parameter {
            Some(parameter) => format!("{what} (check parameter {parameter})"),
            None => what.to_owned(),
        };
        Err(HttpError::BadRequest { operation, what })
    };
    if let Some(problem) = &request.problem {
        return bad(problem);
    }
    let url = &request.wire.url;
    let Some(host) = url.host_str() else {
        return bad("the URL names no host");
    };
    if !url.username().is_empty() || url.password().is_some() {
        return bad("the URL holds a login; take it out, a login belongs into a secret");
    }
    match url.scheme() {
        "https" => {}
        "http" if is_loopback_host(host) => {}
        "http" => {
            return Err(HttpError::InsecureUrl { operation, host: request.wire.host() });
        }
        _ => return bad("the URL is neither https nor http"),
    }
    match request.host_parameter {
        Some(parameter) => {
            guard.check(url, parameter).map_err(|refusal| HttpError::HostNotAllowed { operation, refusal })
        }
        None => Ok(()),
    }
}
