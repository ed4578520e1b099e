//! JSON objects, and nothing else: serde also takes a list of a struct's values in their order, so that `["sm-task-…","failed"]`
//! would pass for a task.

use std::fmt;
use std::marker::PhantomData;

use credjob_http::{HttpError, Response};
use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeOwned, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// The body as a JSON object of a known shape.
///
/// # Errors
/// [`HttpError::BadBody`] if it is not JSON, no object, or has another shape.
pub(crate) fn body<T: DeserializeOwned>(response: &Response) -> Result<T, HttpError> {
    response.json_as().map(|Object(body)| body)
}

/// A list of objects, for `#[serde(deserialize_with)]`.
pub(crate) fn list<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
    let objects: Vec<Object<T>> = Vec::deserialize(deserializer)?;
    Ok(objects.into_iter().map(|Object(item)| item).collect())
}

struct Object<T>(T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ObjectVisitor(PhantomData))
    }
}

struct ObjectVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ObjectVisitor<T> {
    type Value = Object<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Object<T>, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(Object)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{TaskBody, TasksBody};

    #[test]
    fn an_object_is_read() {
        let task: TaskBody = body(&Response::new(200, r#"{"id":"a","status":"failed"}"#)).unwrap();
        assert_eq!((task.id.as_str(), task.status.as_str()), ("a", "failed"));
    }

    #[test]
    fn a_list_of_values_is_no_object() {
        assert!(body::<TaskBody>(&Response::new(200, r#"["a","failed"]"#)).is_err());
    }

    #[test]
    fn a_list_of_values_is_no_object_in_a_list_either() {
        assert!(body::<TasksBody>(&Response::new(200, r#"{"tasks":[["a","failed"]]}"#)).is_err());
        assert_eq!(body::<TasksBody>(&Response::new(200, r#"{"tasks":[]}"#)).map_or(1, |body| body.tasks.len()), 0);
    }
}
