//! The sections of the evidence page that these tests leave.

/// Writes the section `NAME.md`. It must be the same after every run: counts, but no times, paths or ids.
pub(crate) fn write(name: &str, markdown: &str) {
    credjob_testkit::evidence::write(env!("CARGO_TARGET_TMPDIR"), name, markdown).expect("the evidence can be written");
}
