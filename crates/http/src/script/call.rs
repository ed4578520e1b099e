//! Which call is meant.

use std::fmt;

use reqwest::Method;

use crate::WireRequest;

/// A pattern for calls: a method, the end of a path, an operation. What is not said fits all.
#[derive(Debug, Clone, Default)]
pub struct Call {
    method: Option<Method>,
    path_end: Option<String>,
    operation: Option<String>,
}

impl Call {
    /// Any call.
    pub fn any() -> Self {
        Self::default()
    }

    /// A call of this method whose path ends so. If `path_end` holds a `?`, the query counts too.
    pub fn new(method: Method, path_end: &str) -> Self {
        Self { method: Some(method), path_end: Some(path_end.to_owned()), operation: None }
    }

    /// A GET whose path ends so.
    pub fn get(path_end: &str) -> Self {
        Self::new(Method::GET, path_end)
    }

    /// A POST whose path ends so.
    pub fn post(path_end: &str) -> Self {
        Self::new(Method::POST, path_end)
    }

    /// A PUT whose path ends so.
    pub fn put(path_end: &str) -> Self {
        Self::new(Method::PUT, path_end)
    }

    /// A PATCH whose path ends so.
    pub fn patch(path_end: &str) -> Self {
        Self::new(Method::PATCH, path_end)
    }

    /// A DELETE whose path ends so.
    pub fn delete(path_end: &str) -> Self {
        Self::new(Method::DELETE, path_end)
    }

    /// Only calls of this operation.
    pub fn operation(mut self, operation: &str) -> Self {
        self.operation = Some(operation.to_owned());
        self
    }

    pub(super) fn fits(&self, request: &WireRequest) -> bool {
        let path = |end: &String| {
            let url = request.url();
            match url.query().filter(|_| end.contains('?')) {
                Some(query) => format!("{}?{query}", url.path()).ends_with(end.as_str()),
                None => url.path().ends_with(end.as_str()),
            }
        };
        self.method.as_ref().is_none_or(|method| method == request.method())
            && self.path_end.as_ref().is_none_or(path)
            && self.operation.as_ref().is_none_or(|operation| operation == request.operation())
    }
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let method = self.method.as_ref().map_or("any method", Method::as_str);
        write!(f, "{method} ...{}", self.path_end.as_deref().unwrap_or_default())?;
        match &self.operation {
            Some(operation) => write!(f, " (operation `{operation}`)"),
            None => Ok(()),
        }
    }
}
