use credjob::prelude::*;

#[derive(Params)]
struct Defaults {
    #[param(default = 5)]
    text: String,
    #[param(default = "5")]
    number: i64,
    #[param(default = 1)]
    flag: bool,
    #[param(default = 1)]
    optional: Option<i64>,
    #[param(default)]
    empty: String,
}

fn main() {}
