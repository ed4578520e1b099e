use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use proptest::prelude::*;
use url::form_urlencoded;

use super::registry::Registry;
use super::*;

/// Holds every kind of character that some encoding treats specially.
const CANARY: &str = "k3y \"c&näry\\+/=?~.%\u{1f511}\u{7}end";

const PEM: &str =
    "-----BEGIN KEY-----\nMIIEvQIBADANBgkqhkiG\n9w0BAQEFAASCBKcwggSj\nAgEAAoIBAQDab==\n-----END KEY-----\n";

/// What is left of a text when these secrets are known. Each test has a registry of its own, since tests share the
/// process.
fn clean(secrets: &[&str], text: &str) -> String {
    let mut registry = Registry::new();
    for secret in secrets {
        registry.register(secret.as_bytes());
    }
    replaced(text, registry.spans(text.as_bytes())).into_owned()
}

fn percent_lower(text: &str) -> String {
    text.bytes().fold(String::new(), |encoded, byte| match byte {
        b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => encoded + &char::from(byte).to_string(),
        _ => encoded + &format!("%{byte:02x}"),
    })
}

fn hex(text: &str) -> String {
    text.bytes().fold(String::new(), |digits, byte| digits + &format!("{byte:02x}"))
}

fn json(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

#[test]
fn raw() {
    assert_eq!(clean(&[CANARY], &format!("a{CANARY}b")), "a[redacted]b");
}

#[test]
fn several_times_and_several_secrets() {
    assert_eq!(
        clean(&["secret-one", "secret-two"], "secret-one secret-two secret-one"),
        "[redacted] [redacted] [redacted]"
    );
}

#[test]
fn base64_on_its_own_leaves_no_padding_behind() {
    for secret in ["secret", "secret1", "secret12", CANARY] {
        for engine in [&STANDARD, &STANDARD_NO_PAD, &URL_SAFE, &URL_SAFE_NO_PAD] {
            assert_eq!(clean(&[secret], &engine.encode(secret)), REDACTED, "{secret}");
        }
    }
}

#[test]
fn base64_inside_a_longer_text_at_each_alignment() {
    for prefix in ["", "u", "us", "use"] {
        for suffix in ["", "!", "!!", "!!!"] {
            for engine in [&STANDARD, &STANDARD_NO_PAD, &URL_SAFE, &URL_SAFE_NO_PAD] {
                let encoded = engine.encode(format!("{prefix}{CANARY}{suffix}"));
                let left = clean(&[CANARY], &encoded);
                assert!(left.contains(REDACTED), "{prefix} {suffix}");
                // What depends on the neighbours as well may stay: a character or two at each end.
                let visible = left.replace(REDACTED, "").trim_end_matches('=').len();
                assert!(visible <= (prefix.len() + suffix.len()) * 4 / 3 + 3, "{left}");
            }
        }
    }
}

#[test]
fn basic_authentication() {
    let header = format!("Basic {}", STANDARD.encode("user:p4ssw0rd!"));
    assert!(!clean(&["p4ssw0rd!"], &header).contains(&STANDARD.encode("user:p4ssw0rd!")[8..]));
}

#[test]
fn hexadecimal_in_both_cases() {
    assert_eq!(clean(&[CANARY], &hex(CANARY)), REDACTED);
    assert_eq!(clean(&[CANARY], &hex(CANARY).to_uppercase()), REDACTED);
}

#[test]
fn url_encoded_as_in_a_form() {
    let encoded: String = form_urlencoded::byte_serialize(CANARY.as_bytes()).collect();
    assert!(encoded.contains('+'));
    assert_eq!(clean(&[CANARY], &format!("apikey={encoded}&x=1")), "apikey=[redacted]&x=1");
}

#[test]
fn url_encoded_in_upper_and_lower_case() {
    assert_eq!(clean(&[CANARY], &percent_lower(CANARY)), REDACTED);
    let upper: String = form_urlencoded::byte_serialize(CANARY.as_bytes()).collect::<String>().replace('+', "%20");
    assert_eq!(clean(&[CANARY], &upper), REDACTED);
}

#[test]
fn url_encoded_with_some_characters_left_plain() {
    assert_eq!(clean(&["a+b/c d=e!"], "path/a+b/c%20d=e!/x"), "path/[redacted]/x");
}

#[test]
fn url_encoded_base64() {
    let encoded = percent_lower(&STANDARD.encode(CANARY));
    assert_eq!(clean(&[CANARY], &encoded), REDACTED);
}

#[test]
fn json_escaped() {
    let left = clean(&[CANARY], &format!("{{\"m\":{}}}", json(CANARY)));
    assert_eq!(left, "{\"m\":\"[redacted]\"}");
}

#[test]
fn json_escaped_with_all_characters_as_code_units() {
    let escaped = CANARY.encode_utf16().fold(String::new(), |text, unit| text + &format!("\\u{unit:04X}"));
    assert_eq!(clean(&[CANARY], &format!("x{escaped}y")), "x[redacted]y");
}

#[test]
fn json_escaped_with_the_slash() {
    assert_eq!(clean(&["path/to/secret"], r"path\/to\/secret"), REDACTED);
}

#[test]
fn json_inside_json_inside_json() {
    let twice = json(&json(CANARY));
    let thrice = json(&twice);
    assert!(!clean(&[CANARY], &twice).contains("k3y"));
    assert!(!clean(&[CANARY], &thrice).contains("k3y"));
    assert!(!clean(&[CANARY], &format!("{thrice:?}")).contains("k3y"));
}

#[test]
fn a_url_encoded_form_quoted_in_json() {
    let form: String = form_urlencoded::byte_serialize(json(CANARY).as_bytes()).collect();
    assert!(!clean(&[CANARY], &json(&form)).contains("k3y"));
}

#[test]
fn a_multi_line_secret_in_a_json_log_line() {
    let line = format!("{{\"level\":\"info\",\"message\":{}}}", json(&format!("key: {PEM}.")));
    assert_eq!(clean(&[PEM], &line), "{\"level\":\"info\",\"message\":\"key: [redacted].\"}");
}

#[test]
fn a_multi_line_secret_with_other_line_ends() {
    let windows = PEM.replace('\n', "\r\n");
    let left = clean(&[PEM], &windows);
    assert!(!left.contains("MIIEvQ") && !left.contains("9w0BAQ"), "{left}");
}

#[test]
fn single_lines_of_a_multi_line_secret_and_not_its_frame() {
    let left = clean(&[PEM], "-----BEGIN KEY-----\n  at 9w0BAQEFAASCBKcwggSj\n");
    assert_eq!(left, "-----BEGIN KEY-----\n  at [redacted]\n");
}

#[test]
fn a_secret_without_the_line_break_at_its_end() {
    assert_eq!(
        clean(&["token-value\n"], "Bearer token-value, base64 dG9rZW4tdmFsdWU="),
        "Bearer [redacted], base64 [redacted]"
    );
}

#[test]
fn rust_debug_output() {
    assert_eq!(clean(&[CANARY], &format!("{CANARY:?}")), "\"[redacted]\"");
    assert_eq!(clean(&["byte\u{1}'secret"], "b\"byte\\x01\\'secret\""), "b\"[redacted]\"");
}

#[test]
fn lists_of_bytes() {
    let pairs: Vec<String> = CANARY.bytes().map(|byte| format!("{byte:02x}")).collect();
    for list in [pairs.join(":"), pairs.join(" "), pairs.join("-").to_uppercase(), format!("0x{}", pairs.join(", 0x"))]
    {
        assert_eq!(clean(&[CANARY], &format!("({list})")), "([redacted])");
    }
    let bytes = CANARY.as_bytes();
    assert_eq!(clean(&[CANARY], &format!("key {bytes:?}!")), "key [[redacted]]!");
    assert_eq!(clean(&[CANARY], &format!("key {bytes:x?}!")), "key [[redacted]]!");
    let pretty = clean(&[CANARY], &json(&format!("{bytes:#?}")));
    assert_eq!(pretty, "\"[\\n    [redacted],\\n]\"");
}

#[test]
fn a_list_of_bytes_among_other_numbers() {
    let text = "2025-11-22 05:13:33 id 0f2c3b4a-5d6e: 1, 2, 115, 101, 99, 114, 101, 116, 3";
    assert_eq!(clean(&["secret"], text), "2025-11-22 05:13:33 id 0f2c3b4a-5d6e: 1, 2, [redacted], 3");
}

#[test]
fn a_text_above_the_limit_is_left_out() {
    register(b"limit-canary-value");
    let long = format!("limit-canary-value{}", "x".repeat(MAX_TEXT));
    let expected = format!("[{} bytes left out]", long.len());
    assert_eq!(redact(&long), expected);
    assert_eq!(redact_bytes(long.as_bytes()).as_ref(), expected.as_bytes());
    assert_eq!(redact(&"x".repeat(MAX_TEXT)).len(), MAX_TEXT);
}

#[test]
fn of_a_value_above_the_limit_the_lines_are_known() {
    let line = "0123456789abcdefghij";
    let file = format!("{line}\n{}", "first line of the file\n".repeat(MAX_TEXT / 20));
    assert_eq!(clean(&[&file], &format!("at {line}.")), "at [redacted].");
}

#[test]
fn an_excerpt_is_redacted_before_it_is_cut() {
    register(b"excerpt-canary-value");
    assert_eq!(excerpt("a\nexcerpt-canary-value b", 14), "a [redacted] b");
    assert_eq!(excerpt("12345 excerpt-canary-value", 12), "12345 [redac");
}

#[test]
fn an_excerpt_holds_no_secret_whose_words_were_wrapped() {
    register(b"wrapped excerpt canary");
    assert_eq!(excerpt("login wrapped\nexcerpt\tcanary refused", 80), "login [redacted] refused");
}

#[test]
fn overlapping_secrets_go_as_a_whole() {
    assert_eq!(clean(&["abcdefgh", "efghijkl"], "xabcdefghijklx"), "x[redacted]x");
}

#[test]
fn the_longest_of_two_nested_secrets_wins() {
    assert_eq!(clean(&["secret", "secret-long-form"], "a secret-long-form b"), "a [redacted] b");
    assert_eq!(clean(&["secret-long-form", "secret"], "a secret-long-form b"), "a [redacted] b");
}

#[test]
fn a_value_known_as_the_line_of_another_gets_its_own_encodings() {
    let line = "0123456789abcdefghij";
    let file = format!("first line of the file\n{line}\n");
    assert_eq!(clean(&[&file, line], &STANDARD.encode(line)), REDACTED);
}

#[test]
fn values_below_the_minimum_are_not_registered() {
    assert_eq!(clean(&["12345", ""], "12345"), "12345");
    assert_eq!(clean(&["123456"], "123456"), REDACTED);
}

#[test]
fn other_texts_are_borrowed_as_they_are() {
    let mut registry = Registry::new();
    registry.register(b"some-secret");
    for text in [
        "",
        "some-secre",
        "100 % of a+b",
        "C:\\temp \\",
        "%",
        "%4",
        "\\u12",
        "\\ud800",
        "\\u{110000}",
        "\\x4",
        "1 2 3 4 5 6",
    ] {
        assert!(matches!(replaced(text, registry.spans(text.as_bytes())), Cow::Borrowed(_)), "{text}");
    }
}

#[test]
fn bytes_within_a_character_take_the_whole_character() {
    let mut registry = Registry::new();
    let text = "x語語語y";
    registry.register(&text.as_bytes()[2..9]);
    assert_eq!(replaced(text, registry.spans(text.as_bytes())), "x[redacted]y");
}

#[test]
fn an_empty_registry_finds_nothing() {
    let registry = Registry::new();
    assert!(registry.is_empty());
    assert!(registry.spans(b"anything at all").is_empty());
}

#[test]
fn a_wiped_registry_is_empty() {
    let mut registry = Registry::new();
    registry.register(b"wiped-canary");
    assert!(!registry.is_empty());
    registry.wipe();
    assert!(registry.is_empty());
    assert!(registry.spans(b"wiped-canary").is_empty());
}

#[test]
fn the_process_wide_functions_share_one_registry() {
    register(b"process-wide-canary");
    assert_eq!(redact("a process-wide-canary b"), "a [redacted] b");
    assert_eq!(redact_bytes(b"\xffprocess-wide-canary\xfe").as_ref(), b"\xff[redacted]\xfe");
    assert!(matches!(redact_bytes(b"nothing here"), Cow::Borrowed(_)));
}

/// Encodings that end in the encoded text itself, for any text around it.
fn encodings(secret: &str) -> Vec<String> {
    vec![
        secret.to_owned(),
        STANDARD.encode(secret),
        URL_SAFE_NO_PAD.encode(secret),
        form_urlencoded::byte_serialize(secret.as_bytes()).collect(),
        percent_lower(secret),
        json(secret)[1..json(secret).len() - 1].to_owned(),
        json(&json(secret)),
        hex(secret),
        format!("{secret:?}"),
        format!("{:?}", secret.as_bytes()),
        format!("{:02X?}", secret.as_bytes()),
    ]
}

proptest! {
    #[test]
    fn no_encoding_of_a_secret_survives(secret in "[^x-z]{6,24}", before in "[x-z]{0,3}", after in "[x-z]{0,3}") {
        for encoded in encodings(&secret) {
            let left = clean(&[&secret], &format!("{before}{encoded}{after}"));
            prop_assert!(left.contains(REDACTED), "{:?} in {:?}", secret, left);
            prop_assert!(!left.contains(&encoded), "{:?} in {:?}", secret, left);
        }
    }

    #[test]
    fn no_text_makes_the_redactor_panic(text in "(\\\\|%|\\+|u|x|\\{|\\}|[0-9a-fA-F]|:| |é|語){0,40}") {
        clean(&["aaaaaa", "語語語"], &text);
    }
}
