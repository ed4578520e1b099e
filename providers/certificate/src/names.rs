//! Subject alternative names, from what the secret's owner wrote.

use std::net::IpAddr;

use rustls_pki_types::DnsName;

use crate::CertificateFailure;

/// One subject alternative name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum AlternativeName {
    /// A DNS name in lower case, perhaps with `*.` in front.
    Dns(String),
    /// An IPv4 or IPv6 address.
    Ip(IpAddr),
}

impl AlternativeName {
    /// Reads a DNS name or an IP address.
    fn parse(text: &str) -> Option<Self> {
        if let Ok(address) = text.parse() {
            return Some(Self::Ip(address));
        }
        let name = text.to_ascii_lowercase();
        // RFC 6125 section 6.4.3: the wildcard is the whole left-most label.
        let host = name.strip_prefix("*.").unwrap_or(&name);
        // RFC 5280 section 4.2.1.6: the preferred name syntax, which has no dot at the end.
        if host.ends_with('.') || DnsName::try_from(host).is_err() {
            return None;
        }
        Some(Self::Dns(name))
    }
}

/// The names that a certificate for `common_name` carries.
///
/// Entries of `san` are trimmed, empty ones skipped, repeated ones dropped. Without any entry the common name is used if
/// it is a DNS name or an IP address: today's TLS clients do not look at the common name (RFC 9525 section 2).
pub(crate) fn alternative_names(
    san: Option<&str>,
    common_name: &str,
) -> Result<Vec<AlternativeName>, CertificateFailure> {
    let mut names = Vec::new();
    for (index, entry) in san.unwrap_or_default().split(',').enumerate() {
        let entry = entry.trim();
        if entry.is_empty() {
            continue;
        }
        let name = AlternativeName::parse(entry).ok_or(CertificateFailure::BadSan { position: index + 1 })?;
        if !names.contains(&name) {
            names.push(name);
        }
    }
    if names.is_empty() {
        names.extend(AlternativeName::parse(common_name.trim()));
    }
    Ok(names)
}

#[cfg(test)]
mod tests;
