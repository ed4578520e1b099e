//! Reading the fields of a request body: present, of the right type, within the limits, or a 400.

use std::ops::RangeInclusive;

use serde_json::{Map, Value};

use crate::errors::ServiceError;

/// A JSON object.
pub(crate) type Object = Map<String, Value>;

/// The fields of a JSON object of a request. `null` counts as absent.
#[derive(Clone, Copy)]
pub(crate) struct Fields<'a>(pub(crate) &'a Object);

impl<'a> Fields<'a> {
    fn present(self, key: &str) -> Option<&'a Value> {
        self.0.get(key).filter(|value| !value.is_null())
    }

    pub(crate) fn has(self, key: &str) -> bool {
        self.present(key).is_some()
    }

    /// Any value that must be there.
    pub(crate) fn required(self, key: &str) -> Result<&'a Value, ServiceError> {
        self.present(key).ok_or_else(|| ServiceError::missing(key))
    }

    /// A text whose number of characters is within the range.
    pub(crate) fn text(self, key: &str, length: RangeInclusive<usize>) -> Result<Option<&'a str>, ServiceError> {
        let Some(value) = self.present(key) else { return Ok(None) };
        let text = value.as_str().ok_or_else(|| ServiceError::invalid(key, "must be a string"))?;
        if length.contains(&text.chars().count()) {
            return Ok(Some(text));
        }
        Err(ServiceError::invalid(key, format_args!("must have {} to {} characters", length.start(), length.end())))
    }

    pub(crate) fn required_text(self, key: &str, length: RangeInclusive<usize>) -> Result<&'a str, ServiceError> {
        self.text(key, length)?.ok_or_else(|| ServiceError::missing(key))
    }

    pub(crate) fn flag(self, key: &str) -> Result<Option<bool>, ServiceError> {
        let Some(value) = self.present(key) else { return Ok(None) };
        value.as_bool().map(Some).ok_or_else(|| ServiceError::invalid(key, "must be true or false"))
    }

    pub(crate) fn number(self, key: &str) -> Result<Option<u64>, ServiceError> {
        let Some(value) = self.present(key) else { return Ok(None) };
        value.as_u64().map(Some).ok_or_else(|| ServiceError::invalid(key, "must be a whole number"))
    }

    pub(crate) fn object(self, key: &str) -> Result<Option<&'a Object>, ServiceError> {
        let Some(value) = self.present(key) else { return Ok(None) };
        value.as_object().map(Some).ok_or_else(|| ServiceError::invalid(key, "must be an object"))
    }

    /// An object whose JSON text is not longer than the limit.
    pub(crate) fn small_object(self, key: &str, bytes: usize) -> Result<Option<&'a Object>, ServiceError> {
        let object = self.object(key)?;
        if object.is_some_and(|object| serde_json::to_string(object).map_or(0, |text| text.len()) > bytes) {
            return Err(ServiceError::invalid(key, format_args!("must not be longer than {bytes} bytes")));
        }
        Ok(object)
    }

    pub(crate) fn array(self, key: &str, items: RangeInclusive<usize>) -> Result<Option<&'a Vec<Value>>, ServiceError> {
        let Some(value) = self.present(key) else { return Ok(None) };
        let array = value.as_array().ok_or_else(|| ServiceError::invalid(key, "must be an array"))?;
        if items.contains(&array.len()) {
            return Ok(Some(array));
        }
        Err(ServiceError::invalid(key, format_args!("must have {} to {} items", items.start(), items.end())))
    }

    /// An array of texts, all within the range of lengths.
    pub(crate) fn texts(
        self,
        key: &str,
        items: RangeInclusive<usize>,
        length: RangeInclusive<usize>,
    ) -> Result<Option<Vec<String>>, ServiceError> {
        let Some(array) = self.array(key, items)? else { return Ok(None) };
        let text =
            |value: &Value| value.as_str().filter(|text| length.contains(&text.chars().count())).map(str::to_owned);
        let texts: Option<Vec<String>> = array.iter().map(text).collect();
        texts.map(Some).ok_or_else(|| {
            ServiceError::invalid(
                key,
                format_args!("must hold strings of {} to {} characters", length.start(), length.end()),
            )
        })
    }
}
