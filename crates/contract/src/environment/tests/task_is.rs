use super::*;

#[test]
fn read_for_create() {
    let task = Vars::create().read().task;
    assert_eq!(task.action, Ok(Action::CreateCredentials));
    assert_eq!(task.trigger, Ok(Trigger::SecretCreation));
    assert_eq!(task.secret_name.as_deref(), Some("billing-db"));
    assert_eq!(task.secret_group.unwrap().as_str(), "default");
    assert_eq!((task.credentials_id, task.version_id), (None, None));
}

#[test]
fn read_for_delete() {
    let task = Vars::delete().read().task;
    assert_eq!(task.action, Ok(Action::DeleteCredentials));
    assert_eq!(task.trigger, Ok(Trigger::SecretVersionExpiration));
    assert_eq!(task.credentials_id.unwrap().as_str(), "tok-000193");
    assert_eq!(task.version_id.unwrap().as_str(), VERSION);
}

#[test]
fn reported_if_its_action_is_missing_unknown_or_unreadable() {
    for vars in [
        Vars::delete().unset("SM_ACTION"),
        Vars::delete().set("SM_ACTION", ""),
        Vars::delete().set("SM_ACTION", "rotate_credentials"),
        Vars::delete().set_bytes("SM_ACTION", b"\xff"),
    ] {
        assert!(vars.clone().read().task.action.is_err());
        assert_eq!(vars.reported(), reported(codes::UNKNOWN_ACTION, "SM_ACTION"));
    }
}

#[test]
fn done_although_its_trigger_is_missing_unknown_or_unreadable() {
    for vars in [
        Vars::create().unset("SM_TRIGGER"),
        Vars::create().set("SM_TRIGGER", ""),
        Vars::create().set("SM_TRIGGER", "full_moon"),
        Vars::create().set_bytes("SM_TRIGGER", b"\xff"),
    ] {
        let environment = vars.read();
        assert!(environment.problems.is_empty());
        assert_eq!(environment.warnings.len(), 1);
        assert_eq!(environment.task.trigger.unwrap_err().variable, "SM_TRIGGER");
    }
}

#[test]
fn done_although_name_or_group_is_missing() {
    for name in ["SM_SECRET_NAME", "SM_SECRET_GROUP_ID"] {
        for vars in [Vars::create().unset(name), Vars::create().set(name, "")] {
            let environment = vars.read();
            assert!(environment.problems.is_empty() && environment.warnings.is_empty());
        }
    }
}

#[test]
fn done_with_a_warning_if_name_or_group_is_malformed() {
    for vars in [
        Vars::create().set_bytes("SM_SECRET_NAME", b"\xff"),
        Vars::create().set_bytes("SM_SECRET_GROUP_ID", b"\xff"),
        Vars::create().set("SM_SECRET_GROUP_ID", "Default"),
    ] {
        let environment = vars.read();
        assert!(environment.problems.is_empty());
        assert_eq!(environment.warnings.len(), 1);
        assert!(environment.task.secret_name.is_none() || environment.task.secret_group.is_none());
    }
}

#[test]
fn reported_if_a_delete_has_no_credentials_id() {
    for vars in [Vars::delete().unset("SM_CREDENTIALS_ID"), Vars::delete().set("SM_CREDENTIALS_ID", "")] {
        assert_eq!(vars.reported(), reported(codes::MISSING_CREDENTIALS_ID, "SM_CREDENTIALS_ID"));
    }
}

#[test]
fn reported_if_a_delete_has_an_odd_credentials_id() {
    for id in [b"a\nb".as_slice(), b" ", b"\xff"] {
        let vars = Vars::delete().set_bytes("SM_CREDENTIALS_ID", id);
        assert_eq!(vars.reported(), reported(codes::BAD_ENVIRONMENT, "SM_CREDENTIALS_ID"));
    }
}

#[test]
fn done_although_a_delete_has_an_odd_version_id() {
    for id in [b"current".as_slice(), b"\xff"] {
        let environment = Vars::delete().set_bytes("SM_SECRET_VERSION_ID", id).read();
        assert!(environment.problems.is_empty() && environment.task.version_id.is_none());
        assert_eq!(environment.warnings[0].variable, "SM_SECRET_VERSION_ID");
    }
}

#[test]
fn done_without_a_version_id() {
    for vars in [Vars::delete().unset("SM_SECRET_VERSION_ID"), Vars::delete().set("SM_SECRET_VERSION_ID", "")] {
        let environment = vars.read();
        assert!(environment.problems.is_empty());
        assert_eq!(environment.task.version_id, None);
    }
}

#[test]
fn not_disturbed_by_what_only_a_delete_needs() {
    let vars = Vars::create().set("SM_CREDENTIALS_ID", "\n").set("SM_SECRET_VERSION_ID", "x");
    let environment = vars.read();
    assert!(environment.problems.is_empty() && environment.task.credentials_id.is_none());
}

#[test]
fn run_by_one_instance_for_the_first_time_unless_code_engine_says_otherwise() {
    let run = Vars::create().read().run;
    assert_eq!(run, RunFacts { job_index: 0, retry_count: 0 });
    let run = Vars::create().set("JOB_INDEX", "2").set("JOB_INDEX_RETRY_COUNT", "1").read().run;
    assert_eq!(run, RunFacts { job_index: 2, retry_count: 1 });
}

#[test]
fn reported_if_a_number_of_code_engine_is_malformed() {
    for name in ["JOB_INDEX", "JOB_INDEX_RETRY_COUNT"] {
        for value in [b"one".as_slice(), b"-1", b"4294967296", b"\xff"] {
            let vars = Vars::create().set_bytes(name, value);
            assert_eq!(vars.reported(), reported(codes::BAD_ENVIRONMENT, name));
        }
        assert!(Vars::create().set(name, "").read().problems.is_empty());
    }
}
