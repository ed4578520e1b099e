//! `--plan`: what would be done, for people.

use std::fmt::Write as _;

use super::commands::{Commands, Fact, Words, typed};
use super::deployment::Deployment;
use super::steps::Step;

/// The plan of a deployment.
pub(crate) fn render(deployment: &Deployment) -> String {
    let job = &deployment.job;
    let mut text = format!("Plan for {}; nothing was called and nothing was changed.\n\n", job.name);
    let works_as = match &job.trusted_profile {
        Some(name) => format!("trusted profile {name}"),
        None => format!("service ID {}", deployment.service_id()),
    };
    let facts = [
        ("job", job.name.clone()),
        ("image", job.image.clone()),
        ("size", format!("{} vCPU, {}", job.size.cpu(), job.size.memory())),
        ("project", format!("{} ({})", deployment.project.id, deployment.project.region)),
        ("instance", format!("{} ({})", job.instance.id, job.instance.region)),
        ("works as", works_as),
        ("may do", format!("{} in secret group {}", job.roles().join(", "), deployment.secret_group)),
        ("task timeout", job.timeout.text.clone()),
        ("configuration", deployment.configuration.clone()),
    ];
    for (name, value) in facts {
        let _ = writeln!(text, "  {name:<14} {value}");
    }
    for (number, step) in Step::all(deployment).into_iter().enumerate() {
        let _ = write!(text, "\n{}. {}\n", number + 1, step.title(deployment));
        for (when, words) in calls(deployment, step) {
            let _ = writeln!(text, "   {when}:\n     {}", typed(&words, "     ", placeholder));
        }
    }
    text.push_str(
        "\nTo do it: the same command with --apply. To read it as a file: --output shell or --output terraform.\n",
    );
    text
}

fn placeholder(fact: Fact) -> String {
    let text = match fact {
        Fact::ServiceId => "<id of the service ID>",
        Fact::ApiKeySecret => "<id of the secret>",
        Fact::Policy => "<id of the policy>",
        Fact::Verb => "create|update",
    };
    text.to_owned()
}

/// What a step calls, and when.
fn calls(deployment: &Deployment, step: Step) -> Vec<(&'static str, Words)> {
    const ASK: &str = "ask";
    const MISSING: &str = "if it is missing";
    const DIFFERENT: &str = "if the roles differ";
    let commands = Commands(deployment);
    let profile = deployment.job.trusted_profile.as_deref().unwrap_or_default();
    match step {
        Step::Target => vec![("do", commands.target_region()), ("do", commands.select_project())],
        Step::CheckConfiguration => vec![(ASK, commands.configurations())],
        Step::Authorization => vec![(ASK, Commands::authorizations()), (MISSING, commands.create_authorization())],
        Step::ServiceId => vec![(ASK, Commands::service_ids()), (MISSING, commands.create_service_id())],
        Step::Profile => vec![(ASK, Commands::profile(profile)), (MISSING, commands.create_profile(profile))],
        Step::Link => vec![(ASK, Commands::links(profile)), (MISSING, commands.create_link(profile))],
        Step::Policy => {
            vec![(ASK, commands.policies()), (MISSING, commands.create_policy()), (DIFFERENT, commands.update_policy())]
        }
        Step::ApiKeySecret => {
            vec![(ASK, commands.api_key_secrets()), (MISSING, commands.create_api_key_secret())]
        }
        Step::Job => vec![
            (ASK, commands.job()),
            ("do (update if it exists, with --env-rm for variables that are no longer declared)", commands.write_job()),
        ],
        Step::Configuration => vec![
            (MISSING, commands.create_configuration()),
            ("if its task timeout differs", commands.update_configuration()),
        ],
        Step::KeepRuns => {
            let keep = deployment.job.keep_runs.as_deref().unwrap_or_default();
            vec![("if the configuration is new", commands.keep_runs(keep))]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::deployment::tests::{hostile, reader};
    use super::*;

    #[test]
    fn the_plan_with_an_api_key() {
        insta::assert_snapshot!(render(&hostile(&[])));
    }

    #[test]
    fn the_plan_with_a_trusted_profile_and_kept_runs() {
        insta::assert_snapshot!(render(&reader(&["--trusted-profile", "tokens-profile", "--keep-runs", "3d"])));
    }
}
