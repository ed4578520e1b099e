//! The grammar of one declared variable: `type:string, required:true` (PROTOCOL 1.2, the stricter side of every row).

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use crate::spec::TypeSpec;

/// The type of a declared variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VariableType {
    /// Text.
    String,
    /// A whole number, decimal, with an optional sign.
    Integer,
    /// One of the words of Go's `ParseBool`.
    Boolean,
    /// The id of a secret.
    SecretId,
    /// One of at least two options.
    Enum(Vec<String>),
}

impl VariableType {
    /// What is wrong with the type itself: only an enum can be malformed.
    pub fn problems(&self) -> Vec<DeclarationProblem> {
        match self {
            Self::Enum(options) => option_problems(options),
            _ => Vec::new(),
        }
    }
}

impl fmt::Display for VariableType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::String => f.write_str("string"),
            Self::Integer => f.write_str("integer"),
            Self::Boolean => f.write_str("boolean"),
            Self::SecretId => f.write_str("secret_id"),
            Self::Enum(options) => write!(f, "enum[{}]", options.join("|")),
        }
    }
}

impl From<&TypeSpec> for VariableType {
    fn from(spec: &TypeSpec) -> Self {
        match spec {
            TypeSpec::String => Self::String,
            TypeSpec::Integer => Self::Integer,
            TypeSpec::Boolean => Self::Boolean,
            TypeSpec::SecretId => Self::SecretId,
            TypeSpec::Enum(options) => Self::Enum(options.iter().map(|&option| option.to_owned()).collect()),
        }
    }
}

/// What a variable's text declares. `Display` prints the canonical form, `FromStr` reads it strictly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declaration {
    /// The type of the value.
    pub variable_type: VariableType,
    /// Whether a value must be there.
    pub required: bool,
}

impl Declaration {
    /// Reads a `format` of a configuration's schema: as `FromStr`, but the type may also be called `int` (PROTOCOL 7,
    /// row 8).
    ///
    /// # Errors
    ///
    /// [`DeclarationError`] with every problem of the text.
    pub fn parse_lenient(text: &str) -> Result<Self, DeclarationError> {
        parse(text, Dialect::Schema)
    }
}

impl FromStr for Declaration {
    type Err = DeclarationError;

    fn from_str(text: &str) -> Result<Self, DeclarationError> {
        parse(text, Dialect::JobConfig)
    }
}

impl fmt::Display for Declaration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "type:{}, required:{}", self.variable_type, self.required)
    }
}

/// Everything that is wrong with one declaration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeclarationError {
    /// The problems in the order of the text; never empty.
    pub problems: Vec<DeclarationProblem>,
}

impl fmt::Display for DeclarationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let texts: Vec<String> = self.problems.iter().map(ToString::to_string).collect();
        f.write_str(&texts.join("; "))
    }
}

impl std::error::Error for DeclarationError {}

/// One thing that is wrong with a declaration.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DeclarationProblem {
    /// Two commas in a row, a comma at an end, or no text at all.
    #[error("an attribute is empty")]
    EmptyAttribute,
    /// An attribute that is not `key:value`. A comma inside an enum option leads here too.
    #[error("attribute `{0}` is not of the form `key:value` (a comma ends an attribute, also inside `enum[...]`)")]
    NotKeyValue(String),
    /// A key other than `type` and `required`.
    #[error("key `{0}` is unknown, only `type` and `required` exist")]
    UnknownKey(String),
    /// A key that stands there twice.
    #[error("key `{0}` is given twice")]
    DuplicateKey(String),
    /// No `type`.
    #[error("`type` is missing")]
    NoType,
    /// A type that does not exist.
    #[error("type `{0}` is none of `string`, `integer`, `boolean`, `secret_id` and `enum[a|b]`")]
    UnknownType(String),
    /// An `enum` without its brackets, or with more than one closing bracket.
    #[error("`{0}` is not of the form `enum[a|b]`")]
    MalformedEnum(String),
    /// Fewer than two options.
    #[error("an enum has at least two options, separated by `|`")]
    TooFewOptions,
    /// An empty option.
    #[error("an enum option is empty")]
    EmptyOption,
    /// An option that stands there twice.
    #[error("enum option `{0}` is given twice")]
    DuplicateOption(String),
    /// An option that would not survive printing and parsing.
    #[error("enum option `{0}` has a space at an end, or holds `|`, `,`, `]` or a control character")]
    BadOption(String),
    /// `required` is neither `true` nor `false`.
    #[error("`required` is `true` or `false`, not `{0}`")]
    BadRequired(String),
}

/// Whose spelling of the types is accepted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Dialect {
    /// `job_config.json`.
    JobConfig,
    /// The schema of a configuration, as the service returns it.
    Schema,
}

fn parse(text: &str, dialect: Dialect) -> Result<Declaration, DeclarationError> {
    let mut problems = Vec::new();
    let mut seen = BTreeSet::new();
    let mut variable_type = None;
    let mut required = false;
    for attribute in text.split(',').map(str::trim) {
        let (key, value) = match key_value(attribute) {
            Ok(pair) => pair,
            Err(problem) => {
                problems.push(problem);
                continue;
            }
        };
        if !seen.insert(key) {
            problems.push(DeclarationProblem::DuplicateKey(key.to_owned()));
            continue;
        }
        match (key, value) {
            ("type", _) => variable_type = Some(parse_type(value, dialect, &mut problems)),
            ("required", "true") => required = true,
            ("required", "false") => required = false,
            ("required", _) => problems.push(DeclarationProblem::BadRequired(value.to_owned())),
            _ => problems.push(DeclarationProblem::UnknownKey(key.to_owned())),
        }
    }
    match variable_type {
        Some(variable_type) if problems.is_empty() => Ok(Declaration { variable_type, required }),
        Some(_) => Err(DeclarationError { problems }),
        None => {
            problems.push(DeclarationProblem::NoType);
            Err(DeclarationError { problems })
        }
    }
}

/// Splits at the first `:` only, as the service does.
fn key_value(attribute: &str) -> Result<(&str, &str), DeclarationProblem> {
    if attribute.is_empty() {
        return Err(DeclarationProblem::EmptyAttribute);
    }
    match attribute.split_once(':').map(|(key, value)| (key.trim(), value.trim())) {
        Some((key, value)) if !key.is_empty() && !value.is_empty() => Ok((key, value)),
        _ => Err(DeclarationProblem::NotKeyValue(attribute.to_owned())),
    }
}

/// The type that a text names. After a problem any type will do: the declaration is refused as a whole.
fn parse_type(text: &str, dialect: Dialect, problems: &mut Vec<DeclarationProblem>) -> VariableType {
    match text {
        "string" => return VariableType::String,
        "integer" => return VariableType::Integer,
        "int" if dialect == Dialect::Schema => return VariableType::Integer,
        "boolean" => return VariableType::Boolean,
        "secret_id" => return VariableType::SecretId,
        _ => {}
    }
    if !text.starts_with("enum") {
        problems.push(DeclarationProblem::UnknownType(text.to_owned()));
        return VariableType::String;
    }
    let Some(inner) = text.strip_prefix("enum[").and_then(|rest| rest.strip_suffix(']')) else {
        problems.push(DeclarationProblem::MalformedEnum(text.to_owned()));
        return VariableType::String;
    };
    let options: Vec<String> = inner.split('|').map(str::to_owned).collect();
    problems.extend(option_problems(&options));
    VariableType::Enum(options)
}

fn option_problems(options: &[String]) -> Vec<DeclarationProblem> {
    let mut problems = Vec::new();
    if options.len() < 2 {
        problems.push(DeclarationProblem::TooFewOptions);
    }
    let mut seen = BTreeSet::new();
    for option in options {
        if option.is_empty() {
            problems.push(DeclarationProblem::EmptyOption);
        } else if option.trim() != option || option.chars().any(|c| c.is_control() || "|,]".contains(c)) {
            problems.push(DeclarationProblem::BadOption(option.clone()));
        } else if !seen.insert(option) {
            problems.push(DeclarationProblem::DuplicateOption(option.clone()));
        }
    }
    problems
}

#[cfg(test)]
pub(crate) mod tests;
