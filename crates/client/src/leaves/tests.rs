use credjob_contract::redact::redact;
use serde_json::json;

use super::*;

#[test]
fn a_text_deep_in_the_tree_is_redacted() {
    register(&json!({"connection": {"cli": {"environment": {"PGPASSWORD": "leaf-canary-deep"}}}}));
    assert_eq!(redact("x leaf-canary-deep y"), "x [redacted] y");
}

#[test]
fn the_items_of_a_list_are_redacted() {
    register(&json!({"tokens": ["leaf-canary-item"]}));
    assert_eq!(redact("leaf-canary-item"), "[redacted]");
}

#[test]
fn a_host_stays_readable() {
    register(&json!({"hosts": [{"hostname": "leaf-host-1.example.com"}]}));
    assert_eq!(redact("leaf-host-1.example.com"), "leaf-host-1.example.com");
}

#[test]
fn the_items_of_hosts_stay_readable() {
    register(&json!({"hosts": ["leaf-host-2.example.com"]}));
    assert_eq!(redact("leaf-host-2.example.com"), "leaf-host-2.example.com");
}

#[test]
fn a_password_inside_a_locator_is_redacted() {
    register(&json!({"host": "leaf-user:leaf-canary-at@db.example.com"}));
    assert!(!redact("got leaf-user:leaf-canary-at@db.example.com").contains("canary"));
}

#[test]
fn the_password_of_a_url_is_redacted_by_itself() {
    register(
        &json!({"composed": ["postgres://leaf-admin:leaf-canary-url@db.example.com:31234/main?sslmode=verify-full"]}),
    );
    assert_eq!(redact("password leaf-canary-url refused"), "password [redacted] refused");
}

#[test]
fn the_password_of_a_url_is_redacted_in_decoded_form_too() {
    register(&json!({"composed": "amqp://leaf-u:leaf%2Fcanary%40pct@mq.example.com"}));
    assert_eq!(redact("leaf/canary@pct"), "[redacted]");
}

#[test]
fn the_password_of_a_url_with_several_hosts_is_redacted() {
    register(&json!({"composed": "mongodb://leaf-u:leaf-canary-many@a.example.com:1,b.example.com:2/x"}));
    assert_eq!(redact("leaf-canary-many"), "[redacted]");
}

#[test]
fn a_token_as_user_info_is_redacted() {
    register(&json!({"remote": "https://leaf-canary-token@git.example.com/repo"}));
    assert_eq!(redact("leaf-canary-token"), "[redacted]");
}

#[test]
fn an_origin_under_an_address_key_stays_readable() {
    register(&json!({"url": "https://leaf-origin.example.com/"}));
    assert_eq!(redact("https://leaf-origin.example.com/"), "https://leaf-origin.example.com/");
}

#[test]
fn an_address_with_a_path_is_redacted() {
    register(&json!({"url": "https://hooks.example.com/services/leaf-canary-hook"}));
    assert!(!redact("https://hooks.example.com/services/leaf-canary-hook").contains("canary"));
}

#[test]
fn the_trimmed_form_of_a_text_is_redacted_too() {
    register_text("leaf-canary-trim\n");
    assert_eq!(redact("Bearer leaf-canary-trim,"), "Bearer [redacted],");
}

#[test]
fn a_percent_sign_that_encodes_nothing_stays() {
    assert_eq!(percent_decoded("100%zz%4"), b"100%zz%4");
}

#[test]
fn a_url_without_user_info_has_no_password() {
    assert_eq!(password_of_url("https://example.com/a@b:c"), None);
}
