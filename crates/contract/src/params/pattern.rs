//! The language of `#[param(pattern = "...")]`: small enough to need no regex engine in a job binary.
//!
//! A pattern is a sequence of items and must match the whole text. An item is a character or a class, perhaps followed by a count.
//!
//! | Written | Matches |
//! |---|---|
//! | `a` | this character; `\` before punctuation takes away its special meaning |
//! | `.` | any character |
//! | `[a-z0-9_-]` | one of these; `[^...]` one that is none of these; `-` first or last stands for itself |
//! | `?` `*` `+` | after an item: at most once, any number of times, at least once |
//! | `{3}` `{3,}` `{3,8}` | after an item: this often |
//!
//! There are no groups, alternatives or anchors; `(`, `)`, `|`, `^` and `$` are refused outside of a class, so that nobody relies on them.
//! The time to match is the number of items times the length of the text, whatever the pattern.
//!
//! The derive crate compiles this file too (by `#[path]`), so what it accepts at compile time is what runs.

use std::iter::Peekable;
use std::str::Chars;

/// The most items of a pattern, and the largest count in braces: keeps the time to match bounded.
const MAX_ITEMS: usize = 64;
const MAX_COUNT: usize = 10_000;

/// A parsed pattern.
pub(crate) struct Pattern(Vec<Item>);

struct Item {
    class: Class,
    min: usize,
    max: usize,
}

struct Class {
    negated: bool,
    ranges: Vec<(char, char)>,
}

impl Pattern {
    /// Parses a pattern.
    ///
    /// # Errors
    /// What is wrong with the first item that is wrong.
    pub(crate) fn parse(pattern: &str) -> Result<Self, String> {
        let mut rest = pattern.chars().peekable();
        let mut items = Vec::new();
        while let Some(first) = rest.next() {
            let class = parse_class(first, &mut rest)?;
            let (min, max) = parse_count(&mut rest)?;
            items.push(Item { class, min, max });
        }
        match items.len() {
            0 => Err("the pattern is empty".to_owned()),
            1..=MAX_ITEMS => Ok(Self(items)),
            _ => Err(format!("the pattern has more than {MAX_ITEMS} items")),
        }
    }

    /// Whether the whole text matches.
    pub(crate) fn matches(&self, text: &str) -> bool {
        let characters: Vec<char> = text.chars().collect();
        // reached[n]: the items so far can match exactly the first n characters.
        let mut reached = vec![false; characters.len() + 1];
        reached[0] = true;
        for item in &self.0 {
            reached = item.advance(&characters, &reached);
        }
        reached[characters.len()]
    }
}

impl Item {
    /// The ends that this item reaches from the given starts.
    fn advance(&self, characters: &[char], starts: &[bool]) -> Vec<bool> {
        // Every character of the text from here to `end` is in the class.
        let mut run = 0;
        // The last start that is far enough away. An earlier one can neither lie in the run nor be near enough if this one is not.
        let mut start = None;
        (0..starts.len())
            .map(|end| {
                if end > 0 && !self.class.contains(characters[end - 1]) {
                    run = end;
                }
                if let Some(candidate) = end.checked_sub(self.min).filter(|&at| starts[at]) {
                    start = Some(candidate);
                }
                start.is_some_and(|start| start >= run && end - start <= self.max)
            })
            .collect()
    }
}

impl Class {
    fn one(character: char) -> Self {
        Self { negated: false, ranges: vec![(character, character)] }
    }

    fn contains(&self, character: char) -> bool {
        self.ranges.iter().any(|&(from, to)| (from..=to).contains(&character)) != self.negated
    }
}

fn parse_class(first: char, rest: &mut Peekable<Chars<'_>>) -> Result<Class, String> {
    match first {
        '.' => Ok(Class { negated: true, ranges: Vec::new() }),
        '\\' => escaped(rest).map(Class::one),
        '[' => parse_set(rest),
        '?' | '*' | '+' | '{' => Err(format!("`{first}` follows no character or class")),
        ']' | '}' => Err(format!("`{first}` closes nothing; write `\\{first}` for the character")),
        '(' | ')' | '|' => {
            Err(format!("groups and alternatives do not exist; write `\\{first}` for the character `{first}`"))
        }
        '^' | '$' => {
            Err(format!("a pattern matches the whole text anyway; write `\\{first}` for the character `{first}`"))
        }
        character => Ok(Class::one(character)),
    }
}

/// The rest of `[...]`, after the opening bracket.
fn parse_set(rest: &mut Peekable<Chars<'_>>) -> Result<Class, String> {
    let negated = rest.next_if_eq(&'^').is_some();
    let mut ranges = Vec::new();
    loop {
        let from = match rest.next() {
            None => return Err("`[` is not closed".to_owned()),
            Some(']') if ranges.is_empty() => return Err("`[]` is empty".to_owned()),
            Some(']') => return Ok(Class { negated, ranges }),
            Some('[') => return Err("`[` inside of `[...]`; write `\\[` for the character".to_owned()),
            Some('\\') => escaped(rest)?,
            Some(character) => character,
        };
        // A `-` makes a range unless it is the last character of the set.
        let mut ahead = rest.clone();
        if ahead.next() != Some('-') || ahead.peek() == Some(&']') {
            ranges.push((from, from));
            continue;
        }
        *rest = ahead;
        let to = match rest.next() {
            None => return Err("`[` is not closed".to_owned()),
            Some('\\') => escaped(rest)?,
            Some(character) => character,
        };
        if from > to {
            return Err(format!("`{from}-{to}` runs backwards"));
        }
        ranges.push((from, to));
    }
}

/// The character after a backslash.
fn escaped(rest: &mut Peekable<Chars<'_>>) -> Result<char, String> {
    match rest.next() {
        None => Err("`\\` at the end escapes nothing".to_owned()),
        Some(character) if character.is_ascii_punctuation() => Ok(character),
        Some(character) => Err(format!("`\\{character}` does not exist; write a class such as `[0-9]`")),
    }
}

/// How often the item before may occur.
fn parse_count(rest: &mut Peekable<Chars<'_>>) -> Result<(usize, usize), String> {
    let Some(mark) = rest.next_if(|next| matches!(next, '?' | '*' | '+' | '{')) else {
        return Ok((1, 1));
    };
    match mark {
        '?' => Ok((0, 1)),
        '*' => Ok((0, usize::MAX)),
        '+' => Ok((1, usize::MAX)),
        _ => parse_braces(rest),
    }
}

/// The rest of `{3}`, `{3,}` or `{3,8}`, after the opening brace.
fn parse_braces(rest: &mut Peekable<Chars<'_>>) -> Result<(usize, usize), String> {
    let text: String = std::iter::from_fn(|| rest.next_if(|&next| next != '}')).collect();
    if rest.next().is_none() {
        return Err("`{` is not closed".to_owned());
    }
    let wrong = || format!("`{{{text}}}` is no count; counts are `{{3}}`, `{{3,}}` or `{{3,8}}`, up to {MAX_COUNT}");
    let number = |digits: &str| digits.parse().ok().filter(|&count| count <= MAX_COUNT).ok_or_else(wrong);
    let (min, max) = match text.split_once(',') {
        None => (number(&text)?, number(&text)?),
        Some((min, "")) => (number(min)?, usize::MAX),
        Some((min, max)) => (number(min)?, number(max)?),
    };
    if min > max || max == 0 { Err(wrong()) } else { Ok((min, max)) }
}
