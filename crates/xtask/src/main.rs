//! Checks and generators that developers of credjob run: `cargo xtask COMMAND`.

mod bench;
mod boundaries;
mod canary;
mod ci;
mod command;
mod deny;
mod dist;
mod failed;
mod generated;
mod needs;
mod readme;
mod template;
mod test;
mod workspace;

use std::process::ExitCode;

use failed::Checked;

const HELP: &str = "\
Checks and generators that developers of credjob run

Usage: cargo xtask COMMAND

Commands:
  ci                 everything that CI checks: fmt, clippy, docs, deny, boundaries, generated, template, test
  test [ARGS]        install what the tests need, build the job binaries, run every test of the workspace;
                     ARGS go to `cargo test` (for example: cargo xtask test -p credjob-http)
  bench              cost of each job beside one curl process: size, wall, CPU, memory, requests, connections
  boundaries         dependency arrows, forbidden crates, file names
  generated [--fix]  job_config.json and README tables of each provider equal what its binary prints
  deny               licences, advisories and bans (cargo deny)
  template [--fix]   what `credjob new` makes, with and without --from: built, linted, tested and tried
  dist PROVIDER      static release binary for a container image; prints its path and size

Exit codes: 0 done, 1 a check failed or something is missing, 2 wrong usage";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let result = match arguments.as_slice() {
        [] | ["help" | "--help" | "-h", ..] | [_, "--help" | "-h"] => {
            println!("{HELP}");
            return ExitCode::SUCCESS;
        }
        ["ci"] => ci::run(),
        ["test", arguments @ ..] => test::run(arguments),
        // Not for people: `bench` calls it to measure one process from a small one.
        ["__measure", arguments @ ..] => return bench::run_measured(arguments),
        ["bench"] => bench::run(),
        ["boundaries"] => boundaries::run(),
        ["generated"] => generated::run(generated::Mode::Check),
        ["generated", "--fix"] => generated::run(generated::Mode::Fix),
        ["deny"] => deny::run(),
        ["template"] => template::run(),
        ["template", "--fix"] => template::fix(),
        ["dist", name] => dist::run(name),
        _ => {
            eprintln!("{HELP}");
            return ExitCode::from(2);
        }
    };
    finish(result)
}

fn finish(result: Checked) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failed) => {
            eprintln!("\n{failed}");
            ExitCode::FAILURE
        }
    }
}
