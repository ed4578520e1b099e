use credjob::prelude::*;

#[derive(Debug, thiserror::Error, FailureCode)]
#[failure(prefix = "JFROG")]
enum Codes {
    #[error("no documentation")]
    Undocumented,
    /// Fine.
    #[error("fine")]
    #[failure(code = "UNDOCUMENTED")]
    Same,
    /// Fine.
    #[error("fine")]
    #[failure(code = "JFROG_TWICE")]
    Prefixed,
    /// Fine.
    #[error("fine")]
    #[failure(code = "lower")]
    Lower,
    /// Fine.
    #[error("fine")]
    #[failure(nothing_craeted, transient = true)]
    Marks,
}

#[derive(Debug, thiserror::Error, FailureCode)]
enum NoPrefix {
    /// Fine.
    #[error("fine")]
    Fine,
}

#[derive(Debug, thiserror::Error, FailureCode)]
#[failure(prefix = "CREDJOB")]
enum OurPrefix {
    /// Fine.
    #[error("fine")]
    Fine,
}

#[derive(Debug, thiserror::Error, FailureCode)]
#[failure(prefix = "jfrog")]
enum LowerPrefix {
    /// Fine.
    #[error("fine")]
    Fine,
}

#[derive(Debug, FailureCode)]
#[failure(prefix = "NONE")]
enum Empty {}

fn main() {}
