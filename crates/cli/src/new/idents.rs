//! Words of one kind of name as another kind: `KEY_ALGO` as `KeyAlgo`, `read-only` as `ReadOnly`.

/// Words that cannot be a field even as `r#...`.
const NEVER_RAW: [&str; 4] = ["crate", "self", "super", "_"];

/// Words of Rust (edition 2024), which a field must write as `r#...`.
const KEYWORDS: [&str; 49] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn", "else", "enum",
    "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod", "move",
    "mut", "override", "priv", "pub", "ref", "return", "static", "struct", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield", "union",
];

/// The words of a text: what stands between other characters than ASCII letters and digits, and between `aB`.
pub(crate) fn words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = ' ';
    for letter in text.chars() {
        let starts_word = letter.is_ascii_uppercase() && before.is_ascii_lowercase();
        if starts_word || !letter.is_ascii_alphanumeric() {
            words.push(String::new());
        }
        if letter.is_ascii_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.push(letter);
        }
        before = letter;
    }
    words.retain(|word| !word.is_empty());
    words
}

/// `KEY_ALGO` as `KeyAlgo`.
pub(crate) fn camel(text: &str) -> String {
    let words = words(text);
    let capital = words.iter().map(|word| {
        let (first, rest) = word.split_at(1);
        first.to_ascii_uppercase() + &rest.to_ascii_lowercase()
    });
    capital.collect()
}

/// `ReadOnly` as `READ_ONLY`: the option that `#[derive(ParamEnum)]` makes of a variant.
pub(crate) fn screaming(variant: &str) -> String {
    let letters: Vec<char> = variant.chars().collect();
    let mut screaming = String::new();
    for (index, &letter) in letters.iter().enumerate() {
        let before = index.checked_sub(1).map(|at| letters[at]);
        let after = letters.get(index + 1);
        let starts_word = letter.is_uppercase()
            && before.is_some_and(|before| {
                before.is_lowercase()
                    || before.is_ascii_digit()
                    || (before.is_uppercase() && after.is_some_and(|after| after.is_lowercase()))
            });
        if starts_word {
            screaming.push('_');
        }
        screaming.extend(letter.to_uppercase());
    }
    screaming
}

/// The field for a variable: `COMMON_NAME` is `common_name`. `taken` says whether another field has that name.
pub(crate) fn field(variable: &str, taken: impl Fn(&str) -> bool) -> Field {
    let mut plain = variable.to_ascii_lowercase();
    // rustc wants single underscores between words.
    while plain.trim_matches('_').contains("__") {
        plain = plain.replace("__", "_");
    }
    if plain.starts_with(|first: char| first.is_ascii_digit()) || NEVER_RAW.contains(&plain.as_str()) {
        plain.insert_str(0, "field_");
    }
    while taken(&plain) {
        plain.push('_');
    }
    let attribute = if plain.to_ascii_uppercase() == variable { NameAttribute::Implied } else { NameAttribute::Needed };
    let ident = if KEYWORDS.contains(&plain.as_str()) { format!("r#{plain}") } else { plain.clone() };
    Field { plain, ident, attribute }
}

/// A field of a struct.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Field {
    /// The name without `r#`.
    pub(crate) plain: String,
    /// The name as Rust takes it.
    pub(crate) ident: String,
    pub(crate) attribute: NameAttribute,
}

/// Whether `#[param(name = "...")]` is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NameAttribute {
    Needed,
    Implied,
}

/// The variant for an option; `None` if the option has no word that could be one.
pub(crate) fn variant(option: &str) -> Option<String> {
    let camel = camel(option);
    match camel.chars().next()? {
        first if first.is_ascii_digit() => Some(format!("V{camel}")),
        _ if camel == "Self" => Some("SelfOption".to_owned()),
        _ => Some(camel),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_in_every_spelling() {
        for text in ["KEY_ALGO", "key-algo", "KeyAlgo", "key algo"] {
            assert_eq!(camel(text), "KeyAlgo", "{text}");
        }
    }

    #[test]
    fn the_option_of_a_variant_is_what_the_derive_makes_of_it() {
        // The derive's own test has the same pairs.
        let names = [
            ("Rsa", "RSA"),
            ("ReadOnly", "READ_ONLY"),
            ("Sha256", "SHA256"),
            ("Aes128Gcm", "AES128_GCM"),
            ("HttpV2", "HTTP_V2"),
        ];
        for (variant, option) in names {
            assert_eq!(screaming(variant), option);
        }
    }

    #[test]
    fn a_field_is_never_a_word_of_rust() {
        let field = |variable| {
            let field = field(variable, |_| false);
            (field.ident, field.attribute)
        };
        assert_eq!(field("TYPE"), ("r#type".to_owned(), NameAttribute::Implied));
        assert_eq!(field("SELF"), ("field_self".to_owned(), NameAttribute::Needed));
        assert_eq!(field("2FA"), ("field_2fa".to_owned(), NameAttribute::Needed));
        assert_eq!(field("A__B"), ("a_b".to_owned(), NameAttribute::Needed));
        assert_eq!(field("COMMON_NAME"), ("common_name".to_owned(), NameAttribute::Implied));
    }

    #[test]
    fn two_fields_never_have_one_name() {
        let second = field("A__B", |name| name == "a_b");
        assert_eq!((second.ident.as_str(), second.attribute), ("a_b_", NameAttribute::Needed));
    }

    #[test]
    fn an_option_becomes_a_variant() {
        for (option, name) in [("RSA", "Rsa"), ("read-only", "ReadOnly"), ("2048", "V2048"), ("self", "SelfOption")] {
            assert_eq!(variant(option).as_deref(), Some(name));
        }
        assert_eq!(variant("+"), None);
    }
}
