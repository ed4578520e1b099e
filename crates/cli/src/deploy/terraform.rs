//! `--output terraform`: a module with the resources of the provider IBM-Cloud/ibm.
//!
//! Attribute names follow the provider's documentation (`website/docs/r/*.html.markdown` in
//! IBM-Cloud/terraform-provider-ibm): `code_engine_job`, `sm_custom_credentials_configuration`,
//! `sm_iam_credentials_secret`, `iam_service_id`, `iam_service_policy`, `iam_trusted_profile`,
//! `iam_trusted_profile_link`, `iam_trusted_profile_policy`, `iam_authorization_policy`.

use std::fmt::Write as _;

use super::deployment::{API_KEY_ROTATION_DAYS, API_KEY_TTL_DAYS, Deployment, RETRY_LIMIT};
use super::quote::hcl;

const HEAD: &str = r#"# Written by `credjob deploy --output terraform`. It was parsed, but never applied to the real cloud.
#
# Secrets Manager adds variables of its own to the job when the configuration is created (SM_INSTANCE_URL, a reference to
# the API key, CE_REMOVE_COMPLETED_JOBS=IMMEDIATELY). Terraform must not take them away, so changes of
# `run_env_variables` are ignored after the first apply. To change a variable or to keep completed runs later:
# `ibmcloud ce job update --name JOB --env NAME=VALUE`, or `credjob deploy --apply`.

terraform {
  required_version = ">= 1.3"
  required_providers {
    ibm = {
      source = "IBM-Cloud/ibm"
      # The first versions have no ibm_sm_custom_credentials_configuration; 1.88 documents it.
      version = ">= 1.88.0"
    }
  }
}

variable "image" {
  type        = string
  description = "The container image of the job"
  default     = @image@
}

# Secrets Manager starts the job.
resource "ibm_iam_authorization_policy" "start_jobs" {
  source_service_name         = "secrets-manager"
  source_resource_instance_id = @instance@
  target_service_name         = "codeengine"
  target_resource_instance_id = @project@
  roles                       = ["Viewer", "Writer"]
}
"#;

const SERVICE_ID: &str = r#"
# Who the job works as.
resource "ibm_iam_service_id" "job" {
  name        = @service_id@
  description = @description@
}

# What it may do: in one secret group only.
resource "ibm_iam_service_policy" "job" {
  iam_service_id = ibm_iam_service_id.job.id
  roles          = [@roles@]
@scope@}

# The API key that the job logs in with. Secrets Manager renews it.
resource "ibm_sm_iam_credentials_secret" "job" {
  instance_id     = @instance@
  region          = @region@
  endpoint_type   = @endpoint@
  name            = @api_key_secret@
  description     = @api_key_description@
  secret_group_id = @secret_group@
  service_id      = ibm_iam_service_id.job.id
  reuse_api_key   = true
  ttl             = @ttl@
  rotation {
    auto_rotate = true
    interval    = @rotation@
    unit        = "day"
  }
}
"#;

const TRUSTED_PROFILE: &str = r#"
# Who the job works as.
resource "ibm_iam_trusted_profile" "job" {
  name        = @profile@
  description = @description@
}

# Only this job may use it.
resource "ibm_iam_trusted_profile_link" "job" {
  profile_id = ibm_iam_trusted_profile.job.id
  name       = @service_id@
  cr_type    = "CE"
  link {
    crn            = @project_crn@
    component_type = "job"
    component_name = @job@
  }
}

# What it may do: in one secret group only.
resource "ibm_iam_trusted_profile_policy" "job" {
  profile_id = ibm_iam_trusted_profile.job.id
  roles      = [@roles@]
@scope@}
"#;

const SCOPE: &str = r#"  resources {
    service              = "secrets-manager"
    resource_instance_id = @instance@
    resource_type        = "secret-group"
    resource             = @secret_group@
  }
"#;

const JOB: &str = r#"
resource "ibm_code_engine_job" "job" {
  project_id                         = @project@
  name                               = @job@
  image_reference                    = var.image
@image_secret@  run_mode                           = "task"
  run_as_user                        = 65534
  run_compute_resource_token_enabled = @token@
  scale_array_spec                   = "0"
  scale_cpu_limit                    = @cpu@
  scale_memory_limit                 = @memory@
  scale_retry_limit                  = @retries@
  scale_max_execution_time           = @seconds@
@variables@
  lifecycle {
    ignore_changes = [run_env_variables]
  }
}

# Reads the job's declarations once, when it is created.
resource "ibm_sm_custom_credentials_configuration" "job" {
  instance_id   = @instance@
  region        = @region@
  endpoint_type = @endpoint@
  name          = @configuration@
@api_key_ref@  task_timeout  = @timeout@
  code_engine {
    project_id = ibm_code_engine_job.job.project_id
    job_name   = ibm_code_engine_job.job.name
    region     = @project_region@
  }
  depends_on = [ibm_iam_authorization_policy.start_jobs, @policy@]
}

output "configuration" {
  value = ibm_sm_custom_credentials_configuration.job.name
}
"#;

/// The module of a deployment: one file.
pub(crate) fn render(deployment: &Deployment) -> String {
    let identity = if deployment.job.trusted_profile.is_some() { TRUSTED_PROFILE } else { SERVICE_ID };
    let template = [HEAD, &identity.replace("@scope@", SCOPE), JOB].concat();
    let values = values(deployment);
    // One pass: what a value holds is never looked at again.
    let mut module = String::new();
    let mut parts = template.split('@');
    module.push_str(parts.next().unwrap_or_default());
    while let (Some(name), Some(text)) = (parts.next(), parts.next()) {
        let value = values.iter().find(|(known, _)| *known == name);
        debug_assert!(value.is_some(), "no value for {name}");
        module.push_str(value.map_or("", |(_, value)| value));
        module.push_str(text);
    }
    module
}

fn values(deployment: &Deployment) -> Vec<(&'static str, String)> {
    let job = &deployment.job;
    let profile = job.trusted_profile.as_deref();
    let optional = |line: Option<String>| line.map(|line| format!("  {line}\n")).unwrap_or_default();
    let roles: Vec<String> = job.roles().iter().map(|role| hcl(role)).collect();
    let policy = if profile.is_some() { "ibm_iam_trusted_profile_policy.job" } else { "ibm_iam_service_policy.job" };
    vec![
        ("image", hcl(&job.image)),
        ("instance", hcl(&job.instance.id)),
        ("region", hcl(&job.instance.region)),
        ("project", hcl(&deployment.project.id)),
        ("project_region", hcl(&deployment.project.region)),
        ("project_crn", hcl(&deployment.project.to_string())),
        ("secret_group", hcl(&deployment.secret_group)),
        ("service_id", hcl(&deployment.service_id())),
        ("description", hcl(&format!("The Code Engine job {} reports to Secrets Manager", job.name))),
        ("roles", roles.join(", ")),
        ("endpoint", hcl(if job.private { "private" } else { "public" })),
        ("api_key_secret", hcl(&deployment.api_key_secret())),
        ("api_key_description", hcl(&format!("API key of the Code Engine job {}", job.name))),
        // In seconds, as Secrets Manager gives it back; in days, each plan would show a change.
        ("ttl", hcl(&(API_KEY_TTL_DAYS * 86_400).to_string())),
        ("rotation", API_KEY_ROTATION_DAYS.to_string()),
        ("profile", hcl(profile.unwrap_or_default())),
        ("job", hcl(&job.name)),
        (
            "image_secret",
            optional(
                job.registry_secret
                    .as_deref()
                    .map(|name| format!("image_secret                       = {}", hcl(name))),
            ),
        ),
        ("token", profile.is_some().to_string()),
        ("cpu", hcl(&job.size.cpu())),
        ("memory", hcl(&job.size.memory())),
        ("retries", RETRY_LIMIT.to_string()),
        ("seconds", job.execution_seconds().to_string()),
        ("variables", variables(deployment)),
        ("configuration", hcl(&deployment.configuration)),
        (
            "api_key_ref",
            optional(
                profile.is_none().then(|| "api_key_ref   = ibm_sm_iam_credentials_secret.job.secret_id".to_owned()),
            ),
        ),
        ("timeout", hcl(&job.timeout.text)),
        ("policy", policy.to_owned()),
    ]
}

fn variables(deployment: &Deployment) -> String {
    let mut blocks = String::new();
    for (name, value) in deployment.job.code_engine_environment() {
        let _ = write!(
            blocks,
            "\n  run_env_variables {{\n    type  = \"literal\"\n    name  = {}\n    value = {}\n  }}\n",
            hcl(&name),
            hcl(&value)
        );
    }
    blocks
}

#[cfg(test)]
mod tests {
    use super::super::deployment::tests::{hostile, reader};
    use super::*;

    /// The module as Terraform's grammar reads it, with every literal evaluated.
    fn parsed(module: &str) -> ::hcl::Body {
        ::hcl::parse(module).unwrap_or_else(|error| panic!("{error}\n{module}"))
    }

    fn resource<'a>(body: &'a ::hcl::Body, kind: &str) -> &'a ::hcl::Body {
        let block = body.blocks().find(|block| {
            block.identifier() == "resource" && block.labels().first().is_some_and(|label| label.as_str() == kind)
        });
        &block.unwrap_or_else(|| panic!("no {kind}")).body
    }

    /// A literal string: a template would not be one.
    fn text(body: &::hcl::Body, name: &str) -> String {
        use ::hcl::eval::Evaluate as _;
        let attribute = body.attributes().find(|attribute| attribute.key() == name).expect("an attribute");
        let value = attribute.expr().evaluate(&::hcl::eval::Context::new()).expect("a literal");
        value.as_str().expect("a string").to_owned()
    }

    #[test]
    fn the_module_with_an_api_key() {
        insta::assert_snapshot!(render(&hostile(&[])));
    }

    #[test]
    fn the_module_with_a_trusted_profile_and_every_option() {
        let flags =
            ["--trusted-profile", "tokens-profile", "--keep-runs", "3d", "--private", "--registry-secret", "icr"];
        insta::assert_snapshot!(render(&reader(&flags)));
    }

    #[test]
    fn every_variable_is_read_back_as_it_was() {
        for deployment in [hostile(&[]), reader(&["--trusted-profile", "p1"])] {
            let module = parsed(&render(&deployment));
            let job = resource(&module, "ibm_code_engine_job");
            let blocks = job.blocks().filter(|block| block.identifier() == "run_env_variables");
            let variables: Vec<_> =
                blocks.map(|block| (text(&block.body, "name"), text(&block.body, "value"))).collect();
            assert_eq!(variables, deployment.job.code_engine_environment());
        }
    }

    #[test]
    fn each_way_to_log_in_has_its_own_resources() {
        let key = parsed(&render(&hostile(&[])));
        resource(&key, "ibm_sm_iam_credentials_secret");
        resource(&key, "ibm_iam_service_policy");
        let profile = parsed(&render(&hostile(&["--trusted-profile", "p1"])));
        resource(&profile, "ibm_iam_trusted_profile_link");
        let configuration = resource(&profile, "ibm_sm_custom_credentials_configuration");
        assert!(configuration.attributes().all(|attribute| attribute.key() != "api_key_ref"));
    }

    #[test]
    fn the_policy_is_limited_to_the_secret_group() {
        let module = parsed(&render(&reader(&[])));
        let policy = resource(&module, "ibm_iam_service_policy");
        let scope = policy.blocks().find(|block| block.identifier() == "resources").expect("a scope");
        assert_eq!(text(&scope.body, "resource_type"), "secret-group");
        assert_eq!(text(&scope.body, "resource"), reader(&[]).secret_group);
    }
}
