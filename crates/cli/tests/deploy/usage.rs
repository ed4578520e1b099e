//! What is refused before anything is called, and what is called without `--apply`: nothing.

use crate::cloud::{Cloud, assert_code, text};

#[test]
fn without_apply_nothing_is_called() {
    let cloud = Cloud::empty();
    for flags in [&[][..], &["--plan"], &["--output", "shell"], &["--output", "terraform"], &["--output", "kubernetes"]]
    {
        let output = cloud.deploy(flags);
        assert_code(&output, 0);
        assert!(!output.stdout.is_empty());
    }
    assert!(cloud.calls().is_empty());
}

#[test]
fn without_ibmcloud_the_hint_says_where_to_get_it() {
    let cloud = Cloud::empty();
    std::fs::remove_file(cloud.path("bin/ibmcloud")).expect("removed");
    let output = cloud.deploy(&["--apply"]);
    assert_code(&output, 3);
    assert!(text(&output.stderr).contains("hint: install the IBM Cloud CLI"));
}

#[test]
fn wrong_usage_ends_with_2_and_starts_nothing() {
    let cloud = Cloud::empty();
    for flags in [
        &["--apply", "--task-timeout", "1m"][..],
        &["--apply", "--keep-runs", "soon"],
        &["--apply", "--job-env", "SM_ACTION=x"],
        &["--apply", "--plan"],
        &["--apply", "--output", "shell"],
        &["--apply", "--peak-memory", "99999"],
    ] {
        assert_code(&cloud.deploy(flags), 2);
    }
    assert!(cloud.calls().is_empty());
}

#[test]
fn flags_are_checked_before_the_provider_is_asked() {
    let cloud = Cloud::empty();
    std::fs::remove_file(cloud.path("job_config.json")).expect("removed");
    let output = cloud.deploy(&["--task-timeout", "1m"]);
    assert_code(&output, 2);
    assert!(text(&output.stderr).contains("--task-timeout"));
}
