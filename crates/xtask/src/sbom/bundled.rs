//! What crates carry inside them and a list of crates does not show: C and assembly code, and data that decides whom a job trusts.

use std::path::Path;

use serde_json::{Value, json};

use crate::failed::{Checked, Failed};

/// The header in which AWS-LC says its version, and how the line begins.
const AWS_LC_HEADER: &str = "aws-lc/include/openssl/base.h";
const AWS_LC_VERSION: &str = "#define AWSLC_VERSION_NUMBER_STRING \"";

/// The components inside the crate `name`, whose source is in `folder`.
pub(crate) fn inside(name: &str, folder: &Path) -> Checked<Vec<Value>> {
    Ok(match name {
        "aws-lc-sys" => vec![aws_lc(folder)?],
        // The crate does not say from which commit its C and assembly code is.
        "ring" => vec![json!({
            "type": "library",
            "bom-ref": "ring/boringssl",
            "name": "BoringSSL",
            "description": "Parts of BoringSSL in C and assembly; the crate names no commit",
            "licenses": [{"expression": "Apache-2.0 AND ISC"}],
            "purl": "pkg:github/google/boringssl",
        })],
        "webpki-roots" => vec![json!({
            "type": "data",
            "bom-ref": "webpki-roots/mozilla",
            "name": "Mozilla's root certificates for TLS servers",
            "description": "As the CCADB report IncludedCACertificateReportPEMCSV had them when the crate was released",
            "licenses": [{"expression": "CDLA-Permissive-2.0"}],
        })],
        _ => Vec::new(),
    })
}

fn aws_lc(folder: &Path) -> Checked<Value> {
    let path = folder.join(AWS_LC_HEADER);
    let header = std::fs::read_to_string(&path)
        .map_err(|error| Failed::new(format!("cannot read {}: {error}", path.display())))?;
    let version =
        version_in(&header).ok_or_else(|| Failed::new(format!("{} names no version of AWS-LC", path.display())))?;
    Ok(json!({
        "type": "library",
        "bom-ref": "aws-lc-sys/aws-lc",
        "name": "AWS-LC",
        "version": version,
        "description": "libcrypto in C and assembly, built by the crate's build script",
        "licenses": [{"expression": "Apache-2.0 AND ISC"}],
        "purl": format!("pkg:github/aws/aws-lc@v{version}"),
    }))
}

fn version_in(header: &str) -> Option<&str> {
    let line = header.lines().find_map(|line| line.strip_prefix(AWS_LC_VERSION))?;
    line.split('"').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_of_aws_lc_is_in_its_header() {
        assert_eq!(version_in("// x\n#define AWSLC_VERSION_NUMBER_STRING \"5.12.0\"\n"), Some("5.12.0"));
        assert_eq!(version_in("// x\n"), None);
    }

    /// Else the bill would name an AWS-LC that is not in the binary.
    #[test]
    fn every_build_takes_the_aws_lc_of_the_crate() {
        for (file, setting) in
            [(".cargo/config.toml", "AWS_LC_SYS_USE_SYSTEM = \"0\""), ("Containerfile", "ENV AWS_LC_SYS_USE_SYSTEM=0")]
        {
            let text = std::fs::read_to_string(crate::workspace::root().join(file)).expect("a file");
            assert!(text.lines().any(|line| line == setting), "{file} must hold {setting}");
        }
    }

    #[test]
    fn most_crates_carry_nothing() {
        assert!(inside("tokio", Path::new("/none")).expect("fine").is_empty());
    }
}
