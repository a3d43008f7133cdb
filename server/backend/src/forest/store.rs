//! The SQL of the demo forests. What may be changed, and what follows from a change, is decided in
//! `edit`; nothing outside of this module's folder touches these tables.

use engine::{
    directory::{AttributeValue, Attributes, Dn, ObjectGuid, SourceAnchor},
    forest::{EntryClass, Forest, entry::EntrySummary},
    timestamp::Timestamp,
};
use sqlx::{Any, Executor, Row, any::AnyRow};
use uuid::Uuid;

mod changes;
mod condition;
mod references;

use self::condition::{Value, bound};
pub(super) use self::{
    changes::{ForestState, clear, hold, put_state, put_tombstones, state, tombstones},
    condition::Condition,
    references::{
        Join, REFERENCES, Reference, count_references, put_references, referred_to, referring,
        remove_references,
    },
};
use super::formats;
use crate::{
    Error, Result,
    database::{Write, assembled, rows_per_statement, value_list, value_rows},
};

/// One entry as it is stored; its references are rows of their own.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Entry {
    pub(super) id: ObjectGuid,
    pub(super) forest: Forest,
    pub(super) class: EntryClass,
    pub(super) parent: Option<ObjectGuid>,
    pub(super) dn: Dn,
    pub(super) attributes: Attributes,
    pub(super) change: i64,
    pub(super) changed_at: Timestamp,
}

impl Entry {
    /// The anchor by which the entry is known outside: `mS-DS-ConsistencyGuid`, else its identifier.
    pub(super) fn anchor(&self) -> SourceAnchor {
        match self.attributes.values("mS-DS-ConsistencyGuid") {
            [AttributeValue::Binary(bytes), ..] => SourceAnchor::from_bytes(bytes),
            _ => self.id.source_anchor(),
        }
    }

    pub(super) fn account_enabled(&self) -> Option<bool> {
        self.attributes
            .text("userAccountControl")
            .map(formats::is_enabled)
    }

    /// Whether the directory came with it and cannot be without it.
    pub(super) fn is_critical(&self) -> bool {
        matches!(self.class, EntryClass::Domain | EntryClass::Container)
            || self.attributes.text("isCriticalSystemObject") == Some("TRUE")
    }

    pub(super) fn summary(&self) -> EntrySummary {
        let text = |name: &str| self.attributes.text(name).map(str::to_owned);
        EntrySummary {
            id: self.id,
            class: self.class,
            dn: self.dn.clone(),
            name: self.dn.name(),
            display_name: text("displayName"),
            user_principal_name: text("userPrincipalName"),
            mail: text("mail"),
            title: text("title"),
            description: text("description"),
            account_enabled: self.account_enabled(),
        }
    }

    pub(super) fn sort_key(&self) -> String {
        format!("{}\u{1}{}", self.dn.name().to_lowercase(), self.id)
    }

    fn search_text(&self) -> String {
        let attributes = [
            "displayName",
            "sAMAccountName",
            "userPrincipalName",
            "mail",
            "title",
        ];
        let values = attributes
            .iter()
            .filter_map(|name| self.attributes.text(name));
        let name = self.dn.name();
        let words: Vec<&str> = std::iter::once(name.as_str()).chain(values).collect();
        words.join("\n").to_lowercase()
    }

    fn key(&self, attribute: &str) -> Option<String> {
        self.attributes.text(attribute).map(str::to_lowercase)
    }
}

const COLUMNS: &str = "e.id, e.forest, e.class, e.parent_id, e.dn, e.attributes, e.change, \
                       e.changed_at";

/// The classes that other entries lie in.
pub(super) const CONTAINERS: &str = "e.class IN ('domainDNS', 'organizationalUnit', 'container')";

pub(super) const NO_CONTAINERS: &str =
    "e.class NOT IN ('domainDNS', 'organizationalUnit', 'container')";

/// The classes that are synchronized.
pub(super) const SYNCHRONIZED: &str = "e.class IN ('user', 'group', 'contact')";

fn entry(row: &AnyRow) -> Result<Entry> {
    let unknown = |what: &str| Error::internal(format!("a forest entry has an unknown {what}"));
    let forest: String = row.try_get("forest")?;
    let class: String = row.try_get("class")?;
    let parent: Option<String> = row.try_get("parent_id")?;
    Ok(Entry {
        id: guid(&row.try_get::<String, _>("id")?)?,
        forest: Forest::parse(&forest).ok_or_else(|| unknown("forest"))?,
        class: EntryClass::parse(&class).ok_or_else(|| unknown("class"))?,
        parent: parent.as_deref().map(guid).transpose()?,
        dn: Dn::parse(&row.try_get::<String, _>("dn")?).map_err(Error::internal)?,
        attributes: serde_json::from_str(&row.try_get::<String, _>("attributes")?)?,
        change: row.try_get("change")?,
        changed_at: Timestamp(row.try_get("changed_at")?),
    })
}

fn guid(text: &str) -> Result<ObjectGuid> {
    let uuid: Uuid = text.parse().map_err(Error::internal)?;
    Ok(ObjectGuid::from_uuid(uuid))
}

/// The entries that fulfil the condition. `tail` is what follows WHERE, for example an order.
pub(super) async fn entries<'e>(
    executor: impl Executor<'e, Database = Any>,
    condition: Condition,
    tail: &str,
) -> Result<Vec<Entry>> {
    let Condition { sql, values } = condition;
    let sql = format!("SELECT {COLUMNS} FROM forest_entries e WHERE {sql} {tail}");
    let rows = bound(sql, values).fetch_all(executor).await?;
    rows.iter().map(entry).collect()
}

/// The anchors of the entries that fulfil the condition.
pub(super) async fn anchors<'e>(
    executor: impl Executor<'e, Database = Any>,
    condition: Condition,
) -> Result<Vec<SourceAnchor>> {
    let Condition { sql, values } = condition;
    let sql = format!("SELECT e.anchor FROM forest_entries e WHERE {sql} ORDER BY e.change");
    let rows = bound(sql, values).fetch_all(executor).await?;
    rows.iter()
        .map(|row| {
            let anchor: String = row.try_get("anchor")?;
            Ok(SourceAnchor::from_stored(anchor))
        })
        .collect()
}

pub(super) async fn count<'e>(
    executor: impl Executor<'e, Database = Any>,
    condition: Condition,
) -> Result<u64> {
    let Condition { sql, values } = condition;
    let sql = format!("SELECT COUNT(*) AS n FROM forest_entries e WHERE {sql}");
    let row = bound(sql, values).fetch_one(executor).await?;
    Ok(u64::try_from(row.try_get::<i64, _>("n")?).unwrap_or_default())
}

/// How many entries share a key, apart by whether they can sign in.
pub(super) struct Group {
    pub(super) key: String,
    /// None for entries without an account.
    pub(super) account_enabled: Option<bool>,
    pub(super) count: u64,
}

/// The entries that fulfil the condition, counted by a column.
pub(super) async fn grouped<'e>(
    executor: impl Executor<'e, Database = Any>,
    column: Column,
    condition: Condition,
) -> Result<Vec<Group>> {
    let Condition { sql, values } = condition;
    let column = column.name();
    let sql = format!(
        "SELECT {column} AS k, e.account_enabled, COUNT(*) AS n FROM forest_entries e
         WHERE {sql} AND {column} IS NOT NULL GROUP BY {column}, e.account_enabled"
    );
    let rows = bound(sql, values).fetch_all(executor).await?;
    rows.iter()
        .map(|row| {
            let enabled: Option<i64> = row.try_get("account_enabled")?;
            Ok(Group {
                key: row.try_get("k")?,
                account_enabled: enabled.map(|flag| flag != 0),
                count: u64::try_from(row.try_get::<i64, _>("n")?).unwrap_or_default(),
            })
        })
        .collect()
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    Parent,
    Class,
}

impl Column {
    fn name(self) -> &'static str {
        match self {
            Self::Parent => "e.parent_id",
            Self::Class => "e.class",
        }
    }
}

/// The entry and everything below it, parents before children.
pub(super) async fn subtree(write: &mut Write, top: &Entry) -> Result<Vec<Entry>> {
    let sql = format!(
        "WITH RECURSIVE below (id, depth) AS (
             SELECT id, 0 FROM forest_entries WHERE id = $1
             UNION ALL
             SELECT c.id, b.depth + 1 FROM forest_entries c JOIN below b ON c.parent_id = b.id)
         SELECT {COLUMNS} FROM forest_entries e JOIN below b ON b.id = e.id
         ORDER BY b.depth, e.id"
    );
    let rows = bound(sql, vec![top.id.into()])
        .fetch_all(write.connection())
        .await?;
    rows.iter().map(entry).collect()
}

/// The columns in the order in which [`put`] writes them; the first three never change.
const WRITTEN: [&str; 16] = [
    "id",
    "forest",
    "class",
    "parent_id",
    "dn",
    "dn_key",
    "sort_key",
    "account_key",
    "user_name_key",
    "mail_key",
    "anchor",
    "account_enabled",
    "search_text",
    "attributes",
    "change",
    "changed_at",
];

/// Writes entries whole, new ones and known ones.
pub(super) async fn put(write: &mut Write, entries: &[Entry]) -> Result<()> {
    let updates = WRITTEN[3..]
        .iter()
        .map(|name| format!("{name} = excluded.{name}"));
    let updates = updates.collect::<Vec<_>>().join(", ");
    for chunk in entries.chunks(rows_per_statement(WRITTEN.len())) {
        let mut query = assembled(format!(
            "INSERT INTO forest_entries ({}) VALUES {} ON CONFLICT (id) DO UPDATE SET {updates}",
            WRITTEN.join(", "),
            value_rows(1, chunk.len(), WRITTEN.len()),
        ));
        for entry in chunk {
            query = query
                .bind(entry.id.to_string())
                .bind(entry.forest.domain())
                .bind(entry.class.as_str())
                .bind(entry.parent.map(|id| id.to_string()))
                .bind(entry.dn.as_str().to_owned())
                .bind(entry.dn.key().to_owned())
                .bind(entry.sort_key())
                .bind(entry.key("sAMAccountName"))
                .bind(entry.key("userPrincipalName"))
                .bind(entry.key("mail"))
                .bind(entry.anchor().as_str().to_owned())
                .bind(entry.account_enabled().map(i64::from))
                .bind(entry.search_text())
                .bind(serde_json::to_string(&entry.attributes)?)
                .bind(entry.change)
                .bind(entry.changed_at.0);
        }
        query.execute(write.connection()).await?;
    }
    Ok(())
}

/// Removes entries with their references, from and to them.
pub(super) async fn remove(write: &mut Write, ids: &[ObjectGuid]) -> Result<()> {
    for chunk in ids.chunks(rows_per_statement(1)) {
        let list = value_list(1, chunk.len());
        let values = chunk.iter().copied().map(Value::from).collect();
        bound(
            format!("DELETE FROM forest_entries WHERE id IN ({list})"),
            values,
        )
        .execute(write.connection())
        .await?;
    }
    Ok(())
}
