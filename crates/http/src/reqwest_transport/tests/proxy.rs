//! Proxies come from the environment, which a test may not change for its neighbours: this one runs itself in a process
//! of its own.

use std::process::Command;

use super::{RawServer, not_sent, send, unknown};
use crate::Request;

/// Set in the second process: the URL of a server on this machine.
const CHILD: &str = "CREDJOB_TEST_PROXY_CHILD";

#[tokio::test]
async fn proxies_from_the_environment_are_used_except_for_this_machine() {
    if let Ok(local) = std::env::var(CHILD) {
        // A tunnel that the proxy refuses is a request that was not sent.
        not_sent(send(&Request::post("mint", "https://x.invalid/")).await);
        unknown(send(&Request::post("mint", local)).await);
        return;
    }
    let proxy = RawServer::start([vec!["HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n".to_owned()]]);
    let local = RawServer::start([vec![String::new()]]);
    let output = Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "reqwest_transport::tests::proxy::proxies_from_the_environment_are_used_except_for_this_machine",
        ])
        .envs([("HTTP_PROXY", proxy.url()), ("HTTPS_PROXY", proxy.url()), (CHILD, local.url())])
        .env_remove("NO_PROXY")
        .env_remove("no_proxy")
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && text.contains("1 passed"), "{text}");
    assert_eq!((proxy.requests(), local.requests()), (1, 1));
}
