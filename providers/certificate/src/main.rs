//! The `certificate` job.
credjob::run!(certificate_provider::CertificateProvider);
