use credjob::prelude::*;

#[derive(Params)]
struct Names {
    userName: String,
    größe: i64,
    #[param(name = "lower")]
    one: String,
    #[param(name = "")]
    two: String,
    #[param(name = 3)]
    three: String,
    org: String,
    #[param(name = "ORG")]
    other: String,
    unit_value: Option<String>,
    unit: Option<String>,
}

#[derive(Credentials)]
struct Outputs {
    Token: String,
    token: String,
    #[credential(name = "TOKEN")]
    same: String,
}

fn main() {}
