//! `cargo xtask ci`: what CI runs, cheap checks first.

use std::time::Instant;

use crate::command::{cargo, run as execute};
use crate::failed::Checked;
use crate::{boundaries, deny, evidence, generated, instructions, reviews, sbom, template, test};

/// Runs every check; the first that fails ends it.
pub(crate) fn run() -> Checked {
    evidence::forget()?;
    step("fmt", || execute(&mut cargo(&["fmt", "--all", "--check"])))?;
    step("boundaries", boundaries::run)?;
    step("deny", deny::run)?;
    step("reviews", reviews::run)?;
    step("sbom", || sbom::run(&["--validate"]))?;
    step("clippy", || {
        execute(&mut cargo(&["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"]))
    })?;
    step("doc", || {
        execute(cargo(&["doc", "--workspace", "--no-deps", "--locked"]).env("RUSTDOCFLAGS", "-D warnings"))
    })?;
    step("generated", || generated::run(generated::Mode::Check))?;
    step("template", template::run)?;
    step("instructions", || instructions::run(generated::Mode::Check))?;
    step("explore", evidence::explore)?;
    step("test", || test::run(&[]))?;
    step("evidence", || evidence::collect(generated::Mode::Check))
}

fn step(name: &str, check: impl FnOnce() -> Checked) -> Checked {
    eprintln!("\n== {name}");
    let started = Instant::now();
    let result = check();
    eprintln!("== {name}: {:.0} s", started.elapsed().as_secs_f64());
    result
}
