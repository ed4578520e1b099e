//! The judge of the bills: the official JSON schema of `CycloneDX`, as the project's own Python library ships it.

use std::path::PathBuf;

use crate::command::{program_at_root, run};
use crate::failed::{Checked, Failed};
use crate::{needs, workspace};

/// The library, with what it needs to validate JSON.
const LIBRARY: &str = "cyclonedx-python-lib[json-validation]==11.12.0";

/// Validates the files that it is given, strictly: a field that the schema does not know is an error.
const PROGRAM: &str = "\
import sys
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
validator = JsonStrictValidator(SchemaVersion.V1_6)
wrong = False
for path in sys.argv[1:]:
    with open(path, encoding='utf-8') as file:
        error = validator.validate_str(file.read())
    if error:
        print(path, error, file=sys.stderr)
        wrong = True
sys.exit(wrong)
";

/// Fails if a bill is not what the schema asks for.
pub(crate) fn validate(bills: &[PathBuf]) -> Checked {
    let python = needs::python_with(LIBRARY, "cyclonedx.validation.json, jsonschema")?;
    let program = workspace::scratch("sbom")?.join("validate.py");
    std::fs::write(&program, PROGRAM)
        .map_err(|error| Failed::new(format!("cannot write {}: {error}", program.display())))?;
    run(program_at_root(&python).arg(program).args(bills))
        .map_err(|_| Failed::new("a bill does not fit the CycloneDX schema; the lines above say where"))?;
    eprintln!("{} bills fit the CycloneDX 1.6 schema", bills.len());
    Ok(())
}
