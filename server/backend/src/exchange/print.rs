//! A document as text that people like to read: settings below headings, one mapping a line.

use std::fmt::Write;

use toml::{Table, Value};

use super::document::Document;
use crate::{Error, Result};

const HEADING: &str = "\
# Configurations of Cloud sync. Settings that are left out have their defaults, and so do mappings.
# Passwords are never here.
";

/// Tables below these keys hold one row a line.
const ROWS: [&str; 3] = ["mappings", "extensions", "flows"];

pub(super) fn text(document: &Document) -> Result<String> {
    let mut text = HEADING.to_owned();
    print(&mut text, &mut Vec::new(), &table(document)?);
    Ok(text)
}

pub(super) fn table(document: &impl serde::Serialize) -> Result<Table> {
    Table::try_from(document).map_err(Error::internal)
}

/// Settings first, then the tables below.
fn print(text: &mut String, path: &mut Vec<String>, table: &Table) {
    let holds_rows = holds_rows(path);
    let is_line = |value: &Value| holds_rows || !value.is_table();
    let lines: Vec<_> = table.iter().filter(|(_, value)| is_line(value)).collect();
    if !lines.is_empty() {
        if !path.is_empty() {
            let _ = writeln!(text, "\n[{}]", path.join("."));
        }
        for (name, value) in lines {
            let _ = writeln!(text, "{} = {value}", key(name));
        }
    }
    for (name, value) in table {
        if let (Value::Table(below), false) = (value, holds_rows) {
            path.push(key(name));
            print(text, path, below);
            path.pop();
        }
    }
}

/// `configuration."contoso.test".extensions`, and below `mappings` one table for each kind.
pub(super) fn holds_rows(path: &[String]) -> bool {
    match path {
        [_, _, name] => name != "mappings" && ROWS.contains(&name.as_str()),
        [_, _, name, _] => name == "mappings",
        _ => false,
    }
}

/// Bare where TOML allows it; otherwise as a basic string, which JSON writes alike.
pub(super) fn key(name: &str) -> String {
    let is_bare = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    if !name.is_empty() && name.bytes().all(is_bare) {
        name.to_owned()
    } else {
        Value::String(name.to_owned()).to_string()
    }
}
