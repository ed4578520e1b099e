//! `--output kubernetes`: a Job for any cluster. It runs one task once; nothing starts it by itself.

use std::fmt::Write as _;

use super::deployment::Job;
use super::quote::yaml;

/// Seconds from SIGTERM to SIGKILL: the job takes 25 to wind down (DESIGN 6).
const GRACE_SECONDS: u32 = 30;

/// Where IBM's clusters put a token for a trusted profile (PROTOCOL 3.2).
const TOKEN_FOLDER: &str = "/var/run/secrets/tokens";

const HEAD: &str = r#"# Written by `credjob deploy --output kubernetes`. It was never tried on a real cluster with the real cloud.
#
# One Job runs one secret task. Secrets Manager starts jobs only in Code Engine: on another cluster, whoever makes the Job
# says which task it is for. Make the task's variables first, those that Secrets Manager would set (SM_ACTION, SM_TRIGGER,
# SM_SECRET_TASK_ID, SM_SECRET_ID, SM_SECRET_NAME, SM_SECRET_GROUP_ID; SM_CREDENTIALS_ID and SM_SECRET_VERSION_ID for a
# deletion; SM_<INPUT>_VALUE for each input), then the Job:
#
#   kubectl create configmap @name@-task --from-env-file=task.env
@credentials@#   kubectl create -f this-file.yaml
apiVersion: batch/v1
kind: Job
metadata:
  generateName: @name@-
  labels:
    app.kubernetes.io/name: @name@
    app.kubernetes.io/managed-by: credjob
spec:
  # Not run again: only Code Engine tells a job that it is a re-run (JOB_INDEX_RETRY_COUNT), and a re-run that does not know
  # would create a second credential.
  backoffLimit: 0
  completions: 1
  parallelism: 1
  activeDeadlineSeconds: @seconds@
  ttlSecondsAfterFinished: @keep@
  template:
    metadata:
      labels:
        app.kubernetes.io/name: @name@
    spec:
      restartPolicy: Never
      terminationGracePeriodSeconds: @grace@
      automountServiceAccountToken: false
      enableServiceLinks: false
@pull@      securityContext:
        runAsNonRoot: true
        runAsUser: 65534
        runAsGroup: 65534
        seccompProfile:
          type: RuntimeDefault
@volumes@      containers:
        - name: job
          image: @image@
          securityContext:
            allowPrivilegeEscalation: false
            privileged: false
            readOnlyRootFilesystem: true
            capabilities:
              drop: ["ALL"]
          resources:
            requests: {cpu: @cpu@, memory: @memory@}
            limits: {cpu: @cpu@, memory: @memory@, ephemeral-storage: "10M"}
@mounts@          envFrom:
            - configMapRef:
                name: @name@-task
          env:
@variables@"#;

const CREDENTIALS: &str = "#   kubectl create secret generic NAME-access --from-file=SM_ACCESS_APIKEY=FILE\n";

const VOLUMES: &str = r"      volumes:
        - name: token
          projected:
            sources:
              - serviceAccountToken:
                  path: sa-token
                  audience: iam
                  expirationSeconds: 3600
";

/// The manifest of a job.
pub(crate) fn render(job: &Job) -> String {
    let profile = job.trusted_profile.is_some();
    let mounts = format!(
        "          volumeMounts:\n            - name: token\n              mountPath: {TOKEN_FOLDER}\n              readOnly: true\n"
    );
    let pull =
        job.registry_secret.as_deref().map(|name| format!("      imagePullSecrets:\n        - name: {}\n", yaml(name)));
    let values = [
        ("name", job.name.clone()),
        ("credentials", if profile { String::new() } else { CREDENTIALS.replace("NAME", &job.name) }),
        ("seconds", job.timeout.duration.as_secs().to_string()),
        ("keep", keep_seconds(job).to_string()),
        ("grace", GRACE_SECONDS.to_string()),
        ("pull", pull.unwrap_or_default()),
        ("volumes", if profile { VOLUMES.to_owned() } else { String::new() }),
        ("image", yaml(&job.image)),
        ("cpu", yaml(&job.size.kubernetes_cpu())),
        ("memory", yaml(&job.size.kubernetes_memory())),
        ("mounts", if profile { mounts } else { String::new() }),
        ("variables", variables(job)),
    ];
    // One pass: what a value holds is never looked at again.
    let mut manifest = String::new();
    let mut parts = HEAD.split('@');
    manifest.push_str(parts.next().unwrap_or_default());
    while let (Some(name), Some(text)) = (parts.next(), parts.next()) {
        let value = values.iter().find(|(known, _)| *known == name);
        debug_assert!(value.is_some(), "no value for {name}");
        manifest.push_str(value.map_or("", |(_, value)| value));
        manifest.push_str(text);
    }
    manifest
}

/// How long the Job stays after its end: at least long enough to read its exit code.
fn keep_seconds(job: &Job) -> u64 {
    const LEAST: u64 = 60;
    let keep = job.keep_runs.as_deref().and_then(|keep| match keep.strip_suffix('d') {
        Some(days) => days.parse::<u64>().ok().map(|days| days * 86_400),
        None => keep.parse::<u64>().ok().map(|minutes| minutes * 60),
    });
    // The field is a 32-bit integer.
    keep.unwrap_or(LEAST).clamp(LEAST, u64::from(i32::MAX.unsigned_abs()))
}

fn variables(job: &Job) -> String {
    let mut lines = String::new();
    if job.trusted_profile.is_none() {
        let _ = write!(
            lines,
            "            - name: SM_ACCESS_APIKEY\n              valueFrom:\n                secretKeyRef:\n                  \
             name: {}-access\n                  key: SM_ACCESS_APIKEY\n",
            job.name
        );
    }
    let fixed = [("SM_INSTANCE_URL".to_owned(), job.service_url())];
    let token =
        job.trusted_profile.is_some().then(|| ("CREDJOB_CR_TOKEN_FILE".to_owned(), format!("{TOKEN_FOLDER}/sa-token")));
    for (name, value) in fixed.into_iter().chain(token).chain(job.environment()) {
        // Kubernetes replaces $(NAME) in a value by that variable; `$$` stands for `$`, everywhere.
        let _ = write!(lines, "            - name: {name}\n              value: {}\n", yaml(&value.replace('$', "$$")));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::super::deployment::tests::{hostile, reader};
    use super::*;

    #[test]
    fn the_manifest_with_an_api_key() {
        insta::assert_snapshot!(render(&hostile(&[]).job));
    }

    #[test]
    fn the_manifest_with_a_trusted_profile_and_every_option() {
        let flags = ["--trusted-profile", "tokens-profile", "--keep-runs", "3d", "--registry-secret", "icr"];
        insta::assert_snapshot!(render(&reader(&flags).job));
    }

    #[test]
    fn runs_are_kept_within_what_the_field_holds() {
        assert_eq!(keep_seconds(&hostile(&[]).job), 60);
        assert_eq!(keep_seconds(&hostile(&["--keep-runs", "4320"]).job), 259_200);
        assert_eq!(keep_seconds(&hostile(&["--keep-runs", "4000000000d"]).job), 2_147_483_647);
    }
}
