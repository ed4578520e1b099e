use super::*;

const UUID: &str = "5f0e3a52-77c1-4b0e-8d0b-1a9c4e2f6d10";

/// Texts that are almost a UUID.
const NO_UUIDS: [&str; 9] = [
    "",
    "5f0e3a52-77c1-4b0e-8d0b-1a9c4e2f6d1",
    "5f0e3a52-77c1-4b0e-8d0b-1a9c4e2f6d100",
    "5F0E3A52-77C1-4B0E-8D0B-1A9C4E2F6D10",
    "5f0e3a5277c1-4b0e-8d0b-1a9c4e2f6d10-",
    "5g0e3a52-77c1-4b0e-8d0b-1a9c4e2f6d10",
    "{5f0e3a52-77c1-4b0e-8d0b-1a9c4e2f6d1",
    " 5f0e3a52-77c1-4b0e-8d0b-1a9c4e2f6d1",
    "5f0e3a52-77c1-4b0e-8d0b-1a9c4e2f6dé",
];

#[test]
fn a_task_id_is_a_prefix_and_a_uuid() {
    let id: TaskId = format!("sm-task-{UUID}").parse().unwrap();
    assert_eq!(id.to_string(), format!("sm-task-{UUID}"));
    assert_eq!(id.as_str().len(), 44);
    assert_eq!(id.uuid(), UUID);
}

#[test]
fn a_task_id_without_prefix_or_uuid_is_refused() {
    assert!(UUID.parse::<TaskId>().is_err());
    assert!(format!("SM-TASK-{UUID}").parse::<TaskId>().is_err());
    for text in NO_UUIDS {
        assert!(format!("sm-task-{text}").parse::<TaskId>().is_err(), "{text}");
    }
}

#[test]
fn secret_and_version_ids_are_uuids_of_any_version() {
    for uuid in [UUID, "ffffffff-ffff-ffff-ffff-ffffffffffff", "00000000-0000-0000-0000-000000000000"] {
        assert_eq!(uuid.parse::<SecretId>().unwrap().as_str(), uuid);
        assert_eq!(uuid.parse::<VersionId>().unwrap().as_str(), uuid);
    }
}

#[test]
fn what_is_almost_a_uuid_is_refused() {
    for text in NO_UUIDS {
        assert!(text.parse::<SecretId>().is_err(), "{text}");
        assert!(text.parse::<VersionId>().is_err(), "{text}");
        assert!(text.parse::<SecretGroupId>().is_err(), "{text}");
    }
}

#[test]
fn version_aliases_are_not_version_ids() {
    assert!("current".parse::<VersionId>().is_err());
}

#[test]
fn the_default_group_has_a_name_instead_of_a_uuid() {
    assert_eq!("default".parse::<SecretGroupId>().unwrap().as_str(), "default");
    assert!("Default".parse::<SecretGroupId>().is_err());
    assert!(UUID.parse::<SecretGroupId>().is_ok());
}

#[test]
fn the_nil_secret_id_is_well_formed_and_recognised() {
    assert_eq!(SecretId::nil().as_str().parse::<SecretId>().unwrap(), SecretId::nil());
    assert!(SecretId::nil().is_nil());
    assert!(!UUID.parse::<SecretId>().unwrap().is_nil());
}

#[test]
fn a_credentials_id_is_any_visible_text() {
    for text in ["1", "tok-000193", "owner/repo#7", "42:Ä 语", &"x".repeat(CredentialsId::MAX_LEN)] {
        assert_eq!(CredentialsId::new(text).unwrap().as_str(), text);
    }
}

#[test]
fn an_odd_credentials_id_is_refused() {
    for text in ["", " ", "\t", "a\nb", "a\0", "a\u{85}b", &"x".repeat(CredentialsId::MAX_LEN + 1)] {
        assert!(CredentialsId::new(text).is_err(), "{text:?}");
    }
}

#[test]
fn the_longest_credentials_id_is_counted_in_characters() {
    assert!(CredentialsId::new("é".repeat(CredentialsId::MAX_LEN)).is_ok());
}

#[test]
fn the_text_about_the_length_states_the_limit() {
    let error = CredentialsId::new("x".repeat(CredentialsId::MAX_LEN + 1)).unwrap_err();
    assert!(error.to_string().contains(&CredentialsId::MAX_LEN.to_string()));
}

#[test]
fn an_error_says_what_the_id_is_and_not_what_was_given() {
    let error = "hunter2".parse::<TaskId>().unwrap_err();
    assert_eq!(error.to_string(), "a task id is `sm-task-` and a UUID in lower case");
    assert!(!format!("{error:?}").contains("hunter2"));
}

#[test]
fn debug_names_the_type() {
    assert_eq!(format!("{:?}", UUID.parse::<SecretId>().unwrap()), format!("SecretId({UUID})"));
}
