//! What stops the command itself, as opposed to a task that failed: a message, a hint and an exit code.

use std::fmt;
use std::process::ExitCode;

/// How the command ends. These numbers are documented in `--help`, so scripts may rely on them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// A task or a step failed, or something is left behind.
    TaskFailed = 1,
    /// The command line or its inputs are wrong; nothing was started.
    Usage = 2,
    /// The provider could not be built, or something could not be started.
    CannotStart = 3,
    /// Stopped by Ctrl-C or SIGTERM: what a shell reports for SIGINT (128 + 2).
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// An error of the command. It never holds a secret value.
#[derive(Debug)]
pub(crate) struct Problem {
    exit: Exit,
    message: String,
    output: Option<String>,
    hint: Option<String>,
}

impl Problem {
    /// The command line or its inputs are wrong.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::new(Exit::Usage, message)
    }

    /// Something could not be built or started.
    pub(crate) fn cannot_start(message: impl Into<String>) -> Self {
        Self::new(Exit::CannotStart, message)
    }

    /// A step of several failed; the output says what was done before it.
    pub(crate) fn failed(message: impl Into<String>) -> Self {
        Self::new(Exit::TaskFailed, message)
    }

    /// The service said no.
    pub(crate) fn refused(message: impl Into<String>) -> Self {
        Self::new(Exit::TaskFailed, message)
    }

    /// The person stopped the command, and it could clean up.
    pub(crate) fn interrupted() -> Self {
        Self::new(Exit::Interrupted, "interrupted")
            .hint("every process that this command started was stopped; run it again when you like")
    }

    /// The person stopped the command at once.
    pub(crate) fn cut_short() -> Self {
        Self::new(Exit::Interrupted, "interrupted, and every process that this command started was killed").hint(
            "a run that was cut short may have left a credential in the external system; it carries a marker `sm-...`",
        )
    }

    fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self { exit, message: message.into(), output: None, hint: None }
    }

    /// What to type or do next.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The same words, but the provider's target is at fault, not the command line.
    pub(crate) fn of_target(mut self) -> Self {
        if self.exit == Exit::Usage {
            self.exit = Exit::CannotStart;
            self.message = format!("examples/target.rs: {}", self.message);
        }
        self
    }

    /// What another program said, shown before the message.
    pub(crate) fn output(mut self, output: impl Into<String>) -> Self {
        self.output = Some(output.into());
        self
    }

    /// What went wrong, without the hint.
    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    pub(crate) fn exit(&self) -> Exit {
        self.exit
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(output) = self.output.as_deref().map(str::trim_end)
            && !output.is_empty()
        {
            writeln!(f, "{output}\n")?;
        }
        writeln!(f, "error: {}", self.message)?;
        match &self.hint {
            Some(hint) => writeln!(f, "hint: {hint}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_shows_the_other_programs_words_then_itself_then_the_hint() {
        let problem = Problem::cannot_start("the provider does not build")
            .output("error[E0425]: cannot find value\n\n")
            .hint("mend it");
        assert_eq!(
            problem.to_string(),
            "error[E0425]: cannot find value\n\nerror: the provider does not build\nhint: mend it\n"
        );
    }

    #[test]
    fn an_interrupt_ends_as_a_shell_reports_it() {
        assert_eq!(Problem::interrupted().exit() as u8, 130);
    }
}
