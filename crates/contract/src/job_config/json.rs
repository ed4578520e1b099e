//! The JSON of `job_config.json`, read into a tree that keeps duplicate keys: `serde_json` alone would drop the first
//! one silently.

use std::collections::BTreeSet;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use super::ConfigProblem;
use super::check::Entry;
use crate::declaration::Declaration;

/// The key of the array.
const VARIABLES: &str = "job_env_variables";

/// Reads every entry. What is wrong with single entries is returned beside them.
///
/// Fails if there are no entries to speak of: the text is no JSON, or has no array.
pub(super) fn variables(json: &str) -> Result<(Vec<Entry>, Vec<ConfigProblem>), Vec<ConfigProblem>> {
    let one = |what: String| vec![ConfigProblem::file(what)];
    let tree: Node = serde_json::from_str(json).map_err(|error| one(format!("the file is not valid JSON: {error}")))?;
    let Node::Object(file) = tree else {
        return Err(one("the file is not a JSON object".to_owned()));
    };
    let mut problems: Vec<_> = duplicate_keys(&file).map(ConfigProblem::file).collect();
    let Some((_, Node::Array(items))) = file.iter().find(|(key, _)| key == VARIABLES) else {
        problems.push(ConfigProblem::file(format!("`{VARIABLES}` is missing or not an array")));
        return Err(problems);
    };
    if items.is_empty() {
        problems.push(ConfigProblem::file(format!("`{VARIABLES}` is empty")));
    }
    let entries = items.iter().enumerate().filter_map(|(at, item)| entry(at, item, &mut problems)).collect();
    Ok((entries, problems))
}

fn entry(at: usize, item: &Node, problems: &mut Vec<ConfigProblem>) -> Option<Entry> {
    let place = format!("{VARIABLES}[{at}]");
    let Node::Object(fields) = item else {
        problems.push(ConfigProblem::of(place, "is not an object with `name` and `value`"));
        return None;
    };
    let name = text(fields, "name").filter(|name| !name.is_empty());
    let place = name.map_or(place, str::to_owned);
    problems.extend(duplicate_keys(fields).map(|what| ConfigProblem::of(&place, what)));
    if name.is_none() {
        problems.push(ConfigProblem::of(&place, "`name` is missing, empty or not a string"));
    }
    let declaration = match text(fields, "value").map(str::parse::<Declaration>) {
        Some(Ok(declaration)) => Some(declaration),
        Some(Err(error)) => {
            problems.extend(error.problems.iter().map(|problem| ConfigProblem::of(&place, problem.to_string())));
            None
        }
        None => {
            problems.push(ConfigProblem::of(&place, "`value` is missing or not a string"));
            None
        }
    };
    name.map(|name| Entry { full_name: name.to_owned(), declaration })
}

fn text<'a>(fields: &'a [(String, Node)], key: &str) -> Option<&'a str> {
    fields.iter().find_map(|(found, node)| match node {
        Node::Text(text) if found == key => Some(text.as_str()),
        _ => None,
    })
}

fn duplicate_keys(fields: &[(String, Node)]) -> impl Iterator<Item = String> {
    let (mut seen, mut said) = (BTreeSet::new(), BTreeSet::new());
    fields
        .iter()
        .filter(move |(key, _)| !seen.insert(key) && said.insert(key))
        .map(|(key, _)| format!("key `{key}` is given twice"))
}

/// As much of JSON as this file uses.
enum Node {
    Object(Vec<(String, Node)>),
    Array(Vec<Node>),
    Text(String),
    Other,
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NodeVisitor)
    }
}

struct NodeVisitor;

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node, A::Error> {
        let mut fields = Vec::new();
        while let Some(field) = map.next_entry()? {
            fields.push(field);
        }
        Ok(Node::Object(fields))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Node, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(Node::Array(items))
    }

    fn visit_str<E>(self, text: &str) -> Result<Node, E> {
        Ok(Node::Text(text.to_owned()))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Node, E> {
        Ok(Node::Other)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Node, E> {
        Ok(Node::Other)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Node, E> {
        Ok(Node::Other)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Node, E> {
        Ok(Node::Other)
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Other)
    }
}
