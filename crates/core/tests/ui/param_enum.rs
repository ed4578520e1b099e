use credjob::prelude::*;

#[derive(Clone, ParamEnum)]
enum One {
    Only,
}

#[derive(Clone, ParamEnum)]
enum Wrong {
    Data(u8),
    #[param(name = "a,b")]
    Comma,
    #[param(name = "a|b")]
    Pipe,
    #[param(name = "[a]")]
    Bracket,
    #[param(name = "")]
    Empty,
    #[param(name = " a")]
    Space,
    Same,
    #[param(name = "SAME")]
    Other,
    #[param(defualt = 1)]
    Unknown,
}

fn main() {}
