//! The module of the portal in parts: what every page needs, and files that come with the pages
//! that need them; and how much of it a browser may have to fetch before its first page is alive.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use walrus::ModuleConfig;
use wasm_split_cli_support::{Options, transform};

use super::PACKAGE_NAME;

/// Which files belong to which part; the server names them in the head of a page, so that the
/// browser fetches them together.
const TABLE: &str = "parts.json";

/// What the page on which people arrive may weigh: the main module, compressed with brotli.
const MOST_BYTES_OF_FIRST_PAGE: u64 = 350_000;

/// Splits the module into the package. What comes back is the main part, which is still to be
/// connected to the page.
pub(super) fn split(module: &Path, package: &Path) -> Result<PathBuf> {
    let whole = std::fs::read(module).with_context(|| format!("reading {}", module.display()))?;
    let main = package.join("main.wasm");
    let script = format!("./{PACKAGE_NAME}.js");
    let mut options = Options::new(&whole);
    options.output_dir = package;
    options.main_out_path = &main;
    options.main_module = &script;
    options.link_name = "./parts.js";
    let split = transform(options).map_err(|error| anyhow!("splitting the module: {error:?}"))?;
    for file in &split.split_modules {
        shorten(file)?;
    }
    write_table(split.prefetch_map, &package.join(TABLE))?;
    Ok(main)
}

/// Writes a part without the names of its functions, which would double it, and with numbers as
/// short as they can be: the linker leaves room in each.
fn shorten(file: &Path) -> Result<()> {
    let mut module = ModuleConfig::new()
        .generate_name_section(false)
        .generate_producers_section(false)
        .parse_file(file)?;
    module.emit_wasm_file(file)
}

fn write_table(parts: HashMap<String, Vec<String>>, file: &Path) -> Result<()> {
    let sorted: BTreeMap<_, _> = parts.into_iter().collect();
    Ok(std::fs::write(file, serde_json::to_vec(&sorted)?)?)
}

/// Says what the browser fetches for the first page, and for the first page of each part beside
/// it; an error if the first is too much. Needs the compressed siblings.
pub(super) fn weigh(package: &Path) -> Result<()> {
    let bytes = |name: &str| -> Result<u64> {
        let file = package.join(format!("{name}.wasm.br"));
        let file = file
            .metadata()
            .with_context(|| file.display().to_string())?;
        Ok(file.len())
    };
    let first = bytes(&format!("{PACKAGE_NAME}_bg"))?;
    println!("{:>4} kB  main module, brotli", first / 1000);
    let table = std::fs::read(package.join(TABLE))?;
    let parts: BTreeMap<String, Vec<String>> = serde_json::from_slice(&table)?;
    for (part, files) in &parts {
        let more = files.iter().map(|name| bytes(name)).sum::<Result<u64>>()?;
        let files = files.len();
        println!("{:>4} kB  more for {part}, in {files} files", more / 1000);
    }
    if first > MOST_BYTES_OF_FIRST_PAGE {
        bail!("the main module is heavier than {MOST_BYTES_OF_FIRST_PAGE} bytes");
    }
    Ok(())
}
