#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| credjob_fuzz::check(env!("CARGO_BIN_NAME"), data));
