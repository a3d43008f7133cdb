//! Which attributes the directory knows (RFC 4512, 4.2 and 4.4). Asking OpenLDAP for sixty names
//! that it does not know makes it work three times as hard on every entry.

use std::collections::{BTreeSet, HashSet};

use engine::directory::AttributeName;

use super::{
    Session, attributes,
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

impl Session {
    /// What a person could map, spelled as the schema spells it: no attributes by which the server
    /// keeps house, none that are out of use.
    pub(super) async fn attribute_names(&mut self) -> Result<BTreeSet<AttributeName>, SourceError> {
        let (connection, settings) = (&mut self.connection, &self.settings);
        let definitions = definitions(connection, settings, &self.dialect).await?;
        let of_people = definitions
            .iter()
            .filter(|definition| is_of_people(definition));
        let first_names = of_people.filter_map(|definition| names(definition).into_iter().next());
        Ok(first_names
            .map(|name| AttributeName::from(name.as_str()))
            .collect())
    }

    /// Those that no definition names, in any of its spellings.
    pub(super) async fn unknown_attributes(
        &mut self,
        names: BTreeSet<AttributeName>,
    ) -> Result<BTreeSet<AttributeName>, SourceError> {
        let known = known_attributes(&mut self.connection, &self.settings, &self.dialect).await?;
        let is_unknown =
            |name: &AttributeName| !known.is_empty() && !is_known(&known, name.as_str());
        Ok(names.into_iter().filter(is_unknown).collect())
    }
}

/// The attributes that the directory knows, in lower case; none where it does not say.
pub(super) async fn known_attributes(
    connection: &mut Connection,
    settings: &LdapSettings,
    dialect: &Dialect,
) -> Result<HashSet<String>, SourceError> {
    let definitions = definitions(connection, settings, dialect).await?;
    let names = definitions.iter().flat_map(|definition| names(definition));
    Ok(names.map(|name| name.to_ascii_lowercase()).collect())
}

async fn definitions(
    connection: &mut Connection,
    settings: &LdapSettings,
    dialect: &Dialect,
) -> Result<Vec<String>, SourceError> {
    let Some(subschema) = &dialect.subschema else {
        return Ok(Vec::new());
    };
    let search = Search::entry(subschema, &["attributeTypes"]);
    let entry = connection.entry(settings, &search).await?;
    let definitions = entry
        .iter()
        .flat_map(|entry| texts(entry, "attributeTypes"));
    Ok(definitions.map(str::to_owned).collect())
}

/// Whether an attribute is meant for the objects, and not for the server itself.
fn is_of_people(definition: &str) -> bool {
    let mut words = definition.split_whitespace();
    !words.any(|word| word == "OBSOLETE" || word == "USAGE")
}

fn is_known(known: &HashSet<String>, description: &str) -> bool {
    let name = description.split(';').next().unwrap_or(description);
    known.contains(&name.to_ascii_lowercase())
}

/// The names in `( 2.5.4.3 NAME ( 'cn' 'commonName' ) DESC ... )`.
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
        .map(str::to_owned)
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
                vec!["cn", "commonName"],
            ),
            (
                "( 2.5.4.4  NAME 'telexNumber' DESC 'a (b) c' )",
                vec!["telexNumber"],
            ),
            ("( 1.2.3 NAME ('a' 'b') )", vec!["a", "b"]),
            ("( 1.2.3 DESC 'no name' )", vec![]),
        ] {
            assert_eq!(names(definition), expected, "{definition}");
        }
    }

    #[test]
    fn what_the_server_keeps_for_itself_is_nobodys_attribute() {
        for (definition, expected) in [
            ("( 1.2.3 NAME 'roomNumber' SINGLE-VALUE )", true),
            ("( 1.2.3 NAME 'entryCSN' USAGE directoryOperation )", false),
            ("( 1.2.3 NAME 'old' OBSOLETE )", false),
        ] {
            assert_eq!(is_of_people(definition), expected, "{definition}");
        }
    }
}
