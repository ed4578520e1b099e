use credjob::prelude::*;

#[derive(Params)]
struct Tuple(String);

#[derive(Params)]
struct Unit;

#[derive(Params)]
struct Generic<T> {
    value: T,
}

#[derive(Credentials)]
struct TupleOutput(String);

#[derive(Credentials)]
enum Enum {
    A,
}

#[derive(Params)]
#[param(min = 1)]
struct Misplaced {}

#[derive(ParamEnum)]
struct Struct {
    a: String,
}

#[derive(FailureCode)]
union Union {
    a: u8,
}

fn main() {}
