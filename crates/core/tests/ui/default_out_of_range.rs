use credjob::prelude::*;

#[derive(Params)]
struct Defaults {
    #[param(default = 0, min = 1, max = 3650)]
    low: i64,
    #[param(default = 3651, min = 1, max = 3650)]
    high: i64,
    #[param(default = "ab", min_length = 3)]
    short: String,
    #[param(default = "abcd", max_length = 3)]
    long: String,
    #[param(default = "A", pattern = "[a-z]+")]
    other: String,
}

fn main() {}
