//! What a browser downloads: the portal's module, its stylesheet and the static files, as one
//! folder that the server serves or carries inside.
//!
//! The package (`pkg-<digest>/`: module, glue script, stylesheet) is named by its content, so that
//! a browser may keep it for good and still gets the next version at once. Release builds have a
//! brotli and a gzip sibling beside each file, and are refused when the first page is too heavy.

mod compress;
mod parts;
mod stylesheet;

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

use crate::program::{answer, cargo, succeed};
use crate::server::Profile;
use crate::steps::Steps;
use crate::workspace::{Workspace, empty_folder, files_below};

/// The package's files are called so, with their endings; the server asks for the same name.
const PACKAGE_NAME: &str = "cloud-sync";
pub(crate) const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// Builds the site and returns its folder.
pub(crate) fn build(workspace: &Workspace, profile: Profile, steps: &mut Steps) -> Result<PathBuf> {
    add_wasm_target(steps)?;
    let module = steps.step("Compiling the portal for the browser", || {
        compile_module(workspace, profile)
    })?;
    steps.step("Putting the site together", || {
        let staging = workspace.target.join("site").join("next");
        assemble(workspace, profile, &module, &staging)?;
        publish(
            profile,
            &staging,
            &workspace.target.join("site").join(profile.folder()),
        )
    })
}

/// Adds the compiler's half for the browser where it is missing.
pub(crate) fn add_wasm_target(steps: &mut Steps) -> Result<()> {
    let library = answer(std::process::Command::new("rustc").args([
        "--print=target-libdir",
        "--target",
        WASM_TARGET,
    ]))?;
    if Path::new(&library).is_dir() {
        return Ok(());
    }
    steps.step("Adding the browser's target to the Rust toolchain", || {
        succeed(std::process::Command::new("rustup").args(["target", "add", WASM_TARGET]))
    })
}

fn compile_module(workspace: &Workspace, profile: Profile) -> Result<PathBuf> {
    let (profile_name, folder) = match profile {
        Profile::Debug => ("dev", "debug"),
        Profile::Release => ("wasm-release", "wasm-release"),
    };
    succeed(cargo(workspace).args([
        "rustc",
        "--package=frontend",
        "--lib",
        "--target",
        WASM_TARGET,
        "--profile",
        profile_name,
        "--",
        // Which function needs which, for the splitter.
        "-Clink-args=--emit-relocs",
    ]))?;
    Ok(workspace
        .target
        .join(WASM_TARGET)
        .join(folder)
        .join("frontend.wasm"))
}

/// Everything but the compressed siblings, in a folder of its own.
fn assemble(workspace: &Workspace, profile: Profile, module: &Path, staging: &Path) -> Result<()> {
    empty_folder(staging)?;
    let package = staging.join("pkg");
    std::fs::create_dir(&package)?;
    let main = parts::split(module, &package)?;
    bind(&main, profile, &package)?;
    std::fs::remove_file(main)?;
    let style = workspace.root.join("style");
    std::fs::write(
        package.join(PACKAGE_NAME).with_extension("css"),
        stylesheet::bundle(&style.join("main.css"), &read_text)?,
    )?;
    std::fs::rename(&package, staging.join(format!("pkg-{}", digest(&package)?)))?;
    copy_folder(&style.join("public"), staging)
}

fn read_text(file: &Path) -> Result<String> {
    std::fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))
}

/// Writes the module as the browser loads it, with the script that connects it to the page. The
/// `name` section would double the download.
fn bind(module: &Path, profile: Profile, package: &Path) -> Result<()> {
    Bindgen::new()
        .input_path(module)
        .web(true)?
        .typescript(false)
        .demangle(false)
        // The parts find what they need in the main module by these names.
        .keep_lld_exports(true)
        .remove_name_section(profile == Profile::Release)
        .remove_producers_section(profile == Profile::Release)
        .out_name(PACKAGE_NAME)
        .generate(package)
        .context("connecting the module to the page")
}

/// Puts the new site in the place of the old one, unless they are equal: files that stay untouched
/// spare the server, which has them inside, a build.
fn publish(profile: Profile, staging: &Path, site: &Path) -> Result<PathBuf> {
    let digest = digest(staging)?;
    let digest_file = site.with_extension("digest");
    if site.is_dir() && std::fs::read_to_string(&digest_file).is_ok_and(|old| old == digest) {
        return Ok(site.to_owned());
    }
    if profile == Profile::Release {
        compress::add_siblings(staging)?;
        parts::weigh(&package_of(staging)?)?;
    }
    empty_folder(site)?;
    std::fs::rename(staging, site)?;
    std::fs::write(digest_file, digest)?;
    Ok(site.to_owned())
}

fn package_of(site: &Path) -> Result<PathBuf> {
    let is_package =
        |entry: &std::fs::DirEntry| entry.file_name().to_string_lossy().starts_with("pkg-");
    std::fs::read_dir(site)?
        .filter_map(Result::ok)
        .find(is_package)
        .map(|entry| entry.path())
        .context("the site has a package")
}

/// Sixteen digits that change whenever a name or a content in the folder does.
fn digest(folder: &Path) -> Result<String> {
    let mut hasher = DefaultHasher::new();
    for file in files_below(folder)? {
        file.strip_prefix(folder)?.hash(&mut hasher);
        std::fs::read(&file)?.hash(&mut hasher);
    }
    Ok(format!("{:016x}", hasher.finish()))
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    if !from.is_dir() {
        return Ok(());
    }
    for file in files_below(from)? {
        let copy = to.join(file.strip_prefix(from)?);
        std::fs::create_dir_all(copy.parent().context("a copied file lies in a folder")?)?;
        std::fs::copy(&file, &copy)?;
    }
    Ok(())
}
