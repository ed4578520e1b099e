//! The schema of a configuration: what a job declared when the configuration was created (PROTOCOL 1.3, 1.5, 4.7).

use credjob_contract::{Declaration, VariableType};
use serde_json::{Value, json};

use crate::errors::ServiceError;
use crate::fields::Object;
use crate::patterns::is_uuid;

/// Longest string of a payload (PROTOCOL 1.5).
const MAX_STRING: usize = 100_000;
/// Largest payload as JSON text (PROTOCOL 1.5, recommended).
const MAX_PAYLOAD: usize = 1_000_000;

/// Inputs and outputs of a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Schema {
    parameters: Vec<Field>,
    credentials: Vec<Field>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Field {
    name: String,
    /// The text of the declaration, as the job wrote it.
    format: String,
    declaration: Declaration,
    value_variable: String,
}

impl Schema {
    /// Reads job-level variables `SMIN_…` and `SMOUT_…` with their declaration texts; other variables are not looked at.
    ///
    /// # Errors
    ///
    /// A text for the first declaration that cannot be read.
    pub(crate) fn read(variables: &[(String, String)]) -> Result<Self, String> {
        let fields = |prefix: &str| {
            let declared = variables.iter().filter_map(|(name, value)| Some((name.strip_prefix(prefix)?, value)));
            declared.map(|(name, value)| Field::read(name, value)).collect::<Result<_, _>>()
        };
        Ok(Self { parameters: fields("SMIN_")?, credentials: fields("SMOUT_")? })
    }

    /// The `schema` object of a configuration.
    pub(crate) fn to_json(&self) -> Value {
        let parameter = |field: &Field| json!({ "name": field.name, "format": field.format, "env_variable_name": field.value_variable });
        let credential = |field: &Field| json!({ "name": field.name, "format": field.format });
        json!({
            "parameters": self.parameters.iter().map(parameter).collect::<Vec<_>>(),
            "credentials": self.credentials.iter().map(credential).collect::<Vec<_>>(),
        })
    }

    /// Checks the `parameters` of a secret: declared keys of the right types, and every required one.
    pub(crate) fn check_parameters(&self, parameters: &Object) -> Result<(), ServiceError> {
        for (key, value) in parameters {
            let property = format!("parameters.{key}");
            let field = find(&self.parameters, key)
                .ok_or_else(|| ServiceError::invalid(&property, "is not declared by the configuration"))?;
            field.check(&property, value)?;
        }
        missing(&self.parameters, parameters)
            .map_or(Ok(()), |name| Err(ServiceError::missing(&format!("parameters.{name}"))))
    }

    /// Checks the payload of a task update.
    pub(crate) fn check_payload(&self, payload: &Object) -> Result<(), ServiceError> {
        for (key, value) in payload {
            let property = format!("credentials.payload.{key}");
            let field = find(&self.credentials, key)
                .ok_or_else(|| ServiceError::invalid(&property, "is not declared by the configuration"))?;
            field.check(&property, value)?;
            if value.as_str().is_some_and(|text| text.chars().count() > MAX_STRING) {
                return Err(ServiceError::invalid(
                    &property,
                    format_args!("must not have more than {MAX_STRING} characters"),
                ));
            }
            if field.declaration.required && value.as_str() == Some("") {
                return Err(ServiceError::invalid(&property, "must not be empty"));
            }
        }
        if let Some(name) = missing(&self.credentials, payload) {
            return Err(ServiceError::missing(&format!("credentials.payload.{name}")));
        }
        if serde_json::to_string(payload).map_or(0, |text| text.len()) > MAX_PAYLOAD {
            return Err(ServiceError::invalid(
                "credentials.payload",
                format_args!("must not be longer than {MAX_PAYLOAD} bytes"),
            ));
        }
        Ok(())
    }

    /// The value variables of a job run: those of the parameters that have a value, rendered as text.
    pub(crate) fn value_variables(&self, parameters: &Object) -> Vec<(String, String)> {
        let render = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let variable = |field: &Field| Some((field.value_variable.clone(), render(parameters.get(&field.name)?)));
        self.parameters.iter().filter_map(variable).collect()
    }
}

impl Field {
    fn read(name: &str, format: &str) -> Result<Self, String> {
        Ok(Self {
            name: name.to_ascii_lowercase(),
            format: format.to_owned(),
            declaration: format.parse().map_err(|error| format!("{name}: {error}"))?,
            value_variable: format!("SM_{name}_VALUE"),
        })
    }

    fn check(&self, property: &str, value: &Value) -> Result<(), ServiceError> {
        let (fits, what) = match &self.declaration.variable_type {
            VariableType::String => (value.is_string(), "must be a string".to_owned()),
            VariableType::Integer => (value.is_i64() || value.is_u64(), "must be an integer".to_owned()),
            VariableType::Boolean => (value.is_boolean(), "must be true or false".to_owned()),
            VariableType::SecretId => (value.as_str().is_some_and(is_uuid), "must be the id of a secret".to_owned()),
            VariableType::Enum(options) => {
                let known = value.as_str().is_some_and(|text| options.iter().any(|option| option == text));
                (known, format!("must be one of {}", options.join(", ")))
            }
        };
        if fits { Ok(()) } else { Err(ServiceError::invalid(property, what)) }
    }
}

fn find<'a>(fields: &'a [Field], name: &str) -> Option<&'a Field> {
    fields.iter().find(|field| field.name == name)
}

/// The first required field without a value.
fn missing<'a>(fields: &'a [Field], values: &Object) -> Option<&'a str> {
    let absent = |field: &&Field| field.declaration.required && !values.contains_key(&field.name);
    fields.iter().find(absent).map(|field| field.name.as_str())
}

#[cfg(test)]
#[path = "schema/tests.rs"]
mod tests;
