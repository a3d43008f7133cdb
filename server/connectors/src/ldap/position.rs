//! Where a reading of changes begins: how far the directory had come when the last reading began,
//! told in the best words that it has.
//!
//! - `contextCSN`, kept by OpenLDAP for its replicas: exact to the microsecond.
//! - `uSNChanged`, kept by each Active Directory controller for itself.
//! - `modifyTimestamp`, kept by everybody: whole seconds, so some are read twice.
//!
//! Incremental replication (RFC 4533, DirSync) would be further variants.

use std::{collections::BTreeMap, time::Duration as Elapsed};

use engine::directory::{Attributes, Dn};
use serde::{Deserialize, Serialize};
use time::{
    Duration, OffsetDateTime, PrimitiveDateTime, format_description::BorrowedFormatItem,
    macros::format_description,
};
use uuid::Uuid;

use super::{
    connection::Connection,
    dialect::{Dialect, Family, text, texts},
    filter::Filter,
    search::Search,
    settings::LdapSettings,
};
use crate::source::{Cursor, SourceError};

/// How far the directory had come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Position {
    /// The latest change of each server that takes changes, by its number.
    ContextCsn(BTreeMap<String, String>),
    /// The latest change on the controller with this invocation identifier.
    UpdateSequence { controller: String, number: u64 },
    /// The latest change that was seen, and from when on to ask.
    ModifyTimestamp { highest: String, since: String },
    /// The directory says nothing of the kind: every reading is complete.
    Unknown,
}

/// What a [`Cursor`] holds.
#[derive(Serialize, Deserialize)]
struct Bookmark {
    /// Stands for the settings under which it was made.
    of: Uuid,
    position: Position,
}

/// Whoever asks another server, below another base, or for other attributes must read everything.
///
/// The number in front counts up when readings say more than before: then everything is read once.
fn settings_id(settings: &LdapSettings) -> Uuid {
    let LdapSettings {
        address,
        base_dn,
        attributes,
        ..
    } = settings;
    let text = format!("2\n{address}\n{}\n{}", base_dn.key(), attributes.join(","));
    Uuid::new_v5(&Uuid::NAMESPACE_OID, text.as_bytes())
}

impl Position {
    /// Taken before the first page is read: what changes meanwhile is read again next time.
    pub(super) async fn of(
        connection: &mut Connection,
        settings: &LdapSettings,
        dialect: &Dialect,
    ) -> Result<Self, SourceError> {
        match dialect.family {
            Family::ActiveDirectory => update_sequence(connection, settings, dialect).await,
            Family::Standard => context_csn(connection, settings, dialect).await,
        }
    }

    pub(super) fn from_cursor(
        cursor: &Cursor,
        settings: &LdapSettings,
    ) -> Result<Self, SourceError> {
        serde_json::from_str::<Bookmark>(&cursor.0)
            .ok()
            .filter(|bookmark| bookmark.of == settings_id(settings))
            .map(|bookmark| bookmark.position)
            .ok_or(SourceError::CursorRejected)
    }

    pub(super) fn into_cursor(self, settings: &LdapSettings) -> Cursor {
        let bookmark = Bookmark {
            of: settings_id(settings),
            position: self,
        };
        Cursor(serde_json::to_string(&bookmark).expect("text and numbers are always JSON"))
    }

    /// What changed between this position and `now`. Anything that does not fit together, such as a
    /// directory that went back in time because it was restored, rejects the cursor.
    pub(super) fn changes_until(&self, now: &Self) -> Result<Filter, SourceError> {
        match (self, now) {
            (Self::ContextCsn(then), Self::ContextCsn(now)) => changes_by_csn(then, now),
            (
                Self::UpdateSequence { controller, number },
                Self::UpdateSequence {
                    controller: same,
                    number: latest,
                },
            ) if controller == same && number <= latest => {
                Ok(Filter::at_least("uSNChanged", (number + 1).to_string()))
            }
            (Self::ModifyTimestamp { since, .. }, Self::ModifyTimestamp { .. } | Self::Unknown) => {
                Ok(Filter::at_least("modifyTimestamp", since))
            }
            _ => Err(SourceError::CursorRejected),
        }
    }

    /// The position to go on from after a reading. Only time stamps are not known beforehand.
    pub(super) fn after(self, before: Option<&Self>, stamps: &Stamps, took: Elapsed) -> Self {
        match self {
            Self::Unknown => stamps.position(before, took),
            known => known,
        }
    }
}

/// A change on any server comes after what we saw of that server; servers on which nothing happened
/// do not matter. Where none moved, the latest change of all is asked for again: an unused overlay
/// leaves a `contextCSN` that stands still while entries move.
fn changes_by_csn(
    then: &BTreeMap<String, String>,
    now: &BTreeMap<String, String>,
) -> Result<Filter, SourceError> {
    let same_servers = then.keys().eq(now.keys());
    let back_in_time = now.iter().any(|(server, csn)| then.get(server) > Some(csn));
    if !same_servers || back_in_time {
        return Err(SourceError::CursorRejected);
    }
    let moved = then
        .iter()
        .filter(|(server, csn)| now.get(*server) != Some(csn));
    moved
        .map(|(_, csn)| csn)
        .min()
        .or(then.values().max())
        .map(|csn| Filter::at_least("entryCSN", csn))
        .ok_or(SourceError::CursorRejected)
}

async fn context_csn(
    connection: &mut Connection,
    settings: &LdapSettings,
    dialect: &Dialect,
) -> Result<Position, SourceError> {
    let head = dialect.naming_context_of(&settings.base_dn);
    let head = head.unwrap_or(&settings.base_dn).as_str();
    let search = Search::entry(head, &["contextCSN", "entryCSN"]);
    let Some(entry) = connection.entry(settings, &search).await? else {
        return Ok(Position::Unknown);
    };
    // Whoever may not see the one of entries would find nothing with it.
    if text(&entry, "entryCSN").is_none() {
        return Ok(Position::Unknown);
    }
    let csns: BTreeMap<_, _> = texts(&entry, "contextCSN")
        .filter_map(|csn| Some((server_of(csn)?.to_owned(), csn.to_owned())))
        .collect();
    Ok(if csns.is_empty() {
        Position::Unknown
    } else {
        Position::ContextCsn(csns)
    })
}

/// `20261123032243.645161Z#000000#001#000000`: time, count, server, modification.
fn server_of(csn: &str) -> Option<&str> {
    let mut parts = csn.split('#');
    let (_time, _count) = (parts.next()?, parts.next()?);
    parts.next()
}

async fn update_sequence(
    connection: &mut Connection,
    settings: &LdapSettings,
    dialect: &Dialect,
) -> Result<Position, SourceError> {
    let (Some(number), Some(name)) = (dialect.highest_usn, &dialect.controller) else {
        return Ok(Position::Unknown);
    };
    // The numbers of a controller that was restored mean something else; it then changes this.
    let search = Search::entry(name, &["invocationId"]);
    let invocation = connection
        .entry(settings, &search)
        .await?
        .and_then(|entry| {
            let attribute = entry.attributes.into_iter().next()?;
            Uuid::from_slice_le(attribute.vals.first()?).ok()
        });
    Ok(match invocation {
        Some(invocation) => Position::UpdateSequence {
            controller: invocation.to_string(),
            number,
        },
        None => Position::Unknown,
    })
}

/// The latest `modifyTimestamp` of a reading.
#[derive(Debug, Default)]
pub(super) struct Stamps {
    highest: Option<OffsetDateTime>,
}

impl Stamps {
    /// Changes that were under way while an earlier one was seen.
    const OVERLAP: Duration = Duration::seconds(10);

    pub(super) fn see(&mut self, attributes: &Attributes) {
        let seen = attributes.text("modifyTimestamp").and_then(parse_time);
        self.highest = self.highest.max(seen);
    }

    /// No clock is asked but the directory's own. It had not come further than the highest stamp
    /// when the reading ended, so by the time that the reading took before that, it had begun;
    /// whatever is older was read.
    fn position(&self, before: Option<&Position>, took: Elapsed) -> Position {
        let (highest_before, since_before) = match before {
            Some(Position::ModifyTimestamp { highest, since }) => {
                (parse_time(highest), Some(since))
            }
            _ => (None, None),
        };
        match (self.highest, since_before) {
            (Some(highest), _) if Some(highest) > highest_before => Position::ModifyTimestamp {
                highest: format_time(highest),
                since: format_time(highest - took - Self::OVERLAP),
            },
            (_, Some(since)) => Position::ModifyTimestamp {
                highest: highest_before.map(format_time).unwrap_or_default(),
                since: since.clone(),
            },
            _ => Position::Unknown,
        }
    }
}

const TO_THE_SECOND: &[BorrowedFormatItem<'_>] =
    format_description!("[year][month][day][hour][minute][second]");

/// Generalized time as directories write it (RFC 4517, 3.3.13): in UTC, perhaps with a fraction.
fn parse_time(text: &str) -> Option<OffsetDateTime> {
    let seconds = text.strip_suffix('Z')?.get(..14)?;
    let time = PrimitiveDateTime::parse(seconds, TO_THE_SECOND).ok()?;
    Some(time.assume_utc())
}

fn format_time(time: OffsetDateTime) -> String {
    let text = time.format(TO_THE_SECOND);
    format!("{}Z", text.expect("every date has these six numbers"))
}

/// The outermost of these names: what lies below another is covered by it.
pub(super) fn outermost(mut names: Vec<Dn>) -> Vec<Dn> {
    names.sort_by_key(|name| name.key().len());
    let mut outermost: Vec<Dn> = Vec::new();
    for name in names {
        if !outermost.iter().any(|above| name.is_under(above)) {
            outermost.push(name);
        }
    }
    outermost
}

#[cfg(test)]
mod tests {
    use super::*;

    fn csns(pairs: &[(&str, &str)]) -> Position {
        let owned = |(server, csn): &(&str, &str)| ((*server).to_owned(), (*csn).to_owned());
        Position::ContextCsn(pairs.iter().map(owned).collect())
    }

    fn entry_csn(csn: &str) -> Result<Filter, SourceError> {
        Ok(Filter::at_least("entryCSN", csn))
    }

    #[test]
    fn changes_are_asked_for_from_the_last_known_change_of_the_server_that_moved() {
        let then = csns(&[("001", "20261101#1"), ("002", "20261120#1")]);
        for (now, filter) in [
            (
                csns(&[("001", "20261102#1"), ("002", "20261120#1")]),
                entry_csn("20261101#1"),
            ),
            (
                csns(&[("001", "20261101#1"), ("002", "20261121#1")]),
                entry_csn("20261120#1"),
            ),
            (
                csns(&[("001", "20261102#1"), ("002", "20261121#1")]),
                entry_csn("20261101#1"),
            ),
            (then.clone(), entry_csn("20261120#1")),
        ] {
            assert_eq!(then.changes_until(&now), filter, "{now:?}");
        }
    }

    #[test]
    fn a_directory_that_went_back_or_changed_its_servers_rejects_the_cursor() {
        let then = csns(&[("001", "20261101#1")]);
        for now in [
            csns(&[("001", "20261031#1")]),
            csns(&[("001", "20261102#1"), ("002", "20261121#1")]),
            csns(&[("002", "20261121#1")]),
            Position::Unknown,
        ] {
            assert_eq!(
                then.changes_until(&now),
                Err(SourceError::CursorRejected),
                "{now:?}"
            );
        }
    }

    #[test]
    fn update_sequence_numbers_count_only_on_their_own_controller() {
        let at = |controller: &str, number| Position::UpdateSequence {
            controller: controller.to_owned(),
            number,
        };
        let then = at("a", 41);
        assert_eq!(
            then.changes_until(&at("a", 50)),
            Ok(Filter::at_least("uSNChanged", "42"))
        );
        for other in [at("b", 50), at("a", 40), Position::Unknown] {
            assert_eq!(then.changes_until(&other), Err(SourceError::CursorRejected));
        }
    }

    fn stamps(seen: &[&str]) -> Stamps {
        let mut stamps = Stamps::default();
        for stamp in seen {
            stamps.see(&Attributes::new().with("modifyTimestamp", *stamp));
        }
        stamps
    }

    fn position(highest: &str, since: &str) -> Position {
        Position::ModifyTimestamp {
            highest: highest.to_owned(),
            since: since.to_owned(),
        }
    }

    #[test]
    fn time_stamps_go_back_by_the_time_that_the_reading_took() {
        let seen = stamps(&["20261123101500Z", "20261123102000.5Z", "nonsense"]);
        let after = Position::Unknown.after(None, &seen, Elapsed::from_secs(60));
        assert_eq!(after, position("20261123102000Z", "20261123101850Z"));
    }

    #[test]
    fn time_stamps_stay_while_nothing_newer_is_seen() {
        let before = position("20261123102000Z", "20261123101850Z");
        for seen in [
            stamps(&[]),
            stamps(&["20261123101900Z"]),
            stamps(&["20261123102000Z"]),
        ] {
            let after = Position::Unknown.after(Some(&before), &seen, Elapsed::from_secs(1));
            assert_eq!(after, before);
        }
        let newer = stamps(&["20261123110000Z"]);
        assert_eq!(
            Position::Unknown.after(Some(&before), &newer, Elapsed::from_secs(1)),
            position("20261123110000Z", "20261123105949Z")
        );
    }

    #[test]
    fn without_any_stamp_every_reading_is_complete() {
        let after = Position::Unknown.after(None, &stamps(&[]), Elapsed::ZERO);
        assert_eq!(after, Position::Unknown);
        assert_eq!(
            after.changes_until(&Position::Unknown),
            Err(SourceError::CursorRejected)
        );
    }

    #[test]
    fn names_below_other_names_are_covered() {
        let names =
            ["ou=b,ou=a,dc=x", "ou=a,dc=x", "ou=c,dc=x"].map(|name| Dn::parse(name).unwrap());
        let outermost: Vec<_> = outermost(names.to_vec())
            .iter()
            .map(|name| name.as_str().to_owned())
            .collect();
        assert_eq!(outermost, ["ou=a,dc=x", "ou=c,dc=x"]);
    }
}
