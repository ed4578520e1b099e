//! The `postgres` job.
credjob::run!(postgres_provider::PostgresProvider);
