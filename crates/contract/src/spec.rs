//! What a derive says about one input or output: the source of `job_config.json`, of `docs` and of the checks.

/// The type of an input or output, as Secrets Manager knows it (PROTOCOL 1.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TypeSpec {
    /// `type:string`
    String,
    /// `type:integer`
    Integer,
    /// `type:boolean`
    Boolean,
    /// `type:secret_id`: the id of a secret that the job reads.
    SecretId,
    /// `type:enum[a|b]`: one of these options, at least two.
    Enum(&'static [&'static str]),
}

/// One input or output of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FieldSpec {
    /// The name without prefix, in upper case: `COMMON_NAME` of `SMIN_COMMON_NAME`.
    pub name: &'static str,
    /// The declared type.
    pub ty: TypeSpec,
    /// Whether a value must be there.
    pub required: bool,
    /// One line for `docs`; empty if the field has no doc comment.
    pub description: &'static str,
    /// What `docs` shows as the value of an input that is not set.
    pub default: Option<&'static str>,
    /// The smallest integer that is accepted.
    pub min: Option<i64>,
    /// The largest integer that is accepted.
    pub max: Option<i64>,
    /// The smallest number of characters that is accepted.
    pub min_length: Option<usize>,
    /// The largest number of characters that is accepted.
    pub max_length: Option<usize>,
    /// The pattern that the whole text must match, in the small language of `#[param(pattern = "...")]`.
    pub pattern: Option<&'static str>,
}

impl FieldSpec {
    /// A field of this name, type and `required` flag, without description, default and limits.
    pub const fn new(name: &'static str, ty: TypeSpec, required: bool) -> Self {
        Self {
            name,
            ty,
            required,
            description: "",
            default: None,
            min: None,
            max: None,
            min_length: None,
            max_length: None,
            pattern: None,
        }
    }

    /// The variable that Secrets Manager sets for this input: `SM_COMMON_NAME_VALUE` (PROTOCOL 1.4).
    pub fn value_variable(&self) -> String {
        format!("SM_{}_VALUE", self.name)
    }

    /// The name in the service's schema and in the payload: `common_name` (PROTOCOL 1.3).
    pub fn schema_name(&self) -> String {
        self.name.to_ascii_lowercase()
    }
}
