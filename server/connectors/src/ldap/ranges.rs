//! Long value lists in pieces: Active Directory answers `member` of a large group with
//! `member;range=0-1499` and wants to be asked for the rest (MS-ADTS 3.1.1.3.1.3.3).

use ldap3_proto::proto::LdapPartialAttribute;

use super::{
    connection::{Connection, not_understood},
    search::{Entry, Search},
    settings::LdapSettings,
};
use crate::source::SourceError;

/// Whether some attribute of the entry has come only in part.
pub(super) fn is_incomplete(entry: &Entry) -> bool {
    entry
        .attributes
        .iter()
        .any(|attribute| Piece::of(&attribute.atype).is_some())
}

/// Asks for the missing pieces of every attribute.
pub(super) async fn complete(
    connection: &mut Connection,
    settings: &LdapSettings,
    entry: &mut Entry,
) -> Result<(), SourceError> {
    let (pieces, mut whole): (Vec<_>, Vec<_>) = std::mem::take(&mut entry.attributes)
        .into_iter()
        .partition(|attribute| Piece::of(&attribute.atype).is_some());
    for piece in pieces {
        let of = (entry.dn.as_str(), entry.guid.is_some());
        let values = all_values(connection, settings, of, piece).await?;
        // The same attribute stands beside its first piece, empty.
        whole.retain(|attribute| !attribute.atype.eq_ignore_ascii_case(&values.atype));
        whole.push(values);
    }
    entry.attributes = whole;
    Ok(())
}

async fn all_values(
    connection: &mut Connection,
    settings: &LdapSettings,
    (dn, extended_names): (&str, bool),
    first: LdapPartialAttribute,
) -> Result<LdapPartialAttribute, SourceError> {
    let mut next = first;
    let mut values = Vec::new();
    loop {
        let Some(piece) = Piece::of(&next.atype) else {
            return Err(not_understood("a list of values broke off."));
        };
        let (name, is_last, came) = (piece.name.to_owned(), piece.is_last, next.vals.len());
        values.append(&mut next.vals);
        if is_last || came == 0 {
            return Ok(LdapPartialAttribute {
                atype: name,
                vals: values,
            });
        }
        let wanted = format!("{name};range={}-*", values.len());
        let search = Search {
            // As the first piece was.
            extended_names,
            ..Search::entry(dn, &[&wanted])
        };
        let entry = connection.entry(settings, &search).await?;
        // The group was deleted meanwhile: what it was is no longer to be known.
        let Some(entry) = entry else {
            return Err(not_understood("a list of values broke off."));
        };
        next = entry
            .attributes
            .into_iter()
            .find(|attribute| Piece::of(&attribute.atype).is_some_and(|p| p.name == name))
            .unwrap_or(LdapPartialAttribute {
                atype: format!("{name};range={}-*", values.len()),
                vals: Vec::new(),
            });
    }
}

/// `member;range=0-1499`, or `member;range=1500-*` for the last piece.
struct Piece<'a> {
    name: &'a str,
    is_last: bool,
}

impl<'a> Piece<'a> {
    fn of(description: &'a str) -> Option<Self> {
        let (name, option) = description.split_once(';')?;
        let (_from, to) = option.strip_prefix("range=")?.split_once('-')?;
        Some(Self {
            name,
            is_last: to == "*",
        })
    }
}
