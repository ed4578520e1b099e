//! Files that a person names: text of a size that such a file can have. `/dev/zero` would otherwise fill the memory.

use std::io::Read as _;
use std::path::Path;

/// No `job_config.json` and no exported configuration is larger: a job has 10 KiB (PROTOCOL 1.7), an instance 10 configurations (PROTOCOL 4.7).
const MAX_BYTES: u64 = 1024 * 1024;

/// Reads a file, or says why it cannot be one.
pub(crate) fn read(path: &Path) -> Result<String, String> {
    let mut text = String::new();
    let file = std::fs::File::open(path).map_err(|error| error.to_string())?;
    file.take(MAX_BYTES + 1).read_to_string(&mut text).map_err(|error| error.to_string())?;
    if text.len() as u64 > MAX_BYTES {
        return Err(format!("it has more than {MAX_BYTES} bytes, which no such file has"));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_end_is_refused() {
        assert!(read(Path::new("/dev/zero")).expect_err("too large").contains("bytes"));
    }

    #[test]
    fn a_folder_is_no_file() {
        assert!(read(Path::new("/")).is_err());
    }
}
