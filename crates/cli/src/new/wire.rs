//! The outputs on the wire of the stand-in: what it answers, and how `src/api.rs` reads that.

use std::fmt::Write as _;

use credjob_contract::VariableType;

use super::idents::NameAttribute;
use super::types::Typed;

/// The id that a sample output of the type `secret_id` holds.
const SAMPLE_ID: &str = "0f2c3b4a-5d6e-4f70-8a91-b2c3d4e5f607";

/// The fields of the struct that the answer is read into. Options and ids come as texts.
pub(crate) fn fields(outputs: &[&Typed]) -> String {
    outputs.iter().fold(String::new(), |mut fields, output| {
        if output.field.attribute == NameAttribute::Needed {
            let _ = writeln!(fields, "    #[serde(rename = {:?})]", output.variable.schema_name());
        }
        let ty = if is_parsed(output) { "String" } else { &output.ty };
        let ty = if output.variable.declaration.required { ty.to_owned() } else { format!("Option<{ty}>") };
        let _ = writeln!(fields, "    {}: {ty},", output.field.ident);
        fields
    })
}

/// The fields of the `Credentials`, made from that struct.
pub(crate) fn values(outputs: &[&Typed], prefix: &str) -> String {
    outputs.iter().fold(String::new(), |mut values, output| {
        let ident = &output.field.ident;
        let bad = format!("{prefix}Failure::BadAnswer({:?}.into())", format!("`{}`", output.variable.schema_name()));
        let read = match output.variable.declaration.variable_type {
            VariableType::Enum(_) => Some(format!("{}::from_option(&text).ok_or_else(|| {bad})?", output.ty)),
            VariableType::SecretId => Some(format!("text.parse().map_err(|_| {bad})?")),
            _ => None,
        };
        let value = match read {
            None => format!("self.{ident}"),
            Some(read) if output.variable.declaration.required => {
                format!("{{ let text = self.{ident}; {read} }}")
            }
            Some(read) => format!("match self.{ident} {{ Some(text) => Some({read}), None => None }}"),
        };
        let _ = writeln!(values, "            {ident}: {value},");
        values
    })
}

/// What the stand-in hands out: lines of a `json!` object. Texts are random: they tell one credential from another, and share no part with what the log shows.
pub(crate) fn samples(outputs: &[&Typed]) -> String {
    outputs.iter().fold(String::new(), |mut samples, output| {
        let name = output.variable.schema_name();
        let value = match &output.variable.declaration.variable_type {
            VariableType::String => format!("canary({:?})", name.replace('_', "-")),
            VariableType::Integer => "1".to_owned(),
            VariableType::Boolean => "true".to_owned(),
            VariableType::SecretId => format!("{SAMPLE_ID:?}"),
            VariableType::Enum(options) => format!("{:?}", options.first().map_or("", String::as_str)),
        };
        let _ = writeln!(samples, "        {name:?}: {value},");
        samples
    })
}

fn is_parsed(output: &Typed) -> bool {
    matches!(output.variable.declaration.variable_type, VariableType::Enum(_) | VariableType::SecretId)
}
