//! Why a command of this tool ended badly.

use std::fmt;

/// The result of everything here.
pub(crate) type Checked<T = ()> = Result<T, Failed>;

/// What failed, and what to do about it.
#[derive(Debug)]
pub(crate) struct Failed {
    message: String,
    hint: Option<String>,
}

impl Failed {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), hint: None }
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    /// One failure that lists every problem; none is success.
    pub(crate) fn of(what: &str, problems: &[String]) -> Checked {
        if problems.is_empty() {
            return Ok(());
        }
        let list = problems.iter().fold(String::new(), |list, problem| list + "\n  - " + problem);
        Err(Self::new(format!("{what}:{list}")))
    }
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error: {}", self.message)?;
        match &self.hint {
            Some(hint) => write!(f, "\nhint: {hint}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_problem_is_success() {
        assert!(Failed::of("x", &[]).is_ok());
    }

    #[test]
    fn every_problem_is_listed() {
        let problems = ["a".to_owned(), "b".to_owned()];
        let failed = Failed::of("boundaries", &problems).expect_err("two");
        assert_eq!(failed.to_string(), "error: boundaries:\n  - a\n  - b");
    }
}
