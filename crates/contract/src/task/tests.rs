use super::*;
use crate::redact;

#[test]
fn words_are_those_of_the_service() {
    let actions: Vec<_> = Action::ALL.iter().map(|action| action.as_str()).collect();
    assert_eq!(actions, ["create_credentials", "delete_credentials"]);
    let triggers: Vec<_> = Trigger::ALL.iter().map(|trigger| trigger.as_str()).collect();
    assert_eq!(
        triggers,
        [
            "secret_creation",
            "manual_secret_rotation",
            "automatic_secret_rotation",
            "secret_version_expiration",
            "secret_version_data_deletion",
        ]
    );
    let statuses: Vec<_> = TaskStatus::ALL.iter().map(|status| status.as_str()).collect();
    assert_eq!(statuses, ["queued", "processing", "credentials_created", "credentials_deleted", "failed"]);
}

#[test]
fn every_word_is_read_as_it_is_printed() {
    for action in Action::ALL {
        assert_eq!(action.to_string().parse(), Ok(*action));
    }
    for trigger in Trigger::ALL {
        assert_eq!(trigger.to_string().parse(), Ok(*trigger));
    }
    for status in TaskStatus::ALL {
        assert_eq!(status.to_string().parse(), Ok(*status));
    }
}

#[test]
fn other_words_are_refused_without_being_repeated() {
    for text in ["", "Create_Credentials", "create_credentials ", "rotate"] {
        assert!(text.parse::<Action>().is_err(), "{text}");
    }
    let error = "hunter2".parse::<Action>().unwrap_err();
    assert_eq!(error.to_string(), "is none of `create_credentials` and `delete_credentials`");
}

#[test]
fn only_the_last_three_statuses_are_final() {
    let finals: Vec<_> = TaskStatus::ALL.iter().map(|status| status.is_final()).collect();
    assert_eq!(finals, [false, false, true, true, true]);
}

#[test]
fn short_texts_of_an_error_stay_as_they_are() {
    let error = TaskError::new("ERR20004", "Tenant quota reached; free a token and rotate again.");
    assert_eq!(error.to_string(), "ERR20004: Tenant quota reached; free a token and rotate again.");
}

#[test]
fn long_texts_are_cut_at_the_limit_of_the_service() {
    let error = TaskError::new(&"C".repeat(300), &"é".repeat(5000));
    assert_eq!(error.code.chars().count(), TaskError::MAX_CODE);
    assert_eq!(error.description.chars().count(), TaskError::MAX_DESCRIPTION);
    assert!(error.description.ends_with('…'));
}

#[test]
fn texts_of_exactly_the_limit_are_not_cut() {
    let error = TaskError::new(&"C".repeat(256), &"d".repeat(4096));
    assert_eq!((error.code.len(), error.description.len()), (256, 4096));
}

#[test]
fn control_characters_become_spaces() {
    let error = TaskError::new("E\r\n1", "\x1b[31mred\0 line\nnext\u{85}");
    assert_eq!(error.code, "E  1");
    assert_eq!(error.description, "[31mred  line next");
}

#[test]
fn empty_texts_get_a_stand_in() {
    let error = TaskError::new(" ", "\n");
    assert_eq!(error.code, codes::INTERNAL);
    assert_eq!(error.description, "no description was given");
}

#[test]
fn secrets_are_redacted_in_both_texts() {
    redact::register(b"task-error-canary");
    let error = TaskError::new("E_task-error-canary", "login with task-error-canary failed");
    assert_eq!(error.to_string(), "E_[redacted]: login with [redacted] failed");
}

#[test]
fn a_secret_at_the_cut_leaves_no_half_behind() {
    redact::register(b"cut-error-canary-0123456789");
    let text = format!("{}cut-error-canary-0123456789{}", "x".repeat(4090), "y".repeat(100));
    assert!(!TaskError::new("E", &text).description.contains("cut-"));
}

#[test]
fn a_multi_line_secret_is_redacted_before_its_line_breaks_go() {
    redact::register(b"multi\nline\nerror\ncanary");
    assert_eq!(TaskError::new("E", "key multi\nline\nerror\ncanary!").description, "key [redacted]!");
}

#[test]
fn a_secret_that_appears_once_control_characters_are_gone_is_redacted() {
    redact::register(b"spaced error canary");
    assert_eq!(TaskError::new("E", "spaced\nerror\tcanary").description, redact::REDACTED);
}
