//! Which attributes the directory knows (RFC 4512, 4.2 and 4.4). Asking OpenLDAP for sixty names
//! that it does not know makes it work three times as hard on every entry.

use std::collections::HashSet;

use super::{
    attributes,
    connection::Connection,
    dialect::{Dialect, Family, texts},
    search::Search,
    settings::LdapSettings,
};
use crate::source::SourceError;

/// The attributes to ask for, without those that the directory does not know; all of them where it
/// does not say what it knows.
pub(super) async fn attributes_to_ask_for(
    connection: &mut Connection,
    settings: &LdapSettings,
    dialect: &Dialect,
) -> Result<Vec<String>, SourceError> {
    let mut asked_for = attributes::to_ask_for(settings);
    if dialect.family == Family::Standard {
        let known = known_attributes(connection, settings, dialect).await?;
        if !known.is_empty() {
            asked_for
                .retain(|name| attributes::is_always_asked_for(name) || is_known(&known, name));
        }
    }
    Ok(asked_for)
}

/// The attributes that the directory knows, in lower case; none where it does not say.
pub(super) async fn known_attributes(
    connection: &mut Connection,
    settings: &LdapSettings,
    dialect: &Dialect,
) -> Result<HashSet<String>, SourceError> {
    let Some(subschema) = &dialect.subschema else {
        return Ok(HashSet::new());
    };
    let search = Search::entry(subschema, &["attributeTypes"]);
    let entry = connection.entry(settings, &search).await?;
    let known = entry
        .iter()
        .flat_map(|entry| texts(entry, "attributeTypes"));
    Ok(known.flat_map(names).collect())
}

fn is_known(known: &HashSet<String>, description: &str) -> bool {
    let name = description.split(';').next().unwrap_or(description);
    known.contains(&name.to_ascii_lowercase())
}

/// The names in `( 2.5.4.3 NAME ( 'cn' 'commonName' ) DESC ... )`, in lower case.
fn names(definition: &str) -> Vec<String> {
    let Some((_, rest)) = definition.split_once(" NAME ") else {
        return Vec::new();
    };
    let rest = rest.trim_start();
    let list = match rest.strip_prefix('(') {
        Some(several) => several.split(')').next(),
        None => rest.split_inclusive('\'').nth(1),
    };
    let quoted = list.unwrap_or_default().split(['\'', ' ']);
    quoted
        .filter(|name| !name.is_empty())
        .map(str::to_ascii_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_from_definitions() {
        for (definition, expected) in [
            (
                "( 2.5.4.3 NAME ( 'cn' 'commonName' ) SUP name )",
                vec!["cn", "commonname"],
            ),
            (
                "( 2.5.4.4  NAME 'telexNumber' DESC 'a (b) c' )",
                vec!["telexnumber"],
            ),
            ("( 1.2.3 NAME ('a' 'b') )", vec!["a", "b"]),
            ("( 1.2.3 DESC 'no name' )", vec![]),
        ] {
            assert_eq!(names(definition), expected, "{definition}");
        }
    }
}
