//! `min`, `max`, `min_length`, `max_length` and `pattern` of an input.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Expr, ExprLit, ExprUnary, Lit, LitStr, Type, UnOp};

use crate::attr::Entry;
use crate::errors::Errors;
use crate::kind::Kind;
use crate::pattern::Pattern;

/// The keys of `#[param(...)]` that are limits.
pub(crate) const KEYS: [&str; 5] = ["min", "max", "min_length", "max_length", "pattern"];

/// The limits of one field.
#[derive(Default)]
pub(crate) struct Limits {
    pub(crate) min: Option<Bound>,
    pub(crate) max: Option<Bound>,
    pub(crate) min_length: Option<Bound>,
    pub(crate) max_length: Option<Bound>,
    pub(crate) pattern: Option<(LitStr, Pattern)>,
}

/// A number, known now if it is a literal.
pub(crate) struct Bound {
    pub(crate) expr: Expr,
    pub(crate) known: Option<i128>,
}

impl Limits {
    /// Takes one limit, if the field's kind can have it.
    pub(crate) fn add(&mut self, entry: Entry, kind: Kind, errors: &mut Errors) {
        let key = entry.key.to_string();
        let (right_kind, kinds) = match key.as_str() {
            "min" | "max" => (Kind::Integer, "integers (`i64`, `u32`, ...)"),
            _ => (Kind::String, "`String`"),
        };
        if kind != right_kind {
            return errors.at(&entry.key, format!("`{key}` is for {kinds}, which this field is not"));
        }
        match key.as_str() {
            "min" => self.min = bound(entry, i128::from(i64::MIN), errors),
            "max" => self.max = bound(entry, i128::from(i64::MIN), errors),
            "min_length" => self.min_length = bound(entry, 0, errors),
            "max_length" => self.max_length = bound(entry, 0, errors),
            _ => self.pattern = pattern(entry, errors),
        }
    }

    /// Reports ranges that nothing can be in.
    pub(crate) fn check(&self, errors: &mut Errors) {
        for (low, high, what) in [
            (&self.min, &self.max, "`max` is below `min`"),
            (&self.min_length, &self.max_length, "`max_length` is below `min_length`"),
        ] {
            if let (Some(low), Some(high)) = (low, high)
                && let (Some(low), Some(known)) = (low.known, high.known)
                && known < low
            {
                errors.at(&high.expr, what);
            }
        }
    }

    /// The fields of a `FieldSpec`, for a field of this type.
    pub(crate) fn tokens(&self, ty: &Type) -> TokenStream {
        let [min, max] = self.range(ty);
        let [min_length, max_length] =
            [&self.min_length, &self.max_length].map(|bound| option(bound.as_ref().map(|bound| &bound.expr)));
        let pattern = option(self.pattern.as_ref().map(|(pattern, _)| pattern));
        quote!(min: #min, max: #max, min_length: #min_length, max_length: #max_length, pattern: #pattern)
    }

    /// `min` and `max` as expressions of type `Option<i64>`.
    pub(crate) fn range(&self, ty: &Type) -> [TokenStream; 2] {
        [&self.min, &self.max].map(|bound| option(bound.as_ref().map(|bound| number(&bound.expr, ty))))
    }
}

/// A constant expression of the field's type as an `i64`.
pub(crate) fn number(expr: &Expr, ty: &Type) -> TokenStream {
    quote!({
        const NUMBER: #ty = #expr;
        NUMBER as i64
    })
}

/// `Some(tokens)` or `None`, in code.
pub(crate) fn option(tokens: Option<impl quote::ToTokens>) -> TokenStream {
    let some = tokens.map(|tokens| quote!(::core::option::Option::Some(#tokens)));
    some.unwrap_or_else(|| quote!(::core::option::Option::None))
}

fn bound(entry: Entry, least: i128, errors: &mut Errors) -> Option<Bound> {
    let expr = entry.value(errors)?;
    let known = integer(&expr);
    match (known, &expr) {
        (Some(number), _) if number < least || number > i128::from(i64::MAX) => {
            errors.at(&expr, format!("must be from {least} to {}", i64::MAX));
        }
        (None, Expr::Lit(_)) => errors.at(&expr, "must be an integer"),
        _ => return Some(Bound { expr, known }),
    }
    None
}

fn pattern(entry: Entry, errors: &mut Errors) -> Option<(LitStr, Pattern)> {
    let text = entry.text(errors)?;
    match Pattern::parse(&text.value()) {
        Ok(pattern) => Some((text, pattern)),
        Err(what) => {
            errors.at(text, what);
            None
        }
    }
}

/// The number that an integer literal stands for, with or without a sign.
pub(crate) fn integer(expr: &Expr) -> Option<i128> {
    match expr {
        Expr::Lit(ExprLit { lit: Lit::Int(number), .. }) => number.base10_parse().ok(),
        Expr::Unary(ExprUnary { op: UnOp::Neg(_), expr, .. }) => integer(expr).map(|number| -number),
        _ => None,
    }
}
