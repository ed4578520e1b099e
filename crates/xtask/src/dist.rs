//! `cargo xtask dist PROVIDER`: the static binary of a container image.
//!
//! Static builds go through here and the Containerfile only: `+crt-static` breaks proc-macros unless `--target` is given (issue 2, part 10).

use std::path::{Path, PathBuf};

use crate::command::{cargo, output, run as execute};
use crate::failed::{Checked, Failed};
use crate::workspace;

/// Static glibc. A position-independent program relocates itself at its start: packed (`DT_RELR`, glibc 2.36 and later), the list of places takes
/// 3 kB and not 150. And randomness by getrandom(2): a static program has no symbols for `dlsym` to find, and without it the crate `getrandom` would open
/// /dev/random and /dev/urandom, which an empty root does not have.
const RUSTFLAGS: &str = r#"-C target-feature=+crt-static -C link-arg=-Wl,-z,pack-relative-relocs --cfg getrandom_backend="linux_getrandom""#;

/// Builds the provider and prints where its binary is and how large.
pub(crate) fn run(provider: &str) -> Checked {
    let binary = build(provider)?;
    println!("{} {} bytes", binary.display(), size(&binary)?);
    Ok(())
}

/// Builds the static release binary of a provider.
pub(crate) fn build(provider: &str) -> Checked<PathBuf> {
    let providers = workspace::providers()?;
    if !providers.iter().any(|name| name == provider) {
        return Err(
            Failed::new(format!("there is no provider `{provider}`")).hint(format!("one of: {}", providers.join(", ")))
        );
    }
    let target = target()?;
    let manifest = workspace::manifest(provider);
    execute(
        cargo(&[
            "build",
            "--release",
            "--locked",
            "--manifest-path",
            &manifest,
            "--bin",
            provider,
            "--target",
            &target,
        ])
        .env("RUSTFLAGS", RUSTFLAGS),
    )?;
    binary(provider)
}

/// Where the static release binary of a provider is, once it has been built.
pub(crate) fn binary(provider: &str) -> Checked<PathBuf> {
    Ok(workspace::target_directory()?.join(target()?).join("release").join(provider))
}

/// The size of a file in bytes.
pub(crate) fn size(file: &Path) -> Checked<u64> {
    std::fs::metadata(file)
        .map(|metadata| metadata.len())
        .map_err(|error| Failed::new(format!("cannot read {}: {error}", file.display())))
}

/// This machine's own target, named explicitly. Static glibc works, names resolve in it (SERVERS 4).
pub(crate) fn target() -> Checked<String> {
    let version = output(std::process::Command::new("rustc").arg("-vV"))?;
    version
        .lines()
        .find_map(|line| line.strip_prefix("host: "))
        .map(str::to_owned)
        .ok_or_else(|| Failed::new("`rustc -vV` names no host"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_image_is_built_with_the_same_flags() {
        let containerfile = std::fs::read_to_string(workspace::root().join("Containerfile")).expect("it is there");
        assert!(containerfile.contains(&format!("RUSTFLAGS='{RUSTFLAGS}'")), "RUSTFLAGS differ");
    }
}
