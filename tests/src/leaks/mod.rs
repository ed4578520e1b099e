//! Secrets must not leave a job, however hard the other side tries, and whatever the provider does with them.

mod debug;
mod echoes;
mod forms;
mod lives;
mod on_purpose;
mod places;
