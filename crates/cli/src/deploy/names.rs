//! What the flags may say: CRNs, names and durations. Everything that ends up in a command or a file was checked here.

use std::fmt;
use std::time::Duration;

use crate::problem::Problem;

/// The least and the most that Secrets Manager takes as a task timeout (PROTOCOL 2.2).
const TASK_TIMEOUT: (Duration, Duration) = (Duration::from_secs(5 * 60), Duration::from_secs(24 * 60 * 60));

/// A cloud resource: where it is and which one it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Crn {
    text: String,
    pub(crate) account: String,
    pub(crate) region: String,
    pub(crate) id: String,
}

impl Crn {
    /// Reads the CRN of an instance of `service`: `crn:v1:bluemix:public:SERVICE:REGION:a/ACCOUNT:ID::`.
    pub(crate) fn parse(flag: &str, service: &str, text: &str) -> Result<Self, Problem> {
        let wrong = |what: &str| {
            Problem::usage(format!("{flag}: {what}")).hint(format!(
                "`ibmcloud resource service-instances --service-name {service} --long` shows the CRN: \
                 crn:v1:bluemix:public:{service}:REGION:a/ACCOUNT:ID::"
            ))
        };
        let parts: Vec<&str> = text.trim().split(':').collect();
        let ["crn", "v1", cloud, kind, name, region, scope, id, "", ""] = parts.as_slice() else {
            return Err(wrong("this is not the CRN of an instance"));
        };
        if *name != service {
            return Err(wrong(&format!("this CRN does not belong to the service {service}")));
        }
        let account =
            scope.strip_prefix("a/").filter(|account| is_word(account)).ok_or_else(|| wrong("the account"))?;
        if ![*cloud, *kind, *region].into_iter().all(is_word) {
            return Err(wrong("the cloud or the region holds something other than letters, digits and dashes"));
        }
        if !is_uuid(id) {
            return Err(wrong("the instance id is not a UUID"));
        }
        Ok(Self {
            text: text.trim().to_owned(),
            account: account.to_owned(),
            region: (*region).to_owned(),
            id: (*id).to_owned(),
        })
    }
}

impl fmt::Display for Crn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// A task timeout, as written and as a duration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TaskTimeout {
    pub(crate) text: String,
    pub(crate) duration: Duration,
}

impl TaskTimeout {
    pub(crate) fn parse(text: &str) -> Result<Self, Problem> {
        let (least, most) = TASK_TIMEOUT;
        let duration = duration(text).filter(|duration| (least..=most).contains(duration) && text.len() <= 6);
        let duration = duration.ok_or_else(|| {
            Problem::usage("--task-timeout is not a duration from 5m to 24h")
                .hint("a number with the unit s, m, h or d, such as 10m")
        })?;
        Ok(Self { text: text.to_owned(), duration })
    }
}

/// `600`, `10m`, `2h` or `1d`, as Secrets Manager writes durations (PROTOCOL 2.2).
pub(crate) fn duration(text: &str) -> Option<Duration> {
    let digits = text.trim_end_matches(|unit: char| unit.is_ascii_alphabetic());
    let unit = match &text[digits.len()..] {
        "" | "s" => 1,
        "m" => 60,
        "h" => 60 * 60,
        "d" => 24 * 60 * 60,
        _ => return None,
    };
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    digits.parse::<u64>().ok()?.checked_mul(unit).map(Duration::from_secs)
}

/// How long Code Engine keeps completed runs: `3d`, or minutes (PROTOCOL 1.7).
pub(crate) fn keep_runs(text: &str) -> Result<String, Problem> {
    let digits = text.strip_suffix('d').unwrap_or(text);
    let number: Option<u32> = if digits.starts_with('0') { None } else { digits.parse().ok() };
    if digits.bytes().all(|byte| byte.is_ascii_digit()) && number.is_some() {
        Ok(text.to_owned())
    } else {
        Err(Problem::usage("--keep-runs is neither a number of days, such as 3d, nor of minutes, such as 4320")
            .hint("leave it out to have completed runs removed at once"))
    }
}

/// The name of a Code Engine job: at most 63 letters, digits and dashes.
pub(crate) fn job_name(text: &str) -> Result<String, Problem> {
    let inside = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let good = text.len() <= 63
        && text.starts_with(|first: char| first.is_ascii_lowercase())
        && !text.ends_with('-')
        && text.bytes().all(inside);
    if good {
        Ok(text.to_owned())
    } else {
        Err(Problem::usage(format!("`{}` cannot be the name of a job", text.escape_debug())).hint(
            "--name takes at most 63 lower-case letters, digits and dashes, a letter first, such as jfrog-tokens",
        ))
    }
}

/// The name of a configuration or a trusted profile: letters, digits, `-`, `_` and `.`, alphanumeric at both ends.
pub(crate) fn cloud_name(flag: &str, text: &str) -> Result<String, Problem> {
    let inside = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    let ends = |text: &str| {
        text.starts_with(|first: char| first.is_ascii_alphanumeric())
            && text.ends_with(|last: char| last.is_ascii_alphanumeric())
    };
    if (2..=128).contains(&text.len()) && text.bytes().all(inside) && ends(text) {
        Ok(text.to_owned())
    } else {
        Err(Problem::usage(format!("{flag}: `{}` is not a name", text.escape_debug()))
            .hint("2 to 128 letters, digits, dashes, dots and underscores; a letter or digit at both ends"))
    }
}

/// An image reference: `REGISTRY/NAMESPACE/NAME:TAG` or with a digest.
pub(crate) fn image(text: &str) -> Result<String, Problem> {
    let inside = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./:@".contains(&byte);
    let good = (1..=256).contains(&text.len())
        && text.starts_with(|first: char| first.is_ascii_alphanumeric())
        && text.bytes().all(inside);
    if good {
        Ok(text.to_owned())
    } else {
        Err(Problem::usage(format!("--image: `{}` is not the name of an image", text.escape_debug()))
            .hint("such as icr.io/NAMESPACE/NAME:TAG; a digest (NAME@sha256:...) says exactly which"))
    }
}

/// A dedicated secret group.
pub(crate) fn secret_group(text: &str) -> Result<String, Problem> {
    if text == "default" {
        return Err(Problem::usage(
            "--secret-group: the default group holds secrets that the job has no business with",
        )
        .hint("make a group for the provider: ibmcloud secrets-manager secret-group-create --name NAME"));
    }
    if is_uuid(text) {
        Ok(text.to_owned())
    } else {
        Err(Problem::usage("--secret-group is not the id of a secret group")
            .hint("`ibmcloud secrets-manager secret-groups` lists their ids, which are UUIDs"))
    }
}

/// Lower-case letters, digits and dashes; at least one.
fn is_word(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

pub(crate) fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(index, byte)| match index {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROJECT: &str = "crn:v1:bluemix:public:codeengine:eu-de:a/0123456789abcdef0123456789abcdef:\
                           2b3c4d5e-6f70-4a81-92b3-c4d5e6f70819::";

    #[test]
    fn a_crn_names_the_region_and_the_instance() {
        let crn = Crn::parse("--project", "codeengine", PROJECT).expect("a CRN");
        assert_eq!((crn.region.as_str(), crn.id.as_str()), ("eu-de", "2b3c4d5e-6f70-4a81-92b3-c4d5e6f70819"));
        assert_eq!(crn.to_string(), PROJECT);
    }

    #[test]
    fn a_crn_of_another_service_is_refused_with_the_way_to_find_the_right_one() {
        let text = Crn::parse("--instance", "secrets-manager", PROJECT).expect_err("a project").to_string();
        assert!(text.contains("--service-name secrets-manager --long"), "{text}");
    }

    #[test]
    fn a_crn_with_something_hostile_in_it_is_refused() {
        for (from, to) in [("eu-de", "eu-de$(x)"), ("0819", "081'"), ("a/", "b/"), ("bluemix", "")] {
            assert!(Crn::parse("--project", "codeengine", &PROJECT.replace(from, to)).is_err(), "{to}");
        }
    }

    #[test]
    fn task_timeouts_have_the_services_limits() {
        assert_eq!(TaskTimeout::parse("10m").expect("good").duration.as_secs(), 600);
        assert_eq!(TaskTimeout::parse("300").expect("good").duration.as_secs(), 300);
        for bad in ["299", "4m", "25h", "2d", "", "m", "1.5h", "10 m", "10M", "-5m", "0000600s"] {
            assert!(TaskTimeout::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn runs_are_kept_for_days_or_minutes() {
        assert!(keep_runs("3d").is_ok() && keep_runs("4320").is_ok());
        for bad in ["", "d", "0d", "3h", "3d;x", "-1d", "+3d"] {
            assert!(keep_runs(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn names_that_a_command_line_could_misread_are_refused() {
        for bad in ["", "-x", "x-", "X", "a b", "a;b", "1a", "a\nb"] {
            assert!(job_name(bad).is_err(), "{bad}");
        }
        for bad in ["", "a", "-ab", "ab.", "a b", "a$b"] {
            assert!(cloud_name("--configuration", bad).is_err(), "{bad}");
        }
        for bad in ["", "--help", "a b", "a$(b)", "icr.io/a:1;x"] {
            assert!(image(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_default_secret_group_is_refused() {
        assert!(secret_group("default").expect_err("too wide").to_string().contains("secret-group-create"));
    }
}
