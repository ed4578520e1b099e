use credjob::prelude::*;

#[derive(Params)]
struct Several {
    #[param(defualt = 90, min = "1", max = 3650)]
    days: i64,
    trigger: String,
    #[param(pattern = "[a-z")]
    name: String,
    #[param(default = "x")]
    org: Option<String>,
    userName: String,
}

// The mistakes above are all there is to read: no complaint that `Params` is not implemented.
fn is_params<T: Params>() {}

fn main() {
    is_params::<Several>();
}
