//! Every step of every kind of run: a call is held, something happens to the process, its task or the service, and the
//! promise is judged after the last re-run. The programs are the release binaries.

mod blow;
mod cancelled;

mod case;
mod kills;
mod restarts;

mod scenario;
mod step;
mod tally;
mod together;
mod wall_clock;
