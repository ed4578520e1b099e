//! Requests whose answer must also be readable.

use std::time::Duration;

use credjob_http::{HttpClient, HttpError, MIN_ATTEMPT, Request, Response};

/// The wait after a 2xx that cannot be read. A proxy that answers for the service while it fails over does so for up to
/// 30 s (PROTOCOL 6.9); the service asks for less than 20 requests a second.
const UNREADABLE_PAUSE: Duration = Duration::from_secs(1);

/// Sends `request` until `read` can use the answer. An answer that it cannot use is an unknown outcome, so it is asked
/// for again, like a 5xx, while the client's budget lasts. For requests that may be repeated only.
pub(crate) async fn ask<T>(
    http: &HttpClient,
    request: &Request,
    read: impl Fn(&Response) -> Result<T, HttpError>,
) -> Result<T, HttpError> {
    loop {
        let response = http.send(request.clone()).await?;
        let unreadable = match read(&response) {
            Ok(value) => return Ok(value),
            Err(error) => error,
        };
        if http.budget().remaining() < UNREADABLE_PAUSE + MIN_ATTEMPT {
            return Err(unreadable);
        }
        tracing::warn!(event = "unreadable_answer", operation = request.operation(), error = %unreadable, "asking again");
        tokio::time::sleep(UNREADABLE_PAUSE).await;
    }
}

/// Why there is no answer, in a few words. For requests that ask, `HttpError`'s own words say too much: nothing was
/// applied or not applied.
pub(crate) fn why(error: &HttpError) -> String {
    match error {
        HttpError::NotSent(call) | HttpError::OutcomeUnknown(call) | HttpError::Refused(call) => {
            call.cause.text.clone()
        }
        HttpError::NoTimeLeft { .. } => String::from("no time was left to ask"),
        HttpError::BadBody { what, .. } => format!("the answer was {what}"),
        other => other.to_string(),
    }
}
