use credjob::prelude::*;

#[derive(Credentials)]
struct AllOptional {
    token: Option<Secret<String>>,
    user: Option<String>,
}

#[derive(Credentials)]
struct Empty {}

fn main() {}
