//! The compute resource token: a file that the platform renews.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use credjob_contract::Secret;
use zeroize::Zeroizing;

use crate::IamError;

/// Where the official SDKs look, in this order (PROTOCOL 3.2). The last one is Code Engine's.
const DEFAULT_PATHS: [&str; 3] = [
    "/var/run/secrets/tokens/vault-token",
    "/var/run/secrets/tokens/sa-token",
    "/var/run/secrets/codeengine.cloud.ibm.com/compute-resource-token/token",
];

/// The longest token read, in bytes: such a token is a JWT of one to two thousand bytes.
const MAX_TOKEN: u64 = 64 * 1024;

/// Reads the token: from `configured` and nowhere else if it is set, else from the first default path that holds one.
/// Called for every fetch, because the platform renews the file.
pub(crate) fn read(configured: Option<&Path>) -> Result<Secret<String>, IamError> {
    match configured {
        Some(path) => first_of([path]),
        None => first_of(DEFAULT_PATHS.map(Path::new)),
    }
}

fn first_of<'a>(paths: impl IntoIterator<Item = &'a Path>) -> Result<Secret<String>, IamError> {
    let mut tried = Vec::new();
    for path in paths {
        match read_file(path) {
            Ok(token) => return Ok(token),
            Err(error) => tried.push((path.to_owned(), error)),
        }
    }
    Err(IamError::ComputeToken { tried: describe(&tried) })
}

fn read_file(path: &Path) -> Result<Secret<String>, String> {
    let mut text = Zeroizing::new(String::new());
    open(path)
        .and_then(|file| file.take(MAX_TOKEN).read_to_string(&mut text))
        .map_err(|error| error.kind().to_string())?;
    let token = text.trim();
    if token.is_empty() {
        return Err(String::from("it is empty"));
    }
    Ok(Secret::new(token.to_owned()))
}

/// Opens a regular file only: opening a pipe would block the one thread of a job.
fn open(path: &Path) -> io::Result<File> {
    if path.metadata()?.is_file() { File::open(path) } else { Err(io::ErrorKind::InvalidInput.into()) }
}

fn describe(tried: &[(PathBuf, String)]) -> String {
    let lines: Vec<String> = tried.iter().map(|(path, error)| format!("{} ({error})", path.display())).collect();
    lines.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(content: &[u8]) -> tempfile::NamedTempFile {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), content).unwrap();
        file
    }

    #[test]
    fn the_configured_file_is_read_and_trimmed() {
        let token = file(b"cr-token-1\n");
        assert_eq!(read(Some(token.path())).unwrap().expose(), "cr-token-1");
    }

    #[test]
    fn the_first_file_that_exists_wins() {
        let token = file(b"cr-token-2");
        let found = first_of([Path::new("/nonexistent/vault-token"), token.path()]).unwrap();
        assert_eq!(found.expose(), "cr-token-2");
    }

    #[test]
    fn an_empty_file_is_passed_over() {
        let (empty, token) = (file(b" \n"), file(b"cr-token-3"));
        assert_eq!(first_of([empty.path(), token.path()]).unwrap().expose(), "cr-token-3");
    }

    #[test]
    fn every_file_that_was_tried_is_named() {
        let error = first_of([Path::new("/nonexistent/a"), Path::new("/nonexistent/b")]).unwrap_err().to_string();
        assert!(error.contains("/nonexistent/a") && error.contains("/nonexistent/b"), "{error}");
    }

    #[test]
    fn a_directory_is_no_token() {
        let directory = tempfile::tempdir().unwrap();
        assert!(read(Some(directory.path())).is_err());
    }

    #[test]
    fn bytes_that_are_no_text_are_no_token() {
        assert!(read(Some(file(b"\xff\xfe").path())).is_err());
    }
}
