//! `--output shell`: a script for people to read.

use std::fmt::Write as _;

use super::commands::{Commands, Fact, Words, typed};
use super::deployment::Deployment;
use super::quote;
use super::steps::Step;

const HEAD: &str = "\
#!/bin/sh
# Written by `credjob deploy --output shell`. Needs ibmcloud (plug-ins code-engine and secrets-manager, logged in) and jq.
# It can be run again: what exists is kept or updated. It was never tried against the real cloud.
# Unlike `credjob deploy --apply` it does not look whether an existing configuration fits, and it leaves variables of
# older deployments on the job.
set -eu
";

/// The script of a deployment.
pub(crate) fn render(deployment: &Deployment) -> String {
    let mut script = HEAD.to_owned();
    for step in Step::all(deployment) {
        let lines = lines(deployment, step);
        if !lines.is_empty() {
            let _ = write!(script, "\n# {}\n{lines}", step.title(deployment));
        }
    }
    script
}

fn lines(deployment: &Deployment, step: Step) -> String {
    let commands = Commands(deployment);
    let profile = deployment.job.trusted_profile.as_deref().unwrap_or_default();
    match step {
        Step::Target => format!("{}\n{}\n", line(&commands.target_region()), line(&commands.select_project())),
        Step::CheckConfiguration => String::new(),
        Step::Authorization => unless_found(
            &Commands::authorizations(),
            &authorization_filter(deployment),
            &commands.create_authorization(),
        ),
        Step::ServiceId => {
            let filter = format!("[.[]? | select(.name == \"{}\") | .id] | first // empty", deployment.service_id());
            format!(
                "ask_service_id() {{\n  {}\n}}\nask_service_id\nif [ -z \"$service_id\" ]; then\n  {}\n  ask_service_id\nfi\n{}",
                found("service_id", &Commands::service_ids(), &filter).trim_end().replace('\n', "\n  "),
                inner(&commands.create_service_id()),
                needed("service_id"),
            )
        }
        Step::Profile => format!(
            "if ! {} >/dev/null 2>&1; then\n  {}\nfi\n",
            line(&Commands::profile(profile)),
            inner(&commands.create_profile(profile))
        ),
        Step::Link => unless_found(&Commands::links(profile), &link_filter(deployment), &commands.create_link(profile)),
        Step::Policy => format!(
            "{}if [ -z \"$policy\" ]; then\n  {}\nelse\n  {}\nfi\n",
            found("policy", &commands.policies(), &policy_filter(deployment)),
            inner(&commands.create_policy()),
            inner(&commands.update_policy()),
        ),
        Step::ApiKeySecret => format!(
            "{}if [ -z \"$api_key_secret\" ]; then\n  \
             # The answer may hold the API key: only the id is taken from it.\n  \
             api_key_secret=$({} | jq -r '.id // empty')\nfi\n{}",
            found("api_key_secret", &commands.api_key_secrets(), &secret_filter(deployment)),
            inner(&commands.create_api_key_secret()),
            needed("api_key_secret"),
        ),
        Step::Job => format!(
            "if {} >/dev/null 2>&1; then verb=update; else verb=create; fi\n{}\n",
            typed_on_one_line(&commands.job()),
            line(&commands.write_job())
        ),
        Step::Configuration => format!(
            "{}if [ \"$exists\" = true ]; then\n  {}\nelse\n  {}\nfi\n",
            found(
                "exists",
                &commands.configurations(),
                &format!("any(.configurations[]?; .name == \"{}\")", deployment.configuration)
            ),
            inner(&commands.update_configuration()),
            inner(&commands.create_configuration()),
        ),
        Step::KeepRuns => {
            let keep = deployment.job.keep_runs.as_deref().unwrap_or_default();
            format!("if [ \"$exists\" != true ]; then\n  {}\nfi\n", inner(&commands.keep_runs(keep)))
        }
    }
}

fn unless_found(ask: &Words, filter: &str, create: &Words) -> String {
    format!("{}if [ \"$exists\" != true ]; then\n  {}\nfi\n", found("exists", ask, filter), inner(create))
}

/// Asks, and sets `variable` to what `filter` finds. In two lines: in a pipe a failed question would be an empty answer.
fn found(variable: &str, ask: &Words, filter: &str) -> String {
    format!("answer=$({})\n{variable}=$(printf '%s\\n' \"$answer\" | jq -r {})\n", line(ask), quote::shell(filter))
}

/// Ends the script if an id was not found.
fn needed(variable: &str) -> String {
    format!(
        "if [ -z \"${variable}\" ]; then\n  echo 'no {variable} was found: ibmcloud answered without it' >&2\n  exit 1\nfi\n"
    )
}

fn line(words: &Words) -> String {
    typed(words, "", variable)
}

/// A call within a block.
fn inner(words: &Words) -> String {
    typed(words, "  ", variable)
}

fn typed_on_one_line(words: &Words) -> String {
    line(words).replace(" \\\n  ", " ")
}

fn variable(fact: Fact) -> String {
    let text = match fact {
        Fact::ServiceId => "\"$service_id\"",
        Fact::ApiKeySecret => "\"$api_key_secret\"",
        Fact::Policy => "\"$policy\"",
        Fact::Verb => "\"$verb\"",
    };
    text.to_owned()
}

/// `jq`: does an authorization of the instance for the project exist? Ids were checked to be UUIDs.
fn authorization_filter(deployment: &Deployment) -> String {
    format!(
        "any(.[]?; any(.subjects[]?.attributes[]?; .value == \"{}\") and any(.resources[]?.attributes[]?; .value == \"{}\"))",
        deployment.job.instance.id, deployment.project.id
    )
}

/// `jq`: is the job linked? The name was checked to be letters, digits and dashes.
fn link_filter(deployment: &Deployment) -> String {
    format!(
        "any(.[]?; .link.component_type == \"job\" and .link.component_name == \"{}\" and .link.crn == \"{}\")",
        deployment.job.name, deployment.project
    )
}

/// `jq`: the id of the policy on the secret group.
fn policy_filter(deployment: &Deployment) -> String {
    format!(
        "[.[]? | select(any(.resources[]?.attributes[]?; .value == \"{}\")) | .id] | first // empty",
        deployment.secret_group
    )
}

/// `jq`: the id of the API key's secret.
fn secret_filter(deployment: &Deployment) -> String {
    format!("[.secrets[]? | select(.name == \"{}\") | .id] | first // empty", deployment.api_key_secret())
}

#[cfg(test)]
mod tests {
    use super::super::deployment::tests::{hostile, reader};
    use super::*;

    #[test]
    fn the_script_with_an_api_key() {
        insta::assert_snapshot!(render(&hostile(&[])));
    }

    #[test]
    fn the_script_with_a_trusted_profile_and_kept_runs() {
        insta::assert_snapshot!(render(&reader(&["--trusted-profile", "tokens-profile", "--keep-runs", "3d"])));
    }

    #[test]
    fn a_shell_can_parse_the_script() {
        for script in [render(&hostile(&[])), render(&reader(&["--trusted-profile", "p1", "--keep-runs", "3d"]))] {
            let output = std::process::Command::new("/bin/sh").args(["-n", "-c", &script]).output().expect("a shell");
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        }
    }
}
