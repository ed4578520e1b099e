//! The help of every command that talks to a service is a contract: each is a snapshot.

use clap::{CommandFactory as _, Parser as _};

use crate::args::Cli;

fn help(name: &str) -> String {
    let mut command = Cli::command();
    command.build();
    let command = command.find_subcommand_mut(name).expect("a subcommand");
    command.clone().term_width(100).render_long_help().to_string()
}

const COMMANDS: [&str; 12] = [
    "emulator",
    "run",
    "secret-tasks",
    "secret-task",
    "secret-task-update",
    "secret-task-delete",
    "secret-locks",
    "secret-locks-bulk-create",
    "secret-locks-bulk-delete",
    "secret-version-locks",
    "secret-version-locks-bulk-create",
    "secret-version-locks-bulk-delete",
];

#[test]
fn the_help_of_each_command() {
    for name in COMMANDS {
        insta::assert_snapshot!(name, help(name));
    }
}

#[test]
fn every_example_of_the_help_can_be_typed() {
    for name in COMMANDS {
        let help = help(name);
        let examples: Vec<&str> = help
            .lines()
            .filter_map(|line| line.strip_prefix("  "))
            .filter(|line| line.starts_with("credjob "))
            .collect();
        assert!(!examples.is_empty(), "{name} shows no example");
        for example in examples {
            let parsed = Cli::try_parse_from(example.split_whitespace());
            assert!(parsed.is_ok(), "{example}: {}", parsed.err().map(|error| error.to_string()).unwrap_or_default());
        }
    }
}
