use credjob::prelude::*;

#[derive(Params)]
struct Login {
    password: Secret<String>,
    token: Option<credjob::prelude::Secret<String>>,
}

fn main() {}
