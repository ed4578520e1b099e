//! The grammar of `--fault`. The emulator owns the words; this file explains them.

use credjob_emulator::FaultScript;

use crate::problem::Problem;

/// The long help of `--fault`.
pub(crate) const HELP: &str = "\
Make the next calls of one kind go wrong, in this order; may be repeated

CALL is iam-token, task-update, task-read, task-list, task-delete, version-list, version-read, secret-read or secret-list: a call of the job to IAM or \
Secrets Manager.
FAULT is one of
  pass             nothing: hit a later call
  request-lost     the connection closes, nothing is applied
  response-lost    applied, but the connection closes without an answer
  hang-before      no answer ever comes, nothing is applied
  hang-after       applied, but no answer ever comes
  status-503       this status (200 to 599), nothing is applied
  status-after-503 applied, but answered with this status
  garbage          200 with half a JSON text, nothing is applied
  garbage-after    applied, but answered with half a JSON text
  html             200 with an HTML page, nothing is applied

A hanging call can hold a run until its deadline of 9 minutes; --job-env CREDJOB_DEADLINE=30s shortens it.";

/// Reads the values of `--fault`.
pub(crate) fn parse(texts: &[String]) -> Result<Vec<FaultScript>, Problem> {
    texts
        .iter()
        .map(|text| {
            text.parse().map_err(|error| {
                Problem::usage(format!("--fault: {error}"))
                    .hint("for example: --fault task-update:response-lost,status-503")
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use credjob_emulator::{Call, Fault};

    #[test]
    fn a_script_keeps_the_order_of_its_faults() {
        let scripts = parse(&["task-update:response-lost,status-503".to_owned()]).expect("good");
        assert_eq!(scripts[0].call, Call::TaskUpdate);
        assert_eq!(scripts[0].faults, [Fault::ResponseLost, Fault::Status(503)]);
    }

    #[test]
    fn the_help_names_every_call() {
        for call in Call::ALL {
            assert!(HELP.contains(call.as_str()), "{call}");
        }
    }

    #[test]
    fn every_fault_in_the_help_is_one() {
        let words =
            HELP.lines().filter_map(|line| line.strip_prefix("  ")).filter_map(|line| line.split_whitespace().next());
        for word in words {
            assert!(word.parse::<Fault>().is_ok(), "{word}");
        }
    }

    #[test]
    fn an_unknown_call_is_refused_with_an_example() {
        let text = parse(&["task-put:html".to_owned()]).expect_err("no such call").to_string();
        assert!(text.contains("task-update"), "{text}");
    }
}
