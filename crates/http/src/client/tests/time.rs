//! Waits, deadlines, `Retry-After`.

use super::*;

#[tokio::test(start_paused = true)]
async fn waits_follow_the_schedule() {
    let script = script([
        Fault::ConnectionRefused.into(),
        Fault::ConnectionRefused.into(),
        Fault::ConnectionRefused.into(),
        ok(),
    ]);
    let start = Instant::now();
    client(&script).send(get()).await.unwrap();
    assert_eq!(start.elapsed(), Duration::from_millis(200 + 400 + 800));
}

#[tokio::test(start_paused = true)]
async fn retry_after_in_seconds_is_waited_for() {
    let script = script([busy("7"), ok()]);
    let start = Instant::now();
    client(&script).send(post()).await.unwrap();
    assert_eq!(start.elapsed(), Duration::from_secs(7));
}

#[tokio::test(start_paused = true)]
async fn retry_after_as_a_date_counts_from_the_injected_clock() {
    let script = script([busy("Thu, 01 Jan 1970 00:00:12 GMT"), ok()]);
    let http = client(&script);
    tokio::time::advance(Duration::from_secs(2)).await;
    let start = Instant::now();
    http.send(post()).await.unwrap();
    assert_eq!(start.elapsed(), Duration::from_secs(10));
}

#[tokio::test(start_paused = true)]
async fn a_short_retry_after_does_not_shorten_the_schedule() {
    let script = script([busy("0"), ok()]);
    let start = Instant::now();
    client(&script).send(get()).await.unwrap();
    assert_eq!(start.elapsed(), Duration::from_millis(200));
}

#[tokio::test(start_paused = true)]
async fn retry_after_beyond_the_budget_ends_at_once() {
    let script = script([busy("60")]);
    let start = Instant::now();
    let error = client(&script).send(get()).await.unwrap_err();
    assert!(matches!(error, HttpError::NotSent(_)), "{error}");
    assert_eq!(error.status(), Some(429));
    assert_eq!(start.elapsed(), Duration::ZERO);
    script.assert_done();
}

#[tokio::test(start_paused = true)]
async fn an_absurd_retry_after_ends_at_once() {
    let script = script([busy("99999999999999999999")]);
    assert!(client(&script).send(get()).await.is_err());
    script.assert_done();
}

#[tokio::test(start_paused = true)]
async fn a_server_that_never_recovers_is_asked_until_the_budget_ends() {
    let script = ScriptedTransport::new().with_backend(|_| Response::new(503, ""));
    let start = Instant::now();
    let error = client(&script).send(put()).await.unwrap_err();
    assert_eq!(error.status(), Some(503));
    assert!(error.is_outcome_unknown() && error.is_transient());
    // 0.2 + 0.4 + ... + 6.4 + 4 x 10 s are 52.6 s; the next 10 s are cut to 5.4 s, which leaves 2 s for the last attempt.
    assert_eq!(start.elapsed() + LAST_ATTEMPT, BUDGET);
    assert_eq!(script.requests().len(), 12);
}

#[tokio::test(start_paused = true)]
async fn one_attempt_may_not_take_longer_than_its_timeout() {
    let script = script([Fault::Hang.into(), Fault::Hang.into(), ok()]);
    let start = Instant::now();
    let request = get().attempt_timeout(Duration::from_secs(3));
    client(&script).send(request).await.unwrap();
    assert_eq!(start.elapsed(), Duration::from_millis(3_000 + 200 + 3_000 + 400));
}

#[tokio::test(start_paused = true)]
async fn an_attempt_is_cut_to_the_budget() {
    let script = script([Fault::Hang.into(), Fault::Hang.into()]);
    let start = Instant::now();
    let error = client(&script).send(get()).await.unwrap_err();
    assert!(matches!(error, HttpError::OutcomeUnknown(_)), "{error}");
    assert_eq!(start.elapsed(), BUDGET);
    script.assert_done();
}

#[tokio::test(start_paused = true)]
async fn a_budget_moved_forward_cuts_the_attempt_under_way() {
    let script = script([Fault::Hang.into()]);
    let http = client(&script);
    let start = Instant::now();
    let terminate = async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        http.budget().set(start + Duration::from_secs(5));
    };
    let (result, ()) = tokio::join!(http.send(put()), terminate);
    assert!(result.unwrap_err().is_outcome_unknown());
    assert_eq!(start.elapsed(), Duration::from_secs(5));
    assert_eq!(http.ledger().snapshot()["write"].unknown, 1);
}

#[tokio::test(start_paused = true)]
async fn a_budget_moved_forward_cuts_the_wait() {
    let script = script([busy("30")]);
    let http = client(&script);
    let start = Instant::now();
    let terminate = async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        http.budget().set(start + Duration::from_secs(5));
    };
    let (result, ()) = tokio::join!(http.send(get()), terminate);
    assert_eq!(result.unwrap_err().status(), Some(429));
    assert_eq!(start.elapsed(), Duration::from_secs(5));
    script.assert_done();
}

#[tokio::test(start_paused = true)]
async fn without_time_nothing_is_sent() {
    let script = ScriptedTransport::new();
    let http = client(&script).with_budget(Budget::lasting(MIN_ATTEMPT / 2));
    let error = http.send(post()).await.unwrap_err();
    assert!(matches!(error, HttpError::NoTimeLeft { .. }), "{error}");
    assert!(http.ledger().creating().all_not_sent_or_refused());
    script.assert_done();
}

#[tokio::test(start_paused = true)]
async fn a_short_budget_gets_what_fits_into_it() {
    let script = ScriptedTransport::new().with_backend(|_| Response::new(503, ""));
    let http = client(&script).with_budget(Budget::lasting(Duration::from_secs(1)));
    let start = Instant::now();
    assert!(http.send(put()).await.is_err());
    // 0.2 + 0.4 s; another 0.8 s do not fit.
    assert_eq!(start.elapsed(), Duration::from_millis(600));
    assert_eq!(script.requests().len(), 3);
}
