//! Where the service's documents are silent or disagree, and what the emulator does.
//!
//! "PROTOCOL" is the project's fact sheet. A row with a section follows its "not stated; recommended"; a row marked
//! *own* is a decision of the emulator that no source suggests.
//!
//! # Identity
//!
//! | Question | Here | Source |
//! |---|---|---|
//! | Answer to an unknown API key | 400, `BXNIM0415E`; a key that is not valid yet gets the same | 3.1, gap 30 |
//! | Answer to a bad compute resource token, an unknown grant, a missing field | 400; the codes are invented | *own* |
//! | Signature of tokens | none that can be checked | *own* |
//! | Old keys of earlier job runs | stay valid until the emulator ends | *own* |
//! | Roles of version data deletion, version metadata update | Manager; Writer and Manager | 3.4 |
//! | Roles of a job's key | by [`crate::Options::job_roles`], in the secret group of its secret ([`crate::Options::job_scope`]) | 3.4 |
//! | Roles of the key of an IAM credentials secret, and of the trusted profile | those of jobs, in the whole instance | *own* |
//! | A secret of another group, an unknown secret | 403, 404 | *own* |
//!
//! # Tasks
//!
//! | Question | Here | Source |
//! |---|---|---|
//! | Update of a task that is not `processing`, of the wrong type, or with a payload against the schema | 400, no change | 4.2, gap 11 |
//! | Length of error code and description, of a credentials id | 256, 4096, 1024 characters | 4.2, gap 36 |
//! | Largest payload | 1,000,000 bytes of JSON | 1.5 |
//! | Order of the list | newest first | 4.2 |
//! | `POST` on task paths | 405 | gap 4 |
//! | Start of the timeout | when the task becomes `processing` | 2.2 |
//! | Deleting a finished task | 204, the entry goes | 4.2 |
//! | A cancelled creation, rotation, deletion | secret `deactivated`; as a failed rotation; no retry, but the data can be deleted again by hand | 6.7, gap 37 |
//! | The job run of a cancelled or timed out task | SIGTERM, then SIGKILL; no re-run; a late update gets 404 or 400 | 4.2 |
//! | A job run that ends without a report | the task waits for its timeout, or fails at once ([`crate::Options::fail_on_nonzero_exit`]) | gap 38 |
//! | A job run that cannot be started, or is larger than 10 KiB | the task fails with `job_run_failed` | *own* |
//! | Codes of failures that the service reports itself | `task_timeout`, `job_run_failed` | *own* |
//! | Daily retry of a deletion | a new task with the same version and trigger, on each of the ten days after the first attempt; a timeout counts as a failure | 2.2, gap 37 |
//! | Trigger of the deletion of a version that a rotation pushed out | that of the rotation | 2.3 |
//! | `secret_version_id` of a creation | once the version exists | gap 27 |
//! | `task_count` | all tasks ever made for the secret | *own* |
//!
//! # Secrets and versions
//!
//! | Question | Here | Source |
//! |---|---|---|
//! | Default group | `default`, also in `SM_SECRET_GROUP_ID` | 1.1, 4.3 |
//! | Duplicate name | 409 | 4.3 |
//! | Parameters against the schema | 400 | 1.3 |
//! | `credentials_content` without data | left out | 4.3, gap 26 |
//! | A pending secret | one listed version without data; its id becomes that of the first version | 4.3 |
//! | The zero-id placeholder of a rotation | answered, never listed | 4.4, gap 40 |
//! | After a failed first creation | `deactivated` | 5.5, gap 28 |
//! | Rotation while a creation is queued or processing; of a secret that is not active | 409; 409 | 6.3; *own* |
//! | Automatic rotation while a creation is unfinished, after a failed one | waits for its end; waits for the next interval | *own* |
//! | A rotation that succeeds after the current version expired | the secret is active again | *own* |
//! | A month in a rotation interval | 30 days | *own* |
//! | Patch of `parameters` | RFC 7396 merge, then the whole is checked | 4.3 |
//! | Patch of `rotation` | starts an interval now, rotates nothing | gap 39 |
//! | `Error02009` | 400 | 4.3 |
//! | Deleting data of the current version | data goes at once, the secret is `destroyed` | 6.6 |
//! | Deleting data that is not there | 409; again a deletion task if the provider still has the credentials and no task is unfinished | *own* |
//! | Reading a version without data | 410; 200 without content while the first creation is pending | 4.4 |
//! | Expiry of the previous version | only `payload_available` turns false | 6.5 |
//! | Deleting a secret with outstanding credentials or unfinished tasks | 409 without `force_delete` | 6.6, gap 10 |
//! | `force_delete` | secret, versions and tasks vanish; a started or waiting deletion goes on | 6.6 |
//! | Reading sets `downloaded` | only if there is data | *own* |
//! | Secret actions of custom credentials | 400 | 4.3 |
//!
//! # Locks
//!
//! | Question | Here | Source |
//! |---|---|---|
//! | Refusal of a locked change | 412, `precondition_failed`, the documented text | 5.1, gap 12 |
//! | What a lock forbids | deletion of the version's data; deletion of the secret, also by force; a rotation while `previous` is locked. Metadata can change | 6.1, 6.6 |
//! | Locking while a task is queued or processing, or a version without data | 409, 409 | 6.1, gap 11; *own* |
//! | Locking a version that is neither current nor previous; more than 1000 locks | 400; 400 | *own* |
//! | `remove_previous_and_delete` for custom credentials | 400 | 6.1, gap 11 |
//! | `mode` when `previous` itself is locked | nothing is removed | *own* |
//! | A lock that replaces one of its name | keeps `created_at` | *own* |
//! | Names of locks that do not exist | nothing happens | *own* |
//! | Deleting locks at the level of the secret | with names: of the current version; without: of all versions | 4.5 |
//! | Names to delete | `?name=a,b`, `?name=["a"]` or a body, which wins | gap 13 |
//! | Automatic rotation while `previous` is locked | waits for the end of the lock | *own* |
//! | Expiry of a locked version | data goes as soon as the last lock does | 6.1 |
//! | Reading a locked IAM credentials secret | 412, unless `reuse_api_key` | 6.1, *own* |
//! | Order of lists | current version first, oldest lock first | *own* |
//!
//! # Rate and resilience
//!
//! | Question | Here | Source |
//! |---|---|---|
//! | Requests a second | any number; at most [`crate::Options::rate_limit`] in any second, over all callers; IAM has no limit | 6.9; *own* |
//! | Answer beyond it | 429, `too_many_requests`, without `Retry-After` | 5.1, 6.9; *own* |
//! | Fail-over, restart | [`crate::Emulator::go_offline`]: connections are refused, the state stays | 6.9 |
//!
//! # Configurations, groups, jobs
//!
//! | Question | Here | Source |
//! |---|---|---|
//! | When declarations are read | from `PROGRAM schema` when the job is registered; a configuration freezes them | 1.3 |
//! | Unknown job, used job, more than 10 configurations, configuration in use | 400, 409, 400, 409 | 4.7; *own* |
//! | `api_key_ref` | must name an IAM credentials secret, which then cannot be deleted (409) | *own* |
//! | Value variables | `SM_<NAME>_VALUE`, on request also `SMIN_<NAME>_VALUE`; absent parameters are not set | 1.4, gap 1 |
//! | Values in a deletion | the secret's parameters of today | *own* |
//! | Key of a re-run within a job run | the same | *own* |
//! | Code Engine's own job timeout (2 h by default) | not emulated | *own* |
//! | Image, memory, CPU of a job | not emulated: the program runs as the user of the emulator, in `/`, in a process group that is killed as a whole | *own* |
//!
//! # Missing
//!
//! Notifications, actions of certificates and configurations, `restore_from_version`, and the configurations of
//! other engines answer 501. Secrets of other types do not expire or rotate by themselves. Certificates are not issued
//! and not read: `public_cert` and `private_cert` have placeholder texts, unless the prototype brings `certificate`,
//! `private_key`, `intermediate`, `issuing_ca` or `ca_chain`; serial number and validity are made up. There is no source
//! service either: the prototype of `service_credentials` may bring a `credentials` object, which the service does not
//! know. Unknown fields of prototypes are not refused.
//!
//! # Time
//!
//! [`crate::EmulatorClock::advance`] jumps. What falls due on the way happens once, at the end of the jump, in the order
//! of its due dates. Over HTTP: `POST /emulator/clock?advance=20d`, with [`crate::Options::time_travel`].
