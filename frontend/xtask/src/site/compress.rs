//! The brotli and gzip siblings of the site's files, made once so that no request waits for them.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Result;
use brotli::enc::BrotliEncoderParams;
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::workspace::files_below;

/// Pictures and archives are compressed already.
const WORTH_IT: [&str; 9] = [
    "css", "html", "ico", "js", "json", "svg", "txt", "wasm", "xml",
];

/// Writes `name.br` and `name.gz` beside each file that shrinks.
pub(crate) fn add_siblings(folder: &Path) -> Result<()> {
    for file in files_below(folder)? {
        let ending = file
            .extension()
            .and_then(|ending| ending.to_str())
            .unwrap_or_default();
        if WORTH_IT.contains(&ending) {
            let content = std::fs::read(&file)?;
            write_brotli(&sibling(&file, "br"), &content)?;
            write_gzip(&sibling(&file, "gz"), &content)?;
        }
    }
    Ok(())
}

fn write_brotli(file: &Path, content: &[u8]) -> Result<()> {
    let parameters = BrotliEncoderParams {
        quality: 11,
        size_hint: content.len(),
        ..Default::default()
    };
    brotli::BrotliCompress(&mut &content[..], &mut File::create(file)?, &parameters)?;
    Ok(())
}

fn write_gzip(file: &Path, content: &[u8]) -> Result<()> {
    let mut encoder = GzEncoder::new(File::create(file)?, Compression::best());
    encoder.write_all(content)?;
    encoder.finish()?;
    Ok(())
}

fn sibling(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    name.into()
}
