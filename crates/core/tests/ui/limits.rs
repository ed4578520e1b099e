use credjob::prelude::*;

#[derive(Params)]
struct Limits {
    #[param(min = 1)]
    name: String,
    #[param(pattern = "[0-9]+", min_length = 2)]
    count: i64,
    #[param(max = 3)]
    flag: Option<bool>,
    #[param(min = 5, max = 4)]
    range: i64,
    #[param(min_length = 5, max_length = 4)]
    length: String,
    #[param(min_length = -1)]
    negative: String,
    #[param(min = 9223372036854775808)]
    large: u64,
    #[param(min, max = "x", max = 2)]
    values: i64,
}

fn main() {}
