//! What the program does besides serving: one file per command.
//!
//! A command reads, calls the engine or the backend, and prints. What it prints is made by plain
//! functions, so that tests need no process.

pub mod export;
pub mod import;
pub mod plan;
pub mod replace_key;
pub mod run;
pub mod vectors;

use std::io::{self, Read};
use std::path::Path;

use anyhow::{Result, bail, ensure};
use backend::{Backend, configurations};
use engine::configuration::{Configuration, ConfigurationId};

use crate::settings::Storage;
use crate::{startup, telemetry};

/// Opens what is there; a command makes nothing new.
async fn open_existing(storage: &Storage) -> Result<Backend> {
    ensure!(
        !storage.is_file_in_data || storage.database_file().exists(),
        "there is no database in the folder {}; name the server's folder with --data",
        storage.data.display()
    );
    telemetry::start("warn")?;
    startup::open_backend_beside(storage).await
}

/// By domain, or by identifier.
async fn configuration_named(backend: &Backend, name: &str) -> Result<Configuration> {
    let id = name.parse::<ConfigurationId>().ok();
    for summary in configurations::list(backend).await? {
        let is_meant =
            Some(summary.id) == id || summary.domain.as_str().eq_ignore_ascii_case(name.trim());
        if is_meant {
            return Ok(configurations::get(backend, summary.id).await?);
        }
    }
    bail!("there is no configuration for {name}");
}

/// A text file, or standard input for `-`, of at most so many bytes.
fn read_text(file: &Path, largest: u64) -> io::Result<String> {
    if file == Path::new("-") {
        return text_of(io::stdin().lock(), largest);
    }
    text_of(std::fs::File::open(file)?, largest)
}

fn text_of(source: impl Read, largest: u64) -> io::Result<String> {
    let mut bytes = Vec::new();
    source.take(largest + 1).read_to_end(&mut bytes)?;
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > largest {
        let megabytes = largest / 1024 / 1024;
        return Err(io::Error::other(format!(
            "it is larger than {megabytes} MB"
        )));
    }
    String::from_utf8(bytes).map_err(|error| {
        let good = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = 1 + good.iter().filter(|&&byte| byte == b'\n').count();
        io::Error::other(format!("line {line} is not UTF-8 text"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_not_text_says_where() {
        let error = text_of(&b"one\ntwo\n\xff\n"[..], 100).unwrap_err();
        assert_eq!(error.to_string(), "line 3 is not UTF-8 text");
        let error = text_of(&b"one"[..], 2).unwrap_err();
        assert_eq!(error.to_string(), "it is larger than 0 MB");
    }
}
