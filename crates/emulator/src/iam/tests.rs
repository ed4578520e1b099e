use super::*;

const START: SystemTime = SystemTime::UNIX_EPOCH;

fn iam() -> Iam {
    Iam::new(Principal::admin("iam-Profile-1"), Duration::from_secs(3600))
}

fn form(fields: &[(&str, &str)]) -> HashMap<String, String> {
    fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn key_form(key: &str) -> HashMap<String, String> {
    form(&[("grant_type", GRANT_API_KEY), ("apikey", key)])
}

#[test]
fn the_token_is_a_jwt_whose_exp_equals_expiration() {
    let mut iam = iam();
    let key = iam.issue_key(Principal::admin("IBMid-1"), START);
    let answer = iam.log_in(&key_form(&key), START + Duration::from_secs(5)).expect("a token");
    let token = answer["access_token"].as_str().expect("a text");
    let claims = URL_SAFE_NO_PAD.decode(token.split('.').nth(1).expect("three parts")).expect("base64");
    let claims: Value = serde_json::from_slice(&claims).expect("JSON");
    assert_eq!(claims["exp"], answer["expiration"]);
    assert_eq!(claims["iat"], 5);
    assert_eq!(answer["expires_in"], 3600);
}

#[test]
fn an_unknown_key_is_refused() {
    assert_eq!(iam().log_in(&key_form("nothing"), START), Err(KEY_NOT_FOUND));
}

#[test]
fn a_fresh_key_may_need_time() {
    let mut iam = iam();
    let key = iam.issue_key(Principal::admin("IBMid-1"), START + Duration::from_secs(2));
    assert_eq!(iam.log_in(&key_form(&key), START + Duration::from_secs(1)), Err(KEY_NOT_FOUND));
    assert!(iam.log_in(&key_form(&key), START + Duration::from_secs(2)).is_ok());
}

#[test]
fn a_token_expires() {
    let mut iam = iam();
    let key = iam.issue_key(Principal::admin("IBMid-1"), START);
    let answer = iam.log_in(&key_form(&key), START).expect("a token");
    let header = format!("Bearer {}", answer["access_token"].as_str().expect("a text"));
    assert!(iam.bearer(Some(&header), START + Duration::from_secs(3599)).is_some());
    assert!(iam.bearer(Some(&header), START + Duration::from_secs(3600)).is_none());
    assert!(iam.bearer(Some("Bearer else"), START).is_none());
    assert!(iam.bearer(None, START).is_none());
}

#[test]
fn a_compute_resource_token_needs_the_profile() {
    let mut iam = iam();
    let (token, profile) = (iam.cr_token().to_owned(), iam.profile_id().to_owned());
    let grant = ("grant_type", GRANT_CR_TOKEN);
    assert!(iam.log_in(&form(&[grant, ("cr_token", &token), ("profile_id", &profile)]), START).is_ok());
    assert!(iam.log_in(&form(&[grant, ("cr_token", &token), ("profile_name", PROFILE_NAME)]), START).is_ok());
    assert_eq!(iam.log_in(&form(&[grant, ("cr_token", &token)]), START), Err(PROPERTY_MISSING));
    assert_eq!(iam.log_in(&form(&[grant, ("cr_token", "x"), ("profile_id", &profile)]), START), Err(CR_TOKEN_REJECTED));
    let both = form(&[grant, ("cr_token", &token), ("profile_id", &profile), ("profile_name", "other")]);
    assert_eq!(iam.log_in(&both, START), Err(CR_TOKEN_REJECTED));
}
