//! Panics of explored providers are part of the exploration: nobody needs to read them on standard error.

use std::cell::Cell;
use std::panic;
use std::sync::Once;

thread_local! {
    static HUSHED: Cell<bool> = const { Cell::new(false) };
}

/// Runs `work`; no panic in it is printed.
pub(crate) fn hushed<T>(work: impl FnOnce() -> T) -> T {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !HUSHED.get() {
                before(info);
            }
        }));
    });
    let before = HUSHED.replace(true);
    let result = work();
    HUSHED.set(before);
    result
}
