//! What a check says.

/// What is looked at. The names are part of the document of `--format json`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Check {
    Schema,
    JobConfig,
    PersonalData,
    SecretInput,
    CredentialsId,
    Leftovers,
    Verify,
    Delete,
    FailureCodes,
    Conformance,
    Container,
    Deadline,
    Configuration,
}

impl Check {
    /// Every check, in the order of the table.
    pub(crate) const ALL: [Self; 13] = [
        Self::Schema,
        Self::JobConfig,
        Self::PersonalData,
        Self::SecretInput,
        Self::CredentialsId,
        Self::Leftovers,
        Self::Verify,
        Self::Delete,
        Self::FailureCodes,
        Self::Conformance,
        Self::Container,
        Self::Deadline,
        Self::Configuration,
    ];

    /// Those that need the project's folder.
    pub(crate) const OF_A_PROJECT: [Self; 8] = [
        Self::JobConfig,
        Self::CredentialsId,
        Self::Leftovers,
        Self::Verify,
        Self::Delete,
        Self::FailureCodes,
        Self::Conformance,
        Self::Container,
    ];

    /// The name of the check.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Schema => "schema",
            Self::JobConfig => "job-config",
            Self::PersonalData => "personal-data",
            Self::SecretInput => "secret-input",
            Self::CredentialsId => "credentials-id",
            Self::Leftovers => "leftovers",
            Self::Verify => "verify",
            Self::Delete => "delete",
            Self::FailureCodes => "failure-codes",
            Self::Conformance => "conformance",
            Self::Container => "container",
            Self::Deadline => "deadline",
            Self::Configuration => "configuration",
        }
    }
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Severity {
    /// It will fail: exit code 1.
    Error,
    /// It may be meant, or may go wrong some day.
    Warning,
}

impl Severity {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// One thing that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) severity: Severity,
    pub(crate) check: Check,
    /// The variable, file or line.
    pub(crate) place: String,
    pub(crate) what: String,
    pub(crate) fix: String,
}

/// Everything that was found, and what was not looked at.
#[derive(Debug, Clone)]
pub(crate) struct Report {
    /// What was checked, as people know it.
    pub(crate) subject: String,
    findings: Vec<Finding>,
    skipped: Vec<(Check, String)>,
}

impl Report {
    pub(crate) fn new(subject: &str) -> Self {
        Self { subject: subject.to_owned(), findings: Vec::new(), skipped: Vec::new() }
    }

    pub(crate) fn error(
        &mut self,
        check: Check,
        place: impl Into<String>,
        what: impl Into<String>,
        fix: impl Into<String>,
    ) {
        self.add(Severity::Error, check, place.into(), what.into(), fix.into());
    }

    pub(crate) fn warning(
        &mut self,
        check: Check,
        place: impl Into<String>,
        what: impl Into<String>,
        fix: impl Into<String>,
    ) {
        self.add(Severity::Warning, check, place.into(), what.into(), fix.into());
    }

    /// Notes that something was not looked at, and why.
    pub(crate) fn skip(&mut self, check: Check, why: impl Into<String>) {
        self.skipped.push((check, why.into()));
    }

    /// The findings, errors first.
    pub(crate) fn findings(&self) -> Vec<&Finding> {
        let mut findings: Vec<_> = self.findings.iter().collect();
        findings.sort_by_key(|finding| (finding.severity, finding.check));
        findings
    }

    /// What was not looked at, in the order of the checks.
    pub(crate) fn skipped(&self) -> Vec<&(Check, String)> {
        let mut skipped: Vec<_> = self.skipped.iter().collect();
        skipped.sort_by_key(|(check, _)| *check);
        skipped
    }

    /// How many checks were made.
    pub(crate) fn made(&self) -> usize {
        Check::ALL.iter().filter(|check| !self.skipped.iter().any(|(skipped, _)| skipped == *check)).count()
    }

    pub(crate) fn errors(&self) -> usize {
        self.count(Severity::Error)
    }

    pub(crate) fn warnings(&self) -> usize {
        self.count(Severity::Warning)
    }

    fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.severity == severity).count()
    }

    fn add(&mut self, severity: Severity, check: Check, place: String, what: String, fix: String) {
        self.findings.push(Finding { severity, check, place, what, fix });
    }
}
