//! The bill itself: a `CycloneDX` 1.6 document in JSON.

use std::fmt::Write as _;
use std::path::Path;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::bundled;
use super::lock::Checksums;
use crate::failed::{Checked, Failed};
use crate::tree::{Crate, Tree};
use crate::workspace;

/// What a bill is made from.
pub(crate) struct Parts<'a> {
    pub(crate) tree: Tree,
    pub(crate) metadata: &'a Value,
    pub(crate) checksums: Checksums,
    /// What the linker adds beside the crates.
    pub(crate) toolchain: Vec<Value>,
    /// SHA-256 of the binary.
    pub(crate) binary: Option<String>,
    pub(crate) made_at: Option<String>,
}

/// The document, the same bytes for the same parts.
pub(crate) fn text(parts: &Parts<'_>) -> Checked<String> {
    let mut bill = document(parts)?;
    // A serial number that is random would differ in each run, and none at all would keep other documents from naming this one.
    bill["serialNumber"] = json!(serial_number(&bill.to_string()));
    Ok(format!("{bill:#}\n"))
}

fn document(parts: &Parts<'_>) -> Checked<Value> {
    let mut components = Vec::new();
    for one in parts.tree.crates() {
        let package = workspace::package(parts.metadata, &one.name, &one.version)?;
        components.push(component(one, package, &parts.checksums)?);
    }
    let mut job = components.remove(0);
    job["type"] = json!("application");
    if let Some(hash) = &parts.binary {
        job["hashes"] = hashes(hash);
    }
    components.extend(parts.toolchain.iter().cloned());
    let mut metadata = json!({
        "component": job,
        "tools": {"components": [{"type": "application", "name": "credjob xtask sbom", "version": env!("CARGO_PKG_VERSION")}]},
    });
    if let Some(time) = &parts.made_at {
        metadata["timestamp"] = json!(time);
    }
    Ok(json!({
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": metadata,
        "components": components,
        "dependencies": dependencies(parts),
    }))
}

fn component(one: &Crate, package: &Value, checksums: &Checksums) -> Checked<Value> {
    let features: Vec<&str> = one.features.iter().map(String::as_str).collect();
    let mut component = json!({
        "type": "library",
        "bom-ref": reference(one),
        "name": one.name,
        "version": one.version,
        "scope": "required",
        "purl": purl(one, package),
        "properties": [{"name": "credjob:cargo:features", "value": features.join(",")}],
    });
    if let Some(licence) = package["license"].as_str() {
        // Old manifests write `MIT/Apache-2.0`, which SPDX does not know.
        component["licenses"] = json!([{"expression": licence.replace('/', " OR ")}]);
    }
    if let Some(repository) = package["repository"].as_str() {
        component["externalReferences"] = json!([{"type": "vcs", "url": repository}]);
    }
    if let Some(checksum) = checksums.get(&(one.name.clone(), one.version.clone())) {
        component["hashes"] = hashes(checksum);
    } else if !one.is_ours {
        return Err(Failed::new(format!("Cargo.lock has no checksum of {} {}", one.name, one.version)));
    }
    let manifest = Path::new(package["manifest_path"].as_str().unwrap_or_default());
    let bundled = bundled::inside(&one.name, manifest.parent().unwrap_or(manifest))?;
    if !bundled.is_empty() {
        component["components"] = json!(bundled);
    }
    Ok(component)
}

/// Who uses whom. Everything is in one binary with the toolchain's libraries, so these hang on the job.
fn dependencies(parts: &Parts<'_>) -> Value {
    let crates = parts.tree.crates();
    let mut all = Vec::new();
    for (place, one) in crates.iter().enumerate() {
        let mut uses: Vec<String> = one.uses.iter().map(|used| reference(&crates[*used])).collect();
        if place == 0 {
            uses.extend(parts.toolchain.iter().filter_map(|library| library["bom-ref"].as_str().map(str::to_owned)));
        }
        uses.sort();
        all.push(json!({"ref": reference(one), "dependsOn": uses}));
    }
    json!(all)
}

/// The name of a crate within the document.
fn reference(one: &Crate) -> String {
    format!("{}@{}", one.name, one.version)
}

/// Our own packages are on no registry: their package URL names the repository, or a scanner would take a namesake for them.
fn purl(one: &Crate, package: &Value) -> String {
    if !one.is_ours {
        return format!("pkg:cargo/{}@{}", one.name, one.version.replace('+', "%2B"));
    }
    let repository = package["repository"].as_str().unwrap_or_default();
    let owner_and_name = repository.strip_prefix("https://github.com/").unwrap_or(&one.name);
    let folder = Path::new(package["manifest_path"].as_str().unwrap_or_default()).parent();
    let folder = folder.and_then(|folder| folder.strip_prefix(workspace::root()).ok()).unwrap_or(Path::new(""));
    format!("pkg:github/{owner_and_name}@{}#{}", one.version, folder.display())
}

fn hashes(sha256: &str) -> Value {
    json!([{"alg": "SHA-256", "content": sha256}])
}

/// SHA-256 in hexadecimal digits.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |mut text, byte| {
        // Writing to a `String` cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// A UUID of version 8 (RFC 9562, "made by a rule of one's own"): the hash of the rest of the document.
fn serial_number(document: &str) -> String {
    let hash = sha256(document.as_bytes());
    format!("urn:uuid:{}-{}-8{}-8{}-{}", &hash[..8], &hash[8..12], &hash[13..16], &hash[17..20], &hash[20..32])
}

#[cfg(test)]
mod tests;
