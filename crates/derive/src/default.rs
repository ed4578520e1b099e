//! `#[param(default = ...)]`: the value of an input that is not set, and its text in `docs`.

use std::cmp::Ordering;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Expr, ExprLit, ExprUnary, Lit, Type, UnOp};

use crate::errors::Errors;
use crate::kind::Kind;
use crate::limits::{Limits, integer, number, option};
use crate::paths::private;

/// A default, as written.
pub(crate) struct DefaultValue<'a> {
    pub(crate) expr: Expr,
    pub(crate) kind: Kind,
    pub(crate) ty: &'a Type,
}

impl DefaultValue<'_> {
    /// Reports a literal of the wrong kind or one that breaks the field's own limits.
    pub(crate) fn check(&self, limits: &Limits, errors: &mut Errors) {
        let expected = match (self.kind, literal(&self.expr)) {
            (Kind::String, Some(found)) if !matches!(found, Lit::Str(_)) => Some("a text in quotes"),
            (Kind::Integer, Some(found)) if !matches!(found, Lit::Int(_)) => Some("an integer"),
            (Kind::Boolean, Some(found)) if !matches!(found, Lit::Bool(_)) => Some("`true` or `false`"),
            _ => None,
        };
        if let Some(expected) = expected {
            return errors.at(&self.expr, format!("the default of this field must be {expected}"));
        }
        let text = self.text();
        let number = integer(&self.expr);
        let length = text.as_ref().and_then(|text| i128::try_from(text.chars().count()).ok());
        for (value, bound, wrong, what) in [
            (number, &limits.min, Ordering::Less, "is below `min`"),
            (number, &limits.max, Ordering::Greater, "is above `max`"),
            (length, &limits.min_length, Ordering::Less, "is shorter than `min_length`"),
            (length, &limits.max_length, Ordering::Greater, "is longer than `max_length`"),
        ] {
            if let (Some(value), Some(bound)) = (value, bound.as_ref().and_then(|bound| bound.known))
                && value.cmp(&bound) == wrong
            {
                errors.at(&self.expr, format!("the default {what}, which is {bound}"));
            }
        }
        if let (Some(text), Some((pattern, parsed))) = (text, &limits.pattern)
            && !parsed.matches(&text)
        {
            errors.at(&self.expr, format!("the default does not match `pattern`, which is {}", pattern.value()));
        }
    }

    /// A call of the reader that takes this default if the input is not set.
    pub(crate) fn read(&self, spec: &TokenStream, input: &TokenStream) -> TokenStream {
        let expr = &self.expr;
        match (self.kind, self.text()) {
            (Kind::String, _) => quote!(reader.or_default(#spec, #input, || ::std::string::String::from(#expr))),
            (_, Some(text)) => quote!(reader.or_text(#spec, #input, #text)),
            _ => quote!(reader.or_default(#spec, #input, || #expr)),
        }
    }

    /// An expression of type `Option<&'static str>`: what `docs` shows.
    pub(crate) fn shown(&self) -> TokenStream {
        let Self { expr, ty, kind } = self;
        let private = private();
        let written = || expr.to_token_stream().to_string().replace(' ', "");
        let shown = match (kind, literal(expr), expr) {
            (Kind::String, ..) => quote!(#expr),
            (_, Some(Lit::Str(text)), _) => quote!(#text),
            (_, Some(_), _) => integer(expr).map_or_else(written, |number| number.to_string()).into_token_stream(),
            (Kind::Integer, ..) => {
                let number = number(expr, ty);
                quote!({
                    const TEXT: &#private::IntegerText = &#private::IntegerText::new(#number);
                    TEXT.as_str()
                })
            }
            (Kind::Boolean, ..) => quote!(if #expr { "true" } else { "false" }),
            (_, None, Expr::Path(path)) => {
                let variant = path.path.segments.last().map(|segment| segment.ident.to_string());
                let written = written();
                quote!(#private::variant_text(#private::Probe::<#ty>::TYPE, #private::Probe::<#ty>::VARIANTS, #variant, #written))
            }
            _ => written().into_token_stream(),
        };
        option(Some(shown))
    }

    /// What only the compiler can check: constants against limits, and a text against the options of an enum.
    pub(crate) fn assertions(&self, limits: &Limits) -> TokenStream {
        let Self { expr, ty, kind } = self;
        let private = private();
        if let (Kind::Other, Some(text)) = (kind, self.text()) {
            let right = quote!(#private::has_option(#private::Probe::<#ty>::TYPE, #text));
            return quote_spanned!(expr.span()=> const _: () = ::core::assert!(#right, "the default is no option of the enum"););
        }
        let bounds = [&limits.min, &limits.max].into_iter().flatten();
        if *kind != Kind::Integer || (integer(expr).is_some() && bounds.into_iter().all(|bound| bound.known.is_some()))
        {
            return TokenStream::new();
        }
        let (number, [min, max]) = (number(expr, ty), limits.range(ty));
        let right = quote!(#private::in_range(#number, #min, #max));
        quote_spanned!(expr.span()=> const _: () = ::core::assert!(#right, "the default is not within `min` and `max`");)
    }

    /// The default, if it is a text in quotes.
    fn text(&self) -> Option<String> {
        match literal(&self.expr) {
            Some(Lit::Str(text)) => Some(text.value()),
            _ => None,
        }
    }
}

/// The literal that an expression is, without its sign.
fn literal(expr: &Expr) -> Option<&Lit> {
    match expr {
        Expr::Lit(ExprLit { lit, .. }) => Some(lit),
        Expr::Unary(ExprUnary { op: UnOp::Neg(_), expr, .. }) => literal(expr),
        _ => None,
    }
}
