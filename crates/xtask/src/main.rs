//! Checks and generators that developers of credjob run: `cargo xtask COMMAND`.

mod bench;
mod boundaries;
mod canary;
mod ci;
mod command;
mod deny;
mod dist;
mod evidence;
mod failed;
mod fuzz;
mod generated;
mod instructions;
mod needs;
mod readme;
mod reviews;
mod sbom;
mod template;
mod test;
mod tree;
mod workspace;

use std::process::ExitCode;

use failed::Checked;

const HELP: &str = "\
Checks and generators that developers of credjob run

Usage: cargo xtask COMMAND

Commands:
  ci                 everything that CI checks: fmt, boundaries, deny, reviews, sbom, clippy, docs, generated, template,
                     instructions, explore, test, evidence
  test [ARGS]        install what the tests need, build the job binaries, run every test of the workspace;
                     ARGS go to `cargo test` (for example: cargo xtask test -p credjob-http)
  evidence [--fix] [--collect] [--thorough]
                     the guide's page on what was tried and what was left behind: runs every program of proof and compares
                     the page, or writes it; --collect runs none, --thorough adds every triple of faults (minutes)
  bench [OPTIONS]    cost of each job beside one curl process: size, wall, CPU, memory, instructions; `bench --help`
  instructions [--fix]
                     no run spends over 3 % more instructions than crates/xtask/budget.toml says (valgrind)
  boundaries         dependency arrows, forbidden crates and features, file names
  generated [--fix]  job_config.json and README tables of each provider equal what its binary prints
  deny               licences, advisories and bans (cargo deny)
  reviews [CRATE..]  every crate of a job has a review note that fits; with names: a draft of a note for each
  sbom [PROVIDER..] [--out DIR] [--validate]
                     CycloneDX bill of materials of each image; prints the paths
  fuzz [TARGET] [--seconds N]
                     cargo-fuzz on every target of crates/fuzz, or on one; needs nightly, CI replays the corpus instead
  template [--fix]   what `credjob new` makes, with and without --from: built, linted, tested and tried
  dist PROVIDER      static release binary for a container image; prints its path and size

Exit codes: 0 done, 1 a check failed or something is missing, 2 wrong usage";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let result = match arguments.as_slice() {
        ["fuzz", "--help" | "-h"] => {
            println!("{}", fuzz::HELP);
            return ExitCode::SUCCESS;
        }
        ["bench", "--help" | "-h"] => {
            println!("{}", bench::HELP);
            return ExitCode::SUCCESS;
        }
        [] | ["help" | "--help" | "-h", ..] | [_, "--help" | "-h"] => {
            println!("{HELP}");
            return ExitCode::SUCCESS;
        }
        ["ci"] => ci::run(),
        ["test", arguments @ ..] => test::run(arguments),
        ["bench", options @ ..] => match bench::Options::parse(options) {
            Ok(options) => bench::run(&options),
            Err(wrong) => {
                eprintln!("{wrong}");
                return ExitCode::from(2);
            }
        },
        ["instructions"] => instructions::run(generated::Mode::Check),
        ["instructions", "--fix"] => instructions::run(generated::Mode::Fix),
        ["evidence", arguments @ ..] => {
            let Some((runs, mode)) = evidence::asked(arguments) else {
                eprintln!("{HELP}");
                return ExitCode::from(2);
            };
            evidence::run(runs, mode)
        }
        ["boundaries"] => boundaries::run(),
        ["generated"] => generated::run(generated::Mode::Check),
        ["generated", "--fix"] => generated::run(generated::Mode::Fix),
        ["deny"] => deny::run(),
        ["reviews"] => reviews::run(),
        ["reviews", names @ ..] => reviews::describe(names),
        ["sbom", arguments @ ..] => sbom::run(arguments),
        ["fuzz", arguments @ ..] => {
            let Some(asked) = fuzz::Asked::read(arguments) else {
                eprintln!("{}", fuzz::HELP);
                return ExitCode::from(2);
            };
            fuzz::run(&asked)
        }
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
