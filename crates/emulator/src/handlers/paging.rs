//! Lists with pages (PROTOCOL 5.2).

use serde_json::{Value, json};

use crate::ask::Ask;
use crate::errors::ServiceError;

/// What `limit` and `offset` may be.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    pub(super) default: usize,
    pub(super) max: usize,
    pub(super) max_offset: usize,
}

impl Limits {
    /// Those of secrets and configurations (PROTOCOL 4.3).
    pub(super) const DEFAULT: Self = Self { default: 200, max: 1000, max_offset: 10_000_000 };
}

/// One page of a list, under its items key, with links to the others.
pub(super) fn page(ask: &Ask, url: &str, path: &str, key: &str, items: Vec<Value>) -> Result<Value, ServiceError> {
    page_within(Limits::DEFAULT, ask, url, path, key, items)
}

/// A page of a list with limits of its own.
pub(super) fn page_within(
    limits: Limits,
    ask: &Ask,
    url: &str,
    path: &str,
    key: &str,
    items: Vec<Value>,
) -> Result<Value, ServiceError> {
    let limit = number(ask, "limit", 1, limits.max)?.unwrap_or(limits.default);
    let offset = number(ask, "offset", 0, limits.max_offset)?.unwrap_or(0);
    let total = items.len();
    let link = |offset: usize| json!({ "href": href(ask, url, path, limit, offset) });
    let last = total.saturating_sub(1) / limit * limit;
    let mut page = json!({
        "total_count": total,
        "limit": limit,
        "offset": offset,
        "first": { "href": href(ask, url, path, limit, 0) },
        "last": link(last),
    });
    if offset + limit < total {
        page["next"] = link(offset + limit);
    }
    if offset > 0 {
        page["previous"] = link(offset.saturating_sub(limit));
    }
    page[key] = items.into_iter().skip(offset).take(limit).collect();
    Ok(page)
}

/// Splits `-name` into the key and whether the order is descending.
pub(super) fn sort_key<'a>(ask: &'a Ask, allowed: &[&str]) -> Result<Option<(&'a str, bool)>, ServiceError> {
    let Some(sort) = ask.query("sort") else { return Ok(None) };
    let (key, descending) = sort.strip_prefix('-').map_or((sort, false), |key| (key, true));
    if allowed.contains(&key) {
        return Ok(Some((key, descending)));
    }
    Err(ServiceError::invalid(
        "sort",
        format_args!("must be one of {}, with or without a leading dash", allowed.join(", ")),
    ))
}

/// Sorts JSON objects by a text field.
pub(super) fn sort_by(items: &mut [Value], key: &str, descending: bool) {
    items.sort_by(|left, right| {
        let order = left[key].as_str().cmp(&right[key].as_str());
        if descending { order.reverse() } else { order }
    });
}

/// The items of a comma-separated query parameter.
pub(super) fn listed<'a>(ask: &'a Ask, name: &str) -> Option<Vec<&'a str>> {
    ask.query(name).map(|list| list.split(',').map(str::trim).collect())
}

/// `search`: 2 to 128 characters, matched without regard to case.
pub(super) fn search(ask: &Ask) -> Result<Option<String>, ServiceError> {
    let Some(search) = ask.query("search") else { return Ok(None) };
    if (2..=128).contains(&search.chars().count()) {
        return Ok(Some(search.to_lowercase()));
    }
    Err(ServiceError::invalid("search", "must have 2 to 128 characters"))
}

fn number(ask: &Ask, name: &str, min: usize, max: usize) -> Result<Option<usize>, ServiceError> {
    let Some(text) = ask.query(name) else { return Ok(None) };
    let number = text.parse().ok().filter(|number| (min..=max).contains(number));
    number.map(Some).ok_or_else(|| ServiceError::invalid(name, format_args!("must be a number from {min} to {max}")))
}

fn href(ask: &Ask, url: &str, path: &str, limit: usize, offset: usize) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    let mut others: Vec<_> =
        ask.queries().iter().filter(|(name, _)| !matches!(name.as_str(), "limit" | "offset")).collect();
    others.sort();
    query.extend_pairs(others);
    query.append_pair("offset", &offset.to_string());
    query.append_pair("limit", &limit.to_string());
    format!("{url}{path}?{}", query.finish())
}
