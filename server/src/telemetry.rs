//! What the server tells about itself while it runs: one line per event, on standard error.

use std::io::{IsTerminal, stderr};

use anyhow::{Context, Result};
use tracing_subscriber::EnvFilter;

/// Starts logging what `filter` lets through.
pub fn start(filter: &str) -> Result<()> {
    let filter =
        EnvFilter::try_new(filter).with_context(|| format!("reading the log filter `{filter}`"))?;
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(stderr().is_terminal())
        .with_writer(stderr)
        // A line that nobody reads any more is dropped. Saying so on the same closed stream would be
        // a panic, in the middle of a cycle or of the way to the end.
        .log_internal_errors(false)
        .init();
    Ok(())
}
