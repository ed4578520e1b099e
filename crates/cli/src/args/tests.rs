//! The help of the command is a contract: every page of it is a snapshot, and every example in it can be typed.

use super::*;

/// The long help of the command, or of one of its subcommands.
fn help(subcommand: Option<&str>) -> String {
    let mut command = Cli::command();
    command.build();
    let command = match subcommand {
        Some(name) => command.find_subcommand_mut(name).expect("a subcommand"),
        None => &mut command,
    };
    command.clone().term_width(WIDTH).render_long_help().to_string()
}

/// Every subcommand, and those below them: one that is added later is not forgotten.
fn subcommands() -> Vec<String> {
    let command = Cli::command();
    assert!(command.get_subcommands().all(|subcommand| !subcommand.has_subcommands()), "look below it as well");
    command.get_subcommands().map(|subcommand| subcommand.get_name().to_owned()).collect()
}

#[test]
fn the_definition_is_sound() {
    Cli::command().debug_assert();
}

#[test]
fn every_help_is_as_it_was_agreed() {
    insta::assert_snapshot!("credjob", help(None));
    for name in subcommands() {
        insta::assert_snapshot!(name.as_str(), help(Some(&name)));
    }
}

#[test]
fn every_help_has_examples_and_each_can_be_typed() {
    let pages = std::iter::once(None).chain(subcommands().into_iter().map(Some));
    for page in pages {
        let help = help(page.as_deref());
        let examples = examples(&help);
        assert!(!examples.is_empty(), "{page:?} shows no example");
        for example in examples {
            let words = std::iter::once("credjob").chain(example.split_whitespace());
            let cli = Cli::try_parse_from(words).unwrap_or_else(|error| panic!("{example}: {error}"));
            if let Command::DryRun(arguments) = cli.command {
                assert!(crate::dry_run::faults::parse(&arguments.faults).is_ok(), "{example}");
            }
        }
    }
}

/// What stands behind `credjob` in the block of examples; long lines go on in the next one.
fn examples(help: &str) -> Vec<String> {
    let mut examples: Vec<String> = Vec::new();
    let mut lines = help.lines().skip_while(|line| !line.starts_with("Examples")).skip(1);
    for line in lines.by_ref().take_while(|line| line.starts_with(' ')) {
        match line.strip_prefix("  ").filter(|line| !line.starts_with(' ')).and_then(|line| line.split_once("credjob "))
        {
            Some((_, example)) => examples.push(example.to_owned()),
            None => examples.last_mut().into_iter().for_each(|example| *example += line),
        }
    }
    // Where a shell would take over.
    examples.iter().map(|example| example.split(" > ").next().unwrap_or(example).to_owned()).collect()
}

#[test]
fn every_help_tells_the_exit_codes_and_what_can_go_wrong() {
    for name in subcommands().into_iter().filter(|name| name != "completions") {
        let help = help(Some(&name));
        assert!(help.contains("Exit codes"), "{name}");
    }
}

#[test]
fn a_completion_script_knows_the_subcommands() {
    for shell in [Shell::Bash, Shell::Elvish, Shell::Fish, Shell::PowerShell, Shell::Zsh] {
        let mut script = Vec::new();
        completions(shell, &mut script);
        let script = String::from_utf8_lossy(&script).into_owned();
        assert!(subcommands().iter().all(|name| script.contains(name.as_str())), "{shell}");
    }
}

#[test]
fn a_binary_and_a_directory_may_stand_together() {
    let cli = Cli::try_parse_from(["credjob", "dry-run", "jfrog", "--bin", "./job"]);
    assert!(cli.is_ok(), "the directory still names the target to start");
}
