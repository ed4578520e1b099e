//! Names and texts in an SQL statement, read back as `PostgreSQL` reads them (its manual, section 4.1).

use credjob_sql::{Identifier, literal};

use crate::input::text;

/// One token of a statement.
#[derive(Debug, PartialEq)]
enum Token {
    Word(String),
    Name(String),
    Text(String),
    Symbol(char),
}

/// An input is a name and a text, the same one.
pub(super) fn check(data: &[u8]) {
    let text = text(data);
    let name = text.parse::<Identifier>();
    let fits = (1..=Identifier::MAX_BYTES).contains(&text.len()) && !text.contains('\0');
    assert!(name.is_ok() == fits, "a name is accepted that the server would change, or refused without need");
    let name = name.unwrap_or_else(|_| crate::service::parsed("plain"));
    let word = |word: &str| Token::Word(word.to_owned());
    // A NUL ends a text, since no text of the server can hold one.
    let cut = text.split('\0').next().unwrap_or_default();
    let wanted = [
        word("ALTER"),
        word("ROLE"),
        Token::Name(name.as_str().to_owned()),
        word("PASSWORD"),
        Token::Text(cut.to_owned()),
        Token::Symbol(';'),
    ];
    let statement = format!("ALTER ROLE {name} PASSWORD{};", space_before(&literal(&text)));
    for standard_conforming_strings in [true, false] {
        let found = tokens(&statement, standard_conforming_strings);
        assert!(found.as_deref() == Some(&wanted[..]), "the statement has other tokens");
    }
}

/// A text may follow a word at once: only its own prefix must keep apart from it.
fn space_before(literal: &str) -> String {
    if literal.starts_with('\'') { format!(" {literal}") } else { literal.to_owned() }
}

/// The tokens of a statement; `None` if something in it is not closed, or is more than these tests use.
fn tokens(statement: &str, standard_conforming_strings: bool) -> Option<Vec<Token>> {
    let mut tokens = Vec::new();
    let mut rest = statement;
    while let Some(first) = rest.chars().next() {
        let after = &rest[first.len_utf8()..];
        rest = match first {
            _ if first.is_whitespace() => after,
            '"' => {
                let (name, after) = quoted(after, '"', false)?;
                tokens.push(Token::Name(name));
                after
            }
            '\'' => {
                let (text, after) = quoted(after, '\'', !standard_conforming_strings)?;
                tokens.push(Token::Text(text));
                after
            }
            'E' if after.starts_with('\'') => {
                let (text, after) = quoted(&after[1..], '\'', true)?;
                tokens.push(Token::Text(text));
                after
            }
            _ if first.is_ascii_alphabetic() => {
                let end = rest.find(|other: char| !other.is_ascii_alphanumeric()).unwrap_or(rest.len());
                tokens.push(Token::Word(rest[..end].to_owned()));
                &rest[end..]
            }
            _ => {
                tokens.push(Token::Symbol(first));
                after
            }
        };
    }
    Some(tokens)
}

/// What stands before the closing mark, and what comes after it. A doubled mark stands for itself.
fn quoted(text: &str, mark: char, backslash_escapes: bool) -> Option<(String, &str)> {
    let mut plain = String::new();
    let mut rest = text.char_indices().peekable();
    while let Some((at, character)) = rest.next() {
        match character {
            '\\' if backslash_escapes => match rest.next()? {
                (_, escaped @ ('\\' | '\'')) => plain.push(escaped),
                // A letter or digit would mean something else.
                _ => return None,
            },
            _ if character == mark => {
                if rest.next_if(|(_, next)| *next == mark).is_none() {
                    return Some((plain, &text[at + mark.len_utf8()..]));
                }
                plain.push(mark);
            }
            _ => plain.push(character),
        }
    }
    None
}
