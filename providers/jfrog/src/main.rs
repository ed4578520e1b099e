//! The `jfrog` job.
credjob::run!(jfrog_provider::JfrogProvider);
