//! Any text as a file of configurations: refused with reasons, or read.

#![no_main]

use backend::exchange;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &str| {
    if let Err(problems) = exchange::check(input) {
        assert!(!problems.is_empty());
        for problem in problems {
            assert!(!problem.to_string().is_empty());
        }
    }
});
