//! What the command line left out: asked for on a terminal, refused elsewhere.

use std::io::{BufRead, IsTerminal as _, Write};

use super::name::Name;
use crate::problem::Problem;

/// Whether a person can be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ask {
    Terminal,
    Nobody,
}

impl Ask {
    /// A person is asked if standard input and error are a terminal, and `--yes` was not given.
    pub(crate) fn of_process(yes: bool) -> Self {
        let terminal = std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
        if terminal && !yes { Self::Terminal } else { Self::Nobody }
    }
}

/// The name of the provider.
pub(crate) fn name(ask: Ask) -> Result<Name, Problem> {
    match ask {
        Ask::Terminal => ask_name(&mut std::io::stdin().lock(), &mut std::io::stderr()),
        Ask::Nobody => {
            Err(Problem::usage("no name is given, and there is nobody to ask")
                .hint("for example: credjob new token-vault"))
        }
    }
}

/// One answer to a question about a path.
pub(crate) fn path(question: &str) -> Result<String, Problem> {
    line(question, &mut std::io::stdin().lock(), &mut std::io::stderr())
}

/// Asks until the answer is a name.
fn ask_name(input: &mut impl BufRead, output: &mut impl Write) -> Result<Name, Problem> {
    loop {
        let answer = line("Name of the provider (such as token-vault): ", input, output)?;
        match Name::parse(&answer) {
            Ok(name) => return Ok(name),
            // A terminal that is gone shows at the next read.
            Err(problem) => drop(write!(output, "{problem}")),
        }
    }
}

fn line(question: &str, input: &mut impl BufRead, output: &mut impl Write) -> Result<String, Problem> {
    let mut answer = String::new();
    let read = write!(output, "{question}").and_then(|()| output.flush()).and_then(|()| input.read_line(&mut answer));
    match read {
        Ok(count) if count > 0 => Ok(answer.trim().to_owned()),
        _ => Err(Problem::usage("no answer").hint("give it on the command line: see `credjob new --help`")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_question_is_asked_until_the_answer_is_a_name() {
        let mut shown = Vec::new();
        let name = ask_name(&mut "Token Vault\ntoken-vault\n".as_bytes(), &mut shown).expect("the second");
        assert_eq!(name.project(), "token-vault");
        let shown = String::from_utf8(shown).expect("text");
        assert!(shown.contains("did you mean `token-vault`?"), "{shown}");
    }

    #[test]
    fn the_end_of_input_is_no_answer() {
        assert!(ask_name(&mut "".as_bytes(), &mut Vec::new()).is_err());
    }

    #[test]
    fn nobody_is_asked_without_a_terminal() {
        assert_eq!(Ask::of_process(true), Ask::Nobody);
        assert!(name(Ask::Nobody).expect_err("no name").to_string().contains("credjob new token-vault"));
    }
}
