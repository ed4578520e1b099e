use credjob::prelude::*;

#[derive(Params)]
struct Slips {
    #[param(defualt = 90)]
    days: i64,
    #[param(max_lenght = 8)]
    name: String,
    #[param(required)]
    org: String,
}

#[derive(Credentials)]
struct Output {
    #[credential(nmae = "TOKEN")]
    token: String,
}

fn main() {}
