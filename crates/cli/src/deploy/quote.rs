//! Values as literals of three languages. Nothing in a value is ever evaluated.

/// A word of a POSIX shell.
pub(crate) fn shell(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./:=,@%+".contains(&byte);
    if !text.is_empty() && text.bytes().all(plain) {
        return text.to_owned();
    }
    // Within single quotes everything stands for itself, but for the single quote.
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// A string of HCL, in which neither `${` nor `%{` begins a template.
pub(crate) fn hcl(text: &str) -> String {
    let mut quoted = String::from("\"");
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '$' | '%' if rest.peek() == Some(&'{') => quoted.extend([character, character]),
            // In `$${` only the last two characters may be read as the escape, so a `$` before another one is spelt out.
            '$' | '%' if rest.peek() == Some(&character) => quoted.push_str(&unicode(character)),
            character if character.is_control() => quoted.push_str(&unicode(character)),
            character => quoted.push(character),
        }
    }
    quoted.push('"');
    quoted
}

/// A double-quoted scalar of YAML.
pub(crate) fn yaml(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            // What YAML 1.2 (5.1) calls not printable, and its line and byte-order marks.
            '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}' => quoted.push_str(&unicode(character)),
            character if character.is_control() => quoted.push_str(&unicode(character)),
            character => quoted.push(character),
        }
    }
    quoted.push('"');
    quoted
}

/// Both languages know `\uXXXX`; every character that is spelt this way is in the basic plane.
fn unicode(character: char) -> String {
    format!("\\u{:04x}", u32::from(character))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// Values that would do harm if any of the three languages evaluated them.
    pub(crate) const HOSTILE: [&str; 16] = [
        "",
        "plain",
        "$(touch /tmp/owned)",
        "`touch /tmp/owned`",
        "it's",
        "'; touch /tmp/owned; '",
        "say \"hi\"",
        "back\\slash \\n \\",
        "two\nlines\n",
        "tab\there",
        "${file(\"/etc/passwd\")}",
        "%{ if true }x%{ endif }",
        "$${a} $$${a} %%{b} %%%{b} $%{c} %${d}",
        "#!/bin/sh ~ * ? ! & | ; < > {a,b}",
        "key: [yaml, {a: *b}] # --- \u{85}\u{2028}",
        "$$ %% $ % { }",
    ];

    #[test]
    fn a_shell_reads_back_every_value_as_it_was() {
        for value in HOSTILE {
            let script = format!("printf %s {}", shell(value));
            let output = std::process::Command::new("/bin/sh").arg("-c").arg(&script).output().expect("a shell");
            assert_eq!(String::from_utf8_lossy(&output.stdout), value, "{script}");
            assert!(output.stderr.is_empty(), "{script}");
        }
    }

    #[test]
    fn hcl_reads_back_every_value_as_it_was() {
        for value in HOSTILE {
            let body: ::hcl::Value =
                ::hcl::eval::from_str(&format!("a = {}\n", hcl(value)), &::hcl::eval::Context::new())
                    .unwrap_or_else(|error| panic!("{}: {error}", hcl(value)));
            let read = body.as_object().and_then(|object| object.get("a")).and_then(::hcl::Value::as_str);
            assert_eq!(read, Some(value), "{}", hcl(value));
        }
    }

    #[test]
    fn hcl_that_terraform_would_see_as_a_template_is_escaped() {
        assert_eq!(hcl("${a}"), r#""$${a}""#);
        assert_eq!(hcl("$${a}"), r#""\u0024$${a}""#);
        assert_eq!(hcl("%{a}"), r#""%%{a}""#);
    }

    #[test]
    fn yaml_escapes_what_it_cannot_hold() {
        assert_eq!(yaml("a\u{85}\"\\\n"), r#""a\u0085\"\\\n""#);
    }
}
