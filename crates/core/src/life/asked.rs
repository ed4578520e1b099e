//! What Secrets Manager asks for, or the failure to report when that cannot be understood. Nothing is created before.

use credjob_contract::{Action, Checks, CredentialsId, Environment, Failure, Params, ReportableProblem};

/// An understood task.
pub(crate) enum Asked {
    Create,
    Delete(CredentialsId),
}

/// The action and the typed parameters.
///
/// # Errors
/// One failure that lists every problem of the environment and of the parameters.
pub(crate) fn understand<P: Params>(environment: &Environment) -> Result<(Asked, P), Failure> {
    let asked = asked(environment);
    let checks = if matches!(asked, Some(Asked::Create)) { Checks::Full } else { Checks::TypesOnly };
    let mut problems = environment.problems.clone();
    let params = match P::from_inputs(&environment.inputs, checks) {
        Ok(params) => Some(params),
        Err(wrong) => {
            problems.extend(wrong.into_iter().map(ReportableProblem::from));
            None
        }
    };
    match (ReportableProblem::failure(&problems), asked, params) {
        (None, Some(asked), Some(params)) => Ok((asked, params)),
        (failure, ..) => Err(failure.unwrap_or_else(super::panicked)),
    }
}

/// `None` goes with a problem that the environment has noted.
fn asked(environment: &Environment) -> Option<Asked> {
    match environment.task.action {
        Ok(Action::CreateCredentials) => Some(Asked::Create),
        Ok(Action::DeleteCredentials) => environment.task.credentials_id.clone().map(Asked::Delete),
        Err(_) => None,
    }
}
