//! `cloud-sync replace-key`: a new key where the old one is lost for good.

use std::fs;
use std::process::ExitCode;

use anyhow::{Context, Result};
use backend::database::Database;
use backend::installation::{self, DatabaseContents, DatabaseUse};
use backend::secrets::{Secrets, SecretsError};
use secrecy::ExposeSecret;

use crate::settings::Storage;
use crate::startup::KEY_FILE;

/// Replaces the key, if it was said that this is wanted; otherwise only tells what would follow.
pub async fn replace_key(storage: &Storage, is_sure: bool) -> Result<ExitCode> {
    let url = storage.database_url.expose_secret();
    let contents = DatabaseContents::look(url)
        .await
        .context("looking at the database")?;
    contents.judge(DatabaseUse::Command(storage.named_kind()))?;
    let path = storage.data.join(KEY_FILE);
    if contents.is_opened_by(&path) {
        println!("The key file {} fits. Nothing was changed.", path.display());
        return Ok(ExitCode::SUCCESS);
    }
    if !is_sure {
        eprintln!(
            "The bind passwords of all directories would be forgotten, and nothing would be \
             synchronized until each is entered again. If the key is lost for good, repeat the \
             command with --yes. Nothing was changed."
        );
        return Ok(ExitCode::FAILURE);
    }
    if let Err(SecretsError::NotAKey) = Secrets::open_file(&path) {
        let aside = path.with_extension("damaged");
        fs::rename(&path, &aside)
            .with_context(|| format!("moving the damaged key to {}", aside.display()))?;
        println!("The damaged key file is kept as {}.", aside.display());
    }
    let secrets = Secrets::open_or_create(&path).context("making the key")?;
    let db = Database::connect(url)
        .await
        .context("opening the database")?;
    let mut write = db.write().await?;
    let directories = installation::replace_key(&mut write, &secrets).await?;
    write.commit().await?;
    println!(
        "The installation has a new key, in {}. Directories whose password must be entered again: \
         {directories}.",
        path.display()
    );
    Ok(ExitCode::SUCCESS)
}
