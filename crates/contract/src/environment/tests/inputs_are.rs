use super::*;
use crate::inputs::Input;

#[test]
fn found_under_the_first_name() {
    let inputs = Vars::create().set("SM_ORG_VALUE", "ibm").read().inputs;
    assert_eq!(inputs.get("ORG"), Some(Input { variable: "SM_ORG_VALUE", value: "ibm" }));
}

#[test]
fn found_under_the_second_name() {
    let inputs = Vars::create().set("SMIN_ORG_VALUE", "ibm").read().inputs;
    assert_eq!(inputs.get("ORG"), Some(Input { variable: "SMIN_ORG_VALUE", value: "ibm" }));
}

#[test]
fn taken_from_the_first_name_if_both_are_there() {
    let inputs = Vars::create().set("SMIN_ORG_VALUE", "second").set("SM_ORG_VALUE", "first").read().inputs;
    assert_eq!(inputs.get("ORG").unwrap().value, "first");
}

#[test]
fn taken_from_the_second_name_if_the_first_is_empty() {
    let inputs = Vars::create().set("SM_ORG_VALUE", "").set("SMIN_ORG_VALUE", "second").read().inputs;
    assert_eq!(inputs.get("ORG").unwrap().value, "second");
}

#[test]
fn unset_if_empty() {
    assert_eq!(Vars::create().set("SM_ORG_VALUE", "").read().inputs.names().count(), 0);
}

#[test]
fn set_if_zero_or_false() {
    let inputs = Vars::create().set("SM_DAYS_VALUE", "0").set("SM_SIGN_VALUE", "false").read().inputs;
    assert_eq!(inputs.get("DAYS").unwrap().value, "0");
    assert_eq!(inputs.get("SIGN").unwrap().value, "false");
}

#[test]
fn never_read_from_a_declaration() {
    let vars =
        Vars::create().set("SMIN_ORG", "type:string").set("SMOUT_TOKEN", "type:string").set("SMOUT_X_VALUE", "x");
    assert_eq!(vars.read().inputs.names().count(), 0);
}

#[test]
fn never_a_variable_of_the_service_or_of_another_case() {
    let vars =
        Vars::create().set("SM_org_VALUE", "x").set("sm_ORG_VALUE", "x").set("SM__VALUE", "x").set("SM_A-B_VALUE", "x");
    assert_eq!(vars.read().inputs.names().count(), 0);
}

#[test]
fn kept_apart_if_a_name_begins_like_the_prefix() {
    let inputs = Vars::create().set("SM_SM_X_VALUE", "one").set("SM_X_VALUE", "two").read().inputs;
    assert_eq!(inputs.get("SM_X").unwrap().value, "one");
    assert_eq!(inputs.get("X").unwrap().value, "two");
}

#[test]
fn whole_if_the_name_ends_like_the_suffix() {
    let inputs = Vars::create().set("SM_X_VALUE_VALUE", "one").read().inputs;
    assert_eq!(inputs.names().collect::<Vec<_>>(), ["X_VALUE"]);
}

#[test]
fn reported_if_unreadable() {
    for name in ["SM_ORG_VALUE", "SMIN_ORG_VALUE"] {
        let vars = Vars::create().set_bytes(name, b"\xff");
        assert_eq!(vars.reported(), reported(codes::BAD_ENVIRONMENT, name));
    }
}
