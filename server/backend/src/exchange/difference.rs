//! What an import would change, setting by setting.

use std::{collections::BTreeMap, fmt};

use toml::{Table, Value};

use super::{
    document::ConfigurationDocument,
    print::{holds_rows, key, table},
};
use crate::Result;

/// The longest value that is shown whole.
const LONGEST: usize = 300;

/// One setting that an import would change; none is a setting that is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingChange {
    /// As the path in the file: `deletion_protection.threshold`.
    pub setting: String,
    pub old: Option<String>,
    pub new: Option<String>,
}

/// For example `deletion_protection.threshold: 500 → 3`.
impl fmt::Display for SettingChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let absent = if self.setting.starts_with("mappings.") {
            "default"
        } else {
            "not set"
        };
        let shown = |value: &Option<String>| match value {
            Some(value) => shortened(value),
            None => absent.to_owned(),
        };
        write!(
            f,
            "{}: {} → {}",
            self.setting,
            shown(&self.old),
            shown(&self.new)
        )
    }
}

fn shortened(value: &str) -> String {
    let line = value.replace('\n', "⏎");
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

pub(super) fn changes(
    old: &ConfigurationDocument,
    new: &ConfigurationDocument,
) -> Result<Vec<SettingChange>> {
    let (old, new) = (settings(old)?, settings(new)?);
    let mut names: Vec<&String> = old.keys().chain(new.keys()).collect();
    names.sort_unstable();
    names.dedup();
    Ok(names
        .into_iter()
        .filter(|name| old.get(*name) != new.get(*name))
        .map(|name| SettingChange {
            setting: name.clone(),
            old: old.get(name).cloned(),
            new: new.get(name).cloned(),
        })
        .collect())
}

fn settings(document: &ConfigurationDocument) -> Result<BTreeMap<String, String>> {
    let mut settings = BTreeMap::new();
    // As deep as in the file, so that the same tables are rows.
    let mut path = vec![String::new(), String::new()];
    collect(&mut settings, &mut path, &table(document)?);
    Ok(settings)
}

fn collect(settings: &mut BTreeMap<String, String>, path: &mut Vec<String>, table: &Table) {
    let holds_rows = holds_rows(path);
    for (name, value) in table {
        path.push(key(name));
        match value {
            Value::Table(below) if !holds_rows => collect(settings, path, below),
            value => {
                settings.insert(path[2..].join("."), value.to_string());
            }
        }
        path.pop();
    }
}
