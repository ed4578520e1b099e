use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

use super::*;

/// Holds what URL encoding, JSON and base64 treat specially.
const SECRET: &str = "pa\"ss/wö?rd\\>>>?+";

fn found(text: impl AsRef<[u8]>) -> Option<String> {
    let leaks = find_leaks(text.as_ref(), &Canaries::new().with("password", SECRET));
    leaks.into_iter().next().map(|leak| leak.form)
}

fn percent_encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02x}") })
        .collect()
}

fn json(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

#[test]
fn a_raw_secret_is_found() {
    assert_eq!(found(format!("token={SECRET}, done")).as_deref(), Some("raw"));
}

#[test]
fn base64_is_found_at_every_alignment() {
    for before in ["", "x", "xy", "user:"] {
        for after in ["", "z", "zz"] {
            let text = format!("{before}{SECRET}{after}");
            assert!(found(STANDARD.encode(&text)).is_some(), "{before}|{after}");
            assert!(found(URL_SAFE_NO_PAD.encode(&text)).is_some(), "{before}|{after}");
        }
    }
}

#[test]
fn hexadecimal_is_found_in_both_cases() {
    let digits = SECRET.bytes().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
    assert_eq!(found(&digits).as_deref(), Some("hexadecimal"));
    assert_eq!(found(digits.to_uppercase()).as_deref(), Some("hexadecimal"));
}

#[test]
fn hexadecimal_with_separators_is_found() {
    for separator in [":", "-", " ", ", "] {
        let pairs: Vec<String> = SECRET.bytes().map(|byte| format!("{byte:02x}")).collect();
        let text = pairs.join(separator);
        assert_eq!(found(&text).as_deref(), Some("hexadecimal with separators"));
        assert_eq!(found(text.to_uppercase()).as_deref(), Some("hexadecimal with separators"));
    }
}

#[test]
fn lists_of_bytes_are_found() {
    for text in [format!("{:?}", SECRET.as_bytes()), json(&format!("{:02x?}", SECRET.as_bytes()).replace(", ", ", 0x"))]
    {
        assert_eq!(found(text).as_deref(), Some("a list of its bytes"));
    }
}

#[test]
fn each_half_is_found() {
    let secret = canary("halves");
    for half in [&secret[..secret.len() / 2], &secret[secret.len() / 2..]] {
        let leaks = find_leaks(format!("cut: {half}").as_bytes(), &Canaries::new().with("secret", &secret));
        assert_eq!(leaks[0].form, "half of it");
    }
}

#[test]
fn forms_are_found_with_plus_for_space() {
    let leaks = find_leaks(b"a=pass+phrase+%2b", &Canaries::new().with("phrase", "pass phrase +"));
    assert_eq!(leaks[0].form, "raw, after form decoding");
}

#[test]
fn every_secret_is_named_once_with_its_plainest_form() {
    let text = format!("{} {SECRET} {}", STANDARD.encode(SECRET), STANDARD.encode("second-secret"));
    let canaries = Canaries::new().with("first", SECRET).with("second", "second-secret").with("third", "third-secret");
    let leaks: Vec<String> = find_leaks(text.as_bytes(), &canaries).iter().map(ToString::to_string).collect();
    assert_eq!(leaks, ["`first` (raw)", "`second` (base64)"]);
}

#[test]
fn url_encoding_is_found_in_both_cases() {
    let encoded = percent_encoded(SECRET);
    assert_eq!(found(&encoded).as_deref(), Some("raw, after URL decoding"));
    assert!(found(encoded.replace("%c3%b6", "%C3%B6")).is_some());
}

#[test]
fn json_is_found_with_and_without_unicode_escapes() {
    assert_eq!(found(json(SECRET)).as_deref(), Some("raw, after JSON unescaping"));
    assert!(found(json(SECRET).replace('ö', "\\u00f6")).is_some());
}

#[test]
fn rusts_debug_text_is_found() {
    let secret = "line\u{7}\u{1b}-of-bells";
    let leaks = find_leaks(format!("{secret:?}").as_bytes(), &Canaries::new().with("bells", secret));
    assert_eq!(leaks.len(), 1);
}

#[test]
fn a_character_beyond_sixteen_bits_is_found_behind_surrogates() {
    let leaks = find_leaks(br"key \ud83d\udd11 end", &Canaries::new().with("key", "key \u{1f511} end"));
    assert_eq!(leaks.len(), 1);
}

#[test]
fn json_in_json_in_a_url_is_found() {
    let text = percent_encoded(&json(&json(SECRET)));
    assert_eq!(found(text).as_deref(), Some("raw, after URL decoding, after JSON unescaping, after JSON unescaping"));
}

#[test]
fn one_line_of_a_key_is_found() {
    let key = "-----BEGIN KEY-----\nMIIEowIBAAKCAQEA0123\nEND\n";
    let canaries = Canaries::new().with("key", key);
    assert_eq!(find_leaks(b"saw MIIEowIBAAKCAQEA0123 there", &canaries).len(), 1);
    assert!(find_leaks(b"-----BEGIN KEY-----", &canaries).is_empty());
}

#[test]
fn a_text_without_the_secret_is_clean() {
    assert_eq!(found("pass word, 100% \\u12 \\ud83d %4"), None);
}

#[test]
#[should_panic(expected = "standard error gives secrets away: `password` (raw)")]
fn a_leak_fails_the_test() {
    assert_no_leak("standard error", SECRET.as_bytes(), &Canaries::new().with("password", SECRET));
}

#[test]
fn the_panic_does_not_repeat_the_secret() {
    let secret = canary("panic");
    let canaries = Canaries::new().with("panic", &secret);
    let panic = std::panic::catch_unwind(|| assert_no_leak("output", secret.as_bytes(), &canaries)).unwrap_err();
    let text = panic.downcast_ref::<String>().unwrap();
    assert!(!text.contains(&secret));
}

#[test]
#[should_panic(expected = "no secret to look for")]
fn a_search_for_nothing_fails() {
    assert_no_leak("output", b"anything", &Canaries::new());
}

#[test]
#[should_panic(expected = "the secret `pin` is too short")]
fn a_secret_that_could_turn_up_by_chance_is_refused() {
    let _ = Canaries::new().with("pin", "1234");
}

#[test]
fn canaries_differ_and_say_what_they_are() {
    let one = canary("login");
    assert!(one.starts_with("canary-login-"));
    assert_ne!(one, canary("login"));
}

#[test]
fn debug_shows_names_only() {
    let secret = canary("login");
    let text = format!("{:?}", Canaries::new().with("login token", &secret));
    assert_eq!(text, r#"{"login token"}"#);
}
