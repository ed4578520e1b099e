//! Makes one RSA key of 2048 bits, as the provider `certificate` does, and prints what that alone took: nanoseconds on a CPU, and of wall-clock time.
//! `cargo xtask bench` takes it off the cost of the job, since the search for two primes takes 20 ms one time and 300 the next.

use std::thread;
use std::time::Instant;

use aws_lc_rs::rsa::{KeyPair, KeySize};

fn main() {
    let (before, started) = (on_cpu(), Instant::now());
    let key = KeyPair::generate(KeySize::Rsa2048);
    let (taken, after) = (started.elapsed(), on_cpu());
    assert!(key.is_ok(), "aws-lc made no key");
    println!("{} {}", after - before, taken.as_nanos());
}

/// The time that this thread has been on a CPU, in nanoseconds.
fn on_cpu() -> u64 {
    // The kernel adds up the time of a running thread when it is switched, and on this call.
    thread::yield_now();
    let schedstat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let first = schedstat.split_whitespace().next().and_then(|number| number.parse().ok());
    first.unwrap_or_else(|| panic!("this kernel tells no CPU time of threads (CONFIG_SCHED_INFO)"))
}
