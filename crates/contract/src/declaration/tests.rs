use proptest::prelude::*;

use super::*;

fn parse(text: &str) -> Result<Declaration, DeclarationError> {
    text.parse()
}

fn problems(text: &str) -> Vec<DeclarationProblem> {
    parse(text).unwrap_err().problems
}

fn an_enum(options: &[&str]) -> VariableType {
    VariableType::Enum(options.iter().map(|&option| option.to_owned()).collect())
}

#[test]
fn every_simple_type_is_read() {
    for (text, variable_type) in [
        ("string", VariableType::String),
        ("integer", VariableType::Integer),
        ("boolean", VariableType::Boolean),
        ("secret_id", VariableType::SecretId),
    ] {
        let declaration = Declaration { variable_type, required: true };
        assert_eq!(parse(&format!("type:{text}, required:true")), Ok(declaration));
    }
}

#[test]
fn an_enum_is_a_list_of_options() {
    let declaration = Declaration { variable_type: an_enum(&["basic", "gold"]), required: false };
    assert_eq!(parse("type:enum[basic|gold], required:false"), Ok(declaration));
}

#[test]
fn an_option_may_hold_a_colon_or_an_inner_space() {
    assert_eq!(parse("type:enum[a:b|c d]").unwrap().variable_type, an_enum(&["a:b", "c d"]));
}

#[test]
fn order_and_spaces_are_free() {
    assert_eq!(parse(" required : true ,type:\tstring "), parse("type:string,required:true"));
}

#[test]
fn required_is_false_unless_stated() {
    assert!(!parse("type:string").unwrap().required);
}

#[test]
fn print_is_canonical() {
    let text = "required:false,type:enum[a|b]";
    assert_eq!(parse(text).unwrap().to_string(), "type:enum[a|b], required:false");
}

#[test]
fn an_empty_attribute_is_refused() {
    for text in ["type:string,", ",type:string", "type:string,,required:true"] {
        assert_eq!(problems(text), [DeclarationProblem::EmptyAttribute], "{text}");
    }
    assert_eq!(problems(""), [DeclarationProblem::EmptyAttribute, DeclarationProblem::NoType]);
}

#[test]
fn an_attribute_is_a_key_and_a_value() {
    for attribute in ["required", "required:", ":true", ":"] {
        let expected = [DeclarationProblem::NotKeyValue(attribute.to_owned())];
        assert_eq!(problems(&format!("type:string,{attribute}")), expected, "{attribute}");
    }
}

#[test]
fn the_type_must_be_there_and_known() {
    assert_eq!(problems("required:true"), [DeclarationProblem::NoType]);
    for name in ["int", "String", "number", "secret"] {
        assert_eq!(problems(&format!("type:{name}")), [DeclarationProblem::UnknownType(name.to_owned())]);
    }
}

#[test]
fn int_is_a_type_in_a_schema_only() {
    let lenient = Declaration::parse_lenient("type:int").unwrap();
    assert_eq!(lenient, Declaration { variable_type: VariableType::Integer, required: false });
    assert!(Declaration::parse_lenient("type:number").is_err());
}

#[test]
fn a_malformed_enum_is_refused() {
    for text in ["enum", "enum[", "enum]", "enum[a|b", "enuma|b]", "enum [a|b]", "enum[a|b]x"] {
        assert_eq!(problems(&format!("type:{text}")), [DeclarationProblem::MalformedEnum(text.to_owned())]);
    }
}

#[test]
fn an_enum_has_two_options() {
    assert_eq!(problems("type:enum[a]"), [DeclarationProblem::TooFewOptions]);
    assert_eq!(problems("type:enum[]"), [DeclarationProblem::TooFewOptions, DeclarationProblem::EmptyOption]);
}

#[test]
fn an_empty_option_is_refused() {
    for text in ["enum[|b]", "enum[a|]", "enum[a||b]"] {
        assert_eq!(problems(&format!("type:{text}")), [DeclarationProblem::EmptyOption], "{text}");
    }
}

#[test]
fn an_option_given_twice_is_refused() {
    assert_eq!(problems("type:enum[a|b|a]"), [DeclarationProblem::DuplicateOption("a".to_owned())]);
}

#[test]
fn an_option_that_cannot_be_printed_is_refused() {
    for option in ["a ", " a", "a]", "a\nb", "\u{a0}a"] {
        let expected = [DeclarationProblem::BadOption(option.to_owned())];
        assert_eq!(problems(&format!("type:enum[{option}|b]")), expected, "{option:?}");
    }
    let typed = an_enum(&["a,b", "c|d"]);
    assert_eq!(typed.problems().len(), 2);
}

#[test]
fn a_comma_in_an_option_is_explained() {
    let text = parse("type:enum[a,b|c]").unwrap_err().to_string();
    assert!(text.contains("a comma ends an attribute, also inside `enum[...]`"), "{text}");
}

#[test]
fn required_is_true_or_false() {
    for value in ["True", "TRUE", "yes", "1"] {
        let expected = [DeclarationProblem::BadRequired(value.to_owned())];
        assert_eq!(problems(&format!("type:string,required:{value}")), expected);
    }
}

#[test]
fn other_keys_are_refused() {
    for key in ["default", "Type", "REQUIRED"] {
        let text = format!("type:string,{key}:x");
        assert_eq!(problems(&text), [DeclarationProblem::UnknownKey(key.to_owned())]);
    }
}

#[test]
fn a_key_given_twice_is_refused_even_with_the_same_value() {
    assert_eq!(problems("type:string,type:string"), [DeclarationProblem::DuplicateKey("type".to_owned())]);
}

#[test]
fn every_problem_is_reported_at_once() {
    let error = parse("type:enum[a],required:maybe,colour:red,").unwrap_err();
    assert_eq!(error.problems.len(), 4);
    assert_eq!(error.to_string().matches("; ").count(), 3);
}

fn options() -> impl Strategy<Value = Vec<String>> {
    // A space may stand inside of an option.
    let option = "[!-+\\--Z\\\\^-{}~äß语]{1,4}( ?[!-+\\--Z\\\\^-{}~äß语]){0,4}";
    prop::collection::btree_set(option, 2..6).prop_map(|options| options.into_iter().collect())
}

/// Any declaration that is printed is read as itself.
pub(crate) fn any_declaration() -> impl Strategy<Value = Declaration> {
    (any_type(), any::<bool>()).prop_map(|(variable_type, required)| Declaration { variable_type, required })
}

fn any_type() -> impl Strategy<Value = VariableType> {
    prop_oneof![
        Just(VariableType::String),
        Just(VariableType::Integer),
        Just(VariableType::Boolean),
        Just(VariableType::SecretId),
        options().prop_map(VariableType::Enum),
    ]
}

proptest! {
    #[test]
    fn what_is_printed_is_read_as_the_same(declaration in any_declaration()) {
        prop_assert_eq!(declaration.to_string().parse(), Ok(declaration.clone()));
        prop_assert_eq!(Declaration::parse_lenient(&declaration.to_string()), Ok(declaration));
    }

    #[test]
    fn order_and_space_around_the_parts_do_not_matter(
        declaration in any_declaration(),
        spaces in prop::collection::vec("[ \t]{0,2}", 8),
        required_first in any::<bool>(),
    ) {
        let [a, b, c, d, e, f, g, h] = &spaces[..] else { unreachable!("eight of them") };
        let kind = format!("{a}type{b}:{c}{}{d}", declaration.variable_type);
        let required = format!("{e}required{f}:{g}{}{h}", declaration.required);
        let text = if required_first { [required, kind].join(",") } else { [kind, required].join(",") };
        prop_assert_eq!(parse(&text), Ok(declaration));
    }

    #[test]
    fn an_absent_required_is_false(variable_type in any_type()) {
        prop_assert_eq!(parse(&format!("type:{variable_type}")), Ok(Declaration { variable_type, required: false }));
    }

    #[test]
    fn what_is_read_is_printed_and_read_as_the_same(text in "(type|required)? ?:? ?(string|int|enum\\[[a|,\\] ]{0,6}\\]?)?,?(required:(true|false))?") {
        if let Ok(declaration) = parse(&text) {
            prop_assert_eq!(parse(&declaration.to_string()), Ok(declaration));
        }
    }

    #[test]
    fn no_text_makes_the_parser_panic(text in "\\PC{0,40}") {
        let _ = parse(&text);
        let _ = parse(&format!("type:enum[{text}]"));
    }
}
