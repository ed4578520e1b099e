//! The `{{project_name}}` job.
credjob::run!({{crate_name}}_provider::{{type_prefix}}Provider);
