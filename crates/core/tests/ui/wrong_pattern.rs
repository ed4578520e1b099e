use credjob::prelude::*;

#[derive(Params)]
struct Patterns {
    #[param(pattern = "")]
    empty: String,
    #[param(pattern = "[a-z")]
    open: String,
    #[param(pattern = "[z-a]")]
    backwards: String,
    #[param(pattern = "(a|b)")]
    group: String,
    #[param(pattern = "^a$")]
    anchor: String,
    #[param(pattern = r"\d+")]
    shorthand: String,
    #[param(pattern = "+a")]
    nothing: String,
    #[param(pattern = "a**")]
    twice: String,
    #[param(pattern = "a{3,2}")]
    count: String,
    #[param(pattern = 3)]
    number: String,
}

fn main() {}
