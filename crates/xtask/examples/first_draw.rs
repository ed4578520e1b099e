//! Prints how many microseconds aws-lc's first random draw of a process takes. `cargo xtask bench` runs it.

use std::time::Instant;

fn main() {
    let mut bytes = [0; 32];
    let started = Instant::now();
    let drawn = aws_lc_rs::rand::fill(&mut bytes);
    let taken = started.elapsed();
    assert!(drawn.is_ok(), "aws-lc has no randomness");
    println!("{}", taken.as_micros());
}
