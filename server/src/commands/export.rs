//! `cloud-sync export`: all configurations as one file.

use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result};
use backend::exchange;

use super::open_existing;
use crate::settings::Storage;

/// Writes them to the file, or to standard output.
pub async fn export(storage: &Storage, output: Option<&Path>) -> Result<ExitCode> {
    let backend = open_existing(storage).await?;
    let text = exchange::export(&backend).await?;
    match output {
        Some(file) => {
            fs::write(file, text).with_context(|| format!("writing {}", file.display()))?;
        }
        None => io::stdout().write_all(text.as_bytes()).context("writing")?,
    }
    Ok(ExitCode::SUCCESS)
}
