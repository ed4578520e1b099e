//! Failure codes of the framework itself. A provider's own codes have the provider's prefix.

use crate::failure::CodeInfo;

/// Declares the constants and the table together, so that none can be forgotten.
macro_rules! codes {
    ($($name:ident = $code:literal, $meaning:literal $(, $flag:ident)*;)+) => {
        $(
            #[doc = $meaning]
            pub const $name: &str = $code;
        )+

        /// Every framework code with its meaning, for `docs`.
        pub const FRAMEWORK_CODES: &[CodeInfo] = &[
            $(CodeInfo { $($flag: true,)* ..CodeInfo { code: $name, meaning: $meaning, nothing_created: false, transient: false } },)+
        ];
    };
}

codes! {
    BAD_PARAMETER = "CREDJOB_BAD_PARAMETER",
        "A parameter of the secret is missing or not valid: correct the parameters that the text names and try again.", nothing_created;
    UNKNOWN_ACTION = "CREDJOB_UNKNOWN_ACTION",
        "`SM_ACTION` is missing or unknown to this version of the job: update the job's image.", nothing_created;
    BAD_ENVIRONMENT = "CREDJOB_BAD_ENVIRONMENT",
        "An environment variable of the job is malformed: correct the variables that the text names on the Code Engine job.", nothing_created;
    MISSING_CREDENTIALS_ID = "CREDJOB_MISSING_CREDENTIALS_ID",
        "A delete task came without the id of the credentials, so nothing was deleted: remove the credentials by hand and delete the task.", nothing_created;
    INTERRUPTED = "CREDJOB_INTERRUPTED",
        "An earlier run of this task was killed before it could report; the task was closed and what it left was looked for: start the operation again.";
    TERMINATED = "CREDJOB_TERMINATED",
        "The run was asked to stop (SIGTERM or SIGINT) before it was done: start the operation again.";
    DEADLINE = "CREDJOB_DEADLINE",
        "The run used up its time: check that the external system answers, or raise the task timeout and `CREDJOB_DEADLINE`.";
    PANIC = "CREDJOB_PANIC",
        "The provider's code crashed, which is a bug: report it with the log of the job run.";
    HOST_NOT_ALLOWED = "CREDJOB_HOST_NOT_ALLOWED",
        "A parameter names a host that the job may not talk to: its owner can add the host to `CREDJOB_ALLOWED_HOSTS` on the job.";
    UNREACHABLE = "CREDJOB_UNREACHABLE",
        "The external system could not be reached or gave no usable answer, and nothing was changed: check the host, DNS, TLS certificate and network access of the job.", transient;
    REFUSED = "CREDJOB_REFUSED",
        "The external system refused the request: check the parameters and the rights of the login that the job uses.";
    OUTCOME_UNKNOWN = "CREDJOB_OUTCOME_UNKNOWN",
        "A request was sent but no usable answer came back, so it may have been applied: look for leftovers in the external system before you try again.";
    BAD_PAYLOAD = "CREDJOB_BAD_PAYLOAD",
        "The credentials do not fit the outputs that the job declares, which is a bug of the provider: report it.";
    BAD_CREDENTIALS = "CREDJOB_BAD_CREDENTIALS",
        "The external system named what it made by something that is no usable credentials id: report it with the log of the job run.";
    SECRET_NOT_FOUND = "CREDJOB_SECRET_NOT_FOUND",
        "A secret that a parameter refers to does not exist in this instance: correct the secret id.";
    SECRET_FORBIDDEN = "CREDJOB_SECRET_FORBIDDEN",
        "The job may not read a secret that a parameter refers to: give its service ID or trusted profile the `SecretsReader` role on the secret's group.";
    SECRET_UNREADABLE = "CREDJOB_SECRET_UNREADABLE",
        "A secret that a parameter refers to could not be read: try again, and check the state of the secret if it happens again.", transient;
    SECRET_WRONG_TYPE = "CREDJOB_SECRET_WRONG_TYPE",
        "A secret that a parameter refers to has a type that this job cannot use: refer to a secret of a type that the text names.";
    SECRET_FIELD_MISSING = "CREDJOB_SECRET_FIELD_MISSING",
        "A secret that a parameter refers to lacks a field that the job needs: add the field that the text names.";
    IAM_REJECTED = "CREDJOB_IAM_REJECTED",
        "IAM refused the job's API key or trusted profile: check the configuration's `api_key_ref` or the trusted profile of the job.";
    PUBLISH_REFUSED = "CREDJOB_PUBLISH_REFUSED",
        "Secrets Manager refused the new credentials, so they were deleted again: check the job's rights and the configuration's outputs.";
    INTERNAL = "CREDJOB_INTERNAL",
        "The framework met a state that it should not meet, which is a bug: report it with the log of the job run.";
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::task::TaskError;

    #[test]
    fn every_code_has_the_prefix_of_the_framework_and_fits_a_task_error() {
        for info in FRAMEWORK_CODES {
            let rest = info.code.strip_prefix("CREDJOB_").unwrap();
            assert!(rest.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_'), "{}", info.code);
            assert!(info.code.len() <= TaskError::MAX_CODE);
        }
    }

    #[test]
    fn no_code_is_listed_twice() {
        let codes: BTreeSet<_> = FRAMEWORK_CODES.iter().map(|info| info.code).collect();
        assert_eq!(codes.len(), FRAMEWORK_CODES.len());
    }

    #[test]
    fn every_meaning_is_one_sentence() {
        for info in FRAMEWORK_CODES {
            assert!(info.meaning.ends_with('.'), "{}", info.code);
            assert!(!info.meaning.contains(". "), "{}", info.code);
        }
    }

    #[test]
    fn what_is_found_before_create_proves_that_nothing_was_created() {
        let proven: Vec<_> = FRAMEWORK_CODES.iter().filter(|info| info.nothing_created).map(|info| info.code).collect();
        assert_eq!(proven, [BAD_PARAMETER, UNKNOWN_ACTION, BAD_ENVIRONMENT, MISSING_CREDENTIALS_ID]);
    }
}
